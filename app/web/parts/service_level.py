"""The service level where it is judged: within so many days so many of a hundred items, saved at once with Undo."""

from __future__ import annotations

from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import State, html

from app.context import Context
from app.domain.cycle_time import ServiceLevel
from app.domain.missing import NotEnoughData
from app.errors import BadInput
from app.settings import BY_NAME, changed, settings_of, with_value
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import meanwhile
from app.words import N_, _
from store.records import QueryRef

_SEEN, _NAMES = "sle-seen", ("sle_level", "sle_days")


def form(visit: Visit) -> Any:
    """Filled with what is set; where nothing is, what held in the period before stands there as a proposal."""
    if visit.profile is None:
        return None
    kept = settings_of(visit.profile)
    flow = visit.analysis.flow
    level = None if isinstance(flow, NotEnoughData) else flow.sle
    proposed = level.days if isinstance(level, ServiceLevel) else None
    fields = [
        meanwhile.kept(_SEEN, {name: getattr(kept, name) for name in _NAMES}),
        html.Span(_("Service level")),
        dmc.NumberInput(
            id="sle-level", value=kept.sle_level, min=1, max=99, suffix="\u202f%", size="xs", w=80,
            **{"aria-label": _("Share of the items, in percent")},
        ),
        html.Span(_("within")),
        dmc.NumberInput(
            id="sle-days", value=kept.sle_days, placeholder=str(proposed or ""), min=1, size="xs", w=80,
            **{"aria-label": _("Days from start to finish")},
        ),
        html.Span(_("days")),
        dmc.Button(_("Set"), id="set-sle", variant="default", size="xs"),
    ]  # fmt: skip
    return html.Div(fields, className="inline-line")


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
    """Empty days: none is set, and what held in the period before stands in for it."""
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    if visit.profile is None:
        raise BadInput(N_("This project is not here any more. Reload the page."))
    wanted = settings_of(changed(visit.profile, {"sle_level": level, "sle_days": days if days != "" else None}))
    words = _("No service level is set.") if days in ("", None) else _("The service level is set.")
    changes = [(_field(ctx, visit.ref, name), getattr(wanted, name)) for name in _NAMES]
    return meanwhile.saved_all(changes, seen, partial(ctx.record, visit.ref), words)


def _field(ctx: Context, ref: QueryRef, name: str) -> meanwhile.Field:
    return meanwhile.of_profile(
        ctx,
        ref,
        (name, _(BY_NAME[name].label)),
        lambda profile: getattr(settings_of(profile), name),
        lambda profile, value: with_value(profile, name, value),
    )
