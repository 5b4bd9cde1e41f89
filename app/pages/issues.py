"""Issues: the one list. What stands in it is in the address: the number it is behind, words, order, columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from dash import dcc, html

from app.domain.extras import EARLIER_KEY
from app.domain.history import POINTS_FIELDS
from app.domain.items import Item
from app.domain.own_fields import own_values, plain
from app.views.columns import (
    COLUMNS,
    USUAL,
    Column,
    Listed,
    Placed,
    columns_of,
    grouping_columns,
    in_groups,
    listed,
    matching,
    ordered,
    own_columns,
    together,
    usual_columns,
    written,
)
from app.views.view import Behind, Scene
from app.web import issue_list
from app.web.components import card, data_table, empty_state, link_button, safe_link
from app.web.page import Page, Visit
from app.words import N_, _, n_

# One page of the list: the browser draws it at once, and nobody reads further.
_ROWS = 200
_DEFAULT, _ORDER = "open", "-age"


def layout(visit: Visit) -> Any:
    if not visit.analysis.has_items:
        reason = _("Weekly numbers name no issues. Import the issues to see them here.")
        return html.Div(
            [
                html.H1(_("Issues")),
                card(empty_state(_("No issues"), reason, link_button(_("Add data"), visit.href("/data/sources")))),
            ],
            className="page",
        )
    scene = visit.scene()
    show = visit.choice.option("list") or visit.choice.option("show") or _DEFAULT
    behind = visit.behind(scene, show)
    rows = _rows(visit, scene, behind)
    placed = _placed(visit, scene, rows)
    return html.Div(
        [
            html.Div(
                [
                    html.H1(_("Issues")),
                    html.P(_summary(visit, behind, rows), className="finding"),
                    *_in_several(visit, placed),
                ],
                className="issues-head",
            ),
            _tools(visit, show),
            html.Section([_table(visit, scene, placed), *_below(visit, placed)], className="card first-issues"),
        ],
        className="page",
    )


def _rows(visit: Visit, scene: Scene, behind: Behind | None) -> list[Listed]:
    rows = listed(scene, behind) if behind is not None else []
    return ordered(matching(rows, visit.choice.option("q")), scene, visit.choice.option("sort") or _ORDER)


def _placed(visit: Visit, scene: Scene, rows: list[Listed]) -> list[Placed]:
    by = _grouped_by(visit, scene)
    return [Placed("", row, False) for row in rows] if by is None else in_groups(rows, scene, by)


def _in_several(visit: Visit, placed: list[Placed]) -> list[Any]:
    """Why the groups come to more than the list."""
    count = len({each.row.item.issue.key for each in placed if each.elsewhere})
    if not count:
        return []
    words = n_(
        "{count} stands in several groups. In the number above it counts once.",
        "{count} stand in several groups. In the number above each counts once.",
        count,
        count=visit.formats.number(count),
    )
    return [html.P(words, className="quiet")]


def _grouped_by(visit: Visit, scene: Scene) -> Column | None:
    name = visit.choice.option("group")
    return next((column for column in grouping_columns(scene) if column.name == name), None) if name else None


def _summary(visit: Visit, behind: Behind | None, rows: list[Listed]) -> str:
    write = visit.formats.number
    title = behind.title if behind is not None else _("Nothing by this name")
    everything = visit.analysis.items
    words = _("{title}: {count} of {count_2}", title=title, count=write(len(rows)), count_2=write(len(everything)))
    beside = sum(not item.in_scope for item in everything)
    if not beside:
        return words
    return words + n_(", {count} of which no longer counts", ", {count} of which no longer count", beside)


def _tools(visit: Visit, show: str) -> Any:
    field = html.Div(
        className="search-field",
        **{"data-name": "q", "data-value": visit.choice.option("q"), "data-label": _("Search key or words")},
    )
    csv = html.A("CSV", href=visit.href("/_csv/issues", show=show), download="", className="more")
    return html.Div([_which(visit, show), field, *_groups(visit), _columns(visit), csv], className="issue-tools")


def _which(visit: Visit, show: str) -> Any:
    names = ((_("Open"), "open"), (_("Done"), "done"), (_("All"), "scope"))
    links = [
        dcc.Link(text, href=visit.here(list=name, show=None, page=None), className="here" if name == show else "")
        for text, name in names
    ]
    chip = [] if show in dict(names).values() else [_chip(visit)]
    return html.Div([*chip, *links], className="lists", role="group", **{"aria-label": _("Which issues")})


def _chip(visit: Visit) -> Any:
    return dcc.Link(
        [_("What you came from "), html.Span("✕", **{"aria-hidden": "true"})],
        href=visit.here(show=None, list=None, page=None),
        className="chip",
    )


def _groups(visit: Visit) -> list[Any]:
    """By what the list is grouped; none of the columns in which nothing stands is offered."""
    scene = visit.scene()
    by = _grouped_by(visit, scene)
    there = [
        column
        for column in grouping_columns(scene)
        if any(column.cell(Listed(item, 0.0, ""), scene) for item in visit.analysis.items)
    ]
    choices = [("", _("Not grouped")), *((column.name, _(column.label)) for column in there)]
    here = by.name if by is not None else ""
    links = [
        dcc.Link(("✓ " if name == here else "") + label, href=visit.here(group=name, folded=None, page=None))
        for name, label in choices
    ]
    words = _("Group") if by is None else _("By {field}", field=_(by.label))
    return [
        html.Details([html.Summary(words), html.Div(links, className="menu-body")], className="menu"),
        *([] if by is None else [_all_at_once(visit)]),
    ]


def _all_at_once(visit: Visit) -> Any:
    is_any_folded = bool(visit.choice.option("folded"))
    words, folded = (_("Open all groups"), None) if is_any_folded else (_("Fold all groups"), "all")
    return dcc.Link(words, href=visit.here(folded=folded, page=None), className="more")


def _columns(visit: Visit) -> Any:
    chosen = _names(visit)
    there = (*COLUMNS, *own_columns(visit.scene()))
    links = [_column(visit, column, chosen) for column in there if column.name not in ("key", "summary")]
    return html.Details([html.Summary(_("Columns")), html.Div(links, className="menu-body")], className="menu")


def _column(visit: Visit, column: Column, chosen: Iterable[str]) -> Any:
    names = list(chosen)
    is_on = column.name in names
    left = [name for name in names if name != column.name] if is_on else [*names, column.name]
    return dcc.Link(("✓ " if is_on else "") + _(column.label), href=visit.here(columns=" ".join(left)))


def _names(visit: Visit) -> list[str]:
    chosen = visit.choice.option("columns").split()
    return chosen or [name for name in USUAL if name not in ("key", "summary")]


def _table(visit: Visit, scene: Scene, placed: list[Placed]) -> Any:
    if not placed:
        return html.P(_("No issue is in this list."), className="quiet")
    order = visit.choice.option("sort") or _ORDER
    unfolded = _unfolded(visit, placed)
    first = _ROWS * (_page(visit) - 1)
    chosen = visit.choice.option("columns").split()
    usual = [] if chosen else [each.row for each in placed]
    columns = columns_of(["key", "summary", *chosen], scene) if chosen else usual_columns(usual, scene)
    by, shown = _grouped_by(visit, scene), unfolded[first : first + _ROWS]
    texts = [each.text for each in shown]
    grouping = issue_list.Grouping(by, texts, together(placed), _folds(visit)) if by is not None else None
    rows = [each.row for each in shown]
    return issue_list.table(visit, scene, rows, columns, order, grouping=grouping)


def _folds(visit: Visit) -> issue_list.Folds:
    return issue_list.Folds.of(visit.choice.option("folded"))


def _unfolded(visit: Visit, placed: list[Placed]) -> list[Placed]:
    """What takes room in the list: of a folded group its first alone, which stands for all of it."""
    folds, before = _folds(visit), None
    if not visit.choice.option("group") or folds == issue_list.Folds():
        return placed
    shown = list[Placed]()
    for each in placed:
        if each.text != before or each.text not in folds:
            shown.append(each)
        before = each.text
    return shown


def _below(visit: Visit, placed: list[Placed]) -> list[Any]:
    """The way to the other pages, and this one for the clipboard."""
    count = len(_unfolded(visit, placed))
    return [html.Div([_turn(visit, count), issue_list.copy_button()], className="below-table")] if placed else []


def _page(visit: Visit) -> int:
    text = visit.choice.option("page")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _turn(visit: Visit, count: int) -> Any:
    """The way to the other pages of a long list."""
    pages, here = -(-count // _ROWS), _page(visit)
    if pages < 2:
        return None
    near = sorted({1, pages, *(number for number in range(here - 2, here + 3) if 1 <= number <= pages)})
    links = [
        dcc.Link(str(number), href=visit.here(page=number), className="here" if number == here else "")
        for number in near
    ]
    return html.Nav(links, className="lists", **{"aria-label": _("Pages of the list")})


# -- one issue ------------------------------------------------------------------------------------------


def issue(visit: Visit) -> Any:
    """An issue's own page, by the key at the end of the address."""
    key = visit.path.rsplit("/", 1)[-1]
    items = visit.analysis.items
    item = next((item for item in items if item.issue.key == key), None) or _once_called(items, key)
    if item is None:
        back = link_button(_("All issues"), visit.href("/issues"))
        return html.Div([html.H1(key), card(empty_state(_("Not in this work list"), _MISSING, back))], className="page")
    url = safe_link(item.issue.url)
    tracker = [html.A(_("Open in the tracker"), href=url, target="_blank", rel="noopener noreferrer")] if url else []
    head = html.Div([html.H1([item.issue.key, " ", item.issue.summary]), *tracker], className="issue-head")
    parts = [head, _standing(visit, item), _facts(visit, item), _way(visit, item), _other_changes(visit, item)]
    return html.Div(parts, className="page")


def _once_called(items: Sequence[Item], key: str) -> Item | None:
    """The issue that had this key in a tracker of before."""
    return next(
        (item for item in items if item.issue.extras and key in own_values(item.issue, plain(EARLIER_KEY))), None
    )


_MISSING = N_("It has left the work list, was never in it, or belongs to a project that does not count.")


def _standing(visit: Visit, item: Item) -> Any:
    status, day = item.status or item.issue.status, item.done
    if day is not None:
        text = _(
            "Counts as done since {day}, because {status} means done.", day=visit.formats.short(day), status=status
        )
    elif item.in_scope and not item.status and visit.choice.as_of is not None:
        text = _("Open on that day; in which status is not known.")
    elif item.in_scope:
        text = _("Open, in {status}.", status=status)
    else:
        text = _("Does not count any more; its status is {status}.", status=status)
    return html.P([text, " ", dcc.Link(_("Data › Meaning"), href=visit.href("/data/meaning"), className="more")],
                  className="finding")  # fmt: skip


def _facts(visit: Visit, item: Item) -> Any:
    scene, row = visit.scene(), Listed(item, item.size(visit.analysis.params.unit), "")
    there = (*COLUMNS, *own_columns(scene))
    names = [column for column in there if column.name not in ("key", "summary", "why", "amount")]
    pairs = [[column.label, written(column, row, scene)] for column in names]
    return card(data_table(["", ""], [pair for pair in pairs if pair[1] != "–"], name="facts"), title=_("Now"))


def _way(visit: Visit, item: Item) -> Any:
    """Its way through the statuses, with the days in each; the newest at the end."""
    calendar, last = visit.analysis.params.calendar, visit.analysis.last_day
    if not item.stays:
        return card(html.P(_unmoved(visit, item), className="quiet"), title=_("Way through the statuses"))
    days = [calendar.day_of(stay.since) for stay in item.stays]
    # What lasts is counted with today, as everywhere.
    ends = [*days[1:], max(last, days[-1]) + timedelta(days=1) if item.done is None else days[-1]]
    length = max(1, (ends[-1] - days[0]).days)
    strip = [
        html.Span(
            style={"flexGrow": max(0.2, (end - day).days / length * 100)},
            className=f"stay {stay.category}",
            title=f"{stay.status}: {(end - day).days} d",
        )
        for stay, day, end in zip(item.stays, days, ends, strict=True)
    ]
    rows = [
        [visit.formats.short(day), stay.status, visit.formats.number((end - day).days)]
        for stay, day, end in zip(item.stays, days, ends, strict=True)
    ]
    return card(
        html.Div(strip, className="stays", **{"aria-hidden": "true"}),
        data_table([_("Since"), _("Status"), _("Days")], rows, (2,)),
        title=_("Way through the statuses"),
    )


def _unmoved(visit: Visit, item: Item) -> str:
    """Of an issue of which no change of status is known: none happened, or the source tells of none."""
    if item.issue.created is None or item.done is not None or not visit.analysis.tells_moves:
        return _("Its history is not known: the source told only what it is now.")
    since = visit.analysis.params.calendar.day_of(item.issue.created)
    days = (visit.analysis.last_day - since).days
    return n_(
        "In {status} since it was created on {day}, {count} day ago: no change of its status is known.",
        "In {status} since it was created on {day}, {count} days ago: no change of its status is known.",
        days,
        status=item.status or item.issue.status,
        day=visit.formats.short(since),
        count=visit.formats.number(days),
    )


def _other_changes(visit: Visit, item: Item) -> Any:
    """Its points, sprints and versions over time; nothing where none of them ever changed."""
    calendar, until = visit.analysis.params.calendar, visit.analysis.last_day
    changes = [
        (calendar.day_of(change.at), change)
        for change in visit.analysis.facts.changes
        if change.issue_key == item.issue.key and change.field in _FOLLOWED
    ]
    rows = [
        [visit.formats.short(day), _(_FOLLOWED[change.field]), change.from_value or "–", change.to_value or "–"]
        for day, change in changes
        if day <= until
    ]
    if not rows:
        return None
    head = [_("Day"), _("Field"), _("Before"), _("After")]
    return card(data_table(head, rows), title=_("Points, sprints and versions over time"))


# What is followed beside the status, by the names that sources give it.
_FOLLOWED = {
    **dict.fromkeys(sorted(POINTS_FIELDS), N_("Points")),
    "sprint": N_("Sprint"),
    **dict.fromkeys(("fix version", "version"), N_("Version")),
}

PAGE = Page("/issues", N_("Issues"), layout)
ISSUE = Page("/issues/", N_("Issue"), issue, under="/issues", title=lambda visit: visit.path.rsplit("/", 1)[-1])
