"""Stand-up: what is in progress in the order in which a team talks about it, and what happened since yesterday.

From the column next to done back to the first one, the oldest of each first; before them what was finished meanwhile.
Yesterday is the last working day before the last day known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.ageing import was_sent_back
from app.domain.calendar import ONE_DAY, Calendar
from app.domain.items import Item
from store.records import Category


@dataclass(frozen=True, slots=True)
class Turn:
    """One item of the round. `what`: finished, sent back, started, moved, or stayed; `came_from`: the status before.

    `days`: since it is in its status, both days counted; None without a history.
    """

    key: str
    what: str
    came_from: str
    days: int | None


@dataclass(frozen=True, slots=True)
class StandUp:
    """`since`: the day that counts as yesterday."""

    since: date
    turns: tuple[Turn, ...]


def stand_up(items: Iterable[Item], statuses: Sequence[str], calendar: Calendar, last_day: date) -> StandUp:
    """`statuses`: those of work in progress, in the order of the work; others count as the last of them."""
    since = _yesterday(calendar, last_day)
    places = {status: at for at, status in enumerate(statuses)}
    round_: list[tuple[tuple[int, int, str], Turn]] = []
    for item in items:
        turn = _turn(item, since, calendar, last_day)
        if turn is not None:
            column = len(places) + 1 if turn.what == "finished" else places.get(item.status, len(places))
            start = calendar.day_of(item.started).toordinal() if item.started is not None else last_day.toordinal()
            round_.append(((-column, start, turn.key), turn))
    return StandUp(since, tuple(turn for _, turn in sorted(round_, key=lambda pair: pair[0])))


def _yesterday(calendar: Calendar, last_day: date) -> date:
    day = last_day - ONE_DAY
    # Who works on no day of the week has plain days.
    while calendar.working_days and not calendar.is_working(day) and (last_day - day).days < 60:
        day -= ONE_DAY
    return day


def _turn(item: Item, since: date, calendar: Calendar, last_day: date) -> Turn | None:
    """None for what nobody talks about: not started, or finished before."""
    entered = calendar.day_of(item.stays[-1].since) if item.stays else None
    before = item.stays[-2].status if len(item.stays) > 1 else ""
    days = None if entered is None else (last_day - entered).days + 1
    is_new = entered is not None and entered >= since
    if item.done is not None:
        is_told = item.in_scope and item.done >= since
        return Turn(item.issue.key, "finished", before, days) if is_told else None
    if was_sent_back(item):
        return Turn(item.issue.key, "sent back", before, days) if is_new else None
    if not item.in_scope or item.category is not Category.IN_PROGRESS:
        return None
    if item.started is not None and calendar.day_of(item.started) >= since:
        return Turn(item.issue.key, "started", before, days)
    return Turn(item.issue.key, "moved" if is_new and before else "stayed", before, days)
