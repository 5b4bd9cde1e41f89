"""A folder merged into a store that holds an older or a newer state of the same query."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.legacy.migrate import migrate_folder
from store.legacy.report import MigrationReport
from store.memory import MemoryBackend
from store.records import Counts, Week
from tests.store.legacy.old_folder import write_folder
from tests.store.legacy.test_recovery import QUERY, REF


@pytest.fixture
def old(tmp_path: Path) -> Path:
    write_folder(tmp_path / "old", 40)
    return tmp_path / "old"


@pytest.fixture
def young(old: Path, tmp_path: Path) -> Path:
    """The same folder as it was earlier: issues missing or still open, histories of one change, fewer weeks."""
    root = tmp_path / "young"
    shutil.copytree(old, root)
    _edit(root, "jira_cache.json", _open_issues)
    _edit(root, "jira_changelog_cache.json", _one_change_each)
    _edit(root, "project_data.json", lambda document: document["statistics"].__delitem__(slice(10, None)))
    _edit(root, "metrics_snapshots.json", lambda document: [document.pop(name) for name in sorted(document)[10:]])
    return root


def _edit(root: Path, name: str, change: Any) -> None:
    path = root / QUERY / name
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _open_issues(document: dict[str, Any]) -> None:
    document["timestamp"] = "2025-06-01T09:00:00+00:00"
    del document["issues"][30:]
    for issue in document["issues"]:
        issue["fields"]["resolutiondate"] = None
        issue["fields"]["status"] = {"name": "To Do", "statusCategory": {"key": "new"}}


def _one_change_each(document: dict[str, Any]) -> None:
    for number, (key, entry) in enumerate(list(document.items())):
        del entry["changelog"]["histories"][1:]
        if number >= 30:
            del document[key]


def _taken_over(*roots: Path) -> tuple[MemoryBackend, MigrationReport]:
    backend = MemoryBackend()
    report = migrate_folder(backend, roots[0])
    for root in roots[1:]:
        report = migrate_folder(backend, root, merge=True)
    return backend, report


def _facts(backend: MemoryBackend) -> list[Any]:
    return [
        sorted(backend.list_issues(REF), key=lambda issue: issue.key),
        backend.list_changes(REF),
        backend.list_weeks(REF),
        backend.list_snapshots(REF),
    ]


def test_a_merge_brings_the_newer_history_weeks_and_states_of_what_is_there_already(old: Path, young: Path) -> None:
    whole, _ = _taken_over(old)
    merged, report = _taken_over(young, old)
    assert _taken_over(young)[0].counts().issue_changes < whole.counts().issue_changes
    assert _facts(merged) == _facts(whole)
    assert report.left_out == 0
    assert all(file.kept == file.read for file in report.files)


def test_a_merge_of_an_older_folder_takes_nothing_away_and_says_what_it_left(old: Path, young: Path) -> None:
    whole, _ = _taken_over(old)
    merged, report = _taken_over(old, young)
    assert _facts(merged) == _facts(whole)
    issues = next(file for file in report.files if file.kind == "issues")
    assert (issues.read, issues.kept + issues.skipped) == (30, 30)
    assert issues.skipped == sum(
        finding.problem == "a newer state of this issue is here" for finding in issues.findings
    )
    assert report.left_out == issues.skipped > 0
    changes = next(file for file in report.files if file.kind == "changes")
    assert changes.findings[0].problem.endswith("changes were here already")


def test_what_a_merge_left_out_can_still_be_taken_as_a_new_profile(old: Path, young: Path) -> None:
    backend, _ = _taken_over(old, young)
    before = backend.counts()
    assert migrate_folder(backend, young, merge=True).outcome == "nothing to do"
    assert migrate_folder(backend, young, as_new_profile=True).outcome == "migrated"
    assert (backend.counts().profiles, backend.counts().statistics) == (2, before.statistics + 10)
    assert migrate_folder(backend, young, as_new_profile=True).outcome == "nothing to do"


def test_a_folder_whose_profile_was_deleted_since_can_be_taken_again(old: Path) -> None:
    backend, _ = _taken_over(old)
    backend.delete_profile(REF.profile_id)
    assert migrate_folder(backend, old).outcome == "migrated"
    assert backend.counts().issues == 40


def test_a_merge_by_an_earlier_version_that_dropped_records_does_not_block_another(old: Path, young: Path) -> None:
    backend, _ = _taken_over(young, old)
    entry = backend.list_migrations()[-1]
    texts = {"where": "", "problem": "30 issues are there already", "action": "left as they are"}
    report = {"outcome": "migrated", "files": [{"findings": [texts]}]}
    earlier = MemoryBackend()
    migrate_folder(earlier, young)
    earlier.add_migration(type(entry)(entry.source, entry.fingerprint, entry.started_at, entry.finished_at,
                                      entry.outcome, report))  # fmt: skip
    assert migrate_folder(earlier, old, merge=True).outcome == "migrated"
    assert _facts(earlier) == _facts(backend)


def test_other_numbers_of_a_day_stay_and_are_listed(old: Path) -> None:
    backend, _ = _taken_over(old)
    rows = backend.list_weeks(REF)
    mine = Week(rows[0].day, 99, 99.0, 0, 0.0, "manual")
    backend.replace_weeks(REF, [mine, *rows[2:]])
    _edit(old, "query.json", lambda document: document.update(description="changed"))
    report = migrate_folder(backend, old, merge=True)
    assert backend.list_weeks(REF) == [mine, *rows[1:]]
    weeks = next(file for file in report.files if file.kind == "weekly numbers")
    assert weeks.skipped == 1
    assert (rows[0].day or date.min).isoformat() in [finding.where for finding in weeks.findings]


def test_daily_rows_do_not_join_weeks_that_another_source_counted(old: Path) -> None:
    backend, _ = _taken_over(old)
    before = backend.list_weeks(REF)
    day = (before[0].day or date.min).replace(day=31).isoformat()
    _edit(old, "project_data.json", lambda document: document["metadata"].update(source="csv_import"))
    _edit(old, "project_data.json", lambda document: document["statistics"][0].update(date=day))
    migrate_folder(backend, old, merge=True)
    assert [row.day for row in backend.list_weeks(REF)] == [row.day for row in before]


def test_settings_that_differ_stay_and_can_be_had_as_a_new_profile(old: Path) -> None:
    backend, _ = _taken_over(old)
    path = old / "profiles" / REF.profile_id / "profile.json"
    document = json.loads(path.read_text())
    document["forecast_settings"]["deadline"] = "2027-01-01"
    path.write_text(json.dumps(document))
    report = migrate_folder(backend, old, merge=True)
    assert report.left_out == 1
    assert backend.list_profiles()[0].forecast_settings["deadline"] == "2026-03-31"
    assert migrate_folder(backend, old, as_new_profile=True).outcome == "migrated"
    assert isinstance(backend.counts(), Counts)
