"""Tracker tokens: in memory by default, in the computer's keyring, or sealed on the stick with a passphrase.

A token is never written in clear to any file. Sealing: Argon2id derives a key from the passphrase and a salt
of its own for each token; XChaCha20-Poly1305 seals the token with the profile's id bound to it, so that a
sealed token cannot be moved to another profile. Both come from libsodium (PyNaCl).
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from store.errors import NoKeyring, WrongPassphrase, not_writable

if TYPE_CHECKING:
    from nacl.secret import Aead

SEALED_FILE = "secrets.json"
_SERVICE = "Burndown"


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id's work: `operations` passes over `memory_bytes`. The default takes about half a second."""

    operations: int = 3
    memory_bytes: int = 128 * 1024 * 1024


class Keyring(Protocol):
    """What we use of the keyring library, so that tests can hand in a fake."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class Secrets:
    """The tokens of one data folder, by profile id. Not shared between processes."""

    def __init__(self, folder: Path, keyring: Keyring | None = None, cost: Cost | None = None) -> None:
        self._file = folder / SEALED_FILE
        self._keyring = keyring
        self._cost = cost or Cost()
        self._memory: dict[str, str] = {}

    def get(self, profile_id: str) -> str | None:
        """The token if it is in memory (typed in or unlocked) or in the keyring; None otherwise."""
        if profile_id in self._memory:
            return self._memory[profile_id]
        try:
            with _refusals():
                return self._host_keyring().get_password(_SERVICE, profile_id)
        except NoKeyring:
            return None

    def is_in_memory(self, profile_id: str) -> bool:
        """Whether it is at hand without asking the keyring, which may take long or ask the user."""
        return profile_id in self._memory

    def has_keyring(self) -> bool:
        """Whether this computer offers one; to find out takes a moment."""
        try:
            self._host_keyring()
        except NoKeyring:
            return False
        return True

    def keep_in_memory(self, profile_id: str, token: str) -> None:
        """Until the app ends."""
        self._memory[profile_id] = token

    def remember_on_computer(self, profile_id: str, token: str) -> None:
        """In the keyring of this computer and user. Raises NoKeyring where there is none."""
        with _refusals():
            self._host_keyring().set_password(_SERVICE, profile_id, token)
        self._memory[profile_id] = token

    def remember_on_stick(self, profile_id: str, token: str, passphrase: str) -> None:
        """Sealed in the data folder. All tokens there share one passphrase: raises WrongPassphrase for another."""
        self.unlock(passphrase)
        self._write({**self._sealed(), profile_id: self._seal(profile_id, token, passphrase)})
        self._memory[profile_id] = token

    def sealed_profiles(self) -> tuple[str, ...]:
        """Ids of the profiles that have a token sealed on the stick."""
        return tuple(sorted(self._sealed()))

    def unlock(self, passphrase: str) -> None:
        """Open all sealed tokens into memory. Raises WrongPassphrase and changes nothing."""
        opened = {
            profile_id: self._open(profile_id, sealed, passphrase) for profile_id, sealed in self._sealed().items()
        }
        self._memory.update(opened)

    def change_passphrase(self, old: str, new: str) -> None:
        """Seal everything anew. Raises WrongPassphrase and changes nothing."""
        tokens = {profile_id: self._open(profile_id, sealed, old) for profile_id, sealed in self._sealed().items()}
        self._write({profile_id: self._seal(profile_id, token, new) for profile_id, token in tokens.items()})

    def forget(self, profile_id: str) -> None:
        """Everywhere: memory, keyring, stick. Needs no passphrase."""
        self._memory.pop(profile_id, None)
        sealed = self._sealed()
        if sealed.pop(profile_id, None) is not None:
            self._write(sealed)
        try:
            keyring = self._host_keyring()
        except NoKeyring:
            return
        with _refusals():
            if keyring.get_password(_SERVICE, profile_id) is not None:
                keyring.delete_password(_SERVICE, profile_id)

    # -- sealing ----------------------------------------------------------------------------------------

    def _seal(self, profile_id: str, token: str, passphrase: str) -> dict[str, Any]:
        salt = os.urandom(16)
        box = _box(passphrase, salt, self._cost).encrypt(token.encode(), profile_id.encode())
        return {
            "salt": base64.b64encode(salt).decode(),
            "operations": self._cost.operations,
            "memory_bytes": self._cost.memory_bytes,
            "box": base64.b64encode(bytes(box)).decode(),
        }

    def _open(self, profile_id: str, sealed: Mapping[str, Any], passphrase: str) -> str:
        # Slow to import, and needed by few: only who seals a token pays for it.
        from nacl.exceptions import CryptoError  # noqa: PLC0415

        try:
            cost = Cost(int(sealed["operations"]), int(sealed["memory_bytes"]))
            if cost.operations > 20 or cost.memory_bytes > 1024**3:
                raise ValueError("cost beyond what we ever wrote")
            box = _box(passphrase, base64.b64decode(sealed["salt"]), cost)
            return box.decrypt(base64.b64decode(sealed["box"]), profile_id.encode()).decode()
        except (CryptoError, KeyError, TypeError, ValueError) as exc:
            raise WrongPassphrase("This passphrase does not open the tokens kept here. Try again.") from exc

    def _sealed(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._file.read_text(encoding="utf-8"))["sealed"])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise WrongPassphrase(
                f"{SEALED_FILE} in the data folder cannot be read. Move it away and enter the token again."
            ) from exc

    def _write(self, sealed: Mapping[str, Any]) -> None:
        if not sealed:
            self._file.unlink(missing_ok=True)
            return
        temporary = self._file.with_suffix(".tmp")
        try:
            with temporary.open("w", encoding="utf-8") as stream:
                json.dump({"version": 1, "sealed": sealed}, stream)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(self._file)
        except OSError as exc:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise not_writable("The token could not be kept in the data folder", exc) from exc

    def _host_keyring(self) -> Keyring:
        if self._keyring is not None:
            return self._keyring
        # keyring looks for back ends on import, which takes longer than the rest of this module.
        import keyring  # noqa: PLC0415
        from keyring.backends import fail  # noqa: PLC0415

        found = keyring.get_keyring()
        if isinstance(found, fail.Keyring):
            raise NoKeyring(
                "This computer has no keyring that Burndown can use. "
                "Keep the token until the app ends, or seal it on the stick with a passphrase."
            )
        return found


@contextmanager
def _refusals() -> Iterator[None]:
    """A keyring that is locked, or whose service does not answer, is as good as none."""
    # Imported with the keyring itself, which is about to be needed.
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        yield
    except KeyringError as exc:
        raise NoKeyring(
            "The keyring of this computer refused. Unlock it and try again, or keep the token another way."
        ) from exc


def _box(passphrase: str, salt: bytes, cost: Cost) -> Aead:
    # libsodium is loaded only when something is sealed or opened: it costs start-up time otherwise.
    from nacl import pwhash, secret  # noqa: PLC0415

    key = pwhash.argon2id.kdf(
        secret.Aead.KEY_SIZE, passphrase.encode(), salt, opslimit=cost.operations, memlimit=cost.memory_bytes
    )
    return secret.Aead(key)
