"""What holds for every subject and every project, whatever happened in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.analysis import SUBJECTS, Analysis
from app.domain.calendar import Calendar
from app.domain.items import Unit
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from app.output.document import document
from store.records import Change, Issue, Sprint
from tests.domain.build import analysis, at, day, facts
from tests.domain.strategies import STATUSES, histories

History = tuple[list[Issue], list[Change]]
END = at("05-01 00:00")


def told(made: Analysis, *names: str) -> dict[str, Any]:
    """The documents of the subjects; lists in an order of their own."""
    return {name: _sorted(document(getattr(made, name))) for name in names or SUBJECTS}


# The name of a status is not known of a past day where no history tells it; whether histories are told is no matter
# of the day.
_NOT_OF_THE_DAY = ("status", "statuses", "by_status", "scope_membership_known")


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(part) for part in value), key=lambda part: json.dumps(part, sort_keys=True))
    return value


def of(issues: list[Issue], changes: list[Change], **params: Any) -> Analysis:
    sprint = Sprint("Sprint 1", source_id="1", state="active", start=at("03-09"), end=at("03-20"))
    params = {"now": END, "method": Method.PLAIN, **params}
    return analysis(facts(issues, changes, sprints=[sprint]), **params)


@given(histories(), st.randoms(use_true_random=False), st.sampled_from(Unit))
def test_the_order_of_issues_and_changes_means_nothing(history: History, random: Any, unit: Unit) -> None:
    issues, changes = list(history[0]), list(history[1])
    random.shuffle(issues)
    random.shuffle(changes)
    assert told(of(issues, changes, unit=unit)) == told(of(*history, unit=unit))


@given(histories(), st.integers(1, 60), st.sampled_from(Unit))
def test_what_was_known_on_a_day_is_not_changed_by_what_comes_later(history: History, length: int, unit: Unit) -> None:
    issues, changes = history
    cut = at("03-01 00:00") + timedelta(days=length)
    stood = [_as_it_stood(issue, changes, cut) for issue in issues if issue.created and issue.created < cut]
    assume(stood)
    before = [change for change in changes if change.at < cut]
    as_of = day("03-01") + timedelta(days=length)
    then, later = of(stood, before, as_of=as_of, unit=unit), of(issues, changes, as_of=as_of, unit=unit)
    assert _differences(_of_the_day(told(then)), _of_the_day(told(later))) == []


def _of_the_day(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _of_the_day(part) for key, part in value.items() if key not in _NOT_OF_THE_DAY}
    return [_of_the_day(part) for part in value] if isinstance(value, list) else value


def _differences(one: Any, other: Any, way: str = "") -> list[str]:
    """Where two documents differ; short, unlike the documents."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [found for key in one for found in _differences(one[key], other[key], f"{way}.{key}")]
    return [] if one == other else [f"{way}: {str(one)[:60]} / {str(other)[:60]}"]


def _as_it_stood(issue: Issue, changes: list[Change], cut: Any) -> Issue:
    """As a tracker would have told it at that moment."""
    values: dict[str, Any] = {"updated": max(at for at in (issue.created, *_instants(issue, changes, cut)) if at)}
    for field, named in (("status", "status"), ("points", "points")):
        later = [change for change in changes if change.issue_key == issue.key and change.field == field]
        undone = next((change for change in later if change.at >= cut), None)
        if undone is not None:
            text = undone.from_value
            values[named] = (float(text) if text else None) if field == "points" else text or ""
    if "status" in values:
        values["category"] = STATUSES[values["status"]]
    if issue.left_query is not None and issue.left_query >= cut:
        values |= {"left_query": None, "in_query": True}
    return replace(issue, **values)


def _instants(issue: Issue, changes: list[Change], cut: Any) -> list[Any]:
    return [change.at for change in changes if change.issue_key == issue.key and change.at < cut]


@given(histories(), st.sampled_from(Unit))
def test_as_of_today_is_what_is_known_now_when_nothing_happened_today(history: History, unit: Unit) -> None:
    now, today = of(*history, window=None, unit=unit), of(*history, window=None, unit=unit, as_of=day("05-01"))
    assert told(now, "scope", "forecast") == told(today, "scope", "forecast")
    if isinstance(now.throughput, Throughput):
        assert isinstance(today.throughput, Throughput)
        assert now.throughput.weeks == today.throughput.weeks
    if not isinstance(now.flow, NotEnoughData):
        assert not isinstance(today.flow, NotEnoughData)
        assert (now.flow.counts, now.flow.finished_keys) == (today.flow.counts, today.flow.finished_keys)


@given(histories(), st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kolkata"]))
def test_zones_and_clock_changes_move_nothing_but_days(history: History, zone: str) -> None:
    # What leaves on the day on which it is finished was finished, and which day that is the zone says.
    assume(all(issue.in_query for issue in history[0]))
    late = at("05-04 12:00")
    here, there = (of(*history, now=late, window=None, calendar=Calendar(tz)) for tz in (UTC, ZoneInfo(zone)))
    if isinstance(here.scope, Scope) and isinstance(there.scope, Scope):
        assert here.scope.remaining_keys == there.scope.remaining_keys
        assert (here.scope.total, here.scope.done) == (there.scope.total, there.scope.done)
    if isinstance(here.throughput, Throughput) and isinstance(there.throughput, Throughput):
        sums = [sum(week.done for week in weeks) for weeks in (here.throughput.weeks, there.throughput.weeks)]
        assert sums[0] == sums[1]


@given(histories(), st.sampled_from(Unit))
def test_what_is_finished_in_all_weeks_is_what_is_done(history: History, unit: Unit) -> None:
    made = of(*history, now=at("05-04 12:00"), window=None, unit=unit)
    if isinstance(made.throughput, Throughput) and isinstance(made.scope, Scope):
        weeks = [*made.throughput.weeks, *([made.throughput.running] if made.throughput.running else [])]
        gone = [item for item in made.items if item.done is not None and not item.in_scope]
        left_done = sum(item.size_on(item.done, unit) for item in gone if item.done and item.counted_on(item.done))
        in_scope = [item for item in made.items if item.done is not None and item.in_scope]
        then = sum(item.size_on(item.done, unit) for item in in_scope if item.done)
        assert sum(week.done for week in weeks) == pytest.approx(then + left_done)


@given(histories(), st.integers(1, 60))
def test_scope_flow_and_burndown_count_the_same_items(history: History, length: int) -> None:
    made = of(*history, as_of=day("03-01") + timedelta(days=length))
    if isinstance(made.scope, Scope):
        assert not isinstance(made.flow, NotEnoughData)
        counts = made.flow.counts
        assert counts.todo + counts.in_progress + counts.done == made.scope.total
        assert (counts.done, counts.in_progress) == (made.scope.done, made.scope.in_progress)
        assert not isinstance(made.burndown, NotEnoughData)
        end = made.burndown.days[-1]
        assert (end.scope, end.done) == (made.scope.total, made.scope.done)
