"""How the work stands, at the foot of the answer."""

from __future__ import annotations

from datetime import timedelta

from app.views.answer import standing
from app.views.view import Scene
from app.words.formats import formats_for
from store.records import Week
from tests.domain.build import analysis, day, facts

FORMATS = formats_for(["en-GB"])


def said(weeks: int) -> list[str]:
    """Of so many typed weeks from 5 January on, on Friday 13 March 2026: the tenth has begun on the 9th."""
    typed = [Week(day("01-05") + at * timedelta(weeks=1), 3, created_items=1) for at in range(weeks)]
    return [str(sentence) for sentence in standing(Scene(analysis(facts(weeks=typed)), FORMATS))]


def test_typed_weeks_tell_of_this_week_only_once_it_is_typed() -> None:
    assert not [sentence for sentence in said(9) if "since the week began" in sentence]
    assert "3 finished, 1 added since the week began" in said(10)
