"""All projects: one line for each work list, the least sure first; and what can be done with them as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, dcc, html

from app.actions import deleted, projects
from app.context import Context
from app.domain.forecast import Forecast
from app.domain.missing import NotEnoughData
from app.views.answer import too_few_days
from app.views.conditions import work_said
from app.web import bar, shell
from app.web.address import Choice
from app.web.bar import data_of
from app.web.components import card, data_table, link_button
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, today, visit_of
from app.web.parts import meanwhile, taking_back
from app.words import N_, _
from store.documents import is_archived
from store.records import Profile, Query, QueryRef

_NAMES = "names-seen"
_LINES, _MORE = "project-lines", "more-lines"
# Of hundreds of work lists a forecast each takes minutes: so long they are worked out before the page comes, and then
# at a time.
_AT_ONCE_SECONDS, _A_TURN_SECONDS = 2.0, 2.0
_SOON_MS = 500
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
    chosen = visit.choice.option("do")
    if chosen == shell.DELETED:
        parts = [html.Div(_deleted(visit), id="to-do"), _lines(visit), _this(visit), *_archived(visit)]
    else:
        both = [_this(visit), _lines(visit)] if chosen else [_lines(visit), _this(visit)]
        parts = [*both, *_archived(visit), *taking_back.deleted_card(visit)]
    return html.Div([html.H1(_("All projects")), *parts], className="page")


def _deleted(visit: Visit) -> list[Any]:
    """What was looked for: also that there is nothing to be put back."""
    nothing = html.P(_("Nothing was deleted in the last {days} days.", days=deleted.KEPT.days), className="quiet")
    return taking_back.deleted_card(visit) or [card(nothing, title=_("Deleted"), name="deleted")]


def _all(visit: Visit) -> list[tuple[Profile, Query]]:
    backend = visit.ctx.backend
    return [(profile, query) for profile in backend.list_profiles() for query in backend.list_queries(profile.id)]


def _lines(visit: Visit) -> Any:
    """As many lines as are worked out in a moment; the others come by and by."""
    table, is_whole = _table(visit, _AT_ONCE_SECONDS)
    more = [] if is_whole else [dcc.Interval(id=_MORE, interval=_SOON_MS, max_intervals=1)]
    return html.Section([html.Div(table, id=_LINES), *more], className="card")


def _table(visit: Visit, seconds: float) -> tuple[list[Any], bool]:
    """The table, and whether every line in it is worked out; another one is begun only within so many seconds."""
    works = [(profile, query) for profile, query in _all(visit) if not is_archived(query) and not is_archived(profile)]
    until = time.monotonic() + seconds
    outlooks = [_outlook(visit, profile, query, may_derive=lambda: time.monotonic() < until)
                for profile, query in works]  # fmt: skip
    lines = [_line(visit, *work, outlook) for work, outlook in zip(works, outlooks, strict=True)]
    lines.sort(key=lambda line: line[0])
    known = sum(outlook is not None for outlook in outlooks)
    parts: list[Any] = [data_table(_HEAD, [cells for _, cells in lines], (6,))]
    if known < len(works):
        words = _("{known} of {count} work lists are worked out so far. The others follow.", known=known,
                  count=len(works))  # fmt: skip
        parts.append(html.P(words, className="quiet"))
    return parts, known == len(works)


@dataclass(frozen=True, slots=True)
class _Outlook:
    """What a line says of its work list. `moved`: by how many weeks the 85 % date did within a week."""

    sure: date | None
    deadline: date | None
    chance: float | None
    moved: int | None
    remaining: float | None
    data_of: datetime | None


def _outlook(visit: Visit, profile: Profile, query: Query, may_derive: Callable[[], bool]) -> _Outlook | None:
    """As of the day and in the unit of the bar; None where it is neither known nor may be worked out now."""
    ctx = visit.ctx
    there = visit_of(ctx, _search(visit, query), visit.formats)
    now = replace(there, query=query, profile=profile)
    made_of = (ctx.work(query.ref), visit.choice.unit, visit.choice.as_of, today(now))
    return ctx.latest_known(f"line {query.ref}", made_of, lambda: _worked_out(there) if may_derive() else None)


def _worked_out(there: Visit) -> _Outlook:
    analysis = there.analysis
    result, scope = analysis.forecast, analysis.scope
    is_dated = isinstance(result, Forecast) and too_few_days(there.scene()) is None
    return _Outlook(
        sure=result.dates.get(85) if is_dated and isinstance(result, Forecast) else None,
        deadline=analysis.params.deadline,
        chance=analysis.chance,
        moved=_moved(there),
        remaining=None if isinstance(scope, NotEnoughData) else scope.remaining,
        data_of=data_of(there),
    )


def _search(visit: Visit, query: Query) -> str:
    return Choice(query.profile_id, query.id, unit=visit.choice.unit, as_of=visit.choice.as_of).search()


def _line(visit: Visit, profile: Profile, query: Query, outlook: _Outlook | None) -> tuple[float, list[Any]]:
    """Its chance, by which it stands among the others, and its cells; last what is not worked out yet."""
    formats, name = visit.formats, [query.name, f"/{_search(visit, query)}"]
    if outlook is None:
        return 3.0, [profile.name, name, *["…"] * (len(_HEAD) - 2)]
    chance, at = outlook.chance, outlook.data_of
    cells = [
        profile.name,
        name,
        formats.short(outlook.sure),
        formats.short(outlook.deadline),
        "–" if chance is None else formats.share(chance),
        _moved_text(visit, outlook.moved),
        "–" if outlook.remaining is None else formats.number(outlook.remaining),
        formats.short(at.date() if at else None),
    ]
    return (2.0 if chance is None else chance), cells


def _moved(there: Visit) -> int | None:
    """By how many weeks the 85 % date moved within a week."""
    review = there.analysis.last_week
    before, now = getattr(review, "date_85_before", None), getattr(review, "date_85_now", None)
    return None if before is None or now is None else round((now - before).days / 7)


def _moved_text(visit: Visit, weeks: int | None) -> str:
    if weeks is None:
        return "–"
    return _("{weeks} wk", weeks=visit.formats.signed(weeks)) if weeks else _("no")


# -- what can be done with the one that is looked at ------------------------------------------------------


def _this(visit: Visit) -> Any:
    """What was chosen to be done; else what can be."""
    if visit.profile is None or visit.query is None:
        return None
    what, _dash, kind = visit.choice.option("do").partition("-")
    form = _FORMS.get(what)
    if form is not None and kind in ("project", "work"):
        return html.Div(form(visit, visit.profile, visit.query, kind == "project"), id="to-do")
    title = f"{visit.profile.name} › {visit.query.name}"
    return card(*(_doing(visit, subject) for subject in ("project", "work")), title=title)


def _doing(visit: Visit, kind: str) -> Any:
    name = _("Project") if kind == "project" else _("Work list")
    links = [dcc.Link(_(text), href=shell.to_do(visit, what, kind), className="more") for what, text in shell.DOING]
    return html.P([html.Strong(f"{name}: "), *(part for link in links for part in (link, " "))])


def _new(visit: Visit, profile: Profile, query: Query, is_project: bool) -> Any:
    name = dmc.TextInput(id="new-name", label=_("Name"), placeholder=_("New project") if is_project else "")
    if is_project:
        button = dmc.Button(_("Make it"), id="new-project")
        return card(html.Div([name, button], className="inline-form"), title=_("New project"))
    where = visit.choice.where
    ways = [(_PART, _("The filter in the bar: {filter}", filter=work_said(where)))] if where else []
    ways += [("/data/sources/jira", _("A query of Jira (JQL)")), ("/data/sources", _("A file")),
             ("/data/weeks", _("Weeks typed by hand"))]  # fmt: skip
    boxes = [dmc.Radio(value=value, label=text, mb="xs") for value, text in ways]
    source = dmc.RadioGroup(dmc.Stack(boxes, gap=4), id="new-source", label=_("Where does it come from?"),
                            value=ways[0][0])  # fmt: skip
    hint = [] if where else [html.P(_("For a part of {name}: choose a filter in the bar first.", name=query.name),
                                    className="quiet")]  # fmt: skip
    button = html.Div(dmc.Button(_("Make it"), id="new-work"), className="actions")
    return card(name, source, *hint, button, title=_("New work list"), name="guarded")


def _rename(visit: Visit, profile: Profile, query: Query, is_project: bool) -> Any:
    fields = [
        dmc.TextInput(id="project-name", label=_("Project"), value=profile.name),
        dmc.TextInput(id="work-name", label=_("Work list"), value=query.name),
        dmc.Button(_("Rename"), id="rename"),
    ]
    shown = meanwhile.kept(_NAMES, {projects.PROJECT_NAME: profile.name, projects.WORK_NAME: query.name})
    return card(shown, html.Div(fields, className="inline-form"), title=_("Rename"))


def _copy(visit: Visit, profile: Profile, query: Query, is_project: bool) -> Any:
    if is_project:
        text = _("A second project with the settings, milestones and work lists of {name}; it is connected to no Jira.",
                 name=profile.name)  # fmt: skip
    else:
        text = _("A second work list with what {name} holds now, for trying things out.", name=query.name)
    return _confirmed(visit, _("Copy"), text, "copy-project" if is_project else "copy-work")


def _archive(visit: Visit, profile: Profile, query: Query, is_project: bool) -> Any:
    name = profile.name if is_project else query.name
    text = _("{name} is kept, and no longer offered in the picker. It can be taken out again on this page.", name=name)
    return _confirmed(visit, _("Archive"), text, "archive-project" if is_project else "archive-work")


def _delete(visit: Visit, profile: Profile, query: Query, is_project: bool) -> Any:
    name = profile.name if is_project else query.name
    text = _("{name} goes with all that is stored of it. It can be put back for 30 days, on this page.", name=name)
    return _confirmed(visit, _("Delete"), text, "delete-project" if is_project else "delete-work", "danger")


def _confirmed(visit: Visit, title: str, text: str, button: str, name: str = "") -> Any:
    buttons = [
        dmc.Button(title, id=button, variant="default" if name else "filled", className=name),
        link_button(_("Leave it"), visit.href("/projects"), quiet=True),
    ]
    return card(html.P(text), html.Div(buttons, className="actions"), title=title)


_FORMS = {"new": _new, "rename": _rename, "copy": _copy, "archive": _archive, "delete": _delete}
_PART = "part"


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
    rows += [
        html.Li([html.Span(profile.name), _button(_("Take out"), "take-out", f"{profile.id}/")])
        for profile in visit.ctx.backend.list_profiles()
        if is_archived(profile)
    ]
    return [card(html.Ul(rows, className="rows"), title=_("Archived"))] if rows else []


def _button(text: str, what: str, which: str) -> Any:
    return html.Button(text, id={"type": what, "which": which}, className="text-button", n_clicks=0)


# -- callbacks ------------------------------------------------------------------------------------------

PAGE = Page(bar.ALL_PROJECTS, N_("All projects"), layout, parts=(taking_back.PART,), needs_data=False)
_HERE = State(URL, "search")


@PAGE.fills(Output(_LINES, "children"), Output(_MORE, "max_intervals"), Input(_MORE, "n_intervals"), _HERE)
def work_out_more(ctx: Context, turn: int | None, search: str) -> Effects:
    table, is_whole = _table(visit_of(ctx, search, browser_formats()), _A_TURN_SECONDS)
    # Only then the next turn: the answer to a question that a newer one overtakes is thrown away.
    turns = (turn or 0) + (0 if is_whole else 1)
    return Effects(put={_LINES: {"children": table}, _MORE: {"max_intervals": turns}})


def _looked_at(ctx: Context, search: str) -> Visit:
    return visit_of(ctx, search, browser_formats()).for_writing()


def _to(ref: QueryRef, toast: str, path: str = "/projects") -> Effects:
    return Effects(toast=toast, go=path + Choice(ref.profile_id, ref.query_id).search(), changed=True)


@PAGE.click("rename", State("project-name", "value"), State("work-name", "value"), _HERE, State(_NAMES, "data"))
def rename(
    ctx: Context, project: str | None, work: str | None, search: str, seen: meanwhile.Seen | None = None
) -> Effects:
    ref = _looked_at(ctx, search).ref
    names = projects.names(project or "", work or "")
    fields = (
        meanwhile.of_profile(
            ctx,
            ref,
            (projects.PROJECT_NAME, _("Project")),
            lambda profile: profile.name,
            lambda profile, name: replace(profile, name=name),
        ),
        meanwhile.of_query(
            ctx,
            ref,
            (projects.WORK_NAME, _("Work list")),
            lambda query: query.name,
            lambda query, name: replace(query, name=name),
        ),
    )
    return meanwhile.saved_all(list(zip(fields, names, strict=True)), seen, lambda: None, _("Renamed."))


@PAGE.click("new-project", State("new-name", "value"), _HERE)
def make_project(ctx: Context, name: str | None, search: str) -> Effects:
    like = visit_of(ctx, search, browser_formats()).profile
    return _to(projects.new_project(ctx, name or "", like=like), _("Made. Now its data."), "/data/sources")


@PAGE.click("new-work", State("new-name", "value"), State("new-source", "value"), _HERE)
def make_work(ctx: Context, name: str | None, source: str, search: str) -> Effects:
    """The filter of the bar as a work list of its own; else an empty one, on the page where its data come in."""
    visit = _looked_at(ctx, search)
    if source == _PART:
        where = visit.choice.where
        whole = visit.query.name if visit.query is not None else ""
        part = (name or "").strip() or f"{whole}: {work_said(where)}"
        return _to(projects.new_part(ctx, visit.ref, part, where), _("Made."), "/")
    path = source if source in ("/data/sources", "/data/sources/jira", "/data/weeks") else "/data/sources"
    if path == "/data/sources/jira":
        # It is made there, once Jira understands its query.
        return Effects(go=visit.href(path))
    return _to(projects.new_work(ctx, visit.ref.profile_id, name or ""), _("Made. Now its data."), path)


@PAGE.click("copy-project", _HERE)
def copy_project(ctx: Context, search: str) -> Effects:
    return _to(projects.copy_project(ctx, _looked_at(ctx, search).ref.profile_id), _("Copied."))


@PAGE.click("archive-project", _HERE)
def archive_project(ctx: Context, search: str) -> Effects:
    profile_id = _looked_at(ctx, search).ref.profile_id
    projects.archive_project(ctx, profile_id)
    return Effects(toast=_("Archived."), go="/projects", changed=True,
                   undo=lambda: projects.archive_project(ctx, profile_id, put_away=False))  # fmt: skip


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
    if query_id:
        projects.archive(ctx, QueryRef(profile_id, query_id), put_away=False)
    else:
        projects.archive_project(ctx, profile_id, put_away=False)
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
