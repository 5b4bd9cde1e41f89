"""What pages fetch at addresses of their own: tables to take along as CSV, and whether what they show is still true."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, jsonify, request
from werkzeug.exceptions import NotFound

from app.actions import sync_by_itself
from app.actions.export import RECORDS, records_of
from app.context import Context
from app.domain.decisions import Decisions
from app.errors import Usage
from app.output.calendar import calendar
from app.output.csv import to_csv
from app.output.report import Work, chosen, report
from app.output.sections import Contents
from app.views import VIEWS, behind
from app.views.columns import COLUMNS, listed, own_columns
from app.views.view import Rows, Scene
from app.web import bar
from app.web.page import Visit, browser_formats, revision, today, visit_of
from app.words import Reader, _, read_by


def add_routes(server: Any, ctx: Context) -> None:
    server.add_url_rule("/_csv/<name>", "csv", lambda name: _csv(ctx, name))
    server.add_url_rule("/_ics/checkpoints", "checkpoints", lambda: _checkpoints(ctx))
    server.add_url_rule("/_report", "report", lambda: _report(ctx))
    server.add_url_rule("/_fields", "fields", lambda: jsonify(_fields(ctx, request.query_string.decode())))
    server.add_url_rule("/_news", "news", lambda: jsonify(news(ctx, request.query_string.decode())))


def news(ctx: Context, search: str) -> dict[str, Any]:
    """By what a page that was built for this address knows whether it is still true: revision and day."""
    visit = visit_of(ctx, search, browser_formats())
    sync_by_itself.ask(ctx, visit.query.profile_id if visit.query is not None else None)
    return {"revision": revision(visit), "day": today(visit)}


def _fields(ctx: Context, search: str) -> list[dict[str, Any]]:
    visit = visit_of(ctx, search, browser_formats())
    return bar.fields(visit) if visit.query is not None else []


def _csv(ctx: Context, name: str) -> Response:
    """`name` is a view's, one of what is recorded, or "issues" for the list behind the number that is shown."""
    visit = visit_of(ctx, request.query_string.decode(), browser_formats())
    if visit.query is None:
        raise NotFound
    # A file is the same for everybody, and the same as the command line gives: in English.
    with read_by(Reader()):
        text = to_csv(*_table(ctx, visit, name))
    named = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text.encode("utf-8-sig"), mimetype="text/csv", headers=named)


def _checkpoints(ctx: Context) -> Response:
    """The days on which to look at the deadline, for the reader's own calendar."""
    visit = visit_of(ctx, request.query_string.decode(), browser_formats())
    decisions = visit.analysis.decisions if visit.query is not None else None
    if visit.query is None or not isinstance(decisions, Decisions):
        raise NotFound
    name, scene = visit.query.name, visit.scene()
    days = [
        (each.day, _("{work}: {amount} finished?", work=name, amount=scene.amount(each.finished)))
        for each in decisions.checkpoints
    ]
    named = {"Content-Disposition": 'attachment; filename="checkpoints.ics"'}
    return Response(calendar(days, ctx.clock()).encode(), mimetype="text/calendar", headers=named)


def _table(ctx: Context, visit: Visit, name: str) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    """Column names and rows. Raises NotFound for a name that nothing has."""
    if name in RECORDS:
        return records_of(ctx.backend, visit.ref, name)
    scene = visit.scene()
    rows = issues_of(scene, visit.choice.option("show")) if name == "issues" else _rows_of(scene, name)
    return rows.header, rows.cells


def _report(ctx: Context) -> Response:
    """The report of what the address looks at; each `section` of it once, the usual ones without any."""
    visit = visit_of(ctx, request.query_string.decode(), browser_formats())
    if visit.query is None:
        raise NotFound
    project = visit.profile.name if visit.profile is not None else ""
    try:
        contents = Contents(chosen(request.args.getlist("section")), request.args.get("summaries") != "no")
    except Usage as exc:
        raise NotFound from exc
    text = report([Work(project, visit.query.name, visit.scene())], contents)
    named = {"Content-Disposition": 'attachment; filename="report.html"'}
    return Response(text.encode(), mimetype="text/html", headers=named)


def _rows_of(scene: Scene, name: str) -> Rows:
    rows = next((view.rows for view in VIEWS if view.id == name and view.rows is not None), None)
    if rows is None:
        raise NotFound
    return rows(scene)


def issues_of(scene: Scene, show: str) -> Rows:
    """All columns of the issues behind a number."""
    number = behind(scene, show or "open")
    rows = listed(scene, number) if number is not None else []
    columns = (*COLUMNS, *own_columns(scene))
    cells = tuple(tuple(column.cell(row, scene) for column in columns) for row in rows)
    return Rows(tuple(column.name.removeprefix("own:") for column in columns), cells)
