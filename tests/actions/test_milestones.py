"""Milestones are made, put in order, closed and removed, and each can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from app.actions import milestones
from app.context import Context
from app.errors import BadInput
from tests.pages.sample import REF, sample_context

TODAY = date(2026, 3, 31)


def names(ctx: Context) -> list[str]:
    """In the order in which they are worked on."""
    kept = ctx.backend.list_milestones("p")
    return [each.name for each in sorted(kept, key=lambda each: (each.closed is not None, each.rank, each.day))]


@pytest.fixture
def ctx() -> Context:
    result = sample_context()
    result.backend.replace_milestones("p", [])
    for name, day in (("A", date(2026, 5, 1)), ("B", date(2026, 6, 1)), ("C", date(2026, 7, 1))):
        milestones.add(result, REF, name, day)
    return result


def test_new_ones_come_in_the_order_of_their_days_until_they_are_moved(ctx: Context) -> None:
    assert names(ctx) == ["A", "B", "C"]
    before = milestones.move(ctx, REF, 2, -2)
    assert names(ctx) == ["C", "A", "B"]
    milestones.move(ctx, REF, 0, 1)
    assert names(ctx) == ["C", "B", "A"]
    milestones.add(ctx, REF, "D", date(2026, 4, 1))
    assert names(ctx)[0] == "C"
    milestones.put_back(ctx, REF, before)
    assert names(ctx) == ["A", "B", "C"]


def test_moving_beyond_the_ends_stays_at_the_end(ctx: Context) -> None:
    milestones.move(ctx, REF, 0, -1)
    milestones.move(ctx, REF, 2, 5)
    assert names(ctx) == ["A", "B", "C"]


def test_a_closed_one_stays_and_comes_back(ctx: Context) -> None:
    milestones.close(ctx, REF, 0, TODAY)
    assert names(ctx) == ["B", "C", "A"]
    milestones.close(ctx, REF, 0, None)
    assert names(ctx) == ["A", "B", "C"]


def test_conditions_are_kept_in_one_way_and_teams_by_the_field_s_one_name(ctx: Context) -> None:
    milestones.add(ctx, REF, "E", date(2026, 8, 1), "fix version = 1.4 ; type=Bug", "Components")
    kept = next(each for each in ctx.backend.list_milestones("p") if each.name == "E")
    assert (kept.work, kept.teams) == (("version=1.4", "type=Bug"), "component")


@pytest.mark.parametrize(
    ("name", "day", "work", "problem"),
    [
        ("", TODAY, "", "needs a name"),
        ("X", None, "", "needs a name and a date"),
        ("A", TODAY, "", "There is a milestone A already"),
        ("X", TODAY, "nonsense", "parted by a semicolon"),
        ("X", TODAY, "colour=red", "No issue has a field “colour”"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(
    ctx: Context, name: str, day: date | None, work: str, problem: str
) -> None:
    with pytest.raises(BadInput, match=problem):
        milestones.add(ctx, REF, name, day, work)
    assert names(ctx) == ["A", "B", "C"]


def test_one_that_is_gone_is_refused(ctx: Context) -> None:
    gone: list[Callable[[], object]] = [
        lambda: milestones.remove(ctx, REF, 7),
        lambda: milestones.move(ctx, REF, 7, 1),
        lambda: milestones.close(ctx, REF, -1, TODAY),
    ]
    for change in gone:
        with pytest.raises(BadInput, match="not here any more"):
            change()


def test_notes_are_kept_with_their_day_and_one_that_is_gone_is_refused(ctx: Context) -> None:
    milestones.note(ctx, REF, 1, "First", TODAY)
    before = milestones.note(ctx, REF, 1, "Second", date(2026, 4, 2))
    assert ctx.backend.list_milestones("p")[1].notes == ("2026-03-31 First", "2026-04-02 Second")
    milestones.remove_note(ctx, REF, 1, 0)
    assert ctx.backend.list_milestones("p")[1].notes == ("2026-04-02 Second",)
    with pytest.raises(BadInput, match="not here any more"):
        milestones.remove_note(ctx, REF, 1, 1)
    milestones.put_back(ctx, REF, before)
    assert ctx.backend.list_milestones("p")[1].notes == ("2026-03-31 First",)
