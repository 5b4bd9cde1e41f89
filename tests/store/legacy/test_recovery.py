"""What temporary copies and backups of the old app give back, where its own files lost something."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from store.legacy.migrate import migrate_folder
from store.memory import MemoryBackend
from store.records import Issue, QueryRef
from tests.store.legacy.old_folder import write_folder

REF = QueryRef("p_0123456789ab", "q_0123456789ab")
QUERY = Path("profiles/p_0123456789ab/queries/q_0123456789ab")
POINTS = "customfield_10016"


def _issues(root: Path, ref: QueryRef = REF) -> dict[str, Issue]:
    backend = MemoryBackend()
    migrate_folder(backend, root)
    return {issue.key: issue for issue in backend.list_issues(ref)}


def _copy(root: Path, name: str, stamp: str, issues: list[dict[str, Any]]) -> None:
    (root / "cache").mkdir(exist_ok=True)
    document = {"metadata": {"timestamp": stamp, "cache_key": "x"}, "data": issues}
    (root / "cache" / f"{name * 32}.json").write_text(json.dumps(document, indent=2))


@pytest.fixture
def updated(tmp_path: Path) -> Path:
    """A folder whose first issue an update fetched again: with a summary, without points and custom fields."""
    write_folder(tmp_path, 3)
    path = tmp_path / QUERY / "jira_cache.json"
    document = json.loads(path.read_text())
    first = document["issues"][0]["fields"]
    del first[POINTS]
    first["summary"] = "Fetched again"
    path.write_text(json.dumps(document, indent=2))
    return tmp_path


def _raw(root: Path) -> dict[str, Any]:
    """The first issue with points, as the first fetch had it."""
    document: dict[str, Any] = json.loads((root / QUERY / "jira_cache.json").read_text())["issues"][0]
    document["fields"] |= {POINTS: 3, "customfield_1": {"value": "Payments"}, "summary": None}
    return document


def test_points_that_an_update_lost_come_from_the_latest_copy(updated: Path) -> None:
    raw = _raw(updated)
    _copy(updated, "a", "2025-12-20T09:00:00+00:00", [raw])
    _copy(updated, "b", "2025-12-01T09:00:00+00:00", [{**raw, "fields": raw["fields"] | {POINTS: 8}}])
    first = _issues(updated)["MADE-1"]
    assert (first.points, first.summary) == (3.0, "Fetched again")
    assert first.extras["customfield_1"] == "Payments"


def test_without_a_copy_the_points_are_not_known(updated: Path) -> None:
    assert _issues(updated)["MADE-1"].points is None


def test_an_issue_of_the_same_key_from_another_server_gives_nothing(updated: Path) -> None:
    _copy(updated, "a", "2025-12-20T09:00:00+00:00", [_raw(updated) | {"id": "77"}])
    assert _issues(updated)["MADE-1"].points is None


def test_an_issue_whose_points_were_emptied_stays_without(tmp_path: Path) -> None:
    write_folder(tmp_path, 3)
    path = tmp_path / QUERY / "jira_cache.json"
    document = json.loads(path.read_text())
    document["issues"][0]["fields"][POINTS] = None
    path.write_text(json.dumps(document, indent=2))
    _copy(tmp_path, "a", "2025-12-20T09:00:00+00:00", [_raw(tmp_path)])
    assert _issues(tmp_path)["MADE-1"].points is None


# -- copies in place of the file ------------------------------------------------------------------------


@pytest.fixture
def lost(tmp_path: Path) -> Path:
    """A folder whose issue file holds only its beginning, without a changelog, and with copies of three queries."""
    write_folder(tmp_path, 5)
    path = tmp_path / QUERY / "jira_cache.json"
    whole = json.loads(path.read_text())["issues"]
    _scope(tmp_path, 5)
    _copy(tmp_path, "a", "2025-12-20T09:00:00+00:00", whole[:3])
    _copy(tmp_path, "b", "2025-12-01T09:00:00+00:00", whole)
    _copy(tmp_path, "c", "2025-12-24T09:00:00+00:00", [each | {"key": f"ELSE-{each['id']}"} for each in whole[:4]])
    path.write_text('{"cache_version": "2.0", "iss')
    (tmp_path / QUERY / "jira_changelog_cache.json").unlink()
    return tmp_path


def _scope(root: Path, total: int) -> None:
    path = root / QUERY / "project_data.json"
    document = json.loads(path.read_text())
    document["project_scope"] = {"total_items": total}
    path.write_text(json.dumps(document))


def test_the_copy_with_the_right_number_of_issues_stands_in_for_an_unreadable_file(lost: Path) -> None:
    backend = MemoryBackend()
    report = migrate_folder(backend, lost)
    assert {issue.key for issue in backend.list_issues(REF)} == {f"MADE-{n}" for n in range(1, 6)}
    assert all(issue.in_query for issue in backend.list_issues(REF))
    copy = next(file for file in report.files if file.path == f"cache/{'b' * 32}.json")
    assert (copy.read, copy.kept) == (5, 5)
    assert "jira_cache.json cannot be read" in copy.findings[0].problem
    assert len(backend.list_pages(REF)) == 2


def test_where_no_number_fits_the_latest_copy_of_the_same_project_does(lost: Path) -> None:
    _scope(lost, 0)
    assert len(_issues(lost)) == 3


def test_a_missing_file_is_only_replaced_by_a_copy_with_the_right_number(lost: Path) -> None:
    (lost / QUERY / "jira_cache.json").unlink()
    assert len(_issues(lost)) == 5
    _scope(lost, 7)
    assert _issues(lost) == {}


def test_a_query_that_found_nothing_gets_no_issues_from_copies(lost: Path) -> None:
    empty = {"cache_version": "2.0", "issues": [], "total_issues": 0}
    (lost / QUERY / "jira_cache.json").write_text(json.dumps(empty))
    assert _issues(lost) == {}


def test_a_missing_issue_file_is_said_and_its_issues_are_those_of_the_changelog(tmp_path: Path) -> None:
    write_folder(tmp_path, 5)
    (tmp_path / QUERY / "jira_cache.json").unlink()
    backend = MemoryBackend()
    report = migrate_folder(backend, tmp_path)
    assert backend.counts().issues == 5
    assert any("jira_cache.json is missing" in finding.problem for file in report.files for finding in file.findings)


# -- backups at the root --------------------------------------------------------------------------------


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """What the old app's first migration left: the files under default/main, a backup of each at the root."""
    write_folder(tmp_path / "made", 30)
    target = tmp_path / "old" / "profiles/default/queries/main"
    shutil.copytree(tmp_path / "made" / QUERY, target)
    (target / "query.json").unlink()
    for path in target.iterdir():
        shutil.copyfile(path, tmp_path / "old" / f"{path.name}.backup")
    return tmp_path / "old"


def _cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _everything(root: Path) -> list[Any]:
    backend = MemoryBackend()
    migrate_folder(backend, root)
    ref = QueryRef("default", "main")
    return [
        sorted(backend.list_issues(ref), key=lambda issue: issue.key),
        backend.list_changes(ref),
        backend.list_weeks(ref),
        backend.list_snapshots(ref),
    ]


def test_a_whole_backup_stands_in_for_files_that_were_cut(moved: Path) -> None:
    whole = _everything(moved)
    for name in ("jira_cache", "jira_changelog_cache", "project_data", "metrics_snapshots"):
        _cut(moved / f"profiles/default/queries/main/{name}.json")
    assert _everything(moved) == whole


def test_a_backup_does_not_replace_what_is_whole(moved: Path) -> None:
    path = moved / "profiles/default/queries/main/project_data.json"
    document = json.loads(path.read_text())
    document["statistics"] = document["statistics"][:5]
    path.write_text(json.dumps(document, indent=2))
    assert len(_everything(moved)[2]) == 5


def test_a_cut_backup_does_not_replace_a_cut_file(moved: Path) -> None:
    target = moved / "profiles/default/queries/main/project_data.json"
    _cut(target)
    _cut(moved / "project_data.json.backup")
    _cut(moved / "project_data.json.backup")
    # 100 rows were written; half of the file holds fewer, a quarter fewer still.
    assert 40 < len(_everything(moved)[2]) < 60
