from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.attribution import Part, _in_whole_days, _shapley, parts
from app.domain.forecast import Forecast
from app.domain.items import Unit
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from app.domain.review import WeekReview
from app.domain.throughput import Throughput
from app.domain.what_if import Drawn, drawn
from store.records import Change, Issue
from tests.domain.build import analysis, day, facts, finished_each_week, issue
from tests.domain.strategies import histories
from tests.examples import examples

MONDAY = date(2026, 1, 5)
STEADY = finished_each_week([5] * 8, MONDAY)


def futures(remaining: int, as_of: date) -> tuple[Drawn, date]:
    """Of a team that finishes five a week, and the day on which it is done."""
    result = analysis(
        facts(finished_each_week([5] * 9, MONDAY)), as_of=as_of, remaining=float(remaining), method=Method.PLAIN
    )
    assert isinstance(result.forecast, Forecast)
    assert isinstance(result.learned, Throughput)
    sure = result.forecast.dates[85]
    assert sure is not None
    return drawn(result.forecast, result.learned, result.settings), sure


def test_each_part_moves_the_date_by_its_work_at_the_pace() -> None:
    before, date_before = futures(50, day("03-02"))
    now, date_now = futures(60, day("03-09"))
    # Ten weeks from 2 March; twelve from 9 March. 5 finished as usual, 25 came in, 10 went out.
    assert (date_before, date_now) == (day("05-11"), day("06-01"))
    result = parts(before, now, date_before, date_now, {"finished": -5, "added": 25, "removed": -10, "reopened": 0})
    assert result == (Part("added", 35, 25), Part("removed", -14, -10), Part("finished", 0, -5))


def test_a_week_without_a_finish_moves_the_date_by_that_week() -> None:
    before, date_before = futures(50, day("03-02"))
    now, date_now = futures(50, day("03-09"))
    assert parts(before, now, date_before, date_now, {"finished": 0.0}) == (Part("finished", 7, 0.0),)


def test_the_value_of_a_part_is_its_mean_over_all_orders() -> None:
    """A glove game: one left, two right; only a pair is worth 6. By hand 4, 1 and 1."""
    worth = {frozenset("lr"): 6, frozenset("ls"): 6, frozenset("lrs"): 6}
    assert _shapley("lrs", lambda chosen: Fraction(worth.get(chosen, 0))) == {"l": 4, "r": 1, "s": 1}


def test_rounding_to_days_loses_none() -> None:
    thirds = {"a": Fraction(7, 3), "b": Fraction(7, 3), "c": Fraction(7, 3)}
    assert sorted(_in_whole_days(thirds, 7).values()) == [2, 2, 3]
    assert _in_whole_days({"a": Fraction(-1, 2), "b": Fraction(1, 2)}, 0) in ({"a": 0, "b": 0}, {"a": -1, "b": 1})


@pytest.mark.slow
@settings(max_examples=examples(40))
@given(histories(), st.dates(day("03-08"), day("04-30")), st.sampled_from(Unit), st.sampled_from(list(Method)))
def test_the_parts_of_a_moved_date_add_up_to_the_move(
    history: tuple[list[Issue], list[Change]], as_of: date, unit: Unit, method: Method
) -> None:
    review = analysis(facts(*history), as_of=as_of, unit=unit, method=method, trials=40, window=4).last_week
    if isinstance(review, NotEnoughData) or not review.moved_by or review.remaining_now <= 0:
        return
    level_85 = review.date_85_before, review.date_85_now
    before, now = level_85 if review.moved_level == 85 else (review.even_before, review.even_now)
    assert before is not None
    assert now is not None
    assert sum(part.days for part in review.moved_by) == (now - before).days


def test_where_no_surer_date_is_left_the_parts_are_those_of_the_even_odds() -> None:
    """Two finishes in nine weeks: even odds of 20 lie within two years, 85 % does not."""
    known = facts(finished_each_week([0, 0, 1, 0, 0, 0, 0, 1], MONDAY) + [issue(f"L-{n}", "01-05") for n in range(20)])
    review = analysis(known, as_of=day("03-09"), method=Method.PLAIN).last_week
    assert isinstance(review, WeekReview)
    assert (review.date_85_now, review.moved_level) == (None, 50)
    assert review.even_before is not None
    assert review.even_now is not None
    assert sum(part.days for part in review.moved_by) == (review.even_now - review.even_before).days


@settings(max_examples=examples(30))
@given(st.integers(1, 40), st.integers(0, 40), st.integers(0, 5))
def test_parts_add_up_whatever_came_and_was_finished(left: int, added: int, finished: int) -> None:
    closed = min(finished, left)
    issues = [issue(f"L-{number}", "01-05", "03-04" if number < closed else None) for number in range(left)]
    known = facts(STEADY + issues + [issue(f"N-{number}", "03-04") for number in range(added)])
    review = analysis(known, as_of=day("03-09"), method=Method.PLAIN, trials=40).last_week
    assert isinstance(review, WeekReview)
    assert review.date_85_before is not None
    assert review.date_85_now is not None
    assert sum(part.days for part in review.moved_by) == (review.date_85_now - review.date_85_before).days
