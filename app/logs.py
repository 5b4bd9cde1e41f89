"""The log: `logs/burndown.log` in the data folder, rotating, without secrets; what nobody catches lands there too.

Every entry is one line, with a mark before each line of its traceback: what is logged comes from files and servers, and
could otherwise write lines of its own.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import logging
import logging.handlers
import platform
import re
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from app import __version__
from store import echoes, files

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FILE_BYTES = 1_000_000
_OLD_FILES = 4
# Of a shorter one, or a shorter line of one, every other word of the log would be taken out.
_SHORTEST_SECRET = 4

# What ends a line somewhere, moves a terminal's cursor, or turns the direction of reading.
_BREAKS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

_log = logging.getLogger(__name__)

_SECRETS = (
    (
        re.compile(
            r"(?i)\b((?:set-)?cookie|(?:proxy-)?authorization|x-burndown-(?:nonce|key))\b(['\"]?\s*[:=]\s*)[^\r\n]+"
        ),
        r"\1\2…",
    ),
    (re.compile(r"(?i)([?&]code=|#key=)[^&\s'\"]+"), r"\1…"),
    (
        re.compile(
            r"(?i)\b(\w*(?:token|password|passphrase|passwd|secret|nonce|api_?key)\w*)(['\"]?\s*[:=]\s*)"
            r"(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|[^\s&,;)}\]'\"]+)"
        ),
        r"\1\2…",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w+/=.~-]{8,}"), r"\1 …"),
    (re.compile(r"\bATATT[\w=-]{8,}"), "…"),
    (re.compile(r"(://)[^/\s@]+@"), r"\1…@"),
)


class RedactingFormatter(logging.Formatter):
    """Redacts the whole entry, traceback included: a filter would see only the message."""

    def __init__(self, form: str) -> None:
        super().__init__(form)
        self._hidden: frozenset[str] = frozenset()

    def hide(self, secret: str) -> None:
        self._hidden |= _forms_of(secret)

    def format(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        text = _on_one_line(super().format(bare))
        if record.exc_info:
            text += _marked(self.formatException(record.exc_info))
        if record.stack_info:
            text += _marked(self.formatStack(record.stack_info))
        # The longest first: a part of another form would leave the rest of that.
        for form in sorted(self._hidden, key=len, reverse=True):
            text = text.replace(form, "…")
        return redact(text)


def _on_one_line(text: str) -> str:
    return _BREAKS.sub(lambda match: repr(match[0])[1:-1], text.rstrip("\n"))


def _marked(trace: str) -> str:
    """No line of it can be taken for an entry, nor for a line that means something to another program."""
    return "".join(f"\n| {_on_one_line(line)}" for line in trace.strip("\n").split("\n"))


def redact(text: str) -> str:
    """The text without tokens, cookies, Authorization headers, launch codes and passwords in addresses."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


# -- for others -----------------------------------------------------------------------------------------

_ENTRY = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ )([\w.]+): (.*)")
_OURS = ("app", "store", "launcher", "__main__")
_BEGINNING = re.compile(r"(?:Traceback|Stack) \(most recent call last\):")
_BETWEEN = re.compile(
    r"|During handling of the above exception, another exception occurred:"
    r"|The above exception was the direct cause of the following exception:"
)
_FRAME = re.compile(r'  File "[^"]*", line \d+, in [\w<>.]+|  \[Previous line repeated \d+ more times?\]')
_TYPE = re.compile(r"((?:[^\W\d]\w*\.)*[^\W\d]\w*)(?:: (.*))?")
# What the system and SQLite say of a drive or a file, without a name; and a job that is named after a work list.
_PLAIN = re.compile(
    r"\[(?:Errno|WinError) \d+\]|(?:attempt to write a readonly database|bad parameter or other API misuse"
    r"|database (?:table )?is locked|database disk image is malformed|database or disk is full|disk I/O error"
    r"|file is not a database|locking protocol|unable to open database file)$"
)
_NAMED = re.compile(r"(?<=Track record of ).*")


def without_values(lines: Iterable[str]) -> list[str]:
    """What of the log tells where something failed, and not with which data.

    An exception's text, and what an entry says behind its first colon, can hold a value of the database or of a file:
    of the one its type and the lines of the program are left, of the other its beginning. What no entry of this program
    is goes as a whole.
    """
    kept: list[str] = []
    place = "text"
    for line in lines:
        if (entry := _ENTRY.fullmatch(line)) is not None:
            kept.append(_without_text(*entry.groups()))
            place = "frames"
        elif line.startswith("| "):
            place, line = _of_trace(place, line[2:])
            kept += [f"| {line}"] if line else []
        else:
            place = "text"
    return kept


def _without_text(stamp: str, name: str, message: str) -> str:
    if name.split(".")[0] not in _OURS:
        return f"{stamp}{name}: …"
    what, colon, text = _NAMED.sub("…", message).partition(": ")
    return f"{stamp}{name}: {what}{colon and ': ' + _plainly(text)}"


def _of_trace(place: str, line: str) -> tuple[str, str]:
    """Where the next line stands, in the frames, under one of them or in an exception's text, and what is left of this
    one."""
    if _BEGINNING.fullmatch(line):
        return "frames", line
    if place == "text":
        return place, line if _BETWEEN.fullmatch(line) else ""
    if _FRAME.fullmatch(line):
        return "source", line
    if line.startswith("  "):
        # The program's own lines stand below a frame, and nothing else does.
        return place, line if place == "source" else ""
    raised = _TYPE.match(line)
    return "text", "" if raised is None else raised[1] + (f": {_plainly(raised[2])}" if raised[2] else "")


def _plainly(text: str) -> str:
    match = _PLAIN.match(text)
    return match[0] if match else "…"


def hide(secret: str | None) -> None:
    """From now on no entry and no message shows this secret, in whatever words of whatever library it is: to be called
    with each that comes into use."""
    echoes.hide(secret)
    for handler in logging.getLogger().handlers:
        if secret and isinstance(handler.formatter, RedactingFormatter):
            handler.formatter.hide(secret)


def _forms_of(secret: str) -> frozenset[str]:
    """The secret and each of its lines as they are and as Python, JSON and addresses write them."""
    lines = {secret, secret.strip(), *map(str.strip, secret.splitlines())}
    plain = {line for line in lines if len(line) >= _SHORTEST_SECRET}
    forms = set(plain)
    for each in plain:
        raw = each.encode("utf-8", "backslashreplace")
        forms |= {repr(each)[1:-1], ascii(each)[1:-1], repr(raw)[2:-1], json.dumps(each)[1:-1], quote(each, safe="")}
        # An exception within another's text is escaped once more.
        forms |= {form.replace("\\", "\\\\") for form in tuple(forms) if "\\" in form}
        forms |= set(echoes.forms_of(each))
    return frozenset(forms)


class _FileInFolder(logging.handlers.RotatingFileHandler):
    """Makes its folder with the first entry, so that a command without trouble leaves no trace.

    Nothing is written through a link: neither where the folder nor where the file is one.
    """

    def _open(self):  # type: ignore[no-untyped-def]  # the return type is private to logging
        path = Path(self.baseFilename)
        if files.is_link(path.parent):
            raise NotADirectoryError(str(path.parent))
        files.make_folder(path.parent)
        return io.TextIOWrapper(files.appending(path), encoding="utf-8", errors="backslashreplace")


def start(profiles_dir: Path, *, serving: bool) -> logging.Handler:
    """Log to the folder. Commands log only trouble and never rotate, since the app may be writing the same file."""
    handler = _FileInFolder(
        log_file(profiles_dir),
        maxBytes=_FILE_BYTES if serving else 0,
        backupCount=_OLD_FILES,
        encoding="utf-8",
        delay=True,
    )
    formatter = RedactingFormatter(_FORMAT)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO if serving else logging.WARNING)
    for chatty in ("waitress", "werkzeug", "filelock"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    logging.raiseExceptions = False  # a full disk must not print a traceback for every entry
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    if serving:
        _log.info("Burndown %s, Python %s, %s", __version__, platform.python_version(), sys.platform)
    return handler


def log_file(profiles_dir: Path) -> Path:
    return profiles_dir / "logs" / "burndown.log"


def stop(handler: logging.Handler) -> None:
    """Let go of the file, so that the stick can be removed."""
    logging.getLogger().removeHandler(handler)
    with contextlib.suppress(OSError):  # a full disk takes no last entry; the file is closed all the same
        handler.close()


def _log_uncaught(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, Exception):
        _log.critical("uncaught", exc_info=(kind, value, trace))
    sys.__excepthook__(kind, value, trace)


def _log_uncaught_in_thread(failure: threading.ExceptHookArgs) -> None:
    if failure.exc_value is not None and issubclass(failure.exc_type, Exception):
        name = failure.thread.name if failure.thread else "a thread"
        _log.critical("uncaught in %s", name, exc_info=(failure.exc_type, failure.exc_value, failure.exc_traceback))
