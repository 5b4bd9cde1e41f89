"""A table of weekly (or daily) numbers to weeks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.imports.column_names import ISSUE_NAMES, SPRINT_ENDS
from app.imports.columns import WEEK_AMOUNTS, WEEKS, ColumnMapping, Layout
from app.imports.dates import DateReader, DayOrder, why_no_date, writings
from app.imports.months import Months
from app.imports.number_signs import Signs
from app.imports.numbers import amount_problem
from app.imports.plain_names import plain_name
from app.imports.results import Imported, RejectedRow, Totals
from app.imports.tables import Table
from app.imports.totals import are_totals, differenced, is_flow, week_signs
from app.words import N_, Nn_
from store.records import Week

SOURCE = "csv_import"
# In the extras of a row of a log.
TASK = "task"
_WORD = r"(?P<word>kw|cw|wk|w|week|woche|kalenderwoche|semaine|semana|settimana|vecka|uge|uke|tydzień|týden)?"
_WEEK_FIRST = re.compile(rf"{_WORD}\.? ?(?P<week>\d{{1,2}}) ?[/,. -] ?(?P<year>20\d\d)", re.IGNORECASE)
_WEEK_LAST = re.compile(rf"(?P<year>20\d\d) ?[/, -]? ?{_WORD}\.? ?(?P<week>\d{{1,2}})", re.IGNORECASE)
_WEEKS = frozenset({"kw", "week", "woche", "kalenderwoche", "calendar week", "semaine", "semana", "settimana"})

_BEGINS = re.compile(
    r"start|begin|commenc|\bfrom\b|week of|\bab\b|\bvom\b|anfang|début|semaine du|inicio|início|semana del|semana de"
    r"|inizio|settimana del|rozpoczęc|tydzień od|začátek|начал|開始|开始|시작"
)
# Titles that may be those of anything, and words in the names of what lasts some weeks.
_ANY_NAME = frozenset(
    {"name", "nom", "nombre", "nome", "naam", "navn", "namn", "nimi", "title", "titel", "description"}
)
_PERIOD = re.compile(r"\b(?:sprint|iteration|week|woche|kw|team|release|cycle|month|monat|pi)\b", re.IGNORECASE)
_WEEK = 7
_SATURDAY, _SUNDAY, _LEAST = 5, 6, 2
# The running week may carry its last day.
_RUNNING = timedelta(days=6)


def read_weeks(table: Table, layout: Layout, mapping: ColumnMapping, now: datetime) -> Imported:
    """One `Week` for each row with a date and at least one number. Raises BadInput for undecidable day orders."""
    column = table.columns[place := layout.single["date"]]
    texts = [_written(row[place].strip(), column) for row in table.rows]
    reader = DateReader(ZoneInfo("UTC"), *_writing(column, texts, mapping, now))
    days = [day for text in texts if (day := reader.day(text)) is not None]
    late = _late_starts(column, days)
    signs = week_signs(table, layout)
    task = _tasks(table, layout, mapping, days)
    weeks, rejected = list[Week](), list[RejectedRow]()
    for row_number, row, text in zip(table.numbers, table.rows, texts, strict=True):
        day = reader.day(text)
        if day is None:
            reason = why_no_date(text, Months.of((), mapping.months)) if text else "is empty"
            rejected.append(RejectedRow(row_number, column, row[place].strip(), reason))
            continue
        week = _week(table, layout, row, day + late, signs)
        if isinstance(week, Week):
            weeks.append(week if task is None else _of_task(week, row[task]))
        else:
            rejected.append(RejectedRow(row_number, *week))
    warnings = (
        *(_of_one_day(weeks) if task is None else (_of_tasks(table.columns[task], column),)),
        *_of_late_starts(late),
        *_of_weekends(column, weeks),
        *_of_sprints(column, weeks),
        *(*signs.notes(_first_amounts(table, layout)), *_of_more_amounts(layout.passed_over)),
    )
    totals: tuple[Totals, ...] = ()
    if are_totals(table, layout, [reader.day(text) for text in texts], mapping):
        done, notes, totals = differenced(weeks, is_of_flow=is_flow(table, layout))
        weeks, warnings = list(done), (*warnings, *notes)
    return Imported(
        kind=WEEKS,
        recognised_as=layout.recognised_as,
        rows=len(table.rows),
        weeks=tuple(weeks),
        rejected=tuple(rejected),
        warnings=(*warnings, *_ahead(weeks, now)),
        used=layout.used(table),
        columns=table.columns,
        late=late,
        totals=totals,
        is_log=task is not None,
    )


def _first_amounts(table: Table, layout: Layout) -> str:
    return next((table.columns[layout.single[name]] for name in WEEK_AMOUNTS if name in layout.single), "")


def _tasks(table: Table, layout: Layout, mapping: ColumnMapping, days: Sequence[date]) -> int | None:
    """The column that names another task in each row, where the file is a log of what was finished; else None."""
    if mapping.columns or mapping.kind is not None or "completed_items" in layout.single:
        return None
    for place, name in enumerate(map(plain_name, table.columns)):
        is_title = name in ISSUE_NAMES["summary"] and place not in layout.single.values()
        # "Name" may be that of a sprint or a team.
        if is_title and (name not in _ANY_NAME or len(set(days)) < len(days)) and _are_titles(table.texts(place)):
            return place
    return None


def _of_task(week: Week, task: str) -> Week:
    """The item that a row of a log stands for; by its name it is known when the log goes on."""
    return replace(week, completed_items=1, extras={**week.extras, TASK: task.strip()})


def _are_titles(texts: Sequence[str]) -> bool:
    is_period = any(_PERIOD.search(text) for text in texts)
    return len(texts) > 1 and all(texts) and len(set(texts)) == len(texts) and not is_period


def _of_tasks(task: str, column: str) -> str:
    return N_(
        "Each row names another one in {task}: it counts as 1 item that was finished on its day in {column}. If that "
        "day is something else, say which column is which.",
        task=task,
        column=column,
    )


def _of_sprints(column: str, weeks: Sequence[Week]) -> tuple[str, ...]:
    """Said where a row is a sprint of several weeks."""
    days = sorted({week.day for week in weeks if week.day is not None})
    steps = [(after - before).days for before, after in pairwise(days)]
    if plain_name(column) not in SPRINT_ENDS or not steps or min(steps) <= _WEEK:
        return ()
    return (
        N_(
            "Each row is taken for a sprint: what it brought counts in the week in which it ended, and nothing in the "
            "weeks before."
        ),
    )


def _late_starts(column: str, days: Sequence[date]) -> timedelta:
    """What to add to days on which weeks begin by their column's name, so that each is in the week that it begins:
    where all are Sundays, or Saturdays, nearly all of that week lies behind them."""
    weekdays = {day.weekday() for day in days}
    if not _BEGINS.search(plain_name(column)) or len(weekdays) != 1 or len(days) < _LEAST:
        return timedelta()
    weekday = weekdays.pop()
    return timedelta(days=7 - weekday) if weekday in (_SATURDAY, _SUNDAY) else timedelta()


def _of_late_starts(late: timedelta) -> tuple[str, ...]:
    if not late:
        return ()
    return (N_("The weeks of the file begin on a weekend: each counts as that from the Monday after on."),)


def _of_weekends(column: str, weeks: Sequence[Week]) -> tuple[str, ...]:
    """Said where weeks are named by a Sunday or Saturday, and nothing says whether they begin or end on it."""
    days = {week.day.weekday() for week in weeks if week.day is not None}
    if plain_name(column) not in _WEEKS or len(days) != 1 or len(weeks) < _LEAST or not days & {_SATURDAY, _SUNDAY}:
        return ()
    return (
        N_(
            "All days in {column} lie on a weekend: each row counts in the week that ends with it. If the weeks begin "
            "on these days, call the column Week start and import again.",
            column=column,
        ),
    )


def _of_more_amounts(columns: Sequence[str]) -> tuple[str, ...]:
    if not columns:
        return ()
    return (
        Nn_(
            "Nothing was taken from {columns}. If it says what was done in a week, say which column is which.",
            "Nothing was taken from {columns}. If they say what was done in a week, add them up in one column, or say "
            "which column is which.",
            len(columns),
            columns=", ".join(columns),
        ),
    )


def _ahead(weeks: Sequence[Week], now: datetime) -> tuple[str, ...]:
    last = now.astimezone(UTC).date() + _RUNNING
    days = [week.day for week in weeks if week.day is not None and week.day > last and _says_work(week)]
    if not days:
        return ()
    return (
        Nn_(
            "1 row lies ahead ({day}): its numbers can only be planned, and count as done once that week is over. Take "
            "it out and import again.",
            "{count:,} rows lie ahead (first {day}): their numbers can only be planned, and count as done once those "
            "weeks are over. Take them out and import again.",
            len(days),
            day=min(days),
        ),
    )


def _says_work(week: Week) -> bool:
    return bool(week.completed_items or week.completed_points or week.created_items or week.created_points)


def _of_one_day(weeks: Sequence[Week]) -> tuple[str, ...]:
    """A word about rows of the same day: those of several teams add up, those that came twice should not."""
    repeated = [day for day, count in Counter(week.day for week in weeks).items() if count > 1]
    if not repeated:
        return ()
    return (
        Nn_(
            "1 day stands in several rows ({day}); their numbers are added up. Where one of them only repeats another, "
            "take it out and import again.",
            "{count} days stand in several rows (first {day}); their numbers are added up. Where one of them only "
            "repeats another, take it out and import again.",
            len(repeated),
            day=min(repeated, key=str),
        ),
    )


def _written(text: str, column: str) -> str:
    """A week as "KW 6/2026", "2026 week 6" or, in a column of weeks, "06/2026" as 2026-W06; anything else as it is."""
    match = _WEEK_LAST.fullmatch(text) or _WEEK_FIRST.fullmatch(text)
    if match is None or not (match["word"] or plain_name(column) in _WEEKS):
        return text
    return f"{match['year']}-W{int(match['week']):02}"


def _writing(column: str, texts: Sequence[str], mapping: ColumnMapping, now: datetime) -> tuple[DayOrder, Months]:
    latest = now.astimezone(UTC).date() + timedelta(days=7)  # the running week may carry its last day
    writing = writings({column: texts}, latest, mapping.date_order, mapping.months)[column]
    return writing.order, writing.months


def _week(table: Table, layout: Layout, row: list[str], day: date, signs: Signs) -> Week | tuple[str, str, str]:
    """The row's week, or (column, value, reason) of its first problem."""
    amounts: dict[str, float] = {}
    for field in WEEK_AMOUNTS:
        place = layout.single.get(field)
        text = "" if place is None else row[place].strip()
        if place is None or not text:
            continue
        value = signs.number(text)
        problem = amount_problem(value, whole=field.endswith("items"))
        if value is None or problem:
            return table.columns[place], text, problem
        amounts[field] = value
    if not amounts:
        completed = layout.single.get("completed_items", layout.single.get("completed_points", 0))
        return table.columns[completed], "", "has no number in any column"
    return Week(
        day=day,
        completed_items=_whole(amounts.get("completed_items")),
        completed_points=amounts.get("completed_points"),
        created_items=_whole(amounts.get("created_items")),
        created_points=amounts.get("created_points"),
        source=SOURCE,
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def beside_a_log(present: Sequence[Week], new: Sequence[Week]) -> list[Week]:
    """The known tasks of the day with which a log begins, where it goes on behind others: those that it lacks count
    beside its own. One that begins with the first day that is known is the whole log, and what it lacks is gone."""
    days = [week.day for week in new if week.day is not None]
    known = [week.day for week in present if week.day is not None]
    if not days or not known or min(known) >= min(days):
        return []
    names = {str(week.extras.get(TASK, "")).casefold() for week in new if week.day == min(days)}
    of_day = [week for week in present if week.day == min(days)]
    return [week for week in of_day if (name := week.extras.get(TASK)) and str(name).casefold() not in names]
