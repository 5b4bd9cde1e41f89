"""Tokens: kept where the user chose, in clear nowhere."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from keyring.errors import KeyringLocked

from store.errors import NoKeyring, NotWritable, WrongPassphrase
from store.secrets import SEALED_FILE, Cost, Secrets
from tests.fake_keyring import FakeKeyring

TOKEN = "planted-token-7f3a"

HERE, ELSEWHERE = "https://jira.example.com", "https://jira.example.net"
LIGHT = Cost(operations=1, memory_bytes=8192)


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


def secrets(folder: Path, keyring: FakeKeyring) -> Secrets:
    return Secrets(folder, keyring, LIGHT)


def test_a_token_in_memory_leaves_nothing_on_disk(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path, keyring)
    kept.keep_in_memory("p", HERE, TOKEN)
    assert kept.get("p", HERE) == TOKEN
    assert list(tmp_path.iterdir()) == []
    assert secrets(tmp_path, keyring).get("p", HERE) is None


def test_a_token_on_the_computer_is_found_again(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_computer("p", HERE, TOKEN)
    assert secrets(tmp_path, keyring).get("p", HERE) == TOKEN
    assert list(tmp_path.iterdir()) == []


def test_a_sealed_token_opens_with_its_passphrase_only(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_stick("p", HERE, TOKEN, "correct horse")
    again = secrets(tmp_path, keyring)
    assert again.sealed_profiles() == ("p",)
    assert again.get("p", HERE) is None
    with pytest.raises(WrongPassphrase):
        again.unlock("wrong horse")
    assert again.get("p", HERE) is None
    again.unlock("correct horse")
    assert again.get("p", HERE) == TOKEN


def test_the_sealed_file_holds_neither_token_nor_passphrase(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_stick("p", HERE, TOKEN, "correct horse")
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert TOKEN.encode() not in written
    assert b"correct horse" not in written


def test_two_seals_of_one_token_share_nothing(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path, keyring)
    kept.remember_on_stick("p", HERE, TOKEN, "correct horse")
    kept.remember_on_stick("other", HERE, TOKEN, "correct horse")
    sealed = json.loads((tmp_path / SEALED_FILE).read_text(encoding="utf-8"))["sealed"]
    assert sealed["p"]["salt"] != sealed["other"]["salt"]
    assert sealed["p"]["box"] != sealed["other"]["box"]


def test_a_second_token_needs_the_same_passphrase(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path, keyring)
    kept.remember_on_stick("p", HERE, TOKEN, "correct horse")
    with pytest.raises(WrongPassphrase):
        kept.remember_on_stick("other", HERE, TOKEN, "wrong horse")
    assert kept.sealed_profiles() == ("p",)


def test_a_sealed_token_cannot_be_moved_to_another_profile(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_stick("p", HERE, TOKEN, "correct horse")
    file = tmp_path / SEALED_FILE
    content = json.loads(file.read_text(encoding="utf-8"))
    content["sealed"]["q"] = content["sealed"].pop("p")
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(WrongPassphrase):
        secrets(tmp_path, keyring).unlock("correct horse")


def test_a_changed_passphrase_replaces_the_old_one(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path, keyring)
    kept.remember_on_stick("p", HERE, TOKEN, "correct horse")
    kept.change_passphrase("correct horse", "battery staple")
    again = secrets(tmp_path, keyring)
    with pytest.raises(WrongPassphrase):
        again.unlock("correct horse")
    again.unlock("battery staple")
    assert again.get("p", HERE) == TOKEN


def test_forgetting_removes_it_everywhere(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path, keyring)
    kept.remember_on_computer("p", HERE, TOKEN)
    kept.remember_on_stick("p", HERE, TOKEN, "correct horse")
    kept.forget("p")
    assert kept.get("p", HERE) is None
    assert keyring.kept == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"sealed": "text"}',
        '{"sealed": {"p": 5}}',
        '{"sealed": {"p": {"operations": 1}}}',
        '{"sealed": [["p", 5], [7, {}]]}',
        '{"sealed": {"p": {"operations": Infinity, "memory_bytes": 8192, "salt": "", "box": ""}}}',
        '{"sealed": {"p": {"operations": 1, "memory_bytes": 8192, "salt": "AAAA", "box": ""}}}',
        '{"sealed": {"p": {"operations": 0, "memory_bytes": 1, "salt": "AAAAAAAAAAAAAAAAAAAAAA==", "box": "AA=="}}}',
        '{"sealed": {"\\ud800": {"operations": 1, "memory_bytes": 8192, "salt": "", "box": "", "origin": 5}}}',
        f'{{"sealed": {"[" * 100_000}',
        " " * 1_000_001,
    ],
    ids=lambda content: content[:40].strip() or "blank",
)
def test_a_damaged_sealed_file_is_said_and_kept(content: str, tmp_path: Path, keyring: FakeKeyring) -> None:
    (tmp_path / SEALED_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(WrongPassphrase):
        secrets(tmp_path, keyring).unlock("correct horse")
    assert (tmp_path / SEALED_FILE).read_text(encoding="utf-8") == content


def test_a_planted_cost_cannot_eat_the_memory(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_stick("p", HERE, TOKEN, "correct horse")
    file = tmp_path / SEALED_FILE
    content = json.loads(file.read_text(encoding="utf-8"))
    content["sealed"]["p"]["memory_bytes"] = 2**45
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(WrongPassphrase):
        secrets(tmp_path, keyring).unlock("correct horse")


class LockedKeyring(FakeKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")


def test_a_locked_keyring_is_as_good_as_none(tmp_path: Path) -> None:
    kept = secrets(tmp_path, LockedKeyring())
    assert kept.get("p", HERE) is None
    with pytest.raises(NoKeyring, match="Unlock it"):
        kept.forget("p")


def test_a_token_that_cannot_be_written_down_is_told_in_words(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path / "pulled out", keyring)
    kept.unlock("correct horse")
    with pytest.raises(NotWritable, match="The token could not be kept in the data folder"):
        kept.remember_on_stick("p", HERE, TOKEN, "correct horse")


# -- the server that a token is for -------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["memory", "computer", "stick"])
def test_a_token_is_given_out_for_the_server_only_that_it_was_entered_for(
    where: str, tmp_path: Path, keyring: FakeKeyring
) -> None:
    kept = secrets(tmp_path, keyring)
    if where == "computer":
        kept.remember_on_computer("p", HERE, TOKEN)
    elif where == "stick":
        kept.remember_on_stick("p", HERE, TOKEN, "correct horse")
    else:
        kept.keep_in_memory("p", HERE, TOKEN)
    others = [ELSEWHERE, f"{HERE}:8443", "http://jira.example.com", "https://jira.example.com.evil.example", ""]
    assert [kept.get("p", other) for other in others] == [None] * 5
    assert (kept.get("p", HERE), kept.entered_for("p")) == (TOKEN, HERE)
    again = secrets(tmp_path, keyring)
    again.unlock("correct horse")
    assert again.get("p", ELSEWHERE) is None
    assert again.get("p", HERE) == (None if where == "memory" else TOKEN)


def test_a_sealed_token_cannot_be_moved_to_another_server(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_stick("p", HERE, TOKEN, "correct horse")
    file = tmp_path / SEALED_FILE
    content = json.loads(file.read_text(encoding="utf-8"))
    for origin in (ELSEWHERE, ""):
        content["sealed"]["p"]["origin"] = origin
        file.write_text(json.dumps(content), encoding="utf-8")
        edited = secrets(tmp_path, keyring)
        with pytest.raises(WrongPassphrase):
            edited.unlock("correct horse")
        assert edited.get("p", ELSEWHERE) is None


@pytest.mark.parametrize("made_up", [f"p {HERE}", f"p\xff{HERE}", f"{HERE} p"])
def test_no_profile_id_can_be_made_up_that_opens_what_is_kept_for_another(
    made_up: str, tmp_path: Path, keyring: FakeKeyring
) -> None:
    kept = secrets(tmp_path, keyring)
    kept.remember_on_computer("p", HERE, TOKEN)
    kept.remember_on_stick("p", HERE, TOKEN, "correct horse")
    content = json.loads((tmp_path / SEALED_FILE).read_text(encoding="utf-8"))
    del content["sealed"]["p"]["origin"]
    content["sealed"] = {made_up: content["sealed"]["p"]}
    (tmp_path / SEALED_FILE).write_text(json.dumps(content), encoding="utf-8")
    again = secrets(tmp_path, keyring)
    assert again.get(made_up, ELSEWHERE) is None
    with pytest.raises(WrongPassphrase):
        again.unlock("correct horse")


@pytest.mark.parametrize("named", ["nowhere.Keyring", "os.system", "x", "keyring.backends.fail.Keyring"])
def test_a_keyring_that_is_set_up_here_and_cannot_be_loaded_is_as_good_as_none(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring.core

    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", named)
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    kept = Secrets(tmp_path)
    assert (kept.get("p", HERE), kept.has_keyring()) == (None, False)
    with pytest.raises(NoKeyring):
        kept.remember_on_computer("p", HERE, TOKEN)
    kept.forget("p", HERE)


@pytest.mark.parametrize("problem", [OSError("gone"), RuntimeError("no bus"), KeyError("x"), AssertionError()])
def test_a_keyring_that_fails_in_whatever_way_refuses(problem: Exception, tmp_path: Path) -> None:
    class Broken:
        def get_password(self, service: str, username: str) -> str | None:
            raise problem

        def set_password(self, service: str, username: str, password: str) -> None:
            raise problem

        def delete_password(self, service: str, username: str) -> None:
            raise problem

    kept = Secrets(tmp_path, Broken())
    assert kept.get("p", HERE) is None
    with pytest.raises(NoKeyring, match="refused"):
        kept.remember_on_computer("p", HERE, TOKEN)


def test_a_token_in_the_keyring_of_an_earlier_version_goes_nowhere_until_it_is_entered_again(
    tmp_path: Path, keyring: FakeKeyring
) -> None:
    keyring.kept["Burndown", "p"] = TOKEN
    kept = secrets(tmp_path, keyring)
    assert [kept.get("p", origin) for origin in (HERE, ELSEWHERE)] == [None, None]
    kept.remember_on_computer("p", HERE, TOKEN)
    assert keyring.kept == {(f"Burndown {HERE}", "p"): TOKEN}
    assert secrets(tmp_path, keyring).get("p", ELSEWHERE) is None


def test_a_token_that_an_earlier_version_sealed_goes_nowhere_until_it_is_entered_again(
    tmp_path: Path, keyring: FakeKeyring
) -> None:
    old = secrets(tmp_path, keyring)
    # Without an origin is how it was sealed before.
    old.remember_on_stick("p", "", TOKEN, "correct horse")
    assert "origin" not in (tmp_path / SEALED_FILE).read_text(encoding="utf-8")
    now = secrets(tmp_path, keyring)
    now.unlock("correct horse")
    assert [now.get("p", origin) for origin in (HERE, ELSEWHERE, "")] == [None] * 3
    assert now.is_unbound("p")
    now.remember_on_stick("p", HERE, TOKEN, "correct horse")
    later = secrets(tmp_path, keyring)
    later.unlock("correct horse")
    assert (later.get("p", ELSEWHERE), later.get("p", HERE), later.is_unbound("p")) == (None, TOKEN, False)


def test_forgetting_takes_the_keyrings_entries_of_every_server_named(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_computer("p", HERE, TOKEN)
    secrets(tmp_path, keyring).forget("p", ELSEWHERE, HERE)
    assert keyring.kept == {}


def test_of_many_that_unlock_at_once_one_derives_its_key_at_a_time(
    tmp_path: Path, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each derivation takes the memory that makes guessing dear: eight of them together took a gigabyte."""
    from nacl import pwhash

    secrets(tmp_path, keyring).remember_on_stick("p", HERE, TOKEN, "correct horse")
    derive, busy, most = pwhash.argon2id.kdf, threading.Lock(), []

    def alone(*result: Any, **named: Any) -> bytes:
        most.append(busy.acquire(blocking=False))
        time.sleep(0.01)
        try:
            return derive(*result, **named)
        finally:
            if most[-1]:
                busy.release()

    monkeypatch.setattr(pwhash.argon2id, "kdf", alone)
    kept = secrets(tmp_path, keyring)
    threads = [threading.Thread(target=kept.unlock, args=("correct horse",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [True] * 8
    assert kept.get("p", HERE) == TOKEN
