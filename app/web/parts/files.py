"""A file on its way in: chosen, dropped or named by its path; and its import in the worker."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, State, dcc, html

from app.actions import files, track_record
from app.actions.files import ImportResult
from app.actions.import_log import remembered_mapping
from app.context import Context
from app.errors import AppError, BadInput, UnclearDates
from app.imports.columns import ColumnMapping
from app.imports.dates import DateReader, DayOrder
from app.imports.inspection import Inspection
from app.imports.pending import PendingFile
from app.imports.streaming import beginning
from app.imports.tables import Table
from app.jobs import Progress
from app.web.components import card
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, project_meant, visit_of
from app.web.sent import UNUSABLE
from app.words import N_, _
from app.words.formats import Formats
from store.paths import typed_path

# The browser sends a file as one text a third longer than itself, and holds it in memory twice.
UPLOAD_BYTES = 150_000_000
FILE_PAGE = "/data/sources/file"
_ORDERS = (("auto", N_("Find out")), ("dmy", N_("Day first: 24/04/2026")), ("mdy", N_("Month first: 04/24/2026")),
           ("ymd", N_("Year first: 26-04-24")))  # fmt: skip


def section(visit: Visit) -> Any:
    """The card of the Data page."""
    text = _(
        "A CSV or JSON export of Jira, Azure DevOps, GitHub, GitLab, Trello, Linear, Asana or "
        "another tool, or one row per week. The next export of the same source updates what "
        "is there, and what changed becomes history."
    )
    return choose(visit, _("A file"), text)


def choose(visit: Visit, title: str, text: str = "", choosing: bool = False) -> Any:
    """Ways to name a file, and what can be said about it beforehand."""
    more = html.Details([html.Summary(_("Where it goes, and dates")), html.Div(_options(visit), className="fields")])
    by_path = html.Div(
        [
            dmc.TextInput(id="import-path", label=_("Or its path"), placeholder=_("for files over 150 MB")),
            dmc.Button(_("Import"), id="import-from-path", variant="default"),
        ],
        className="inline-form",
    )
    return card(
        dcc.Store(id="import-about", data=visit.own_project),
        html.P(text) if text else None,
        html.Div(_upload(), id="upload-box", **{"data-most": str(UPLOAD_BYTES)}),
        html.P("", id="upload-note", className="warning", role="alert"),
        by_path,
        dmc.Switch(id="import-choose", label=_("Let me choose the columns"), checked=choosing),
        more,
        title=title,
        name="file-card",
    )


def _upload() -> Any:
    words = [
        html.Span(_("Choose a file"), className="button quiet"),
        html.Span(_(" or drop it here"), className="quiet"),
    ]
    return dcc.Upload(
        html.Div(words), id="upload", className="upload", className_active="upload over", max_size=UPLOAD_BYTES
    )


def _options(visit: Visit) -> list[Any]:
    return [
        dmc.TextInput(id="import-profile", label=_("Project"), value=visit.proposed_project,
                      description=_("Made if it is new")),
        dmc.TextInput(id="import-query", label=_("Work list"), placeholder=_("as the file is called")),
        dmc.Select(id="import-dates", label=_("Dates in the file"), value="auto", allowDeselect=False,
                   data=[{"value": value, "label": label} for value, label in _ORDERS]),
    ]  # fmt: skip


# -- the import -----------------------------------------------------------------------------------------


def submit(
    ctx: Context, pending: PendingFile, mapping: ColumnMapping | None, on_done: Callable[[], object] = lambda: None
) -> None:
    """Import the file at hand in the worker; it is let go when it is in, and stays for another try when it is not."""

    pending.mapping = mapping

    def run(progress: Progress) -> ImportResult:
        result = files.import_file(
            ctx,
            pending.source,
            pending.name,
            profile_name=pending.profile_name or None,
            profile_id=pending.profile_id or None,
            query_name=pending.query_name or None,
            mapping=mapping.to_json() if mapping is not None else None,
            before=lambda: snapshot_before(ctx, "import"),
            progress=progress,
        )
        on_done()
        ctx.pending.release(pending.token)
        return result

    track_record.give_way(ctx)
    ctx.jobs.submit(files.JOB, run, pending.profile_id)


def ask_order(problem: UnclearDates, pending: PendingFile, formats: Formats) -> Any:
    """What is wrong with the dates of the file at hand, and a button for each way to mean them."""
    buttons = [
        dmc.Button(
            _order_words(problem.example, order, words, formats),
            id={"type": "import-order", "order": str(order), "file": pending.token},
            variant="default",
        )
        for order, words in ((DayOrder.DMY, _("The day comes first")), (DayOrder.MDY, _("The month comes first")))
    ]
    return html.Div(
        [html.P(_("{problem} Which is meant?", problem=problem)), html.Div(buttons, className="actions")],
        id="ask-order",
    )


def _order_words(example: str, order: DayOrder, words: str, formats: Formats) -> str:
    day = DateReader(UTC, order).day(example)
    return f"{words}: {formats.day(day)}" if day else words


def snapshot_before(ctx: Context, reason: str) -> None:
    """The way back from a change of much data; an empty folder needs none."""
    if ctx.backend.list_profiles():
        ctx.upkeep.snapshot(reason)


def uploaded_bytes(contents: str) -> bytes:
    """The file's bytes from a data address. Raises BadInput when the browser sent something else."""
    try:
        return base64.b64decode(contents.partition(",")[2], validate=True)
    except (binascii.Error, ValueError) as exc:
        raise BadInput(_("The browser did not send the file whole. Choose it again.")) from exc


def file_at(text: str | None) -> Path:
    """The file of that path, as people paste it. Raises BadInput when there is none to read."""
    path = typed_path((text or "").strip().strip('"'))
    if not str(path).strip(". "):
        raise BadInput(_("Write the path of the file, for example D:\\exports\\issues.csv."))
    try:
        if not path.is_file():
            raise BadInput(_("There is no file {path}. Write its whole path, with its ending.", path=path))
        with path.open("rb"):
            return path
    except OSError as exc:
        raise BadInput(_("{path} cannot be read: {strerror}.", path=path, strerror=exc.strerror or exc)) from exc


# -- callbacks ------------------------------------------------------------------------------------------

PART = Page("", "", lambda visit: None)

_FORM = (
    State("import-profile", "value"),
    State("import-query", "value"),
    State("import-dates", "value"),
    State("import-choose", "checked"),
    State(URL, "pathname"),
    State(URL, "search"),
    State("import-about", "data"),
)


@PART.on(Input("upload", "contents"), State("upload", "contents"), State("upload", "filename"), *_FORM)
def import_file(ctx: Context, contents: str, name: str, *form: Any) -> Effects:
    """The file goes to the worker, so that a large one holds nothing up."""
    return _go_on(ctx, name or "", uploaded_bytes(contents), *form)


@PART.click("import-from-path", State("import-path", "value"), *_FORM)
def import_from_path(ctx: Context, path: str | None, *form: Any) -> Effects:
    """Read from where it lies: nothing is sent through the browser."""
    file = file_at(path)
    return _go_on(ctx, file.name, file, *form)


@PART.click({"type": "import-order", "order": ALL, "file": ALL})
def import_in_order(ctx: Context, which: dict[str, str]) -> Effects:
    """The file at hand once more, now that it is said which number is the day."""
    if which["order"] not in list(DayOrder):
        raise BadInput(UNUSABLE)
    import_again(ctx, which["file"], DayOrder(which["order"]))
    return Effects(follow=files.JOB)


def import_again(ctx: Context, token: str, order: DayOrder) -> None:
    """Raises BadInput when another file has taken its place."""
    pending = ctx.pending.get(token)
    if pending is None:
        raise BadInput(_("This file is no longer at hand. Choose it again."))
    submit(ctx, pending, replace(pending.mapping or ColumnMapping(), date_order=order))


def _go_on(
    ctx: Context,
    name: str,
    source: bytes | Path,
    profile: str | None,
    query: str | None,
    dates: str | None,
    choose: bool,
    path: str,
    search: str,
    about: str | None = None,
) -> Effects:
    if not all(isinstance(each, str | None) for each in (name, profile, query, dates, path, search)):
        raise BadInput(UNUSABLE)
    profile_id = project_meant(ctx, search, profile, about)
    pending = ctx.pending.hold(name, source, profile or "", query or "", profile_id)
    mapping = ColumnMapping.from_json({"date_order": dates}) if dates in [*DayOrder] else None
    if choose or not speaks_for_itself(ctx, pending, mapping):
        # An address that does not change builds no page anew.
        address = FILE_PAGE + visit_of(ctx, search, browser_formats()).choice.search()
        return Effects(go="" if path == FILE_PAGE else address, changed=True)
    submit(ctx, pending, mapping)
    return Effects(follow=files.JOB)


def speaks_for_itself(ctx: Context, pending: PendingFile, mapping: ColumnMapping | None = None) -> bool:
    """Whether its columns have names that we know, judged by its beginning; also so for what is no table, since no
    choice of columns would help: the import then says what is wrong."""
    try:
        first = beginning(pending.source, 2_000)
    except AppError:
        return True
    if not isinstance(first, Table):
        return True
    inspection = Inspection(first, is_part=True)
    known = remembered_mapping(ctx.backend, inspection.names)
    return not inspection.question(known or mapping or ColumnMapping(), UTC, ctx.clock())
