"""Writes folders as the old app's last JSON version did, of any size and with made-up content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

STATUSES = (("To Do", "new"), ("In Progress", "indeterminate"), ("In Review", "indeterminate"), ("Done", "done"))
FIRST_DAY = datetime(2023, 1, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Written:
    """What was written, counted while writing."""

    root: Path
    issues: int
    changes: int
    weeks: int


def write_folder(root: Path, size: int, seed: int = 1, profile: str = "p_0123456789ab", query: str = "q_0123456789ab",
                 name: str = "Team – Größe 小") -> Written:  # fmt: skip
    """A root folder with one profile and one query of `size` issues, about 4.2 kB each in all files."""
    rng = Random(seed)
    profiles = root / "profiles"
    folder = profiles / profile / "queries" / query
    folder.mkdir(parents=True)
    stamp = "2025-12-29T09:00:06.661980+00:00"
    about = {"id": profile, "name": name, "description": "", "created_at": stamp, "last_used": stamp}
    _write(profiles / "profiles.json", {
        "version": "3.0", "active_profile_id": profile, "active_query_id": query,
        "profiles": {profile: about | {"jira_config": {}, "queries": [query]}},
    })  # fmt: skip
    _write(profiles / profile / "profile.json", about | _settings())
    _write(folder / "query.json", {"name": "All – ß", "jql": "project = MADE", "description": "", "created_at": stamp})
    issues, changelog, changes = [], {}, 0
    for number in range(1, size + 1):
        issue, entry, steps = _issue(number, rng)
        issues.append(issue)
        changelog[issue["key"]] = entry
        changes += steps
    _write(folder / "jira_cache.json", _cache(issues, stamp))
    _write(folder / "jira_changelog_cache.json", changelog)
    weeks = _weeks(100)
    _write(folder / "project_data.json", {
        "project_scope": {"total_items": size, "remaining_items": size // 4},
        "statistics": weeks,
        "metadata": {"source": "jira_calculated", "version": "2.0", "jira_query": "project = MADE"},
    })  # fmt: skip
    _write(folder / "metrics_snapshots.json", _snapshots(weeks, stamp))
    return Written(root, size, changes, len(weeks))


def _write(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _settings() -> dict[str, Any]:
    return {
        "jira_config": {"base_url": "https://jira.example.com", "token": "dummy", "points_field": "customfield_10016"},
        "field_mappings": {"dora": {}, "flow": {}},
        "forecast_settings": {"pert_factor": 6, "deadline": "2026-03-31", "milestone": None, "data_points_count": 12},
        "project_classification": {"devops_projects": ["OPS"], "flow_end_statuses": ["Done"]},
        "flow_type_mappings": {},
        "show_milestone": False,
        "show_points": True,
    }


def _cache(issues: list[dict[str, Any]], stamp: str) -> dict[str, Any]:
    return {
        "cache_version": "2.0", "timestamp": stamp, "jql_query": "project = MADE", "fields_requested": "key,created",
        "issues": issues, "total_issues": len(issues), "last_updated": stamp, "jql_hash": "0" * 16,
        "changed_keys": [issue["key"] for issue in issues],
    }  # fmt: skip


def _jira_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.187+0000")


def _status(index: int) -> dict[str, Any]:
    name, category = STATUSES[index]
    self = f"https://jira.example.com/rest/api/2/status/1000{index}"
    icon = "https://jira.example.com/images/icons/statuses/generic.png"
    return {
        "self": self, "description": "", "iconUrl": icon, "name": name, "id": f"1000{index}",
        "statusCategory": {"self": f"https://jira.example.com/rest/api/2/statuscategory/{index}", "id": index,
                           "key": category, "colorName": "green", "name": name},
    }  # fmt: skip


def _issue(number: int, rng: Random) -> tuple[dict[str, Any], dict[str, Any], int]:
    key = f"MADE-{number}"
    created = FIRST_DAY + timedelta(minutes=50 * number)
    reached = rng.choice((0, 1, 2, 3, 3, 3, 3))
    times = [created + timedelta(days=step * rng.uniform(1, 5)) for step in range(1, reached + 1)]
    fields: dict[str, Any] = {
        "project": {"self": "https://jira.example.com/rest/api/2/project/10011", "id": "10011", "key": "MADE",
                    "name": "Made", "projectTypeKey": "software"},
        "fixVersions": [{"self": "https://jira.example.com/rest/api/2/version/20006", "id": "20006",
                         "name": "R_20251125", "archived": False, "released": True, "releaseDate": "2025-11-25"}],
        "status": _status(reached),
        "issuetype": {"self": "https://jira.example.com/rest/api/2/issuetype/10002", "id": "10002", "description": "",
                      "name": "Task", "subtask": False, "avatarId": 10302},
        "created": _jira_time(created),
        "resolutiondate": _jira_time(times[-1]) if reached == 3 else None,
    }  # fmt: skip
    histories = [
        {"created": _jira_time(at), "items": [
            {"field": "status", "fromString": STATUSES[step][0], "toString": STATUSES[step + 1][0]}]}
        for step, at in enumerate(sorted(times))
    ]  # fmt: skip
    issue = {
        "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields", "id": str(1400000 + number),
        "self": f"https://jira.example.com/rest/api/2/issue/{1400000 + number}", "key": key,
        "fields": fields | {"customfield_10016": rng.choice((None, 1, 2, 3, 5, 0.5)), "priority": {
            "self": "https://jira.example.com/rest/api/2/priority/3", "name": "Low", "id": "3"}},
    }  # fmt: skip
    entry = {"key": key, "fields": fields, "changelog": {"histories": histories, "total": reached},
             "last_updated": "2025-12-29T10:00:06.777964"}  # fmt: skip
    return issue, entry, reached


def _weeks(count: int) -> list[dict[str, Any]]:
    first = date(2024, 1, 29)
    return [
        {"date": (first + timedelta(weeks=week)).isoformat(), "completed_items": week % 7, "completed_points": week / 2,
         "created_items": week % 5, "created_points": 1.5}
        for week in range(count)
    ]  # fmt: skip


def _snapshots(weeks: list[dict[str, Any]], stamp: str) -> dict[str, Any]:
    documents = {}
    for row in weeks:
        year, week, _ = date.fromisoformat(row["date"]).isocalendar()
        documents[f"{year}-W{week:02d}"] = {
            "flow_time": {"median_days": 3.5, "avg_days": 3.5, "p85_days": 0, "completed_count": 4, "timestamp": stamp},
            "flow_load": {"wip_count": 5, "by_status": {}, "timestamp": stamp},
            "trends": {"flow_time_trend": "stable", "timestamp": stamp},
        }
    return documents
