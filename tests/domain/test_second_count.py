"""The numbers of a real help desk counted a second time, by SQL alone, on days of all kinds of weeks."""

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
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


@pytest.fixture(scope="module", params=["all of it", "every other ticket", "those of 2010"])
def log(request: pytest.FixtureRequest) -> Iterator[tuple[sqlite3.Connection, Any]]:
    """The whole log, and parts of it that are logs of their own."""
    if not HELPDESK.exists():
        pytest.skip("the real data is not here")
    issues, changes = help_desk_log()
    if request.param != "all of it":
        is_half = request.param == "every other ticket"
        issues = [
            each
            for each in issues
            if (int(each.key.partition("-")[2]) % 2 == 0 if is_half else each.created and each.created.year == 2010)
        ]
        keys = {each.key for each in issues}
        changes = [change for change in changes if change.issue_key in keys]
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
    flow = analysis(known, now=datetime(2026, 1, 1, tzinfo=UTC), as_of=as_of, window=weeks).flow
    assert isinstance(flow, Flow)
    since = (as_of - timedelta(weeks=weeks)).isoformat() if weeks else ""
    document = {
        # SQL tells no category that nothing is in.
        "counts": {name: count for name, count in asdict(flow.counts).items() if count},
        "finished": flow.finished,
        "cycle_time": {str(level): flow.cycle_time.percentiles.get(level) for level in LEVELS},
        "lead_time": {str(level): flow.lead_time.percentiles.get(level) for level in LEVELS},
        "by_status": dict(flow.wip.by_status),
        "total_age": flow.wip.total_age,
        "oldest": [[age.key, age.days] for age in flow.age[:5]],
    }
    assert document == counted(database, as_of.isoformat(), since)
