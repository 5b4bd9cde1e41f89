"""A large JSON document without its long texts, so that it fits into memory whole; descriptions make most of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.imports.reading import has_own_shape
from app.imports.tables import Document
from app.imports.trackers.answers import WRAPPED

# A longer text is no title, no status and no day.
_LONGEST = 400
# Together, in characters and in values: beyond that it would take some hundred megabytes.
_MOST_CHARACTERS, _MOST_VALUES = 24_000_000, 1_000_000


class _TooMuch(Exception):
    """It would not fit."""


def shortened(pieces: Iterable[Any]) -> Any | None:
    """The document of which these are the pieces, its long texts cut; None for a board and for Jira's own answer, of
    which each entry says all there is to know, and for what is too much all the same."""
    room, document = _Room(), None
    try:
        for piece in pieces:
            if document is None and has_own_shape(Document(piece)):
                return None
            document = _joined(document, room.cut(piece))
    except _TooMuch:
        return None
    return document


def _joined(document: Any, piece: Any) -> Any:
    """One after the other; of an answer its entries, with what it says of itself."""
    if document is None:
        return piece
    if isinstance(document, list) and isinstance(piece, list):
        document += piece
        return document
    if not isinstance(document, dict) or not isinstance(piece, dict):
        raise _TooMuch
    name = next(name for name in WRAPPED if isinstance(piece.get(name), list))
    document.setdefault(name, []).extend(piece.pop(name))
    document.update(piece)
    return document


class _Room:
    """What is left of it."""

    def __init__(self) -> None:
        self._characters, self._values = _MOST_CHARACTERS, _MOST_VALUES

    def cut(self, value: Any) -> Any:
        """A copy with its long texts cut. Raises _TooMuch."""
        self._values -= 1
        if self._values < 0 or self._characters < 0:
            raise _TooMuch
        if isinstance(value, dict):
            return {name: self.cut(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.cut(each) for each in value]
        if isinstance(value, str):
            self._characters -= min(len(value), _LONGEST)
            return value[:_LONGEST]
        return value
