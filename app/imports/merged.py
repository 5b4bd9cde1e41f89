"""Tickets that were merged into others: these ended without being done, unlike code that was merged."""

from __future__ import annotations

from dataclasses import replace

from app.domain.statuses import is_merged
from app.imports.columns import Layout
from app.imports.plain_names import plain_name
from app.imports.tables import Table
from app.imports.trackers.tool import with_column

MADE_RESOLUTION = "Resolution (merged into another ticket)"
_INTO_ANOTHER = "merged into another ticket"
# Of columns that the lists of help desks have (OTRS, Znuny, Zammad, Request Tracker), and lists of code have not.
_COLUMNS = frozenset(
    {"ticket#", "ticketnumber", "ticket number", "ticketnummer", "ticket id", "queue", "warteschlange", "first lock",
     "firstlock", "first response", "first response at", "pending until", "customer id", "kundennummer", "sla name",
     "escalation at", "close at", "numéro du ticket", "número de ticket", "numero ticket", "номер заявки"}
)  # fmt: skip
# Parts of what help desks alone call their states.
_STATES = (
    "closed successful", "closed unsuccessful", "pending reminder", "pending auto", "pending close", "closed with work",
    "erfolgreich geschlossen", "erfolglos geschlossen", "warten zur erinnerung", "warten auf er", "sans succès",
    "avec succès", "sin éxito", "exitosamente", "con éxito", "senza successo", "con successo", "succesvol",
    "sem sucesso", "com sucesso", "sem êxito", "com êxito", "bez powodzenia", "z powodzeniem", "успешно",
    "成功关闭", "失败关闭", "不成功",
)  # fmt: skip


def noting_merged_tickets(table: Table, layout: Layout) -> Layout:
    """The layout of a help desk's list that has merged tickets in it, so that they are read as given up."""
    place = layout.single.get("status")
    if place is None or not any(is_merged(text) for text in {*table.texts(place)}):
        return layout
    names = {plain_name(column) for column in table.columns}
    states = {text.casefold() for text in table.texts(place)}
    is_desk = bool(names & _COLUMNS) or any(part in state for state in states for part in _STATES)
    return replace(layout, merges_tickets=is_desk)


def with_merged_given_up(table: Table, layout: Layout) -> tuple[Table, Layout]:
    """With a reason for the end of each ticket that was merged into another one; any other table as it is."""
    if not layout.merges_tickets or "status" not in layout.single:
        return table, layout
    own = layout.single.get("resolution")
    reasons = table.texts(own) if own is not None else [""] * len(table.rows)
    statuses = table.texts(layout.single["status"])
    cells = [
        reason or (_INTO_ANOTHER if is_merged(status) else "") for reason, status in zip(reasons, statuses, strict=True)
    ]
    single = {**layout.single, "resolution": len(table.columns)}
    return with_column(table, MADE_RESOLUTION, cells), replace(layout, single=single)
