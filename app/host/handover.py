"""The launch code's way to the browser: a private file with a form that hands it in by itself.

In an address it would stand in the browser's command line, which every user of the machine can read; whoever is faster
than the browser is in. Jupyter hands its token over the same way.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from html import escape
from pathlib import Path

from app.host.wsgi import page
from store import files

_NAME = "burndown-open-"
_PAGE = re.compile(_NAME + r"[0-9a-f]{24}\.html")
_STALE_SECONDS = 120.0
# Nothing in a file is worth a hash of its own in a CSP: it has none.
_SEND = "document.forms[0].submit();"


class Handover:
    """Pages that each carry one code, gone when `done` is told of it, after `seconds`, and when the app ends."""

    def __init__(self, action: str, folder: Path | None) -> None:
        """`action`: where the form goes; `folder`: the data folder, None when nothing can be written there."""
        self._action = action
        self._places = _places(folder)
        self._pages: dict[str, tuple[Path, threading.Timer]] = {}
        self._lock = threading.Lock()

    def page(self, code: str, seconds: float, when_unused: Callable[[], None] = lambda: None) -> Path | None:
        """A page that nobody but its owner can read; None when there is no place for one.

        `when_unused` is called when nobody has used the code in time.
        """
        for place in self._places:
            path = self._written(place, code)
            if path is not None:
                timer = threading.Timer(seconds, self._too_late, (code, when_unused))
                timer.daemon = True
                with self._lock:
                    self._pages[code] = (path, timer)
                timer.start()
                return path
        return None

    def done(self, code: str) -> bool:
        """The code is used or too old; whether its page was still there."""
        with self._lock:
            known = self._pages.pop(code, None)
        if known is None:
            return False
        path, timer = known
        timer.cancel()
        with suppress(OSError):
            path.unlink(missing_ok=True)
        return True

    def _too_late(self, code: str, when_unused: Callable[[], None]) -> None:
        if self.done(code):
            when_unused()

    def close(self) -> None:
        for code in list(self._pages):
            self.done(code)

    def remove_stale(self) -> None:
        """What earlier runs left that were killed. Their codes are worth nothing any more."""
        for place in self._places:
            with suppress(OSError):
                for path in place.glob(f"{_NAME}*.html"):
                    _remove_if_stale(path)

    def _written(self, place: Path, code: str) -> Path | None:
        path = place / f"{_NAME}{os.urandom(12).hex()}.html"
        try:
            with files.new_file(path) as stream:
                if not _is_private(path):
                    raise PermissionError
                stream.write(_form(self._action, code))
        except OSError:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            return None
        return path


def known_page(address: str, folder: Path) -> str:
    """The address of the page of that name in one of our places; empty where there is none of this user.

    Who says it may be another server than ours, at the port of an app that is gone: of the address only the name is
    taken, since what a browser is asked to open may be a program to the system.
    """
    name = address.rpartition("/")[2]
    if not _PAGE.fullmatch(name):
        return ""
    paths = (place.absolute() / name for place in _places(folder))
    return next((path.as_uri() for path in paths if _is_own_file(path)), "")


def _places(folder: Path | None) -> list[Path]:
    return [*([folder] if folder else []), Path(tempfile.gettempdir())]


def _is_own_file(path: Path) -> bool:
    try:
        facts = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(facts.st_mode) and (os.name != "posix" or facts.st_uid == os.getuid())


def _form(action: str, code: str) -> bytes:
    body = (
        f'<form method="post" action="{escape(action)}"><input type="hidden" name="code" value="{escape(code)}">'
        "<p>Burndown opens in a moment. If not:</p><button>Open Burndown</button></form>"
    )
    return page("Burndown", body, script=_SEND).body


def _remove_if_stale(path: Path) -> None:
    with suppress(OSError):
        facts = path.lstat()
        ours = os.name != "posix" or facts.st_uid == os.getuid()
        if ours and time.time() - facts.st_mtime > _STALE_SECONDS:
            path.unlink()


def _is_private(path: Path) -> bool:
    """Whether other users are kept out, by the file's mode or, on a stick that knows none, by a folder above it.

    On Windows a folder hands its own rights down to the files in it, and there is no mode to ask for.
    """
    if os.name != "posix" or not path.lstat().st_mode & 0o077:
        return True
    return any(not folder.stat().st_mode & (stat.S_IXGRP | stat.S_IXOTH) for folder in path.resolve().parents)
