"""The numbers of a real help desk counted a second time, by SQL alone, on days of all kinds of weeks."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.flow import Flow
from tests.domain.build import analysis, facts
from tests.domain.real_log import HELPDESK, help_desk_log

# What each status of the log means. Most tickets stand in one of which the log says it; of the others the name does,
# or, for "Scheduled" and "Fix available", the way: tickets came there from work.
MEANING = {
    **dict.fromkeys(("Open", "New"), "todo"),
    **dict.fromkeys(("In Progress", "Waiting for fix", "Waiting for customer", "Waiting for upgrade"), "in_progress"),
    **dict.fromkeys(("Scheduled", "Fix available"), "in_progress"),
    **dict.fromkeys(("Resolved", "Closed", "Verified", "Invalid"), "done"),
}

# Tickets as known before :as_of. A stay is done anew where the one before it was not; a ticket that rests in done was
# finished by the last such stay, and started by the first one in progress, else then.
TICKETS = """
WITH known AS (
    SELECT key, at, status, meaning, lag(meaning) OVER (PARTITION BY key ORDER BY at, place) AS before,
           row_number() OVER (PARTITION BY key ORDER BY at DESC, place DESC) AS back
    FROM stays WHERE at < :as_of
), tickets AS (
    SELECT key, min(at) AS created, max(CASE WHEN back = 1 THEN status END) AS status,
           max(CASE WHEN back = 1 THEN meaning END) AS meaning,
           min(CASE WHEN meaning = 'in_progress' THEN at END) AS first_work,
           max(CASE WHEN meaning = 'done' AND before IS NOT 'done' THEN at END) AS done
    FROM known GROUP BY key
), told AS (
    SELECT key, status, meaning, created, coalesce(first_work, done) AS start, done,
           julianday(date(done)) - julianday(date(coalesce(first_work, done))) + 1 AS cycle,
           julianday(date(done)) - julianday(date(created)) + 1 AS lead,
           julianday(:as_of) - julianday(date(coalesce(first_work, done))) AS age
    FROM tickets
)
"""
FINISHED = "FROM told WHERE meaning = 'done' AND done >= :since"


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
    ]
    moved = [(change.issue_key, change.at, place, str(change.to_value)) for place, change in enumerate(changes, 1)]
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE stays (key, at, place, status, meaning)")
    database.executemany(
        "INSERT INTO stays VALUES (?, ?, ?, ?, ?)",
        [
            (key, f"{at:%Y-%m-%d %H:%M:%S}", place, status, MEANING[str(status)])
            for key, at, place, status in begun + moved
        ],
    )
    yield database, facts(issues, changes)
    database.close()


def _percentile(database: sqlite3.Connection, what: str, level: int, asked: dict[str, str]) -> float:
    ranked = f"SELECT {what} AS days, row_number() OVER (ORDER BY {what}) AS rank, count(*) OVER () AS n {FINISHED}"
    query = f"{TICKETS} SELECT min(days) FROM ({ranked}) WHERE rank * 100 >= n * {level}"
    return float(database.execute(query, asked).fetchone()[0])


@pytest.mark.parametrize("weeks", [12, None])
@pytest.mark.parametrize("as_of", [date(2010, 9, 15), date(2011, 7, 1), date(2012, 2, 29), date(2013, 11, 10)])
def test_sql_alone_finds_the_same_numbers(log: Any, as_of: date, weeks: int | None) -> None:
    database, known = log
    found = analysis(known, now=datetime(2026, 1, 1, tzinfo=UTC), as_of=as_of, window=weeks).flow
    assert isinstance(found, Flow)
    since = (as_of - timedelta(weeks=weeks)).isoformat() if weeks else ""
    asked = {"as_of": as_of.isoformat(), "since": since}

    def rows(query: str) -> list[Any]:
        found: list[Any] = database.execute(f"{TICKETS} {query}", asked).fetchall()
        return found

    counts = dict(rows("SELECT meaning, count(*) FROM told GROUP BY meaning"))
    assert counts == {"todo": found.counts.todo, "in_progress": found.counts.in_progress, "done": found.counts.done}
    assert rows(f"SELECT count(*) {FINISHED}") == [(found.finished,)]
    for level in (50, 70, 85, 95):
        assert _percentile(database, "cycle", level, asked) == found.cycle_time.percentiles[level]
        assert _percentile(database, "lead", level, asked) == found.lead_time.percentiles[level]
    working = "FROM told WHERE meaning = 'in_progress'"
    assert dict(rows(f"SELECT status, count(*) {working} GROUP BY status")) == dict(found.wip.by_status)
    assert rows(f"SELECT sum(age) {working}") == [(found.wip.total_age,)]
    oldest = rows(f"SELECT key, age {working} ORDER BY age DESC, key LIMIT 5")
    assert oldest == [(age.key, age.days) for age in found.age[:5]]
