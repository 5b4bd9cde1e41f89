"""Tokens in set-aside originals: found, and blanked without touching anything else."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from store.legacy import blank

TOKEN = "s3cret-Tok\u00e4n"


def originals(folder: Path) -> Path:
    profile = folder / "profiles" / "p_1"
    profile.mkdir(parents=True)
    about = {"name": "A \u2013 B", "jira_config": {"base_url": "https://jira", "token": TOKEN, "points_field": ""}}
    (profile / "profile.json").write_text(json.dumps(about, indent=2, ensure_ascii=False), encoding="utf-8")
    registry = {"profiles": {"p_1": {"name": "A", "jira_config": {"token": TOKEN}}, "p_2": {"name": "B"}}}
    (folder / "profiles" / "profiles.json").write_text(json.dumps(registry), encoding="utf-8")
    (folder / "app_settings.json").write_text('{"jira_token": "root-token", "cut": ', encoding="utf-8")
    return folder


def test_a_profiles_own_token_comes_before_the_roots(tmp_path: Path) -> None:
    originals(tmp_path)
    assert blank.token_of(tmp_path, "p_1") == TOKEN
    assert blank.token_of(tmp_path, "p_2") == "root-token"


def test_blanking_takes_the_value_and_leaves_every_other_byte(tmp_path: Path) -> None:
    originals(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = blank.blank(tmp_path)
    assert sorted(done.done) == ["app_settings.json", "profiles/p_1/profile.json", "profiles/profiles.json"]
    assert done.left == ()
    profile = tmp_path / "profiles" / "p_1" / "profile.json"
    assert profile.read_bytes() == before[profile].replace(TOKEN.encode(), b"")
    root = tmp_path / "app_settings.json"
    assert root.read_bytes() == b'{"jira_token": "", "cut": '
    assert sorted(before) == sorted(path for path in tmp_path.rglob("*") if path.is_file())


def test_nothing_is_held_afterwards_and_blanking_again_does_nothing(tmp_path: Path) -> None:
    originals(tmp_path)
    assert len(blank.holding(tmp_path)) == 3
    blank.blank(tmp_path)
    assert blank.holding(tmp_path) == []
    assert blank.token_of(tmp_path, "p_1") is None
    assert blank.blank(tmp_path) == blank.Blanked((), ())


def test_the_old_database_loses_the_token_and_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "old-app.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE profiles (id TEXT, jira_config TEXT)")
        config = json.dumps({"token": "abc123", "base_url": "https://jira"})
        connection.execute("INSERT INTO profiles VALUES ('p_1', ?)", (config,))
    connection.close()
    assert blank.blank(tmp_path).done == ("old-app.db",)
    assert b"abc123" not in path.read_bytes()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = json.loads(connection.execute("SELECT jira_config FROM profiles").fetchone()[0])
    connection.close()
    assert found == {"token": "      ", "base_url": "https://jira"}


def test_a_log_beside_the_database_that_holds_the_token_is_named_as_left(tmp_path: Path) -> None:
    (tmp_path / "old-app.db-wal").write_bytes(b'\x00{"token": "abc"}\x00')
    assert blank.blank(tmp_path) == blank.Blanked((), ("old-app.db-wal",))


def test_a_file_that_cannot_be_written_is_named_as_left(tmp_path: Path) -> None:
    originals(tmp_path)
    # A folder in the place of the temporary file refuses the write for every user.
    (tmp_path / "app_settings.json.blanked").mkdir()
    assert blank.blank(tmp_path).left == ("app_settings.json",)
    assert b"root-token" in (tmp_path / "app_settings.json").read_bytes()
