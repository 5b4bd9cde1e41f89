"""What the pages say of a takeover."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from app.actions import takeover
from app.context import Context
from app.jobs import Jobs
from app.pages import data
from app.web.page import visit_of
from app.web.parts import takeover_report
from app.words.formats import formats_for
from store.legacy.migrate import migrate_folder
from store.opening import open_store
from store.records import MigrationEntry, Profile
from tests.pages.reading import components, properties, texts
from tests.pages.sample import NOW, sample_context
from tests.store.legacy.old_folder import write_folder

FORMATS = formats_for(["en-GB"])
FINDING = {"where": "token", "problem": "clear text", "action": "not copied"}
FILE = {"path": "a.json", "kind": "issues", "read": 48, "kept": 47, "skipped": 1, "findings": [FINDING]}


def taken_over(days_ago: int = 0, **report: Any) -> Context:
    ctx = sample_context()
    at = NOW - timedelta(days=days_ago)
    counts = {"counts": {"issues": 48, "profiles": 1, "queries": 2}, "files": [FILE]}
    ctx.backend.add_migration(MigrationEntry("old", "f", at, at, "migrated", counts | report))
    return ctx


def page_text(ctx: Context) -> str:
    return " ".join(texts(data.layout(visit_of(ctx, "", FORMATS))))


def is_open(ctx: Context) -> bool:
    page = data.layout(visit_of(ctx, "", FORMATS))
    return next(bool(component.open) for component in components(page) if getattr(component, "id", "") == "takeover")


def test_the_report_says_what_was_found_kept_and_skipped_and_why() -> None:
    text = page_text(taken_over())
    for part in ("Taken over on 30 March 2026", "1 project, 2 work lists, 48 issues", "a.json Issues 48 47 1",
                 "a.json token clear text not copied", "1 thing worth knowing"):  # fmt: skip
        assert part in text


def test_the_report_names_where_the_old_files_are() -> None:
    assert "legacy/20260330T120000Z" in page_text(taken_over(set_aside="legacy/20260330T120000Z"))
    assert "The folder was copied and is as it was." in page_text(taken_over())


def test_files_that_hold_nothing_are_not_listed() -> None:
    empty = {"path": "b.json", "kind": "extras", "read": 0, "kept": 0, "skipped": 0, "findings": []}
    assert "b.json" not in page_text(taken_over(files=[FILE, empty]))


def test_a_report_without_findings_says_so() -> None:
    assert "Every record of every file was used" in page_text(taken_over(files=[FILE | {"findings": []}]))


def test_a_report_is_open_when_first_seen_and_folded_later() -> None:
    ctx = taken_over(days_ago=3)
    assert is_open(ctx)
    assert not is_open(ctx)


def test_on_the_day_of_the_takeover_the_report_stays_open() -> None:
    ctx = taken_over()
    assert is_open(ctx)
    assert is_open(ctx)


def test_other_pages_lead_to_the_report_until_it_was_read() -> None:
    ctx = taken_over()
    notice = takeover_report.takeover_notice(ctx, "/data/sources?query=q")
    assert "1 record was left out" in " ".join(texts(notice))
    assert properties(notice, "href") == ["/data/sources?query=q"]
    page_text(ctx)
    assert takeover_report.takeover_notice(ctx, "/data/sources") == []


def test_files_that_the_old_app_makes_again_do_not_count_as_left_out() -> None:
    whole = FILE | {"kept": 48, "skipped": 0, "findings": []}
    temporary = {"path": "task_progress.json", "kind": "task state", "read": 1, "kept": 0, "skipped": 1, "findings": []}
    ctx = taken_over(files=[whole, temporary, temporary | {"path": "cache/1.json", "kind": "issue copy"}])
    assert "Nothing was left out." in " ".join(texts(takeover_report.takeover_notice(ctx, "/data/sources")))


def test_a_takeover_that_brought_nothing_is_not_reported() -> None:
    ctx = sample_context()
    ctx.backend.add_migration(MigrationEntry("old", "f", NOW, NOW, "refused", {}))
    assert takeover.last_takeover(ctx) is None
    assert takeover_report.takeover_notice(ctx, "/data/sources") == []


def test_the_data_page_says_that_an_old_installation_lies_here_and_how_to_take_it_over(tmp_path: Path) -> None:
    write_folder(tmp_path, 3)
    opened = open_store(tmp_path / "profiles", mode="write")
    opened.backend.save_profile(Profile("p", "Team", NOW, NOW))
    ctx = Context(opened.backend, Jobs(opened.backend), tmp_path / "profiles")
    text = page_text(ctx)
    assert "lies here too" in text
    assert str(tmp_path) in text
    migrate_folder(ctx.backend, tmp_path, merge=True)
    assert "lies here too" not in page_text(ctx)
    opened.backend.close()
