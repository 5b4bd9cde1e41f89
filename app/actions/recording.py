"""What the command `import` leaves to whoever looks next: the week's record of the data and the forecast made.

To work it out takes longer than to import, and needs what the next look at the data needs as well. Put off, it is
worked out once: of the same data and for the same moment, before anything can change. A command that only reads does so
in a copy in memory, for it changes nothing. Another import of the same day that changes nothing puts it off once more:
its own record would take the place of this one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import partial

from app.context import Context
from store.backend import PersistenceBackend
from store.codec import instant_text, parsed_json
from store.errors import StoreError
from store.opening import Opened, OpenedFolder
from store.records import QueryRef
from store.sqlite.backend import copied_into_memory

_log = logging.getLogger(__name__)
_DUE = "record_due"


@dataclass(frozen=True, slots=True)
class _Due:
    """What is to be recorded of a query as it was at that moment and revision."""

    ref: QueryRef
    revision: int
    at: datetime


class PuttingOff:
    """What an import that puts its record off does about records, all of it within the transaction of the import."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._waits = False

    def begin(self, ref: QueryRef, zone: tzinfo, now: datetime) -> Callable[[], None]:
        """Before an import into `ref`; what to call before it changes anything that a record is about.

        What is due of another work list or another day is recorded at once.
        """
        due = _due(self._ctx.backend)
        self._waits = due is not None and due.ref == ref and _day(due.at, zone) == _day(now, zone)
        if due is not None and not self._waits:
            catch_up(self._ctx)
        return self._before_change

    def _before_change(self) -> None:
        if self._waits:
            self._waits = False
            catch_up(self._ctx)

    def end(self, ref: QueryRef, now: datetime) -> None:
        """After the last change."""
        due = {"query": ref, "revision": self._ctx.backend.revision(ref), "at": instant_text(now)}
        self._ctx.backend.set_state(_DUE, json.dumps(due))


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def catch_up(ctx: Context) -> None:
    """Record what is due. That it cannot be keeps nobody from the data: it is logged."""
    due = _due(ctx.backend)
    if due is None:
        return
    try:
        is_over = not ctx.record(due.ref, at=due.at)
    except StoreError:
        _log.exception("what the last import means could not be recorded")
        return
    except Exception:  # noqa: BLE001 nobody is kept from the data by it, and it would be tried again at each start
        _log.exception("what the last import means was not recorded")
        is_over = True
    if is_over:
        ctx.backend.set_state(_DUE, None)


@contextmanager
def with_what_is_due(opened: Opened, make: Callable[[PersistenceBackend], Context]) -> Iterator[Context]:
    """What `make` makes of the store, in which what is due is recorded before anything else changes.

    Where nothing may change it is recorded in a copy.
    """
    if not isinstance(opened, OpenedFolder):
        yield make(opened.backend)
    elif not opened.read_only:
        ctx = make(opened.backend)
        opened.backend.connections.also_before_first_write(partial(catch_up, ctx))
        yield ctx
    elif _due(opened.backend) is None:
        yield make(opened.backend)
    else:
        with closing(copied_into_memory(opened.backend)) as copy:
            ctx = make(copy)
            catch_up(ctx)
            copy.make_read_only()
            yield ctx


def _due(backend: PersistenceBackend) -> _Due | None:
    """None as well where the data have changed since: what they were is then not known any more."""
    text = backend.get_state(_DUE)
    if text is None:
        return None
    try:
        document = parsed_json(text)
        due = _Due(QueryRef(*document["query"]), document["revision"], datetime.fromisoformat(document["at"]))
    except (ValueError, TypeError, KeyError):
        return None
    return due if backend.revision(due.ref) == due.revision else None
