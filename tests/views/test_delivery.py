"""Delivery: its figures as a reader writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.domain.analysis import Analysis
from app.domain.dora import Dora, Figure
from app.views import behind, view
from app.views.view import Scene
from app.words import Reader, read_by
from app.words.formats import THIN, formats_for
from store.records import Issue
from tests.domain.build import analysis, facts
from tests.views.test_walk import demo

FORMATS = formats_for(["en-GB"])
DELIVERY = view("delivery")


def test_shares_are_percent_long_times_days_and_counts_a_week() -> None:
    with read_by(Reader("en", FORMATS)):
        facts = {fact.label: fact.value for fact in DELIVERY.facts(Scene(demo(), FORMATS))}
    assert facts["Deployments"].endswith(" a week")
    assert facts["Lead time for changes"].endswith(" days")
    assert facts["Change fail rate"] == f"0{THIN}%"


def test_what_a_number_beside_the_chart_was_measured_from_is_told_without_the_number() -> None:
    scene = Scene(demo(), FORMATS)
    with read_by(Reader("en", FORMATS)):
        facts, notes = DELIVERY.facts(scene), DELIVERY.notes(scene)
    for fact in facts:
        (note,) = (each for each in notes if each.startswith(f"{fact.label}: "))
        assert fact.value not in note
    assert any(note.startswith("Rework rate: 0") for note in notes)


def test_the_period_before_stands_beside_each_figure_that_has_one() -> None:
    scene = Scene(demo(), FORMATS)
    dora = scene.past.dora
    assert isinstance(dora, Dora)
    frequency = dora.deployment_frequency
    assert isinstance(frequency, Figure)
    assert frequency.before is not None
    with read_by(Reader("en", FORMATS)):
        notes = {fact.label: fact.note for fact in DELIVERY.facts(scene)}
    assert f"{FORMATS.number(round(frequency.before, 1))} in the period before" in notes["Deployments"]


def test_deployments_are_drawn_over_time_and_each_bar_leads_to_them() -> None:
    scene = Scene(demo(), FORMATS)
    assert DELIVERY.figure is not None
    figure = DELIVERY.figure(scene)
    assert figure is not None
    (bars,) = figure["data"]
    assert len(bars["x"]) > 10
    tallest = max(range(len(bars["y"])), key=bars["y"].__getitem__)
    result = behind(scene, bars["customdata"][tallest])
    assert result is not None
    assert len(result.keys or ()) == bars["y"][tallest] > 0


FIGURES = ("change_lead_time", "change_fail_rate", "recovery_time", "rework_rate")


@pytest.fixture(scope="module")
def failing() -> Analysis:
    """A release each week; after every second one an incident, mended in a day; every third is a hotfix."""
    monday, issues = date(2026, 1, 5), []
    for week in range(20):
        on = datetime.combine(monday + timedelta(weeks=week), time(12), UTC)
        name = "Hotfix" if week % 3 == 0 else "Release"
        issues.append(Issue(f"R-{week}", type="Release", summary=name, created=on - timedelta(days=1), resolved=on))
        issues.append(Issue(f"W-{week}", type="Story", created=on - timedelta(days=9), resolved=on - timedelta(days=2)))
        if week % 2 == 0:
            came = on + timedelta(hours=3)
            issues.append(Issue(f"I-{week}", type="Incident", created=came, resolved=came + timedelta(days=1)))
    return analysis(facts(issues), as_of=monday + timedelta(weeks=20), window=None)


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_is_drawn_over_time_and_each_point_leads_to_its_issues(failing: Analysis, name: str) -> None:
    scene = Scene(failing, FORMATS, options={"figure": name})
    assert DELIVERY.figure is not None
    figure = DELIVERY.figure(scene)
    assert figure is not None
    line, result = figure["data"][-1], failing.dora
    assert isinstance(result, Dora)
    now = getattr(result, name)
    assert isinstance(now, Figure)
    assert len(line["y"]) > 10
    # The last point is the number itself, in per cent or in days.
    scale = 100 if "rate" in name else 1 / 24 if now.value >= 48 else 1
    assert line["y"][-1] == pytest.approx(now.value * scale)
    for (show, n), end in zip(line["customdata"], line["x"], strict=True):
        outcome = behind(scene, show)
        assert outcome is not None
        assert show == f"delivery:{name}:{end}"
        # Of a share the list has those that are counted, of a time all that were measured.
        assert len(outcome.keys or ()) <= n
    last = behind(scene, line["customdata"][-1][0])
    assert last is not None
    assert last.keys == now.keys


def test_weeks_with_too_few_to_judge_are_hollow_and_the_interval_stands_around_the_line(failing: Analysis) -> None:
    assert DELIVERY.figure is not None
    figure = DELIVERY.figure(Scene(failing, FORMATS, options={"figure": "change_fail_rate"}))
    assert figure is not None
    low, high, line = figure["data"]
    assert all(a <= b <= c for a, b, c in zip(low["y"], line["y"], high["y"], strict=True))
    few = [n < 8 for _show, n in line["customdata"]]
    assert few[0]
    assert not few[-1]
    assert len({*line["marker"]["color"]}) == 2
    assert [colour == line["marker"]["color"][0] for colour in line["marker"]["color"]] == few


@pytest.mark.parametrize("name", FIGURES)
def test_the_file_of_a_figure_over_time_has_its_weeks_with_their_n(failing: Analysis, name: str) -> None:
    assert DELIVERY.rows is not None
    rows = DELIVERY.rows(Scene(failing, FORMATS, options={"figure": name}))
    assert rows.header == ("end", "value", "unit", "n", "low", "high")
    assert len(rows.cells) > 10
    assert all(cells[3] > 0 for cells in rows.cells)


def test_a_figure_of_which_nothing_is_known_says_why_in_place_of_a_chart() -> None:
    scene = Scene(demo(), FORMATS, options={"figure": "recovery_time"})
    assert DELIVERY.figure is not None
    assert DELIVERY.figure(scene) is None
    assert str(DELIVERY.sentence(scene)).startswith("Recovery after a failed deployment: No deployment failed")
