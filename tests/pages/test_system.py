"""The page System: what the program is, whether all is in order, what it sent and logged."""

from __future__ import annotations

import io
import json
import logging
import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from dash import html

from app import logs
from app.actions import jira, licences, system
from app.actions.diagnostics import diagnostics
from app.context import Context
from app.errors import Offline
from app.jobs import Jobs
from app.pages import system as page
from app.web.page import visit_of
from app.words.formats import formats_for
from store import files
from store.errors import Damaged, StoreError
from store.opening import open_store
from store.records import Issue, Profile, Query, Task
from store.sqlite import backup
from tests.pages.reading import texts
from tests.pages.sample import NOW, REF, ImmediateJobs, sample_context

FORMATS = formats_for(["en-GB"])


@pytest.fixture
def ctx(tmp_path: Path) -> Any:
    opened = open_store(tmp_path / "data", mode="write")
    context = Context(opened.backend, ImmediateJobs(), tmp_path / "data", lambda: NOW)
    yield context
    opened.backend.close()


def text_of(ctx: Context) -> str:
    return " ".join(texts(page.layout(visit_of(ctx, "", FORMATS, "/settings/system"))))


def test_the_page_tells_version_paths_and_the_last_backup(ctx: Context) -> None:
    text = text_of(ctx)
    assert str(ctx.profiles_dir) in text
    assert str(logs.log_file(ctx.profiles_dir)) in text
    assert "Last backup:  none yet" in text
    backup.snapshot_file(ctx.profiles_dir)
    assert "checked when it was made" in text_of(ctx)


def test_a_check_says_that_all_is_in_order_or_what_is_not(ctx: Context) -> None:
    assert system.check(ctx).problems == ()
    assert "Everything is in order" in " ".join(texts(page.checked(system.check(ctx), FORMATS)))
    page_texts = texts(page.checked(system.Checked(NOW, ("burndown.db is missing.",)), FORMATS))
    assert "burndown.db is missing." in page_texts


def test_what_was_sent_since_the_start_is_told_with_host_bytes_and_reason(ctx: Context) -> None:
    assert "Nothing was sent since the start" in text_of(ctx)
    ctx.network.asking("Jira sync").note("https://jira.example", "GET /rest/api/2/search", (412, 1_234_567), "200")
    text = text_of(ctx)
    assert "1 request since the start" in text
    assert "https://jira.example Jira sync 1 412 B 1,235 kB" in text
    assert "GET /rest/api/2/search" in text


def test_offline_holds_for_every_start_and_every_way_to_ask_jira(ctx: Context) -> None:
    system.work_offline(ctx, True)
    again = Context(ctx.backend, Jobs(ctx.backend), ctx.profiles_dir, lambda: NOW)
    assert again.network.is_offline
    with pytest.raises(Offline):
        jira.sync(again, [REF])
    with pytest.raises(Offline):
        jira.check_query(again, "p", "project = A")
    system.work_offline(ctx, False)
    assert not again.network.is_offline


def test_offline_is_said_where_a_sync_is_offered() -> None:
    from dataclasses import replace

    from app.web.parts import sync_line

    ctx = sample_context()
    profile, query = ctx.backend.get_profile("p"), ctx.backend.get_query(REF)
    assert profile is not None
    assert query is not None
    ctx.backend.save_profile(replace(profile, jira_config={"base_url": "https://jira.example"}))
    ctx.backend.save_query(replace(query, jql="project = A"))
    visit = visit_of(ctx, "", FORMATS)
    assert texts(sync_line.button(visit)) == ["Sync"]
    system.work_offline(ctx, True)
    assert texts(sync_line.button(visit)) == ["Offline"]


def test_the_log_is_shown_from_its_end_and_without_secrets(ctx: Context) -> None:
    path = logs.log_file(ctx.profiles_dir)
    path.parent.mkdir()
    path.write_text("first\n" + "x" * 200_000 + "\nsent Authorization: Bearer abcdefgh12345678\nlast\n", "utf-8")
    lines = system.log_tail(ctx)
    assert lines[-1] == "last"
    assert "first" not in lines
    assert "abcdefgh12345678" not in " ".join(lines)


def test_a_log_behind_a_link_is_not_read(ctx: Context, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("somebody's", "utf-8")
    path = logs.log_file(ctx.profiles_dir)
    path.parent.mkdir()
    path.symlink_to(tmp_path / "other")
    assert system.log_tail(ctx) == []


def test_the_diagnostics_hold_no_secret_and_nobodys_work(ctx: Context) -> None:
    from app.actions.projects import new_project

    ref = new_project(ctx, "Project Whisper")
    ctx.network.asking("Jira sync").note("https://jira.example", "GET /x", (1, 2), "200")
    path = logs.log_file(ctx.profiles_dir)
    path.parent.mkdir()
    path.write_text(
        "token=planted-secret-123\n2026-03-02 09:00:00,000 INFO app.x: an entry token=planted-secret-123\n", "utf-8"
    )
    backups = ctx.profiles_dir / "backups"
    backups.mkdir(exist_ok=True)
    for file in (
        ctx.profiles_dir / "Whisper report.html",
        backups / "burndown-Whisper.db",
        backups / "burndown.Whisper",
    ):
        file.write_text("", "utf-8")
    (backups / "burndown-20260301T120000Z-before-import.db").write_text("", "utf-8")
    ctx.backend.save_task(Task("Track record of Project Whisper", "running", 1.0, NOW))
    zipped = diagnostics(ctx, system.check(ctx))
    assert zipped.missing == ()
    files = unpacked(zipped.data)
    assert set(files) == {"about.json", "check.txt", "network.json", "burndown.log"}
    whole = "".join(files.values())
    assert "planted-secret-123" not in whole
    assert "Whisper" not in whole
    assert ref.profile_id not in whole
    assert str(Path.home()) not in whole or str(Path.home()) == "/"
    assert json.loads(files["network.json"])[0]["host"] == "https://jira.example"
    about = json.loads(files["about.json"])
    assert about["counts"]["profiles"] == 1
    names = [each["file"] for each in about["files"]]
    assert {"burndown.db", "logs", "backups", "another file", "backups/another file"} <= set(names)
    assert "backups/burndown-20260301T120000Z-before-import.db" in names
    assert "an entry" in files["burndown.log"]


def test_a_log_that_is_another_file_too_or_a_pipe_is_not_read_and_not_waited_for(ctx: Context, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("2026-03-02 09:00:00,000 INFO app.x: somebody's\n", "utf-8")
    path = logs.log_file(ctx.profiles_dir)
    path.parent.mkdir()
    path.hardlink_to(tmp_path / "other")
    assert system.log_tail(ctx) == []
    assert "somebody" not in unpacked(diagnostics(ctx, system.check(ctx)).data)["burndown.log"]
    if hasattr(os, "mkfifo"):
        path.unlink()
        os.mkfifo(path)
        assert system.log_tail(ctx) == []
        with pytest.raises(OSError, match=r"."):
            files.appending(path)


def test_what_is_logged_is_text_on_the_page_and_no_secret(ctx: Context) -> None:
    handler = logs.start(ctx.profiles_dir, serving=True)
    markup = "<script>alert(1)</script>"
    try:
        logging.getLogger("app.x").info("%s token=%s \x1b[31m\u202e\nforged", markup, "planted-0123456789")
    finally:
        logs.stop(handler)
    shown = page.log_lines(ctx).children.children
    assert isinstance(shown, str)
    assert f"INFO app.x: {markup} token=… \\x1b[31m\\u202e\\nforged" in shown
    assert "planted" not in shown


def unpacked(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


# A column of each kind of value: a day, an instant, nested values, text. What is put there cannot be read.
_DAMAGES = (
    "UPDATE issues SET created = 'Whisper on Monday'",
    "UPDATE issues SET summary = CAST(x'57686973706572ff' AS TEXT)",
    "UPDATE issues SET labels = 'Whisper'",
    "UPDATE profiles SET created_at = 'Whisper'",
    "UPDATE profiles SET forecast_settings = '{\"Whisper\": '",
    "UPDATE profiles SET name = CAST(x'57686973706572ff' AS TEXT)",
    "UPDATE queries SET created_at = 'Whisper'",
    "UPDATE task_progress SET updated_at = 'Whisper'",
)


@pytest.mark.parametrize("damage", _DAMAGES)
def test_the_diagnostics_of_damaged_data_are_made_and_hold_none_of_its_values(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "data"
    with closing(open_store(folder, mode="write").backend) as backend:
        backend.save_profile(Profile("p", "Team", NOW, NOW))
        backend.save_query(Query("p", "q", "All", NOW, NOW))
        backend.upsert_issues(REF, [Issue("T-1", summary="x", created=NOW)])
        backend.save_task(Task("Checking the data", "failed", 1.0, NOW))
    with closing(sqlite3.connect(folder / "burndown.db")) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(damage)
    handler = logs.start(folder, serving=True)
    with closing(open_store(folder, mode="write").backend) as backend:
        context = Context(backend, ImmediateJobs(), folder, lambda: NOW)
        for read in (backend.list_profiles, lambda: backend.list_queries("p"), lambda: backend.list_issues(REF)):
            try:
                read()
            except StoreError:
                logging.getLogger("app.x").exception("failed")
        zipped = diagnostics(context, system.check(context))
    logs.stop(handler)
    files = unpacked(zipped.data)
    about = json.loads(files["about.json"])
    assert "Whisper" not in "".join(files.values())
    assert "damaged" in files["check.txt"]
    assert about["version"]
    assert about["database"]["schema_version"]
    assert {name for name, value in about.items() if "cannot be read" in str(value)} == set(zipped.missing)
    if "UPDATE profiles" in damage:
        assert "work lists" in zipped.missing


def test_where_pages_meet_damage_the_diagnostics_are_offered_too() -> None:
    from app.web import damage

    ctx = sample_context()
    assert "Diagnostics file" in texts(html.Div(damage.instead(ctx, Damaged("x"))))


def test_every_part_is_named_with_its_licence() -> None:
    parts = {part.name.casefold(): part for part in licences.parts()}
    assert {"dash", "requests", "plotly.js", "pynacl"} <= set(parts)
    assert parts["requests"].licence == "Apache-2.0"
    assert "Apache License" in parts["requests"].text
    assert all(part.licence for part in parts.values())
    assert parts["dash"].text.strip()[:40] in licences.as_text()
