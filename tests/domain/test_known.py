import gc
import weakref
from datetime import date

from app.domain.analysis import ASKED_FOR, RECORDED, SUBJECTS, Scenario
from app.domain.forecast import Forecast
from app.domain.items import Unit
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from app.domain.recorded import recorded
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from store.records import Week
from tests.domain.build import analysis, day, facts, finished_each_week, issue

TEAM = finished_each_week([4] * 9, date(2026, 1, 5))
LEFT = [issue(f"O-{number}", "01-05") for number in range(12)]


def test_the_window_ends_on_the_last_day_known_and_holds_whole_weeks() -> None:
    live = analysis(facts(TEAM), window=2).known
    assert live.window == (day("02-28"), day("03-13"))
    past = analysis(facts(TEAM), window=2, as_of=day("03-09")).known
    assert past.window == (day("02-23"), day("03-08"))
    assert (past.window[1] - past.window[0]).days == 13


def test_a_window_of_all_weeks_begins_with_the_first_event() -> None:
    assert analysis(facts(TEAM), window=None).known.window == (day("01-05"), day("03-13"))


def test_a_period_bounds_what_is_told_and_not_what_is_learned_from() -> None:
    result = analysis(facts(TEAM), window=3, period=(day("02-01"), None))
    assert result.known.window == (day("02-01"), day("03-13"))
    assert isinstance(result.throughput, Throughput)
    assert len(result.throughput.window) == 3


def test_all_weeks_are_learned_from_where_no_window_is_set() -> None:
    result = analysis(facts(TEAM + LEFT), window=None)
    assert isinstance(result.throughput, Throughput)
    assert len(result.throughput.window) == len(result.throughput.weeks) == 9


def test_why_single_items_cannot_be_told_is_said_in_one_place() -> None:
    by_week = analysis(facts(weeks=[Week(day("03-02"), completed_items=5)])).known
    assert by_week.missing is None
    assert by_week.missing_issues is not None
    assert "Import the issues" in by_week.missing_issues.reason
    too_early = analysis(facts(TEAM), as_of=day("01-05")).known
    assert too_early.missing == too_early.missing_issues
    assert too_early.missing is not None
    assert "2026-01-05" in too_early.missing.reason
    assert analysis(facts(TEAM)).known.missing_issues is None


def test_another_scenario_shares_the_items_and_leaves_the_first_as_it_was() -> None:
    result = analysis(facts(TEAM + LEFT), method=Method.PLAIN)
    less = result.with_(Scenario(remaining=4.0, unit=Unit.ITEMS, window=6))
    assert less.items is result.items
    assert isinstance(less.forecast, Forecast)
    assert isinstance(result.forecast, Forecast)
    assert (less.forecast.weeks[85], result.forecast.weeks[85]) == (1, 3)
    assert len(less.forecast.samples) == 6


def test_a_scenario_of_another_day_builds_its_own_items() -> None:
    result = analysis(facts(TEAM + LEFT))
    then = result.with_(Scenario(as_of=day("01-12")))
    assert isinstance(then.scope, Scope)
    assert isinstance(result.scope, Scope)
    assert (then.scope.done, result.scope.done) == (4, 36)


def test_every_subject_has_a_result_or_its_reason_and_what_is_recorded_comes_from_it() -> None:
    result = analysis(facts(TEAM + LEFT))
    # Sprints want dates, epics parts, bugs types, a budget money, milestones a day.
    missing = {name for name in SUBJECTS if isinstance(getattr(result, name), NotEnoughData)}
    assert missing == {"sprints", "epics", "bugs", "budget", "milestones"}
    kept = {
        metric: values
        for name, source in RECORDED.items()
        for metric, values in recorded(name, getattr(result, source), result.known).items()
    }
    assert {record.metric: record.values for record in result.snapshot()} == kept
    lists = [name for name in SUBJECTS if name not in RECORDED]
    assert [recorded(name, getattr(result, name), result.known) for name in lists] == [{}] * len(lists)
    empty = analysis(facts())
    assert all(isinstance(getattr(empty, name), NotEnoughData) for name in SUBJECTS)


def test_the_record_of_a_week_derives_no_more_than_it_keeps() -> None:
    result = analysis(facts(TEAM + LEFT))
    result.snapshot()
    assert not {"flow", "scope", "ledger", "burndown"} & result.__dict__.keys()
    assert not {"cfd", "series"} & result.work_to_flow.__dict__.keys()


def test_an_analysis_goes_with_the_last_who_asks_it() -> None:
    """In a circle all of its issues would stay until the collector comes, which is calm."""
    result = analysis(facts(TEAM + LEFT))
    result.snapshot()
    for name in (*SUBJECTS, *ASKED_FOR):
        getattr(result, name)
    gone = weakref.ref(result)
    gc.disable()
    try:
        del result
        assert gone() is None
    finally:
        gc.enable()
