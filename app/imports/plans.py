"""Which columns of dates tell plans: a finish that lies ahead, or beside work that is not done, did not happen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache, partial

from app.domain.statuses import guessed, is_done_step, named
from app.errors import UnreadableFile
from app.imports.blanks import says_nothing
from app.imports.column_names import names_a_plan
from app.imports.columns import ColumnMapping, Layout
from app.imports.dates import DateReader, Writing, names_no_day
from app.imports.flags import FLAGS, YES
from app.imports.numbers import number
from app.imports.plain_names import plain_name, without_prefix
from app.imports.redmine_names import COLUMNS
from app.imports.tables import Table
from app.imports.trackers.tool import with_column
from app.words import N_
from store.records import Category

MADE_BY_FLAG = "Category (from yes and no)"
MADE_BY_PERCENT = "Category (from the per cent)"
MADE_BY_BOARD = "Category (from open and closed)"
# What boards call the place of a card, and statuses that say no more than whether it is closed.
_BOARDS = (
    "pipeline",
    "column",
    "column name",
    "board column",
    "list",
    "list name",
    "stage",
    "bucket",
    "bucket name",
    "spalte",
)
_OPEN_OR_CLOSED = frozenset(
    {"", "open", "opened", "active", "closed", "archived", "completed", "offen", "geschlossen", "ouvert", "fermé"}
)
# Names that plans and reports use alike; all others say that something happened, and are doubted less.
LIKE_A_PLAN = frozenset(
    {
        "start", "début", "start date", "start time", "startdatum", "begin", "beginn", "beginning", "date de début",
        "fecha de inicio", "data di inizio", "data de início", "finish",
        "finish date", "finish time", "end", "end date", "end time", "ende", "enddatum", "date de fin", "fecha de fin",
        "fertig", "completion date", "complete date", "delivered", "released", "release date", "fertig am",
        "begindatum", "rozpoczęcie", "zahájení", "начало", "başlangıç", "einddatum", "zakończenie", "slut",
        "dokončení", "окончание", "bitiş", "fecha fin", "終了日", "종료일", "bitiş tarihi", "data zakończenia",
        "fecha de finalización", "finalización",
        *COLUMNS["planned_start"],
    }
)  # fmt: skip
_PLANNED_START = re.compile(
    r"(?:plan|schedul|target|soll|prévu|previst|estim|est|expect|forecast|baseline)\w* "
    r"(?:start|begin|début|inicio|inizio|início)"
)
# "Start (actual)" stands beside the day that was planned.
_FACT = re.compile(
    r"\b(?:actual|ist|tatsächlich\w*|real|réell?e?s?|effettiv\w*|werkelijk\w*|rzeczywist\w*|skutečn\w*"
    r"|faktisk\w*|verklig\w*|gerçek|fiili|факт\w*)\b|实际|實際|実績|실제"
)
# A column of durations may stand between the two days of a plan.
_PAIR = 4
# So many items to do without a start vouch for it that the column of starts tells what happened.
_VOUCHERS = 5
# Of the rows with a date, the share that must contradict it before the column is taken for a plan.
_DOUBTFUL, _SURE = 0.1, 0.5


def planned_columns(
    table: Table, layout: Layout, mapping: ColumnMapping, writings: Mapping[str, Writing], zone: tzinfo, now: datetime
) -> frozenset[str]:
    """Of `started` and `resolved` those whose dates are plans. What a mapping names is what it says.

    Raises UnreadableFile where the finishes are planned and nothing else in the file says what is done.
    """
    if layout.tool is not None:
        return layout.tool.plans & layout.single.keys()
    rows = _Rows(table, layout, writings, zone, now)
    names = (name for name in ("started", "resolved") if name in layout.single and name not in mapping.columns)
    planned = frozenset(
        name
        for name in names
        if rows.tells_plans(name) or (name == "started" and rows.may_tell_plans() and _is_beside_plan(table, layout))
    )
    if "resolved" in planned and not {"status", "category", "percent", "is_done"} & layout.single.keys():
        column = table.columns[layout.single["resolved"]]
        raise UnreadableFile(
            N_(
                "{column} names days that lie ahead, so it tells what is planned, and nothing in the "
                "file says what is done. Export the status too; or say that it is the column of "
                "finishes, if that is what it is.",
                column=column,
            ),
            'Say it with {"resolved": "…"} in a mapping (--mapping FILE).',
        )
    return planned


def _is_beside_plan(table: Table, layout: Layout) -> bool:
    """Whether the column of starts begins a pair of planned days, as in "Start date, Due date", or in "Start date,
    Duration, End date" where another column tells the finish; not where the table names planned starts as well."""
    place = layout.single["started"]
    names = without_prefix(table.columns)
    if _FACT.search(table.columns[place].casefold()):
        return False
    if names[place] not in LIKE_A_PLAN or any(_PLANNED_START.search(name) for name in names):
        return False
    others = {*layout.single.values()}
    return any(
        names_a_plan(names[beside]) or (names[beside] in LIKE_A_PLAN and beside not in others)
        for beside in range(max(0, place - 1), min(place + _PAIR, len(names)))
        if beside != place
    )


def plans_left_out(table: Table, layout: Layout) -> tuple[str, ...]:
    """Said about columns of a tracker's own that are called like a start or an end, and tell plans there."""
    used = {*layout.single.values()}
    names = [
        name
        for place, name in enumerate(table.columns)
        if place not in used and plain_name(name) in LIKE_A_PLAN and any(row[place].strip() for row in table.rows)
    ]
    if layout.tool is None or not names:
        return ()
    if layout.tool.plans_note:
        return (layout.tool.plans_note,)
    return (
        N_(
            "Left out, since {name} keeps plans there and not what happened: {names}.",
            name=layout.tool.name,
            names=", ".join(names),
        ),
    )


def with_category_by_percent(table: Table, layout: Layout) -> tuple[Table, Layout]:
    """Where only per cent say how far the work is, they are its category; anything else as it is."""
    if "percent" not in layout.single or {"status", "category"} & layout.single.keys():
        return table, layout
    categories = ["" if share is None else _category_at(share) for share in _percents(_texts(table, layout, "percent"))]
    single = {**layout.single, "category": len(table.columns)}
    return with_column(table, MADE_BY_PERCENT, categories), replace(layout, single=single)


def with_category_by_flag(table: Table, layout: Layout) -> tuple[Table, Layout]:
    """Where yes in a column says that an item is done, that is its category; no leaves it to its status, and without
    one says of an item with a finish that it was opened again."""
    if "is_done" not in layout.single or "category" in layout.single:
        return table, layout
    rows = zip(_texts(table, layout, "is_done"), _texts(table, layout, "status"), _finishes(table, layout), strict=True)
    categories = [_category_by_flag(flag.strip().casefold(), status.strip(), finish) for flag, status, finish in rows]
    single = {**layout.single, "category": len(table.columns)}
    return with_column(table, MADE_BY_FLAG, categories), replace(layout, single=single)


def _category_by_flag(flag: str, status: str, has_finish: bool) -> str:
    if flag in YES:
        return "done"
    return "in progress" if has_finish and not status and flag in FLAGS and not says_nothing(flag) else ""


def _finishes(table: Table, layout: Layout) -> list[bool]:
    """Whether each row has a day of finish, in any column of them."""
    places = [
        place for place in (layout.single.get("resolved"), *layout.further.get("resolved", ())) if place is not None
    ]
    return [any(not names_no_day(row[place].strip()) for place in places) for row in table.rows]


def with_status_by_board(table: Table, layout: Layout) -> tuple[Table, Layout]:
    """Where the status only says open or closed and the column of a board stands beside it, that is the status, and
    closed the category; anything else as it is."""
    if "board" not in layout.single:
        return table, layout
    categories = ["done" if _is_closed(text) else "" for text in _texts(table, layout, "status")]
    single = {**layout.single, "status": layout.single["board"], "category": len(table.columns)}
    single.pop("board")
    return with_column(table, MADE_BY_BOARD, categories), replace(layout, single=single)


def board_beside(table: Table, layout: Layout) -> Layout:
    """The layout with the column of a board where the status of a table of nobody in particular says too little."""
    status = layout.single.get("status")
    if layout.tool is not None or status is None or "category" in layout.single:
        return layout
    names = [plain_name(name) for name in table.columns]
    board = next((names.index(name) for name in _BOARDS if name in names), status)
    words = {text.casefold() for text in table.texts(status)}
    if board == status or not words <= _OPEN_OR_CLOSED or not any(table.texts(board)):
        return layout
    return replace(layout, single={**layout.single, "board": board})


def _is_closed(status: str) -> bool:
    return guessed(status) is Category.DONE


def _category_at(share: float) -> str:
    return "done" if share >= 1 else "in progress" if share > 0 else "to do"


class _Rows:
    """The rows of a table, as far as they contradict their dates."""

    def __init__(
        self, table: Table, layout: Layout, writings: Mapping[str, Writing], zone: tzinfo, now: datetime
    ) -> None:
        self._names = table.columns
        self._single = layout.single
        # A day's grace: the file may come from a place where it is tomorrow already.
        self._latest = now.astimezone(zone).date() + timedelta(days=1)
        self._days = {
            name: _days(_texts(table, layout, name), writing, zone)
            for name, writing in writings.items()
            if name in ("created", "started", "resolved")
        }
        self._created = self._days.get("created", [None] * len(table.rows))
        self._percent = _percents(_texts(table, layout, "percent"))
        states = [*zip(_texts(table, layout, "status"), _texts(table, layout, "category"), strict=True)]
        self._statuses = [status for status, _ in states]
        self._categories = [_category(status, category) for status, category in states]

    def tells_plans(self, field: str) -> bool:
        days = self._days[field]
        is_either = plain_name(self._names[self._single[field]]) in LIKE_A_PLAN
        contradicts = self._is_no_start if field == "started" else partial(self._is_no_finish, is_either)
        dated = [(place, day) for place, day in enumerate(days) if day is not None]
        against = sum(1 for place, day in dated if contradicts(place, day))
        if is_either and any(day > self._latest for _, day in dated):
            return True
        return against > 0 and against >= len(dated) * (_DOUBTFUL if is_either else _SURE)

    def may_tell_plans(self) -> bool:
        """Whether nothing vouches for the starts: items to do that have none, although others have."""
        waiting = [
            day for day, kind in zip(self._days["started"], self._categories, strict=True) if kind is Category.TODO
        ]
        return len(waiting) < _VOUCHERS or any(waiting)

    def _is_no_finish(self, may_be_planned: bool, place: int, day: date) -> bool:
        """Whether this row was not done on the day it names. A last step that is done may be the end, where the column
        is called like nothing else."""
        percent, category = self._percent[place], self._categories[place]
        is_open = category is not None and category is not Category.DONE
        if is_open and not may_be_planned and is_done_step(self._statuses[place]):
            is_open = False
        return day > self._latest or is_open or (percent is not None and percent < 1)

    def _is_no_start(self, place: int, day: date) -> bool:
        """Whether this row had not begun on the day it names, or was not there yet."""
        created = self._created[place]
        is_to_do = self._percent[place] == 0 or self._categories[place] is Category.TODO
        return day > self._latest or is_to_do or (created is not None and day < created)


def _texts(table: Table, layout: Layout, field: str) -> list[str]:
    place = layout.single.get(field)
    return table.texts(place) if place is not None else [""] * len(table.rows)


def _days(texts: Sequence[str], writing: Writing, zone: tzinfo) -> list[date | None]:
    reader = DateReader(zone, writing.order, writing.months)
    return [reader.day(text) if text else None for text in texts]


@lru_cache(maxsize=1_000)
def _category(status: str, category: str) -> Category | None:
    return named(category) or (guessed(status) if status else None)


def _percents(texts: Sequence[str]) -> list[float | None]:
    """What is complete, from 0 to 1; None where nothing is said."""
    values = [number(text.rstrip(" %")) if text else None for text in texts]
    is_share = all("%" not in text for text in texts) and all(value is None or value <= 1 for value in values)
    return [value if value is None or is_share else value / 100 for value in values]
