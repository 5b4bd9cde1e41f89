"""What a team says of its work beside statuses and types: waits, cycle times of its own, money.

Each field is saved as soon as it is left, with its own way back; what cannot be used is refused at the field.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, State, html

from app.actions import mapping
from app.context import Context
from app.errors import BadInput
from app.web.components import card
from app.web.effects import URL, Effects, id_of
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import meanwhile
from app.web.parts.day_field import calendar_part, day_field, typed_day
from app.web.sent import UNUSABLE
from app.words import N_, _
from store import documents
from store.records import Profile
from store.settings import BudgetTerms, CycleTimeRule

_MOST_MONEY = 1e12
_MOST_RULES = 12


@dataclass(frozen=True, slots=True)
class _Piece:
    """One thing that is said: read off a profile, and put in. `accept` makes it of a field's value and what was."""

    read: Callable[[Profile], Any]
    put: Callable[[Profile, Any], Profile]
    accept: Callable[[Visit, Any, str, Any], Any]


# -- what fields hold -----------------------------------------------------------------------------------


def _statuses(visit: Visit) -> list[str]:
    if visit.query is None:
        return []
    known = visit.present.known
    return known.status_order.of(sorted(known.status_categories, key=str.casefold), str)


def _most_used(visit: Visit) -> list[str]:
    """Of very many those that most issues have, in their order."""
    names = _statuses(visit)
    if len(names) <= mapping.MOST_ROWS:
        return names
    counts = Counter(issue.status for issue in visit.present.facts.issues)
    first = {*heapq.nlargest(mapping.MOST_ROWS, names, key=counts.__getitem__)}
    return [name for name in names if name in first]


def _waiting(visit: Visit, before: Any, field: str, value: Any) -> tuple[str, ...] | None:
    """None: as their names say."""
    return tuple(map(str, value)) if value else None


def _cycle_times(visit: Visit, before: Any, field: str, value: Any) -> tuple[CycleTimeRule, ...]:
    lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
    if len(lines) > _MOST_RULES:
        raise BadInput(N_("These are more cycle times than anybody can look at. Keep twelve at most."))
    known = {name.casefold() for name in _statuses(visit)}
    # What cannot be typed here is kept.
    from_last = {rule.name: rule.from_last for rule in before}
    rules = (_rule(line, known) for line in lines)
    return tuple(replace(rule, from_last=from_last.get(rule.name, False)) for rule in rules)


def _rule(line: str, known: set[str]) -> CycleTimeRule:
    """Such as: Review: In review > Done."""
    name, colon, rest = line.partition(":")
    start, arrow, done = rest.partition(">")
    if not (name.strip() and colon and arrow):
        raise BadInput(N_("“{line}” is not understood. Write it like: Review: In review > Done", line=line))
    return CycleTimeRule(name.strip(), _named(start, known), _named(done, known))


def _named(text: str, known: set[str]) -> frozenset[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name.casefold() not in known]
    if unknown:
        raise BadInput(N_("There is no status “{name}”. The list below has those that there are.", name=unknown[0]))
    return frozenset(name.casefold() for name in names)


def cycle_times_text(rules: Iterable[CycleTimeRule], statuses: Iterable[str]) -> str:
    """As they are typed, with the names of statuses as the data write them."""
    written = {name.casefold(): name for name in statuses}

    def listed(names: frozenset[str]) -> str:
        return ", ".join(sorted(written.get(name, name) for name in names))

    return "\n".join(f"{rule.name}: {listed(rule.start)} > {listed(rule.done)}" for rule in rules)


def _budget(visit: Visit, before: BudgetTerms, field: str, value: Any) -> BudgetTerms:
    if field in ("start", "end"):
        day = typed_day(value, visit.formats, _("Date"))
        changed: dict[str, Any] = {field: day}
        after = replace(before, **changed)
        if after.start is not None and after.end is not None and after.end < after.start:
            raise BadInput(N_("The end lies before the start."))
        return after
    if field == "currency":
        return replace(before, currency=str(value or "").strip()[:8])
    amount: dict[str, Any] = {field: _money(value)}
    return replace(before, **amount)


def _money(value: Any) -> float | None:
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(N_("Enter an amount of money, or nothing."))
    if not 0 <= value <= _MOST_MONEY:
        raise BadInput(N_("This cannot be an amount of money. Enter one from 0 on."))
    return float(value)


# Of what is said in several fields.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "budget": ("total", "rate_per_week", "currency", "start", "end"),
}
_SEEN = "meant-seen"
_LABELS = {
    "budget/total": N_("Budget"),
    "budget/rate_per_week": N_("What the team costs a week"),
    "budget/currency": N_("Currency"),
    "budget/start": N_("From"),
    "budget/end": N_("To"),
    "waiting/": N_("Statuses in which work waits"),
    "cycle_times/": N_("Cycle times of your own"),
}


_PIECES: Mapping[str, _Piece] = {
    "waiting": _Piece(lambda profile: documents.meaning_of(profile).waiting, documents.with_waiting, _waiting),
    "cycle_times": _Piece(documents.cycle_time_rules_of, documents.with_cycle_time_rules, _cycle_times),
    "budget": _Piece(documents.budget_of, documents.with_budget, _budget),
}


def _values(profile: Profile) -> dict[str, Any]:
    """What each field shows, by the names of piece and field."""
    pieces = {name: piece.read(profile) for name, piece in _PIECES.items()}
    whole = {f"{name}/": value for name, value in pieces.items() if name not in _FIELDS}
    parts = {f"{name}/{field}": getattr(pieces[name], field) for name, fields in _FIELDS.items()
             for field in fields}  # fmt: skip
    return whole | parts


# -- what is shown --------------------------------------------------------------------------------------


def meaning_cards(visit: Visit) -> list[Any]:
    """For the page that says what the data mean."""
    if visit.profile is None or visit.query is None:
        return []
    seen = meanwhile.kept(_SEEN, _values(visit.profile))
    return [seen, _waits(visit, visit.profile), _own_cycle_times(visit, visit.profile)]


def _id(piece: str, field: str = "") -> dict[str, str]:
    return {"type": "meant", "piece": piece, "field": field}


def _many(piece: str, field: str, label: str, chosen: Iterable[str], offered: Iterable[str], **more: Any) -> Any:
    names = sorted({*offered, *chosen} - {""}, key=str.casefold)
    return dmc.MultiSelect(id=_id(piece, field), label=label, value=list(chosen), data=names, searchable=True,
                           clearable=True, comboboxProps={"withinPortal": True}, **more)  # fmt: skip


def _waits(visit: Visit, profile: Profile) -> Any:
    help_text = _(
        "Time in these is waiting and no work: flow efficiency leaves it out. Nothing chosen: by their names."
    )
    chosen = documents.meaning_of(profile).waiting or ()
    return card(
        _many("waiting", "", _("Statuses in which work waits"), chosen, _most_used(visit), description=help_text),
        title=_("Waiting"),
    )


def _own_cycle_times(visit: Visit, profile: Profile) -> Any:
    text = _("One a line: its name, from which statuses, to which ones. Without the first it begins at creation, "
             "without the last it ends when the item is done.")  # fmt: skip
    statuses = _statuses(visit)
    field = dmc.Textarea(
        id=_id("cycle_times"),
        label=_("Cycle times of your own"),
        description=text,
        placeholder=_("Review: In review > Done"),
        value=cycle_times_text(documents.cycle_time_rules_of(profile), statuses),
        autosize=True,
        minRows=2,
        maxRows=12,
        debounce=True,
    )
    listed = _most_used(visit)
    names = ", ".join([*listed, *["…"] * (len(listed) < len(statuses))])
    known = html.P(_("Statuses: {names}", names=names), className="quiet")
    return card(field, known, title=_("Cycle times"))


def money_card(visit: Visit) -> Any:
    """For the page of the project's settings."""
    if visit.profile is None:
        return None
    terms, formats = documents.budget_of(visit.profile), visit.formats
    number = {"hideControls": True, "allowNegative": False, "debounce": True, "decimalSeparator": formats.decimal,
              "thousandSeparator": formats.group}  # fmt: skip
    fields = [
        dmc.NumberInput(id=_id("budget", "total"), label=_("Budget"), value=_shown(terms.total), **number),
        dmc.NumberInput(id=_id("budget", "rate_per_week"), label=_("What the team costs a week"),
                        value=_shown(terms.rate_per_week), **number),
        dmc.TextInput(id=_id("budget", "currency"), label=_("Currency"), value=terms.currency, debounce=True),
        day_field("budget-start", terms.start, formats, id=_id("budget", "start"), label=_("From"), debounce=True),
        day_field("budget-end", terms.end, formats, id=_id("budget", "end"), label=_("To"), debounce=True),
    ]  # fmt: skip
    seen = meanwhile.kept(_SEEN, _values(visit.profile))
    return card(seen, html.Div(fields, className="fields"), title=_("Money"))


def _shown(amount: float | None) -> float | str:
    return "" if amount is None else amount


# -- callbacks ------------------------------------------------------------------------------------------

PART = Page("", "", lambda visit: None)
MONEY_CALENDARS = (
    calendar_part("budget-start", _id("budget", "start")),
    calendar_part("budget-end", _id("budget", "end")),
)
_FIELD = {"type": "meant", "piece": ALL, "field": ALL}


@PART.changed(Input(_FIELD, "value"), State(URL, "search"), State(_SEEN, "data"))
def save(ctx: Context, which: dict[str, str], value: Any, search: str, seen: meanwhile.Seen | None = None) -> Effects:
    """The one that was changed. A page that brings its fields along reports them as well: what is so already is not
    saved."""
    try:
        return saved(ctx, which["piece"], which["field"], value, search, seen)
    except BadInput as exc:
        return Effects(put={id_of(which): {"error": _(str(exc))}})


def saved(ctx: Context, name: str, field: str, value: Any, search: str, seen: meanwhile.Seen | None = None) -> Effects:
    """`seen`: what the form shows. Raises BadInput."""
    visit = visit_of(ctx, search, browser_formats()).for_writing()
    if visit.profile is None:
        raise BadInput(N_("This project is not here any more. Reload the page."))
    key, there = f"{name}/{field}", _values(visit.profile)
    if key not in there:
        raise BadInput(UNUSABLE)
    piece = _PIECES[name]
    before = piece.read(visit.profile)
    after = piece.accept(visit, before, field, value)
    errors: dict[str, dict[str, Any]] = {id_of(_id(name, field)): {"error": None}}
    if _plain(after) == _plain(before):
        return Effects(put=errors)
    now = _values(piece.put(visit.profile, after))
    field_saved = meanwhile.of_profile(
        ctx,
        visit.ref,
        (key, _(_LABELS.get(key) or N_("This setting"))),
        lambda profile: _values(profile)[key],
        lambda profile, chosen: piece.put(profile, _with_part(piece.read(profile), field, chosen)),
    )
    effects = field_saved.saved(now[key], seen, partial(ctx.record, visit.ref), _("Saved."))
    effects = replace(effects, put={**effects.put, **errors})
    return meanwhile.with_own(effects, _SEEN, {**meanwhile.seen(there), **(seen or {})}, {key: now[key]})


def _with_part(values: Any, field: str, chosen: Any) -> Any:
    """What is said in several fields with one of them as chosen, the others as they are by now."""
    if not field:
        return chosen
    return replace(values, **{field: chosen})


def _plain(value: Any) -> Any:
    """Nothing, and a list of nothing, are the same."""
    return None if value in ((), None) else value
