"""How the work stands, at the foot of the answer."""

from __future__ import annotations

from datetime import timedelta

from app.domain.analysis import Scenario
from app.domain.forecast import Forecast
from app.views.answer import headline, odds, standing, warnings
from app.views.view import Scene
from app.words.formats import formats_for
from store.records import Week
from tests.domain.build import analysis, day, facts
from tests.pages.sample import REF, sample_context

FORMATS = formats_for(["en-GB"])


def sentences(weeks: int) -> list[str]:
    """Of so many typed weeks from 5 January on, on Friday 13 March 2026: the tenth has begun on the 9th."""
    typed = [Week(day("01-05") + at * timedelta(weeks=1), 3, created_items=1) for at in range(weeks)]
    return [str(sentence) for sentence in standing(Scene(analysis(facts(weeks=typed)), FORMATS))]


def test_typed_weeks_tell_of_this_week_only_once_it_is_typed() -> None:
    assert not [sentence for sentence in sentences(9) if "since the week began" in sentence]
    assert "3 finished, 1 added since the week began" in sentences(10)


def test_where_little_is_left_the_working_day_stands_beside_the_week() -> None:
    """Ten left at two a week: five weeks from Monday 30 March end on Friday 1 May, and the next is a Monday."""
    shown = [str(sentence) for sentence in odds(Scene(sample_context(method="plain").analysis(REF), FORMATS))]
    assert shown[:2] == [
        "Even odds: 4 May 2026.",
        "To the working day: 85\u202f% sure by 1 May 2026, even odds 1 May 2026.",
    ]
    long = sample_context(method="plain").analysis(REF).with_(Scenario(remaining=40))
    assert not [text for text in map(str, odds(Scene(long, FORMATS))) if "working day" in text]


def test_what_the_line_on_new_work_says_is_no_warning_as_well() -> None:
    """Three finished and five added a week: that two more come each week is said once."""
    weeks = [Week(day("01-05") + at * timedelta(weeks=1), 3, created_items=5) for at in range(9)]
    scene = Scene(analysis(facts(weeks=weeks, scope={"remaining_items": 40})), FORMATS)
    assert [str(sentence) for sentence in odds(scene)][-1].startswith("If work keeps coming in (5 a week, 3 are")
    forecast = scene.analysis.forecast
    assert isinstance(forecast, Forecast)
    assert any("more is added each week than finished" in warning for warning in forecast.warnings)
    assert warnings(scene) == [text for text in forecast.warnings if "more is added" not in text]


def test_without_any_date_the_share_of_futures_that_take_longer_is_told_once() -> None:
    weeks = [Week(day("01-05") + at * timedelta(weeks=1), 3) for at in range(9)]
    scene = Scene(analysis(facts(weeks=weeks, scope={"remaining_items": 4000})), FORMATS)
    assert "not done within two years" in str(headline(scene))
    forecast = scene.analysis.forecast
    assert isinstance(forecast, Forecast)
    assert any("not done within 104" in warning for warning in forecast.warnings)
    assert not any("not done within 104" in warning for warning in warnings(scene))
