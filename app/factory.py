"""create_app: the frame, the pages and their callbacks become one Dash app."""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import dataclass
from functools import partial
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import dash
from dash import Input, Output, State
from dash import ctx as call
from dash.exceptions import CallbackException, DependencyException, InvalidCallbackReturnValue
from flask import g, request
from werkzeug.exceptions import HTTPException

from app.actions import recording, track_record
from app.context import Context
from app.early import ANNOUNCED, ASSETS, CHARTS
from app.errors import AppError
from app.host.starting import KEY_SCRIPT, script_hash
from app.host.wsgi import message_page
from app.jobs import JobState, Progress
from app.output.report_scripts import script_hashes
from app.pages import PAGES, SECTIONS, WELCOME
from app.views import VIEWS
from app.web import bar, bundled, damage, fetched, former, panel, sent_along, share, shell, unknown
from app.web.address import Choice, choice_of
from app.web.awaited import MANY, derive_beside
from app.web.bundled import Bundles
from app.web.effects import Effects
from app.web.page import Page, Visit, browser_formats, visit_of, who_reads
from app.web.parts import diagnostics
from app.web.translated import translated
from app.words import N_, _, catalogue, is_read_by, reader
from store.errors import Damaged, DamagedBackup, NotWritable, StoreError, Unreachable
from store.records import QueryRef

if TYPE_CHECKING:
    from app.domain.analysis import Analysis

_log = logging.getLogger(__name__)

# Seconds after an answer by which the browser has drawn it.
_UNTIL_DRAWN = 1.0
_CALLS = "/_dash-update-component"
_RELOAD = "Reload this page.", HTTPStatus.BAD_REQUEST.value

_INDEX = f"""<!DOCTYPE html>
<html lang="en">
  <head>
    {{%metas%}}
    <title>{{%title%}}</title>
    {{%favicon%}}
    {{%css%}}
    <script>{KEY_SCRIPT}</script>
    <script src="{ANNOUNCED}"></script>
    <script defer src="{CHARTS}"></script>
  </head>
  <body>
    {{%app_entry%}}
    <footer>
      {{%config%}}
      {{%scripts%}}
      {{%renderer%}}
    </footer>
  </body>
</html>
"""


# In the page itself: one question less, and none for the library's own icon.
_ICON = (
    '<link rel="icon" href="data:image/svg+xml,'
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' "
    "fill='%232563b8'/%3E%3Cpath d='M6 8l7 6 5 3 8 8' fill='none' stroke='%23fff' stroke-width='3.2' "
    "stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E\">"
)


def create_app(ctx: Context) -> Any:
    """A Dash app on this context. Several in one process do not disturb each other."""
    app = dash.Dash(
        "burndown",
        assets_folder=str(ASSETS),
        assets_ignore=r"^starting\.|\.(txt|gz|br)$",
        assets_path_ignore=["vendor", "early", "later", "report"],
        title="Burndown",
        update_title="",
        serve_locally=True,
        suppress_callback_exceptions=True,
        add_log_handler=False,
        enable_mcp=False,
        on_error=partial(_on_error, ctx),
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        index_string=_INDEX,
    )
    interpolate, hashes, bundles = app.interpolate_index, app.csp_hashes, Bundles()
    bundled.add_routes(app.server)

    def with_scheme(**parts: Any) -> str:
        # Before any script has run the page must already be light or dark as chosen.
        scheme = shell.chosen_scheme(ctx)
        mark = f' data-mantine-color-scheme="{scheme}"' if scheme in ("light", "dark") else ""
        parts |= {"scripts": bundles.tags(parts["scripts"]), "css": bundles.style_tags(parts["css"]), "favicon": _ICON}
        parts["config"] += sent_along.tags(app)
        return str(interpolate(**parts)).replace('<html lang="en"', f"<html {_language()}{mark}", 1)

    app.interpolate_index = with_scheme
    # A report is looked at before it is saved: in a window of ours, under our policy.
    app.csp_hashes = lambda *names: [*hashes(*names), script_hash(KEY_SCRIPT), *script_hashes()]
    app.layout = lambda: translated(shell.layout(ctx))
    app.server.register_error_handler(StoreError, _unavailable)
    app.server.register_error_handler(DependencyException, _no_such_file)
    app.server.register_error_handler(HTTPException, _refused)
    for kind in (CallbackException, LookupError, TypeError):
        app.server.register_error_handler(kind, _other_parts)
    app.server.before_request(partial(_request_began, ctx))
    app.server.teardown_request(partial(_request_ended, ctx))
    app.server.before_request(partial(_stale_call, app))
    for page in (shell.FRAME, _ROUTES, damage.PART, diagnostics.PART, share.PART, *PAGES):
        page.replay(app, ctx)
    fetched.add_routes(app.server, ctx)
    _prepare(ctx)
    return app


def _request_began(ctx: Context) -> None:
    ctx.requests.began()
    g.is_asked = True
    is_read_by(who_reads(ctx))


def _request_ended(ctx: Context, problem: BaseException | None) -> None:
    """Also where what was asked never came as far as to be counted."""
    is_read_by(None)
    if g.pop("is_asked", False):
        ctx.requests.ended()


def _language() -> str:
    """The page's language, with the words that our scripts say in it; in English they stand in the scripts."""
    language = reader().language
    if language == "en":
        return 'lang="en"'
    words = {message: forms[0] for message, forms in catalogue(language, "scripts").items()}
    return f'lang="{language}" data-words="{escape(json.dumps(words, ensure_ascii=False))}"'


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
    title, then = N_("Burndown cannot read its data"), N_("Reload this page afterwards.")
    answer = message_page(title, str(problem), then, status=status, languages=_asked_languages())
    return answer.body, answer.status.value, {"Content-Type": answer.content_type}


def _asked_languages() -> str:
    return str(request.headers.get("Accept-Language", ""))


def _refused(problem: HTTPException) -> Any:
    """What no route takes: left to Flask it would be answered by a part of its own that the executable lacks."""
    return _no_such_file(problem, HTTPStatus(problem.code or HTTPStatus.NOT_FOUND))


def _no_such_file(problem: Exception, status: HTTPStatus = HTTPStatus.NOT_FOUND) -> Any:
    """Dash takes the question for a file that no library of its has for a mistake of ours."""
    title, text = N_("There is nothing here"), N_("Open Burndown's first page.")
    answer = message_page(title, text, status=status, languages=_asked_languages())
    return answer.body, answer.status.value, {"Content-Type": answer.content_type}


def _stale_call(app: Any) -> Any:
    """Answers a page that asks for what the app does not have, such as one that was open since another version."""
    if request.path != _CALLS or request.method != "POST":
        return None
    try:
        requests = request.get_json(silent=True)
    except RecursionError:
        requests = None
    known = app.callback_map.get(str(requests.get("output")), {}) if isinstance(requests, dict) else {}
    # What the browser answers by itself is known too, with nothing to call.
    return None if "callback" in known and isinstance(requests.get("inputs"), list) else _RELOAD


def _other_parts(problem: Exception) -> Any:
    """Answers a page that names other parts than the function takes and fills: what fails within one is told there.

    An answer that does not fit is our own mistake.
    """
    if request.path != _CALLS or isinstance(problem, InvalidCallbackReturnValue):
        raise problem
    _log.warning("asked by a page of another form: %s", problem)
    return _RELOAD


def _prepare(ctx: Context) -> None:
    """While the browser loads scripts: what the active query's answer is made of. After it, what nobody waits for.

    It is not kept that this runs: a run's first write takes a copy of the database before it, half as long again.
    """
    ref = ctx.backend.active_query()
    state = ctx.jobs.state(shell.PREPARE_JOB)
    if state is not None and state.status in ("waiting", "running"):
        return

    def derive(progress: Progress) -> None:
        if ref is not None:
            _derive_answer(ctx.analysis(ref))
            if len(ctx.analysis(ref).facts.issues) > MANY:
                # The page needs no more at once, and its browser the processor.
                ctx.requests.go_first(rest=_UNTIL_DRAWN)
            derive_beside(ctx.analysis(ref))
        ctx.requests.go_first()
        ctx.keep_numbers()
        _tidy(ctx, ref)

    ctx.jobs.submit(shell.PREPARE_JOB, derive, kept=False)


def _derive_answer(analysis: Analysis) -> None:
    """What the first page shows at once, in its order, and kept from then on."""
    _ = analysis.burndown, analysis.forecast, analysis.days_with_a_finish, analysis.growing, analysis.by_day
    _ = analysis.chance, analysis.ways, analysis.milestones


def _tidy(ctx: Context, ref: QueryRef | None) -> None:
    """Record what an import put off and the day of use, and drop answers of Jira's that are stale."""
    # Only here: it brings along what talks to Jira, which takes a tenth of a second to import.
    from app.jira.sync.staging import clean_up  # noqa: PLC0415

    with contextlib.suppress(NotWritable):
        recording.catch_up(ctx)
        if ref is not None:
            ctx.record_day_of_use(ref)
        clean_up(ctx.backend, ctx.clock())


@dataclass(frozen=True, slots=True)
class Built:
    """All that one address shows, each under the name of the part of the frame that it fills."""

    page: Any
    nav: Any
    pickers: Any = ()
    bar: Any = ()
    gear: Any = ()
    share: Any = ()
    job: JobState | None = None


def build(ctx: Context, path: str, search: str | None) -> Built:
    """Everything that an address shows, but the panel."""
    visit = visit_of(ctx, search, browser_formats(), path)
    page = next((page for page in PAGES if page.path == path), None) or _page_beyond(path)
    title, address = f"{_('Not found')} · Burndown", ""
    # A job that ends while the page is built is not in it yet: it is followed, so that its end builds the page anew.
    before = shell.under_way(ctx, None)
    content: list[Any] = []
    shown = path
    if visit.is_unknown:
        content = unknown.layout(visit)
    elif page is None and visit.query is not None:
        content = unknown.no_page(visit)
    else:
        # Without any data there is nothing to show but how to get some.
        if page is None or (visit.query is None and page.needs_data):
            page = next(page for page in PAGES if page.path == WELCOME)
            shown = WELCOME
        _remember(ctx, visit)
        title, address = head_title(visit, page), visit.here()
        content = [*shell.tabs(PAGES, page, visit), page.layout(visit)]
    # The answer asks the worker for the track record: followed from its first moment on.
    job = shell.under_way(ctx, track_record.job_name(visit.query) if visit.query else None) or before
    return Built(
        page=[shell.about(visit, title, address, _commands(visit)), *shell.notices(ctx, path, visit), *content],
        nav=shell.navigation(SECTIONS, shown, visit),
        pickers=shell.pickers(visit),
        bar=bar.build(visit),
        gear=shell.gear(visit),
        share=share.menu(visit),
        job=job,
    )


def _built(ctx: Context, path: str, search: str | None) -> Built:
    """Where a team's server goes away in the middle, the copy is read from then on: once more, then, with that."""
    try:
        return build(ctx, path, search)
    except Unreachable:
        return build(ctx, path, search)


def _page_beyond(path: str) -> Page | None:
    """The page whose path this one begins with, where that page says that others lie below it."""
    return next((page for page in PAGES if page.path.endswith("/") and page.path != "/" and path.startswith(page.path)),
                None)  # fmt: skip


def _commands(visit: Visit) -> list[tuple[str, str]]:
    """Where the palette leads: every page, views that are no tab as well, and every other work list on the page that is
    open."""
    beyond = {each.path for each in VIEWS}
    pages = [(f"{_section(page)}{_(page.label)}", visit.href(page.path)) for page in PAGES
             if not page.under or page.path in beyond]  # fmt: skip
    backend = visit.ctx.backend
    lists = [
        (f"{profile.name} › {query.name}", visit.path + Choice(profile.id, query.id).search())
        for profile in backend.list_profiles()
        for query in backend.list_queries(profile.id)
    ]
    return [*pages, *lists]


def _section(page: Page) -> str:
    label = dict(SECTIONS).get(page.section, "")
    return f"{_(label)} › " if label and label != page.label else ""


def head_title(visit: Visit, page: Page) -> str:
    """What the browser's tab says: what is shown, of which work."""
    shown = page.title(visit) if page.title is not None else page.label
    return " · ".join(filter(None, (_(shown), visit.query.name if visit.query else "", "Burndown")))


def build_damaged(ctx: Context, path: str, search: str | None, problem: Damaged) -> Built:
    """As `build`, of what needs no database: the way back, and the links to pages that may still work."""
    visit = Visit(ctx, choice_of(search), browser_formats(), path=path)
    return Built(damage.instead(ctx, problem), shell.navigation(SECTIONS, path, visit), gear=shell.gear(visit))


def _remember(ctx: Context, visit: Visit) -> None:
    """The query being looked at is where the next start begins."""
    if visit.query is None or ctx.backend.active_query() == visit.query.ref:
        return
    try:
        ctx.backend.switch_query(visit.query.ref, ctx.clock())
    except NotWritable:
        return


_ROUTES = Page("", "", lambda visit: None)


@_ROUTES.fills(
    Output(shell.PAGE, "children"),
    Output("nav", "children"),
    Output("pickers", "children"),
    Output(shell.BAR, "children"),
    Output("gear", "children"),
    Output("share", "children"),
    Output("strip", "children"),
    Output(shell.TICK, "disabled"),
    Output(shell.WATCHED, "data"),
    Output(shell.BUILT, "data"),
    Output(shell.PANEL, "opened"),
    Output(shell.PANEL, "title"),
    Output(shell.PANEL_BODY, "children"),
    Input(shell.URL, "pathname"),
    Input(shell.URL, "search"),
    Input(shell.CHANGED, "data"),
    State(shell.BUILT, "data"),
    State(shell.WATCHED, "data"),
)
def show_page(
    ctx: Context, path: str | None, search: str | None, changed: str | None, built: str | None, watched: str | None
) -> Effects | None:
    """One round trip builds the whole page, figures included; where only a number was opened, the panel alone.

    `watched`: the job whose end is to be told, which what the page itself follows does not take the place of.
    """
    if path is None:
        return None
    path, search = former.leads_to(path, search)
    try:
        mark = _mark(ctx, path, search, changed)
        page = {} if mark == built else _whole_page(_built(ctx, path, search), watched) | {shell.BUILT: {"data": mark}}
        opened, title, content = panel.build(visit_of(ctx, search, browser_formats(), path))
    except Damaged as exc:
        page, (opened, title, content) = _whole_page(build_damaged(ctx, path, search, exc)), (False, "", [])
    number = {shell.PANEL: {"opened": opened, "title": title}, shell.PANEL_BODY: {"children": content}}
    return Effects(put=page | number)


def _mark(ctx: Context, path: str, search: str | None, changed: str | None) -> str:
    """The same for two addresses that differ in the opened number only."""
    visit = visit_of(ctx, search, browser_formats(), path)
    return f"{visit.here(show=None)} {changed}"


def _whole_page(built: Built, watched: str | None = None) -> dict[str, dict[str, Any]]:
    """Only the end of a job ends the following of it: a page that was begun before a click must not do so."""
    job = built.job
    return {
        shell.PAGE: {"children": built.page},
        "nav": {"children": built.nav},
        "pickers": {"children": built.pickers},
        shell.BAR: {"children": built.bar},
        "gear": {"children": built.gear},
        "share": {"children": built.share},
        "strip": {"children": shell.job_strip(job)},
        **({shell.TICK: {"disabled": False}} if job or watched else {}),
        **({shell.WATCHED: {"data": job.name}} if job and not watched else {}),
    }
