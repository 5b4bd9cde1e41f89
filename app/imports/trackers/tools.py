"""The trackers whose exports are known: how to tell them by their columns, and what is special in each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from app.domain.statuses import guessed
from app.imports.tables import Table
from store.records import Category

# Columns that are made while a table is prepared; no tracker writes names like these.
REFERENCE, MADE_CREATED, MADE_CATEGORY = (
    "Reference (from the address)",
    "Created (from the id)",
    "Category (from the card)",
)
_ISSUE_ADDRESS = re.compile(r"https?://[^/]+/(?P<project>[^?#]+?)/(?:-/)?(?:issues|work_items|pull)/(?P<number>\d+)")
_CARD_ADDRESS = re.compile(r"https?://[^/]+/c/(?P<card>[A-Za-z0-9]+)")
# As scripts in browsers write an instant: Wed May 13 2026 11:21:41 GMT+0000 (GMT+00:00)
_SCRIPT_DATE = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{4})(?: \(.*\))?"
)
_KINDS_BY_LABEL: Mapping[str, str] = {"bug": "Bug", "defect": "Bug", "feature": "Feature", "enhancement": "Feature"}


@dataclass(frozen=True, slots=True)
class Tool:
    """One tracker's export. Names are compared as `columns.plain_name` makes them.

    `telling`: the columns of any of these sets are found in no other tracker's export. `columns` goes before the
    usual names of our fields; an empty tuple says that what is called so there means something else. `statuses`
    goes before what their names usually mean. `gone`: statuses of what is no work any more. `done_by_date`: done is
    what has a finish date, whatever its status is called. `prepare` gives a table that needs no further knowledge.
    """

    name: str
    telling: tuple[frozenset[str], ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statuses: Mapping[str, Category] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    done_by_date: bool = False
    prepare: Callable[[Table], Table] = lambda table: table
    advice: str = ""


def tool_of(table: Table, names: Sequence[str]) -> Tool | None:
    """The tracker that writes columns of these plain names; None where it could be anybody."""
    present = set(names)
    if {"title", "url", "status"} <= present and _on_github(table):
        return GITHUB_PROJECT
    return next((tool for tool in TOOLS if any(telling <= present for telling in tool.telling)), None)


def _on_github(table: Table) -> bool:
    place = _place(table, "url")
    return place is not None and any(row[place].startswith("https://github.") for row in table.rows[:50])


def export_name(tool: Tool, table: Table) -> str:
    """Such as "Linear CSV export"."""
    return f"{tool.name} {'TSV' if table.delimiter == chr(9) and table.form == 'CSV' else table.form} export"


# -- columns made of others -----------------------------------------------------------------------------


def _place(table: Table, *names: str) -> int | None:
    """The column of the first of these names that is there, in whatever case."""
    lowered = [column.casefold() for column in table.columns]
    return next((lowered.index(name) for name in names if name in lowered), None)


def _with_column(table: Table, name: str, cells: Sequence[str]) -> Table:
    rows = [[*row, cell] for row, cell in zip(table.rows, cells, strict=True)]
    return replace(table, columns=(*table.columns, name), rows=rows)


def _changed(table: Table, places: Sequence[int], change: Callable[[str], str]) -> Table:
    rows = [list(row) for row in table.rows]
    for row in rows:
        for place in places:
            row[place] = change(row[place])
    return replace(table, rows=rows)


def issue_reference(address: str) -> str:
    """`group/project#12` from an issue's address, the same in every form of export; "" for any other address."""
    found = _ISSUE_ADDRESS.match(address.strip())
    return f"{found['project']}#{found['number']}" if found else ""


def _with_reference(table: Table) -> Table:
    place = _place(table, "url", "web url", "web_url", "html_url")
    if place is None:
        return table
    return _with_column(table, REFERENCE, [issue_reference(row[place]) for row in table.rows])


def kind_by_labels(labels: Sequence[str]) -> str:
    """The work type that a label names where the tracker has no types; "" when none does."""
    return next((kind for label in labels if (kind := _KINDS_BY_LABEL.get(label.strip().casefold(), ""))), "")


def _with_kind_by_labels(table: Table) -> Table:
    place = _place(table, "labels")
    if place is None or _place(table, "type", "issue type") is not None:
        return table
    return _with_column(table, "Type", [kind_by_labels(row[place].split(",")) for row in table.rows])


def status_by_label(labels: Sequence[str]) -> str:
    """The column of an issue board where it is kept as a scoped label such as `workflow::in review`; else ""."""
    for label in labels:
        scope, colons, value = label.strip().partition("::")
        if colons and scope.strip().casefold() in ("workflow", "status", "stage", "state"):
            return value.strip()
    return ""


# -- what is special in each tracker --------------------------------------------------------------------


def _azure(table: Table) -> Table:
    """Trees of work items have the title in the column of their depth, the parent being the row above."""
    titles = [place for place, name in enumerate(table.columns) if re.fullmatch(r"(?i)title \d+", name)]
    iteration = _place(table, "iteration path")
    if iteration is not None:
        # The first part is the project; work that is planned for no iteration has nothing else.
        table = _changed(table, [iteration], lambda path: path.rpartition("\\")[2] if "\\" in path else "")
    if not titles:
        return table
    key = _place(table, "id")
    named, parents, trail = [], [], [""] * len(titles)
    for row in table.rows:
        depth = next((depth for depth, place in enumerate(titles) if row[place].strip()), 0)
        named.append(row[titles[depth]])
        parents.append(trail[depth - 1] if depth else "")
        trail[depth] = row[key] if key is not None else ""
    table = _with_column(table, "Title", named)
    return table if _place(table, "parent") is not None else _with_column(table, "Parent", parents)


def _gitlab(table: Table) -> Table:
    """A board's columns are labels there; they tell more than that an issue is open."""
    table = _with_kind_by_labels(_with_reference(table))
    labels, state = _place(table, "labels"), _place(table, "state")
    if labels is None or state is None:
        return table
    statuses = [
        status_by_label(row[labels].split(",")) or row[state]
        if row[state].strip().casefold() in ("open", "opened")
        else row[state]
        for row in table.rows
    ]
    return _with_column(table, "Status", statuses)


def card_created(card_id: str) -> str:
    """Trello's ids begin with the second they were made in, in hexadecimal digits. "" for another kind of id."""
    if not re.fullmatch(r"[0-9a-f]{24}", card_id):
        return ""
    return datetime.fromtimestamp(int(card_id[:8], 16), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def card_key(address: str, card_id: str) -> str:
    """The short name of a card in its address, which moves between boards do not change."""
    found = _CARD_ADDRESS.match(address.strip())
    return found["card"] if found else card_id


def _trello(table: Table) -> Table:
    card, address = _place(table, "card id"), _place(table, "card url")
    archived, complete, labels = _place(table, "archived"), _place(table, "due complete"), _place(table, "labels")
    status, lists = [], _place(table, "list name")
    for row in table.rows:
        is_away = archived is not None and row[archived].strip().casefold() == "true"
        status.append("Archived" if is_away and lists is not None and not _is_done(row[lists]) else row[lists or 0])
    ids = [row[card] if card is not None else "" for row in table.rows]
    keys = [
        card_key(row[address] if address is not None else "", one) for row, one in zip(table.rows, ids, strict=True)
    ]
    done = ["done" if complete is not None and row[complete].strip().casefold() == "true" else "" for row in table.rows]
    if labels is not None:
        # "Design (green)": colours are no part of the name.
        table = _changed(table, [labels], lambda cell: re.sub(r" \([a-z_ ]+\)(?=,|$)", "", cell))
    made = {"Status": status, REFERENCE: keys, MADE_CREATED: [card_created(one) for one in ids], MADE_CATEGORY: done}
    for name, cells in made.items():
        table = _with_column(table, name, cells)
    return table


def _is_done(status: str) -> bool:
    return guessed(status) is Category.DONE


def _script_date(cell: str) -> str:
    found = _SCRIPT_DATE.fullmatch(cell.strip())
    return f"{found[2]} {found[1]} {found[3]} {found[4]}{found[5]}" if found else cell


def _linear(table: Table) -> Table:
    dates = ("created", "updated", "started", "triaged", "completed", "canceled", "archived")
    table = _changed(table, [place for name in dates if (place := _place(table, name)) is not None], _script_date)
    # Text that a spreadsheet might run was disarmed with an apostrophe.
    title = _place(table, "title")
    if title is not None:
        table = _changed(table, [title], lambda cell: cell[1:] if re.match(r"'[=+\-@]", cell) else cell)
    done, given_up = _place(table, "completed"), _place(table, "canceled")
    number, name = _place(table, "cycle number"), _place(table, "cycle name")

    def cell(row: list[str], place: int | None) -> str:
        return row[place].strip() if place is not None else ""

    finished = [cell(row, done) or cell(row, given_up) for row in table.rows]
    ended = ["Canceled" if not cell(row, done) and cell(row, given_up) else "" for row in table.rows]
    cycles = [cell(row, name) or (f"Cycle {cell(row, number)}" if cell(row, number) else "") for row in table.rows]
    table = _with_column(_with_column(table, "Finished", finished), "Resolution", ended)
    return _with_kind_by_labels(_with_column(table, "Sprint", cycles))


def _asana(table: Table) -> Table:
    """Parents are given by their names, which count where only one task is called so."""
    key, name, parent = _place(table, "task id"), _place(table, "name"), _place(table, "parent task")
    if key is None or name is None or parent is None:
        return table
    named: dict[str, set[str]] = {}
    for row in table.rows:
        named.setdefault(row[name].strip(), set()).add(row[key].strip())
    known = {one: next(iter(keys)) for one, keys in named.items() if len(keys) == 1}
    return _changed(table, [parent], lambda cell: known.get(cell.strip(), cell))


def _names(*names: str) -> frozenset[str]:
    return frozenset(names)


# Its key's column is called so in English, German, French and Spanish, and in no other tracker's export.
_JIRA_KEYS = (
    "issue key", "vorgangsschlüssel", "clé de ticket", "clé du ticket", "clé de demande", "clé de la demande",
    "clave de incidencia", "clave de la incidencia",
)  # fmt: skip
JIRA = Tool("Jira", (*(_names(key) for key in _JIRA_KEYS), _names("key", "issuetype")))
AZURE = Tool(
    "Azure DevOps",
    (_names("work item type", "state"), _names("work item type", "title 1")),
    {
        "key": ("id",),
        "started": ("activated date",),
        "resolved": ("closed date", "completed date", "done date"),
        "category_changed": ("state change date",),
        "sprints": ("iteration path",),
        "components": ("area path",),
        "fix_versions": (),
        "resolution": ("resolved reason", "reason"),
    },
    # Resolved is waiting for somebody to check it, and Closed comes after.
    statuses={"resolved": Category.IN_PROGRESS},
    gone=_names("removed"),
    prepare=_azure,
    advice="In the query's column options add Created Date, Closed Date and Changed Date, and export again.",
)
GITHUB = Tool(
    "GitHub",
    (),
    {
        "key": ("reference", "number"),
        "source_id": ("node id", "id"),
        "started": (),
        "resolved": ("closed at", "closed"),
        "fix_versions": ("milestone",),
        "resolution": ("state reason",),
        "parent": ("parent issue", "parent"),
        "type": ("type",),
    },
    done_by_date=True,
    prepare=lambda table: _with_kind_by_labels(_with_reference(table)),
)
GITHUB_PROJECT = replace(
    GITHUB,
    name="GitHub project",
    telling=(
        _names("title", "linked pull requests"),
        _names("title", "sub issues progress"),
        _names("title", "assignees", "repository"),
    ),
    done_by_date=False,
    advice="In the project's table view show the fields Created and Closed, and export the view again.",
)
GITLAB = Tool(
    "GitLab",
    (_names("url", "state", "author username"), _names("web url", "iid")),
    {
        "key": ("reference", "iid", "issue id"),
        "source_id": ("iid", "issue id"),
        "parent_id": ("parent iid",),
        "started": (),
        "resolved": ("closed at",),
        "fix_versions": ("milestone",),
        "epic": ("epic title",),
        "points": ("weight",),
        "sprints": ("iteration",),
        "priority": ("severity",),
    },
    done_by_date=True,
    prepare=_gitlab,
)
TRELLO = Tool(
    "Trello",
    (_names("card id", "list name"),),
    {
        "key": ("reference",),
        "source_id": ("card id",),
        "summary": ("card name",),
        "created": ("created",),
        "updated": ("last activity date",),
        "category": ("category",),
        "status": ("status",),
        "project": ("board name",),
        "url": ("card url",),
        # Planned, not done.
        "started": (),
        "resolved": (),
    },
    gone=_names("archived"),
    prepare=_trello,
)
LINEAR = Tool(
    "Linear",
    (_names("team", "cycle number", "canceled"), _names("parent issue", "sla status", "canceled")),
    {
        "key": ("id",),
        "source_id": ("uuid",),
        "resolved": ("finished",),
        "resolution": ("resolution",),
        "sprints": ("sprint",),
        "parent": ("parent issue",),
        "project": ("project", "team"),
        "fix_versions": ("project milestone",),
    },
    done_by_date=True,
    prepare=_linear,
)
ASANA = Tool(
    "Asana",
    (_names("task id", "section column"), _names("task id", "completed at", "last modified")),
    {
        "key": ("task id",),
        "summary": ("name",),
        "status": ("section column", "section"),
        "parent": ("parent task",),
        "project": ("projects", "project"),
        # Planned, not done.
        "started": (),
        "resolved": ("completed at",),
    },
    done_by_date=True,
    prepare=_asana,
)
TOOLS: tuple[Tool, ...] = (JIRA, AZURE, TRELLO, LINEAR, ASANA, GITLAB, GITHUB_PROJECT)
