"""Somebody else, or another window, may have changed a setting since its form was made: nothing is overwritten unseen.

A form keeps what it shows beside its fields. Who saves a field whose setting is another one by now is told that, and
decides; settings that nobody else touched are saved without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from dash import dcc

from app.web.effects import Effects
from app.words import _
from app.words.formats import Formats

Seen = Mapping[str, str]
"""By the name of a field, what it shows, as a text that can be compared."""


def kept(store: str, values: Mapping[str, Any]) -> Any:
    """To be put into the form."""
    return dcc.Store(id=store, data=seen(values))


def seen(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _mark(value) for name, value in values.items()}


def _mark(value: Any) -> str:
    """Nothing, and a list of nothing, are the same."""
    return "" if value in (None, (), "") else str(value)


def is_other(form: Seen | None, name: str, present: Any) -> bool:
    """Whether the present value is another than the form shows; a form that keeps nothing tells nothing."""
    return form is not None and name in form and form[name] != _mark(present)


@dataclass(frozen=True, slots=True)
class Choice:
    """Of two people about one setting."""

    label: str
    theirs: Any
    mine: Any

    def asked(self, put: Callable[[], str | None], formats: Formats) -> Effects:
        """Theirs is shown; mine takes its place once that is agreed to."""
        words = _(
            "{setting}: meanwhile somebody else, or another window of yours, chose “{theirs}”. That is kept. Put "
            "“{mine}” in its place?",
            setting=self.label,
            theirs=_shown(self.theirs, formats),
            mine=_shown(self.mine, formats),
        )
        return Effects(toast=words, ask=put, changed=True)


def _shown(value: Any, formats: Formats) -> str:
    if value is None or value in ((), ""):
        return _("nothing")
    if isinstance(value, date):
        return formats.short(value)
    if isinstance(value, tuple | frozenset):
        return ", ".join(_shown(one, formats) for one in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _(str(value.value).capitalize()) if isinstance(value, Enum) else str(value)
    return formats.number(value)
