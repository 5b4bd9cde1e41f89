"""Logs of other shapes, imported and asked for as a script would, against a count by SQL alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.cli.test_cli import Burndown
from tests.domain.sql_count import LEVELS, Stay, counted, counting

pytestmark = pytest.mark.slow

FIRST = datetime(2020, 1, 6, tzinfo=UTC)
DATES = (date(2020, 7, 1), date(2020, 11, 30), date(2021, 5, 17), date(2022, 1, 1))


@dataclass(frozen=True, slots=True)
class Shape:
    """How a team's log looks. `ways`: statuses with their category, in the order of the work."""

    ways: Sequence[tuple[str, str]]
    reopened: float = 0.1
    skipped: float = 0.1
    hours_between: float = 60
    zones: Sequence[float] = (0,)
    newest_first: bool = False
    begins_anywhere: bool = False
    together: float = 0


USUAL = (("Open", "new"), ("In Progress", "indeterminate"), ("Resolved", "done"), ("Closed", "done"))
LONG = (
    ("Backlog", "new"), ("Selected for Development", "new"), ("Development", "indeterminate"),
    ("Code Review", "indeterminate"), ("QA", "indeterminate"), ("Ready for Release", "indeterminate"),
    ("Released", "done"),
)  # fmt: skip
GERMAN = (("Offen", "new"), ("In Arbeit", "indeterminate"), ("Abnahme", "indeterminate"), ("Erledigt", "done"))
ODD = (("Queue 7", "new"), ("Desk B", "indeterminate"), ("Lab", "indeterminate"), ("Shelf", "done"))
SHAPES = {
    "usual": Shape(USUAL),
    "reopened again and again": Shape(USUAL, reopened=0.6),
    "statuses are skipped": Shape(LONG, skipped=0.7),
    "several moves a day": Shape(LONG, hours_between=2),
    "several zones": Shape(GERMAN, zones=(0, 5.5, -8, 13)),
    "newest change first": Shape(LONG, reopened=0.3, newest_first=True),
    "names that say nothing": Shape(ODD),
    "created in any status": Shape(LONG, begins_anywhere=True),
    "several moves at one instant": Shape(LONG, together=0.3),
    "the same, newest first": Shape(LONG, together=0.3, newest_first=True),
}
MEANING = {"new": "todo", "indeterminate": "in_progress", "done": "done"}


def stays_of(shape: Shape, random: Random) -> Iterator[list[tuple[datetime, str]]]:
    """For each issue when it came into which status; the first is its creation."""
    last = len(shape.ways) - 1
    for _ in range(250):
        at = FIRST + timedelta(minutes=random.randrange(60 * 24 * 700))
        place = random.randrange(last) if shape.begins_anywhere else 0
        stays = [(at, shape.ways[place][0])]
        while random.random() < (0.97 if place < last else shape.reopened):
            before = place
            if place == last:
                place = random.randrange(last)
            else:
                place = random.randrange(place + 1, last + 1) if random.random() < shape.skipped else place + 1
                if random.random() < 0.08:
                    place = random.randrange(last + 1)
            if place != before:
                if random.random() >= shape.together:
                    at += timedelta(minutes=1 + round(random.expovariate(1 / shape.hours_between) * 60))
                stays.append((at, shape.ways[place][0]))
        yield stays


def as_issue(number: int, stays: Sequence[tuple[datetime, str]], shape: Shape, random: Random) -> dict[str, Any]:
    """In the shape of Jira's answer."""

    def written(at: datetime) -> str:
        zone = timezone(timedelta(hours=random.choice(shape.zones)))
        return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S.000%z")

    status = stays[-1][1]
    category = dict(shape.ways)[status]
    histories = [
        {
            "id": str(number * 100 + place),
            "created": written(at),
            "items": [{"field": "status", "fieldId": "status", "fromString": came, "toString": went}],
        }
        for place, ((_, came), (at, went)) in enumerate(pairwise(stays))
    ]
    if shape.newest_first:
        histories.reverse()
    fields = {
        "summary": f"Ticket {number}",
        "issuetype": {"name": "Request"},
        "status": {"name": status, "statusCategory": {"key": category}},
        "created": written(stays[0][0]),
        # A comment, say, long after.
        "updated": written(stays[-1][0] + timedelta(days=random.choice((0, 0, 90)))),
        "resolutiondate": written(stays[-1][0]) if category == "done" else None,
    }
    changelog = {"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories}
    return {"id": str(number), "key": f"DESK-{number}", "fields": fields, "changelog": changelog}


@pytest.mark.parametrize("name", SHAPES)
def test_a_log_of_any_shape_is_counted_as_sql_alone_counts_it(name: str, tmp_path: Path, capsys: Any) -> None:
    shape, random = SHAPES[name], Random(name)
    histories = list(stays_of(shape, random))
    file = tmp_path / "log.jsonl"
    lines = [json.dumps(as_issue(number, stays, shape, random)) for number, stays in enumerate(histories, 1)]
    file.write_text("\n".join(lines), encoding="utf-8")
    meaning = {status: MEANING[category] for status, category in shape.ways}
    stays: list[Stay] = [
        (f"DESK-{number}", at, place, status, meaning[status])
        for number, each in enumerate(histories, 1)
        for place, (at, status) in enumerate(each)
    ]
    database = counting(stays)
    burndown = Burndown(tmp_path / "profiles", capsys)
    burndown("import", str(file), "--query", "Desk")
    for as_of in DATES:
        for weeks in (12, None):
            that_day = ("--subject", "flow", "--as-of", str(as_of), "--window", str(weeks or "all"))
            flow = burndown("metrics", *that_day)["flow"]
            since = str(as_of - timedelta(weeks=weeks)) if weeks else ""
            assert summary(flow) == counted(database, str(as_of), since), (as_of, weeks)


def summary(flow: dict[str, Any]) -> dict[str, Any]:
    percentiles = {part: flow[part]["percentiles"] for part in ("cycle_time", "lead_time")}
    oldest = sorted(flow["age"], key=lambda item: (-item["days"], item["key"]))[:5]
    return {
        "counts": {name: count for name, count in flow["counts"].items() if count},
        "finished": flow["finished"],
        **{part: {str(level): percentile[str(level)] for level in LEVELS} for part, percentile in percentiles.items()},
        "by_status": flow["wip"]["by_status"],
        "total_age": flow["wip"]["total_age"],
        "oldest": [[item["key"], item["days"]] for item in oldest],
    }


def test_what_was_done_when_it_came_took_a_day(tmp_path: Path, capsys: Any) -> None:
    """A whole and empty history: straight to done. Where a later finish is said, nobody knows when it was begun."""
    at = FIRST + timedelta(hours=9)
    born, lost = (as_issue(number, [(at, "Closed")], SHAPES["usual"], Random(1)) for number in (1, 2))
    lost["fields"]["resolutiondate"] = "2020-03-02T10:00:00.000+0000"
    file = tmp_path / "log.jsonl"
    file.write_text(f"{json.dumps(born)}\n{json.dumps(lost)}", encoding="utf-8")
    burndown = Burndown(tmp_path / "profiles", capsys)
    burndown("import", str(file), "--query", "Desk")
    flow = burndown("metrics", "--subject", "flow", "--as-of", "2020-04-06", "--window", "all")["flow"]
    assert flow["finished"] == 2
    assert [(item["key"], item["days"]) for item in flow["cycle_time"]["items"]] == [("DESK-1", 1)]
    assert [(item["key"], item["days"]) for item in flow["lead_time"]["items"]] == [("DESK-1", 1), ("DESK-2", 57)]
