"""The table of weeks as the browser shows it, and what becomes of the texts that were typed into it.

Numbers travel as text, as the user writes them. A set of texts is saved whole or not at all: where one cannot be used
it comes back with the reason, beside the others that wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from app.actions.pasted import Cell, Place, cells_of
from app.context import Context
from app.domain import weeks
from app.domain.analysis import Analysis, Scenario
from app.domain.calendar import ONE_WEEK, Calendar, written_day
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.typed import remaining_of
from app.domain.weeks import NUMBERS, Edit, Number, WeekRow
from app.errors import BadInput
from app.imports.numbers import amount_problem, number
from app.settings import Overrides, calendar_of
from app.turns import Chosen, chosen, note_chosen
from app.words import N_, _
from app.words.formats import Formats
from store.documents import typed_totals_of, with_typed_totals
from store.records import Profile, QueryFacts, QueryRef
from store.settings import TypedTotals

# What an empty table offers to fill in.
_OFFERED_WEEKS = 12
# Under which it is noted who typed last.
_CHOSEN, TOTALS = "weeks", "what is left"
_MOST_EARLIER = 520
# More than anybody finishes in a week: it was typed by mistake, and would be the pace.
_MOST_ITEMS, _MOST_POINTS = 100_000, 10_000_000


class WeekTable(NamedTuple):
    """`rows` oldest first, up to the running week where that may be typed. `are_typed`: the numbers are the data."""

    rows: tuple[WeekRow, ...]
    running: date
    are_typed: bool

    def number(self, start: date, name: str) -> Number | None:
        row = next((row for row in self.rows if row.start == start), None)
        return row.number(name) if row else None

    @property
    def is_empty(self) -> bool:
        return all(number.value is None for row in self.rows for number in row.numbers)


class Problem(NamedTuple):
    """Why a text cannot be the number `name` of the week from `start`."""

    start: date
    name: str
    reason: str


class Answer(NamedTuple):
    """What became of a set of texts. `waiting` are all of them where nothing was saved; `before` undoes what was."""

    problems: tuple[Problem, ...] = ()
    waiting: tuple[Cell, ...] = ()
    before: tuple[Cell, ...] = ()


def table_of(ctx: Context, ref: QueryRef, earlier: int = 0) -> WeekTable:
    """The query's weeks, with `earlier` empty ones more before the first."""
    analysis = ctx.analysis(ref, Overrides(unit=Unit.ITEMS))
    calendar, today = analysis.params.calendar, analysis.as_of
    running = calendar.week_of(today)
    more = min(max(earlier, 0), _MOST_EARLIER)
    if analysis.has_items:
        return WeekTable(_counted_rows(analysis, more), running, are_typed=False)
    facts = analysis.facts
    is_typed = weeks.are_typed(facts)
    last = running if is_typed else running - timedelta(days=1)
    first = _first_offered(facts, calendar, running) - more * ONE_WEEK
    rows = weeks.rows_of_weeks(facts.weeks, facts.corrections, calendar, first, last)
    return WeekTable(rows, running, is_typed)


def _first_offered(facts: QueryFacts, calendar: Calendar, running: date) -> date:
    """The first week there is; where weeks are typed, at least so far back that a start can be made."""
    days = [calendar.week_of(row.day) for row in facts.weeks if row.day is not None]
    offered = [running - _OFFERED_WEEKS * ONE_WEEK] if weeks.are_typed(facts) else []
    return min([*days, *offered], default=running)


def _counted_rows(items: Analysis, more: int) -> tuple[WeekRow, ...]:
    rows = weeks.rows_of_items(items.throughput, items.with_(Scenario(unit=Unit.POINTS)).throughput)
    if not rows:
        return ()
    nothing = (Number(0.0),) * len(NUMBERS)
    before = (WeekRow(rows[0].start - step * ONE_WEEK, nothing) for step in range(more, 0, -1))
    return (*before, *rows)


# -- what was typed -------------------------------------------------------------------------------------


def pasted(text: str, start: date, name: str, table: WeekTable, profile: Profile, formats: Formats) -> tuple[Cell, ...]:
    """A pasted block as cells of the table. Raises BadInput for a block that does not fit into it."""
    if not table.rows:
        raise BadInput(N_("There is no week yet to paste into."))
    is_empty = table.are_typed and table.is_empty
    place = Place(start, name, table.rows[0].start, table.rows[-1].start, is_empty)
    return cells_of(text, place, calendar_of(profile), formats)


def save(
    ctx: Context,
    ref: QueryRef,
    cells: Sequence[Cell],
    formats: Formats,
    shown: Mapping[tuple[date, str], str] | None = None,
) -> Answer:
    """Save all of these texts, or none where one of them is no amount, or where somebody else changed what is `shown`
    of it. What the forecast makes of it is recorded."""
    table = table_of(ctx, ref)
    last = {(cell.start, cell.name): cell for cell in cells}
    by = chosen(ctx.backend, ref, _CHOSEN)
    read = [_other(cell, table, shown or {}, by, formats) or _read(cell, table, formats) for cell in last.values()]
    problems = tuple(answer for answer in read if isinstance(answer, Problem))
    if problems:
        return Answer(problems, tuple(last.values()))
    edits = [answer for answer in read if isinstance(answer, Edit)]
    before = tuple(_as_it_was(edit, table, formats) for edit in edits)
    _write(ctx, ref, edits, table)
    return Answer(before=before)


def _other(
    cell: Cell, table: WeekTable, shown: Mapping[tuple[date, str], str], by: Chosen | None, formats: Formats
) -> Problem | None:
    """Told once: the table shows what the other one typed from then on."""
    now = written((table.number(cell.start, cell.name) or Number()).value, formats)
    if shown.get((cell.start, cell.name), now) == now or now == cell.text.strip():
        return None
    who = by.who if by is not None and by.is_by_another else ""
    if who:
        problem = N_("{who} has put {now} here meanwhile. Type yours again if it is to hold.", who=who, now=now or "–")
    else:
        problem = N_("Another window has put {now} here meanwhile. Type yours again if it is to hold.", now=now or "–")
    return Problem(cell.start, cell.name, problem)


def shown_in(state: Any) -> dict[tuple[date, str], str]:
    """What the table in the browser shows, as it was told by `browser_answer`. Raises BadInput."""
    rows = state.get("rows") if isinstance(state, Mapping) else None
    try:
        return {
            (day_from(start), name): str(text)
            for start, _day, _runs, numbers in rows or ()
            for name, (text, _counted) in zip(NUMBERS, numbers, strict=True)
        }
    except (TypeError, ValueError) as exc:
        raise BadInput(N_("The table of this page cannot be read. Reload the page.")) from exc


def _read(cell: Cell, table: WeekTable, formats: Formats) -> Edit | Problem:
    if cell.start > (table.running if table.are_typed else table.running - ONE_WEEK):
        return Problem(cell.start, cell.name, N_("This week is not over yet."))
    text = cell.text.strip()
    if not text:
        return Edit(cell.start, cell.name, None)
    value = number(text.replace("\N{MINUS SIGN}", "-"), decimal_comma=formats.decimal == ",")
    are_items = cell.name.endswith("items")
    reason = amount_problem(value, whole=are_items, most=_MOST_ITEMS if are_items else _MOST_POINTS)
    if reason:
        return Problem(cell.start, cell.name, N_("Not saved: {text} {reason}.", text=text[:20], reason=reason))
    return Edit(cell.start, cell.name, value)


def _as_it_was(edit: Edit, table: WeekTable, formats: Formats) -> Cell:
    """The text that brings a number back: its own where it was said by hand, nothing where it was counted."""
    was = table.number(edit.start, edit.name) or Number()
    is_typed = table.are_typed or was.is_corrected
    return Cell(edit.start, edit.name, written(was.value, formats) if is_typed else "")


def _write(ctx: Context, ref: QueryRef, edits: Iterable[Edit], table: WeekTable) -> None:
    backend = ctx.backend
    with backend.transaction():
        facts = ctx.analysis(ref, Overrides(unit=Unit.ITEMS)).facts
        calendar = calendar_of(facts.profile)
        if table.are_typed:
            rows, corrections = weeks.typed(facts.weeks, facts.corrections, list(edits), calendar)
            backend.replace_weeks(ref, rows)
        else:
            rows, corrections = facts.weeks, weeks.corrected(facts.corrections, edits, table.rows, calendar)
        if corrections != facts.corrections:
            backend.replace_corrections(ref, corrections)
        note_chosen(backend, ref, [_CHOSEN], ctx.clock())
        now = replace(facts, weeks=tuple(rows), corrections=corrections, query=backend.get_query(ref) or facts.query)
    # The issues are the same: read again they would take longer than all the rest. A sync may have come between.
    ctx.record(ref, facts=now if backend.revision(ref) == now.query.revision else None)


# -- what is left ---------------------------------------------------------------------------------------


def typed_totals(analysis: Analysis) -> tuple[float | None, float | None]:
    """The items and points that remain now by what was typed; None where nothing was."""
    return _left_now(analysis, Unit.ITEMS), _left_now(analysis, Unit.POINTS)


def _left_now(analysis: Analysis, unit: Unit) -> float | None:
    typed = remaining_of(typed_totals_of(analysis.facts.project_data), unit)
    scope = analysis.with_(Scenario(unit=unit)).scope
    return typed if typed is None or isinstance(scope, NotEnoughData) else scope.remaining


def save_totals(ctx: Context, ref: QueryRef, texts: tuple[str, str], formats: Formats) -> None:
    """Save what remains now; an empty text means that nobody says. Weeks typed later count against it.

    Raises BadInput naming the field.
    """
    read = [_total(text, unit, formats) for text, unit in zip(texts, Unit, strict=True)]
    now, analysis = ctx.clock(), ctx.analysis(ref)
    with ctx.backend.transaction():
        present = ctx.backend.get_project_data(ref)
        totals = TypedTotals(read[0], read[1], _last_counted(analysis))
        ctx.backend.save_project_data(ref, with_typed_totals(present, totals, now))
        note_chosen(ctx.backend, ref, [TOTALS], now)
    ctx.record(ref)


def _last_counted(analysis: Analysis) -> date:
    """The last week that somebody who says what remains today has in mind: the last full one, or a later row's."""
    calendar = analysis.params.calendar
    days = [calendar.week_of(row.day) for row in analysis.facts.weeks if row.day is not None]
    return max([calendar.week_of(analysis.as_of) - ONE_WEEK, *days])


def _total(text: str, unit: Unit, formats: Formats) -> float | None:
    if not text.strip():
        return None
    value = number(text, decimal_comma=formats.decimal == ",")
    reason = amount_problem(value, whole=unit is Unit.ITEMS)
    if reason:
        raise BadInput(N_("Remaining {unit}: {text!r} {reason}.", unit=unit, text=text.strip()[:20], reason=reason))
    return value


# -- how it is written ----------------------------------------------------------------------------------


def written(value: float | None, formats: Formats) -> str:
    """A number as one types it: no thousands sign, nothing rounded away that was typed."""
    if value is None:
        return ""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return text.replace(".", formats.decimal)


def browser_rows(table: WeekTable, formats: Formats) -> list[list[Any]]:
    """Per week: first day (ISO), first day as the user writes it, whether it runs, and (text, counted) per number;
    `counted` is None where nothing was corrected."""
    return [
        [
            row.start.isoformat(),
            formats.short(row.start),
            row.start == table.running,
            [
                [
                    written(number.value, formats),
                    (written(number.counted, formats) or "–") if number.is_corrected else None,
                ]
                for number in row.numbers
            ],
        ]
        for row in table.rows
    ]


def browser_answer(table: WeekTable, answer: Answer, formats: Formats, earlier: int) -> dict[str, Any]:
    return {
        "rows": browser_rows(table, formats),
        "typed": table.are_typed,
        "earlier": earlier,
        "problems": [[problem.start.isoformat(), problem.name, _(problem.reason)] for problem in answer.problems],
        "waiting": [[cell.start.isoformat(), cell.name, cell.text] for cell in answer.waiting],
        "before": [[cell.start.isoformat(), cell.name, cell.text] for cell in answer.before],
    }


def cells_from(listed: Iterable[Sequence[str]]) -> list[Cell]:
    """What the browser sent. Raises BadInput for anything that no table of ours sends."""
    return [Cell(day_from(start), name_from(name), str(text)) for start, name, text in listed]


def name_from(text: str) -> str:
    if text not in NUMBERS:
        raise BadInput(N_("{text!r} is not a column of the table.", text=text))
    return text


def day_from(text: str) -> date:
    try:
        return written_day(text)
    except (ValueError, TypeError) as exc:
        raise BadInput(N_("{text!r} is not a week of the table.", text=text)) from exc
