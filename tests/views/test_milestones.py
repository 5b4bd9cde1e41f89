"""The days that matter, and how sure each of them is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.views import behind
from app.views.milestones import MILESTONES
from app.views.view import Scene
from app.words.formats import formats_for
from store.records import Milestone, Snapshot
from tests.pages.sample import NOW, REF, sample_context

FORMATS = formats_for(["en-GB"])


def scene(*milestones: Milestone, **settings: Any) -> Scene:
    """Two a week without an exception, ten left: done on 4 May 2026."""
    ctx = sample_context(method="plain", **settings)
    ctx.backend.replace_milestones("p", milestones)
    return Scene(ctx.analysis(REF), FORMATS)


def rows_of_table(shown: Scene) -> list[tuple[Any, ...]]:
    assert MILESTONES.rows is not None
    return list(MILESTONES.rows(shown).cells)


def test_a_part_of_the_work_has_its_own_row_and_its_own_issues() -> None:
    """Three of the ten open items are of the version: done in two weeks, on 13 April."""
    ctx = sample_context(method="plain")
    open_keys = ctx.analysis(REF).scope.remaining_keys  # type: ignore[union-attr]
    part = [replace(each, fix_versions=("2.0",)) for each in ctx.backend.list_issues(REF, open_keys[:3])]
    ctx.backend.upsert_issues(REF, part)
    ctx.backend.replace_milestones("p", [Milestone("Two", date(2026, 4, 20), ("version=2.0",))])
    shown = Scene(ctx.analysis(REF), FORMATS)
    (row,) = rows_of_table(shown)
    assert row[2:7] == ("Version: 2.0", 3, date(2026, 4, 13), date(2026, 4, 13), "over 95\u202f%")
    assert sorted(behind(shown, "milestone:0").keys or ()) == sorted(each.key for each in part)  # type: ignore[union-attr]


def test_a_milestone_is_remembered_week_by_week_with_the_steps_of_its_day() -> None:
    def snapshot(as_of: str, day: str, chance: float) -> Snapshot:
        row = {"day": day, "left": 10.0, "chance": chance, "date_50": None, "date_85": "2026-05-04"}
        return Snapshot("2026-W13", "milestones", {"unit": "items", "as_of": as_of, "Beta": row}, NOW)

    kept = [snapshot("2026-03-23", "2026-04-13", 0.2), snapshot("2026-03-30", "2026-06-01", 0.9)]
    shown = replace(scene(Milestone("Beta", date(2026, 6, 1))), snapshots=lambda: kept, options={"chart": "weeks"})
    inputs = dict(behind(shown, "milestone:0").inputs)  # type: ignore[union-attr]
    assert inputs["30 Mar 2026"] == "90\u202f% · 85\u202f% sure 4 May 2026 · moved to 1 Jun 2026"
    assert inputs["23 Mar 2026"] == "20\u202f% · 85\u202f% sure 4 May 2026"
    assert MILESTONES.figure is not None
    (line,) = MILESTONES.figure(shown)["data"]  # type: ignore[index]
    assert (line["x"], line["y"]) == (["2026-03-23", "2026-03-30"], [20.0, 90.0])
    assert line["marker"]["symbol"] == ["circle", "square"]
    assert not any("from the second week on" in note for note in MILESTONES.notes(shown))


@pytest.mark.parametrize("weeks", [0, 1])
def test_week_by_week_says_what_it_waits_for_before_a_line_can_be_drawn(weeks: int) -> None:
    """A dot by itself looks like a chart that failed."""
    row = {"day": "2026-06-01", "left": 10.0, "chance": 0.9, "date_50": None, "date_85": "2026-05-04"}
    kept = [Snapshot("2026-W13", "milestones", {"unit": "items", "as_of": "2026-03-30", "Beta": row}, NOW)][:weeks]
    beta = Milestone("Beta", date(2026, 6, 1))
    shown = replace(scene(beta), snapshots=lambda: kept, options={"chart": "weeks"})
    assert MILESTONES.figure is not None
    assert MILESTONES.figure(shown) is None
    assert any("drawn from the second week on" in note for note in MILESTONES.notes(shown))
    assert MILESTONES.figure(replace(shown, options={})) is not None


def test_the_deadline_has_its_star_among_the_milestones_in_the_order_of_their_days() -> None:
    assert MILESTONES.rows is not None
    rows = MILESTONES.rows(
        scene(Milestone("Late", date(2026, 6, 1)), Milestone("Gone", date(2026, 1, 1)), deadline="2026-04-20")
    )
    assert [(cells[0], cells[6]) for cells in rows.cells] == [
        ("Gone", "past"),
        ("★ Deadline", "under 5\u202f%"),
        ("Late", "over 95\u202f%"),
    ]
    assert rows.cells[0][3:6] == (10.0, date(2026, 5, 4), date(2026, 5, 4))


def test_the_sentence_counts_the_safe_ones_and_names_the_next() -> None:
    shown = scene(Milestone("Late", date(2026, 6, 1)), deadline="2026-04-20")
    assert str(MILESTONES.sentence(shown)) == (
        "1 of 2 ahead are 85\u202f% sure. Next: Deadline, 20 Apr 2026, under 5\u202f%."
    )
    assert str(MILESTONES.sentence(scene(Milestone("Gone", date(2026, 1, 1))))) == "All milestones are past."


def test_without_any_day_it_says_how_to_set_one() -> None:
    assert "No milestone and no deadline is set." in str(MILESTONES.sentence(scene()))
    assert MILESTONES.figure is not None
    figure = MILESTONES.figure(scene())
    assert figure is not None
    assert [trace["name"] for trace in figure["data"]] == ["Chance that all is done"]


def test_a_milestone_leads_to_what_it_would_take_and_to_the_work_before_it() -> None:
    result = behind(scene(Milestone("Beta", date(2026, 4, 20))), "milestone:0")
    assert result is not None
    inputs = dict(result.inputs)
    assert rows_of_table(scene(Milestone("Beta", date(2026, 4, 20))))[0][-1] == "leave out 4 items"
    assert inputs["For 85\u202f%: less work"] == "leave out 4 items"
    assert inputs["or a later day"] == "4 May 2026"
    assert len(result.keys or ()) == 10
    assert behind(scene(), "milestone:7").keys is None  # type: ignore[union-attr]


def test_the_dots_lie_on_the_curve_and_past_days_are_not_drawn() -> None:
    shown = scene(Milestone("<b>", date(2026, 6, 1)), Milestone("Gone", date(2026, 1, 1)))
    assert MILESTONES.figure is not None
    figure = MILESTONES.figure(shown)
    assert figure is not None
    curve, dots = figure["data"]
    assert dict(zip(curve["x"], curve["y"], strict=True))["2026-06-01"] == 100.0
    assert (dots["x"], dots["y"], dots["text"]) == (["2026-06-01"], [100.0], ["&lt;b&gt;"])


def test_the_next_checkpoint_is_told_and_leads_to_all_of_them() -> None:
    """Ten left at two a week, four weeks: eight fit, so two must be done before the last four weeks begin."""
    shown = scene(deadline="2026-05-11")
    fact = next(each for each in MILESTONES.facts(shown) if each.show == "checkpoints")
    assert fact.label == "Checkpoint"
    opened = behind(shown, "checkpoints")
    assert opened is not None
    amounts = dict(opened.inputs)
    assert amounts["11 May 2026"] == "10 items finished"
    assert amounts["To leave out, decided today"] == "0 items"
    assert len(opened.keys or ()) == 10
    assert not [result for result in MILESTONES.facts(scene()) if result.show == "checkpoints"]


@pytest.mark.slow
@pytest.mark.parametrize("deadline", ["2026-04-10", "2026-04-14", "2026-04-21", "2026-04-28"])
@pytest.mark.parametrize("growth", ["none", "past"])
def test_the_pace_that_the_deadline_takes_is_one_number_everywhere(deadline: str, growth: str) -> None:
    shown = scene(deadline=deadline, growth=growth)
    ways = shown.analysis.ways
    assert ways is not None
    inputs = dict(behind(shown, "milestone:deadline").inputs)  # type: ignore[union-attr]
    text = "out of reach" if ways.pace is None else f"{FORMATS.number(ways.pace)} a week"
    assert inputs["or a faster pace"] == text


def test_a_closed_one_keeps_the_numbers_that_were_written_down_and_claims_no_others() -> None:
    closed = Milestone("Beta", date(2026, 6, 1), closed=date(2026, 3, 28))
    row = {"day": "2026-06-01", "left": 7.0, "chance": 0.9, "date_50": None, "date_85": "2026-05-04"}
    kept = [
        Snapshot("2026-W13", "milestones", {"unit": "items", "as_of": as_of, "Beta": row | {"left": left}}, NOW)
        for as_of, left in (("2026-03-23", 7.0), ("2026-03-30", 5.0))
    ]
    shown = replace(scene(closed), snapshots=lambda: kept)
    (cells,) = rows_of_table(shown)
    assert cells[3:7] == (7.0, None, date(2026, 5, 4), "reached 28 Mar 2026")
    result = behind(shown, "milestone:0")
    assert result is not None
    inputs = dict(result.inputs)
    assert (inputs["Left of it"], inputs["Chance"]) == ("7 items", "90\u202f%")
    assert result.keys is None
    before = rows_of_table(scene(closed))
    assert before[0][3:6] == (None, None, None)


def test_of_several_teams_it_says_which_one_holds_it_up() -> None:
    """Red has two of the open items left and Blue eight, each at its own pace."""
    ctx = sample_context(method="plain")
    issues = ctx.backend.list_issues(REF)
    open_keys = ctx.analysis(REF).scope.remaining_keys  # type: ignore[union-attr]
    red = {each.key for at, each in enumerate(issues) if at % 2 and each.key not in open_keys} | set(open_keys[:2])
    ctx.backend.upsert_issues(
        REF, [replace(each, components=("Red" if each.key in red else "Blue",)) for each in issues]
    )
    ctx.backend.replace_milestones("p", [Milestone("Both", date(2026, 5, 11), teams="component")])
    shown = Scene(ctx.analysis(REF), FORMATS)
    (row,) = rows_of_table(shown)
    assert row[7].startswith("less for Blue first: ")
    ctx.backend.replace_milestones("p", [Milestone("Both", date(2027, 5, 10), teams="component")])
    (row,) = rows_of_table(Scene(ctx.analysis(REF), FORMATS))
    assert row[7] == ""


def test_what_is_expected_of_epics_stands_beside_what_has_issues() -> None:
    ctx = sample_context(method="plain", epic_size="8")
    open_keys = ctx.analysis(REF).scope.remaining_keys  # type: ignore[union-attr]
    (some,) = ctx.backend.list_issues(REF, open_keys[:1])
    ctx.backend.upsert_issues(REF, [replace(some, key="E-1", type="Epic")])
    ctx.backend.replace_milestones("p", [Milestone("Ahead", date(2026, 6, 1), ("epic=E-1",))])
    shown = Scene(ctx.analysis(REF), FORMATS)
    inputs = dict(behind(shown, "milestone:0").inputs)  # type: ignore[union-attr]
    assert inputs["Left of it"] == "8 items"
    # It is an item itself, as long as it has no parts.
    assert inputs["Expected of epics that are not broken down"] == "7 items"
