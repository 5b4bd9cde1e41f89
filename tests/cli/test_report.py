"""`report` as a script meets it."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from app.words.formats import Formats
from tests.cli.test_cli import Burndown

USUAL = ["answer", "milestones", "progress", "moved", "signals", "lists"]


@pytest.fixture
def filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Burndown:
    """40 items, one finished each day in four weeks of March, and 12 open ones with a telling title."""
    burndown = Burndown(tmp_path / "profiles", capsys)
    rows = [f"A-{at},Story,2026-01-05,2026-03-{at:02},Done {at}" for at in range(1, 29)]
    rows += [f"A-{at},Bug,2026-01-05,,Secret plan {at} <script>" for at in range(40, 52)]
    file = tmp_path / "items.csv"
    file.write_text("\n".join(["key,type,created,finished,summary", *rows]), encoding="utf-8")
    for work in ("First", "Second"):
        burndown("import", str(file), "--project", "Team", "--work", work)
    return burndown


def text_of(file: Path) -> str:
    return unescape(
        re.sub(r"<[^>]+>", "\n", re.sub(r"<(script|style).*?</\1>", "", file.read_text("utf-8"), flags=re.S))
    )


def test_one_file_with_the_usual_sections(filled: Burndown, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    outcome = filled("report", "--out", str(target), "--as-of", "2026-03-30")
    assert (outcome["file"], outcome["sections"]) == (str(target), USUAL)
    assert outcome["bytes"] == target.stat().st_size < 3_000_000
    assert 0 < outcome["seconds"] < 60
    assert re.findall(r'data-section="([^"]+)"', target.read_text("utf-8")) == USUAL


def test_it_tells_what_it_wrote_with_the_month_as_a_name(filled: Burndown, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    text = filled.text("report", "--work", "First", "--out", str(target), "--as-of", "2026-03-30")
    assert text == f"{target} is written: First, as of 30 Mar 2026.\n"


@pytest.mark.slow
def test_it_says_what_the_other_commands_say_for_that_day(filled: Burndown, tmp_path: Path) -> None:
    that_day = ("--work", "First", "--as-of", "2026-03-30")
    target = tmp_path / "report.html"
    filled("report", *that_day, "--out", str(target))
    scope, forecast = filled("metrics", *that_day)["scope"], filled("forecast", *that_day)
    text = text_of(target)
    assert "As of 30 Mar 2026" in text
    assert f"{scope['done']} of {scope['total']} items are done, {scope['remaining']} are left" in text
    day = forecast["percentiles"]["85"]["date"]
    sure = Formats().short(date.fromisoformat(day))
    assert f"85\u202f% sure by {sure}" in text


def test_several_work_lists_and_chosen_sections(filled: Burndown, tmp_path: Path) -> None:
    target = tmp_path / "two.html"
    chosen = ("--query", "First", "--work", "Second", "--query", "First", "--sections", "signals, Answer")
    assert filled("report", *chosen, "--out", str(target))["sections"] == ["signals", "answer"]
    assert re.findall(r"Team › (\w+) · As of", text_of(target)) == ["First", "Second"]


def test_titles_are_there_as_text_and_can_be_left_out(filled: Burndown, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    filled("report", "--out", str(target))
    assert "Secret plan 40 <script>" in text_of(target)
    assert "plan 40 <script>" not in target.read_text("utf-8")
    filled("report", "--out", str(target), "--no-summaries")
    assert "Secret plan" not in target.read_text("utf-8")
    assert "A-40" in target.read_text("utf-8")


def test_what_cannot_be_done_is_refused_and_nothing_is_written(filled: Burndown, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    assert "no section 'wether'" in filled("report", "--out", str(target), "--sections", "wether", code=2)["error"]
    assert "no query 'Third'" in filled("report", "--out", str(target), "--query", "Third", code=3)["error"]
    assert ".html" in filled("report", "--out", str(filled.folder / "burndown.db"), code=3)["error"]
    assert "could not be written" in filled("report", "--out", str(tmp_path / "no" / "x.html"), code=3)["error"]
    assert not target.exists()


def test_an_empty_folder_has_nothing_to_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    burndown = Burndown(tmp_path / "profiles", capsys)
    assert "Import a file" in burndown("report", "--out", str(tmp_path / "r.html"), code=3)["error"]
    assert not burndown.folder.exists()
