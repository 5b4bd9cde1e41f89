"""What two members of a team do one after the other: they are told who is at it, and since when.

A second sync of a work list is refused, for the first brings the same. A second import waits a while: it brings other
data. In a folder that works by itself there is nobody else. What was chosen of a setting is noted with who and when,
beside the data, so that whoever chooses next can be told.
"""

from __future__ import annotations

import getpass
import json
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from app.errors import Busy
from app.words import N_, Text
from store.backend import PersistenceBackend
from store.codec import instant_text, parsed_json
from store.errors import Occupied
from store.records import QueryRef
from store.state import CHOSEN

# An import of 22,000 issues takes two seconds, a large one a minute.
_WAIT_SECONDS = 60.0
_LOOK_SECONDS = 0.5


@contextmanager
def syncing(backend: PersistenceBackend, ref: QueryRef) -> Iterator[None]:
    """Raises Busy while somebody else syncs the work list."""
    with ExitStack() as stack:
        try:
            stack.enter_context(backend.alone(f"sync/{ref.profile_id}/{ref.query_id}", _me()))
        except Occupied as exc:
            raise Busy(
                N_(
                    "{who} is syncing this work list since {time}. What that brings is seen here by itself; nothing "
                    "was asked a second time.",
                    who=exc.who,
                    time=_time(exc.since),
                )
            ) from exc
        yield


@contextmanager
def importing(backend: PersistenceBackend, project: str, step: Callable[[int, int, str], None]) -> Iterator[None]:
    """Waits while somebody else imports into the project of that name. Raises Busy, and what `step` does."""
    until = time.monotonic() + _WAIT_SECONDS
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(backend.alone(f"import/{project.casefold()}", _me()))
                break
            except Occupied as exc:
                if time.monotonic() > until:
                    raise Busy(_still(exc)) from exc
                step(0, 100, _waits(exc))
            time.sleep(_LOOK_SECONDS)
        yield


def _still(there: Occupied) -> Text:
    return N_(
        "{who} is importing into this project since {time}. Nothing was changed; import again when that is done.",
        who=there.who,
        time=_time(there.since),
    )


def _waits(there: Occupied) -> Text:
    return N_("Waiting: {who} is importing into this project since {time}", who=there.who, time=_time(there.since))


def _time(since: datetime | None) -> str:
    """By the clock of this computer, with the day where it is another one."""
    if since is None:
        return "?"
    here = since.astimezone()
    return f"{here:%H:%M}" if here.date() == datetime.now().astimezone().date() else f"{here:%Y-%m-%d %H:%M}"


def _me() -> str:
    """The name that this computer knows its user by, and its own."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        name = ""
    return " @ ".join(filter(None, (name, platform.node())))


# -- who chose what ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who chose what a setting is now, and when. `who` is empty where nobody else works with the data."""

    who: str
    at: datetime

    @property
    def is_by_another(self) -> bool:
        return self.who not in ("", _me())


def of_project(ref: QueryRef) -> QueryRef:
    """Under which the settings of a whole project are noted."""
    return QueryRef(ref.profile_id, "")


def note_chosen(backend: PersistenceBackend, ref: QueryRef, names: Iterable[str], at: datetime) -> None:
    """Part of the change itself, within its transaction."""
    entry = [_me() if backend.is_shared else "", instant_text(at)]
    noted = dict.fromkeys(names, entry)
    if noted:
        backend.set_note(ref, CHOSEN, json.dumps({**_noted(backend, ref), **noted}, ensure_ascii=False))


def chosen(backend: PersistenceBackend, ref: QueryRef, name: str) -> Chosen | None:
    """None where nobody noted it, such as an earlier version, or another program noted what is no time."""
    try:
        who, at = _noted(backend, ref)[name]
        return Chosen(str(who), datetime.fromisoformat(at).astimezone())
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _noted(backend: PersistenceBackend, ref: QueryRef) -> dict[str, list[str]]:
    try:
        noted = parsed_json(backend.get_note(ref, CHOSEN) or "{}")
    except ValueError:
        return {}
    return noted if isinstance(noted, dict) else {}
