"""Weeks by hand: weeks typed or pasted where there is no tracker, and corrections of weeks that were counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, State, dcc, html

from app.actions import files, weeks
from app.actions.pasted import Cell
from app.actions.weeks import Answer, WeekTable
from app.context import Context
from app.domain.analysis import Analysis
from app.domain.forecast import Forecast
from app.domain.missing import NotEnoughData
from app.errors import BadInput
from app.turns import chosen
from app.web.address import Choice
from app.web.components import card, link_button, page_title
from app.web.effects import URL, Effects, Put
from app.web.page import Page, Visit, browser_formats, project_meant, visit_of
from app.web.parts import meanwhile
from app.words import N_, _
from app.words.formats import Formats
from store.records import Profile, QueryRef

_TABLE, _STATE, _EDIT, _BUSY, _ANSWER = "weeks-table", "weeks-state", "weeks-edit", "weeks-busy", "weeks-answer"
_LEFT, _LEFT_FIELDS = "weeks-left", ("left-items", "left-points")


def layout(visit: Visit) -> Any:
    if visit.query is None:
        return html.Div([page_title(_("Weeks by hand")), _begin(visit)], className="page narrow")
    table = weeks.table_of(visit.ctx, visit.query.ref)
    analysis = visit.ctx.analysis(visit.query.ref)
    # Hidden where issues tell what is left: the table's callback writes into it.
    left = html.Div(_left(analysis, visit.formats), style={"display": "none"} if analysis.has_items else None)
    parts = [_weeks(visit, table, analysis), left]
    return html.Div([page_title(_("Weeks by hand")), *parts, _begin(visit)], className="page narrow")


def _weeks(visit: Visit, table: WeekTable, analysis: Analysis) -> Any:
    state = weeks.browser_answer(table, Answer(), visit.formats, 0) | _of(visit)
    return card(
        html.P(_what(table, analysis)),
        dcc.Store(id=_STATE, data=state),
        dcc.Store(id=_EDIT),
        dcc.Store(id=_BUSY, data=False),
        html.Div(id=_TABLE),
        html.P(_keys(table), className="quiet"),
        html.Div(_forecast(analysis, visit.formats, visit.choice), id=_ANSWER, className="weeks-answer"),
        title=visit.query.name if visit.query else "",
    )


def _of(visit: Visit) -> dict[str, Any]:
    """Which work list the table is of: what is typed into it is sent with that."""
    return {"of": [*visit.query.ref] if visit.query else []}


def _what(table: WeekTable, analysis: Analysis) -> str:
    if table.are_typed:
        return _(
            "How much was finished, and how much new work came, in each week. Weeks left empty "
            "between others count as weeks in which nothing happened."
        )
    if analysis.has_items:
        return _(
            "These weeks are counted from the issues. Type over a number to correct it: the "
            "forecast then learns from your number, and no import and no sync changes it. What "
            "remains stays what the issues say."
        )
    return _(
        "These weeks come from a file. Type over a number to correct it: your number counts "
        "then, and the next import leaves it as it is."
    )


def _keys(table: WeekTable) -> str:
    back = "" if table.are_typed else _(" Emptying a corrected cell brings the counted number back.")
    return _(
        "Enter and the arrow keys move, Escape leaves a cell as it was. A block copied from a "
        "spreadsheet can be pasted into any cell, with its dates and header or without.{back}",
        back=back,
    )


def _forecast(analysis: Analysis, formats: Formats, choice: Choice) -> list[Any]:
    """What the weeks make of the forecast, or what is still missing for one."""
    result = analysis.forecast
    go = link_button(_("See the forecast"), "/" + choice.search())
    if isinstance(result, NotEnoughData):
        is_left_open = not isinstance(analysis.throughput, NotEnoughData) and not analysis.has_items
        return [html.P(_LEFT_OPEN if is_left_open else result.reason)]
    return [html.P(_when(result, formats)), html.Div(go, className="actions")]


_LEFT_OPEN = N_(
    "For a forecast it must be known how much is left: enter it below, or fill in the new work of each week."
)


def _when(result: Forecast, formats: Formats) -> str:
    half, sure = result.dates.get(50), result.dates.get(85)
    if result.remaining <= 0:
        return _("Nothing remains of the work that is known.")
    if half is None:
        late = formats.share(result.distribution.not_finished)
        return _("No date can be given: the chance that the work is not done within two years is {late}.", late=late)
    if sure is None:
        return _("Even odds by {day}, but how much later is open.", day=formats.day(half))
    return _(
        "85 % sure by {sure}, even odds {half}.",
        half=formats.day(half),
        sure=formats.day(sure),
    )


def _left(analysis: Analysis, formats: Formats) -> Any:
    """Only weeks: nothing else says how much is left to do."""
    text = _(
        "As it is today; what you type for coming weeks then counts against it. Left empty, "
        "what remains is all that was new less all that was finished."
    )
    totals = _totals(analysis, formats)
    fields = [
        dmc.TextInput(
            id=field, label=_("Remaining {unit}", unit=_(unit)), value=value, inputProps={"inputMode": "decimal"}
        )
        for field, unit, value in zip(_LEFT_FIELDS, ("items", "points"), totals, strict=True)
    ]
    return card(
        dcc.Store(id=_LEFT, data={"texts": totals}),
        html.P(text, className="quiet"),
        html.Div([*fields, dmc.Button(_("Save"), id="save-left")], className="inline-form"),
        title=_("What is left to do"),
    )


def _totals(analysis: Analysis, formats: Formats) -> list[str]:
    if analysis.has_items:
        return ["", ""]
    return [weeks.written(total, formats) for total in weeks.typed_totals(analysis)]


def _begin(visit: Visit) -> Any:
    """Names for a table of its own; the only thing on the page while there is no data."""
    first = visit.query is None
    text = (
        _(
            "No tracker, or none that may be connected? Type how much was finished in each week, "
            "or paste it from a spreadsheet. Give it a name first."
        )
        if first
        else _("A table without issues behind it, for work that no tracker counts.")
    )
    form = html.Div(
        [
            dcc.Store(id="weeks-about", data=visit.own_project),
            dmc.TextInput(id="weeks-profile", label=_("Project"), value=visit.proposed_project),
            dmc.TextInput(id="weeks-query", label=_("Work list"), value=_("My work") if first else "",
                          placeholder=_("what the weeks are of")),
            dmc.Button(_("Begin the table"), id="begin-weeks", variant="filled" if first else "default"),
        ],
        className="inline-form",
    )  # fmt: skip
    if first:
        return card(html.P(text), form, title=_("Begin"))
    return card(html.Details([html.Summary(_("Begin another table")), html.P(text, className="quiet"), form]))


PAGE = Page("/data/weeks", N_("Weeks"), layout, needs_data=False)

# The output is what makes the callback run when the page is built; the script fills the part itself.
PAGE.clientside(
    ClientsideFunction("burndown", "weeks"),
    Output(_TABLE, "className"),
    Input(_STATE, "data"),
    Input(_BUSY, "data"),
)
# What is left changes with the weeks, but never under the hands of somebody who is typing it.
PAGE.clientside(
    ClientsideFunction("burndown", "weeksLeft"),
    *(Output(field, "value") for field in _LEFT_FIELDS),
    Input(_LEFT, "data"),
    *(State(field, "value") for field in _LEFT_FIELDS),
)


@PAGE.fills(
    Output(_STATE, "data"),
    Output(_ANSWER, "children"),
    Output(_LEFT, "data"),
    Input(_EDIT, "data"),
    State(URL, "search"),
    State(_STATE, "data"),
    prevent_initial_call=True,
    running=[(Output(_BUSY, "data"), True, False)],
)
def edit(ctx: Context, sent: dict[str, Any] | None, search: str | None, shown: Any = None) -> Effects | None:
    """Texts typed or pasted: saved whole, or none of them with the reason beside each that cannot be used."""
    if not sent:
        return None
    visit = visit_of(ctx, search, browser_formats()).for_writing()
    if visit.query is None or visit.profile is None:
        return None
    of, formats, earlier = sent.get("of"), visit.formats, int(sent.get("earlier") or 0)
    if of and (sent.get("left") or [*visit.query.ref] != of):
        return _left_behind(ctx, QueryRef(*map(str, of)), sent, shown, formats)
    ref = visit.query.ref
    cells = _cells(ctx, ref, visit.profile, sent, formats)
    answer = weeks.save(ctx, ref, cells, formats, weeks.shown_in(shown)) if cells else Answer()
    table = weeks.table_of(ctx, ref, earlier)
    state = weeks.browser_answer(table, answer, formats, earlier) | _of(visit) | {"id": sent.get("id")}
    if not answer.before:
        return Effects(put={_STATE: {"data": state}})
    analysis = ctx.analysis(ref)
    left = {"texts": _totals(analysis, formats)}
    return Effects(put={_STATE: {"data": state}, **_answered(analysis, visit, left)})


def _cells(ctx: Context, ref: QueryRef, profile: Profile, sent: dict[str, Any], formats: Formats) -> list[Cell]:
    cells, paste = weeks.cells_from(sent.get("cells") or ()), sent.get("paste")
    if not paste:
        return cells
    table = weeks.table_of(ctx, ref, int(sent.get("earlier") or 0))
    start, name = weeks.day_from(paste["start"]), weeks.name_from(paste["name"])
    return [*cells, *weeks.pasted(paste["text"], start, name, table, profile, formats)]


def _left_behind(ctx: Context, ref: QueryRef, sent: dict[str, Any], shown: Any, formats: Formats) -> Effects:
    """What was typed into a table whose page was left out of a cell, or before the answer came. Raises BadInput where
    that list is gone, or where it does not take the text."""
    query, profile = ctx.backend.get_query(ref), ctx.backend.get_profile(ref.profile_id)
    if query is None or profile is None:
        raise BadInput(N_("The work list that this was typed for is not here any more. Nothing was saved."))
    names = {"project": profile.name, "list": query.name}
    cells = _cells(ctx, ref, profile, sent, formats)
    seen = weeks.shown_in(shown) if shown and shown.get("of") == [*ref] else {}
    # What the page itself sent just before is nobody else's.
    under = {(cell.start, cell.name) for cell in weeks.cells_from(sent.get("under") or ())}
    seen = {place: text for place, text in seen.items() if place not in under}
    answer = weeks.save(ctx, ref, cells, formats, seen)
    wrong = {(problem.start, problem.name) for problem in answer.problems}
    right = [cell for cell in cells if (cell.start, cell.name) not in wrong]
    if wrong and right and not sent.get("paste"):
        # Nobody can mend the others there any more.
        weeks.save(ctx, ref, right, formats, seen)
    for problem in answer.problems:
        raise BadInput(N_("Not saved in {project} › {list}: {reason}", reason=problem.reason, **names))
    return Effects(toast=_("Saved in {project} › {list}.", **names))


def _answered(analysis: Analysis, visit: Visit, left: dict[str, list[str]]) -> Put:
    forecast = _forecast(analysis, visit.formats, visit.choice)
    return {_ANSWER: {"children": forecast}, _LEFT: {"data": left}}


@PAGE.click("save-left", *(State(field, "value") for field in _LEFT_FIELDS), State(URL, "search"), State(_LEFT, "data"))
def save_left(
    ctx: Context, items: str | None, points: str | None, search: str | None, shown: dict[str, Any] | None = None
) -> Effects | None:
    visit = visit_of(ctx, search, browser_formats()).for_writing()
    if visit.query is None:
        return None
    ref, texts, formats = visit.query.ref, (items or "", points or ""), visit.formats
    present, seen = _totals(visit.analysis, formats), (shown or {}).get("texts")
    if seen is not None and present != list(seen) and present != list(texts):
        choice = meanwhile.Choice(
            _("What is left to do"), _listed(present), _listed(texts), chosen(ctx.backend, ref, weeks.TOTALS)
        )
        return choice.question(lambda: weeks.save_totals(ctx, ref, texts, formats), formats)
    weeks.save_totals(ctx, ref, texts, formats)
    analysis = ctx.analysis(ref)
    left = {"texts": _totals(analysis, formats), "instead": [items or "", points or ""]}
    return Effects(toast=_("Saved."), put=_answered(analysis, visit, left))


def _listed(texts: Sequence[str]) -> tuple[str, ...]:
    """Items, points."""
    return tuple(text or "–" for text in texts)


@PAGE.click(
    "begin-weeks",
    State("weeks-profile", "value"),
    State("weeks-query", "value"),
    State("weeks-about", "data"),
    State(URL, "search"),
)
def begin(ctx: Context, profile: str | None, query: str | None, about: str | None, search: str | None) -> Effects:
    if not (query or "").strip():
        raise BadInput(_("Give the table a name under “Work list”."))
    profile_id = project_meant(ctx, search, profile, about)
    name = profile or about or _(files.FIRST_PROFILE)
    ref = files.begin_query(ctx.backend, name, query or "", ctx.clock(), profile_id)
    return Effects(look_at=ref, changed=True)
