"""What a choice that is not saved yet would change: each number as it is, and as it would be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from app.web.components import table
from app.words import _


def compared(rows: Sequence[tuple[str, str, str]], what: str) -> list[Any]:
    """(label, now, then) as a table; where nothing differs, as it is. `what`: what stands above the labels.

    It tells two such tables of a page apart for who hears it.
    """
    if all(old == new for _label, old, new in rows):
        words = _("Nothing yet. Change something, and see here what it would do.")
        shown = table((what, _("Now")), [[label, old] for label, old, _new in rows], numeric=(1,), name="effect")
        return [html.P(words, className="quiet"), shown]
    cells = [[label, old, _differing(old, new)] for label, old, new in rows]
    return [
        html.P(_("This is what saving would change."), className="quiet"),
        table((what, _("Now"), _("Then")), cells, numeric=(1, 2), name="effect"),
    ]


def _differing(old: str, new: str) -> Any:
    return html.Span(_("same"), className="quiet") if old == new else html.Strong(new)
