from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.burndown import Burndown, burndown_of_items, burndown_of_weeks, ideal_line
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput, throughput_of_weeks
from store.records import Change, Issue, Sprint, Week
from tests.domain.build import CALENDAR, analysis, at, day, done, facts, issue, items_of, moves
from tests.domain.strategies import histories

# The sprint of the documentation: Mon 2 to Fri 13 March 2026. Before it A 5, B 3, C 8 and D without an estimate;
# E comes on Wednesday and goes again, B is finished twice, C and D are re-estimated.
SPRINT_ISSUES = [
    done("A", created=at("02-27"), points=5.0),
    done("B", created=at("02-27"), points=3.0),
    done("C", created=at("02-27"), points=5.0),
    Issue("D", status="To Do", created=at("02-27"), points=3.0),
    Issue("E", status="To Do", created=at("02-27"), points=2.0),
]
SPRINT_CHANGES = [
    *(Change(key, at("03-01 10:00"), "sprint", "", "Sprint 7") for key in "ABCD"),
    *moves("A", ("", "To Do"), ("03-03 10:00", "Done")),
    Change("E", at("03-04 10:00"), "sprint", "", "Sprint 7"),
    Change("D", at("03-05 10:00"), "points", None, "3"),
    Change("C", at("03-06 10:00"), "points", "8", "5"),
    *moves("B", ("", "To Do"), ("03-06 10:00", "Done"), ("03-09 10:00", "To Do"), ("03-11 10:00", "Done")),
    Change("E", at("03-10 10:00"), "sprint", "Sprint 7", "Sprint 8"),
    *moves("C", ("", "To Do"), ("03-12 10:00", "Done")),
]
SPRINT = Sprint("Sprint 7", start=at("03-02 09:00"), end=at("03-13 17:00"))
WORKDAYS = ["03-01", *(f"03-{number:02d}" for number in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13))]


def sprint_burndown(unit: Unit) -> Burndown:
    known = facts(SPRINT_ISSUES, SPRINT_CHANGES, sprints=[SPRINT])
    burndown = analysis(known, sprint="Sprint 7", unit=unit).burndown
    assert isinstance(burndown, Burndown)
    return burndown


def on_workdays(burndown: Burndown) -> list[tuple[float, float, float]]:
    days = {each.day: each for each in burndown.days}
    chosen = [days[day(text)] for text in WORKDAYS]
    return [(result.scope, result.done, result.remaining) for result in chosen]


def test_a_sprint_in_points_shows_scope_done_and_remaining_of_each_day() -> None:
    assert on_workdays(sprint_burndown(Unit.POINTS)) == [
        (16, 0, 16), (16, 0, 16), (16, 5, 11), (18, 5, 13), (21, 5, 16), (18, 8, 10),
        (18, 5, 13), (16, 5, 11), (16, 8, 8), (16, 13, 3), (16, 13, 3),
    ]  # fmt: skip


def test_a_sprint_in_items_shows_scope_done_and_remaining_of_each_day() -> None:
    assert on_workdays(sprint_burndown(Unit.ITEMS)) == [
        (4, 0, 4), (4, 0, 4), (4, 1, 3), (5, 1, 4), (5, 1, 4), (5, 2, 3),
        (5, 1, 4), (4, 1, 3), (4, 2, 2), (4, 3, 1), (4, 3, 1),
    ]  # fmt: skip


def test_unestimated_items_are_counted_until_they_are_estimated() -> None:
    days = {each.day: each.unestimated for each in sprint_burndown(Unit.POINTS).days}
    assert [days[day(text)] for text in ("03-01", "03-04", "03-05", "03-13")] == [1, 1, 0, 0]


def test_the_ideal_line_falls_on_working_days_only() -> None:
    ideal = dict(sprint_burndown(Unit.POINTS).ideal)
    falling = [16, 14.4, 12.8, 11.2, 9.6, 8.0, 6.4, 4.8, 3.2, 1.6, 0]
    assert [ideal[day(text)] for text in WORKDAYS] == pytest.approx(falling)
    assert ideal[day("03-07")] == ideal[day("03-08")] == ideal[day("03-06")]


def test_the_scope_log_names_every_step_with_its_sign_and_items() -> None:
    steps = [(change.day, change.kind, change.amount, change.keys) for change in sprint_burndown(Unit.POINTS).changes]
    assert [step for step in steps if step[1] != "reopened"] == [
        (day("03-04"), "added", 2, ("E",)),
        (day("03-05"), "re-estimated", 3, ("D",)),
        (day("03-06"), "re-estimated", -3, ("C",)),
        (day("03-10"), "removed", -2, ("E",)),
    ]
    assert [step for step in steps if step[1] == "reopened"] == [(day("03-09"), "reopened", 3, ("B",))]


def test_a_burndown_ends_today_or_on_the_day_before_an_as_of_day() -> None:
    known = facts([issue("A", "03-02")])
    now, then = analysis(known).burndown, analysis(known, as_of=day("03-05")).burndown
    assert isinstance(now, Burndown)
    assert isinstance(then, Burndown)
    assert (now.days[0].day, now.days[-1].day) == (day("03-02"), day("03-13"))
    assert then.days[-1].day == day("03-04")


def test_an_issue_dated_to_the_year_one_does_not_make_a_chart_of_it() -> None:
    old = Issue("A", created=at("03-02", 2026).replace(year=1))
    burndown = burndown_of_items(items_of([old, issue("B", "03-02")]), CALENDAR, Unit.ITEMS, day("03-13"))
    assert burndown is not None
    assert len(burndown.days) < 20_000
    assert (burndown.days[0].scope, burndown.days[-1].scope) == (1, 2)


def test_what_happens_after_a_sprints_end_is_not_in_its_burndown() -> None:
    issues = [issue("A", "03-02", "03-10", sprints=("S",)), issue("B", "03-09", sprints=("S",))]
    sprint = Sprint("S", start=at("03-02"), end=at("03-06"), completed=at("03-06"))
    for unit in Unit:
        burndown = analysis(facts(issues, sprints=[sprint]), sprint="S", unit=unit).burndown
        assert isinstance(burndown, Burndown)
        assert burndown.days[-1].day == day("03-06")
        assert (burndown.days[-1].done, burndown.days[-1].unestimated) == (0, int(unit is Unit.POINTS))


def test_there_is_no_burndown_before_the_first_event() -> None:
    assert burndown_of_items(items_of([issue("A", "03-02")]), CALENDAR, Unit.ITEMS, day("03-01")) is None


def test_no_ideal_line_leads_to_a_deadline_without_a_working_day_before_it() -> None:
    assert ideal_line(CALENDAR, day("03-06"), 5, day("03-08")) == ()


def test_a_projects_ideal_line_starts_from_what_remained_before_the_window() -> None:
    known = facts([issue("A", "02-02"), issue("B", "02-02"), issue("C", "02-20", "03-10")])
    burndown = analysis(known, window=2, deadline=day("03-20")).burndown
    assert isinstance(burndown, Burndown)
    # Weeks from 23 February and 2 March; on the Sunday evening before A, B and C remained.
    assert burndown.ideal[0] == (day("02-22"), 3)
    assert burndown.ideal[-1] == (day("03-20"), 0)


def weekly(*rows: tuple[str, int, int | None]) -> Throughput:
    weeks = [Week(day(when), completed_items=count, created_items=new) for when, count, new in rows]
    throughput = throughput_of_weeks(weeks, CALENDAR, Unit.ITEMS, 12, day("03-16"), today_included=False)
    assert not isinstance(throughput, NotEnoughData)
    return throughput


def test_weekly_numbers_are_told_backwards_from_what_remains_now() -> None:
    burndown = burndown_of_weeks(weekly(("03-02", 5, 2), ("03-09", 4, 6)), 10, CALENDAR)
    # Scope now 9 done + 10 remaining = 19; 6 of it came in the last week.
    assert [(each.day, each.scope, each.done, each.remaining) for each in burndown.days] == [
        (day("03-08"), 13, 5, 8),
        (day("03-15"), 19, 9, 10),
    ]
    assert burndown.scope_membership_known
    assert [(change.kind, change.amount) for change in burndown.changes] == [("added", 6)]


def test_weekly_numbers_without_created_work_have_a_flat_scope_and_say_so() -> None:
    burndown = burndown_of_weeks(weekly(("03-02", 5, None), ("03-09", 4, None)), 10, CALENDAR)
    assert [each.scope for each in burndown.days] == [19, 19]
    assert not burndown.scope_membership_known


@given(histories(), st.sampled_from(Unit))
def test_remaining_is_scope_less_done_on_every_day_and_never_negative(
    history: tuple[list[Issue], list[Change]], unit: Unit
) -> None:
    burndown = burndown_of_items(items_of(*history), CALENDAR, unit, date(2026, 4, 30))
    assert burndown is not None
    for each in burndown.days:
        assert each.remaining == pytest.approx(each.scope - each.done)
        assert each.remaining > -1e-9


@given(histories(), st.sampled_from(Unit))
def test_the_scope_log_adds_up_to_the_scope_line(history: tuple[list[Issue], list[Change]], unit: Unit) -> None:
    burndown = burndown_of_items(items_of(*history), CALENDAR, unit, date(2026, 4, 30))
    assert burndown is not None
    steps = sum(change.amount for change in burndown.changes if change.kind != "reopened")
    assert burndown.days[0].scope + steps == pytest.approx(burndown.days[-1].scope)


@given(histories(), st.sampled_from(Unit))
def test_the_last_day_of_the_burndown_is_the_scope(history: tuple[list[Issue], list[Change]], unit: Unit) -> None:
    last = analysis(facts(*history), now=at("04-30"), unit=unit)
    assert isinstance(last.burndown, Burndown)
    assert not isinstance(last.scope, NotEnoughData)
    end = last.burndown.days[-1]
    assert (end.scope, end.done, end.unestimated) == pytest.approx(
        (last.scope.total, last.scope.done, last.scope.unestimated)
    )


@given(histories(), st.integers(1, 58))
def test_what_happens_later_does_not_change_the_days_before(
    history: tuple[list[Issue], list[Change]], length: int
) -> None:
    cut = day("03-01") + timedelta(days=length)
    whole = analysis(facts(*history), now=at("04-30")).burndown
    then = analysis(facts(*history), as_of=cut).burndown
    assert isinstance(whole, Burndown)
    if isinstance(then, Burndown):
        assert then.days == whole.days[: len(then.days)]
