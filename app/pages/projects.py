"""All projects: one line for each work list, the least sure first; and what can be done with them as a whole."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, State, html

from app.actions import deleted, projects
from app.context import Context
from app.domain.forecast import Forecast
from app.web.address import Choice
from app.web.bar import data_of
from app.web.components import card, data_table
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import taking_back
from app.words import N_, _
from store.documents import is_archived
from store.records import Profile, Query, QueryRef

_HEAD = (
    N_("Project"),
    N_("Work list"),
    N_("85 % sure"),
    N_("Deadline"),
    N_("Chance"),
    N_("Moved"),
    N_("Left"),
    N_("Data of"),
)


def layout(visit: Visit) -> Any:
    return html.Div(
        [html.H1(_("All projects")), _lines(visit), _this(visit), *_archived(visit), *taking_back.deleted_card(visit)],
        className="page",
    )


def _all(visit: Visit) -> list[tuple[Profile, Query]]:
    backend = visit.ctx.backend
    return [(profile, query) for profile in backend.list_profiles() for query in backend.list_queries(profile.id)]


def _lines(visit: Visit) -> Any:
    lines = [_line(visit, profile, query) for profile, query in _all(visit) if not is_archived(query)]
    lines.sort(key=lambda line: line[0])
    return html.Section(data_table(_HEAD, [cells for _, cells in lines], (6,)), className="card")


def _line(visit: Visit, profile: Profile, query: Query) -> tuple[float, list[Any]]:
    """Its chance, by which it stands among the others, and its cells."""
    search = Choice(profile.id, query.id).search()
    there = visit_of(visit.ctx, search, visit.formats)
    analysis, formats = there.analysis, visit.formats
    result, chance, deadline = analysis.forecast, analysis.chance, analysis.params.deadline
    sure = result.dates.get(85) if isinstance(result, Forecast) else None
    at = data_of(there)
    cells = [
        profile.name,
        [query.name, f"/{search}"],
        formats.short(sure),
        formats.short(deadline),
        "–" if chance is None else formats.share(chance),
        _moved(there),
        formats.number(result.remaining) if isinstance(result, Forecast) else "–",
        formats.short(at.date() if at else None),
    ]
    return (2.0 if chance is None else chance), cells


def _moved(there: Visit) -> str:
    """By how much the 85 % date moved within a week."""
    review = there.analysis.last_week
    before, now = getattr(review, "date_85_before", None), getattr(review, "date_85_now", None)
    if before is None or now is None:
        return "–"
    weeks = round((now - before).days / 7)
    return _("{weeks} wk", weeks=there.formats.signed(weeks)) if weeks else _("no")


# -- what can be done with the one that is looked at ------------------------------------------------------


def _this(visit: Visit) -> Any:
    if visit.profile is None or visit.query is None:
        return None
    fields = [
        dmc.TextInput(id="project-name", label=_("Project"), value=visit.profile.name),
        dmc.TextInput(id="work-name", label=_("Work list"), value=visit.query.name),
        dmc.Button(_("Rename"), id="rename"),
    ]
    buttons = [
        dmc.Button(_("New project"), id="new-project", variant="default"),
        dmc.Button(_("New work list"), id="new-work", variant="default"),
        dmc.Button(_("Copy this work list"), id="copy-work", variant="default"),
        dmc.Button(_("Archive this work list"), id="archive-work", variant="default"),
        dmc.Button(_("Delete this work list"), id="delete-work", variant="default", className="danger"),
        dmc.Button(_("Delete this project"), id="delete-project", variant="default", className="danger"),
    ]
    title = f"{visit.profile.name} › {visit.query.name}"
    return card(html.Div(fields, className="inline-form"), html.Div(buttons, className="actions"), title=title)


def _archived(visit: Visit) -> list[Any]:
    rows = [
        html.Li(
            [
                html.Span(f"{profile.name} › {query.name}"),
                _button(_("Take out"), "take-out", f"{profile.id}/{query.id}"),
            ]
        )
        for profile, query in _all(visit)
        if is_archived(query)
    ]
    return [card(html.Ul(rows, className="rows"), title=_("Archived"))] if rows else []


def _button(text: str, what: str, which: str) -> Any:
    return html.Button(text, id={"type": what, "which": which}, className="text-button", n_clicks=0)


# -- callbacks ------------------------------------------------------------------------------------------

PAGE = Page("/projects", N_("All projects"), layout, parts=(taking_back.PART,), needs_data=False)
_HERE = State(URL, "search")


def _looked_at(ctx: Context, search: str) -> Visit:
    return visit_of(ctx, search, browser_formats()).for_writing()


def _to(ref: QueryRef, toast: str, path: str = "/projects") -> Effects:
    return Effects(toast=toast, go=path + Choice(ref.profile_id, ref.query_id).search(), changed=True)


@PAGE.click("rename", State("project-name", "value"), State("work-name", "value"), _HERE)
def rename(ctx: Context, project: str | None, work: str | None, search: str) -> Effects:
    ref = _looked_at(ctx, search).ref
    before = projects.rename(ctx, ref, project or "", work or "")

    def undo() -> None:
        projects.rename(ctx, ref, *before)

    return Effects(toast=_("Renamed."), changed=True, undo=undo)


@PAGE.click("new-project", _HERE)
def make_project(ctx: Context, search: str) -> Effects:
    like = visit_of(ctx, search, browser_formats()).profile
    return _to(projects.new_project(ctx, like=like), _("Made. Give it a name."))


@PAGE.click("new-work", _HERE)
def make_work(ctx: Context, search: str) -> Effects:
    return _to(projects.new_work(ctx, _looked_at(ctx, search).ref.profile_id), _("Made. Give it a name."))


@PAGE.click("copy-work", _HERE)
def copy_work(ctx: Context, search: str) -> Effects:
    return _to(projects.copy_work(ctx, _looked_at(ctx, search).ref), _("Copied."))


@PAGE.click("archive-work", _HERE)
def archive_work(ctx: Context, search: str) -> Effects:
    ref = _looked_at(ctx, search).ref
    projects.archive(ctx, ref)
    return Effects(toast=_("Archived."), changed=True, undo=lambda: projects.archive(ctx, ref, put_away=False))


@PAGE.click({"type": "take-out", "which": ALL})
def take_out(ctx: Context, which: dict[str, str]) -> Effects:
    profile_id, query_id = which["which"].partition("/")[::2]
    projects.archive(ctx, QueryRef(profile_id, query_id), put_away=False)
    return Effects(toast=_("It is back in the list."), changed=True)


@PAGE.click("delete-work", _HERE)
def delete_work(ctx: Context, search: str) -> Effects:
    ref = _looked_at(ctx, search).ref
    gone = deleted.delete_work(ctx, ref)
    return taking_back.gone_for_now(ctx, gone.ref, gone.name, "/")


@PAGE.click("delete-project", _HERE)
def delete_project(ctx: Context, search: str) -> Effects:
    gone = deleted.delete_project(ctx, _looked_at(ctx, search).ref.profile_id)
    return taking_back.gone_for_now(ctx, QueryRef(gone.id, ""), gone.name, "/")
