"""What differs between systems about our own process: its streams, its stop signals, its browser."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

if sys.platform == "win32":
    from app.host import windows

# The exit code of a command that is told to stop by the end of the process above it.
_STOPPED = 1
# Enough for the connections, the database and what the libraries hold.
_DESCRIPTORS = 4096
_OWN_DESCRIPTORS = 128
TOKEN_VARIABLE = "BURNDOWN_JIRA_TOKEN"  # noqa: S105 a name
PASSPHRASE_VARIABLE = "BURNDOWN_PASSPHRASE"  # noqa: S105 as above
SECRET_VARIABLES = (TOKEN_VARIABLE, PASSPHRASE_VARIABLE)
# What moves a terminal's cursor, sets its title or clipboard, or turns the direction of reading.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Stop:
    """The wish to stop, from the page, a signal or the console.

    A pair of sockets and no Event: a signal handler runs inside whatever the main thread is just doing, and an Event's
    lock, taken again by the thread that holds it, would hang for ever. And no queue: a signal that comes between the
    last look at it and the wait, or to another thread, does not end the wait of a lock. A byte in a socket does.
    """

    def __init__(self) -> None:
        import socket  # noqa: PLC0415 a command needs no network for its start

        self.is_asked = False
        self._heard, self._call = socket.socketpair()
        self._call.setblocking(False)

    def ask(self) -> None:
        self.is_asked = True
        self.wake()

    def wake(self) -> None:
        """Let the waiting thread look around, without asking it to stop."""
        with contextlib.suppress(OSError):  # so many calls wait already that one more says nothing
            self._call.send(b"\0")

    def hear_signals(self) -> None:
        """A signal wakes the waiting thread at once, even before its handler can run. Of the main thread."""
        signal.set_wakeup_fd(self._call.fileno(), warn_on_full_buffer=False)

    def wait(self, seconds: float | None) -> bool:
        """Wait for `ask`, for `wake`, or that long (None: for ever). Whether the stop was asked for."""
        if not self.is_asked:
            self._heard.settimeout(seconds)
            with contextlib.suppress(TimeoutError, BlockingIOError):
                self._heard.recv(4096)
        return self.is_asked

    def close(self) -> None:
        """Free the sockets. No `wait` after this; `ask` and `wake` do nothing any more."""
        if threading.current_thread() is threading.main_thread():
            signal.set_wakeup_fd(-1)
        self._heard.close()
        self._call.close()


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


def on_stop_signal(stop: Stop, finished: threading.Event) -> object:
    """Ctrl-C, SIGTERM, SIGHUP and console close ask to stop; a console close waits for `finished`.

    What it returns must be kept while the process lives: Windows itself keeps only an address.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        stop.ask()

    stop.hear_signals()
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        # An ignored signal stays ignored: nohup, or a shell's background job.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handle)
    if sys.platform == "win32":
        if _is_unpacked():
            windows.when_parent_ends(stop.ask)
        windows.on_session_end(stop.ask, finished)
        return windows.on_console_event(stop.ask, finished)
    return None


def harden() -> None:
    """No image of our memory on the disk when we crash: it would hold the token. And room for all our connections."""
    try:
        import resource  # noqa: PLC0415 not there on Windows
    except ImportError:
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _DESCRIPTORS)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def spare_descriptors() -> int:
    """How many connections may be open at once, the files that the app itself needs left out."""
    try:
        import resource  # noqa: PLC0415 not there on Windows
    except ImportError:
        return _DESCRIPTORS
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _DESCRIPTORS if soft == resource.RLIM_INFINITY else max(16, soft - _OWN_DESCRIPTORS)


def secret_variable(name: str) -> str:
    """A secret from the environment, which is taken out of it: no program that we start inherits it."""
    return os.environ.pop(name, "")


def forget_secret_variables() -> None:
    """For a run that needs none of them, such as the app: its browser would inherit them."""
    for name in SECRET_VARIABLES:
        secret_variable(name)


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


# Of a thread that reckons, while others wait.
_TURN_SECONDS = 0.0005


def share_memory() -> None:
    """One pool of memory for all threads, where the C library would give each its own and keep what they free apart.

    With 22,000 issues and every page opened that is a fifth of the app's memory (172 MB, then 136). Python's own lock
    lets one thread ask for memory at a time anyway.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 only the app needs it

    most_pools = -8
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(most_pools, 1)


def take_turns() -> None:
    """A thread that reckons gives way to the others ten times as often as Python lets it.

    A page asks the database some hundred times and waits for its turn after each: while the track record is replayed
    behind it, a change of page took 0.9 s, of which 0.8 were these waits.
    """
    sys.setswitchinterval(_TURN_SECONDS)


def leave(code: int) -> NoReturn:
    """End the process, all being written and closed.

    Taking the interpreter apart would free the objects of an import one by one, a twentieth of its time. It is left to
    do so where a thread still runs.
    """
    for stream in (sys.stdout, sys.stderr):
        code = written("", stream, code)
    # A daemon thread is waited for by nobody.
    if all(thread.daemon or thread is threading.main_thread() for thread in threading.enumerate()):
        logging.shutdown()
        os._exit(code)
    sys.exit(code)


def on_screen(text: str) -> str:
    """Text for people, spelled out where it would be a command to their terminal: names come from files that were
    handed on."""
    return _COMMANDS.sub(lambda sign: repr(sign[0])[1:-1], text)


def in_json(text: str) -> str:
    """The same of a JSON document, which stays what it is: such signs stand in its texts alone."""
    return _COMMANDS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


_AT_ONCE = 1 << 20


def written(text: str | Iterable[str], stream: TextIO, code: int) -> int:
    """Write to a standard stream and see it through; the exit code, another when that failed: on a full disk.

    Whoever stopped reading, such as `head`, has seen enough.
    """
    try:
        for piece in (text,) if isinstance(text, str) else text:
            # A stream takes as much memory again as what it is given in one piece.
            for at in range(0, len(piece), _AT_ONCE):
                stream.write(piece[at : at + _AT_ONCE])
        stream.flush()
    except BrokenPipeError:
        _discard(stream)
    except (OSError, ValueError) as exc:
        _discard(stream)
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"The answer could not be written: {getattr(exc, 'strerror', None) or exc}.\n")
            sys.stderr.flush()
        return code or 1
    return code


def _discard(stream: TextIO) -> None:
    """What is still to be written there goes nowhere, else Python would try it once more at its end and complain."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def end_on_signal() -> None:
    """Of a command: SIGTERM and SIGHUP end it as Ctrl-C does, so that what it made for itself is cleaned up."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, stop)


def open_browser(url: str, when_impossible: Callable[[], None]) -> None:
    """Open the address in the user's browser, in a thread: some browsers block their caller.

    Other users of the machine can read it: no secret belongs into it.
    """

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
