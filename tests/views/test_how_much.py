"""How much is finished by a day, and which of the open issues are inside."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.forecast import PROMISED, HowMany
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.views import behind
from app.views.columns import listed
from app.views.how_much import HOW_MUCH
from app.views.view import Scene
from app.words.formats import formats_for
from tests.pages.sample import NOW, REF, sample_context
from tests.views.test_walk import demo

FORMATS = formats_for(["en-GB"])


def scene(by: str = "", **settings: Any) -> Scene:
    """Two a week without an exception, ten left; counted exactly."""
    analysis = sample_context(method="plain", **settings).analysis(REF)
    return Scene(analysis, FORMATS, options={"by": by} if by else {})


def test_the_deadline_is_the_day_where_one_is_set() -> None:
    text = str(HOW_MUCH.sentence(scene(deadline="2026-04-20")))
    assert text == "By 20 Apr 2026 you are 85\u202f% sure of 6 items or more, even odds 6."


def test_without_a_deadline_the_next_twelve_weeks_are_told_and_it_is_said() -> None:
    shown = scene()
    assert str(HOW_MUCH.sentence(shown)).startswith("By 22 Jun 2026 you are 85\u202f% sure of all 10 that are left")
    assert "No deadline is set, so this is of the next 12 weeks." in HOW_MUCH.notes(shown)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("deadline", "text"),
    [("2026-01-01", "is past"), ("2026-04-01", "is less than a week away"), ("2999-12-31", "is very far away")],
)
def test_a_deadline_that_nothing_can_be_said_of_is_replaced_and_named(deadline: str, text: str) -> None:
    shown = scene(deadline=deadline)
    assert text in HOW_MUCH.notes(shown)[0]
    assert str(HOW_MUCH.sentence(shown))


def test_the_amounts_are_those_of_the_command_line() -> None:
    analysis = demo()
    how_many, amounts = analysis.how_many(8), analysis.amounts(8)
    assert isinstance(how_many, HowMany)
    assert not isinstance(amounts, NotEnoughData)
    assert {level: amounts.at_least(level) for level in how_many.amounts} == how_many.amounts
    # An amount is the whole one nearest to where the level is reached, between that one and the next smaller; from 85 %
    # on it is a promise, and reaches the level by itself.
    for level, amount in how_many.amounts.items():
        below = amounts.chance(amount - 1) if level < PROMISED else amounts.chance(amount)
        assert (below + amounts.chance(amount)) / 2 >= level / 100 - 1e-9
    assert all(amounts.chance(amount + 1) < level / 100 for level, amount in how_many.amounts.items())


def test_inside_and_beyond_are_all_that_is_left_and_the_line_is_the_amount() -> None:
    shown = scene(by="4")
    inside, beyond, ranked = (behind(shown, show) for show in ("inside:85", "beyond:85", "ranked"))
    assert inside is not None
    assert beyond is not None
    assert ranked is not None
    assert (inside.keys or ()) + (beyond.keys or ()) == ranked.keys
    assert inside.number == 8
    assert [row.why for row in listed(shown, ranked)] == ["inside, 85 % sure"] * 8 + ["beyond"] * 2


def test_in_points_what_does_not_fit_whole_is_beyond() -> None:
    shown = replace(Scene(demo(Unit.POINTS), FORMATS), options={"by": "4"})
    amounts = shown.analysis.amounts(4)
    inside, beyond = behind(shown, "inside:85"), behind(shown, "beyond:85")
    assert not isinstance(amounts, NotEnoughData)
    assert inside is not None
    assert beyond is not None
    assert inside.number is not None
    assert inside.number <= amounts.at_least(85)
    first = listed(shown, beyond)[0]
    assert inside.number + first.amount > amounts.at_least(85)


def test_the_curve_falls_and_every_point_leads_to_what_the_amount_holds() -> None:
    shown = Scene(demo(), FORMATS, options={"by": "8"})
    assert HOW_MUCH.figure is not None
    figure = HOW_MUCH.figure(shown)
    assert figure is not None
    curve = figure["data"][0]
    assert curve["y"] == sorted(curve["y"], reverse=True)
    for show, amount in zip(curve["customdata"], curve["x"], strict=True):
        result = behind(shown, show)
        assert result is not None
        assert len(result.keys or ()) == min(amount, len(shown.analysis.scope.remaining_keys))  # type: ignore[union-attr]


def test_a_hand_written_amount_that_is_none_is_answered() -> None:
    result = behind(scene(), "fits:many")
    assert result is not None
    assert result.keys is None


def test_a_year_is_as_of_the_day_looked_at() -> None:
    end = NOW.date() + timedelta(weeks=52)
    assert f"{end.day} {end:%b %Y}" in str(HOW_MUCH.sentence(scene(by="52")))
