"""The service level where it is judged: within so many days so many of a hundred items, saved at once with Undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import State, html

from app.context import Context
from app.domain.cycle_time import ServiceLevel
from app.domain.missing import NotEnoughData
from app.errors import BadInput
from app.settings import BY_NAME, changed, settings_of, with_value
from app.web.effects import URL, Effects, Put
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import meanwhile
from app.words import N_, _
from store.records import Profile, QueryRef

_SEEN, _PROBLEMS, _NAMES = "sle-seen", "sle-problems", ("sle_level", "sle_days")
_FIELDS = {"sle_level": "sle-level", "sle_days": "sle-days"}


def form(visit: Visit) -> Any:
    """Filled with what is set; where nothing is, what held in the period before stands there as a proposal."""
    if visit.profile is None:
        return None
    kept = settings_of(visit.profile)
    fields = [
        meanwhile.kept(_SEEN, {name: getattr(kept, name) for name in _NAMES}),
        html.Span(_("Service level")),
        dmc.NumberInput(
            id="sle-level", value=kept.sle_level, min=1, max=99, clampBehavior="none", suffix="\u202f%", size="xs",
            w=80,
            **{"aria-label": _("Share of the items, in percent")},
        ),
        html.Span(_("within")),
        dmc.NumberInput(
            id="sle-days", value=kept.sle_days, placeholder=str(_proposed(visit) or ""), min=1, clampBehavior="none",
            size="xs", w=80,
            **{"aria-label": _("Days from start to finish")},
        ),
        html.Span(_("days")),
        dmc.Button(_("Set"), id="set-sle", variant="default", size="xs"),
        html.Span(id=_PROBLEMS, className="warning", role="alert"),
    ]  # fmt: skip
    return html.Div(fields, className="inline-line")


def _proposed(visit: Visit) -> int | None:
    """Of the days that the page tells of, as the sentence above it has them."""
    flow = visit.scene().past.flow
    level = None if isinstance(flow, NotEnoughData) else flow.sle
    return level.days if isinstance(level, ServiceLevel) else None


PART = Page("", "", lambda visit: None)


@PART.click(
    "set-sle",
    State("sle-level", "value"),
    State("sle-days", "value"),
    State(URL, "pathname"),
    State(URL, "search"),
    State(_SEEN, "data"),
)
def set_level(
    ctx: Context, level: Any, days: Any, path: str, search: str, seen: meanwhile.Seen | None = None
) -> Effects:
    """Empty days: what is proposed there is set; where one was set none is, and what held in the period before stands
    in for it."""
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    if visit.profile is None:
        raise BadInput(N_("This project is not here any more. Reload the page."))
    if days in ("", None) and settings_of(visit.profile).sle_days is None:
        days = _proposed(visit)
    entries = {"sle_level": level, "sle_days": days if days != "" else None}
    problems = {name: reason for name, value in entries.items() if (reason := _problem(visit.profile, name, value))}
    beside = _beside(problems)
    if problems:
        return Effects(put=beside)
    wanted = settings_of(changed(visit.profile, entries))
    words = _("No service level is set.") if days in ("", None) else _("The service level is set.")
    changes = [(_field(ctx, visit.ref, name), getattr(wanted, name)) for name in _NAMES]
    effects = meanwhile.saved_all(changes, seen, partial(ctx.record, visit.ref), words)
    return replace(effects, put={**effects.put, **beside})


def _problem(profile: Profile, name: str, value: Any) -> str:
    try:
        changed(profile, {name: value})
    except BadInput as exc:
        return _(str(exc))
    return ""


def _beside(problems: Mapping[str, str]) -> Put:
    """What is wrong, at its field and in words behind them; nothing where nothing is."""
    fields: Put = {field: {"error": bool(problems.get(name))} for name, field in _FIELDS.items()}
    return {**fields, _PROBLEMS: {"children": " ".join(problems.values())}}


def _field(ctx: Context, ref: QueryRef, name: str) -> meanwhile.Field:
    return meanwhile.of_profile(
        ctx,
        ref,
        (name, _(BY_NAME[name].label)),
        lambda profile: getattr(settings_of(profile), name),
        lambda profile, value: with_value(profile, name, value),
    )
