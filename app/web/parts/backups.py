"""The part of the Settings page about backups: the list, making one, putting one back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, html

from app.context import Context
from app.errors import BadInput
from app.web.components import card
from app.web.effects import Effects, Put
from app.web.page import Page, Visit, browser_formats
from app.web.worker import done_by_worker
from app.words import N_, _, n_
from app.words.formats import Formats
from store.paths import typed_path
from store.sqlite import backup, restore
from store.upkeep import SnapshotFile

RESTORE_JOB = N_("Putting a backup back")
_QUESTION = "put-back-question"
_SHOWN = 6
_REASONS = {
    "": N_("made by hand"),
    "start": N_("before the first change of a day's work"),
    "exit": N_("when Burndown was quit"),
    "import": N_("before an import"),
    "delete": N_("before something was deleted"),
    "undo": N_("before something was taken back"),
    "join": N_("before an earlier history was joined"),
    "replaced": N_("what another program's file took the place of"),
    "before-restore": N_("before another backup was put back"),
    "before-upgrade": N_("before a new version changed the database"),
    "before-migration": N_("before an old folder was taken over"),
}


# -- what is shown --------------------------------------------------------------------------------------


def section(visit: Visit) -> Any:
    text = _(
        "A backup is one checked file in the folder's backups. Burndown makes one by itself "
        "before larger changes and when it is quit, and thins out the old ones. Putting one "
        "back deletes nothing: what is here now is set aside."
    )
    return card(
        html.P(text, className="quiet"),
        html.Div(dmc.Button(_("Back up now"), id="back-up", variant="default"), className="actions"),
        html.Div(id="backup-list"),
        _question(),
        title=_("Backups"),
    )


def listed(ctx: Context, formats: Formats) -> Any:
    """The snapshots, newest first, with what each holds and a way to put it back."""
    snapshots = backup.snapshots(ctx.profiles_dir)
    if not snapshots:
        return html.P(_("There is no backup yet."), className="quiet")
    rows = [_row(snapshot, formats) for snapshot in snapshots]
    older = html.Details([html.Summary(_("Older backups")), html.Ul(rows[_SHOWN:], className="rows")])
    return [html.Ul(rows[:_SHOWN], className="rows"), older if len(rows) > _SHOWN else None]


def _row(snapshot: SnapshotFile, formats: Formats) -> Any:
    shown = instant(snapshot, formats)
    button = html.Button(_("Put back …"), id={"type": "put-back", "name": snapshot.file.name}, className="text-button",
                         n_clicks=0, **{"aria-label": _("Put back the backup of {shown}", shown=shown)})  # fmt: skip
    megabytes = _("{size} MB", size=formats.number(snapshot.bytes / 1000000.0, 1))
    words = f"{_(_reason(snapshot.reason))}; {contents_of(snapshot.file, formats) or _('cannot be read')}; {megabytes}"
    return html.Li([html.Div([html.Div(shown), html.Div(words, className="quiet")]), button])


def instant(snapshot: SnapshotFile, formats: Formats) -> str:
    """By the clock on the wall: a backup belongs to no profile, so no profile's zone applies."""
    return formats.instant(snapshot.made_at.astimezone())


def _reason(word: str) -> str:
    """Two snapshots of one second carry a number behind the word."""
    stem, _, number = word.rpartition("-")
    plain = stem if number.isdigit() else word
    return _REASONS.get("" if plain.isdigit() else plain, plain)


def contents_of(file: Path, formats: Formats) -> str:
    """What a snapshot holds in words, or nothing when it cannot be read."""
    contents = restore.contents(file)
    if contents is None:
        return ""
    profiles, queries, issues = (
        formats.number(count) for count in (contents.profiles, contents.queries, contents.issues)
    )
    parts = (
        n_("{count} project", "{count} projects", contents.profiles, count=profiles),
        n_("{count} work list", "{count} work lists", contents.queries, count=queries),
        n_("{count} issue", "{count} issues", contents.issues, count=issues),
    )
    return ", ".join(parts)


def _question() -> Any:
    here = [
        dmc.Button(_("Leave it"), id="put-back-no", variant="default"),
        dmc.Button(_("Put it back"), id="put-back-yes"),
    ]
    elsewhere = html.Div(
        [
            dmc.TextInput(
                id="put-back-folder", label=_("Or into a new folder"), placeholder=_("for example D:\\Burndown\\may")
            ),
            dmc.Button(_("Put it there"), id="put-back-there", variant="default"),
        ],
        className="inline-form",
    )
    return dmc.Modal(
        id=_QUESTION,
        title=_("Put this backup back?"),
        centered=True,
        children=dmc.Stack(
            [
                html.P(id="put-back-words"),
                html.P(id="put-back-name", hidden=True),
                dmc.Group(here, justify="flex-end"),
                elsewhere,
            ],
            gap="md",
        ),
    )


# -- what is done ---------------------------------------------------------------------------------------

PART = Page("", "", lambda visit: None)
_ANSWERED = {_QUESTION: {"opened": False}}


@PART.fills(Output("backup-list", "children"), Input("backup-list", "id"))
def show_list(ctx: Context, there: str) -> Effects:
    """After the page: every snapshot is opened for it, and the medium may be slow."""
    return Effects(put=_list(ctx))


def _list(ctx: Context) -> Put:
    return {"backup-list": {"children": listed(ctx, browser_formats())}}


@PART.click("back-up", running=[(Output("back-up", "loading"), True, False)])
def back_up(ctx: Context) -> Effects:
    snapshot = ctx.upkeep.snapshot()
    if snapshot is None:
        raise BadInput(_("There is nothing here yet that could be backed up."))
    words = _(
        "Backed up and checked: {name} ({size:.1f} MB).", name=snapshot.file.name, size=snapshot.bytes / 1000000.0
    )
    return Effects(toast=words, put=_list(ctx))


@PART.click({"type": "put-back", "name": ALL})
def ask(ctx: Context, which: dict[str, str]) -> Effects:
    snapshot = chosen(ctx, which["name"])
    formats = browser_formats()
    words = _(
        "It was made on {made} ({reason}) and holds {file}. Everything goes back to that "
        "state. What is here now is kept: as a backup in the list, and in the folder "
        "set-aside.",
        made=instant(snapshot, formats),
        reason=_reason(snapshot.reason),
        file=contents_of(snapshot.file, formats) or "nothing that can be read",
    )
    named = {"put-back-words": {"children": words}, "put-back-name": {"children": snapshot.file.name}}
    return Effects(put={_QUESTION: {"opened": True}, **named})


@PART.click("put-back-no")
def leave(ctx: Context) -> Effects:
    return Effects(put=_ANSWERED)


@PART.click(
    "put-back-yes", State("put-back-name", "children"), running=[(Output("put-back-yes", "loading"), True, False)]
)
def put_back(ctx: Context, name: str | None) -> Effects:
    """The page is built anew from what is in place now, by an address that names no query of before."""
    snapshot = chosen(ctx, name)
    restored = done_by_worker(ctx, RESTORE_JOB, lambda: ctx.upkeep.restore(snapshot.file))
    aside = (
        _(" What was here lies in {name} in the folder set-aside.", name=restored.set_aside.name)
        if restored.set_aside
        else ""
    )
    return Effects(toast=_("The backup is back.{aside}", aside=aside), go="/", changed=True, put=_ANSWERED)


@PART.click(
    "put-back-there",
    State("put-back-name", "children"),
    State("put-back-folder", "value"),
    running=[(Output("put-back-there", "loading"), True, False)],
)
def put_there(ctx: Context, name: str | None, path: str | None) -> Effects:
    folder = new_folder(path)
    restore.restore_into_new(folder, chosen(ctx, name).file, ctx.clock)
    words = _(
        "Put into {folder}. To open it, give that folder the name profiles and put it beside a copy of Burndown.",
        folder=folder,
    )
    return Effects(toast=words, put=_ANSWERED)


def chosen(ctx: Context, name: str | None) -> SnapshotFile:
    """The snapshot of that name in the folder's backups; nothing from the browser is ever joined to a path."""
    snapshot = next((each for each in backup.snapshots(ctx.profiles_dir) if each.file.name == name), None)
    if snapshot is None:
        raise BadInput(_("This backup is no longer there. Reload the page and choose another one."))
    return snapshot


def new_folder(path: str | None) -> Path:
    text = (path or "").strip().strip('"')
    folder = typed_path(text)
    if not text or not folder.is_absolute():
        raise BadInput(_("Enter the whole path of a new folder, as the file manager shows it."))
    return folder
