"""The backups on the Settings page: what is listed, and what the buttons do."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.actions import bundles
from app.context import Context
from app.errors import BadInput, Busy
from app.jobs import Jobs, Progress
from app.web.parts import backups, bundle_forms
from app.web.worker import done_by_worker
from app.words.formats import formats_for
from store.bundle import Conflict
from store.errors import BadBundle, Damaged
from store.opening import open_store
from store.records import Issue, Profile, Query, QueryRef
from store.sqlite import backup, restore
from tests.pages.reading import components, put, texts

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FORMATS = formats_for(["en-GB"])
REF = QueryRef("p", "q")


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    backend = open_store(tmp_path / "data", mode="serve", clock=lambda: NOW).backend
    jobs = Jobs(backend)
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    backend.save_query(Query("p", "q", "All", NOW, NOW))
    backend.upsert_issues(REF, [Issue(f"T-{number}", created=NOW) for number in range(3)])
    yield Context(backend, jobs, tmp_path / "data", lambda: NOW)
    jobs.close()
    backend.close()


def buttons(part: Any) -> list[str]:
    ids = [component.id for component in components(part) if isinstance(getattr(component, "id", None), dict)]
    return [each["name"] for each in ids if each["type"] == "put-back"]


# -- the list -------------------------------------------------------------------------------------------


def test_without_a_backup_the_list_says_so(ctx: Context) -> None:
    assert texts(backups.listed(ctx, FORMATS)) == ["There is no backup yet."]


def test_each_backup_says_when_why_and_what_it_holds(ctx: Context) -> None:
    snapshot = backup.snapshot_file(ctx.profiles_dir, reason="import", clock=lambda: NOW)
    shown = backups.listed(ctx, FORMATS)
    when, words, _ = texts(shown)
    assert when == FORMATS.instant(NOW.astimezone())
    assert words.startswith("before an import; 1 project, 1 work list, 3 issues; 0.")
    assert buttons(shown) == [snapshot.file.name]


def test_the_second_backup_of_a_second_has_the_same_reason(ctx: Context) -> None:
    for _ in range(2):
        backup.snapshot_file(ctx.profiles_dir, reason="before-restore", clock=lambda: NOW)
        backup.snapshot_file(ctx.profiles_dir, clock=lambda: NOW)
    shown = " ".join(texts(backups.listed(ctx, FORMATS)))
    assert shown.count("before another backup was put back") == 2
    assert shown.count("made by hand") == 2


def test_a_file_that_cannot_be_read_is_listed_as_such(ctx: Context) -> None:
    snapshot = backup.snapshot_file(ctx.profiles_dir, clock=lambda: NOW)
    snapshot.file.write_text("no database")
    assert "cannot be read" in " ".join(texts(backups.listed(ctx, FORMATS)))


def test_older_backups_are_folded_away(ctx: Context) -> None:
    snapshot = backup.snapshot_file(ctx.profiles_dir, clock=lambda: NOW)
    for day in range(3, 9):
        shutil.copy(snapshot.file, snapshot.file.with_name(f"burndown-2026030{day}T100000Z.db"))
    shown = backups.listed(ctx, FORMATS)
    assert len(buttons(shown)) == 7
    assert "Older backups" in texts(shown)


# -- putting back ---------------------------------------------------------------------------------------


def test_a_backup_is_put_back_without_a_restart(ctx: Context) -> None:
    snapshot = backup.snapshot_file(ctx.profiles_dir, clock=lambda: NOW)
    ctx.backend.delete_profile("p")
    effects = backups.put_back(ctx, snapshot.file.name)
    assert (put(effects, "put-back-question", "opened"), effects.go, effects.changed) == (False, "/", True)
    assert "is back" in effects.toast
    assert len(ctx.analysis(REF).items) == 3


def test_numbers_derived_before_a_restore_are_not_shown_after_it(ctx: Context) -> None:
    snapshot = backup.snapshot_file(ctx.profiles_dir, clock=lambda: NOW)
    ctx.backend.upsert_issues(REF, [Issue("T-new", created=NOW)])
    assert len(ctx.analysis(REF).items) == 4
    backups.put_back(ctx, snapshot.file.name)
    ctx.backend.upsert_issues(REF, [Issue("T-3", created=NOW), Issue("T-4", created=NOW)])
    assert len(ctx.analysis(REF).items) == 5


def test_a_damaged_backup_is_refused_and_the_data_stay(ctx: Context) -> None:
    snapshot = backup.snapshot_file(ctx.profiles_dir, clock=lambda: NOW)
    content = snapshot.file.read_bytes()
    snapshot.file.write_bytes(content[:8192] + bytes(len(content) - 8192))
    with pytest.raises(Damaged, match="choose another one"):
        backups.put_back(ctx, snapshot.file.name)
    assert len(ctx.backend.list_issues(REF)) == 3


@pytest.mark.parametrize("name", ["../burndown.db", "burndown-20200101T000000Z.db", "", None])
def test_only_what_is_in_the_list_can_be_put_back(ctx: Context, name: str | None) -> None:
    with pytest.raises(BadInput, match="no longer there"):
        backups.put_back(ctx, name)


def test_a_backup_goes_into_a_new_folder_beside_the_running_one(ctx: Context, tmp_path: Path) -> None:
    snapshot = backup.snapshot_file(ctx.profiles_dir, clock=lambda: NOW)
    folder = tmp_path / "May 小"
    effects = backups.put_there(ctx, snapshot.file.name, f'"{folder}"')
    assert put(effects, "put-back-question", "opened") is False
    assert str(folder) in effects.toast
    assert restore.contents(folder / "burndown.db") == restore.Contents(1, 1, 3)
    assert len(ctx.backend.list_issues(REF)) == 3


@pytest.mark.parametrize("path", [None, "", "  ", "relative/folder"])
def test_a_new_folder_needs_its_whole_path(path: str | None) -> None:
    with pytest.raises(BadInput, match="whole path"):
        backups.new_folder(path)


def test_nothing_is_exchanged_under_a_running_job(ctx: Context) -> None:
    release, begun = threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        begun.set()
        release.wait(20)

    snapshot = backup.snapshot_file(ctx.profiles_dir, clock=lambda: NOW)
    ctx.jobs.submit("Sync", work)
    assert begun.wait(20)
    with pytest.raises(Busy, match="Sync is under way"):
        backups.put_back(ctx, snapshot.file.name)
    release.set()


def test_what_nobody_foresaw_in_the_worker_is_not_taken_for_done(ctx: Context) -> None:
    with pytest.raises(RuntimeError, match="Dividing"):
        done_by_worker(ctx, "Dividing", lambda: 1 // 0)


# -- bundles --------------------------------------------------------------------------------------------


def test_what_is_exported_can_be_imported_beside(ctx: Context) -> None:
    data = bundle_forms.packed(ctx, ["p"])
    with pytest.raises(BadBundle, match="here already"):
        bundles.import_bundle(ctx, data, None)
    result = bundles.import_bundle(ctx, data, Conflict.COPY)
    assert result.to_text() == "Imported Team (2): 1 work list, 3 issues."
    assert result.first is not None
    assert ctx.backend.active_query() == result.first.ref


def test_the_page_imports_a_bundle_and_leads_to_it(ctx: Context) -> None:
    import base64

    contents = "data:application/zip;base64," + base64.b64encode(bundle_forms.packed(ctx, None)).decode()
    effects = bundle_forms.take(ctx, contents, "copy")
    assert effects.go.startswith("/?profile=p_")
    assert "Team (2)" in effects.toast
    assert [snapshot.reason for snapshot in backup.snapshots(ctx.profiles_dir)] == ["import"]


def test_a_table_is_no_bundle(ctx: Context) -> None:
    with pytest.raises(BadInput, match="Data page"):
        bundle_forms.sent("data:text/csv;base64,ZGF0ZQ==")
    with pytest.raises(BadInput, match="whole"):
        bundle_forms.sent("data:text/csv;base64,!")
