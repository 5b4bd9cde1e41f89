import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import Calendar
from app.domain.flow import Flow, daily_samples, estimates, predictability
from app.domain.missing import NotEnoughData
from app.output.document import document
from store.records import Category, Change, Issue, QueryFacts, Week
from tests.domain.build import CALENDAR, analysis, at, day, facts, issue, moves
from tests.domain.five_items import CHANGES, ISSUES
from tests.domain.real_log import HELPDESK, help_desk_log
from tests.domain.strategies import histories

ORACLE = HELPDESK.parents[1] / "forecast-oracles" / "helpdesk.json"


def flow_of(known: QueryFacts, **params: Any) -> Flow:
    flow = analysis(known, **params).flow
    assert isinstance(flow, Flow)
    return flow


def test_what_is_under_way_is_told_with_its_age_and_its_items() -> None:
    flow = flow_of(facts(ISSUES, CHANGES), as_of=day("03-14"), window=2)
    assert (flow.counts.todo, flow.counts.in_progress, flow.counts.done) == (0, 1, 4)
    assert (flow.wip.count, flow.wip.keys, flow.wip.total_age) == (1, ("X4",), 12)
    assert (dict(flow.wip.by_status), dict(flow.wip.by_type)) == ({"Review": 1}, {"Bug": 1})
    assert [(age.key, age.days) for age in flow.age] == [("X4", 12)]


def test_what_was_finished_in_the_window_is_told_with_its_times() -> None:
    flow = flow_of(facts(ISSUES, CHANGES), as_of=day("03-14"), window=2)
    assert (flow.start, flow.end) == (day("02-28"), day("03-13"))
    assert (flow.finished, flow.finished_keys) == (4, ("X1", "X2", "X3", "X5"))
    assert [each.key for each in flow.cycle_time.items] == ["X3", "X1", "X2", "X5"]
    assert dict(flow.cycle_time.percentiles) == {50: 4, 70: 8, 85: 8, 95: 8}
    # Lead times by hand: X3 3, X1 5, X2 10, X5 8 days.
    assert dict(flow.lead_time.percentiles) == {50: 5, 70: 8, 85: 10, 95: 10}
    last_week = flow_of(facts(ISSUES, CHANGES), as_of=day("03-14"), window=1)
    assert last_week.finished_keys == ("X2", "X5")
    assert last_week.before is not None
    assert (last_week.before.finished, dict(last_week.before.cycle_time)[85]) == (2, 4)


def test_what_is_finished_on_the_first_day_of_the_window_is_in_it_and_not_in_the_days_before() -> None:
    flow = flow_of(facts(ISSUES, CHANGES), as_of=day("03-13"), window=1)
    assert (flow.start, flow.finished_keys) == (day("03-06"), ("X1", "X2"))
    assert flow.before is not None
    assert (flow.before.start, flow.before.finished) == (day("02-27"), 1)
    # The service level is what X3 alone kept, finished on the evening before.
    assert not isinstance(flow.sle, NotEnoughData)
    assert (flow.sle.source, flow.sle.days, flow.sle.n) == ("earlier", 1, 2)


def test_what_happened_later_is_not_known_on_a_past_day() -> None:
    flow = flow_of(facts(ISSUES, CHANGES), as_of=day("03-09"), window=1)
    # X2 was done then and was reopened only on the 9th; X4 lay in the backlog again.
    assert (flow.counts.todo, flow.counts.in_progress, flow.counts.done) == (1, 1, 3)
    assert [(age.key, age.days) for age in flow.age] == [("X5", 3)]
    assert flow.sent_back == ("X4",)


def test_the_series_and_the_limits_go_by_whole_weeks() -> None:
    flow = flow_of(facts(ISSUES, CHANGES), as_of=day("03-14"), window=2)
    assert [(point.start, point.value) for point in flow.series.wip] == [(day("03-02"), 1)]
    assert [(point.start, point.value) for point in flow.series.cycle_time_85] == [(day("03-02"), 4)]
    assert flow.series.limits["wip"].mean == 1
    assert [point.value for point in flow.series.blocked] == [0]
    # X5 was blocked from the 9th to the 11th.
    midweek = flow_of(facts(ISSUES, CHANGES), as_of=day("03-11"), window=1, calendar=Calendar(UTC, week_start=2))
    assert [(point.start, point.value) for point in midweek.series.blocked] == [(day("03-04"), 1)]
    assert [(week.start, week.arrived, week.left) for week in flow.net_flow] == [(day("03-02"), 5, 2)]


def test_what_is_under_way_is_no_second_copy_of_the_items_where_ages_count_from_creation() -> None:
    under_way = [issue(f"X{number}", "03-01", category=Category.IN_PROGRESS) for number in range(3)]
    known = analysis(facts(under_way), as_of=day("03-14"))
    assert not isinstance(known.work_to_flow, NotEnoughData)
    assert known.work_to_flow.from_creation
    assert {id(item) for item in known.work_to_flow.in_progress} == {id(item) for item in known.items}
    assert [(age.key, age.days) for age in known.work_to_flow.age] == [("X0", 13), ("X1", 13), ("X2", 13)]
    assert {each.since for each in known.work_to_flow.stalled} == {at("03-01")}


def test_without_any_start_times_and_ages_count_from_creation_and_say_so() -> None:
    open_item = Issue("B", status="Doing", category=Category.IN_PROGRESS, created=at("03-10"))
    flow = flow_of(facts([issue("A", "03-02", "03-06"), open_item]), as_of=day("03-14"))
    assert flow.counts_from == "creation"
    assert [(each.key, each.days) for each in flow.cycle_time.items] == [("A", 5)]
    assert [(age.key, age.days) for age in flow.age] == [("B", 4)]
    # Nobody knows how many were in progress on earlier days, so Little's law would speak of noughts.
    assert flow.little is None
    with_starts = flow_of(facts(ISSUES, CHANGES))
    assert with_starts.counts_from == "start"
    assert with_starts.little is not None


def test_the_share_of_work_names_the_items_that_it_is_of() -> None:
    flow = flow_of(facts(ISSUES, CHANGES), as_of=day("03-14"), window=2)
    # X3 went straight to done and stood in no status that means in progress.
    assert flow.efficiency.keys == ("X1", "X2", "X5")
    assert flow.efficiency.n == 3


def test_the_service_level_of_the_profile_counts() -> None:
    service_level = flow_of(facts(ISSUES, CHANGES), as_of=day("03-14"), sle_days=4, sle_level=70).sle
    assert not isinstance(service_level, NotEnoughData)
    assert (service_level.days, service_level.level, service_level.met, service_level.n, service_level.source) == (
        4,
        70,
        2,
        4,
        "set",
    )


def test_the_estimate_that_counts_is_the_one_when_work_started() -> None:
    issues, changes = [], []
    for number, points in enumerate((1, 2, 3)):
        key = f"A-{number}"
        issues.append(Issue(key, status="Done", category=Category.DONE, created=at("03-01"), points=99.0 - points))
        changes += moves(key, ("", "New"), ("03-03", "Doing"), (f"03-{4 + number:02d}", "Done"))
        changes.append(Change(key, at("03-02"), "points", None, str(points)))
        changes.append(Change(key, at("03-09"), "points", str(points), str(99 - points)))
    flow = flow_of(facts(issues, changes), as_of=day("03-14"))
    assert (flow.estimates.n, flow.estimates.rho) == (3, 1.0)
    assert [(each.key, each.points, each.days) for each in flow.estimates.items] == [
        ("A-0", 1, 2), ("A-1", 2, 3), ("A-2", 3, 4),
    ]  # fmt: skip
    none = estimates([], flow.cycle_time.__class__(0, {}, None, ()))
    assert (none.n, none.rho) == (0, None)


def test_predictability_is_the_cautious_amount_over_the_even_one() -> None:
    # Six draws of these: at least 20 with even odds, at least 12 with 95 % confidence, counted exactly.
    assert predictability([3, 5, 0, 4, 2, 6], 6) == pytest.approx(0.6)
    assert predictability([4, 4, 4], 22) == 1.0
    assert predictability([0, 0], 22) is None
    assert predictability([], 22) is None
    assert predictability([0] * 30 + [1], 1) == 0.0


def test_what_is_finished_on_a_day_off_counts_on_the_next_working_day() -> None:
    friday, monday = day("03-06"), day("03-09")
    done = {friday: 1, friday + timedelta(days=1): 2, monday: 4}
    assert daily_samples(done, CALENDAR.is_working, friday, monday) == [1, 6]
    assert daily_samples(done, CALENDAR.is_working, friday, friday + timedelta(days=2)) == [3]
    assert daily_samples(done, CALENDAR.is_working, friday + timedelta(days=1), friday + timedelta(days=2)) == []


def test_weekly_numbers_have_no_flow_and_say_why() -> None:
    flow = analysis(facts(weeks=[Week(day("03-02"), completed_items=3)])).flow
    assert isinstance(flow, NotEnoughData)
    assert "single items" in flow.reason


def test_the_document_has_the_keys_of_the_contract() -> None:
    result = document(flow_of(facts(ISSUES, CHANGES), as_of=day("03-14"), window=2))
    assert result["blocked_spells"] == [
        {
            "key": "X5",
            "from": "2026-03-09T15:00:00+00:00",
            "to": "2026-03-11T15:00:00+00:00",
            "days": 2,
            "why": "Blocked",
        }
    ]
    assert [(part["class"], part["done"]) for part in result["mix"]] == [("Feature", 2), ("Defect", 2)]
    assert result["cycle_time"]["percentiles"] == {"50": 4, "70": 8, "85": 8, "95": 8}
    assert result["cycle_time"]["items"][0]["start"] == "2026-03-05"
    assert result["wip"] | {"keys": []} == {
        "count": 1, "by_status": {"Review": 1}, "by_type": {"Bug": 1}, "total_age": 12, "keys": [], "limit": None
    }  # fmt: skip


@given(histories(), st.randoms(), st.integers(0, 60))
def test_the_order_of_the_issues_makes_no_difference(
    history: tuple[list[Issue], list[Change]], rng: Any, days: int
) -> None:
    issues, changes = history
    as_of = day("03-05") + timedelta(days=days)
    before = analysis(facts(issues, changes), as_of=as_of, window=4).flow
    rng.shuffle(issues)
    rng.shuffle(changes)
    assert analysis(facts(issues, changes), as_of=as_of, window=4).flow == before


@given(histories(), st.integers(0, 60))
def test_a_past_day_does_not_change_when_later_data_come(history: tuple[list[Issue], list[Change]], days: int) -> None:
    issues, changes = history
    as_of = day("03-05") + timedelta(days=days)
    bound = CALENDAR.start_of(as_of)
    now = analysis(facts(issues, changes), as_of=as_of, window=4).flow
    later = Issue("Z-1", status="Done", category=Category.DONE, created=bound + timedelta(hours=1))
    # The first change of an issue also tells in which status it was before, which was not known then.
    issue_keys = {change.issue_key for change in changes if change.field == "status" and change.at < bound}
    moved = [
        Change(each.key, bound + timedelta(days=70), "status", each.status, "To Do")
        for each in issues
        if each.key in issue_keys
    ]
    assert analysis(facts([*issues, later], [*changes, *moved]), as_of=as_of, window=4).flow == now


@given(histories(), st.sampled_from(["Pacific/Auckland", "America/St_Johns", "Europe/Berlin", "Pacific/Apia"]))
def test_the_same_local_hours_give_the_same_numbers_in_every_zone(
    history: tuple[list[Issue], list[Change]], name: str
) -> None:
    """Moved so that the clocks on the walls show the same; spans in hours differ where a clock was put forward."""
    zone = ZoneInfo(name)

    def moved(instant: datetime) -> datetime:
        return instant.replace(tzinfo=zone).astimezone(UTC)

    issues = [_moved(each, moved, ("created", "updated", "resolved", "left_query")) for each in history[0]]
    changes = [_moved(each, moved, ("at",)) for each in history[1]]
    here = analysis(facts(*history), as_of=day("05-04"), window=9).flow
    there = analysis(facts(issues, changes), as_of=day("05-04"), window=9, calendar=Calendar(zone)).flow
    assert isinstance(here, Flow)
    assert isinstance(there, Flow)
    for name in ("counts", "finished_keys", "wip", "cfd", "net_flow", "sent_back", "pace", "predictability", "mix"):
        assert getattr(here, name) == getattr(there, name), name
    assert [each.days for each in here.cycle_time.items] == [each.days for each in there.cycle_time.items]
    assert [(age.key, age.days, age.chance_of_sle) for age in here.age] == [
        (age.key, age.days, age.chance_of_sle) for age in there.age
    ]


def _moved(record: Any, move: Any, names: tuple[str, ...]) -> Any:
    from dataclasses import replace

    return replace(record, **{name: move(at) for name in names if (at := getattr(record, name)) is not None})


@pytest.fixture(scope="module")
def helpdesk() -> QueryFacts:
    if not HELPDESK.exists():
        pytest.skip("the real data is not here")
    return facts(*help_desk_log())


@pytest.mark.slow
def test_a_real_help_desk_has_the_numbers_that_were_counted_elsewhere(helpdesk: QueryFacts) -> None:
    for expected in json.loads(ORACLE.read_text(encoding="utf-8"))["expected"]:
        as_of = date.fromisoformat(expected["as_of"])
        flow = flow_of(helpdesk, now=datetime(2026, 1, 1, tzinfo=UTC), as_of=as_of, window=expected["window_weeks"])
        counts = {"todo": flow.counts.todo, "in_progress": flow.counts.in_progress, "done": flow.counts.done}
        assert {name: count for name, count in counts.items() if count} == expected["counts"]
        assert (flow.finished, flow.cycle_time.n) == (expected["finished"], expected["with_start"])
        assert {str(level): days for level, days in flow.cycle_time.percentiles.items()} == expected["cycle_time"]
        assert {str(level): days for level, days in flow.lead_time.percentiles.items()} == expected["lead_time"]
        assert dict(flow.wip.by_status) == expected["wip"]
        assert [[age.key, age.days] for age in flow.age[:5]] == expected["oldest"]
        assert flow.wip.total_age == expected["total_age"]
        assert flow.series.total_age[-1].value == flow.wip.total_age
