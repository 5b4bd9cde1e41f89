"""Taking over in place: all or nothing, the originals whole, and once only."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.errors import BadLegacyFolder
from store.legacy import find, migrate, moves
from store.records import QueryRef
from store.sqlite.backend import SQLiteBackend
from tests.memory_backend import MemoryBackend
from tests.store.legacy.killed_takeover import contents
from tests.store.legacy.old_folder import write_folder

REPO = Path(__file__).parents[3]
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _clock() -> datetime:
    return NOW


class _Stop(Exception):
    pass


class _StopAt:
    """A progress that stops at its n-th step."""

    def __init__(self, step: int) -> None:
        self.left = step

    def step(self, done: int, total: int, text: str = "") -> None:
        self.left -= 1
        if self.left == 0:
            raise _Stop


def _open(root: Path) -> SQLiteBackend:
    return SQLiteBackend(root / "profiles" / "burndown.db")


def test_the_originals_are_set_aside_whole_and_the_database_knows_everything(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, 250)
    (tmp_path / "task_progress.json").write_text("{}")
    (tmp_path / "holiday.jpg").write_text("mine")
    before = contents(tmp_path)
    report = migrate.take_over(tmp_path / "profiles", clock=_clock)
    assert report is not None
    assert (report.counts.issues, report.counts.issue_changes) == (folder.issues, folder.changes)
    assert report.counts.statistics == folder.weeks
    assert report.set_aside == "legacy/20260105T120000Z"
    assert contents(tmp_path) == before
    assert (tmp_path / "holiday.jpg").exists()
    assert sorted(path.name for path in (tmp_path / "profiles").iterdir()) == ["burndown.db", "legacy"]
    aside = tmp_path / "profiles/legacy/20260105T120000Z"
    assert sorted(path.name for path in aside.iterdir()) == ["profiles", "task_progress.json"]
    backend = _open(tmp_path)
    assert backend.counts() == report.counts
    assert [entry.report["outcome"] for entry in backend.list_migrations()] == ["migrated"]
    assert backend.active_query() == QueryRef("p_0123456789ab", "q_0123456789ab")
    assert len(backend.list_changelogs(QueryRef("p_0123456789ab", "q_0123456789ab"))) == 250
    backend.close()


def test_the_report_names_the_files_that_lie_there_and_no_others(tmp_path: Path) -> None:
    write_folder(tmp_path, 3)
    lying = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json")}
    report = migrate.take_over(tmp_path / "profiles", clock=_clock)
    assert report is not None
    assert {file.path for file in report.files} == lying


def test_nothing_is_made_where_nothing_lies(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles/README.txt").write_text("ours")
    (tmp_path / "profiles/backups").mkdir()
    assert not find.legacy_lies_in(tmp_path / "profiles")
    assert migrate.take_over(tmp_path / "profiles") is None
    assert sorted(path.name for path in (tmp_path / "profiles").iterdir()) == ["README.txt", "backups"]


def test_a_database_of_ours_is_never_replaced(tmp_path: Path) -> None:
    write_folder(tmp_path, 3)
    _open(tmp_path).close()
    before = (tmp_path / "profiles/burndown.db").read_bytes()
    assert migrate.take_over(tmp_path / "profiles") is None
    assert (tmp_path / "profiles/burndown.db").read_bytes() == before


def test_root_level_files_without_a_profiles_folder_are_taken_over(tmp_path: Path) -> None:
    (tmp_path / "forecast_statistics.csv").write_text("date;no_items;no_points\n2025-01-06;3;5\n2025-01-13;;2.0\n")
    report = migrate.take_over(tmp_path / "profiles", clock=_clock)
    assert report is not None
    assert report.counts.statistics == 2
    assert (tmp_path / "profiles/legacy/20260105T120000Z/forecast_statistics.csv").exists()


@pytest.mark.parametrize("step", range(1, 6))
def test_a_failure_at_any_step_leaves_the_old_state_or_the_new_one(tmp_path: Path, step: int) -> None:
    write_folder(tmp_path, 30)
    before = contents(tmp_path)
    with pytest.raises(_Stop):
        migrate.take_over(tmp_path / "profiles", _StopAt(step), _clock)
    assert contents(tmp_path) == before
    migrate.resume_moves(tmp_path / "profiles")
    migrate.take_over(tmp_path / "profiles", clock=_clock)
    assert contents(tmp_path) == before
    assert not find.legacy_lies_in(tmp_path / "profiles")
    backend = _open(tmp_path)
    assert backend.counts().issues == 30
    assert len(backend.list_migrations()) == 1
    backend.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.slow
@pytest.mark.parametrize("spoil", [None, "an old database", "no database at all"])
def test_a_kill_at_every_touch_of_the_disk_loses_nothing(tmp_path: Path, spoil: str | None) -> None:
    source, scratch = tmp_path / "source", tmp_path / "scratch"
    write_folder(source, 5)
    scratch.mkdir()
    (source / "task_progress.json").write_text("{}")
    if spoil:
        _spoil(source / "profiles", spoil)
    program = [sys.executable, "-m", "tests.store.legacy.killed_takeover", str(source), str(scratch)]
    done = subprocess.run(program, cwd=REPO, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *failures, rounds = done.stdout.splitlines()
    assert failures == []
    assert int(rounds) > 15


def _spoil(profiles: Path, spoil: str) -> None:
    if spoil == "no database at all":
        (profiles / "old-app.db").write_bytes(b"")
        return
    connection = sqlite3.connect(profiles / "old-app.db")
    connection.execute("CREATE TABLE something (a)")
    connection.commit()
    connection.close()


def test_a_foreign_database_and_its_log_never_lie_beside_ours(tmp_path: Path) -> None:
    write_folder(tmp_path, 3)
    (tmp_path / "profiles/burndown.db").write_bytes(b"")
    (tmp_path / "profiles/burndown.db-wal").write_bytes(b"stale")
    assert migrate.take_over(tmp_path / "profiles", clock=_clock) is not None
    aside = tmp_path / "profiles/legacy/20260105T120000Z/profiles"
    assert (aside / "old-app.db").read_bytes() == b""
    assert (aside / "old-app.db-wal").read_bytes() == b"stale"
    backend = _open(tmp_path)
    assert backend.counts().issues == 3
    backend.close()


def test_an_old_database_alone_is_left_alone_and_one_beside_json_is_reported(tmp_path: Path) -> None:
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    _spoil(profiles, "an old database")
    (profiles / "old-app.db").rename(profiles / "burndown.db")
    before = (profiles / "burndown.db").read_bytes()
    assert migrate.take_over(profiles) is None
    assert (profiles / "burndown.db").read_bytes() == before
    write_folder(tmp_path / "json", 3)
    (tmp_path / "json/profiles/burndown.db").write_bytes(before)
    report = migrate.take_over(tmp_path / "json/profiles", clock=_clock)
    assert report is not None
    assert [(file.kind, file.skipped) for file in report.files if file.kind == "old database"] == [("old database", 1)]
    aside = tmp_path / "json/profiles/legacy/20260105T120000Z/profiles/old-app.db"
    assert aside.read_bytes() == before


def test_what_was_taken_over_is_not_taken_over_again(tmp_path: Path) -> None:
    write_folder(tmp_path / "old", 3)
    write_folder(tmp_path / "new", 3)
    migrate.take_over(tmp_path / "new/profiles", clock=_clock)
    backend = _open(tmp_path / "new")
    report = migrate.migrate_folder(backend, tmp_path / "old", merge=True)
    assert report.outcome == "nothing to do"
    backend.close()


def test_migrating_a_folder_leaves_it_as_it_is(tmp_path: Path) -> None:
    write_folder(tmp_path, 3)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    migrate.migrate_folder(MemoryBackend(), tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(BadLegacyFolder, match="nothing of the old app"):
        migrate.migrate_folder(MemoryBackend(), tmp_path)


def test_a_data_folder_of_another_name_keeps_the_users_other_things(tmp_path: Path) -> None:
    write_folder(tmp_path, 3)
    data = tmp_path / "profiles"
    data.rename(tmp_path / "data")
    (tmp_path / "data/letter.txt").write_text("Dear")
    assert migrate.take_over(tmp_path / "data", clock=_clock) is not None
    assert (tmp_path / "data/letter.txt").exists()
    assert not find.legacy_lies_in(tmp_path / "data")


def test_a_list_of_moves_without_its_database_is_dropped(tmp_path: Path) -> None:
    write_folder(tmp_path, 3)
    moves.write_list(tmp_path / "profiles", "20200101T000000Z", [["profiles/profiles.json", "profiles/profiles.json"]])  # type: ignore[list-item]
    migrate.resume_moves(tmp_path / "profiles")
    assert (tmp_path / "profiles/profiles.json").exists()
    assert not (tmp_path / "profiles/legacy").exists()


STAMP = "20260105T120000Z"


def taken_over(root: Path) -> Path:
    """A data folder after its takeover; whoever hands it on may have put a list of moves there again."""
    write_folder(root, 3)
    assert migrate.take_over(root / "profiles", clock=_clock) is not None
    return root / "profiles"


@pytest.mark.skipif(os.name != "posix", reason="links")
@pytest.mark.parametrize(
    "source",
    ["../secret.txt", "{home}/secret.txt", "burndown", "profiles/burndown.db", "profiles/secrets.json", "profiles",
     "profiles/../../secret.txt", "", ".", "profiles/linked/secret.txt", "linked/secret.txt"],
)  # fmt: skip
def test_a_planted_list_moves_nothing_that_no_takeover_moves(tmp_path: Path, source: str) -> None:
    root, home = tmp_path / "stick", tmp_path
    data = taken_over(root)
    (home / "secret.txt").write_text("mine")
    (root / "burndown").write_text("the program")
    (data / "secrets.json").write_text("{}")
    for link in (root / "linked", data / "linked"):
        link.symlink_to(home, target_is_directory=True)
    before = contents(root) | {"secret": (home / "secret.txt").read_bytes()}
    moves.write_list(data, STAMP, [(source.format(home=home), "taken")])
    migrate.resume_moves(data)
    assert contents(root) | {"secret": (home / "secret.txt").read_bytes()} == before


@pytest.mark.skipif(os.name != "posix", reason="links")
@pytest.mark.parametrize("target", ["../../../secret.txt", "{home}/secret.txt", "linked/secret.txt"])
def test_a_planted_list_moves_nothing_out_of_the_folder(tmp_path: Path, target: str) -> None:
    root, home = tmp_path / "stick", tmp_path
    data = taken_over(root)
    (home / "secret.txt").write_text("mine")
    (root / "app_settings.json").write_text("theirs")
    (data / "legacy" / STAMP / "linked").symlink_to(home, target_is_directory=True)
    moves.write_list(data, STAMP, [("app_settings.json", target.format(home=home))])
    migrate.resume_moves(data)
    assert (home / "secret.txt").read_text() == "mine"
    assert (root / "app_settings.json").read_text() == "theirs"


@pytest.mark.parametrize("content", [b"", b"{}", b"[1, [2, 3], [], [null, null]]", b"[" * 100_000, b"\xff", b"null"])
def test_what_is_no_list_of_moves_moves_nothing(tmp_path: Path, content: bytes) -> None:
    data = taken_over(tmp_path)
    (data / "legacy" / STAMP / moves.LIST).write_bytes(content)
    assert migrate.resume_moves(data) == []
    assert not (data / "legacy" / STAMP / moves.LIST).exists()


def _edit(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def test_a_change_whose_issue_left_the_query_is_kept_with_its_issue(tmp_path: Path) -> None:
    result = write_folder(tmp_path, 20)
    folder = tmp_path / "profiles/p_0123456789ab/queries/q_0123456789ab"

    def leave(document: dict[str, object]) -> None:
        document["issues"] = document["issues"][1:]  # type: ignore[index]
        document["changed_keys"] = []

    _edit(folder / "jira_cache.json", leave)
    backend = MemoryBackend()
    report = migrate.migrate_folder(backend, tmp_path)
    issues = {issue.key: issue for issue in backend.list_issues(QueryRef("p_0123456789ab", "q_0123456789ab"))}
    assert report.counts.issue_changes == result.changes
    assert len(issues) == 20
    assert [key for key, issue in issues.items() if not issue.in_query] == ["MADE-1"]


def test_root_data_go_to_the_query_with_the_same_jql(tmp_path: Path) -> None:
    write_folder(tmp_path, 4)
    folder = tmp_path / "profiles/p_0123456789ab/queries/q_0123456789ab"
    for name in ("jira_cache.json", "jira_changelog_cache.json", "project_data.json", "metrics_snapshots.json"):
        (folder / name).rename(tmp_path / name)
    backend = MemoryBackend()
    report = migrate.migrate_folder(backend, tmp_path)
    assert (report.counts.profiles, report.counts.queries, report.counts.issues) == (1, 1, 4)


def test_root_data_of_another_query_become_one_of_their_own(tmp_path: Path) -> None:
    write_folder(tmp_path, 4)
    cache = tmp_path / "profiles/p_0123456789ab/queries/q_0123456789ab/jira_cache.json"
    (tmp_path / "jira_cache.json").write_bytes(cache.read_bytes().replace(b"project = MADE", b"project = OTHER"))
    backend = MemoryBackend()
    report = migrate.migrate_folder(backend, tmp_path)
    assert (report.counts.profiles, report.counts.queries, report.counts.issues) == (1, 2, 8)
    assert {query.jql for query in backend.list_queries("p_0123456789ab")} == {"project = MADE", "project = OTHER"}


def test_a_changelog_in_the_list_form_is_read_with_all_its_fields(tmp_path: Path) -> None:
    write_folder(tmp_path, 2)
    path = tmp_path / "profiles/p_0123456789ab/queries/q_0123456789ab/jira_changelog_cache.json"
    history = {"created": "2025-01-01T10:00:00.000+0000", "items": [
        {"field": "status", "fromString": "To Do", "toString": "Done"},
        {"field": "Story Points", "fromString": None, "toString": "5"}]}  # fmt: skip
    entry = {"key": "MADE-1", "fields": {}, "changelog": {"histories": [history]}}
    path.write_text(json.dumps({"cache_version": "2.0", "issues": [entry], "total_issues": 1}), encoding="utf-8")
    backend = MemoryBackend()
    migrate.migrate_folder(backend, tmp_path)
    changes = backend.list_changes(QueryRef("p_0123456789ab", "q_0123456789ab"))
    assert [(change.field, change.from_value, change.to_value) for change in changes] == [
        ("status", "To Do", "Done"),
        ("points", None, "5"),
    ]


def test_ids_that_lead_out_of_the_folder_are_no_names() -> None:
    assert not any(find.plain_name(name) for name in ("../x", "a/b", "a\\b", "", "..", "C:x", "a\0", None, 5))
    assert all(find.plain_name(name) for name in ("p_0123456789ab", "My import – Team A", "小", "..x"))
