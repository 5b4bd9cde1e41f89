"""Whatever is not read has its line in the report: links, folders and pipes in a file's place, remnants, lost rows."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from store.legacy import find
from store.legacy.migrate import migrate_folder
from store.legacy.report import MigrationReport
from store.memory import MemoryBackend
from store.records import QueryRef
from tests.store.legacy.old_database import PROFILE, STAMP, insert, write_database
from tests.store.legacy.old_folder import write_folder
from tests.store.legacy.test_recovery import QUERY, REF

# As the report names it, on every system.
_QUERY = QUERY.as_posix()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    write_folder(tmp_path, 3)
    return tmp_path


def _taken_over(root: Path) -> tuple[MemoryBackend, MigrationReport]:
    backend = MemoryBackend()
    return backend, migrate_folder(backend, root)


def _findings(root: Path, name: str) -> list[tuple[str, str]]:
    report = _taken_over(root)[1]
    return [
        (finding.problem, finding.action)
        for file in report.files
        if file.path.endswith(name)
        for finding in file.findings
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there, and Wine follows them unseen")
def test_a_linked_profile_folder_is_named_and_not_followed(old: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(old / "profiles" / REF.profile_id, elsewhere, dirs_exist_ok=True)
    (old / "profiles" / "p_linked").symlink_to(elsewhere)
    (old / "profiles" / "p_gone").symlink_to("nowhere")
    (old / QUERY.parent / "q_loop").symlink_to(".")
    backend, _ = _taken_over(old)
    assert backend.counts().profiles == 1
    for name in ("p_linked", "p_gone", "q_loop"):
        assert _findings(old, name) == [("a link to another folder, which was not followed", "skipped")]


@pytest.mark.parametrize("name", [f"{_QUERY}/jira_cache.json", "profiles/profiles.json", f"{_QUERY}/query.json"])
def test_a_folder_in_the_place_of_a_file_is_named(old: Path, name: str) -> None:
    (old / name).unlink(missing_ok=True)
    (old / name).mkdir()
    assert _findings(old, name) == [("a folder, where the old app has a file", "skipped")]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders")
@pytest.mark.parametrize(
    "name",
    [f"{_QUERY}/metrics_snapshots.json", f"cache/{'a' * 32}.json", "project_data.json.backup",
     f"{_QUERY}/burndown_extras.json", "profiles/burndown.db", "jira_cache.json"],
)  # fmt: skip
def test_a_pipe_is_never_opened(old: Path, name: str) -> None:
    path = old / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    backend, report = _taken_over(old)
    assert backend.counts().issues == 3
    known = name.startswith((_QUERY, "cache", "jira"))
    assert any(file.path == name and file.findings for file in report.files) or not known
    assert not find.is_foreign(old / "profiles/burndown.db")


def _wrong(root: Path, name: str, document: Any) -> None:
    (root / name).write_text(json.dumps(document))


@pytest.mark.parametrize("document", ["text", 17, ["list", 1, None], {"a": 1}])
@pytest.mark.parametrize(
    "name", [*(f"{_QUERY}/{name}" for name in find.DATA_FILES), "jira_query_profiles.json", "profiles/profiles.json"]
)
def test_a_file_that_is_json_of_a_wrong_kind_is_named(old: Path, name: str, document: Any) -> None:
    if name == "profiles/profiles.json" and isinstance(document, dict):
        # An empty registry is one: folders are enumerated.
        return
    if name == "jira_query_profiles.json" and isinstance(document, list):
        return
    _wrong(old, name, document)
    assert _findings(old, name)


def test_a_list_of_issues_without_its_object_is_read(old: Path) -> None:
    path = old / QUERY / "jira_cache.json"
    path.write_text(json.dumps(json.loads(path.read_text())["issues"]))
    (old / QUERY / "jira_changelog_cache.json").unlink()
    assert _taken_over(old)[0].counts().issues == 3


def test_a_registry_whose_profiles_are_a_list_still_gives_their_names(old: Path) -> None:
    (old / "profiles" / REF.profile_id / "profile.json").write_text("{}")
    entry = {"id": REF.profile_id, "name": "From the list", "created_at": "2025-12-01T09:00:00+00:00"}
    _wrong(old, "profiles/profiles.json", {"profiles": [entry]})
    backend, _ = _taken_over(old)
    assert backend.list_profiles()[0].name == "From the list"


def test_what_an_interrupted_write_or_a_backup_left_is_named(old: Path) -> None:
    profile = old / "profiles" / REF.profile_id
    shutil.copy(profile / "profile.json", profile / "profile.json.tmp")
    shutil.copy(old / QUERY / "jira_cache.json", old / QUERY / "jira_cache.json.backup")
    for name in ("profile.json.tmp", "jira_cache.json.backup"):
        assert _findings(old, name) == [("left over by the old app", "not taken over")]


def test_what_was_left_is_read_where_the_file_itself_is_missing(old: Path) -> None:
    whole = _taken_over(old)[0].counts()
    profile = old / "profiles" / REF.profile_id
    (profile / "profile.json").rename(profile / "profile.json.tmp")
    (old / QUERY / "project_data.json").rename(old / QUERY / "project_data.json.backup")
    (old / QUERY / "metrics_snapshots.json").rename(old / QUERY / "metrics_snapshots_k3j2.json")
    backend, _ = _taken_over(old)
    assert backend.counts() == whole
    result = ("left over by the old app, and profile.json is missing", "read in its place")
    assert result in _findings(old, "profile.json.tmp")


def test_rows_of_the_old_database_whose_query_or_profile_is_gone_are_recovered_and_named(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    path = tmp_path / "profiles" / "burndown.db"
    write_database(path)
    fixed = {"cache_key": "k", "expires_at": STAMP, "fetched_at": STAMP}
    connection = sqlite3.connect(path)
    insert(connection, "jira_issues", profile_id=PROFILE, query_id="q_lost", issue_key="L-1", **fixed)
    insert(connection, "queries", id="q_2", profile_id="p_gone", name="Orphan", jql="x", created_at=STAMP,
           last_used=STAMP)  # fmt: skip
    insert(connection, "jira_issues", profile_id="p_gone", query_id="q_2", issue_key="O-1", **fixed)
    connection.commit()
    connection.close()
    backend, report = _taken_over(tmp_path)
    assert [issue.key for issue in backend.list_issues(QueryRef(PROFILE, "q_lost"))] == ["L-1"]
    assert [each.key for each in backend.list_issues(QueryRef("p_gone", "q_2"))] == ["O-1"]
    wheres = [finding.where for file in report.files for finding in file.findings]
    assert {f"queries {PROFILE}/q_lost", "profiles p_gone"} <= set(wheres)
