"""Made-up data in the sizes that matter, and real data where the folder `shared` lies beside the project."""

from __future__ import annotations

import csv
import gzip
import json
import random
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from store.records import Category, Change, Issue

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


def recent_export(folder: Path, count: int = 22_000) -> Path:
    """So many issues, made up, and worked on until today: the real one ends years ago, so it has no forecast."""
    path = folder / "recent.csv"
    _write_export(path, count, datetime.now(UTC))
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
            description = f'What matters, with "quotes" and commas, number {number}'
            state = ["Bug", "Closed" if done else "Open", "BENCH", "High", "Fixed" if done else ""]
            days = [_export_day(created), _export_day(finished if done else created)]
            resolved = _export_day(finished) if done else ""
            rows.writerow([description, f"BENCH-{number}", 50_000 + number, *state, *days, resolved, *many,
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


_HOST = "https://jira.example.com/rest/api/2"


def _old_issue(number: int, count: int, dice: random.Random) -> dict[str, Any]:
    created = _END - timedelta(days=400 * (count - number) / count + 1)
    finished = created + timedelta(days=dice.expovariate(1 / 20))
    done = finished < _END
    return {
        "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
        "id": str(1_000_000 + number),
        "self": f"{_HOST}/issue/{1_000_000 + number}",
        "key": f"BENCH-{number}",
        "fields": {
            "project": _old_link("project", "1", key="BENCH", name="Bench", projectTypeKey="software"),
            "created": _jira_time(created),
            "resolutiondate": _jira_time(finished) if done else None,
            "status": _old_status(*_STATUSES[2 if done else 0]),
            "issuetype": _old_link("issuetype", "1", description="", name="Story", subtask=False, avatarId=10302),
            "fixVersions": [_old_version(number // 500)] if number % 2 else [],
            "customfield_10016": dice.choice((1.0, 2.0, 3.0, 5.0, None)),
            "customfield_10400": _old_link("customFieldOption", "1", value="None"),
            "customfield_11309": {"value": "STAGE", "id": "5"},
            "priority": _old_link("priority", "3", name="Medium", iconUrl="https://jira.example.com/p.svg"),
        },
    }


def _old_link(kind: str, number: str, **more: Any) -> dict[str, Any]:
    return {"self": f"{_HOST}/{kind}/{number}", "id": number, **more}


def _old_status(number: str, name: str, category: str) -> dict[str, Any]:
    icon = "https://jira.example.com/images/icons/statuses/generic.png"
    of = _old_link("statuscategory", "1", key=category, colorName="green", name=name)
    return _old_link("status", number, description="", iconUrl=icon, name=name, statusCategory=of)


def _old_version(number: int) -> dict[str, Any]:
    days = {"archived": False, "released": True, "releaseDate": f"{_END:%Y-%m-%d}"}
    return _old_link("version", str(20_000 + number), name=f"R_{number}_bench", **days)


def _old_history(issue: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    fields = issue["fields"]
    at = datetime.fromisoformat(fields["created"]) + timedelta(hours=dice.uniform(1, 8))
    steps = [("To Do", "Selected", at), ("Selected", "In Progress", at + timedelta(hours=1))]
    if fields["resolutiondate"]:
        steps.append(("In Progress", "Done", datetime.fromisoformat(fields["resolutiondate"])))
    histories = [
        {"created": _jira_time(at), "items": [{"field": "status", "fromString": old, "toString": new}]}
        for old, new, at in steps
    ]
    kept = {name: fields[name] for name in ("project", "fixVersions", "status", "issuetype", "created")}
    log = {"histories": histories, "total": len(histories)}
    return {"key": issue["key"], "fields": kept, "changelog": log, "last_updated": _END.isoformat()}


def made_issues(count: int, now: datetime) -> tuple[list[Issue], list[Change]]:
    """So many issues of the last two years, the older half done, each with two changes of its status."""
    issues, changes = [], []
    for number in range(count):
        created = now - timedelta(minutes=(count - number) * 1_051_200 // count)
        started, finished = created + timedelta(days=3), created + timedelta(days=9)
        done = number < count // 2
        issue = Issue(f"BENCH-{number}", f"What matters, number {number}", "Story", created=created, updated=finished)
        if done:
            issue = replace(issue, status="Done", category=Category.DONE, resolved=finished)
        else:
            issue = replace(issue, status="In Progress", category=Category.IN_PROGRESS)
        issues.append(replace(issue, points=3.0, labels=("backend",), fix_versions=(f"R {number // 500}",)))
        changes.append(Change(f"BENCH-{number}", started, "status", "To Do", "In Progress"))
        if done:
            changes.append(Change(f"BENCH-{number}", finished, "status", "In Progress", "Done"))
    return issues, changes


def _jira_time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
