import threading
from datetime import date

import pytest

from app.domain.analysis import Scenario
from app.domain.forecast import Forecast, HowMany
from app.domain.items import Unit
from app.domain.known import Growth, Method
from app.domain.milestones import Milestones
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope, scope_of_items
from app.domain.throughput import Throughput
from store.records import Category, Issue, Milestone, Week
from tests.domain.build import analysis, at, day, done, facts, finished_each_week, issue, items_of

MONDAY = date(2026, 1, 5)
# Four a week, to 8 March, and twelve left: three weeks from Monday 9 March.
TEAM = finished_each_week([4] * 9, MONDAY)
LEFT = [issue(f"O-{number}", "01-05") for number in range(12)]


def test_scope_tells_done_under_way_and_to_do_apart_and_names_the_items() -> None:
    items = items_of([
        done("A", created=at("03-02"), resolved=at("03-03"), points=5.0),
        Issue("B", status="Doing", category=Category.IN_PROGRESS, created=at("03-02"), points=3.0),
        Issue("C", status="To Do", created=at("03-02")),
        issue("D", "03-02", in_query=False, left_query=at("03-04")),
    ])  # fmt: skip
    assert scope_of_items(items, Unit.ITEMS) == Scope(3, 1, 2, 1, 1, 0, ("B", "C"))
    assert scope_of_items(items, Unit.POINTS) == Scope(8, 5, 3, 3, 0, 1, ("B", "C"), ("C",))


def test_one_forecast_from_the_issues() -> None:
    result = analysis(facts(TEAM + LEFT), as_of=day("03-09"), method=Method.PLAIN, deadline=day("03-30"))
    assert isinstance(result.forecast, Forecast)
    assert result.remaining == 12
    assert result.forecast.samples == (4,) * 9
    assert result.forecast.dates[85] == day("03-30")
    assert result.chance == 1.0
    assert result.required_pace == 4.0
    assert result.baseline is result.forecast


def test_without_a_deadline_there_is_no_chance_and_no_required_pace() -> None:
    result = analysis(facts(TEAM + LEFT), as_of=day("03-09"))
    assert (result.chance, result.required_pace) == (None, None)
    past = analysis(facts(TEAM + LEFT), as_of=day("03-09"), method=Method.PLAIN, deadline=day("03-01"))
    assert (past.chance, past.required_pace) == (0.0, None)


def test_finished_work_makes_every_deadline() -> None:
    result = analysis(facts(TEAM), as_of=day("03-16"), deadline=day("03-01"))
    assert result.chance == 1.0


def test_each_milestone_has_its_chance() -> None:
    known = facts(TEAM + LEFT, milestones=[Milestone("Beta", day("03-23")), Milestone("Launch", day("04-06"))])
    result = analysis(known, as_of=day("03-09"), method=Method.PLAIN)
    assert isinstance(result.milestones, Milestones)
    outcome = [(each.name, each.day, each.chance) for each in result.milestones.milestones]
    assert outcome == [("Beta", day("03-23"), 0.0), ("Launch", day("04-06"), 1.0)]


def test_how_many_does_not_depend_on_what_remains() -> None:
    how_many = analysis(facts(TEAM), as_of=day("03-09"), method=Method.PLAIN).how_many(3)
    assert isinstance(how_many, HowMany)
    assert how_many.amounts[85] == 12


def test_a_remaining_amount_from_the_user_is_forecast_instead_of_the_derived_one() -> None:
    result = analysis(facts(TEAM + LEFT), as_of=day("03-09"), method=Method.PLAIN, remaining=20.0)
    assert isinstance(result.forecast, Forecast)
    assert result.forecast.weeks[85] == 5
    assert isinstance(result.scope, Scope)
    assert result.scope.remaining == 12


def test_the_seed_is_the_same_for_the_same_question_and_another_for_another() -> None:
    seeds = [
        analysis(facts(TEAM + LEFT), as_of=day(text), window=window).settings.seed
        for text, window in (("03-09", 12), ("03-09", 12), ("03-10", 12), ("03-09", 6))
    ]
    assert seeds[0] == seeds[1]
    assert len(set(seeds)) == 3
    assert analysis(facts(TEAM), seed=7).settings.seed == 7


def test_open_items_without_points_are_no_finished_work() -> None:
    forecast = analysis(facts(TEAM + LEFT), as_of=day("03-09"), unit=Unit.POINTS).forecast
    assert isinstance(forecast, NotEnoughData)
    assert forecast.reason == "No open item has points, and 12 are open. Estimate them, or count in items."


def test_items_without_points_are_warned_of_beside_a_forecast_in_points() -> None:
    estimated = [Issue(each.key, created=each.created, resolved=each.resolved, points=2.0) for each in TEAM + LEFT[:-1]]
    forecast = analysis(facts([*estimated, LEFT[-1]]), as_of=day("03-09"), unit=Unit.POINTS).forecast
    assert isinstance(forecast, Forecast)
    assert forecast.remaining == 22
    assert "1 open item has no points and counts as 0." in forecast.warnings


def test_the_warning_of_an_outdated_table_reaches_the_forecast() -> None:
    rows = [Week(day(text), completed_items=4, created_items=6) for text in ("02-02", "02-09")]
    forecast = analysis(facts(weeks=rows), as_of=day("03-09")).forecast
    assert isinstance(forecast, Forecast)
    assert any("not counted as zero" in warning for warning in forecast.warnings)


def test_a_query_without_any_data_says_what_to_do() -> None:
    empty = analysis(facts())
    for each in (empty.scope, empty.throughput, empty.burndown, empty.forecast, empty.last_week, empty.how_many(4)):
        assert isinstance(each, NotEnoughData)
        assert "Import a file" in each.reason
    assert empty.snapshot() == ()


def test_a_day_before_the_project_knows_nothing() -> None:
    scope = analysis(facts(TEAM), as_of=day("01-05", 2025)).scope
    assert isinstance(scope, NotEnoughData)
    assert "Nothing was known on 2025-01-05" in scope.reason


def test_at_asks_the_same_of_an_earlier_day() -> None:
    now = analysis(facts(TEAM + LEFT))
    then = now.with_(Scenario(as_of=day("03-02")))
    assert isinstance(then.throughput, Throughput)
    assert len(then.throughput.weeks) == 8
    assert then.params.trials == now.params.trials


def test_a_snapshot_records_the_week_of_the_last_day_known() -> None:
    known = facts([*TEAM, *LEFT, Issue("W", type="Bug", status="Doing", category=Category.IN_PROGRESS,
                                       created=at("03-02"))])  # fmt: skip
    records = {
        snapshot.metric: snapshot for snapshot in analysis(known, as_of=day("03-09"), method=Method.PLAIN).snapshot()
    }
    assert set(records) == {"scope", "throughput", "forecast", "flow_load", "flow_time", "bugs", "health"}
    assert {each.week for each in records.values()} == {"2026-W10"}
    assert records["scope"].values["remaining"] == 13
    assert records["throughput"].values["pace_per_week"] == 4
    assert (records["forecast"].values["weeks_85"], records["forecast"].values["date_85"]) == (4, "2026-04-06")
    assert records["flow_time"].values == {
        "completed_count": 4, "median_days": None, "avg_days": None, "p85_days": None,
    }  # fmt: skip


def test_a_snapshot_of_now_counts_the_work_under_way() -> None:
    doing = Issue("W", type="Bug", status="Doing", category=Category.IN_PROGRESS, created=at("03-02"))
    timed = issue("T", "03-02", "03-12", started=at("03-10"))
    records = {snapshot.metric: snapshot.values for snapshot in analysis(facts([*TEAM, doing, timed])).snapshot()}
    assert records["flow_load"] == {"wip_count": 1, "by_status": {"Doing": 1}, "by_issue_type": {"Bug": 1}}
    assert records["flow_time"] == {"completed_count": 1, "median_days": 2.0, "avg_days": 2.0, "p85_days": 2.0}


@pytest.mark.parametrize("unit", Unit)
def test_weekly_numbers_forecast_in_both_units(unit: Unit) -> None:
    rows = [
        Week(day(text), completed_items=4, completed_points=4.0)
        for text in ("02-02", "02-09", "02-16", "02-23", "03-02")
    ]
    known = facts(weeks=rows, scope={"remaining_items": 12, "remaining_points": 12})
    forecast = analysis(known, as_of=day("03-09"), method=Method.PLAIN, unit=unit).forecast
    assert isinstance(forecast, Forecast)
    assert forecast.weeks == {50: 3, 70: 3, 85: 3, 95: 3}


def test_two_threads_are_given_the_same_items() -> None:
    known = facts(TEAM + LEFT)
    each = analysis(known)
    each = type(each)(each.facts, each.params, threading.RLock())
    results: list[object] = []
    threads = [threading.Thread(target=lambda: results.append(each.items)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(items) for items in results}) == 1


def test_with_new_work_it_is_the_forecast_that_such_an_analysis_would_give_by_itself() -> None:
    result = analysis(facts(TEAM + LEFT), as_of=day("03-09"))
    assert result.growing == result.with_(Scenario(growth=Growth.PAST)).forecast
    assert result.growing != result.forecast
