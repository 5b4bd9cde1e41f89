"""CSV as it leaves the app: safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV text with CRLF lines. None is an empty cell; text that a spreadsheet would run as a formula is disarmed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_disarmed(name) for name in header])
    writer.writerows([_disarmed(cell) for cell in row] for row in rows)
    return out.getvalue()


def _disarmed(cell: object) -> object:
    """Text that starts as a formula gets an apostrophe; numbers are not text and stay, negative ones too."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{cell}"
    return cell
