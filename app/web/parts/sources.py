"""Where the data of the project come from, source by source: when it last came in, and what can be done about it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from app.actions import jira
from app.formats import plural
from app.web.address import Choice
from app.web.components import card
from app.web.page import Visit
from app.web.parts import taking_back
from app.web.parts.sync_line import OFFLINE
from store.documents import connection_of, imports_of, is_archived
from store.records import ProjectData, Query
from store.settings import ImportEntry

# A longer list of what was imported is on the page of the record.
_MOST_IMPORTS = 12


def section(visit: Visit) -> list[Any]:
    """Of every work list of the project, the one that is looked at first; nothing where nothing came from outside."""
    if visit.profile is None:
        return []
    queries = [each for each in visit.ctx.backend.list_queries(visit.profile.id) if not is_archived(each)]
    here = visit.query.id if visit.query is not None else ""
    queries.sort(key=lambda query: (query.id != here, query.name.casefold()))
    rows = [row for query in queries for row in _rows(visit, query)]
    return [card(html.Ul(rows, className="rows sources"), title="Sources", name="sources-card")] if rows else []


def _rows(visit: Visit, query: Query) -> list[Any]:
    data = visit.ctx.backend.get_project_data(query.ref)
    rows = []
    if query.jql and jira.is_connected(visit.profile):
        rows.append(_jira(visit, query, data))
    if entries := imports_of(data):
        rows.append(_file(visit, query, entries))
    return rows


def _jira(visit: Visit, query: Query, data: ProjectData | None) -> Any:
    base = connection_of(visit.profile).base_url if visit.profile is not None else ""
    last = jira.last_sync(data, query)
    came = "not synced yet"
    if last is not None:
        issues = f"{visit.formats.number(last.issues)} {plural(last.issues, 'issue')}"
        came = f"{issues}, synced {visit.formats.instant(last.at.astimezone())}"
    go = dcc.Link("Sync, change", href="/data/sources/jira" + Choice(query.profile_id, query.id).search())
    server = base.partition("://")[2].rstrip("/") or base
    said = [html.Strong(f"Jira · {server}"), " ", html.Code(query.jql)]
    return _row(visit, query, said, came, [], [*_offline(visit), go])


def _offline(visit: Visit) -> list[Any]:
    """Why nothing comes from there now."""
    if not visit.ctx.network.is_offline:
        return []
    return [dcc.Link("Offline", href=visit.href("/settings/system"), title=OFFLINE)]


def _file(visit: Visit, query: Query, entries: tuple[ImportEntry, ...]) -> Any:
    last, earlier = entries[-1], entries[-2::-1][:_MOST_IMPORTS]
    offered = taking_back.last_import(visit.ctx, query.ref)
    more: list[Any] = [*_warnings(last)]
    buttons = []
    if offered is not None:
        more.append(html.P(taking_back.what_it_takes(visit.ctx, *offered, visit.formats), className="quiet"))
        buttons.append(taking_back.take_back_button(offered[0], "Take this import back", "source"))
    if earlier:
        lines = [html.Li([_came(visit, each), *_warnings(each)]) for each in earlier]
        more.append(html.Details([html.Summary("Earlier imports"), html.Ul(lines)]))
    return _row(visit, query, [html.Strong(f"File · {last.file}")], _came(visit, last, with_name=False), more, buttons)


def _row(visit: Visit, query: Query, name: list[Any], came: str, more: list[Any], buttons: list[Any]) -> Any:
    place = dcc.Link(query.name, href="/" + Choice(query.profile_id, query.id).search())
    words = [html.Div(name), html.Div([place, f": {came}"], className="quiet"), *more]
    return html.Li([html.Div(words), html.Div(buttons, className="actions")])


def _came(visit: Visit, entry: ImportEntry, with_name: bool = True) -> str:
    """One import in a line: its rows, its day and what was new."""
    write = visit.formats.number
    rows = f"{write(entry.kept)} of {write(entry.rows)} {plural(entry.rows, 'row')}"
    new = f"{write(entry.new)} new, {write(entry.changed)} changed"
    words = f"{rows}, {new}, imported {visit.formats.instant(entry.at.astimezone())}"
    return f"{entry.file}: {words}" if with_name else words


def _warnings(entry: ImportEntry) -> list[Any]:
    return [html.P(warning, className="warning") for warning in entry.warnings]
