from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.domain.burndown import burndown_of_items
from app.domain.items import Item, Unit
from app.domain.ledger import REOPENED, Step, changes_in, is_simple, scope_changes, steps_of
from app.domain.scope import Scope
from store.records import Change, Issue
from tests.domain.build import CALENDAR, analysis, at, day, done, facts, issue, items_of, moves
from tests.domain.strategies import histories, loose_issues

WORK = st.one_of(histories(), loose_issues())


@given(WORK, st.sampled_from(Unit))
def test_the_short_way_of_most_items_says_the_same_as_their_steps(
    history: tuple[list[Issue], list[Change]], unit: Unit
) -> None:
    items = items_of(*history)
    result: dict[tuple[date, str, bool], float] = {}
    for item in items:
        for step in steps_of(item, unit):
            for kind, amount in changes_in(step):
                at_step = (step.day, kind, amount < 0)
                result[at_step] = result.get(at_step, 0.0) + amount
    changes = scope_changes(items, unit, date.min, date.max)
    of_scope = [change for change in changes if change.kind != REOPENED]
    assert {(each.day, each.kind, each.amount < 0): each.amount for each in of_scope} == result


def test_an_item_that_is_reopened_and_finished_on_one_day_was_reopened() -> None:
    steps = (("", "To Do"), ("03-03 10:00", "Done"), ("03-04 10:00", "To Do"), ("03-04 15:00", "Done"))
    scope = analysis(facts([done("A", created=at("03-02"))], moves("A", *steps))).scope
    assert isinstance(scope, Scope)
    assert (scope.done, scope.reopened) == (1, 1)


def test_what_is_reopened_after_it_left_the_work_is_none_of_it() -> None:
    steps = moves("A", ("", "To Do"), ("03-03 10:00", "Done"), ("03-06 10:00", "To Do"))
    for left, reopened in (("03-05", 0), ("03-09", 1)):
        gone = Issue("A", status="To Do", created=at("03-02"), in_query=False, left_query=at(left))
        scope = analysis(facts([gone, issue("B", "03-02")], steps)).scope
        assert isinstance(scope, Scope)
        assert (scope.total, scope.reopened) == (1, reopened)


@given(WORK, st.sampled_from(Unit))
def test_the_days_of_a_burndown_are_the_states_of_its_items(
    history: tuple[list[Issue], list[Change]], unit: Unit
) -> None:
    items = items_of(*history)
    burndown = burndown_of_items(items, CALENDAR, unit, date(2026, 4, 30))
    for each in burndown.days if burndown else ():
        states = [step.after for item in items if (step := _last_step(item, unit, each.day))]
        inside = [state for state in states if state.in_scope]
        assert (each.scope, each.done) == (
            sum(state.size for state in inside),
            sum(state.size for state in inside if state.done),
        )
        assert each.unestimated == sum(not state.estimated and not state.done for state in inside)


def _last_step(item: Item, unit: Unit, on: date) -> Step | None:
    return next((step for step in reversed(steps_of(item, unit)) if step.day <= on), None)


def test_what_goes_on_the_day_it_came_was_never_in_scope() -> None:
    gone = issue("A", "03-02 09:00", in_query=False, left_query=at("03-02 17:00"))
    (item,) = items_of([gone])
    assert is_simple(item, Unit.ITEMS)
    assert scope_changes([item], Unit.ITEMS, date.min, date.max) == ()
    days = burndown_of_items([item], CALENDAR, Unit.ITEMS, day("03-04"))
    assert days is not None
    assert days.days[-1].scope == 0


def test_the_steps_of_the_window_add_up_to_what_the_scope_rose_by() -> None:
    scope = analysis(facts([issue("A", "03-02"), issue("B", "03-09"), issue("C", "03-10", "03-11")]), window=1).scope
    assert isinstance(scope, Scope)
    assert (scope.ledger[-1].day, scope.added) == (day("03-10"), 2)
