"""Made-up data in the sizes that matter, and real data where the folder `shared` lies beside the project."""

from __future__ import annotations

import csv
import gzip
import json
import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_REAL = ROOT / ".." / "shared" / "real-data" / "TIMOB-jira-export.csv.gz"
_END = datetime(2026, 6, 1, 17, tzinfo=UTC)
_STATUSES = (("10001", "To Do", "new"), ("3", "In Progress", "indeterminate"), ("10007", "Done", "done"))


def big_export(folder: Path) -> Path:
    """A Jira export of about 22,000 issues: the real one, else one of that shape."""
    path = folder / "export.csv"
    if _REAL.exists():
        with gzip.open(_REAL) as packed, path.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    else:
        _write_export(path, 22_000, _END)
    return path


def recent_export(folder: Path) -> Path:
    """The same size, made up, and worked on until today: the real one ends years ago, so it has no forecast."""
    path = folder / "recent.csv"
    _write_export(path, 22_000, datetime.now(UTC))
    return path


def _write_export(path: Path, count: int, end: datetime) -> None:
    dice = random.Random(7)
    repeated = ["Fix Version/s"] * 3 + ["Component/s"] * 4 + ["Labels"] * 12 + ["Sprint"] * 9
    head = ["Summary", "Issue key", "Issue id", "Issue Type", "Status", "Project key", "Priority", "Resolution"]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([*head, "Created", "Updated", "Resolved", *repeated, "Status Category"])
        for number in range(1, count + 1):
            created = end - timedelta(hours=(count - number) * 4)
            finished = created + timedelta(days=dice.expovariate(1 / 40))
            done = finished < end
            many = [f"Sprint {number // 40}" if at == 19 else "" for at in range(len(repeated))]
            said = f'What matters, with "quotes" and commas, number {number}'
            state = ["Bug", "Closed" if done else "Open", "BENCH", "High", "Fixed" if done else ""]
            days = [_export_day(created), _export_day(finished if done else created)]
            resolved = _export_day(finished) if done else ""
            rows.writerow([said, f"BENCH-{number}", 50_000 + number, *state, *days, resolved, *many,
                           "Done" if done else "To Do"])  # fmt: skip


def _export_day(at: datetime) -> str:
    return f"{at.day:02}/{at:%b/%y} {at:%I:%M %p}".replace(" 0", " ")


def old_folder(root: Path, count: int) -> list[Path]:
    """An old installation with so many issues and their change history; its two large files."""
    dice = random.Random(11)
    query = root / "profiles" / "p_00000000000b" / "queries" / "q_00000000000b"
    query.mkdir(parents=True)
    issues, histories = [], {}
    for number in range(1, count + 1):
        issue = _old_issue(number, count, dice)
        issues.append(issue)
        histories[issue["key"]] = _old_history(issue, dice)
    now = _END.isoformat()
    cache = {"cache_version": "2.0", "timestamp": now, "jql_query": "project = BENCH",
             "issues": issues, "total_issues": count, "last_updated": now}  # fmt: skip
    profile = {"id": "p_00000000000b", "name": "Bench", "created_at": now, "last_used": now, "queries": [query.name]}
    registry = {"version": "3.0", "active_profile_id": profile["id"], "active_query_id": query.name,
                "profiles": {profile["id"]: profile}}  # fmt: skip
    large = [query / "jira_cache.json", query / "jira_changelog_cache.json"]
    written: dict[Path, Any] = {
        root / "profiles" / "profiles.json": registry,
        query.parents[1] / "profile.json": profile,
        query / "query.json": {"name": "All", "jql": "project = BENCH", "created_at": now},
        large[0]: cache,
        large[1]: histories,
    }
    for path, content in written.items():
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return large


def _old_issue(number: int, count: int, dice: random.Random) -> dict[str, Any]:
    created = _END - timedelta(days=400 * (count - number) / count + 1)
    finished = created + timedelta(days=dice.expovariate(1 / 20))
    done = finished < _END
    status = _STATUSES[2 if done else 0]
    host = "https://jira.example.com/rest/api/2"
    return {
        "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
        "id": str(1_000_000 + number),
        "self": f"{host}/issue/{1_000_000 + number}",
        "key": f"BENCH-{number}",
        "fields": {
            "project": {"self": f"{host}/project/1", "id": "1", "key": "BENCH", "name": "Bench"},
            "created": _jira_time(created),
            "resolutiondate": _jira_time(finished) if done else None,
            "status": {
                "self": f"{host}/status/{status[0]}",
                "description": "",
                "iconUrl": "https://jira.example.com/images/icons/statuses/generic.png",
                "name": status[1],
                "id": status[0],
                "statusCategory": {"self": f"{host}/statuscategory/1", "key": status[2], "name": status[1]},
            },
            "issuetype": {"self": f"{host}/issuetype/1", "id": "1", "name": "Story", "subtask": False},
            "fixVersions": [],
            "customfield_10016": dice.choice((1.0, 2.0, 3.0, 5.0, None)),
            "priority": {"self": f"{host}/priority/3", "name": "Medium", "id": "3"},
        },
    }


def _old_history(issue: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    fields = issue["fields"]
    created = datetime.fromisoformat(fields["created"])
    steps = [("To Do", "In Progress", created + timedelta(hours=dice.uniform(1, 8)))]
    if fields["resolutiondate"]:
        steps.append(("In Progress", "Done", datetime.fromisoformat(fields["resolutiondate"])))
    histories = [
        {"created": _jira_time(at), "items": [{"field": "status", "fromString": old, "toString": new}]}
        for old, new, at in steps
    ]
    kept = {name: fields[name] for name in ("project", "fixVersions", "status", "issuetype", "created")}
    log = {"histories": histories, "total": len(histories)}
    return {"key": issue["key"], "fields": kept, "changelog": log, "last_updated": _END.isoformat()}


def _jira_time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
