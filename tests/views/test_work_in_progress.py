"""Work in progress over the weeks: each line that can be drawn, and its limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.analysis import Analysis
from app.domain.flow import Flow
from app.domain.throughput import Throughput
from app.views import view
from app.views.view import Scene
from app.words.formats import formats_for
from store.records import Category, Issue
from tests.domain.build import analysis, at, day, facts, issue
from tests.views.test_walk import demo

SCENE = Scene(demo(), formats_for(["en-GB"]))
WIP = view("work-in-progress")


def drawn(line: str, limits: str = "hidden") -> list[dict[str, Any]]:
    assert WIP.figure is not None
    figure = WIP.figure(replace(SCENE, options={"line": line, "limits": limits}))
    assert figure is not None
    return list(figure["data"])


@pytest.mark.parametrize("name", ["efficiency", "blocked"])
def test_a_line_that_can_be_chosen_is_that_of_the_numbers(name: str) -> None:
    flow = SCENE.past.flow
    assert isinstance(flow, Flow)
    points = [point.value for point in getattr(flow.series, name) if point.value is not None]
    factor = 100 if name == "efficiency" else 1
    assert drawn(name)[0]["y"] == [pytest.approx(factor * value) for value in points]
    assert name in {value for switch in WIP.switches for value, _text in switch.options}
    assert WIP.rows is not None
    rows = WIP.rows(SCENE)
    column = [cells[rows.header.index(name)] for cells in rows.cells]
    assert [value for value in column if value is not None] == [pytest.approx(value, abs=0.001) for value in points]


def test_the_limits_of_the_efficiency_are_in_its_unit() -> None:
    line, mean, *_limits = drawn("efficiency", "shown")
    assert mean["y"][0] == pytest.approx(sum(line["y"]) / len(line["y"]))


def test_limits_that_were_fixed_are_those_of_their_days() -> None:
    """The setting reaches both: what is finished and what is in progress."""
    kept = SCENE.analysis.params
    first = SCENE.past.flow
    assert isinstance(first, Flow)
    weeks = [point for point in first.series.wip if point.value is not None]
    baseline = (weeks[2].start, weeks[6].start)
    fixed = Analysis(SCENE.analysis.facts, replace(kept, baseline=baseline))
    flow, learned = fixed.over(None, None).flow, fixed.throughput
    assert isinstance(flow, Flow)
    values = [point.value for point in weeks[2:7] if point.value is not None]
    assert flow.series.limits["wip"].mean == pytest.approx(sum(values) / 5)
    assert isinstance(learned, Throughput)
    assert learned.limits is not None
    done = [week.done for week in learned.weeks if baseline[0] <= week.start <= baseline[1]]
    assert learned.limits.mean == pytest.approx(sum(done) / len(done))


def test_the_limit_that_the_team_set_is_a_line_across_the_items() -> None:
    limited = Analysis(SCENE.analysis.facts, replace(SCENE.analysis.params, wip_limit=3))
    assert WIP.figure is not None
    figure = WIP.figure(Scene(limited, SCENE.formats))
    assert figure is not None
    (line,) = [trace for trace in figure["data"] if trace["name"] == "our limit"]
    assert line["y"] == [3, 3]
    assert line["x"] == [figure["data"][0]["x"][0], figure["data"][0]["x"][-1]]
    notes = {fact.label: (fact.note, fact.tone) for fact in WIP.facts(Scene(limited, SCENE.formats))}
    assert notes["In progress"] == ("above the limit of 3", "poor")
    assert "our limit" not in {trace["name"] for trace in drawn("total-age")}


def test_what_was_in_progress_without_a_history_is_not_told_as_nothing() -> None:
    """Only created and finished are known: on a past day no status tells what was under way."""
    open_item = Issue("B", status="Doing", category=Category.IN_PROGRESS, created=at("03-01"))
    known = facts([issue("A", "03-02", "03-06"), issue("C", "03-03", "03-10"), open_item])
    formats = formats_for(["en-GB"])
    today, past = (Scene(analysis(known, at(now), as_of=day("03-14")), formats) for now in ("03-13", "03-20"))
    assert str(WIP.sentence(today)) == "1 item in progress."
    assert WIP.sentence(past) == "Nothing tells what was in progress then."
    assert not WIP.facts(past)
    assert WIP.figure is not None
    assert WIP.figure(replace(past, options={"line": "wip"})) is None
    line = WIP.figure(past)
    assert line is not None
    assert [value for value in line["data"][0]["y"] if value is not None] == [5]
    age = view("age")
    assert age.sentence(past) == "Nothing tells what was in progress then."
    assert not age.facts(past)
    assert str(age.sentence(today)).startswith("1 started item")
    flowed = view("cumulative-flow")
    assert str(flowed.sentence(past)).endswith("finished; nothing tells when work was started.")
    assert not flowed.facts(past)
    # What came is drawn as well, and what stands between the lines is not explained by what nobody knows.
    assert flowed.figure is not None
    with_all, without = flowed.figure(past), flowed.figure(replace(past, options={"todo": "without"}))
    assert with_all is not None
    assert without is not None
    assert len(with_all["data"]) > len(without["data"])
    assert not any("apart" in note for note in flowed.notes(today))
