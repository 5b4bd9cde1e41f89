from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attribution import Part
from app.domain.forecast import Forecast
from app.domain.items import Unit
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from app.domain.review import Movement, Standing, WeekReview, why
from app.domain.scope import Scope
from store.records import Change, Issue, QueryFacts, Week
from tests.domain.build import analysis, at, day, done, facts, finished_each_week, issue, moves
from tests.domain.strategies import histories

MONDAY = date(2026, 1, 5)
# Five a week for eight weeks, to 1 March; the week from 2 March is what is reviewed.
STEADY = finished_each_week([5] * 8, MONDAY)
OPEN = [issue(f"O-{number}", "01-05") for number in range(50)]


def reviewed(issues: list[Issue], changes: list[Change] | None = None, **params: object) -> WeekReview:
    settings: dict[str, object] = {"as_of": day("03-09"), "method": Method.PLAIN, **params}
    review = analysis(facts(issues, changes), **settings).last_week  # type: ignore[arg-type]
    assert isinstance(review, WeekReview)
    return review


def closed(keys: range) -> list[Issue]:
    return [replace(issue, resolved=at("03-04")) if number in keys else issue for number, issue in enumerate(OPEN)]


def test_a_usual_week_leaves_the_date_where_it_was() -> None:
    review = reviewed(STEADY + closed(range(5)))
    assert (review.since, review.until) == (day("03-02"), day("03-09"))
    assert (review.remaining_before, review.finished, review.remaining_now) == (50, 5, 45)
    # 50 at 5 a week from 2 March on are 10 weeks.
    assert (review.date_85_before, review.date_85_now) == (day("05-11"), day("05-11"))
    assert review.why == "The date did not move: 5 items were finished and 0 added."


def test_added_work_is_named_when_it_moved_the_date() -> None:
    added = [issue(f"N-{number}", "03-05") for number in range(14)]
    review = reviewed(STEADY + closed(range(5)) + added)
    assert (review.added, review.added_keys[0], review.remaining_now) == (14, "N-0", 59)
    # 59 are 12 weeks from 9 March.
    assert review.date_85_now == day("06-01")
    assert review.why == "The date moved out by 3 weeks, mostly because 14 items were added."


def test_fewer_finished_than_usual_is_named_when_it_moved_the_date() -> None:
    review = reviewed(STEADY + OPEN[:10], window=8)
    # 10 at 5 a week were 2 weeks from 2 March; with an empty week among eight, 3 weeks from 9 March.
    assert (review.date_85_before, review.date_85_now) == (day("03-16"), day("03-30"))
    assert review.why == (
        "The date moved out by 2 weeks, mostly because nothing was finished, against a usual 5 a week."
    )


def test_a_changed_pace_is_named_when_it_moved_the_date_more_than_the_week_itself() -> None:
    review = reviewed(STEADY + OPEN, window=8)
    assert review.why.startswith("The date moved out by ")
    assert review.why.endswith(", mostly because the usual pace fell from 5.0 to 4.4 a week.")


def test_a_pace_that_rose_is_named_with_both_values() -> None:
    """The one slow week falls out of the eight that count: (1 + 7 × 5) / 8 = 4.5, then 5."""
    review = reviewed(finished_each_week([1] + [5] * 7, MONDAY) + closed(range(5)), window=8)
    assert review.why.startswith("The date moved in by ")
    assert review.why.endswith(", mostly because the usual pace rose from 4.5 to 5.0 a week.")


def test_a_pace_of_less_than_one_a_week_is_not_rounded_away() -> None:
    review = reviewed(finished_each_week([0, 1] * 4, MONDAY) + closed(range(8))[:12], window=8)
    assert review.why.endswith(", mostly because 8 items were finished, against a usual 0.5 a week.")


def test_more_finished_than_usual_pulls_the_date_in() -> None:
    review = reviewed(STEADY + closed(range(25)))
    assert (review.finished, review.finished_keys[0], review.remaining_now) == (25, "O-0", 25)
    assert review.why.startswith("The date moved in by ")
    assert "25 items were finished, against a usual 5 a week" in review.why


def test_removed_work_is_named_when_it_moved_the_date() -> None:
    gone = [
        replace(issue, in_query=False, left_query=at("03-05")) if number >= 30 else issue
        for number, issue in enumerate(closed(range(5)))
    ]
    review = reviewed(STEADY + gone)
    assert (review.removed, review.removed_keys[0], review.remaining_now) == (20, "O-30", 25)
    assert review.why == "The date moved in by 4 weeks, mostly because 20 items were removed."


def test_reopened_work_is_named_when_it_moved_the_date() -> None:
    back = [Issue(f"R-{number}", status="To Do", created=at("01-05")) for number in range(12)]
    changes = [
        change
        for each in back
        for change in moves(each.key, ("", "To Do"), ("01-06 10:00", "Done"), ("03-05 10:00", "To Do"))
    ]
    review = reviewed(STEADY + closed(range(5)) + back, changes, window=6)
    assert (review.reopened, review.remaining_before, review.remaining_now) == (12, 50, 57)
    # 57 are 12 weeks from 9 March instead of 9.
    assert review.why == "The date moved out by 3 weeks, mostly because 12 items were reopened."


def test_re_estimated_work_is_named_when_it_moved_the_date() -> None:
    in_points = [replace(each, points=1.0) for each in STEADY + closed(range(5))]
    grown = [replace(in_points[-1], points=21.0)]
    changes = [Change(in_points[-1].key, at("03-05 10:00"), "points", "1", "21")]
    review = reviewed(in_points[:-1] + grown, changes, unit=Unit.POINTS)
    assert (review.re_estimated, review.remaining_now) == (20, 65)
    assert review.why == "The date moved out by 4 weeks, mostly because estimates went up by 20 points."


def test_a_live_review_includes_today() -> None:
    known = facts([*STEADY, *OPEN[:-1], replace(OPEN[-1], resolved=at("03-11 09:00"))])
    review = analysis(known, now=at("03-11 18:00"), method=Method.PLAIN).last_week
    assert isinstance(review, WeekReview)
    assert (review.since, review.until, review.finished) == (day("03-05"), day("03-12"), 1)


def test_weekly_numbers_are_reviewed_by_their_sums() -> None:
    rows = [Week(day(text), completed_items=4, created_items=0) for text in ("02-16", "02-23")]
    rows.append(Week(day("03-02"), completed_items=6, created_items=1))
    result = analysis(facts(weeks=rows, scope={"remaining_items": 20}), as_of=day("03-09"), method=Method.PLAIN)
    review = result.last_week
    assert isinstance(review, WeekReview)
    assert (review.finished, review.added, review.remaining_before, review.remaining_now) == (6, 1, 25, 20)


def test_a_remaining_amount_that_was_given_is_todays_and_last_weeks_follows_from_it() -> None:
    review = reviewed(STEADY + closed(range(5)), remaining=10.0)
    assert (review.remaining_before, review.remaining_now) == (15, 10)
    rows = [Week(day(text), completed_items=4) for text in ("02-16", "02-23", "03-02")]
    weekly = analysis(facts(weeks=rows), as_of=day("03-09"), remaining=10.0).last_week
    assert isinstance(weekly, WeekReview)
    assert (weekly.finished, weekly.remaining_before, weekly.remaining_now) == (4, 14, 10)


def test_there_is_nothing_to_review_in_the_first_days() -> None:
    review = analysis(facts([issue("A", "03-12")])).last_week
    assert isinstance(review, NotEnoughData)


def test_everything_done_needs_no_date() -> None:
    assert reviewed(STEADY).why == "Everything is done."


def test_a_first_date_has_none_to_compare_with() -> None:
    review = reviewed([issue("A", "02-23", "03-03"), issue("B", "02-23"), issue("C", "02-23")])
    assert review.date_85_before is None
    assert review.why == "There was no date a week ago to compare with."


# One finished every second week: 50 left take about 100 weeks at even odds, and ten more to be 85 % sure, which is
# beyond the 104 that are looked at.
SLOW = finished_each_week([0, 1] * 4, MONDAY)


def test_where_no_date_is_sure_the_move_of_the_even_odds_is_told() -> None:
    review = reviewed(SLOW + OPEN, window=8)
    assert (review.date_85_before, review.date_85_now) == (None, None)
    assert review.even_before is not None
    assert review.even_now == review.even_before + timedelta(days=7)
    assert review.why == "As a week ago, no date is 85 % sure; even odds moved out by 1 week."
    less = [replace(each, in_query=False, left_query=at("03-05")) for each in OPEN[48:]]
    assert reviewed(SLOW + OPEN[:48] + less, window=8).why.startswith(
        "As a week ago, no date is 85 % sure; even odds moved in by "
    )


def test_where_not_even_odds_have_a_date_nothing_is_said_to_have_moved() -> None:
    many = [issue(f"M-{number}", "01-05") for number in range(60)]
    review = reviewed(SLOW + OPEN + many, window=8)
    assert (review.even_before, review.even_now) == (None, None)
    assert review.why == "As a week ago, no date is 85 % sure."


def test_a_sure_date_that_is_lost_or_back_is_told_as_such() -> None:
    added = [issue(f"N-{number}", "03-05") for number in range(30)]
    lost = reviewed(SLOW + OPEN[:30] + added, window=8)
    assert (lost.date_85_before is None, lost.date_85_now) == (False, None)
    assert lost.why == "A week ago a date was 85 % sure; now too many futures are not done within the time looked at."
    gone = [replace(each, in_query=False, left_query=at("03-05")) for each in OPEN[30:]]
    back = reviewed(SLOW + OPEN[:30] + gone, window=8)
    assert (back.date_85_before, back.date_85_now is None) == (None, False)
    assert back.why.startswith("A date is 85 % sure again; a week ago too many futures were not done ")


def amounts(known: QueryFacts, as_of: date, unit: Unit) -> WeekReview | None:
    review = analysis(known, as_of=as_of, unit=unit, method=Method.PLAIN, trials=10).last_week
    return review if isinstance(review, WeekReview) else None


@pytest.mark.slow
@given(histories(), st.dates(day("03-08"), day("04-30")), st.sampled_from(Unit))
def test_what_happened_adds_up_to_the_change_of_what_remains(
    history: tuple[list[Issue], list[Change]], as_of: date, unit: Unit
) -> None:
    known = facts(*history)
    review = amounts(known, as_of, unit)
    if review is None:
        return
    before, now = (analysis(known, as_of=when, unit=unit).scope for when in (review.since, as_of))
    assert isinstance(before, Scope)
    assert isinstance(now, Scope)
    change = review.added - review.finished - review.removed + review.re_estimated + review.reopened
    assert now.remaining == pytest.approx(before.remaining + change)


def test_done_items_that_are_removed_change_nothing_that_remains() -> None:
    gone = [done(f"G-{number}", created=at("01-05"), resolved=at("02-10")) for number in range(3)]
    left = [replace(each, in_query=False, left_query=at("03-05")) for each in gone]
    review = reviewed(STEADY + closed(range(5)) + left)
    assert (review.removed, review.remaining_before, review.remaining_now) == (0, 50, 45)


def test_before_the_week_under_way_is_typed_the_full_week_before_it_is_what_happened_last() -> None:
    # Wednesday 11 March: the row of the week from 2 March is the newest.
    rows = [Week(day("02-23"), 4, created_items=20), Week(day("03-02"), 3, created_items=1)]
    review = analysis(facts(weeks=rows), now=at("03-11")).last_week
    assert isinstance(review, WeekReview)
    assert (review.finished, review.added, review.remaining_before, review.remaining_now) == (3, 1, 16, 14)


def test_once_the_week_under_way_is_typed_it_is_compared_with_the_one_before() -> None:
    rows = [Week(day("03-02"), 3, created_items=20), Week(day("03-09"), 2, created_items=0)]
    review = analysis(facts(weeks=rows), now=at("03-11")).last_week
    assert isinstance(review, WeekReview)
    assert (review.finished, review.remaining_now) == (2, 15)


def test_a_date_and_a_chance_that_moved_apart_hardly_moved() -> None:
    """Dates go by whole weeks: a little less work may be a week, and yet the deadline is nearer by one."""
    forecast = analysis(facts(STEADY + OPEN)).forecast
    assert isinstance(forecast, Forecast)

    def state(date_85: date, chance: float) -> Standing:
        result = replace(forecast, dates=dict(forecast.dates) | {85: date_85})
        return Standing(MONDAY, 30, ((5, 0),) * 8, (), result, chance)

    moved = Movement(finished=6, added=1)
    earlier = why(state(day("04-20"), 0.67), state(day("04-13"), 0.62), moved, (), Unit.ITEMS)
    assert earlier == (
        "The date hardly moved: in whole weeks it is 1 week earlier, and yet the deadline is less likely: "
        "6 items were finished and 1 added."
    )
    later = why(state(day("04-13"), 0.62), state(day("04-20"), 0.67), moved, (), Unit.ITEMS)
    assert later.startswith(
        "The date hardly moved: in whole weeks it is 1 week later, and yet the deadline is likelier"
    )
    alike = why(state(day("04-20"), 0.67), state(day("04-13"), 0.669), moved, (), Unit.ITEMS)
    assert alike.startswith("The date moved in by 1 week")


def test_as_much_as_usual_is_no_reason() -> None:
    """How the weeks fall may move the date all the same: then no single change explains it."""
    forecast = analysis(facts(STEADY + OPEN)).forecast
    assert isinstance(forecast, Forecast)
    before, now = (
        Standing(MONDAY, 30, ((4, 0),) * 8, (), replace(forecast, dates=dict(forecast.dates) | {85: day(at)}))
        for at in ("04-20", "04-06")
    )
    finished = Part("finished", -9, -4.0)
    assert why(before, now, Movement(finished=4), [finished, Part("pace", -5, 0)], Unit.ITEMS).endswith(
        "the weeks it learns from are spread differently now."
    )
    alone = why(before, now, Movement(finished=4), [finished], Unit.ITEMS)
    assert alone == "The date moved in by 2 weeks; no single change explains it: 4 items were finished and 0 added."
    more = why(before, now, Movement(finished=6), [finished], Unit.ITEMS)
    assert more.endswith("mostly because 6 items were finished, against a usual 4 a week.")


def test_few_that_came_are_only_few_where_the_date_moved_in() -> None:
    forecast = analysis(facts(STEADY + OPEN)).forecast
    assert isinstance(forecast, Forecast)
    early, late = (
        Standing(MONDAY, 30, ((4, 5),) * 8, (), replace(forecast, dates=dict(forecast.dates) | {85: day(at)}))
        for at in ("04-06", "04-20")
    )
    added = Movement(added=2)
    out = why(early, late, added, [Part("added", 5, 2.0)], Unit.ITEMS)
    assert out == "The date moved out by 2 weeks, mostly because 2 items were added."
    inward = why(late, early, added, [Part("added", -5, 2.0)], Unit.ITEMS)
    assert inward == "The date moved in by 2 weeks, mostly because only 2 items were added."


def test_a_pace_that_changed_the_other_way_is_no_reason() -> None:
    forecast = analysis(facts(STEADY + OPEN)).forecast
    assert isinstance(forecast, Forecast)
    before, now = (
        Standing(MONDAY, 30, ((pace, 0),) * 8, (), replace(forecast, dates=dict(forecast.dates) | {85: day(at)}))
        for pace, at in ((5, "04-20"), (4, "04-13"))
    )
    text = why(before, now, Movement(added=1), [Part("pace", -5, 0)], Unit.ITEMS)
    assert text == ("The date moved in by 1 week, mostly because the weeks it learns from are spread differently now.")
