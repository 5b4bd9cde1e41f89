"""Where the data of the project come from, source by source: when it last came in, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, State, dcc, html

from app.actions import files as importing
from app.actions import jira, sample, sync_by_itself, tokens
from app.context import Context
from app.errors import BadInput
from app.web.address import Choice
from app.web.bar import recent
from app.web.components import card
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, job_news, visit_of
from app.web.parts import files, taking_back
from app.web.parts.sync_line import OFFLINE
from app.words import _, n_, recalled
from store.documents import connection_of, imports_of, is_archived
from store.records import ProjectData, Query, QueryRef
from store.settings import ImportEntry

# A longer list of what was imported is on the page of the record.
_MOST_IMPORTS = 12


def section(visit: Visit, is_just_told: Callable[[QueryRef], bool] = lambda ref: False) -> list[Any]:
    """Of every work list of the project, the one that is looked at first; nothing where nothing came from outside.

    `is_just_told`: whether the page says of the last import of a work list already what is to be said of it."""
    rows = _all_rows(visit, is_just_told)
    return [card(html.Ul(rows, className="rows sources"), title=_("Sources"), name="sources-card")] if rows else []


def has_any(visit: Visit) -> bool:
    """Whether the work that is looked at came from anywhere."""
    return bool(_all_rows(visit)) or (visit.query is not None and _has_data(visit))


def _has_data(visit: Visit) -> bool:
    counts = visit.ctx.backend.counts(visit.ref)
    return bool(counts.issues or counts.statistics)


def _all_rows(visit: Visit, is_just_told: Callable[[QueryRef], bool] = lambda ref: False) -> list[Any]:
    if visit.profile is None:
        return []
    queries = [each for each in visit.ctx.backend.list_queries(visit.profile.id) if not is_archived(each)]
    here = visit.query.id if visit.query is not None else ""
    queries.sort(key=lambda query: (query.id != here, query.name.casefold()))
    return [row for query in queries for row in _rows(visit, query, is_just_told(query.ref))]


def _rows(visit: Visit, query: Query, is_told: bool) -> list[Any]:
    data = visit.ctx.backend.get_project_data(query.ref)
    if query.ref == sample.REF:
        return [_sample(visit, query)]
    rows = []
    if query.jql and jira.is_connected(visit.profile):
        rows.append(_jira(visit, query, data))
    if entries := imports_of(data):
        rows.append(_file(visit, query, entries, is_told))
    return rows


def _sample(visit: Visit, query: Query) -> Any:
    """Made up, and never newer: it can be made anew, or deleted."""
    counts = visit.ctx.backend.counts(query.ref)
    issues = n_("{count} issue", "{count} issues", counts.issues, count=visit.formats.number(counts.issues))
    moment = query.created_at or visit.ctx.clock()
    came = _("{issues}, made up on {day}", issues=issues, day=visit.formats.short(moment.astimezone().date()))
    gone = dcc.Link(_("Delete"), href=visit.href("/projects", do="delete-project"))
    return _row(visit, query, [html.Strong(_("Sample"))], came, [], [gone])


def _jira(visit: Visit, query: Query, data: ProjectData | None) -> Any:
    base = connection_of(visit.profile).base_url if visit.profile is not None else ""
    last = jira.last_sync(data, query)
    came = _("not synced yet")
    if last is not None:
        issues = n_("{count} issue", "{count} issues", last.issues, count=visit.formats.number(last.issues))
        came = _("{issues}, synced {when}", issues=issues, when=recent(visit, last.at)) + _brought(visit, last)
    go = dcc.Link(_("Change"), href="/data/sources/jira" + Choice(query.profile_id, query.id).search())
    server = base.partition("://")[2].rstrip("/") or base
    label = [html.Strong(_("Jira · {server}", server=server)), " ", html.Code(query.jql)]
    return _row(visit, query, label, came, [_by_itself(visit, query), *_failed(visit)], [_sync(visit, query), go])


def _brought(visit: Visit, last: jira.LastSync) -> str:
    """What the last sync did to the issues; nothing where an earlier version kept no count."""
    if last.brought is None:
        return ""
    new, changed, removed = last.brought
    write = visit.formats.number
    parts = [
        *([_("{count} new", count=write(new))] if new else []),
        *([_("{count} changed", count=write(changed))] if changed else []),
        *([_("{count} removed", count=write(removed))] if removed else []),
    ]
    return ": " + (", ".join(parts) or _("nothing changed"))


def _by_itself(visit: Visit, query: Query) -> Any:
    """Of the whole project; off until somebody wants it."""
    return dmc.Switch(
        id={"type": "sync-by-itself", "which": query.id},
        checked=sync_by_itself.is_wanted(visit.ctx, query.profile_id),
        label=_("Sync by itself: at the start, and every hour while a page is open"),
        size="sm",
    )


def _failed(visit: Visit) -> list[Any]:
    """Why the last sync brought nothing: one that began by itself says it nowhere else."""
    state = job_news(visit.ctx, jira.SYNC_JOB, visit.profile)
    if state is None or state.status != "failed":
        return []
    return [html.P(_("The last sync failed: {reason}", reason=recalled(state.message)), className="warning")]


def _sync(visit: Visit, query: Query) -> Any:
    """A button; offline, where that can be changed."""
    if visit.ctx.network.is_offline:
        return dcc.Link(_("Offline"), href=visit.href("/settings/system"), title=_(OFFLINE))
    busy = jira.under_way(visit.ctx, jira.SYNC_JOB)
    return html.Button(_("Sync"), id={"type": "sync-source", "which": query.id}, className="button quiet", n_clicks=0,
                       disabled=busy, **{"aria-label": _("Sync {name}", name=query.name)})  # fmt: skip


def _file(visit: Visit, query: Query, entries: tuple[ImportEntry, ...], is_told: bool) -> Any:
    last, earlier = entries[-1], entries[-2::-1][:_MOST_IMPORTS]
    offered = taking_back.last_import(visit.ctx, query.ref)
    more: list[Any] = [] if is_told else _warnings(last)
    buttons = [_next_export(query)]
    if offered is not None:
        more.append(html.P(taking_back.what_it_takes(visit.ctx, *offered, visit.formats), className="quiet"))
        buttons.append(taking_back.take_back_button(offered[0], _("Take this import back"), "source"))
    if earlier:
        lines = [html.Li([_came(visit, each), *_warnings(each)]) for each in earlier]
        more.append(html.Details([html.Summary(_("Earlier imports")), html.Ul(lines)]))
    return _row(
        visit,
        query,
        [html.Strong(_("File · {file}", file=last.file))],
        _came(visit, last, with_name=False),
        more,
        buttons,
    )


def _next_export(query: Query) -> Any:
    """A file that goes into this work list, whatever it is called."""
    words = html.Span(_("Next export"), className="button quiet")
    return dcc.Upload(words, id={"type": "next-export", "which": query.id}, max_size=files.UPLOAD_BYTES,
                      className="next-export", className_active="next-export over")  # fmt: skip


def _row(visit: Visit, query: Query, name: list[Any], came: str, more: list[Any], buttons: list[Any]) -> Any:
    place = dcc.Link(query.name, href="/" + Choice(query.profile_id, query.id).search())
    words = [html.Div(name), html.Div([place, f": {came}"], className="quiet"), *more]
    return html.Li([html.Div(words), html.Div(buttons, className="actions")])


def _came(visit: Visit, entry: ImportEntry, with_name: bool = True) -> str:
    """One import in a line: its rows, its day and what was new."""
    write = visit.formats.number
    rows = n_(
        "{kept} of {rows} row", "{kept} of {rows} rows", entry.rows, kept=write(entry.kept), rows=write(entry.rows)
    )
    new = _("{new} new, {changed} changed", new=write(entry.new), changed=write(entry.changed))
    words = _(
        "{rows}, {new}, imported {when}",
        rows=rows,
        new=new,
        when=visit.formats.instant(entry.at.astimezone()),
    )
    return f"{entry.file}: {words}" if with_name else words


def _warnings(entry: ImportEntry) -> list[Any]:
    return [html.P(recalled(warning), className="warning") for warning in entry.warnings]


# -- callbacks ------------------------------------------------------------------------------------------

PART = Page("", "", lambda visit: None)
_EXPORT = {"type": "next-export", "which": ALL}


def _query_of(visit: Visit, query_id: str) -> Query:
    """One of the project that the address names. Raises BadInput."""
    queries = visit.ctx.backend.list_queries(visit.for_writing().ref.profile_id)
    query = next((each for each in queries if each.id == query_id), None)
    if query is None or visit.profile is None:
        raise BadInput(_("This work list is not here any more. Reload the page."))
    return query


@PART.click({"type": "sync-source", "which": ALL}, State(URL, "search"))
def sync(ctx: Context, which: dict[str, str], search: str) -> Effects:
    """Fetch what changed; where the token is not at hand, go to the page that asks for it."""
    visit = visit_of(ctx, search, browser_formats())
    query = _query_of(visit, which["which"])
    if visit.profile is not None and tokens.missing(ctx, visit.profile):
        return Effects(go="/data/sources/jira" + Choice(query.profile_id, query.id).search())
    jira.sync(ctx, [query.ref])
    return Effects(follow=jira.SYNC_JOB, changed=True)


@PART.changed(Input({"type": "sync-by-itself", "which": ALL}, "checked"), State(URL, "search"))
def sync_from_now_on(ctx: Context, which: dict[str, str], checked: bool | None, search: str) -> Effects | None:
    """A page that brings its switches along reports them as well: what is so already is not saved."""
    query, is_wanted = _query_of(visit_of(ctx, search, browser_formats()), which["which"]), bool(checked)
    if sync_by_itself.is_wanted(ctx, query.profile_id) == is_wanted:
        return None
    sync_by_itself.want(ctx, query.profile_id, is_wanted)
    words = _("From now on it syncs by itself.") if is_wanted else _("It no longer syncs by itself.")

    def undo() -> None:
        sync_by_itself.want(ctx, query.profile_id, not is_wanted)

    return Effects(toast=words, undo=undo)


@PART.on(Input(_EXPORT, "contents"), State(_EXPORT, "contents"), State(_EXPORT, "filename"), State(_EXPORT, "id"),
         State(URL, "search"))  # fmt: skip
def take_next_export(
    ctx: Context,
    which: dict[str, str],
    contents: list[str | None],
    names: list[str | None],
    ids: list[dict[str, str]],
    search: str,
) -> Effects:
    """Into the work list in whose row it was chosen; what the file leaves open is asked as for any other."""
    visit = visit_of(ctx, search, browser_formats())
    query, at = _query_of(visit, which["which"]), ids.index(which)
    data = files.uploaded_bytes(contents[at] or "")
    pending = ctx.pending.hold(names[at] or "", data, query_name=query.name, profile_id=query.profile_id)
    if not files.speaks_for_itself(ctx, pending):
        return Effects(go=files.FILE_PAGE + visit.choice.search())
    files.submit(ctx, pending, None)
    return Effects(follow=importing.JOB)
