"""A bundle and a database with something of everything in them, for those that damage one."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from app.domain.scenarios import KEPT_IN, Kept, as_json
from app.domain.what_if import WhatIf
from store import bundle as bundles
from store import records
from store.documents import with_budget, with_cycle_time_rules, with_issue_rule, with_meaning, with_settings
from store.opening import open_store
from store.settings import BudgetTerms, CycleTimeRule, IssueRule, Meaning
from store.sqlite.backend import SQLiteBackend

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = records.QueryRef("p", "q")


@cache
def bundle() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        backend = _filled(Path(folder) / "profiles")
        file = Path(folder) / "team.zip"
        bundles.write(backend, file)
        backend.close()
        return file.read_bytes()


@cache
def database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        _filled(Path(folder) / "profiles").close()
        return (Path(folder) / "profiles" / "burndown.db").read_bytes()


def _filled(folder: Path) -> SQLiteBackend:
    backend = open_store(folder, mode="write", clock=lambda: NOW).backend
    profile = records.Profile(
        "p", "Team", NOW, NOW, jira_config={"base_url": "https://jira.example.org"}, extras={"a": [1, {"b": 2}]}
    )
    profile = with_settings(profile, {"deadline": "2026-06-01", "holidays": ["2026-04-03"], "wip_limit": 4})
    profile = with_meaning(profile, Meaning(done=("Done",), wip=("Doing",), classes={"Defect": ("Bug",)}))
    profile = with_cycle_time_rules(profile, [CycleTimeRule("Ours", frozenset({"Doing"}), frozenset({"Done"}))])
    profile = with_issue_rule(profile, "bugs", IssueRule(types=("Bug",)))
    backend.save_profile(with_budget(profile, BudgetTerms(10_000, 500, date(2026, 1, 5), currency="EUR")))
    scenarios = as_json([Kept("Two more", WhatIf(pace=1.2, away=2, deadline=date(2026, 7, 1)))])
    backend.save_query(records.Query("p", "q", "All", NOW, NOW, jql="project = A", extras={KEPT_IN: scenarios}))
    issues = [
        records.Issue(
            f"A-{number}",
            summary=f"Work number {number}",
            created=NOW - timedelta(days=90 - number),
            category=records.Category.DONE if number < 20 else records.Category.TODO,
            points=number / 2,
            labels=("x", "y"),
            extras={"field": {"deep": [number]}},
        )
        for number in range(40)
    ]
    changes = [
        records.Change(f"A-{number}", NOW - timedelta(days=number), "status", "Open", "Done") for number in range(20)
    ]
    backend.upsert_issues(REF, issues, changes)
    backend.save_sprints(REF, [records.Sprint("One", start=NOW)])
    backend.replace_weeks(REF, [records.Week(date(2025, 6, 2) + timedelta(weeks=number), 4) for number in range(10)])
    backend.replace_corrections(REF, [records.Correction(date(2025, 6, 2), completed_items=5)])
    backend.replace_milestones(
        "p", [records.Milestone("Beta", date(2026, 5, 1), work=("label=x",), rank=1, notes=("later",))]
    )
    backend.save_project_data(REF, records.ProjectData({"metadata": {"source": "x"}}, NOW))
    backend.save_snapshots(REF, [records.Snapshot("2026-W09", "scope", {"remaining": 5}, NOW)])
    forecast = records.ForecastMade(NOW, NOW.date(), "items", "plain", 20, {50: 5, 85: None}, 12, 1000, 1, chance=0.5)
    backend.save_forecast(REF, forecast)
    backend.save_pages(REF, [records.CachedPage("page", b"{}", NOW, NOW + timedelta(days=1))])
    return backend
