"""`join`: what it lists, what it shows first, what it does, and how that is taken back."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import pytest

from store.documents import with_earlier, with_joined_into
from store.sqlite import backup
from store.sqlite.backend import SQLiteBackend
from tests.actions.test_joins import OLD, new_file
from tests.cli.test_cli import Burndown


@pytest.fixture
def burndown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Burndown:
    command = Burndown(tmp_path / "profiles", capsys)
    for name, content in (("Before", OLD.encode()), ("Now", new_file())):
        (tmp_path / f"{name}.csv").write_bytes(content)
        command("import", str(tmp_path / f"{name}.csv"), "--profile", "Team", "--query", name)
    return command


def test_it_is_shown_joined_and_taken_back(burndown: Burndown, tmp_path: Path) -> None:
    counts = burndown("status")["counts"]
    listed = burndown("join")
    assert [(each["earlier"], each["later"]) for each in listed["can_be_joined"]] == [("Before", "Now")]
    assert listed["joined"] == []
    preview = burndown("join", "Before", "Now", "--preview")
    assert (preview["joined"], preview["matched"], preview["by_rule"]) == (False, 7, {"noted": 7})
    assert (preview["only_earlier"], preview["leaving"], preview["moved"][:10]) == (["OLD-8"], ["OLD-8"], "2026-03-02")
    assert "Nothing is changed yet" in burndown.text("join", "Before", "Now", "--preview")
    assert burndown("undo")["can_be_undone"][0]["what"].startswith("import of")

    assert burndown("join", "Before", "Now")["joined"] is True
    assert "join" in [snapshot.kind for snapshot in backup.snapshots(tmp_path / "profiles")]
    assert burndown("status")["counts"]["issues"] == counts["issues"]
    assert burndown("metrics", "--query", "Now", "--subject", "scope")["scope"]["total"] == 7
    lead = burndown("metrics", "--query", "Now", "--subject", "flow", "--window", "all")["flow"]["lead_time"]
    assert lead["n"] == 6
    assert "Before goes on in Now" in burndown.text("join")
    assert "already" in burndown.refused("join", "Before", "Now")

    waiting = next(each for each in burndown("undo")["can_be_undone"] if each["what"] == "joining of Before with Now")
    burndown("undo", waiting["id"])
    assert burndown("join") == listed
    assert burndown("status")["counts"] == counts


def test_they_can_be_kept_apart_again_at_any_time(burndown: Burndown) -> None:
    burndown("join", "Before", "Now")
    assert burndown("join", "Before", "--apart") == {"apart": ["Before", "Now"]}
    assert burndown("join")["joined"] == []
    assert "goes on in no other" in burndown.refused("join", "Before", "--apart")


def test_what_it_needs_is_said(burndown: Burndown) -> None:
    burndown("join", "Before", code=2)
    burndown("join", "--preview", code=2)
    assert "one work list" in burndown.refused("join", "Now", "Now")


def test_nothing_there_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Burndown(tmp_path / "none", capsys)("join") == {"can_be_joined": [], "joined": []}


@pytest.mark.parametrize("way", ["bundle", "edited database"])
def test_lists_that_go_on_in_each_other_still_have_a_forecast(burndown: Burndown, tmp_path: Path, way: str) -> None:
    folder, file = tmp_path / "profiles", tmp_path / "team.zip"
    with contextlib.closing(SQLiteBackend(folder / "burndown.db")) as backend:
        (profile,) = backend.list_profiles()
        earlier, other = backend.list_queries(profile.id)
        for each, into in ((earlier, other.id), (other, earlier.id)):
            backend.save_query(replace(each, extras={"joined_into": into, "earlier": [into]}))
    if way == "bundle":
        burndown("export", "--bundle", str(file))
        assert len(burndown("import", str(file), "--conflict", "replace")["warnings"]) == 2
    for query, total in (("Before", 8), ("Now", 7)):
        assert burndown("forecast", "--query", query)
        assert burndown("metrics", "--query", query, "--subject", "scope")["scope"]["total"] == total
    assert burndown("join")["joined"] == []


@pytest.mark.parametrize("links", [{"Before": "Now", "Now": "Before"}, {"Now": "Now"}])
def test_a_check_names_lists_that_an_edited_file_joins_in_a_ring(burndown: Burndown, links: dict[str, str]) -> None:
    assert burndown("check")["ok"]
    with contextlib.closing(SQLiteBackend(burndown.folder / "burndown.db")) as backend:
        (profile,) = backend.list_profiles()
        lists = {each.name: each for each in backend.list_queries(profile.id)}
        for name, into in links.items():
            backend.save_query(with_earlier(with_joined_into(lists[name], lists[into].id), [lists[into].id]))
    (problem,) = burndown("check", code=3)["problems"]
    assert all(name in problem for name in links)
    for name in links:
        burndown("join", name, "--apart")
    assert burndown("check") == {"ok": True, "problems": []}
