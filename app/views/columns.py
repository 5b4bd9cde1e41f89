"""The columns that lists of issues can show, and the order they can be put in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.calendar import Calendar
from app.domain.extras import EARLIER_KEY
from app.domain.flow import Flow
from app.domain.items import Item, Unit
from app.domain.own_fields import own_values, plain
from app.views.view import Behind, Scene, cell_text
from app.words import N_, _


@dataclass(frozen=True, slots=True)
class Listed:
    """One issue of a list: its item, what it adds to the number the list is about, and why it is here."""

    item: Item
    amount: float
    why: str


@dataclass(frozen=True, slots=True)
class Column:
    """`cell` gives text, a number, a day or None; `unit` is written after a number ("d": days). `values`: each of the
    texts that a cell names, None: it names one at most."""

    name: str
    label: str
    cell: Callable[[Listed, Scene], Any]
    unit: str = ""
    is_number: bool = False
    values: Callable[[Listed, Scene], tuple[str, ...]] | None = None


def _started(item: Item, calendar: Calendar) -> date | None:
    at = item.started or item.issue.created
    return calendar.day_of(at) if at is not None else None


def _age(row: Listed, scene: Scene) -> int | None:
    """Days in work, else since it was made, today counted; None once it is done."""
    start = _started(row.item, scene.analysis.params.calendar)
    return None if start is None or row.item.done else max(1, (scene.analysis.last_day - start).days + 1)


def _in_status(row: Listed, scene: Scene) -> int | None:
    """Days, both counted; of an item that never moved since it was made, where the source tells of moves."""
    stays = row.item.stays
    since = stays[-1].since if stays else row.item.issue.created if scene.analysis.tells_moves else None
    if row.item.done or since is None:
        return None
    return max(1, (scene.analysis.last_day - scene.analysis.params.calendar.day_of(since)).days + 1)


def _status(row: Listed, scene: Scene) -> str:
    """As known then: what an issue says at present tells nothing of a past day."""
    return row.item.status or (row.item.issue.status if scene.analysis.is_live else "")


def _day(name: str) -> Callable[[Listed, Scene], date | None]:
    def cell(row: Listed, scene: Scene) -> date | None:
        at = getattr(row.item.issue, name)
        return scene.analysis.params.calendar.day_of(at) if at is not None else None

    return cell


def _took(row: Listed, scene: Scene) -> int | None:
    """Days from the first start to the last finish, both counted; from creation where nothing tells of starts."""
    item, flow = row.item, scene.past.flow
    if item.done_at is None:
        return None
    from_creation = isinstance(flow, Flow) and flow.counts_from == "creation"
    start = item.issue.created if from_creation else item.started
    if start is None:
        return None
    return (item.finished[-1] - scene.analysis.params.calendar.day_of(min(start, item.done_at))).days + 1


def _text(name: str) -> Callable[[Listed, Scene], str]:
    def cell(row: Listed, scene: Scene) -> str:
        value = getattr(row.item.issue, name)
        return ", ".join(value) if isinstance(value, tuple) else value

    return cell


def _then(name: str, field: str) -> Callable[[Listed, Scene], str]:
    """A field of the issue; on a past day as it was known then, where a history tells it."""
    present = _text(name)

    def cell(row: Listed, scene: Scene) -> str:
        analysis = scene.analysis
        if analysis.is_live:
            return present(row, scene)
        return ", ".join(analysis.listed_values.known(row.item, field, analysis.known.known_until))

    return cell


def _several(name: str, label: str, attribute: str, field: str) -> Column:
    """A field of several values; on a past day those that were known then, where a history tells them."""

    def values(row: Listed, scene: Scene) -> tuple[str, ...]:
        if scene.analysis.is_live:
            return tuple(getattr(row.item.issue, attribute))
        return scene.analysis.listed_values.known(row.item, field, scene.analysis.known.known_until)

    return Column(name, label, lambda row, scene: ", ".join(values(row, scene)), values=values)


COLUMNS: tuple[Column, ...] = (
    Column("key", N_("Key"), _text("key")),
    Column("summary", N_("Summary"), _text("summary")),
    Column("type", N_("Type"), _then("type", "type")),
    Column("status", N_("Status"), _status),
    Column("age", N_("Age"), _age, N_("d"), True),
    Column("in-status", N_("In status"), _in_status, N_("d"), True),
    Column("took", N_("Took"), _took, N_("d"), True),
    Column("points", N_("Points"), lambda row, scene: row.item.points, "", True),
    _several("version", N_("Version"), "fix_versions", "version"),
    _several("sprint", N_("Sprint"), "sprints", "sprint"),
    Column("epic", N_("Epic"), _then("parent", "parent")),
    _several("labels", N_("Labels"), "labels", "label"),
    _several("components", N_("Components"), "components", "component"),
    Column("priority", N_("Priority"), _then("priority", "priority")),
    Column("assignee", N_("Assignee"), _then("assignee", "assignee")),
    Column("created", N_("Created"), _day("created")),
    Column("finished", N_("Finished"), lambda row, scene: row.item.done),
    Column("amount", N_("Counts"), lambda row, scene: row.amount, "", True),
    Column("why", N_("Why here"), lambda row, scene: row.why),
)
# By these a list can be grouped, beside the fields that only its source has.
_GROUPED = ("epic", "type", "status", "version", "sprint", "labels", "components", "priority", "assignee")
USUAL = ("key", "summary", "type", "status", "age", "in-status", "points", "version", "why")
# Before the name of a field that only this source has, so that it is nobody else's.
_OWN = "own:"
_OURS = {EARLIER_KEY: N_("Earlier key")}
_BY_NAME = {column.name: column for column in COLUMNS}


def own_columns(scene: Scene) -> tuple[Column, ...]:
    """A column for each field that only this source has."""
    return tuple(_own(field, label) for field, label in scene.analysis.known.own_fields.items())


def _own(field: str, label: str) -> Column:
    name = _OWN + field.replace(" ", "_")

    def values(row: Listed, scene: Scene) -> tuple[str, ...]:
        return tuple(own_values(row.item.issue, field))

    return Column(name, _OURS.get(label, label), lambda row, scene: ", ".join(values(row, scene)), values=values)


def columns_of(names: Iterable[str], scene: Scene | None = None) -> tuple[Column, ...]:
    """The columns of these names, unknown ones left out; with a scene also the source's own."""
    wanted = tuple(names)
    own = own_columns(scene) if scene is not None and any(name.startswith(_OWN) for name in wanted) else ()
    by_name = {**_BY_NAME, **{column.name: column for column in own}}
    return tuple(by_name[name] for name in wanted if name in by_name)


def grouping_columns(scene: Scene) -> tuple[Column, ...]:
    """The columns by whose texts a list can be grouped."""
    return (*columns_of(_GROUPED), *own_columns(scene))


def usual_columns(rows: Sequence[Listed], scene: Scene, extra: Sequence[str] = ()) -> tuple[Column, ...]:
    """The usual columns and a view's own before the points, without those in which nothing stands for any of these
    issues."""
    at = USUAL.index("points")
    own = [name for name in extra if name not in USUAL]
    columns = columns_of((*USUAL[:at], *own, *USUAL[at:]))
    kept = ("key", "summary")
    return tuple(column for column in columns if column.name in kept or any(_has(column, row, scene) for row in rows))


def _has(column: Column, row: Listed, scene: Scene) -> bool:
    return column.cell(row, scene) not in (None, "")


def listed(scene: Scene, behind: Behind, most: int | None = None) -> list[Listed]:
    """The issues behind a number, in the order in which it names them; `most`: only the first so many."""
    keys = (behind.keys or ())[:most]
    wanted = set(keys)
    items = {item.issue.key: item for item in scene.analysis.items if item.issue.key in wanted}
    each = behind.each[:most] or tuple(items[key].size(scene.unit) if key in items else 0.0 for key in keys)
    whys = behind.whys[:most] or (behind.why,) * len(keys)
    return [Listed(items[key], amount, why) for key, amount, why in zip(keys, each, whys, strict=True) if key in items]


def ordered(rows: Sequence[Listed], scene: Scene, order: str) -> list[Listed]:
    """By a column's name, with a minus before it downwards; what is not known comes last either way. Statuses go as the
    board has them, where there is one."""
    columns = columns_of([order.removeprefix("-")], scene)
    if not columns:
        return list(rows)
    cells = [(columns[0].cell(row, scene), row) for row in rows]
    known = [pair for pair in cells if pair[0] not in (None, "")]
    # Stable, so that what is equal stays in the order of before.
    place = scene.analysis.known.status_order.place if columns[0].name == "status" else _nowhere
    known.sort(key=lambda pair: (place(str(pair[0])), pair[0]), reverse=order.startswith("-"))
    return [row for _, row in known] + [row for cell, row in cells if cell in (None, "")]


@dataclass(frozen=True, slots=True)
class Placed:
    """An issue below one of the texts by which a list is grouped, "" where it has none; `elsewhere`: it stands below
    other ones too."""

    text: str
    row: Listed
    elsewhere: bool


def in_groups(rows: Sequence[Listed], scene: Scene, column: Column) -> list[Placed]:
    """Each issue below each of its texts in a column, as trackers show an issue of two versions; those without any
    last. Within a group they stay in the order of before."""
    placed = [
        Placed(text, row, len(texts) > 1) for row in rows for texts in [_texts(column, row, scene)] for text in texts
    ]
    place = scene.analysis.known.status_order.place if column.name == "status" else _nowhere
    return sorted(placed, key=lambda each: (not each.text, place(each.text), each.text))


def _texts(column: Column, row: Listed, scene: Scene) -> tuple[str, ...]:
    """Each once; one that is empty where there is none."""
    if column.values is None:
        return (str(column.cell(row, scene) or ""),)
    return tuple(dict.fromkeys(text for text in column.values(row, scene) if text)) or ("",)


@dataclass(frozen=True, slots=True)
class Together:
    """The issues of a group; `points` None where none of the list has any, `elsewhere` how many of them stand in other
    groups too."""

    count: int
    points: float | None
    elsewhere: int = 0


def together(placed: Sequence[Placed]) -> dict[str, Together]:
    """What each group of a list comes to."""
    by_text: dict[str, list[Placed]] = {}
    for each in placed:
        by_text.setdefault(each.text, []).append(each)
    has_points = any(each.row.item.points is not None for each in placed)
    return {text: _sum_of(group, has_points) for text, group in by_text.items()}


def _sum_of(group: Sequence[Placed], has_points: bool) -> Together:
    points = sum(each.row.item.size(Unit.POINTS) for each in group) if has_points else None
    return Together(len(group), points, sum(each.elsewhere for each in group))


def _nowhere(value: str) -> int:
    return 0


def matching(rows: Sequence[Listed], words: str) -> list[Listed]:
    """Those whose key, summary, type, status, labels and the like hold every word."""
    wanted = words.casefold().split()
    return [row for row in rows if all(word in _searched(row) for word in wanted)]


def _searched(row: Listed) -> str:
    issue = row.item.issue
    earlier = own_values(issue, plain(EARLIER_KEY)) if issue.extras else ()
    texts = (issue.key, issue.summary, issue.type, row.item.status, issue.parent, issue.priority, issue.assignee)
    return " ".join(
        (*texts, *earlier, *issue.labels, *issue.components, *issue.fix_versions, *issue.sprints)
    ).casefold()


def written(column: Column, row: Listed, scene: Scene) -> str:
    """A cell as a reader sees it."""
    value = column.cell(row, scene)
    text = cell_text(value, scene.formats)
    return f"{text}\u202f{_(column.unit)}" if column.unit and isinstance(value, int | float) else text
