"""File: which column is what, which status means done, how dates are meant, and some rows as they would be read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, dcc, html

from app.actions import files as importing
from app.actions.import_log import remember_mapping, remembered_mapping
from app.context import Context
from app.errors import AppError, BadInput
from app.imports.columns import ISSUES, WEEKS, ColumnMapping
from app.imports.dates import DayOrder
from app.imports.inspection import Column, FoundStatus, Inspection, Outcome
from app.imports.pending import PendingFile
from app.settings import settings_of
from app.web.components import card, link_button, notice, page_title, table
from app.web.effects import URL, Effects, id_of
from app.web.page import Page, Visit, browser_formats, project_meant, visit_of
from app.web.parts import files
from app.web.sent import UNUSABLE, fits
from app.words import N_, _, n_
from app.words.formats import Formats
from store.records import Category, Issue, Profile, Week

_FIELDS: Mapping[str, Sequence[tuple[str, str]]] = {
    ISSUES: (
        ("key", N_("Key")),
        ("summary", N_("Title")),
        ("type", N_("Type")),
        ("status", N_("Status")),
        ("created", N_("Created")),
        ("started", N_("Started")),
        ("resolved", N_("Done")),
        ("updated", N_("Last updated")),
        ("points", N_("Points")),
        ("sprints", N_("Sprint")),
        ("parent", N_("Parent or epic")),
        ("labels", N_("Labels")),
        ("fix_versions", N_("Version")),
        ("project", N_("Project")),
    ),
    WEEKS: (
        ("date", N_("Week")),
        ("completed_items", N_("Items done")),
        ("completed_points", N_("Points done")),
        ("created_items", N_("Items created")),
        ("created_points", N_("Points created")),
    ),
}
# Offered where the file has them.
_ALSO_DONE = (("is_done", N_("Done: yes or no")), ("percent", N_("Done: per cent")))
# Of Jira's own JSON: all else has its place there.
_JIRA_FIELDS = (
    ("points", N_("Points")),
    ("sprints", N_("Sprint")),
    ("epic", N_("Epic")),
    ("flagged", N_("Flag")),
    ("created", N_("Created")),
    ("started", N_("Started")),
    ("resolved", N_("Done")),
)
_CATEGORIES = ((Category.TODO, N_("To do")), (Category.IN_PROGRESS, N_("In progress")), (Category.DONE, N_("Done")))
_ORDERS = (
    ("auto", N_("Find out")),
    (DayOrder.DMY, N_("Day first: 24/04/2026")),
    (DayOrder.MDY, N_("Month first: 04/24/2026")),
    (DayOrder.YMD, N_("Year first: 26-04-24")),
)
_WHICH_ORDER = N_("Some dates can be read in two ways. Say under “Dates and times” which number is the day.")
_NEEDED: Mapping[str, str] = {
    ISSUES: N_(
        "Choose at least one column of days: under “Created” when an item was created, under "
        "“Done” when it was finished."
    ),
    WEEKS: N_("Choose the column of the week, and one of what was done in it."),
}
_NONE = ""
_LISTED = 40
_MONTHS = 12


def layout(visit: Visit) -> Any:
    pending = visit.ctx.pending.current()
    back = link_button(_("Back to Data"), "/data/sources" + visit.choice.search(), quiet=True)
    if pending is None:
        return html.Div(
            [page_title(_("File"), back), files.choose(visit, _("Which file?"), choosing=True)], className="page narrow"
        )
    return html.Div([page_title(pending.name, back), *_body(visit, pending)], className="page")


def _body(visit: Visit, pending: PendingFile) -> list[Any]:
    try:
        inspection = pending.inspection
    except AppError as exc:
        another = dmc.Button(_("Choose another file"), id="file-drop", variant="default")
        return [notice("problem", str(exc)), html.Div(another, className="actions"), _stores(pending, ISSUES)]
    known = remembered_mapping(visit.ctx.backend, inspection.names)
    mapping = known or ColumnMapping()
    kind, columns = inspection.proposed(mapping)
    zone = mapping.time_zone or _zone(visit.profile)
    statuses = inspection.statuses(mapping, ZoneInfo(zone), visit.ctx.clock())
    choices = [
        *_remembered(known),
        *_pickers(inspection, kind, columns),
        _dates(mapping, zone),
        _questions(mapping),
        html.Div(_status_card(statuses, visit.formats), id="file-statuses"),
    ]
    return [
        html.Div(
            [html.Div(choices, className="stack"), _preview_card(visit, pending)], className="split mapping halves"
        ),
        *_all_columns(inspection),
        _stores(pending, kind),
    ]


def _stores(pending: PendingFile, kind: str) -> Any:
    return html.Div(
        [
            dcc.Store(id="file-token", data=pending.token),
            dcc.Store(id="file-shown", data=kind),
            dcc.Download(id="file-download"),
        ]
    )


def _zone(profile: Profile | None) -> str:
    return settings_of(profile).time_zone if profile is not None else importing.local_zone_name()


# -- what can be chosen ---------------------------------------------------------------------------------


def _remembered(known: ColumnMapping | None) -> list[Any]:
    if known is None:
        return []
    forget = html.Button(_("Forget it"), id="file-forget", className="text-button", n_clicks=0)
    return [notice("info", html.Span([_("Filled in as for the last file with these columns. "), forget]))]


def _pickers(inspection: Inspection, kind: str, chosen: Mapping[str, str]) -> list[Any]:
    """One picker for each of our fields; none for a board, which has no columns."""
    if not inspection.columns:
        return [html.Div(id="file-fields")]
    kinds = dmc.SegmentedControl(
        id="file-kind",
        value=kind,
        data=[{"value": ISSUES, "label": _("One row per item")}, {"value": WEEKS, "label": _("One row per week")}],
        size="sm",
        **{"aria-label": _("What a row is")},
    )
    body = html.Div(fields(inspection, kind, chosen), id="file-fields", className="fields")
    if inspection.is_jira:
        return [card(body, title=_("Fields"))]
    return [card(body, title=_("Columns"), beside=kinds)]


def fields(inspection: Inspection, kind: str, chosen: Mapping[str, str]) -> list[Any]:
    """The pickers of a kind of file, each with what stands in the chosen column."""
    options = [{"value": _NONE, "label": _("Not in this file")}]
    options += [{"value": column.name, "label": column.label or column.name} for column in inspection.columns]
    samples = {column.name: column for column in inspection.columns}
    also = [each for each in _ALSO_DONE if kind == ISSUES and chosen.get(each[0])]
    offered = _JIRA_FIELDS if inspection.is_jira else (*_FIELDS[kind], *also)
    return [_field(name, label, chosen.get(name, _NONE), options, samples) for name, label in offered]


def _field(name: str, label: str, chosen: str, options: list[dict[str, str]], samples: Mapping[str, Column]) -> Any:
    return html.Div(
        [
            dmc.Select(
                id={"type": "file-field", "name": name},
                label=label,
                value=chosen,
                data=options,
                allowDeselect=False,
                searchable=len(options) > 8,
                comboboxProps={"withinPortal": True},
            ),
            html.P(shown_samples(samples.get(chosen)), id={"type": "file-sample", "name": name}, className="evidence"),
        ]
    )


def shown_samples(column: Column | None) -> str:
    """Three values of a column, cut where they are long; and why it is proposed, where that is no matter of course."""
    if column is None:
        return ""
    values = " · ".join(_cut(value) for value in column.samples) or "empty"
    return f"{values} ({column.evidence})" if column.evidence else values


def _cut(value: str, most: int = 40) -> str:
    line = " ".join(value.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _dates(mapping: ColumnMapping, zone: str) -> Any:
    """Asked only where the file leaves it open, once that is known; hidden otherwise, so that their values are always
    there."""
    orders = dmc.Select(
        id="file-order",
        label=_("Dates such as 03/04/2026"),
        description=_("Nothing in the file says which number is the day."),
        value=str(mapping.date_order or "auto"),
        data=[{"value": str(value), "label": label} for value, label in _ORDERS],
        allowDeselect=False,
    )
    zones = dmc.Select(
        id="file-zone",
        label=_("Time zone"),
        description=_("The times of day in the file do not say where they are meant."),
        value=zone,
        data=sorted({*available_timezones(), zone}),
        searchable=True,
        limit=50,
        allowDeselect=False,
        comboboxProps={"withinPortal": True},
    )
    return html.Div(
        card(
            html.Div([html.Div(orders, id="file-order-box"), html.Div(zones, id="file-zone-box")], className="fields"),
            title=_("Dates and times"),
        ),
        id="file-dates-box",
        hidden=True,
    )


def _questions(mapping: ColumnMapping) -> Any:
    """As `_dates`: what few files leave open."""
    words = sorted(mapping.months, key=lambda word: mapping.months[word])
    months = dmc.TextInput(
        id="file-months",
        label=_("Names of the months"),
        description=_(
            "The file names months in a language that is not known here: all twelve, from January "
            "on, as they stand in it."
        ),
        value=", ".join(words) if len(words) == _MONTHS else "",
        placeholder=_("jan, feb, mar, …"),
    )
    totals = dmc.Select(
        id="file-totals",
        label=_("The numbers"),
        description=_("They never or seldom fall, so that they may include all that was done before."),
        value={None: "auto", True: "totals", False: "weeks"}[mapping.totals],
        data=[
            {"value": "auto", "label": _("Find out")},
            {"value": "weeks", "label": _("What was done in each row")},
            {"value": "totals", "label": _("All that was done until then")},
        ],
        allowDeselect=False,
    )
    boxes = [html.Div(months, id="file-months-box"), html.Div(totals, id="file-totals-box")]
    asked_for = card(html.Div(boxes, className="fields"), title=_("How it is written"))
    return html.Div(asked_for, id="file-questions-box", hidden=True)


def _status_card(statuses: Sequence[FoundStatus], formats: Formats) -> list[Any]:
    if not statuses:
        return []
    rows = [
        html.Li(
            [
                html.Div(
                    [
                        html.Strong(status.name),
                        html.Div(
                            n_("{count} row", "{count} rows", status.rows, count=formats.number(status.rows)),
                            className="quiet",
                        ),
                    ]
                ),
                dmc.SegmentedControl(
                    id={"type": "file-status", "name": status.name},
                    value=str(status.category),
                    data=[{"value": str(category), "label": words} for category, words in _CATEGORIES],
                    size="xs",
                    **{"aria-label": _("What {name} means", name=status.name)},
                ),
            ]
        )
        for status in statuses
    ]
    return [card(html.Ul(rows, className="rows map-rows"), title=_("Statuses"))]


def _all_columns(inspection: Inspection) -> list[Any]:
    filled = [column for column in inspection.columns if column.samples]
    if not filled:
        return []
    rows = [
        [column.label or column.name, *(_cut(sample) for sample in column.samples), *[""] * (3 - len(column.samples))]
        for column in filled
    ]
    body = table((_("Column"), _("Values in it"), "", ""), rows, name="long")
    count = len(inspection.columns)
    empty = count - len(filled)
    words = n_("All {count} column", "All {count} columns", count, count=count) + (
        _(", {empty} of them empty", empty=empty) if empty else ""
    )
    return [card(html.Details([html.Summary(words), body], open=count <= _LISTED), title=_("What is in the file"))]


# -- the preview ----------------------------------------------------------------------------------------


def _preview_card(visit: Visit, pending: PendingFile) -> Any:
    profile = pending.profile_name or visit.proposed_project
    return card(
        dcc.Store(id="file-about", data=visit.own_project),
        html.Div(id="file-preview", **{"aria-live": "polite"}),
        html.Div(
            [
                dmc.TextInput(id="file-profile", label=_("Project"), value=profile, description=_("Made if it is new")),
                dmc.TextInput(
                    id="file-query",
                    label=_("Work list"),
                    description=_("Made if it is new"),
                    value=pending.query_name,
                    placeholder=_("as the file is called"),
                ),
            ],
            className="fields",
        ),
        html.Div(
            [
                dmc.Button(_("Import"), id="file-import"),
                dmc.Button(_("Save these choices"), id="file-save", variant="default"),
                dmc.Button(_("Another file"), id="file-drop", variant="default"),
            ],
            className="actions",
        ),
        html.P(_("The saved file tells the import command how to read such a file without asking."), className="quiet"),
        title=_("As it would be read"),
    )


def preview(outcome: Outcome, formats: Formats) -> list[Any]:
    """The first rows as they would be kept, and what would be left out."""
    if outcome.problem:
        return [notice("problem", outcome.problem)]
    looked_at = (
        _(" of the first {rows}", rows=formats.number(outcome.rows))
        if outcome.is_part
        else _(" of {rows}", rows=formats.number(outcome.rows))
    )
    words = n_(
        "{kept}{looked_at} row would be kept.",
        "{kept}{looked_at} rows would be kept.",
        outcome.rows,
        kept=formats.number(outcome.kept),
        looked_at=looked_at,
    )
    rows = [_item(issue, formats) for issue in outcome.issues] or [_week(week, formats) for week in outcome.weeks]
    heads = (
        (_("Key"), _("Title"), _("Status"), _("Created"), _("Done"), _("Points"))
        if outcome.issues
        else (_("Week"), _("Done"), _("Points"))
    )
    return [
        html.P([html.Strong(words), _(" Imported as {recognised_as}.", recognised_as=_(outcome.recognised_as))]),
        table(heads, rows, numeric=(5,) if outcome.issues else (1, 2), name="long") if rows else "",
        *[html.P(warning, className="warning") for warning in outcome.warnings],
        *[html.P(f"{row}.", className="quiet") for row in outcome.rejected],
    ]


def _item(issue: Issue, formats: Formats) -> list[str]:
    category = dict(_CATEGORIES)[issue.category].lower()
    status = (
        f"{issue.status} ({category})"
        if issue.status and issue.status.casefold() != category
        else issue.status or category
    )
    # In words: whether 03/04 was read as it was meant is what one looks for here.
    days = (formats.day(at.date()) if at is not None else "–" for at in (issue.created, issue.resolved))
    points = "–" if issue.points is None else formats.number(issue.points)
    return [issue.key, _cut(issue.summary), status, *days, points]


def _week(week: Week, formats: Formats) -> list[str]:
    day = formats.short(week.day)
    amounts = (week.completed_items, week.completed_points)
    return [day, *("–" if amount is None else formats.number(amount) for amount in amounts)]


# -- callbacks ------------------------------------------------------------------------------------------

PAGE = Page("/data/sources/file", N_("File"), layout, under="/data/sources", needs_data=False)

# What is chosen on the page, in the order of `_Chosen.of`.
_CHOSEN = (
    ("file-token", "data"),
    ("file-shown", "data"),
    ({"type": "file-field", "name": ALL}, "id"),
    ({"type": "file-field", "name": ALL}, "value"),
    ({"type": "file-status", "name": ALL}, "id"),
    ({"type": "file-status", "name": ALL}, "value"),
    ("file-order", "value"),
    ("file-zone", "value"),
    ("file-months", "value"),
    ("file-totals", "value"),
)
_STATES = tuple(State(*field) for field in _CHOSEN)
_INPUTS = tuple(Input(*field) if field[1] == "value" else State(*field) for field in _CHOSEN)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The choices on the page: our field -> column ("" for none), status -> what it means."""

    token: str
    kind: str
    columns: Mapping[str, str]
    statuses: Mapping[str, str]
    order: str
    zone: str
    months: str = ""
    totals: str = "auto"

    @classmethod
    def of(cls, values: Sequence[Any]) -> _Chosen:
        token, kind, column_ids, columns, status_ids, statuses, order, zone, *more = values
        named = _by_name(column_ids, columns), _by_name(status_ids, statuses)
        return cls(token or "", kind, *named, order, zone, *(value or "" for value in more))

    def pending(self, ctx: Context) -> PendingFile:
        return _pending(ctx, self.token)

    def mapping(self, inspection: Inspection, now: datetime) -> ColumnMapping:
        """The same as a mapping; a time zone is only said where it was asked, a status only where it is meant
        otherwise than found: a tracker that marks what is done by a date has items of both kinds in one status."""
        mapping = self.columns_said(inspection)
        categories = {status.name: status.category for status in inspection.statuses(mapping, ZoneInfo(self.zone), now)}
        changed = {
            name.strip().casefold(): Category(value)
            for name, value in self.statuses.items()
            if categories.get(name) is not Category(value)
        }
        return replace(mapping, statuses=changed)

    def lacks(self, inspection: Inspection) -> str:
        """What has to be chosen before anything can be read; "" when enough is."""
        has = {name for name, column in self.columns.items() if column}
        if self.kind == WEEKS:
            is_enough = "date" in has and bool(has & {"completed_items", "completed_points"})
        else:
            is_enough = bool(has & {"created", "started", "resolved"})
        return "" if is_enough or not inspection.columns else _NEEDED[self.kind]

    def columns_said(self, inspection: Inspection) -> ColumnMapping:
        """All of it but the statuses."""
        mapping = ColumnMapping(
            columns={name: column or None for name, column in self.columns.items()},
            date_order=DayOrder(self.order) if self.order in set(DayOrder) else None,
            kind=self.kind if inspection.columns else None,
            months=self._months(),
            totals={"totals": True, "weeks": False}.get(self.totals),
        )
        return replace(mapping, time_zone=self.zone) if inspection.needs_zone(mapping) else mapping

    def _months(self) -> dict[str, int]:
        """Once all twelve are there."""
        words = [word for part in self.months.replace(";", ",").split(",") if (word := part.strip())]
        return {word: month for month, word in enumerate(words, 1)} if len(words) == _MONTHS else {}


def _pending(ctx: Context, token: str | None) -> PendingFile:
    pending = ctx.pending.get(token)
    if pending is None:
        raise BadInput(_("This file is no longer at hand. Choose it again on the Data page."))
    return pending


def _by_name(ids: Sequence[Mapping[str, str]], values: Sequence[Any]) -> dict[str, str]:
    if len(ids) != len(values) or not fits(ids, list[dict[str, str]]):
        raise BadInput(UNUSABLE)
    return {name["name"]: value or _NONE for name, value in zip(ids, values, strict=True)}


@PAGE.fills(
    Output("file-preview", "children"),
    Output({"type": "file-sample", "name": ALL}, "children"),
    Output("file-order-box", "hidden"),
    Output("file-zone-box", "hidden"),
    Output("file-dates-box", "hidden"),
    *_INPUTS,
)
def show_preview(ctx: Context, *values: Any) -> Effects:
    chosen = _Chosen.of(values)
    inspection = chosen.pending(ctx).inspection
    mapping = chosen.mapping(inspection, ctx.clock())
    outcome = inspection.outcome(mapping, ZoneInfo(chosen.zone), ctx.clock())
    open_order = chosen.order != "auto" or inspection.unclear_date(mapping, ctx.clock())
    open_zone = inspection.needs_zone(mapping)
    if open_order and chosen.order == "auto":
        outcome = Outcome(problem=_WHICH_ORDER)
    elif outcome.problem:
        outcome = Outcome(problem=chosen.lacks(inspection) or outcome.problem)
    columns = {column.name: column for column in inspection.columns}
    samples = {
        id_of({"type": "file-sample", "name": name}): {"children": shown_samples(columns.get(column))}
        for name, column in chosen.columns.items()
    }
    hidden = _hidden(order=not open_order, zone=not open_zone, dates=not (open_order or open_zone))
    return Effects(put={"file-preview": {"children": preview(outcome, browser_formats())}, **samples, **hidden})


def _hidden(**boxes: bool) -> dict[str, dict[str, bool]]:
    """Which questions are not asked."""
    return {f"file-{name}-box": {"hidden": is_hidden} for name, is_hidden in boxes.items()}


@PAGE.fills(
    Output("file-months-box", "hidden"),
    Output("file-totals-box", "hidden"),
    Output("file-questions-box", "hidden"),
    *_INPUTS,
)
def show_questions(ctx: Context, *values: Any) -> Effects:
    """What is asked stays there once it is answered."""
    chosen = _Chosen.of(values)
    inspection = chosen.pending(ctx).inspection
    mapping = chosen.columns_said(inspection)
    no_months = not chosen.months and not inspection.unknown_months(mapping)
    no_totals = chosen.totals in ("", "auto") and not inspection.may_be_totals(mapping, ctx.clock())
    return Effects(put=_hidden(months=no_months, totals=no_totals, questions=no_months and no_totals))


@PAGE.fills(
    Output("file-fields", "children"),
    Output("file-shown", "data"),
    Input("file-kind", "value"),
    State("file-token", "data"),
    State("file-shown", "data"),
    prevent_initial_call=True,
)
def change_kind(ctx: Context, kind: str, token: str | None, shown: str) -> Effects | None:
    if kind == shown or kind not in _FIELDS:
        return None
    inspection = _pending(ctx, token).inspection
    _, columns = inspection.proposed(ColumnMapping(kind=kind))
    return Effects(put={"file-fields": {"children": fields(inspection, kind, columns)}, "file-shown": {"data": kind}})


@PAGE.fills(
    Output("file-statuses", "children"),
    Input({"type": "file-field", "name": ALL}, "value"),
    Input("file-order", "value"),
    *_STATES,
    prevent_initial_call=True,
)
def show_statuses(ctx: Context, columns: list[str], changed_order: str, *values: Any) -> Effects | None:
    """Another column has other statuses; what was said about the present ones is kept while they stay the same."""
    chosen = _Chosen.of(values)
    inspection = chosen.pending(ctx).inspection
    mapping = chosen.columns_said(inspection)
    is_items = chosen.kind == ISSUES
    statuses = inspection.statuses(mapping, ZoneInfo(chosen.zone), ctx.clock()) if is_items else ()
    if {status.name for status in statuses} == set(chosen.statuses):
        return None
    return Effects(put={"file-statuses": {"children": _status_card(statuses, browser_formats())}})


@PAGE.click(
    "file-import",
    State("file-profile", "value"),
    State("file-query", "value"),
    State("file-about", "data"),
    State(URL, "search"),
    *_STATES,
)
def start_import(
    ctx: Context, profile: str | None, query: str | None, about: str | None, search: str, *values: Any
) -> Effects:
    """To the worker, and back to the Data page, which says what became of it."""
    chosen = _Chosen.of(values)
    pending = chosen.pending(ctx)
    inspection = pending.inspection
    mapping = chosen.mapping(inspection, ctx.clock())
    outcome = inspection.outcome(mapping, ZoneInfo(chosen.zone), ctx.clock())
    if outcome.problem:
        raise BadInput(outcome.problem)
    pending.profile_id = project_meant(ctx, search, profile, about)
    pending.profile_name, pending.query_name = (profile or "").strip(), (query or "").strip()
    files.submit(ctx, pending, mapping, on_done=lambda: remember_mapping(ctx.backend, inspection.names, mapping))
    choice = visit_of(ctx, search, browser_formats()).choice
    return Effects(go="/data/sources" + choice.search(), follow=importing.JOB)


@PAGE.click("file-save", *_STATES)
def save_choices(ctx: Context, *values: Any) -> Effects:
    chosen = _Chosen.of(values)
    mapping = chosen.mapping(chosen.pending(ctx).inspection, ctx.clock())
    content = json.dumps(mapping.to_json(), ensure_ascii=False, indent=2)
    file = {"content": content + "\n", "filename": "mapping.json", "type": "application/json"}
    return Effects(put={"file-download": {"data": file}})


@PAGE.click("file-forget", State("file-token", "data"))
def forget_mapping(ctx: Context, token: str | None) -> Effects:
    remember_mapping(ctx.backend, _pending(ctx, token).inspection.names, None)
    return Effects(toast=_("Forgotten. The columns are found by their names again."), changed=True)


@PAGE.click("file-drop", State("file-token", "data"))
def drop_file(ctx: Context, token: str | None) -> Effects:
    ctx.pending.release(token or "")
    return Effects(changed=True)
