"""The selections that an address carries: which work, which days, as of when, how counted; and a page's own."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from app.domain.calendar import written_day
from app.domain.items import Unit
from app.domain.known import Pace, Sweeps
from app.domain.selection import SPRINT, NotACondition, condition, selection
from app.settings import Overrides
from app.views.days import ALL, SPANS
from store.records import QueryRef

# Names that earlier versions used in addresses.
_FORMER = {"span": "days", "as_of": "as-of"}
_MOST_OPTIONS = 24


@dataclass(frozen=True, slots=True)
class Choice:
    """Whatever cannot be used counts as not chosen.

    The bar's are on every page: the project and work list (`profile`, `query`), `where` (conditions on fields, such as
    type=Bug), whose `pace` a part of the work has, `unit`, `window` while it is tried out, whether days of `sweeps`
    count, `as_of`, `days`. `options` are the page's own (its switches, the list, what is shown) and stay behind when
    another page is opened.
    """

    profile: str | None = None
    query: str | None = None
    unit: Unit | None = None
    window: int | None = None
    where: tuple[str, ...] = ()
    pace: Pace | None = None
    sweeps: Sweeps | None = None
    as_of: date | None = None
    days: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    @property
    def ref(self) -> QueryRef | None:
        return QueryRef(self.profile, self.query) if self.profile and self.query else None

    @property
    def overrides(self) -> Overrides:
        return Overrides(
            unit=self.unit,
            window=self.window,
            as_of=self.as_of,
            work=selection(self.where),
            pace=self.pace,
            sweeps=self.sweeps,
        )

    def option(self, name: str) -> str:
        """One of the page's own; empty where it was not chosen."""
        return dict(self.options).get(name, "")

    @property
    def for_other_pages(self) -> Choice:
        """What a link to another page carries along."""
        return replace(self, options=())

    def search(self, **changes: Any) -> str:
        """The address' query part with these selections changed; empty ones are left out."""
        bar = {name: value for name, value in changes.items() if name in _BAR}
        options = dict(self.options) | {name: value for name, value in changes.items() if name not in _BAR}
        chosen = replace(self, **bar)
        pairs = [pair for name in _BAR for pair in _written(name, getattr(chosen, name))]
        written = [(name, str(value)) for name, value in [*pairs, *options.items()] if value not in (None, "")]
        return f"?{urlencode(written)}" if written else ""


_BAR = tuple(each.name for each in fields(Choice) if each.name != "options")
_WRITTEN = {"as_of": "as-of"}


def _written(name: str, value: Any) -> list[tuple[str, Any]]:
    """A selection as it stands in an address; one of several values stands there several times."""
    values = value if isinstance(value, tuple) else (value,)
    return [(_WRITTEN.get(name, name), each) for each in values]


def choice_of(search: str | None) -> Choice:
    """Read an address' query part, tolerantly."""
    pairs = parse_qsl((search or "").lstrip("?"))
    values = {_FORMER.get(name, name): value for name, value in pairs}
    bar = {_WRITTEN.get(name, name) for name in _BAR}
    options = tuple((name, value) for name, value in values.items() if name not in bar and name != "sprint" and value)
    return Choice(
        profile=values.get("profile") or None,
        query=values.get("query") or None,
        unit=Unit(values["unit"]) if values.get("unit") in set(Unit) else None,
        window=_window(values.get("window", "")),
        where=_conditions([value for name, value in pairs if name == "where"], values.get("sprint", "")),
        pace=Pace(values["pace"]) if values.get("pace") in set(Pace) else None,
        sweeps=Sweeps(values["sweeps"]) if values.get("sweeps") in set(Sweeps) else None,
        as_of=_day(values.get("as-of", "")),
        days=values["days"] if _is_days(values.get("days", "")) else None,
        options=options[:_MOST_OPTIONS],
    )


def _conditions(texts: list[str], sprint: str) -> tuple[str, ...]:
    """Those that are conditions; a sprint used to have a name of its own in addresses."""
    conditions: list[str] = []
    for text in (*texts, *([f"{SPRINT}={sprint}"] if sprint else [])):
        with contextlib.suppress(NotACondition):
            conditions.append(str(condition(text)))
    return tuple(dict.fromkeys(conditions))


def _window(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= 104 else None


def _day(text: str) -> date | None:
    try:
        return written_day(text)
    except ValueError:
        return None


def _is_days(text: str) -> bool:
    return text in (*SPANS, ALL) or from_to(text) is not None


def from_to(days: str) -> tuple[date, date] | None:
    """The two days of 2026-01-01..2026-03-31; None for anything else."""
    first, dots, last = days.partition("..")
    span = (_day(first), _day(last)) if dots else (None, None)
    return (span[0], span[1]) if span[0] and span[1] and span[0] <= span[1] else None
