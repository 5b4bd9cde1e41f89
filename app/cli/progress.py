"""How far a command is, said on standard error where that is a terminal, so that nobody wonders whether it still
works.

The line begins once a command has taken two seconds, and is written anew in its place. What else is said meanwhile
takes that place, and the line goes on below it. At the end it is gone. A file or a pipe gets none of it.
"""

from __future__ import annotations

import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from app.host.process import on_screen
from app.jobs import NoProgress, Progress

_FIRST_SECONDS, _EVERY_SECONDS = 2.0, 0.5
# A longer line would go on in the next one of a narrow terminal, and could not be taken back.
_LONGEST = 76


class Line:
    """In the place of standard error: what is written to it comes through, and the line makes room for it."""

    def __init__(self, stream: TextIO, ticks: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._ticks = stream, ticks
        self._began = ticks()
        self._text, self._shown = "", ""
        self._lock = threading.RLock()

    def step(self, done: int, total: int, text: str = "") -> None:
        share = f" ({100 * done // total} %)" if 0 < done < total else ""
        # What is waited for without anything new stays as it was called.
        self._text = f"{text}{share}" if text else self._text

    def show(self) -> None:
        """As it is now, where the command has taken long enough by now."""
        seconds = int(self._ticks() - self._began)
        with self._lock:
            if seconds >= _FIRST_SECONDS:
                time_taken = f" … {seconds} s"
                text = on_screen(self._text or "Still at it").replace("\n", " ")
                self._put(text[: _LONGEST - len(time_taken)] + time_taken)

    def clear(self) -> None:
        with self._lock:
            if self._shown:
                self._put("")
                self._stream.write("\r")
                self._stream.flush()

    def write(self, text: str) -> int:
        with self._lock:
            self.clear()
            return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _put(self, text: str) -> None:
        # Blanks, which every terminal knows, take away what a longer line left.
        self._stream.write(f"\r{text}{' ' * (len(self._shown) - len(text))}")
        self._stream.flush()
        self._shown = text


@contextmanager
def shown() -> Iterator[Progress]:
    """What the command is to call with each step that it takes."""
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield NoProgress()
        return
    line, over = Line(stream), threading.Event()
    thread = threading.Thread(target=_keep_showing, args=(line, over), name="progress", daemon=True)
    sys.stderr = line  # It passes on whatever else a stream can do.
    thread.start()
    try:
        yield line
    finally:
        over.set()
        thread.join()
        sys.stderr = stream
        with suppress(OSError, ValueError):
            line.clear()


def _keep_showing(line: Line, over: threading.Event) -> None:
    # A terminal that is gone takes no line: the command goes on without.
    with suppress(OSError, ValueError):
        while not over.wait(_EVERY_SECONDS):
            line.show()


def of(arguments: Namespace) -> Progress:
    """That of the command that these arguments are for."""
    return getattr(arguments, "progress", None) or NoProgress()
