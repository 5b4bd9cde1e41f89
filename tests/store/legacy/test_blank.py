"""Tokens in set-aside originals: found, and blanked without touching anything else."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from store.legacy import blank
from tests.store.legacy.old_database import write_database

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


def token_of(folder: Path, profile_id: str) -> str | None:
    token = blank.token_of(folder, profile_id)
    return token.token if token else None


def test_a_token_is_found_with_the_address_beside_it(tmp_path: Path) -> None:
    token = blank.token_of(originals(tmp_path), "p_1")
    assert token is not None
    assert (token.token, token.address) == (TOKEN, "https://jira")
    assert TOKEN not in repr(token)


def test_a_profiles_own_token_comes_before_the_roots(tmp_path: Path) -> None:
    originals(tmp_path)
    assert token_of(tmp_path, "p_1") == TOKEN
    assert token_of(tmp_path, "p_2") == "root-token"


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
    assert token_of(tmp_path, "p_1") is None
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
    document = json.loads(connection.execute("SELECT jira_config FROM profiles").fetchone()[0])
    connection.close()
    assert document == {"token": "      ", "base_url": "https://jira"}


def test_a_log_beside_the_database_that_holds_the_token_is_named_as_left(tmp_path: Path) -> None:
    (tmp_path / "old-app.db-wal").write_bytes(b'\x00{"token": "abc"}\x00')
    assert blank.blank(tmp_path) == blank.Blanked((), ("old-app.db-wal",))


def test_a_file_that_cannot_be_written_is_named_as_left(tmp_path: Path) -> None:
    originals(tmp_path)
    # No system has room for a longer name beside it, whoever writes.
    name = f"{'n' * 250}.json"
    (tmp_path / name).write_bytes((tmp_path / "app_settings.json").read_bytes())
    assert blank.blank(tmp_path).left == (name,)
    assert b"root-token" in (tmp_path / name).read_bytes()


# -- every way in which a secret can stand there ---------------------------------------------------------

PLANTED = "PLANTED/tok\u00e4n+xyz=="


def _everywhere(folder: Path, *more: str) -> list[str]:
    """Files that hold the planted token, in bytes of any encoding or with any escapes."""
    ways = {PLANTED, json.dumps(PLANTED)[1:-1], repr(PLANTED)[1:-1], PLANTED.replace("x", "\\u0078"), *more}
    forms = [way.encode(name) for way in ways for name in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "latin-1")]
    return sorted(
        path.name for path in folder.rglob("*") if path.is_file() and any(form in path.read_bytes() for form in forms)
    )


def _settings(token: str = PLANTED) -> str:
    return json.dumps({"name": "A", "jira_config": {"token": token, "base_url": "https://jira"}}, ensure_ascii=False)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_settings_file_of_any_encoding_loses_its_token_and_nothing_else(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "p_1").mkdir()
    path = tmp_path / "p_1" / "profile.json"
    path.write_bytes(_settings().encode(encoding))
    token = PLANTED.encode("utf-8").decode("latin-1") if encoding == "cp1252" else PLANTED
    assert encoding == "cp1252" or token_of(tmp_path, "p_1") == token
    assert blank.blank(tmp_path) == blank.Blanked(("p_1/profile.json",), ())
    assert path.read_bytes().decode(encoding) == _settings("")
    assert _everywhere(tmp_path) == []


def test_a_token_is_blanked_wherever_else_it_stands_and_however_it_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "profile.json").write_text(_settings(), encoding="utf-8")
    (tmp_path / "app.log").write_text(f"login with {PLANTED}", encoding="utf-8")
    (tmp_path / "notes.txt").write_text(f"login with {PLANTED}", encoding="utf-16")
    (tmp_path / "query.json").write_text('{"jql": "' + PLANTED.replace("/", "\\/").replace("x", "\\u0078") + '"}')
    (tmp_path / "profile.json.tmp").write_text(_settings().replace("x", "\\u0078"))
    (tmp_path / "picture.png").write_bytes(b"\x00\x01" * 100)
    assert len(_everywhere(tmp_path)) == 4
    done = blank.blank(tmp_path)
    assert _everywhere(tmp_path, PLANTED.replace("/", "\\/").replace("x", "\\u0078")) == []
    assert {"app.log", "notes.txt", "profile.json", "profile.json.tmp"} <= set(done.done)
    assert (tmp_path / "app.log").read_text() == "login with "


def test_the_registry_that_the_old_migration_wrote_into_the_database_is_blanked(tmp_path: Path) -> None:
    """A Python repr in `app_state`, and on free pages what a row held before."""
    path = tmp_path / "old-app.db"
    write_database(path)
    connection = sqlite3.connect(path)
    long = json.dumps({"token": "OLDER-token" + "f" * 9000})
    connection.execute("UPDATE profiles SET jira_config = ?", (long,))
    connection.commit()
    connection.execute("UPDATE profiles SET jira_config = '{}'")
    state = str({"p": {"jira_config": {"token": PLANTED, "base_url": "https://jira"}}})
    connection.execute("INSERT INTO app_state VALUES ('profiles', ?)", (state,))
    connection.commit()
    connection.close()
    assert blank.blank(tmp_path) == blank.Blanked(("old-app.db",), ())
    assert _everywhere(tmp_path) == []
    assert b"OLDER-token" not in path.read_bytes()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (kept,) = connection.execute("SELECT value FROM app_state WHERE key = 'profiles'").fetchone()
    assert connection.execute("SELECT count(*) FROM jira_issues").fetchone() == (2,)
    connection.close()
    assert kept == state.replace(PLANTED, " " * len(PLANTED))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["old-app.db"]


@pytest.mark.slow
def test_a_token_that_goes_over_several_pages_is_blanked(tmp_path: Path) -> None:
    path = tmp_path / "old-app.db"
    write_database(path)
    token = "L" + "ong" * 4000
    connection = sqlite3.connect(path)
    connection.execute("UPDATE profiles SET jira_config = ?", (json.dumps({"token": token}),))
    connection.commit()
    connection.close()
    assert token_of(tmp_path, "p_0123456789ab") == token
    assert blank.blank(tmp_path).done == ("old-app.db",)
    assert b"ongongong" not in path.read_bytes()


def test_a_database_with_a_log_loses_the_token_in_both(tmp_path: Path) -> None:
    path = tmp_path / "live.db"
    write_database(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("UPDATE profiles SET name = 'In the log', jira_config = ?", (json.dumps({"token": PLANTED}),))
    connection.commit()
    for suffix in ("", "-wal"):
        (tmp_path / "aside").mkdir(exist_ok=True)
        (tmp_path / "aside" / f"old-app.db{suffix}").write_bytes((tmp_path / f"live.db{suffix}").read_bytes())
    connection.close()
    assert blank.blank(tmp_path / "aside") == blank.Blanked(("old-app.db",), ())
    assert _everywhere(tmp_path / "aside") == []
    connection = sqlite3.connect(tmp_path / "aside/old-app.db")
    assert connection.execute("SELECT name FROM profiles").fetchall() == [("In the log",)]
    connection.close()


def test_a_broken_database_is_blanked_byte_by_byte_or_named_as_left(tmp_path: Path) -> None:
    path = tmp_path / "old-app.db"
    write_database(path)
    content = bytearray(path.read_bytes())
    content[100:140] = b"\xff" * 40
    path.write_bytes(content)
    done = blank.blank(tmp_path)
    assert done == blank.Blanked(("old-app.db",), ())
    assert b"planted" not in path.read_bytes()
    assert len(path.read_bytes()) == len(content)


@pytest.mark.skipif(os.name != "posix", reason="a link takes a right of its own there")
def test_a_file_behind_a_link_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.json").write_text(_settings(), encoding="utf-8")
    (tmp_path / "aside").mkdir()
    (tmp_path / "aside" / "profile.json").symlink_to(tmp_path / "elsewhere.json")
    blank.blank(tmp_path / "aside")
    assert _everywhere(tmp_path) == ["elsewhere.json", "profile.json"]
