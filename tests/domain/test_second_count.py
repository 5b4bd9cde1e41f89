"""Ten numbers of a real log counted a second time: from its raw lines, in SQL, sharing no code with the product."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.analysis import Analysis
from app.domain.flow import Flow
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from store.records import Category, Change, Issue
from tests.domain.build import analysis, facts

LOG = Path(__file__).parents[2] / ".." / "shared" / "real-data" / "helpdesk-history.jsonl.gz"
pytestmark = pytest.mark.skipif(not LOG.exists(), reason="real data lie beside the repository only")

_COUNTED = """
WITH known AS (SELECT * FROM moves WHERE day < :as_of),
     told AS (SELECT known.*, kinds.kind, lag(kinds.kind, 1, 'new') OVER (PARTITION BY key ORDER BY n) AS before,
                     row_number() OVER (PARTITION BY key ORDER BY n DESC) AS last_first
              FROM known JOIN kinds USING (status)),
     state AS (SELECT issues.key, issues.day AS created, coalesce(last.kind, 'new') AS kind,
                      (SELECT max(day) FROM told WHERE told.key = issues.key AND kind = 'done' AND before <> 'done')
                          AS done,
                      (SELECT min(day) FROM told WHERE told.key = issues.key AND kind = 'indeterminate') AS begun
               FROM issues LEFT JOIN told AS last ON last.key = issues.key AND last.last_first = 1
               WHERE issues.day < :as_of),
     finished AS (SELECT julianday(done) - julianday(coalesce(min(begun, done), done)) + 1 AS cycle,
                         julianday(done) - julianday(created) + 1 AS lead
                  FROM state WHERE kind = 'done' AND done >= :first)
SELECT (SELECT count(*) FROM state) AS total,
       (SELECT count(*) FROM state WHERE kind = 'done') AS done,
       (SELECT count(*) FROM state WHERE kind = 'indeterminate') AS in_progress,
       (SELECT count(*) FROM state WHERE kind = 'new') AS todo,
       (SELECT count(*) FROM finished) AS finished,
       (SELECT count(*) FROM state WHERE created >= :first) AS created,
       (SELECT count(*) FROM told WHERE before = 'done' AND kind <> 'done' AND day >= :first) AS left_done,
       (SELECT cycle FROM finished ORDER BY cycle LIMIT 1
        OFFSET (SELECT (count(*) + 1) / 2 - 1 FROM finished)) AS cycle_50,
       (SELECT lead FROM finished ORDER BY lead LIMIT 1
        OFFSET (SELECT (85 * count(*) + 99) / 100 - 1 FROM finished)) AS lead_85,
       (SELECT sum(julianday(:as_of) - julianday(begun)) FROM state WHERE kind = 'indeterminate') AS total_age
"""


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    with gzip.open(LOG, "rt", encoding="utf-8") as log:
        return [json.loads(line) for line in log]


def _moves(line: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for entry in line["changelog"]["histories"]:
        for item in entry["items"]:
            if item["field"] == "status":
                yield entry["created"], item["fromString"], item["toString"]


@pytest.fixture(scope="module")
def counted(lines: list[dict[str, Any]]) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    database.execute("CREATE TABLE issues (key TEXT PRIMARY KEY, day TEXT)")
    database.execute("CREATE TABLE moves (key TEXT, n INTEGER, day TEXT, status TEXT, PRIMARY KEY (key, n))")
    database.execute("CREATE TABLE kinds (status TEXT PRIMARY KEY, kind TEXT)")
    kinds = {"Open": "new", "Scheduled": "indeterminate", "Waiting for fix": "indeterminate", "Invalid": "done"}
    kinds |= {"In Progress": "indeterminate", "Fix available": "indeterminate"}
    for line in lines:
        status = line["fields"]["status"]
        kinds[status["name"]] = status["statusCategory"]["key"]
        database.execute("INSERT INTO issues VALUES (?, ?)", (line["key"], line["fields"]["created"][:10]))
        rows = [(line["key"], n, at[:10], to) for n, (at, _, to) in enumerate(_moves(line))]
        database.executemany("INSERT INTO moves VALUES (?, ?, ?, ?)", rows)
    database.executemany("INSERT INTO kinds VALUES (?, ?)", kinds.items())
    return database


def _told(lines: list[dict[str, Any]], as_of: date) -> Analysis:
    categories = {"new": Category.TODO, "indeterminate": Category.IN_PROGRESS, "done": Category.DONE}
    issues, changes = [], []
    for line in lines:
        fields, key = line["fields"], line["key"]
        status, kind = fields["status"]["name"], fields["status"]["statusCategory"]["key"]
        created = datetime.fromisoformat(fields["created"])
        issues.append(Issue(key, status=status, category=categories[kind], created=created))
        changes += [Change(key, datetime.fromisoformat(at), "status", before, to) for at, before, to in _moves(line)]
    return analysis(facts(issues, changes), as_of=as_of)


@pytest.mark.parametrize("as_of", [date(2011, 1, 3), date(2012, 6, 4), date(2013, 7, 1), date(2013, 3, 18)])
def test_ten_numbers_agree_with_a_count_in_sql(
    lines: list[dict[str, Any]], counted: sqlite3.Connection, as_of: date
) -> None:
    made = _told(lines, as_of)
    first = made.known.window[0]
    expected = dict(counted.execute(_COUNTED, {"as_of": as_of.isoformat(), "first": first.isoformat()}).fetchone())
    scope, flow, throughput = made.scope, made.flow, made.throughput
    assert isinstance(scope, Scope)
    assert isinstance(flow, Flow)
    assert isinstance(throughput, Throughput)
    assert {
        "total": scope.total,
        "done": scope.done,
        "in_progress": flow.counts.in_progress,
        "todo": flow.counts.todo,
        "finished": flow.finished,
        "created": sum(week.created for week in throughput.window),
        "left_done": scope.reopened,
        "cycle_50": flow.cycle_time.percentiles[50],
        "lead_85": flow.lead_time.percentiles[85],
        "total_age": flow.wip.total_age,
    } == expected
