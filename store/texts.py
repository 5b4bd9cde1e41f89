"""Texts of the store that somebody reads: English, and beside it what they were made of.

The store knows no reader and no other language: whoever shows such a text can say it in the reader's (app/words). A
text is a whole sentence with named places. `scripts/words.py` collects what is marked here as it does in app/.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Text(str):
    """In English, for the command line, logs and files; `message` has its places open, `values` are what fills them."""

    __slots__ = ("message", "values")
    message: str
    values: Mapping[str, Any]

    def __str__(self) -> str:
        """Itself: what it was made of must not be lost on its way through an error."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self.message, dict(self.values))


def N_(message: str, /, **values: Any) -> Text:  # noqa: N802 the name that gettext's tools know
    """Marks a text. `values` are names, numbers and such texts."""
    return _made(str.__str__(message), values)


def _made(message: str, values: Mapping[str, Any]) -> Text:
    text = Text(message.format(**values) if values else message)
    text.message, text.values = message, values
    return text
