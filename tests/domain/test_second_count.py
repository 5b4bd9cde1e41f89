"""The numbers of a real help desk counted a second time, by SQL alone, on days of all kinds of weeks."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.flow import Flow
from tests.domain.build import analysis, facts
from tests.domain.real_log import HELPDESK, help_desk_log
from tests.domain.sql_count import LEVELS, counted, counting

# What each status of the log means. Most tickets stand in one of which the log says it; of the others the name does,
# or, for "Scheduled" and "Fix available", the way: tickets came there from work.
MEANING = {
    **dict.fromkeys(("Open", "New"), "todo"),
    **dict.fromkeys(("In Progress", "Waiting for fix", "Waiting for customer", "Waiting for upgrade"), "in_progress"),
    **dict.fromkeys(("Scheduled", "Fix available"), "in_progress"),
    **dict.fromkeys(("Resolved", "Closed", "Verified", "Invalid"), "done"),
}


@pytest.fixture(scope="module")
def log() -> Iterator[tuple[sqlite3.Connection, Any]]:
    if not HELPDESK.exists():
        pytest.skip("the real data is not here")
    issues, changes = help_desk_log()
    firsts: dict[str, Any] = {}
    for change in sorted(changes, key=lambda change: change.at):
        firsts.setdefault(change.issue_key, change)
    begun = [
        (each.key, each.created, 0, firsts[each.key].from_value if each.key in firsts else each.status)
        for each in issues
        if each.created is not None
    ]
    moved = [(change.issue_key, change.at, place, str(change.to_value)) for place, change in enumerate(changes, 1)]
    database = counting((key, at, place, str(status), MEANING[str(status)]) for key, at, place, status in begun + moved)
    yield database, facts(issues, changes)
    database.close()


@pytest.mark.slow
@pytest.mark.parametrize("weeks", [12, None])
@pytest.mark.parametrize("as_of", [date(2010, 9, 15), date(2011, 7, 1), date(2012, 2, 29), date(2013, 11, 10)])
def test_sql_alone_finds_the_same_numbers(log: Any, as_of: date, weeks: int | None) -> None:
    database, known = log
    found = analysis(known, now=datetime(2026, 1, 1, tzinfo=UTC), as_of=as_of, window=weeks).flow
    assert isinstance(found, Flow)
    since = (as_of - timedelta(weeks=weeks)).isoformat() if weeks else ""
    told = {
        "counts": {"todo": found.counts.todo, "in_progress": found.counts.in_progress, "done": found.counts.done},
        "finished": found.finished,
        "cycle_time": {str(level): found.cycle_time.percentiles[level] for level in LEVELS},
        "lead_time": {str(level): found.lead_time.percentiles[level] for level in LEVELS},
        "by_status": dict(found.wip.by_status),
        "total_age": found.wip.total_age,
        "oldest": [[age.key, age.days] for age in found.age[:5]],
    }
    assert told == counted(database, as_of.isoformat(), since)
