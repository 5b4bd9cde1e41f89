"""The frame of a view: its tab, sentence, chart, few numbers and issues, with what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from dash import dcc, html

from app.domain.items import Unit
from app.views import views_of
from app.views.view import NOTHING_ESTIMATED, Control, Rows, Scene, Switch, View, cell_text, needs
from app.web import bar, issue_list
from app.web.components import card, data_table, empty_state, link_button
from app.web.page import Page, Visit
from app.web.parts import (
    learns_from,
    milestone_form,
    milestone_notes,
    no_forecast,
    scenario_form,
    service_level,
    sprint_check,
    sweep_days,
)
from app.web.view_parts import csv_of, facts, graph, sentence
from app.words import N_, _
from app.words.headings import heading

# What some views have of their own beside the frame.
_PARTS = {
    "milestones": (*milestone_form.PARTS, milestone_notes.PART),
    "what-if": (scenario_form.PART,),
    "cycle-time": (service_level.PART,),
    "throughput": (learns_from.PART,),
}
# Where the lack of a view is mended, if not by more data.
_REMEDIES = {"delivery": ("/data/meaning", N_("Say it")), "money": ("/settings/project", N_("Say it"))}
_NOT_YET = {
    "/sprints": (
        N_("No sprints"),
        N_("No issue has a sprint. Import a file with a sprint column, or sync a Scrum project."),
    ),
    "/quality": (
        N_("Nothing to judge yet"),
        N_("Bugs, deliveries and the mix of work are told once issues carry a type."),
    ),
}


def pages(sections: Sequence[str]) -> tuple[Page, ...]:
    """A page for each view that is a tab of one, in the order of the navigation.

    A section without any view stays, and says what it needs.
    """
    views = [view for section in sections for view in views_of(section.strip("/")) if view.page]
    bare = [section for section in sections if section in _NOT_YET and not views_of(section.strip("/"))]
    return (
        *(
            Page(
                view.path,
                view.tab,
                partial(layout, view=view),
                title=partial(_title, view),
                parts=_PARTS.get(view.id, ()),
                under=f"/{view.page}/{view.under}" if view.under else "",
                is_offered=partial(_is_offered, view),
            )
            for view in views
        ),
        *(Page(section, N_(section.strip("/").capitalize()), partial(_empty, section=section)) for section in bare),
    )


def _empty(visit: Visit, section: str) -> Any:
    title, reason = _NOT_YET[section]
    add = link_button(_("Add data"), visit.href("/data/sources"))
    return html.Div(
        [html.H1(_(section.strip("/").capitalize())), card(empty_state(title, reason, add))], className="page"
    )


def _is_offered(view: View, visit: Visit) -> bool:
    return visit.query is None or view.is_offered(visit.analysis)


def _title(view: View, visit: Visit) -> str:
    return view.heading


def layout(visit: Visit, view: View) -> Any:
    """The view as a page of its own."""
    reason = view.needs(visit.analysis)
    if reason is not None:
        return html.Div([_heading(view), card(_lacking(visit, view, reason))], className="page view")
    scene = visit.scene()
    return html.Div(
        [
            _heading(view),
            html.P(sentence(visit, view.sentence(scene)), className="finding", id=f"{view.id}-sentence"),
            facts(visit, view.facts(scene)),
            *_beyond(visit, view),
            *([*learns_from.line(visit), *sweep_days.line(visit)] if view.id == "throughput" else []),
            *([service_level.form(visit)] if view.id == "cycle-time" else []),
            *_controls(visit, view.controls(scene)),
            *_chart(visit, scene, view),
            *([milestone_form.form(visit), *milestone_notes.form(visit)] if view.id == "milestones" else []),
            *(scenario_form.form(visit) if view.id == "what-if" else []),
            *([sprint_check.section(visit, scene)] if view.id == "this-sprint" else []),
            *issue_list.below(visit, scene, view),
        ],
        className="page view",
    )


def _lacking(visit: Visit, view: View, reason: str) -> Any:
    """What a view lacks, and the way on: the same as the answer's where it is the forecast."""
    if view.id not in _REMEDIES and reason == needs("forecast")(visit.analysis):
        return no_forecast.state(visit, view.tab, reason)
    if reason == NOTHING_ESTIMATED:
        return empty_state(view.tab, reason, link_button(_("Count in items"), visit.here(unit=Unit.ITEMS)))
    path, words = _REMEDIES.get(view.id, ("/data/sources", N_("Add data")))
    return empty_state(view.tab, reason, link_button(_(words), visit.href(path)))


def _beyond(visit: Visit, view: View) -> list[Any]:
    """The views that are reached from this one."""
    return [
        dcc.Link([_(other.heading), " →"], href=visit.href(other.path), className="more")
        for other in views_of(view.page)
        if other.under == view.id
    ]


def _controls(visit: Visit, controls: Sequence[Control]) -> list[Any]:
    """What can be tried out, and the way back while anything is."""
    if not controls:
        return []
    tried = [control.name for control in controls if visit.choice.option(control.name)]
    nothing = dict.fromkeys(tried)
    back = [dcc.Link(_("Back to as it is"), href=visit.here(**nothing), className="more")] if tried else []
    return [html.Div([*(_control(control) for control in controls), *back], className="card controls", role="group")]


def _control(control: Control) -> Any:
    """Drawn by the browser from its data, so that it stands still while it is dragged."""
    data = {"name": control.name, "value": control.value, "max": str(control.high), "label": control.label}
    if not control.is_day:
        data |= {"min": str(control.low), "step": str(control.step), "default": control.default, "unit": control.unit}
    kind = "day-field" if control.is_day else "range-field"
    field = html.Span(className=kind, **{f"data-{name}": value for name, value in data.items()})
    return html.Div([html.Span(control.label), field] if control.is_day else field, className="control")


def _heading(view: View) -> Any:
    return html.H1(view.heading, className="unseen")


def _chart(visit: Visit, scene: Scene, view: View) -> list[Any]:
    figure = view.drawn(scene)
    notes = [html.P(note, className="quiet") for note in view.notes(scene)]
    below = [*notes, *_numbers(visit, scene, view), *_help(view)]
    switches = [_switch(visit, switch, scene.chosen(switch)) for switch in view.switches if scene.offers(switch)]
    if figure is None:
        # What was chosen may have nothing to draw where something else has.
        chosen = any(visit.choice.option(switch.name) for switch in view.switches)
        tools = [*(switches if chosen else []), *([_export(visit, view)] if view.figure is None and view.rows else [])]
        back = [html.Div(tools, className="chart-tools")] if tools else []
        parts = [*back, *below] if notes or chosen or view.figure is None else []
        return [html.Section(parts, className="card", **{"aria-label": view.heading})] if parts else []
    label = str(view.sentence(scene))
    tools = [*switches, *_fields(visit, scene, view), _export(visit, view)]
    parts = [html.Div(tools, className="chart-tools"), graph(visit, view, figure, label, "tall"), *below]
    return [html.Section(parts, className="card", **{"aria-label": view.heading})]


def _switch(visit: Visit, switch: Switch, chosen: str) -> Any:
    """A few links beside each other, of which one is the present choice."""
    links = [
        dcc.Link(text, href=visit.here(**{switch.name: value, "show": None}), className="here" * (value == chosen))
        for value, text in switch.options
    ]
    return html.Div(links, className="lists", role="group", **{"aria-label": switch.label})


def _fields(visit: Visit, scene: Scene, view: View) -> list[Any]:
    """By which field the chart is parted: any that the source has."""
    if view.splits is None or not visit.analysis.has_items:
        return []
    names = bar.field_names(visit)
    here = scene.by or view.splits
    options = [*([("-", _("Not parted"))] if view.splits == "-" else []), *names.items()]
    links = [
        dcc.Link(("✓ " if name == here else "") + label, href=visit.here(by=name, show=None)) for name, label in options
    ]
    label = names.get(here)
    summary = _("By {field}", field=label) if label else _("Part by a field")
    return [html.Details([html.Summary(summary), html.Div(links, className="menu-body")], className="menu")]


def _export(visit: Visit, view: View) -> Any:
    """The chart as a picture where there is one, its numbers as a table; all made from what is on screen."""
    csv = html.A("CSV", href=csv_of(visit, view), download="", className="more")
    pictures = [
        html.Button(kind.upper(), className="text-button", **{"data-picture": kind, "data-name": view.id})
        for kind in ("png", "svg")
        if view.figure is not None
    ]
    return html.Div([*pictures, *([csv] if view.rows else [])], className="export")


def _numbers(visit: Visit, scene: Scene, view: View) -> list[Any]:
    """The chart's numbers as a table, for who cannot see it or wants to read them off."""
    if view.rows is None:
        return []
    rows = view.rows(scene)
    if not rows.cells:
        return []
    table = rows_table(visit, rows, in_order=view.is_table)
    copy = html.Div(issue_list.copy_button(), className="below-table")
    return [html.Details([html.Summary(_("The numbers")), table, copy], open=view.is_table)]


def rows_table(visit: Visit, rows: Rows, newest: int = 60, in_order: bool = False) -> Any:
    """The newest rows first, unless they are to stay `in_order`; the first cell leads to what is behind the row."""
    shows = rows.shows or ("",) * len(rows.cells)
    known = list(zip(rows.cells, shows, strict=True))
    last = known if in_order else known[::-1][:newest]
    body = [[_row_cell(visit, cell, show if not at else "") for at, cell in enumerate(cells)] for cells, show in last]
    numeric = list(range(1, len(rows.header)))
    return data_table([heading(name) for name in rows.header], body, numeric, name="long")


def _row_cell(visit: Visit, cell: Any, show: str) -> Any:
    text = cell_text(cell, visit.formats)
    return [text, visit.here(show=show)] if show else text


def _help(view: View) -> list[Any]:
    return [html.Details([html.Summary(_("What this shows")), html.P(view.help)])] if view.help else []
