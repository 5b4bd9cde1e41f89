"""CSV as it leaves the app: safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV text with CRLF lines. None is an empty cell; text that a spreadsheet would run as a formula is disarmed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_disarmed(name) for name in header])
    writer.writerows([_disarmed(cell) for cell in row] for row in rows)
    return out.getvalue()


# What a spreadsheet takes for the beginning of a formula, in the width of Latin or of East Asian letters, where it may
# see a cell begin: at the beginning, and after what separates cells or lines in the settings of another country.
# Each run is looked at once: a text may consist of nothing else.
_FORMULA = re.compile('(?<![\\s";])([\\s";]*+)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])')
_SEPARATORS = frozenset(";\t\r\n")
_OPENINGS = ("\t", "\r", "\n")


def _with_apostrophe(before: re.Match[str]) -> str:
    is_beginning = before.start() == 0 or not _SEPARATORS.isdisjoint(before[1])
    return f"{before[1]}'" if is_beginning else before[1]


def _disarmed(cell: object) -> object:
    """Before what starts as a formula in a text stands an apostrophe; numbers are not text and stay, negative ones
    too."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return cell
    text = _FORMULA.sub(_with_apostrophe, cell)
    return f"'{text}" if text.startswith(_OPENINGS) else text
