"""Data: how data gets in, what became of it, and what is kept of this query."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
from dash import Output, State, html

from app.actions import files as importing
from app.actions import jira, sample, takeover, tokens, track_record
from app.actions.files import ImportResult
from app.context import Context
from app.domain.items import Unit
from app.errors import BadInput, UnclearDates
from app.jobs import JobState, Progress
from app.web.address import Choice
from app.web.bar import data_of
from app.web.components import amount, card, link_button, notice, page_title, table
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, job_news, visit_of
from app.web.parts import files, joins, paste, sources, takeover_report, taking_back, token_form
from app.words import N_, _, n_
from app.words.formats import Formats
from store.documents import connection_of, imports_of
from store.legacy.report import MIGRATED
from store.paths import typed_path
from store.records import ForecastMade, ProjectData, Query, QueryRef, Snapshot

IMPORT_JOB, FOLDER_JOB = importing.JOB, N_("Taking over the old folder")
_ROWS = 100


@dataclass(frozen=True, slots=True)
class FolderResult:
    """What became of an old folder; `ref` is what to look at now, None when nothing was taken over."""

    message: str
    ref: QueryRef | None


def layout(visit: Visit) -> Any:
    first = visit.query is None
    head = [_welcome()] if first else [page_title(_("Sources"))]
    return html.Div(
        [
            *head,
            *_outcomes(visit),
            *sources.section(visit, partial(_is_reported, visit)),
            *joins.section(visit),
            *(taking_back.deleted_card(visit) if first else []),
            *_ways(visit),
        ],
        className="page",
    )


def _ways(visit: Visit) -> list[Any]:
    """The ways in: at hand where nothing has come in yet, else behind one button."""
    first = visit.query is None
    ways = html.Div(
        [
            html.Div([_sample(first), _jira(visit), _weeks(visit)]),
            html.Div(files.section(visit)),
            html.Div([paste.section(visit), _folder(visit)]),
        ],
        className="ways",
    )
    if first or not sources.has_any(visit):
        return [ways]
    kinds = html.Span(_("Jira · File · Paste · Weeks · Old installation · Sample"), className="quiet")
    return [
        html.Details([html.Summary([_("+ Add a source"), " ", kinds]), ways], id="add-source", className="add-source")
    ]


def record_layout(visit: Visit) -> Any:
    """What is kept of the work list: imports, forecasts made, the weekly record."""
    return html.Div([page_title(_("Record")), *_kept(visit)], className="page")


def _welcome() -> Any:
    text = _(
        "Burndown says when your work will be done, and how sure that is. Everything stays in "
        "this folder: nothing leaves your computer. Where should the data come from?"
    )
    return html.Div([html.H1(_("Welcome")), html.P(text)], className="welcome")


# -- ways in --------------------------------------------------------------------------------------------


def _sample(first: bool) -> Any:
    text = _(
        "A made-up team with half a year of history. Look around; under All projects you can delete it at any time."
    )
    button = dmc.Button(_("Open the sample project"), id="load-sample", variant="filled" if first else "default")
    return card(html.P(text), html.Div(button, className="actions"), title=_("Sample project"))


def _jira(visit: Visit) -> Any:
    text = _(
        "Cloud or Data Center. Name the work with a query, test it, and from then on one click brings what changed."
    )
    label = _("Connect Jira")
    if visit.profile is not None and jira.is_connected(visit.profile):
        text = _(
            "This project is connected to {base_url}. One click brings what changed.",
            base_url=connection_of(visit.profile).base_url,
        )
        label = _("Work lists and sync")
    go = link_button(label, "/data/sources/jira" + visit.choice.search(), quiet=True)
    return card(html.P(text), html.Div(go, className="actions"), title=_("Jira"))


def _weeks(visit: Visit) -> Any:
    text = _(
        "Type what was finished in each week, for work that no tracker counts. Weeks that "
        "were counted from issues can be corrected here."
    )
    go = link_button(_("Weeks by hand"), "/data/weeks" + visit.choice.search(), quiet=True)
    return card(html.P(text), html.Div(go, className="actions"), title=_("Weeks by hand"))


def _folder(visit: Visit) -> Any:
    text = _(
        "The folder of the earlier burndown chart app, the one that holds its profiles "
        "folder. It is copied and stays as it is."
    )
    ways = [("as-new", _("Keep apart, as new projects")), ("merge", _("Add to projects of the same id"))]
    how = dmc.Select(id="folder-how", label=_("There is data here already"), value="as-new", allowDeselect=False,
                     data=[{"value": value, "label": label} for value, label in ways],
                     style={"display": "none"} if visit.query is None else None)  # fmt: skip
    return card(
        html.P(text),
        dmc.TextInput(id="folder-path", label=_("Folder"), placeholder=_("for example D:\\burndown-chart")),
        how,
        html.Div(dmc.Button(_("Take it over"), id="take-folder", variant="default"), className="actions"),
        title=_("An old installation"),
        name="guarded",
    )


# -- what became of it ----------------------------------------------------------------------------------


def _outcomes(visit: Visit) -> list[Any]:
    imported, takeover = (job_news(visit.ctx, job, visit.profile) for job in (IMPORT_JOB, FOLDER_JOB))
    outcomes = [*_import_outcome(visit, imported), *_folder_outcome(takeover)]
    return [*outcomes, *takeover_report.waiting(visit.ctx), *_takeover(visit), *token_form.section(visit)]


def _import_outcome(visit: Visit, state: JobState | None) -> list[Any]:
    if state is None or state.status in ("waiting", "running"):
        return []
    if isinstance(state.result, ImportResult):
        return _imported(visit, state.result)
    if state.status == "cancelled":
        return [notice("info", _("The import was stopped before anything was saved. Nothing was changed."))]
    if state.status != "failed":
        return []
    is_question = isinstance(state.problem, UnclearDates) and visit.ctx.pending.current() is not None
    return [notice("info" if is_question else "problem", _not_imported(visit, state))]


def _imported(visit: Visit, result: ImportResult) -> list[Any]:
    """The report, with the way back; nothing once it was taken back, or another import followed it, nor in another
    project."""
    if not _is_last(visit, result):
        return []
    offered = taking_back.last_import(visit.ctx, result.ref)
    back = taking_back.take_back_button(offered[0], _("Take it back"), "outcome") if offered is not None else None
    return [import_report(result, visit.formats, back)]


def _is_last(visit: Visit, result: ImportResult) -> bool:
    """Whether it is what came last into its work list, and that one of the project that is looked at."""
    if visit.profile is not None and visit.profile.id != result.ref.profile_id:
        return False
    last = imports_of(visit.ctx.backend.get_project_data(result.ref))[-1:]
    counts = (result.rows, result.kept, result.new, result.changed, result.changes)
    return [(entry.rows, entry.kept, entry.new, entry.changed, entry.changes) for entry in last] == [counts]


def _is_reported(visit: Visit, ref: QueryRef) -> bool:
    """Whether the report of what came last into this work list stands on the page."""
    state = job_news(visit.ctx, IMPORT_JOB, visit.profile)
    result = None if state is None or state.status in ("waiting", "running") else state.result
    return isinstance(result, ImportResult) and result.ref == ref and _is_last(visit, result)


def _not_imported(visit: Visit, state: JobState) -> Any:
    """Why not; and while the file is still at hand, the question that it leaves open, or the way to its columns."""
    message, pending = state.message, visit.ctx.pending.current()
    if pending is None:
        return message
    if isinstance(state.problem, UnclearDates):
        return files.ask_order(state.problem, pending, visit.formats)
    go = link_button(_("Choose the columns"), files.FILE_PAGE + visit.choice.search(), quiet=True)
    return html.Div([html.P(message), html.Div(go, className="actions")])


def import_report(result: ImportResult, formats: Formats, back: Any = None) -> Any:
    """What an import did, with every row that was left out; `back`: the button that takes it back."""
    rows = n_(
        "{kept} of {rows} row kept",
        "{kept} of {rows} rows kept",
        result.rows,
        kept=formats.number(result.kept),
        rows=formats.number(result.rows),
    )
    go = link_button(
        _("See the forecast"), "/" + Choice(profile=result.ref.profile_id, query=result.ref.query_id).search()
    )
    parts = [
        html.P([html.Strong(rows), _(". Imported as {kind}.", kind=_(result.recognised_as))]),
        *_brought(result, formats),
        *[html.P(warning, className="warning") for warning in result.warnings],
        *_rejected(result, formats),
        html.Div([go, back], className="actions"),
    ]
    return card(*parts, title=_("Imported"), name="outcome")


def _brought(result: ImportResult, formats: Formats) -> list[Any]:
    """What is new since the import before; of a first one everything is."""
    if not result.changed and not result.changes:
        return []
    changes = n_(
        "{changes} change of status, points or sprint",
        "{changes} changes of status, points or sprint",
        result.changes,
        changes=formats.number(result.changes),
    )
    if result.new == result.kept:
        return [html.P(_("All of them are new; {changes} came with them.", changes=changes))]
    words = _(
        "{new} new, {changed} changed since the last import; {changes} noted.",
        new=formats.number(result.new),
        changed=formats.number(result.changed),
        changes=changes,
    )
    return [html.P(words)]


def _rejected(result: ImportResult, formats: Formats) -> list[Any]:
    if not result.rejected:
        return []
    rows = [[formats.number(row.row), row.column, row.value, row.reason] for row in result.rejected[:_ROWS]]
    count = result.left_out
    if count > _ROWS:
        hint = _("The first {shown} of {count} left out", shown=_ROWS, count=formats.number(count))
    else:
        hint = n_("{count} row left out", "{count} rows left out", count)
    return [
        table(
            (_("Row"), _("Column"), _("Value"), _("Why it was left out")),
            rows,
            caption=hint,
            numeric=(0,),
            name="long",
        )
    ]


def _folder_outcome(state: JobState | None) -> list[Any]:
    if state is None:
        return []
    if state.status == "failed":
        return [notice("problem", state.message)]
    result = state.result
    return [notice("info", result.message)] if isinstance(result, FolderResult) and result.ref is None else []


def _takeover(visit: Visit) -> list[Any]:
    """The report of the last takeover: open when it is first seen and while its day lasts, folded later."""
    entry = takeover.last_takeover(visit.ctx)
    if entry is None:
        return []
    is_open = takeover.is_news(visit.ctx, entry) or entry.finished_at.date() == visit.ctx.clock().date()
    takeover.mark_seen(visit.ctx, entry)
    later = tokens.blanked_since(visit.ctx, visit.formats) if entry.report.get("set_aside") else ""
    return [takeover_report.report(entry, visit.formats, is_open, "/" + visit.choice.search(), later)]


# -- what is kept ---------------------------------------------------------------------------------------


def _kept(visit: Visit) -> list[Any]:
    if visit.query is None or visit.profile is None:
        return []
    backend, formats, ref = visit.ctx.backend, visit.formats, visit.query.ref
    counts = backend.counts(ref)
    data = backend.get_project_data(ref)
    changed = data_of(visit)
    facts = [
        (_("Issues"), _issue_count(counts.issues, jira.last_sync(data, visit.query), formats)),
        (_("Changes of issues"), formats.number(counts.issue_changes)),
        (_("Weekly rows"), formats.number(counts.statistics)),
        (_("Weeks on record"), formats.number(counts.snapshot_weeks)),
        (_("Forecasts made"), formats.number(counts.forecasts)),
        (_("Last change"), formats.instant(changed.astimezone()) if changed else "–"),
    ]
    return [
        card(
            table(("", ""), facts, numeric=(1,), name="facts"),
            title=_("What is in “{name}”", name=visit.query.name),
            beside=_mapping(visit),
        ),
        *_imports(data, visit),
        _forecasts(backend.list_forecasts(ref), visit),
        _snapshots(visit.ctx.snapshots(ref), visit),
    ]


def _issue_count(kept: int, last: jira.LastSync | None, formats: Formats) -> str:
    """All that are kept; of a query of Jira also how many of them it no longer finds."""
    left = kept - last.issues if last is not None and last.issues else 0
    return formats.number(kept) + (
        _(", {left} of them no longer in the work list", left=formats.number(left)) if left > 0 else ""
    )


def _mapping(visit: Visit) -> Any:
    return html.A(
        _("What its fields and statuses mean"), href="/data/meaning" + visit.choice.search(), className="more"
    )


def _csv(visit: Visit, name: str, what: str) -> Any:
    """Everything that is kept, not only the rows that are shown."""
    label = {"aria-label": _("{what} as CSV", what=what)}
    return html.A("CSV", href=visit.href(f"/_csv/{name}"), download="", className="more", **label)


def _imports(data: ProjectData | None, visit: Visit) -> list[Any]:
    entries, formats = imports_of(data), visit.formats
    if not entries:
        return []
    header = (
        _("When"),
        _("File"),
        _("Imported as"),
        _("Rows"),
        _("Kept"),
        _("Left out"),
        _("New"),
        _("Changed"),
        _("Changes noted"),
    )
    rows = [
        [
            formats.instant(entry.at.astimezone()),
            entry.file,
            entry.recognised_as,
            *(
                formats.number(n)
                for n in (entry.rows, entry.kept, entry.rejected, entry.new, entry.changed, entry.changes)
            ),
        ]
        for entry in entries[::-1][:_ROWS]
    ]
    text = _("Each file is compared with what was known before: what changed in between becomes history.")
    body = table(header, rows, numeric=(3, 4, 5, 6, 7, 8), name="long")
    csv = _csv(visit, "imports", _("Imports"))
    return [card(html.P(text, className="quiet"), body, title=_("Imports"), beside=csv)]


def _forecasts(forecasts: list[ForecastMade], visit: Visit) -> Any:
    formats = visit.formats
    rows = [
        [
            formats.short(forecast.as_of),
            amount(formats, forecast.remaining, Unit(forecast.unit))
            if forecast.unit in set(Unit)
            else formats.number(forecast.remaining),
            *(_weeks_after(forecast, level) for level in (50, 85)),
            "–" if forecast.chance is None else formats.share(forecast.chance),
        ]
        for forecast in forecasts[::-1][:_ROWS]
    ]
    header = (_("Made on"), _("Remaining"), _("Even odds after"), _("85 % sure after"), _("Chance of the deadline"))
    text = _("Each day's forecast is kept as it was made, so that it can be held against what happened.")
    return card(
        html.P(text, className="quiet"),
        table(header, rows, numeric=(1, 2, 3, 4), name="long") if rows else html.P(_("None yet.")),
        title=_("Forecasts made"),
        beside=_csv(visit, "forecasts", _("Forecasts made")) if rows else None,
    )


def _weeks_after(forecast: ForecastMade, level: int) -> str:
    weeks = forecast.weeks.get(level)
    return _("over two years") if weeks is None else n_("{count} week", "{count} weeks", weeks)


def _snapshots(snapshots: list[Snapshot], visit: Visit) -> Any:
    formats = visit.formats
    rows = [[snapshot.week, snapshot.metric, _values(snapshot, formats)] for snapshot in snapshots[::-1][:_ROWS]]
    rows_said = n_("{count} row", "{count} rows", len(snapshots))
    text = _("One row per week and metric, written when the week was current and never changed afterwards.")
    body = html.Details(
        [
            html.Summary(rows_said),
            table((_("Week"), _("Metric"), _("Values")), rows, name="long"),
        ]
    )
    return card(html.P(text, className="quiet"), body if rows else html.P(_("None yet.")), title=_("Weekly record"),
                beside=_csv(visit, "record", _("Weekly record")) if rows else None)  # fmt: skip


def _values(snapshot: Snapshot, formats: Formats) -> str:
    shown = [
        f"{name.replace('_', ' ')} {formats.number(value) if isinstance(value, int | float) else value}"
        for name, value in snapshot.values.items()
        if isinstance(value, int | float | str) and not isinstance(value, bool)
    ]
    return ", ".join(shown[:6])


# -- callbacks ------------------------------------------------------------------------------------------

RECORD = Page("/data/record", N_("Record"), record_layout)
_PARTS = (files.PART, joins.PART, paste.PART, sources.PART)
PAGE = Page("/data/sources", N_("Sources"), layout, parts=_PARTS, needs_data=False)


@PAGE.click("load-sample", running=[(Output("load-sample", "loading"), True, False)])
def load_sample(ctx: Context) -> Effects:
    ref = sample.load_sample(ctx)
    return Effects(go="/" + Choice(profile=ref.profile_id, query=ref.query_id).search(), changed=True)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        # A name that is too long, or a drive that does not answer.
        return False


@PAGE.click("take-folder", State("folder-path", "value"), State("folder-how", "value"))
def take_folder(ctx: Context, path: str | None, how: str) -> Effects:
    folder = typed_path((path or "").strip().strip('"'))
    if not (path or "").strip() or not _is_folder(folder):
        raise BadInput(_("That is not a folder on this computer. Enter its whole path, as the file manager shows it."))

    def run(progress: Progress) -> FolderResult:
        from store.legacy import migrate as legacy  # noqa: PLC0415 a twelfth of the start, for what few ever do

        before = {profile.id for profile in ctx.backend.list_profiles()}
        report = legacy.migrate_folder(
            ctx.backend,
            folder,
            merge=how == "merge",
            as_new_profile=how == "as-new",
            progress=progress,
            clock=ctx.clock,
        )
        ref = _arrived(ctx, before) if report.outcome == MIGRATED else None
        return FolderResult(report.message, ref)

    track_record.give_way(ctx)
    ctx.jobs.submit(FOLDER_JOB, run)
    return Effects(follow=FOLDER_JOB)


def _arrived(ctx: Context, before: set[str]) -> QueryRef | None:
    """The query to look at after a takeover, made the active one: of what came, else what was active."""
    active = ctx.backend.active_query()
    came = [profile.id for profile in ctx.backend.list_profiles() if profile.id not in before]
    if not came or (active is not None and active.profile_id in came):
        return active
    queries: list[Query] = [query for profile_id in came for query in ctx.backend.list_queries(profile_id)]
    if not queries:
        return active
    ctx.backend.switch_query(queries[0].ref, ctx.clock())
    return queries[0].ref


# -- the token ------------------------------------------------------------------------------------------


@PAGE.click("token-take", State("token-where", "value"), State("token-passphrase", "value"), State(URL, "search"))
def take_token(ctx: Context, where: str, passphrase: str | None, search: str) -> Effects | None:
    profile = visit_of(ctx, search, browser_formats()).for_writing().profile
    if profile is None:
        return None
    tokens.take_over(ctx, profile, where, passphrase or "")
    return Effects(toast=_("The token was taken over. Blank it in the old files next."), changed=True)


@PAGE.click("token-blank")
def blank_token(ctx: Context) -> Effects:
    done = tokens.blank_originals(ctx)
    if done.left:
        words = _("Still in clear text: {left}. Delete these files.", left=", ".join(done.left))
        return Effects(toast=words, is_problem=True)
    count = len(done.done)
    return Effects(toast=n_("Blanked in {count} old file.", "Blanked in {count} old files.", count), changed=True)


@PAGE.click("token-forget", State(URL, "search"))
def forget_token(ctx: Context, search: str) -> Effects | None:
    profile = visit_of(ctx, search, browser_formats()).for_writing().profile
    if profile is None:
        return None
    tokens.forget(ctx, profile.id)
    return Effects(toast=_("The token is forgotten."), changed=True)


@PAGE.click("token-unlock", State("token-old", "value"))
def unlock_tokens(ctx: Context, passphrase: str | None) -> Effects:
    tokens.unlock(ctx, passphrase or "")
    return Effects(toast=_("Unlocked until Burndown ends."), changed=True)


@PAGE.click("token-change", State("token-old", "value"), State("token-new", "value"))
def change_passphrase(ctx: Context, old: str | None, new: str | None) -> Effects:
    tokens.change_passphrase(ctx, old or "", new or "")
    return Effects(toast=_("The passphrase was changed."), changed=True)
