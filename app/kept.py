"""Numbers that are kept beside the database, because they take long and follow from what they were made of alone.

Each is looked for by a hash of its name and of all that it was made of, so it cannot be stale: other data or settings,
another day or another program ask for another number. What lies here may be deleted at any time, and is in no backup.
What somebody edited is worth no more than an edited database: numbers, and nothing that a page would run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from app import __version__
from store import files

if TYPE_CHECKING:
    from app.domain.known import Rows

NAME = "burndown.numbers.json"
# As many as some first pages need, of about ten kilobytes each.
MOST = 32
_LONGEST = 1 << 20


class KeptNumbers:
    """`folder`: the data folder. Thread-safe. What cannot be read or written is derived anew, without a word."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME
        self._lock = Lock()
        self._rows: dict[str, Rows] | None = None
        self._is_changed = False

    def rows(self, name: str, inputs: object, derive: Callable[[], Rows], fits: Callable[[Rows], bool]) -> Rows:
        """What `derive` gives for these inputs, whose `repr` says all of them. What does not fit is derived anew."""
        key = hashlib.sha256(f"{name} {inputs!r}".encode()).hexdigest()
        with self._lock:
            there = self._known().pop(key, None)
        rows = there if there is not None and fits(there) else derive()
        with self._lock:
            known = self._known()
            # Used last, it stays longest.
            known[key] = rows
            self._is_changed |= rows is not there
            while len(known) > MOST:
                del known[next(iter(known))]
        return rows

    def save(self) -> None:
        """Write them beside the database, where anything is new."""
        with self._lock:
            if not self._is_changed:
                return
            text = _written(self._known())
            self._is_changed = False
        with contextlib.suppress(OSError), files.replacing(self._file) as stream:
            stream.write(text)

    def _known(self) -> dict[str, Rows]:
        if self._rows is None:
            self._rows = {}
            with contextlib.suppress(OSError, ValueError, RecursionError, OverflowError):
                self._rows = _read(files.read_small(self._file, _LONGEST))
        return self._rows


def _written(known: dict[str, Rows]) -> bytes:
    text = json.dumps(known, allow_nan=False)
    return json.dumps({"of": program(), "sum": _sum(text), "rows": text}).encode()


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read(content: bytes) -> dict[str, Rows]:
    """Raises ValueError for what is none of ours, damaged, or of another program."""
    document = json.loads(content)
    if not isinstance(document, dict) or document.get("of") != program():
        return {}
    text = str(document.get("rows"))
    if _sum(text) != document.get("sum"):
        return {}
    known = json.loads(text)
    return {key: _rows(value) for key, value in list(known.items())[-MOST:]} if isinstance(known, dict) else {}


def _rows(value: Any) -> Rows:
    """Raises ValueError unless it is rows of numbers, OverflowError for one that no number of a computer can be."""
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise ValueError("no rows")
    if not all(type(number) in (int, float) and math.isfinite(number) for row in value for number in row):
        raise ValueError("no numbers")
    return tuple(tuple(row) for row in value)


def program() -> str:
    """What tells this program from any other, also from one that is being worked on."""
    if getattr(sys, "frozen", False):
        parts: Sequence[Path] = (Path(sys.executable),)
    else:
        parts = sorted((Path(__file__).parent / "domain").glob("*.py"))
    stamps = [(part.name, (facts := part.stat()).st_size, facts.st_mtime_ns) for part in parts]
    return hashlib.sha256(repr((__version__, sys.version, stamps)).encode()).hexdigest()
