"""The report of a takeover as people read it: what was found, what became of it, and where the old files are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dash import html

from app.actions.takeover import is_news, last_takeover
from app.context import Context
from app.web.components import link_button, notice, table
from app.words import N_, _, n_
from app.words.formats import Formats
from store.opening import old_folder
from store.records import MigrationEntry

# Files that the old app makes again by itself: the report lists them, but nobody misses anything.
_TEMPORARY = (N_("task state"), N_("issue copy"))
# Beyond this a page is no longer read; the command line gives the whole report as JSON.
_MOST = 300
_COUNTED: Mapping[str, Callable[[int], str]] = {
    "profiles": lambda count: n_("{count} project", "{count} projects", count),
    "queries": lambda count: n_("{count} work list", "{count} work lists", count),
    "issues": lambda count: n_("{count} issue", "{count} issues", count),
    "issue_changes": lambda count: n_("{count} change", "{count} changes", count),
    "statistics": lambda count: n_("{count} weekly row", "{count} weekly rows", count),
    "snapshot_weeks": lambda count: n_("{count} week on record", "{count} weeks on record", count),
    "snapshot_records": lambda count: n_("{count} recorded value", "{count} recorded values", count),
}


def takeover_notice(ctx: Context, href: str) -> list[Any]:
    """What a page other than the report's says of a takeover that nobody has read about yet."""
    entry = last_takeover(ctx)
    if entry is None or not is_news(ctx, entry):
        return []
    skipped = sum(_number(file.get("skipped")) for file in _files(entry) if file.get("kind") not in _TEMPORARY)
    left = n_(
        " {count} record was left out; the report says which and why.",
        " {count} records were left out; the report says which and why.",
        skipped,
    )
    left = left if skipped else _(" Nothing was left out.")
    link = html.A(_("Read the report"), href=href)
    return [notice("info", _("The data of the earlier burndown app were taken over."), left, " ", link)]


def waiting(ctx: Context) -> list[Any]:
    """That an installation of the earlier app lies in the data folder, for a page where it can be taken over."""
    old = old_folder(ctx.profiles_dir, ctx.backend)
    if old is None:
        return []
    text = _(
        "An installation of the earlier burndown app lies here too, and was not taken over. "
        "Enter its folder under “An old installation” and choose whether it is added to what "
        "is here or kept apart, as new projects: "
    )
    return [notice("info", text, html.Span(str(old.folder), className="path"))]


def report(entry: MigrationEntry, formats: Formats, is_open: bool, go: str, later: str = "") -> Any:
    """The whole report under one heading; folded away once it has been read.

    `go` leads to the forecast; `later` is what was done to the old files since.
    """
    title = html.Summary(html.H2(_("Taken over on {date}", date=formats.day(entry.finished_at.date()))))
    body = [
        html.P(_summary(entry, formats)),
        html.P([*_originals(entry), *([" ", later] if later else [])]),
        *([html.Div(link_button(_("See the forecast"), go), className="actions")] if is_open else []),
        *_findings(entry, formats),
        *_each_file(entry, formats),
    ]
    return html.Details([title, html.Div(body, className="report")], open=is_open, className="card outcome",
                        id="takeover")  # fmt: skip


def _summary(entry: MigrationEntry, formats: Formats) -> str:
    counts = entry.report.get("counts", {})
    counted = [text_of(_number(counts.get(name))) for name, text_of in _COUNTED.items() if counts.get(name)]
    after = (
        _("Afterwards there were {counted}.", counted=", ".join(counted))
        if counted
        else _("It held nothing that could be used.")
    )
    return _("From the folder {source}. {after}", source=entry.source or "of the old app", after=after)


def _originals(entry: MigrationEntry) -> list[Any]:
    place = entry.report.get("set_aside")
    if not place:
        return [_("The folder was copied and is as it was.")]
    where = html.Span(str(place), className="path")
    return [
        _("The old files are whole, in the folder "),
        where,
        _(" inside the data folder. Nothing needs them any more."),
    ]


def _files(entry: MigrationEntry) -> list[dict[str, Any]]:
    return [file for file in entry.report.get("files", []) if isinstance(file, dict)]


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _findings(entry: MigrationEntry, formats: Formats) -> list[Any]:
    """What was odd, file by file, with what was done about it."""
    rows = [
        [str(file.get("path", "")), *(str(finding.get(name, "")) or "–" for name in ("where", "problem", "action"))]
        for file in _files(entry)
        for finding in file.get("findings", [])
    ]
    if not rows:
        return [html.P(_("Every record of every file was used as it was."))]
    more = _(" The first {MOST} of them:", MOST=_MOST) if len(rows) > _MOST else ""
    head = n_(
        "{count} thing worth knowing.{more}",
        "{count} things worth knowing.{more}",
        len(rows),
        count=formats.number(len(rows)),
        more=more,
    )
    return [
        html.H3(head),
        table((_("File"), _("Where"), _("What was found"), _("What was done")), rows[:_MOST], name="long stacked"),
    ]


def _each_file(entry: MigrationEntry, formats: Formats) -> list[Any]:
    rows = [
        [str(file.get("path", "")), str(file.get("kind", "")).capitalize(),
         *(formats.number(_number(file.get(name))) for name in ("read", "kept", "skipped"))]
        for file in _files(entry)
        if _number(file.get("read")) or file.get("findings")
    ]  # fmt: skip
    if not rows:
        return []
    shown = table(
        (_("File"), _("What it holds"), _("Found"), _("Kept"), _("Skipped")),
        rows[:_MOST],
        numeric=(2, 3, 4),
        name="long",
    )
    # Few read it, and it is long: the findings above are what matters.
    return [
        html.Details(
            [
                html.Summary(n_("{count} file, one by one", "{count} files, one by one", len(rows), count=len(rows))),
                shown,
            ]
        )
    ]
