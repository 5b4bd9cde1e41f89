"""Tracker tokens: in memory by default, in the computer's keyring, or sealed on the stick with a passphrase.

A token is never written in clear to any file, and never leaves for another server than the one it was entered for:
wherever it is kept, it is kept with the origin (scheme, host, port) of that server and only given out for that.
Sealing: Argon2id derives a key from the passphrase and a salt of its own for each token; XChaCha20-Poly1305 seals
the token with the profile's id and the origin bound to it, so that a sealed token can be moved neither to another
profile nor to another server by editing the file. Both come from libsodium (PyNaCl).

Tokens that an earlier version kept know no origin. They are sent nowhere and have to be entered again: the address that
their profile has by now may be another one than the user entered, and nothing that came with the folder can tell.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from store import files
from store.errors import NoKeyring, WrongPassphrase, not_writable
from store.texts import N_

if TYPE_CHECKING:
    from nacl.secret import Aead

SEALED_FILE = "secrets.json"
_SERVICE = "Burndown"
_log = logging.getLogger(__name__)
# Beyond what we ever wrote: a planted cost must not eat the memory, nor a planted file.
_MOST_OPERATIONS, _MOST_MEMORY, _LARGEST_FILE = 20, 256 * 1024 * 1024, 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id's work: `operations` passes over `memory_bytes`. The default takes about half a second."""

    operations: int = 3
    memory_bytes: int = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Kept:
    """A token and the origin that it was entered for."""

    origin: str
    token: str


class Keyring(Protocol):
    """What we use of the keyring library, so that tests can hand in a fake."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class Secrets:
    """The tokens of one data folder, one for each profile. Not shared between processes.

    `origin` is everywhere that of `store.origins`, with whatever else belongs to the server after a blank, such as the
    hash of the authorities that were trusted when the token was entered; the empty one matches nothing.
    """

    def __init__(self, folder: Path, keyring: Keyring | None = None, cost: Cost | None = None) -> None:
        self._file = folder / SEALED_FILE
        self._keyring = keyring
        self._cost = cost or Cost()
        self._memory: dict[str, _Kept] = {}
        # One at a time: each passphrase that is tried takes 128 MB.
        self._deriving = threading.Lock()

    def get(self, profile_id: str, origin: str) -> str | None:
        """The token for this server if it is in memory (typed in or unlocked) or in the keyring; None otherwise."""
        if self.is_in_memory(profile_id, origin):
            return self._memory[profile_id].token
        if not origin:
            return None
        try:
            with _refusals():
                return self._host_keyring().get_password(_service(origin), profile_id)
        except NoKeyring:
            return None

    def is_in_memory(self, profile_id: str, origin: str) -> bool:
        """Whether it is at hand without asking the keyring, which may take long or ask the user."""
        kept = self._memory.get(profile_id)
        return kept is not None and bool(origin) and kept.origin == origin

    def entered_for(self, profile_id: str) -> str:
        """The origin of the token in memory, else of the one on the stick; empty where there is none, or none known."""
        kept = self._memory.get(profile_id)
        return kept.origin if kept is not None else _origin_in(self._sealed().get(profile_id))

    def is_unbound(self, profile_id: str) -> bool:
        """Whether all that is here is a token that an earlier version sealed."""
        return (
            profile_id not in self._memory
            and profile_id in (sealed := self._sealed())
            and not _origin_in(sealed[profile_id])
        )

    def has_keyring(self) -> bool:
        """Whether this computer offers one; to find out takes a moment."""
        try:
            self._host_keyring()
        except NoKeyring:
            return False
        return True

    def keep_in_memory(self, profile_id: str, origin: str, token: str) -> None:
        """Until the app ends."""
        self._memory[profile_id] = _Kept(origin, token)

    def remember_on_computer(self, profile_id: str, origin: str, token: str) -> None:
        """In the keyring of this computer and user. Raises NoKeyring where there is none."""
        with _refusals():
            keyring = self._host_keyring()
            keyring.set_password(_service(origin), profile_id, token)
            if keyring.get_password(_SERVICE, profile_id) is not None:
                # As an earlier version kept it, for whatever address the profile has.
                keyring.delete_password(_SERVICE, profile_id)
        self.keep_in_memory(profile_id, origin, token)

    def remember_on_stick(self, profile_id: str, origin: str, token: str, passphrase: str) -> None:
        """Sealed in the data folder. All tokens there share one passphrase: raises WrongPassphrase for another."""
        self.unlock(passphrase)
        sealed = self._seal(profile_id, _Kept(origin, token), passphrase)
        self._write({**self._sealed(), profile_id: sealed})
        self.keep_in_memory(profile_id, origin, token)

    def sealed_profiles(self) -> tuple[str, ...]:
        """Ids of the profiles that have a token sealed on the stick."""
        return tuple(sorted(self._sealed()))

    def unlock(self, passphrase: str) -> None:
        """Open all sealed tokens into memory. Raises WrongPassphrase and changes nothing.

        What an earlier version sealed stays closed: it does not say which server it is for.
        """
        opened = {profile_id: self._open(profile_id, seal, passphrase) for profile_id, seal in self._sealed().items()}
        self._memory.update({profile_id: kept for profile_id, kept in opened.items() if kept.origin})

    def change_passphrase(self, old: str, new: str) -> None:
        """Seal everything anew. Raises WrongPassphrase and changes nothing."""
        opened = {profile_id: self._open(profile_id, sealed, old) for profile_id, sealed in self._sealed().items()}
        self._write({profile_id: self._seal(profile_id, kept, new) for profile_id, kept in opened.items()})

    def forget(self, profile_id: str, *origins: str) -> None:
        """Everywhere: memory, stick, and in the keyring what is kept for these servers. Needs no passphrase."""
        known = self._memory.pop(profile_id, None)
        sealed = self._sealed()
        if sealed.pop(profile_id, None) is not None:
            self._write(sealed)
        try:
            keyring = self._host_keyring()
        except NoKeyring:
            return
        bound = [_service(origin) for origin in (*origins, known.origin if known else "") if origin]
        with _refusals():
            for service in dict.fromkeys([*bound, _SERVICE]):
                if keyring.get_password(service, profile_id) is not None:
                    keyring.delete_password(service, profile_id)

    # -- sealing ----------------------------------------------------------------------------------------

    def _seal(self, profile_id: str, kept: _Kept, passphrase: str) -> dict[str, Any]:
        salt = os.urandom(16)
        box = self._box(passphrase, salt, self._cost).encrypt(kept.token.encode(), _bound_to(profile_id, kept.origin))
        return {
            **({"origin": kept.origin} if kept.origin else {}),
            "salt": base64.b64encode(salt).decode(),
            "operations": self._cost.operations,
            "memory_bytes": self._cost.memory_bytes,
            "box": base64.b64encode(bytes(box)).decode(),
        }

    def _open(self, profile_id: str, sealed: Any, passphrase: str) -> _Kept:
        # Slow to import, and needed by few: only who seals a token pays for it.
        from nacl.exceptions import CryptoError  # noqa: PLC0415

        try:
            cost, origin = Cost(int(sealed["operations"]), int(sealed["memory_bytes"])), _origin_in(sealed)
            if cost.operations > _MOST_OPERATIONS or cost.memory_bytes > _MOST_MEMORY:
                raise ValueError("cost beyond what we ever wrote")
            box = self._box(passphrase, base64.b64decode(sealed["salt"]), cost)
            opened = box.decrypt(base64.b64decode(sealed["box"]), _bound_to(profile_id, origin))
            return _Kept(origin, opened.decode())
        except (CryptoError, KeyError, TypeError, ValueError, OverflowError) as exc:
            raise WrongPassphrase(N_("This passphrase does not open the tokens kept here. Try again.")) from exc

    def _box(self, passphrase: str, salt: bytes, cost: Cost) -> Aead:
        # libsodium is loaded only when something is sealed or opened: it costs start-up time otherwise.
        from nacl import pwhash, secret  # noqa: PLC0415

        with self._deriving:
            key = pwhash.argon2id.kdf(
                secret.Aead.KEY_SIZE, passphrase.encode(), salt, opslimit=cost.operations, memlimit=cost.memory_bytes
            )
        return secret.Aead(key)

    def _sealed(self) -> dict[str, Any]:
        try:
            sealed = json.loads(files.read_small(self._file, _LARGEST_FILE))["sealed"]
            if not isinstance(sealed, dict):
                raise TypeError("not an object")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as exc:
            raise WrongPassphrase(
                N_(
                    "{sealed_file} in the data folder cannot be read. Move it away and enter the token again.",
                    sealed_file=SEALED_FILE,
                )
            ) from exc
        return sealed

    def _write(self, sealed: Mapping[str, Any]) -> None:
        if not sealed:
            self._file.unlink(missing_ok=True)
            return
        try:
            with files.replacing(self._file) as stream:
                stream.write(json.dumps({"version": 2, "sealed": sealed}).encode())
        except OSError as exc:
            raise not_writable(N_("The token could not be kept in the data folder"), exc) from exc

    def _host_keyring(self) -> Keyring:
        if self._keyring is not None:
            return self._keyring
        # keyring looks for back ends on import, which takes longer than the rest of this module.
        import keyring  # noqa: PLC0415
        from keyring.backends import fail  # noqa: PLC0415

        try:
            ring = keyring.get_keyring()
        except Exception as exc:  # noqa: BLE001 a user's settings may name one that is not here; each fails in its way
            _log.warning("the keyring that is set up here cannot be loaded: %r", exc)
            ring = None
        if ring is None or isinstance(ring, fail.Keyring):
            raise NoKeyring(
                N_(
                    "This computer has no keyring that Burndown can use. Keep the token until the app ends, or "
                    "seal it on the stick with a passphrase."
                )
            )
        return ring


def _service(origin: str) -> str:
    """Under which the keyring has what is for this server."""
    return f"{_SERVICE} {origin}"


def _bound_to(profile_id: str, origin: str) -> bytes:
    """What a seal cannot be opened without. No origin: an earlier version's.

    The mark is no part of any text: else an id could be made up that reads as another's id and origin.
    """
    return b"\xff" + profile_id.encode() + b"\xff" + origin.encode() if origin else profile_id.encode()


def _origin_in(sealed: Any) -> str:
    origin = sealed.get("origin", "") if isinstance(sealed, Mapping) else ""
    return origin if isinstance(origin, str) else ""


@contextmanager
def _refusals() -> Iterator[None]:
    """A keyring that is locked, or whose service does not answer, is as good as none; each fails in its own way."""
    try:
        yield
    except NoKeyring:
        raise
    except Exception as exc:
        raise NoKeyring(
            N_("The keyring of this computer refused. Unlock it and try again, or keep the token another way.")
        ) from exc
