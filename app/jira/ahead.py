"""Fetching ahead: the server works on the next pages while this one is mapped and saved."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")

# How soon a job that waits for a silent server learns that it was cancelled.
_PATIENCE_SECONDS = 1.0
_TURN_SECONDS = 0.0005
# More than one, so that neither side waits when the other is slow for once.
_AHEAD = 10


@contextmanager
def taking_quick_turns() -> Iterator[None]:
    """While threads fetch ahead: whoever reads an answer gets its turn soon, and so do the pages of the app.

    Python lets a busy thread go on for 5 ms while others wait; a page is fetched in as much, and asks several times.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, _TURN_SECONDS))
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def ahead(items: Iterator[Item], still_wanted: Callable[[], None]) -> Iterator[Item]:
    """The same items, fetched in a thread while those before are in use; errors come where they belong.

    `still_wanted` is called about every second of waiting and may raise: a request under way is then left to
    itself, because it cannot be stopped.
    """
    fetched: queue.Queue[Item | _End] = queue.Queue(maxsize=_AHEAD)
    stop = threading.Event()
    threading.Thread(target=_fetch, args=(items, fetched, stop), name="fetching", daemon=True).start()
    try:
        while True:
            try:
                item = fetched.get(timeout=_PATIENCE_SECONDS)
            except queue.Empty:
                still_wanted()
                continue
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        stop.set()


class _End:
    """No more items, and why if not simply so."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def _fetch(items: Iterator[Item], fetched: queue.Queue[Item | _End], stop: threading.Event) -> None:
    end = _End(None)
    try:
        for item in items:
            if not _handed_over(item, fetched, stop):
                return
    except BaseException as exc:  # noqa: BLE001 raised again where the items are used
        end = _End(exc)
    _handed_over(end, fetched, stop)


def _handed_over(item: Item | _End, fetched: queue.Queue[Item | _End], stop: threading.Event) -> bool:
    """False when nobody wants it any more."""
    while not stop.is_set():
        try:
            fetched.put(item, timeout=_PATIENCE_SECONDS)
        except queue.Full:
            continue
        return True
    return False
