"""What no store takes, whatever its engine: a NUL character, for which PostgreSQL has no room, half a character, which
a command line or JSON can spell, a number beyond reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any, NoReturn

from store.errors import Refused
from store.texts import N_

_NUL = "\0"
_TEXTS = ("str", "str | None")


def refuse_nul(records: Sequence[object]) -> None:
    """Raises Refused where a text of one of these records, all of one kind, holds NUL.

    What lies in a nested object is written as JSON, where it is spelled out and does no harm.
    """
    if records:
        kind: Any = type(records[0])
        refuse_nul_in_texts(*chain.from_iterable(map(_texts_of(kind), records)))


def refuse_nul_in_texts(*texts: str | None) -> None:
    """Raises Refused where one of them holds NUL."""
    # All at once: looking into each by itself took a tenth of saving many changes.
    if _NUL in "".join(filter(None, texts)):
        _refuse(next(text for text in texts if text and _NUL in text))


def refuse_nul_in_columns(columns: Iterable[Sequence[str]]) -> None:
    """As `refuse_nul_in_texts`, of texts that are all there: in half the time."""
    for column in columns:
        if _NUL in "".join(column):
            _refuse(next(text for text in column if _NUL in text))


def unstorable(error: OverflowError | UnicodeEncodeError) -> Refused:
    """In words of ours what Python says of such a value when it is handed to the engine."""
    if isinstance(error, OverflowError):
        return Refused(N_("A number that is too large cannot be stored. Nothing was changed."))
    near = error.object[max(0, error.start - 30) : error.end + 30]
    return Refused(
        N_(
            "A text with half a character cannot be stored: {text}. Type it anew, or save the file that it comes from "
            "as UTF-8. Nothing was changed.",
            text=ascii(near),
        )
    )


def _refuse(text: str) -> NoReturn:
    raise Refused(N_("A text with a NUL character cannot be stored: {text!r}. Nothing was changed.", text=text[:60]))


@cache
def _texts_of(kind: type[Any]) -> Callable[[object], tuple[str | None, ...]]:
    # With one name alone it would give the value by itself.
    names = [field.name for field in fields(kind) if field.type in _TEXTS]
    return attrgetter(*names, names[0])
