"""What differs between systems about our own process: its streams, its stop signals, its browser."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

if sys.platform == "win32":
    from app.host import windows

# The exit code of a command that is told to stop by the end of the process above it.
_STOPPED = 1


class Stop:
    """The wish to stop, from the page, a signal or the console.

    A SimpleQueue and no Event: a signal handler runs inside whatever the main thread is just doing, and an Event's
    lock, taken again by the thread that holds it, would hang for ever.
    """

    def __init__(self) -> None:
        self.asked = False
        self._queue: queue.SimpleQueue[None] = queue.SimpleQueue()

    def ask(self) -> None:
        self.asked = True
        self._queue.put(None)

    def wake(self) -> None:
        """Let the waiting thread look around, without asking it to stop."""
        self._queue.put(None)

    def wait(self, seconds: float | None) -> bool:
        """Wait for `ask`, for `wake`, or that long (None: for ever). Whether the stop was asked for."""
        if not self.asked:
            with contextlib.suppress(queue.Empty):
                self._queue.get(timeout=seconds)
        return self.asked


def stop_with_parent(*, serving: bool) -> None:
    """Of the single executable: stop as on SIGTERM when the process that unpacked us is gone.

    The single executable is two processes. Who kills the visible one means the app; without this the other would
    go on alone, with the folder locked. `serving`: on Windows the app is asked, by `on_stop_signal`; a command ends.
    """
    if not _is_unpacked():
        return
    if sys.platform.startswith("linux"):
        _die_with_parent()
    elif sys.platform == "win32" and not serving:
        windows.when_parent_ends(lambda: os._exit(_STOPPED))


def _is_unpacked() -> bool:
    return Path(getattr(sys, "_MEIPASS", "")).name.startswith("_MEI")


def _die_with_parent() -> None:
    import ctypes  # noqa: PLC0415 only the single executable needs it

    set_parent_death_signal = 1
    parent = os.getppid()
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def on_stop_signal(ask: Callable[[], None], finished: threading.Event) -> object:
    """Ctrl-C, SIGTERM, SIGHUP and console close call `ask`; a console close waits for `finished`.

    What it returns must be kept while the process lives: Windows itself keeps only an address.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        ask()

    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        # An ignored signal stays ignored: nohup, or a shell's background job.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handle)
    if sys.platform == "win32":
        if _is_unpacked():
            windows.when_parent_ends(ask)
        windows.on_session_end(ask, finished)
        return windows.on_console_event(ask, finished)
    return None


def mend_environment() -> None:
    """Give every stream somewhere to go, and take the bundle's library path out of what children inherit."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # a double click on Windows, or a closed descriptor
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 kept for the process' life
    for stream in (sys.stdout, sys.stderr):
        # Names in any script must print on any console; redirected output is UTF-8 everywhere.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    if getattr(sys, "frozen", False):
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            original = os.environ.get(f"{name}_ORIG")
            if original is not None:
                os.environ[name] = original
            else:
                os.environ.pop(name, None)


def calm_collector() -> None:
    """Let the cyclic collector come more seldom, and never again to what is there now.

    100,000 issues are millions of objects that all stay: at Python's own pace, looking through them took a third of
    loading them, and the more the larger the query.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def leave(code: int) -> NoReturn:
    """End the process, all being written and closed.

    Taking the interpreter apart would free the objects of an import one by one, a twentieth of its time. It is left to
    do so where a thread still runs, or where the last words cannot be said: Python then says why.
    """
    if threading.active_count() == 1:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
            logging.shutdown()
            os._exit(code)
    sys.exit(code)


def open_browser(url: str, when_impossible: Callable[[], None]) -> None:
    """Open the address in the user's browser, in a thread: some browsers block their caller."""

    def attempt() -> None:
        if not open_browser_and_wait(url):
            when_impossible()

    threading.Thread(target=attempt, name="browser", daemon=True).start()


def open_browser_and_wait(url: str) -> bool:
    """Whether a browser took the address. BROWSER is respected."""
    import webbrowser  # noqa: PLC0415 not needed before the socket listens

    try:
        return has_screen() and webbrowser.open(url)
    except (webbrowser.Error, OSError):
        return False


def has_screen() -> bool:
    """Whether a browser could show itself; else `webbrowser` might start a text browser in our terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
