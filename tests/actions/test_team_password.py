"""To whom the password of the environment goes: to a server that its user has named, and to no other."""

from __future__ import annotations

import socket
import struct
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

import launcher
from app import logs
from app.actions.team import password_for
from store import team
from store.errors import Unreachable
from store.paths import DataFolder
from store.postgres.address import Address, parsed
from tests.store.contract.filling import NOW

PASSWORD = "planted-Team-9c41"
_NO_TLS = b"N"
# Requests for TLS and for GSSAPI, as they begin in place of a version.
_ENCRYPTION = (80877103, 80877104)


class Curious:
    """A server that asks whoever comes for the password, in clear, and keeps what it is sent."""

    def __init__(self) -> None:
        # What it says in its error.
        self.repeats: str | None = None
        self._answers: list[bytes] = []
        self._has_heard = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    @property
    def heard(self) -> list[bytes]:
        """What whoever came has answered; who hangs up without a word may be gone before that is noticed here."""
        self._has_heard.wait(10)
        return self._answers

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                with self._socket.accept()[0] as connection, suppress(OSError, struct.error):
                    connection.settimeout(10)
                    self._ask(connection)

    def _ask(self, connection: socket.socket) -> None:
        while _message(connection) in _ENCRYPTION:
            connection.sendall(_NO_TLS)
        connection.sendall(b"R" + struct.pack("!II", 8, 3))
        self._answers.append(connection.recv(4096))
        self._has_heard.set()
        if self.repeats is not None:
            fields = b"SFATAL\0VFATAL\0CXX000\0Mno entry for " + self.repeats.encode() + b" here\0\0"
            connection.sendall(b"E" + struct.pack("!I", len(fields) + 4) + fields)


def _message(connection: socket.socket) -> int:
    (size,) = struct.unpack("!I", connection.recv(4))
    (code,) = struct.unpack_from("!I", connection.recv(size - 4))
    return int(code)


@pytest.fixture
def curious(monkeypatch: pytest.MonkeyPatch) -> Iterator[Curious]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("BURNDOWN_STORE", raising=False)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    server = Curious()
    yield server
    server.close()


def address_of(server: Curious, more: str = "") -> Address:
    return parsed(f"postgresql://ann@127.0.0.1:{server.port}/team{more}")


@pytest.mark.parametrize("words", [("status",), ("forecast",), ("team", "status"), ("sync",)])
def test_a_server_that_only_the_folder_names_is_not_told_it(
    curious: Curious, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    team.remember(tmp_path, address_of(curious), NOW)
    launcher.main(["--profiles", str(tmp_path), *words])
    answer = capsys.readouterr()
    assert f"call this again with --store {address_of(curious)}" in answer.out + answer.err
    assert curious.heard
    assert PASSWORD.encode() not in b"".join(curious.heard)


def test_a_server_that_its_user_names_is_told_it(curious: Curious, tmp_path: Path) -> None:
    launcher.main(["--profiles", str(tmp_path), "--store", str(address_of(curious)), "status"])
    assert PASSWORD.encode() in b"".join(curious.heard)


def password_of(folder: Path, address: Address, *, named: bool, password: str = PASSWORD) -> str | None:
    data = DataFolder(folder, "argument", True, store=address, is_store_named=named, password=password)
    return password_for(data, address)()


def test_no_entry_of_the_log_shows_it_whoever_repeats_it(
    curious: Curious, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden: list[str | None] = []
    monkeypatch.setattr(logs, "hide", hidden.append)
    password_of(tmp_path, address_of(curious), named=True)
    assert hidden == [PASSWORD]


def test_once_said_is_enough_for_this_password_and_this_address(curious: Curious, tmp_path: Path) -> None:
    here, elsewhere = address_of(curious), address_of(curious, "?sslmode=disable")
    team.remember(tmp_path, here, NOW)
    with pytest.raises(Unreachable, match="PGPASSWORD"):
        password_of(tmp_path, here, named=False)
    assert password_of(tmp_path, here, named=True) == PASSWORD
    assert password_of(tmp_path, here, named=False) == PASSWORD
    assert PASSWORD not in (tmp_path / team.NAME).read_text()
    with pytest.raises(Unreachable, match="PGPASSWORD"):
        password_of(tmp_path, here, named=False, password="another")
    # The address is exchanged, and the mark stays.
    text = (tmp_path / team.NAME).read_text()
    (tmp_path / team.NAME).write_text(text.replace(str(here), str(elsewhere)))
    with pytest.raises(Unreachable, match="PGPASSWORD"):
        password_of(tmp_path, elsewhere, named=False)


def test_who_shares_or_joins_has_said_it(curious: Curious, tmp_path: Path) -> None:
    team.remember(tmp_path, address_of(curious), NOW, PASSWORD)
    assert password_of(tmp_path, address_of(curious), named=False) == PASSWORD


@pytest.mark.parametrize(
    ("password", "repeated"),
    [
        (PASSWORD, PASSWORD),
        (PASSWORD, PASSWORD[:12]),
        (PASSWORD, quote(PASSWORD, safe="")),
        (PASSWORD, b64encode(f"ann:{PASSWORD}".encode()).decode()),
        (PASSWORD, PASSWORD.encode().hex()),
        ("geheim", "geheim"),
        ("ab1", "ab1"),
    ],
)
def test_no_message_shows_it_however_the_server_repeats_it(
    curious: Curious,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    password: str,
    repeated: str,
) -> None:
    curious.repeats = repeated
    monkeypatch.setenv("PGPASSWORD", password)
    assert launcher.main(["--profiles", str(tmp_path), "--store", str(address_of(curious)), "status"]) == 3
    answer = capsys.readouterr()
    assert "no entry for" in answer.err
    assert repeated not in answer.out + answer.err
