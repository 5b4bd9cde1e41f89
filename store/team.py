"""Which team's store a data folder works with: a small file beside the database, with an address and no secret."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store import files
from store.codec import instant_text, parsed_json
from store.errors import BadAddress, NotWritable, Refused, not_writable
from store.postgres.address import Address, parsed
from store.texts import N_

NAME = "team.json"
# Under which the keyring and the sealed store have the password.
SECRET = "team"  # noqa: S105 a name
VARIABLE = "BURNDOWN_STORE"
_LARGEST = 10_000
# Of snapshots of a team's data, and of what the folder held before it joined.
SNAPSHOT, BEFORE = "team", "before-team"
LEAVE_FIRST = N_(
    "These are the data of a team, and a backup cannot take their place for everybody. Leave the "
    "team first (burndown team leave), put the backup back, and share that. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Membership:
    """`since`: when the folder was shared or joined; `mark`: of the password that a user gave for this address."""

    address: Address
    since: datetime
    mark: str = ""

    def is_for(self, password: str) -> bool:
        """Whether a user has said with this password that it is for this address. Who only has the folder cannot say
        it in a user's name: the mark needs the password."""
        return hmac.compare_digest(self.mark.encode(), _mark(self.address, password).encode())


def membership(profiles_dir: Path) -> Membership | None:
    """None for a folder that works by itself. Raises Refused where the file cannot be read."""
    path = profiles_dir / NAME
    try:
        document = parsed_json(files.read_small(path, _LARGEST))
        mark = str(document.get("mark", ""))
        return Membership(parsed(document["store"]), datetime.fromisoformat(document["since"]), mark)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BadAddress) as exc:
        raise Refused(
            N_(
                "{name} in the data folder, which names the team's store, cannot be read. Move it away to "
                "work with what is in the folder, or join the team again with: burndown team join URL.",
                name=NAME,
            )
        ) from exc


def _mark(address: Address, password: str) -> str:
    # Slow on purpose, about 50 ms: a mark must not help to guess the password.
    return hashlib.scrypt(password.encode(), salt=str(address).encode(), n=1 << 14, r=8, p=1, dklen=16).hex()


def remember(profiles_dir: Path, address: Address, now: datetime, password: str = "") -> None:
    """From now on the folder works with that store. `password`: the one that was given for it, which is not kept."""
    mark = {"mark": _mark(address, password)} if password else {}
    try:
        with files.replacing(profiles_dir / NAME) as stream:
            stream.write(json.dumps({"store": str(address), "since": instant_text(now), **mark}).encode())
    except OSError as exc:
        raise not_writable(N_("{name} could not be written", name=NAME), exc) from exc


def note_password(profiles_dir: Path, address: Address, password: str) -> None:
    """A user says that this password is for this address, which they named; once is enough where the folder has it."""
    kept = membership(profiles_dir)
    if kept is not None and kept.address == address and not kept.is_for(password):
        # A folder that cannot be written is asked about again.
        with suppress(NotWritable):
            remember(profiles_dir, address, kept.since, password)


def forget(profiles_dir: Path) -> None:
    """The folder works by itself again."""
    (profiles_dir / NAME).unlink(missing_ok=True)


def wished(argument: str | None, environ: Mapping[str, str] = os.environ) -> Address | None:
    """What `--store` or the environment names, which goes before what the folder remembers. Raises BadAddress."""
    text = argument or environ.get(VARIABLE)
    return parsed(text) if text else None


def store_of(
    profiles_dir: Path, argument: str | None = None, environ: Mapping[str, str] = os.environ
) -> Address | None:
    """The team's store that is meant; None for the database in the folder. Raises BadAddress, Refused."""
    address = wished(argument, environ)
    if address is not None:
        return address
    kept = membership(profiles_dir)
    return kept.address if kept else None
