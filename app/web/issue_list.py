"""Lists of issues: the same table below a view, in the panel and on the page of issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from dash import dcc, html

from app.domain.items import Unit
from app.views.columns import Column, Listed, Together, listed, usual_columns, written
from app.views.view import Behind, Scene, View
from app.web.components import amount, data_table
from app.web.page import Visit
from app.words import _, n_
from store.records import Issue

# So many are read at a glance; all of them are one click away.
_FIRST = 20
# The place of the column that a phone shows after key, summary, type and status.
_BESIDE = 4


@dataclass(frozen=True, slots=True)
class Folds:
    """Which groups of a list are folded, as it stands in an address: "all" or nothing, and a sign for each group that
    is not as the others are. Signs are short however long a group's name is, and hold when others come or go."""

    is_all: bool = False
    others: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str) -> Folds:
        signs = [sign for sign in text.split(".") if sign]
        return cls(signs[:1] == [_ALL], frozenset(signs) - {_ALL})

    def __contains__(self, text: object) -> bool:
        return (_sign(str(text)) in self.others) != self.is_all

    def turned(self, text: str) -> str:
        """As it is in an address when this group alone is turned."""
        return ".".join([*([_ALL] if self.is_all else []), *sorted(self.others ^ {_sign(text)})])


_ALL = "all"


def _sign(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


@dataclass(frozen=True, slots=True)
class Grouping:
    """By which column a list is grouped, below which text each of the rows stands that are shown, what the whole list
    comes to by its texts, and which groups are folded; of those one row is shown that stands for all."""

    column: Column
    texts: Sequence[str]
    sums: Mapping[str, Together]
    folds: Folds


def table(
    visit: Visit,
    scene: Scene,
    rows: Sequence[Listed],
    columns: Sequence[Column],
    order: str = "",
    about: str = "",
    grouping: Grouping | None = None,
) -> Any:
    """The issues as a table; a key leads to the issue's page. `order` given: headings sort. With a `grouping`, in whose
    order the rows are, a line before each group says what it is and what it comes to, on every page of the list."""
    head = [_heading(visit, column, order) for column in columns]
    body: list[list[Any]] = []
    lines: list[int] = []
    before = None
    for at, row in enumerate(rows):
        text = grouping.texts[at] if grouping is not None else None
        if grouping is not None and text is not None and text != before:
            lines.append(len(body))
            body.append([_line(visit, scene, grouping, text), _fold(visit, grouping, text)])
        before = text
        if grouping is not None and text is not None and text in grouping.folds:
            continue
        body.append([_cell(visit, scene, column, row) for column in columns])
    numeric = [at for at, column in enumerate(columns) if column.is_number]
    # A phone has room for days beside the status; a number that does not say of what, or half a name, says nothing.
    has_days = len(columns) > _BESIDE and bool(columns[_BESIDE].unit)
    return data_table(head, body, numeric, name="issues" if has_days else "issues bare", about=about, lines=lines)


def _line(visit: Visit, scene: Scene, grouping: Grouping, text: str) -> Any:
    """What stands above a group; that of an epic which is here leads to it."""
    epic = _epic(scene, grouping, text)
    name = " ".join(filter(None, (text, epic.summary if epic is not None else ""))) or _("Without a value")
    sums = grouping.sums[text]
    count = n_("{count} issue", "{count} issues", sums.count, count=scene.formats.number(sums.count))
    parts = [
        name,
        count,
        *_elsewhere(sums, scene),
        *([] if sums.points is None else [amount(scene.formats, sums.points, Unit.POINTS)]),
    ]
    words = " · ".join(parts)
    return [words, visit.href(f"/issues/{text}")] if epic is not None else words


def _epic(scene: Scene, grouping: Grouping, text: str) -> Issue | None:
    is_epic = grouping.column.name == "epic"
    return scene.analysis.known.hierarchy.issues.get(text) if is_epic else None


def _fold(visit: Visit, grouping: Grouping, text: str) -> dict[str, Any]:
    """Where a group is folded or opened: the address, whether it is folded, and what it is called in both."""
    label = _("Issues of {group}", group=text or _("Without a value"))
    address = visit.here(folded=grouping.folds.turned(text), page=None)
    return {"href": address, "folded": text in grouping.folds, "label": label}


def _elsewhere(sums: Together, scene: Scene) -> list[str]:
    """Where an issue has several texts in the column, and stands below each of them."""
    if not sums.elsewhere:
        return []
    count = scene.formats.number(sums.elsewhere)
    return [
        n_("{count} of them in another group too", "{count} of them in other groups too", sums.elsewhere, count=count)
    ]


def _heading(visit: Visit, column: Column, order: str) -> Any:
    if not order:
        return column.label
    is_down = order == f"-{column.name}"
    arrow = " ▾" if is_down else " ▴" if order == column.name else ""
    turned = column.name if is_down else f"-{column.name}"
    return [_(column.label) + arrow, visit.here(sort=turned if arrow or column.is_number else column.name)]


def _cell(visit: Visit, scene: Scene, column: Column, row: Listed) -> Any:
    text = written(column, row, scene)
    return [text, visit.href(f"/issues/{text}")] if column.name == "key" else text


def below(visit: Visit, scene: Scene, view: View) -> list[Any]:
    """The lists of a view under its chart: which one stands in the address, the first as a default."""
    if not view.lists:
        return []
    chosen = visit.choice.option("list")
    show = next((show for _, show in view.lists if show == chosen), view.lists[0][1])
    return [html.Section([_lists(visit, view, show), first_of(visit, scene, show, view.columns)], className="card")]


def _lists(visit: Visit, view: View, show: str) -> Any:
    links = [_list_link(visit, text, name, is_here=name == show) for text, name in view.lists]
    return html.Div(links, className="lists", role="group", **{"aria-label": _("Which issues")})


def _list_link(visit: Visit, text: str, show: str, is_here: bool) -> Any:
    return dcc.Link(text, href=visit.here(list=show, show=None), className="here" if is_here else "")


def first_of(visit: Visit, scene: Scene, show: str, extra: Sequence[str] = ()) -> Any:
    """The first issues behind a number, and the way to all of them."""
    behind = visit.behind(scene, show)
    if behind is None or behind.keys is None:
        return html.P(_("No issues are behind these numbers."), className="quiet")
    return shown(visit, scene, behind, show, extra)


def shown(visit: Visit, scene: Scene, behind: Behind, show: str, extra: Sequence[str] = (), about: str = "") -> Any:
    first = listed(scene, behind, _FIRST)
    if not first:
        return html.P(_("No issues."), className="quiet")
    more = dcc.Link(_all_of(scene, len(behind.keys or ())), href=visit.href("/issues", show=show), className="more")
    below_it = html.Div([more, copy_button()], className="below-table")
    return html.Div(
        [table(visit, scene, first, usual_columns(first, scene, extra), about=about), below_it],
        className="first-issues",
    )


def copy_button() -> Any:
    """The table beside it goes to the clipboard, for a spreadsheet or a message."""
    return html.Button(_("Copy this table"), className="text-button", **{"data-copy-table": "true"})


def _all_of(scene: Scene, count: int) -> str:
    return _("Open in Issues") if count <= _FIRST else _("All {count} in Issues", count=scene.formats.number(count))
