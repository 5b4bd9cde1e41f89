"""The milestones' page by epics and versions, and the groups by any field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.epics import Epics
from app.settings import Overrides
from app.views import behind, view
from app.views.columns import columns_of, listed, ordered, own_columns
from app.views.view import Scene, Sentence
from app.words.formats import formats_for
from store.records import Issue
from tests.pages.sample import REF, sample_context

FORMATS = formats_for(["en-GB"])
MILESTONES, GROUPS, THROUGHPUT = view("milestones"), view("groups"), view("throughput")


@pytest.fixture(scope="module")
def scene() -> Scene:
    """Two a week without an exception, ten left: three of epic E, two of version 2.0, each with a colour."""
    ctx = sample_context(method="plain")
    keys = ctx.analysis(REF).scope.remaining_keys  # type: ignore[union-attr]
    issues = ctx.backend.list_issues(REF, keys)
    epic = Issue("E", "Payment", "Epic", "To Do", created=issues[0].created)
    changed = [
        replace(each, parent="E" if at < 3 else "", fix_versions=("2.0",) if at > 7 else (),
                extras={"Team Colour": "red" if at % 2 else "blue"})
        for at, each in enumerate(issues)
    ]  # fmt: skip
    ctx.backend.upsert_issues(REF, [epic, *changed])
    return Scene(ctx.analysis(REF, Overrides()), FORMATS)


@pytest.mark.parametrize(("days", "name", "left"), [("epics", "Payment", 3), ("versions", "2.0", 2)])
def test_each_has_its_row_its_bar_and_its_issues(scene: Scene, days: str, name: str, left: int) -> None:
    shown = replace(scene, options={"of": days})
    assert MILESTONES.rows is not None
    rows = MILESTONES.rows(shown)
    row = next(dict(zip(rows.header, cells, strict=True)) for cells in rows.cells if cells[0] == name)
    assert (row["left"], row["total"]) == (left, left)
    assert isinstance(row["even_odds"], date)
    assert row["even_odds"] <= row["sure_85"]
    text = MILESTONES.sentence(shown)
    assert isinstance(text, Sentence)
    assert "sure" in str(text)
    result = behind(shown, rows.shows[[cells[0] for cells in rows.cells].index(name)])
    assert result is not None
    assert len(result.keys or ()) == result.number == left
    drawn = MILESTONES.figure(shown) if MILESTONES.figure else None
    assert drawn is not None
    assert sum(sum(trace["y"]) for trace in drawn["data"]) == sum(cells[2] for cells in rows.cells)
    assert len(MILESTONES.notes(shown)) >= 1


def test_page_and_file_say_what_the_domain_says(scene: Scene) -> None:
    epics = scene.analysis.epics
    assert isinstance(epics, Epics)
    (payment,) = [each for each in epics.epics if each.key == "E"]
    shown = replace(scene, options={"of": "epics"})
    assert MILESTONES.rows is not None
    (cells,) = [cells for cells in MILESTONES.rows(shown).cells if cells[0] == "Payment"]
    assert cells[7:9] == (payment.dates[50], payment.dates[85])


def test_an_epic_that_its_children_stand_for_is_told_of_where_the_number_is(scene: Scene) -> None:
    result = behind(scene, "remaining")
    assert result is not None
    assert "1 epic does not count: what it consists of does." in result.how
    assert not [words for words in result.how if "stories" in words or "sub-task" in words]


def test_any_field_is_a_column_that_can_be_put_in_order(scene: Scene) -> None:
    (colour,) = own_columns(scene)
    assert (colour.name, colour.label) == ("own:team_colour", "Team Colour")
    assert columns_of(["key", "own:team_colour", "own:nothing"], scene)[1].label == "Team Colour"
    result = behind(scene, "remaining")
    assert result is not None
    rows = ordered(listed(scene, result), scene, "own:team_colour")
    cells = [colour.cell(row, scene) for row in rows]
    assert [cell for cell in cells if cell] == ["blue"] * 5 + ["red"] * 5


def test_any_field_groups_and_splits(scene: Scene) -> None:
    shown = replace(scene, options={"by": "team colour"})
    assert GROUPS.rows is not None
    by_value = {cells[0]: cells[5] for cells in GROUPS.rows(shown).cells}
    assert (by_value["blue"], by_value["red"]) == (5, 5)
    assert THROUGHPUT.figure is not None
    whole, parts = (THROUGHPUT.figure(each) for each in (scene, replace(scene, options={"by": "type"})))
    assert whole is not None
    assert parts is not None
    assert sum(sum(trace["y"]) for trace in parts["data"]) == sum(whole["data"][0]["y"])
    assert THROUGHPUT.rows is not None
    assert THROUGHPUT.rows(replace(scene, options={"by": "type"})).header == ("start", "value", "done")


def test_of_what_is_left_it_says_how_much_is_expected_and_has_no_issues() -> None:
    ctx = sample_context(method="plain", epic_size="8")
    (created,) = {each.created for each in ctx.backend.list_issues(REF) if each.key == "S-100"}
    ctx.backend.upsert_issues(REF, [Issue("E", "Payment", "Epic", "To Do", created=created)], [])
    left = MILESTONES.facts(Scene(ctx.analysis(REF, Overrides()), FORMATS))[0]
    assert (left.value, left.note) == ("18", "7 of it expected")
