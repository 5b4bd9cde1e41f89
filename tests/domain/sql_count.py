"""A log of issues counted by SQL alone, with nothing of ours."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

# Issues as known before :as_of. A stay is done anew where the one before it was not; an issue that rests in done was
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
LEVELS = (50, 70, 85, 95)

Stay = tuple[str, datetime, int, str, str]


def counting(stays: Iterable[Stay]) -> sqlite3.Connection:
    """`stays`: key, since when, a number that orders what is of one instant, status, meaning."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE stays (key, at, place, status, meaning)")
    rows = ((key, f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", *rest) for key, at, *rest in stays)
    database.executemany("INSERT INTO stays VALUES (?, ?, ?, ?, ?)", rows)
    return database


def counted(database: sqlite3.Connection, as_of: str, since: str) -> dict[str, Any]:
    """The ten numbers of a day; `since`: first day of the window, empty for all."""
    texts = {"as_of": as_of, "since": since}

    def rows(query: str) -> list[Any]:
        result: list[Any] = database.execute(f"{TICKETS} {query}", texts).fetchall()
        return result

    def percentile(what: str, level: int) -> float | None:
        ranked = f"SELECT {what} AS days, row_number() OVER (ORDER BY {what}) AS rank, count(*) OVER () AS n {FINISHED}"
        ((value,),) = rows(f"SELECT min(days) FROM ({ranked}) WHERE rank * 100 >= n * {level}")
        return None if value is None else float(value)

    working = "FROM told WHERE meaning = 'in_progress'"
    return {
        "counts": dict(rows("SELECT meaning, count(*) FROM told GROUP BY meaning")),
        "finished": rows(f"SELECT count(*) {FINISHED}")[0][0],
        "cycle_time": {str(level): percentile("cycle", level) for level in LEVELS},
        "lead_time": {str(level): percentile("lead", level) for level in LEVELS},
        "by_status": dict(rows(f"SELECT status, count(*) {working} GROUP BY status")),
        "total_age": rows(f"SELECT coalesce(sum(age), 0) {working}")[0][0],
        "oldest": [list(row) for row in rows(f"SELECT key, age {working} ORDER BY age DESC, key LIMIT 5")],
    }
