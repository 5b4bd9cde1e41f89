"""The deadline beside the answer: its day set in place, its chance, and what would make it sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import Input, State, dcc, html

from app.actions import deadline
from app.context import Context
from app.domain.forecast import Forecast
from app.domain.ways import LEVEL
from app.errors import BadInput
from app.settings import deadline_of
from app.turns import of_project
from app.views import view
from app.views.deadline import deadline_fact, ways_sentence
from app.views.growing import growing_chance
from app.views.view import Number, Scene
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import meanwhile
from app.web.parts.day_field import calendar_part, day_field, typed_day
from app.web.view_parts import number, sentence, value_of
from app.words import _
from app.words.formats import Formats
from store.documents import own_deadline
from store.records import QueryRef

_SEEN, _NAME, _FIELD = "deadline-seen", deadline.NAME, "deadline-day"


def section(visit: Visit, scene: Scene) -> Any:
    fact, chance, growing = deadline_fact(scene), visit.analysis.chance, growing_chance(scene)
    ways = ways_sentence(scene)
    value = html.Span(value_of(visit, fact), className=f"chance {fact.tone}")
    then = html.Strong(number(visit, Number(growing, "growing")))
    beside = [html.Span([_("with new work as now: "), then], className="growing")] if growing else []
    name = {"aria-label": _("Chance of the deadline")}
    bar = [dmc.Progress(value=round(chance * 100), size="lg", **name)] if chance else []
    return html.Section(
        [
            html.Div([html.H2(_("Deadline")), _seen(visit), _field(visit)], className="deadline-day"),
            html.Div([value, html.Span(fact.note, className="quiet"), *beside], className="deadline-chance"),
            html.Div(bar, className="deadline-bar"),
            html.P([*sentence(visit, ways), " ", _try_it(visit)] if ways else [], className="ways-line", id="ways"),
        ],
        className="card deadline",
        **{"aria-label": _("Deadline")},
    )


def _try_it(visit: Visit) -> Any:
    """Where each of the ways can be tried, with this deadline."""
    return dcc.Link([_("Try it"), "\xa0→"], href=visit.href(view("what-if").path), className="more")


def _seen(visit: Visit) -> Any:
    return meanwhile.kept(_SEEN, {_NAME: visit.analysis.params.deadline})


def _field(visit: Visit) -> Any:
    forecast = visit.analysis.forecast
    return day_field(
        "deadline-here",
        visit.analysis.params.deadline,
        visit.formats,
        # Where the work is likely to end, not a year of clicks before it.
        forecast.dates.get(LEVEL) if isinstance(forecast, Forecast) else None,
        id=_FIELD,
        placeholder=_("Set a day"),
        size="xs",
        w=165,
        **{"aria-label": _("Deadline: the day by which all of it should be done")},
    )


PART = Page("", "", lambda visit: None, parts=(calendar_part("deadline-here", _FIELD),))


@PART.on(Input(_FIELD, "n_submit"), State(_FIELD, "value"), State(URL, "search"), State(_SEEN, "data"))
def set_deadline(ctx: Context, text: str | None, search: str, seen: meanwhile.Seen | None = None) -> Effects:
    """Of the work list that the address names; Enter saves."""
    return _entered(ctx, text, search, seen)


@PART.on(
    Input("deadline-here-calendar", "value"),
    State("deadline-here-calendar", "value"),
    State(URL, "search"),
    State(_SEEN, "data"),
)
def pick_deadline(ctx: Context, picked: str | None, search: str, seen: meanwhile.Seen | None = None) -> Effects:
    """A day of the calendar is the deadline as soon as it is picked."""
    return _entered(ctx, (picked or "")[:10], search, seen)


def _entered(ctx: Context, text: str | None, search: str, seen: meanwhile.Seen | None) -> Effects:
    """Saved; or refused at the field, where no chance of another day stands beside what was typed."""
    visit = visit_of(ctx, search, browser_formats()).for_writing()
    was = visit.analysis.params.deadline
    try:
        day = typed_day(text, visit.formats, _("Deadline"))
    except BadInput as exc:
        return _at_field(f"{_(str(exc))} {_as_before(was, visit.formats)}")
    if day == was:
        return _at_field(None, visit.formats.short(was) if was else "")
    effects = _set_to(visit, day, seen)
    return effects if effects.changed else replace(effects, put=_at_field(_as_before(was, visit.formats)).put)


def _at_field(problem: str | None, text: str | None = None) -> Effects:
    """Whatever was asked before is answered by what was entered since."""
    shown = {"error": problem} | ({} if text is None else {"value": text})
    return Effects(put={_FIELD: shown}, settles=True)


def _as_before(was: date | None, formats: Formats) -> str:
    return _("Still no deadline is set.") if was is None else _("The deadline is still {day}.", day=formats.short(was))


def _set_to(visit: Visit, day: date | None, seen: meanwhile.Seen | None) -> Effects:
    """Or the question whether a day that is past is meant."""
    ctx, formats = visit.ctx, visit.formats
    field, done = _deadline_of(ctx, visit.ref), partial(ctx.record, visit.ref)
    is_past = day is not None and day < min(visit.analysis.as_of, visit.analysis.params.calendar.day_of(ctx.clock()))
    if day is not None and is_past and not field.is_other(seen):
        question = _("{day} is past. Is that the deadline?", day=formats.short(day))
        return Effects(toast=question, ask=partial(field.agreed, day, field.now(), done))
    words = _("The deadline is gone.") if day is None else _("The deadline is {day}.", day=formats.short(day))
    # As it was before it is saved: afterwards the analysis knows the new one.
    before, was = ctx.backend.get_query(visit.ref), visit.analysis.params.deadline
    effects = replace(field.saved(day, seen, done, words), changed=True)
    if effects.undo is None or before is None:
        return effects
    # Also to none of its own; but not over what somebody chose since.
    back = partial(deadline.write, ctx, visit.ref, own_deadline(before))
    return replace(effects, undo=partial(field.agreed, was, meanwhile.seen({_NAME: day}), done, back))


def _deadline_of(ctx: Context, ref: QueryRef) -> meanwhile.Field:
    """Of the work list, which may be the project's."""

    def read() -> date | None:
        return deadline_of(*ctx.backend.work(ref))

    def put(day: date | None) -> None:
        deadline.write(ctx, ref, (True, day))

    return meanwhile.Field(ctx, _NAME, _("Deadline"), (ref, of_project(ref)), read, put)
