"""create_app: the frame, the pages and their callbacks become one Dash app."""

from __future__ import annotations

import contextlib
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import dash
from dash import Input, Output, no_update
from dash import ctx as call
from dash.exceptions import DependencyException
from flask import request

from app.actions import track_record
from app.context import Context
from app.errors import AppError
from app.host.starting import KEY_SCRIPT, script_hash
from app.host.wsgi import message_page
from app.jobs import Progress
from app.pages import PAGES
from app.web import damage, shell
from app.web.page import Page, Visit, choice_of, visit_of
from store.errors import Damaged, DamagedBackup, NotWritable, StoreError

_CALLS = "/_dash-update-component"
ASSETS = Path(__file__).parent / "assets"

# The chart library is loaded deferred and only announced at once (plotly-later.js): run in place, its megabyte
# would hold up the first callback; found missing, Dash would fetch its own bundle of four times the size.
_INDEX = """<!DOCTYPE html>
<html lang="en">
  <head>
    {%metas%}
    <title>{%title%}</title>
    {%favicon%}
    {%css%}
    <script>KEY_SCRIPT</script>
    <script src="/assets/early/plotly-later.js"></script>
    <script defer src="/assets/vendor/plotly.min.js"></script>
  </head>
  <body>
    {%app_entry%}
    <footer>
      {%config%}
      {%scripts%}
      {%renderer%}
    </footer>
  </body>
</html>
"""


def create_app(ctx: Context) -> Any:
    """A Dash app on this context. Several in one process do not disturb each other."""
    app = dash.Dash(
        "burndown",
        assets_folder=str(ASSETS),
        assets_ignore=r"^starting\.|\.(txt|gz|br)$",
        assets_path_ignore=["vendor", "early", "later"],
        title="Burndown",
        update_title="",
        serve_locally=True,
        suppress_callback_exceptions=True,
        add_log_handler=False,
        enable_mcp=False,
        on_error=partial(_on_error, ctx),
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        index_string=_INDEX.replace("KEY_SCRIPT", KEY_SCRIPT),
    )
    interpolate = app.interpolate_index

    def with_scheme(**parts: Any) -> str:
        # Before any script has run the page must already be light or dark as chosen.
        scheme = shell.chosen_scheme(ctx)
        mark = f' data-mantine-color-scheme="{scheme}"' if scheme in ("light", "dark") else ""
        return str(interpolate(**parts)).replace('<html lang="en"', f'<html lang="en"{mark}', 1)

    app.interpolate_index = with_scheme
    hashes = app.csp_hashes
    app.csp_hashes = lambda *names: [*hashes(*names), script_hash(KEY_SCRIPT)]
    app.layout = lambda: shell.layout(ctx)
    app.server.register_error_handler(StoreError, _unavailable)
    app.server.register_error_handler(DependencyException, _no_such_file)
    app.server.before_request(partial(_stale_call, app))
    for page in (shell.FRAME, _ROUTES, damage.PART, *PAGES):
        page.replay(app, ctx)
    _prepare(ctx)
    return app


def _on_error(ctx: Context, problem: Exception) -> None:
    """As everywhere; and damage is no matter of one click: the way back takes the page's place."""
    if not isinstance(problem, AppError | StoreError):
        problem = damage.behind(ctx, problem)
    shell.on_error(problem)
    if isinstance(problem, Damaged) and not isinstance(problem, DamagedBackup):
        call.set_props(shell.PAGE, {"children": damage.instead(ctx, problem)})


def _unavailable(problem: Exception) -> Any:
    """Instead of a page, while the data cannot be read: a stick that was pulled, most of all."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    answer = message_page("Burndown cannot read its data", f"{problem}\nReload this page afterwards.", status)
    return answer.body, answer.status.value, {"Content-Type": answer.content_type}


def _no_such_file(problem: Exception) -> Any:
    """Dash takes the question for a file that no library of its has for a mistake of ours."""
    answer = message_page("There is nothing here", "Open Burndown's first page.", HTTPStatus.NOT_FOUND)
    return answer.body, answer.status.value, {"Content-Type": answer.content_type}


def _stale_call(app: Any) -> Any:
    """Answers a page that asks for what the app does not have, such as one that was open since another version."""
    if request.path != _CALLS or request.method != "POST":
        return None
    try:
        asked = request.get_json(silent=True)
    except RecursionError:
        asked = None
    if (
        isinstance(asked, dict)
        and str(asked.get("output")) in app.callback_map
        and isinstance(asked.get("inputs"), list)
    ):
        return None
    return "Reload this page.", HTTPStatus.BAD_REQUEST.value


def _prepare(ctx: Context) -> None:
    """While the browser loads scripts: derive the active query's numbers, note the day of use, drop stale answers."""
    ref = ctx.backend.active_query()
    state = ctx.jobs.state(shell.PREPARE_JOB)
    if ref is None or (state is not None and state.status in ("waiting", "running")):
        return

    def derive(progress: Progress) -> None:
        # Only here: it brings along what talks to Jira, which takes a tenth of a second to import.
        from app.jira.sync.staging import clean_up  # noqa: PLC0415

        with contextlib.suppress(NotWritable):
            ctx.record_day_of_use(ref)
        analysis = ctx.analysis(ref)
        _ = analysis.forecast, analysis.burndown, analysis.last_week, analysis.ways
        with contextlib.suppress(NotWritable):
            clean_up(ctx.backend, ctx.clock())

    ctx.jobs.submit(shell.PREPARE_JOB, derive)


def build(ctx: Context, path: str, search: str | None) -> tuple[Any, ...]:
    """Page, navigation, pickers, job strip, whether no job runs, and the job to follow, for one address."""
    formats = shell.browser_formats()
    visit = visit_of(ctx, search, formats)
    page = next((page for page in PAGES if page.path == path), None)
    # Without any data there is nothing to show but how to get some.
    if page is None or (visit.query is None and page.needs_data):
        page = next(page for page in PAGES if page.path == ("/data" if visit.query is None else "/"))
    _remember(ctx, visit)
    # A job that ends while the page is built is not in it yet: it is followed, so that its end builds the page anew.
    before = shell.under_way(ctx, None)
    content = [*shell.notices(ctx, page.path, visit), page.layout(visit)]
    # The dashboard asks the worker for the track record: followed from its first moment on.
    job = shell.under_way(ctx, track_record.job_name(visit.query) if visit.query else None) or before
    navigation = shell.navigation(PAGES, page.path, visit)
    return content, navigation, shell.pickers(visit), shell.job_strip(job), job is None, job.name if job else no_update


def build_damaged(ctx: Context, path: str, search: str | None, problem: Damaged) -> tuple[Any, ...]:
    """As `build`, of what needs no database: the way back, and the links to pages that may still work."""
    visit = Visit(ctx, choice_of(search), shell.browser_formats())
    return damage.instead(ctx, problem), shell.navigation(PAGES, path, visit), [], [], True, no_update


def _remember(ctx: Context, visit: Visit) -> None:
    """The query being looked at is where the next start begins."""
    if visit.query is None or ctx.backend.active_query() == visit.query.ref:
        return
    try:
        ctx.backend.switch_query(visit.query.ref, ctx.clock())
    except NotWritable:
        return


_ROUTES = Page("", "", lambda visit: None)


@_ROUTES.callback(
    Output(shell.PAGE, "children"),
    Output("nav", "children"),
    Output("pickers", "children"),
    Output("strip", "children", allow_duplicate=True),
    Output(shell.TICK, "disabled", allow_duplicate=True),
    Output(shell.WATCHED, "data", allow_duplicate=True),
    Input(shell.URL, "pathname"),
    Input(shell.URL, "search"),
    Input(shell.CHANGED, "data"),
    prevent_initial_call="initial_duplicate",
)
def show_page(ctx: Context, path: str | None, search: str | None, changed: str | None) -> Any:
    """One round trip builds the whole page, figures included."""
    if path is None:
        return (no_update,) * 6
    try:
        return build(ctx, path, search)
    except Damaged as exc:
        return build_damaged(ctx, path, search, exc)
