"""Tokens: kept where the user chose, in clear nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from store.errors import NoKeyring, NotWritable, WrongPassphrase
from store.secrets import SEALED_FILE, Cost, Secrets

TOKEN = "planted-token-7f3a"
LIGHT = Cost(operations=1, memory_bytes=8192)


class FakeKeyring:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


def secrets(folder: Path, keyring: FakeKeyring) -> Secrets:
    return Secrets(folder, keyring, LIGHT)


def test_a_token_in_memory_leaves_nothing_on_disk(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path, keyring)
    kept.keep_in_memory("p", TOKEN)
    assert kept.get("p") == TOKEN
    assert list(tmp_path.iterdir()) == []
    assert secrets(tmp_path, keyring).get("p") is None


def test_a_token_on_the_computer_is_found_again(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_computer("p", TOKEN)
    assert secrets(tmp_path, keyring).get("p") == TOKEN
    assert list(tmp_path.iterdir()) == []


def test_a_sealed_token_opens_with_its_passphrase_only(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_stick("p", TOKEN, "correct horse")
    again = secrets(tmp_path, keyring)
    assert again.sealed_profiles() == ("p",)
    assert again.get("p") is None
    with pytest.raises(WrongPassphrase):
        again.unlock("wrong horse")
    assert again.get("p") is None
    again.unlock("correct horse")
    assert again.get("p") == TOKEN


def test_the_sealed_file_holds_neither_token_nor_passphrase(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_stick("p", TOKEN, "correct horse")
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert TOKEN.encode() not in written
    assert b"correct horse" not in written


def test_two_seals_of_one_token_share_nothing(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path, keyring)
    kept.remember_on_stick("p", TOKEN, "correct horse")
    kept.remember_on_stick("other", TOKEN, "correct horse")
    sealed = json.loads((tmp_path / SEALED_FILE).read_text(encoding="utf-8"))["sealed"]
    assert sealed["p"]["salt"] != sealed["other"]["salt"]
    assert sealed["p"]["box"] != sealed["other"]["box"]


def test_a_second_token_needs_the_same_passphrase(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path, keyring)
    kept.remember_on_stick("p", TOKEN, "correct horse")
    with pytest.raises(WrongPassphrase):
        kept.remember_on_stick("other", TOKEN, "wrong horse")
    assert kept.sealed_profiles() == ("p",)


def test_a_sealed_token_cannot_be_moved_to_another_profile(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_stick("p", TOKEN, "correct horse")
    file = tmp_path / SEALED_FILE
    content = json.loads(file.read_text(encoding="utf-8"))
    content["sealed"]["q"] = content["sealed"].pop("p")
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(WrongPassphrase):
        secrets(tmp_path, keyring).unlock("correct horse")


def test_a_changed_passphrase_replaces_the_old_one(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path, keyring)
    kept.remember_on_stick("p", TOKEN, "correct horse")
    kept.change_passphrase("correct horse", "battery staple")
    again = secrets(tmp_path, keyring)
    with pytest.raises(WrongPassphrase):
        again.unlock("correct horse")
    again.unlock("battery staple")
    assert again.get("p") == TOKEN


def test_forgetting_removes_it_everywhere(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path, keyring)
    kept.remember_on_computer("p", TOKEN)
    kept.remember_on_stick("p", TOKEN, "correct horse")
    kept.forget("p")
    assert kept.get("p") is None
    assert keyring.kept == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"sealed": "text"}', '{"sealed": {"p": 5}}', '{"sealed": {"p": {"operations": 1}}}']
)
def test_a_damaged_sealed_file_is_said_and_kept(content: str, tmp_path: Path, keyring: FakeKeyring) -> None:
    (tmp_path / SEALED_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(WrongPassphrase):
        secrets(tmp_path, keyring).unlock("correct horse")
    assert (tmp_path / SEALED_FILE).read_text(encoding="utf-8") == content


def test_a_planted_cost_cannot_eat_the_memory(tmp_path: Path, keyring: FakeKeyring) -> None:
    secrets(tmp_path, keyring).remember_on_stick("p", TOKEN, "correct horse")
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
    assert kept.get("p") is None
    with pytest.raises(NoKeyring, match="Unlock it"):
        kept.forget("p")


def test_a_token_that_cannot_be_written_down_is_told_in_words(tmp_path: Path, keyring: FakeKeyring) -> None:
    kept = secrets(tmp_path, keyring)
    kept.unlock("correct horse")
    (tmp_path / SEALED_FILE).with_suffix(".tmp").mkdir()
    with pytest.raises(NotWritable, match="The token could not be kept in the data folder"):
        kept.remember_on_stick("p", TOKEN, "correct horse")
