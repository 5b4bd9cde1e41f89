from app.domain.items import Unit
from app.domain.scope import Scope
from store.records import Change, Issue, Week
from tests.domain.build import analysis, at, day, done, facts, moves


def test_what_changed_the_scope_is_summed_without_its_sign_and_by_kind() -> None:
    issues = [
        Issue("A", status="To Do", created=at("03-02"), points=5.0),
        Issue("B", status="To Do", created=at("03-02"), points=5.0),
        done("C", created=at("03-03"), points=3.0),
        Issue("D", created=at("03-04"), points=2.0, in_query=False, left_query=at("03-06")),
    ]
    changes = [
        Change("A", at("03-05 10:00"), "points", "2", "5"),
        Change("B", at("03-05 11:00"), "points", "9", "5"),
        *moves("C", ("", "To Do"), ("03-05 10:00", "Done"), ("03-06 10:00", "To Do"), ("03-09 10:00", "Done")),
    ]
    scope = analysis(facts(issues, changes), unit=Unit.POINTS).scope
    assert isinstance(scope, Scope)
    assert (scope.total, scope.done, scope.remaining) == (13, 3, 10)
    assert (scope.added, scope.removed, scope.reestimated, scope.reopened) == (16, 2, 7, 3)
    # Upwards and downwards on one day are two steps, so that neither hides the other.
    steps = [(step.day, step.amount, step.keys) for step in scope.ledger if step.kind == "re-estimated"]
    assert steps == [(day("03-05"), 3, ("A",)), (day("03-05"), -4, ("B",))]


def test_only_what_happened_in_the_window_is_summed() -> None:
    issues = [Issue("A", status="To Do", created=at("02-27")), Issue("B", status="To Do", created=at("03-09"))]
    scope = analysis(facts(issues), window=1).scope
    assert isinstance(scope, Scope)
    assert (scope.total, scope.added, [step.keys for step in scope.ledger]) == (2, 1, [("B",)])
    # Seven days up to the 13th begin on the 7th.
    on_the_first = [*issues, *(Issue(f"C-{n}", status="To Do", created=at(f"03-0{n}")) for n in (6, 7))]
    scope = analysis(facts(on_the_first), window=1).scope
    assert isinstance(scope, Scope)
    assert [step.keys for step in scope.ledger] == [("C-7",), ("B",)]


def test_of_weekly_numbers_the_ledger_tells_what_came_in_each_week() -> None:
    weeks = [Week(day("03-02"), completed_items=2, created_items=5), Week(day("03-09"), completed_items=1)]
    scope = analysis(facts(weeks=weeks)).scope
    assert isinstance(scope, Scope)
    assert (scope.added, [(step.day, step.amount) for step in scope.ledger]) == (5, [(day("03-08"), 5)])
