"""A table pasted from a spreadsheet instead of chosen as a file: the same import, the same report."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import State, dcc, html

from app.actions import files as importing
from app.context import Context
from app.errors import BadInput
from app.imports.columns import ColumnMapping
from app.imports.dates import DayOrder
from app.web.components import card
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, project_meant
from app.web.parts import files
from app.words import N_, _

# What the query is called when nobody says; the import takes it from the name of a file.
_NAME = N_("Pasted table")
_LARGEST = 20_000_000


def section(visit: Visit) -> Any:
    text = _(
        "Copy the cells with their header line, in any spreadsheet, and paste them here: a list of issues with dates, "
        "or one row per week. Pasting the table again updates what is there; another list becomes a work list of its "
        "own."
    )
    orders = [("auto", _("Find out")), ("dmy", _("Day first: 24/04/2026")), ("mdy", _("Month first: 04/24/2026")),
              ("ymd", _("Year first: 26-04-24"))]  # fmt: skip
    options = [
        dmc.TextInput(id="paste-query", label=_("Work list"), placeholder=_NAME),
        dmc.Select(id="paste-dates", label=_("Dates in the table"), value="auto", allowDeselect=False,
                   data=[{"value": value, "label": label} for value, label in orders]),
    ]  # fmt: skip
    return card(
        html.P(text),
        dcc.Store(id="paste-about", data=visit.own_project),
        dmc.Textarea(id="paste-text", autosize=True, minRows=4, maxRows=12, spellCheck=False,
                     placeholder=_("Key	Created	Finished"), **{"aria-label": _("Cells from a spreadsheet")}),
        html.Details([html.Summary(_("Name, and dates")), html.Div(options, className="fields")]),
        html.Div(dmc.Button(_("Import"), id="paste-import", variant="default"), className="actions"),
        title=_("Paste from a spreadsheet"),
        name="guarded",
    )  # fmt: skip


PART = Page("", "", lambda visit: None)


@PART.click(
    "paste-import",
    State("paste-text", "value"),
    State("paste-query", "value"),
    State("paste-dates", "value"),
    State("paste-about", "data"),
    State(URL, "search"),
)
def import_pasted(
    ctx: Context, text: str | None, query: str | None, dates: str | None, about: str | None, search: str
) -> Effects:
    """The text goes to the worker, as a file does."""
    if not (text or "").strip():
        raise BadInput(_("Paste the cells into the field first."))
    data = (text or "").encode()
    if len(data) > _LARGEST:
        raise BadInput(_("This is too much to paste. Save it as a CSV file and choose that."))
    profile_id = project_meant(ctx, search, None, about)
    mapping = ColumnMapping(date_order=DayOrder(dates)) if dates in set(DayOrder) else None
    # At hand like a file, so that what it leaves open can be asked.
    files.submit(ctx, ctx.pending.hold(_NAME, data, query_name=query or "", profile_id=profile_id), mapping)
    return Effects(follow=importing.JOB)
