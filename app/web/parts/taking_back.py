"""What can be taken back, wherever a page offers it: deleted projects and work lists, and the last import of a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash import ALL, html

from app.actions import deleted, jira
from app.context import Context
from app.imports.columns import WEEKS
from app.web.address import Choice
from app.web.components import card
from app.web.effects import Effects
from app.web.page import Page, Visit
from app.words import _, n_
from app.words.formats import Formats
from store.documents import imports_of
from store.records import QueryRef, Undoable
from store.settings import ImportEntry

SOURCES = "/data/sources"

# -- what was deleted -----------------------------------------------------------------------------------


def deleted_card(visit: Visit) -> list[Any]:
    """Every deleted project and work list that still waits, newest first; nothing where none does."""
    rows = [_gone(visit.formats, each) for each in deleted.undoable(visit.ctx) if each.kind != "import"]
    return [card(html.Ul(rows, className="rows"), title=_("Deleted"), name="deleted")] if rows else []


def _gone(formats: Formats, gone: Undoable) -> Any:
    days = html.Span(waits(gone, formats), className="quiet")
    return html.Li([html.Span(name_of(gone)), days, put_back_button(gone, _("Put back"))])


def name_of(gone: Undoable) -> str:
    return gone.profile if gone.kind == "profile" else f"{gone.profile} › {gone.query}"


def waits(gone: Undoable, formats: Formats) -> str:
    """On which day it was deleted and until when it can be put back."""
    at, until = (day.astimezone().date() for day in (gone.at, gone.until))
    return _("deleted on {at}, can be put back until {until}", at=formats.short(at), until=formats.short(until))


def deleted_here(visit: Visit) -> Undoable | None:
    """Of what the address names and is not here: the deletion that took it away, if it still can be put back."""
    choice = visit.choice
    for gone in deleted.undoable(visit.ctx):
        whole = gone.kind == "profile" and gone.profile_id == choice.profile
        if whole or (gone.kind == "query" and gone.ref == choice.ref):
            return gone
    return None


def gone_for_now(ctx: Context, ref: QueryRef, name: str, go: str) -> Effects:
    """After a deletion: the message, and one click that puts it back and goes there. No query: a whole project."""
    kind = "query" if ref.query_id else "profile"
    waiting = next((entry for entry in deleted.undoable(ctx) if entry.kind == kind and entry.ref == ref), None)
    if waiting is None:
        return Effects(toast=_("{name} was deleted.", name=name), go=go, changed=True)
    words = _(
        "{name} was deleted. It waits {days} days under All projects › Deleted.", name=name, days=deleted.KEPT.days
    )
    return Effects(toast=words, go=go, changed=True, undo=lambda: _address(deleted.take_back(ctx, waiting.id)))


def _address(ref: QueryRef | None, path: str = "/") -> str:
    return path if ref is None else path + Choice(ref.profile_id, ref.query_id).search()


# -- the last import ------------------------------------------------------------------------------------


def last_import(ctx: Context, ref: QueryRef) -> tuple[Undoable, ImportEntry] | None:
    """The import that can be taken back: the last of its work list, when nothing was fetched into it since."""
    query, data = ctx.backend.get_query(ref), ctx.backend.get_project_data(ref)
    entries = imports_of(data)
    waiting = next(
        (undoable for undoable in deleted.undoable(ctx) if undoable.kind == "import" and undoable.ref == ref), None
    )
    # That of a bundle is on the list of the command line; what its files were was told where it was made.
    if query is None or waiting is None or not entries or waiting.what != f"import of {entries[-1].file}":
        return None
    synced = jira.last_sync(data, query)
    return (waiting, entries[-1]) if synced is None or synced.at <= waiting.at else None


def what_it_takes(ctx: Context, undoable: Undoable, entry: ImportEntry, formats: Formats) -> str:
    """What goes when this import is taken back, and how it could come again."""
    again = _("To have it again, import {file} again.", file=entry.file)
    if undoable.made == "profile" and len(ctx.backend.list_queries(undoable.profile_id)) == 1:
        return _(
            "The import made the project {profile}: the project goes, and waits 30 days under Deleted.",
            profile=undoable.profile,
        )
    if undoable.made:
        return _(
            "The import made the work list {query}: the list goes, and waits 30 days under Deleted.",
            query=undoable.query,
        )
    brought = ", ".join(_brought(entry, formats))
    if not brought:
        return _("It brought nothing new. {again}", again=again)
    return _(
        "Takes away what it brought: {brought}. The list is then as it was before. {again}",
        brought=brought,
        again=again,
    )


def _brought(entry: ImportEntry, formats: Formats) -> Iterator[str]:
    if entry.new:
        yield _new(entry, formats.number(entry.new))
    if entry.changed:
        yield _changed(entry, formats.number(entry.changed))
    if entry.changes:
        yield n_(
            "{changes} entry of history",
            "{changes} entries of history",
            entry.changes,
            changes=formats.number(entry.changes),
        )


def _new(entry: ImportEntry, count: str) -> str:
    if entry.kind == WEEKS:
        return n_("{count} new week", "{count} new weeks", entry.new, count=count)
    return n_("{count} new issue", "{count} new issues", entry.new, count=count)


def _changed(entry: ImportEntry, count: str) -> str:
    if entry.kind == WEEKS:
        return n_("changes of {count} week", "changes of {count} weeks", entry.changed, count=count)
    return n_("changes of {count} issue", "changes of {count} issues", entry.changed, count=count)


# -- the buttons ----------------------------------------------------------------------------------------

PART = Page("", "", lambda visit: None)


def put_back_button(gone: Undoable, text: str) -> Any:
    return _button(gone, text, "put-back", f"{text}: {name_of(gone)}")


def take_back_button(undoable: Undoable, text: str, place: str) -> Any:
    """`place` tells apart two of them on one page."""
    return _button(undoable, text, f"take-back-{place}", f"{text}: {undoable.what}")


def _button(undoable: Undoable, text: str, what: str, label: str) -> Any:
    return html.Button(text, id={"type": what, "which": undoable.id}, className="text-button", n_clicks=0,
                       **{"aria-label": label})  # fmt: skip


@PART.click({"type": "put-back", "which": ALL})
def put_back(ctx: Context, which: dict[str, str]) -> Effects:
    return Effects(toast=_("It is back."), go=_address(deleted.take_back(ctx, which["which"])), changed=True)


@PART.click({"type": "take-back-source", "which": ALL})
def take_source_back(ctx: Context, which: dict[str, str]) -> Effects:
    return _take_import_back(ctx, which["which"])


@PART.click({"type": "take-back-outcome", "which": ALL})
def take_outcome_back(ctx: Context, which: dict[str, str]) -> Effects:
    return _take_import_back(ctx, which["which"])


def _take_import_back(ctx: Context, undo_id: str) -> Effects:
    """What the import made goes as if deleted, so that can be undone; else the list is as it was."""
    waiting = next((entry for entry in deleted.undoable(ctx) if entry.id == undo_id), None)
    ref = deleted.take_back(ctx, undo_id)
    if ref is not None or waiting is None:
        return Effects(toast=_("The import is taken back."), go=_address(ref, SOURCES), changed=True)
    is_work = ctx.backend.get_profile(waiting.profile_id) is not None
    gone = waiting.ref if is_work else QueryRef(waiting.profile_id, "")
    back = SOURCES + (Choice(waiting.profile_id).search() if is_work else "")
    if is_work and not ctx.backend.list_queries(waiting.profile_id):
        back = SOURCES
    return gone_for_now(ctx, gone, waiting.query if is_work else waiting.profile, back)
