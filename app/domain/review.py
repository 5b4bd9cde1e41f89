"""The last seven days against the state before: what happened, and which part of it moved the date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.attribution import DAYS_OFF, FINISHED, PACE, Part, parts
from app.domain.calendar import ONE_DAY, ONE_WEEK
from app.domain.forecast import Forecast
from app.domain.items import Item, Unit
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from app.domain.what_if import Drawn
from app.words import N_, Nn_


@dataclass(frozen=True, slots=True)
class WeekReview:
    """What happened in the seven days before `until` (exclusive), and what it did to the forecast.

    Amounts in the unit, all >= 0 but `re_estimated`, which carries its sign; `re_estimated_by` is its share of each
    issue. Forecast dates are None where either forecast is missing. `moved_by`: the parts of the move of the date of
    `moved_level`, to the day. `why` is one plain sentence: the main reason the date moved, or that it did not.
    """

    since: date
    until: date
    finished: float
    added: float
    removed: float
    re_estimated: float
    reopened: float
    remaining_before: float
    remaining_now: float
    finished_keys: tuple[str, ...]
    added_keys: tuple[str, ...]
    removed_keys: tuple[str, ...]
    date_85_before: date | None
    date_85_now: date | None
    chance_before: float | None
    chance_now: float | None
    pace_before: float
    pace_now: float
    why: str
    expected: float = 0.0
    moved_by: tuple[Part, ...] = ()
    moved_level: int = 85
    even_before: date | None = None
    even_now: date | None = None
    reopened_keys: tuple[str, ...] = ()
    re_estimated_by: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a forecast was made from, and that forecast. `window` and `history` are (done, created) of weeks.

    `chance` is that of the deadline; None without one or without a forecast.
    """

    as_of: date
    remaining: float
    window: tuple[tuple[float, float], ...]
    history: tuple[tuple[float, float], ...]
    result: Forecast | NotEnoughData
    chance: float | None = None

    @property
    def date_85(self) -> date | None:
        return self.date_of(85)

    def date_of(self, level: int) -> date | None:
        return self.result.dates[level] if isinstance(self.result, Forecast) else None

    @property
    def pace(self) -> float:
        return sum(done for done, _ in self.window) / len(self.window) if self.window else 0.0

    @property
    def created_pace(self) -> float:
        return sum(created for _, created in self.window) / len(self.window) if self.window else 0.0


@dataclass(frozen=True, slots=True)
class Movement:
    """Changes of what remains between two states, in the unit; `re_estimated` is signed, the others >= 0.

    remaining now = remaining before - finished + added - removed + re_estimated + reopened + expected. `expected` is
    signed too: by how much the work rose that is expected of epics not broken down.
    """

    finished: float = 0.0
    added: float = 0.0
    removed: float = 0.0
    re_estimated: float = 0.0
    reopened: float = 0.0
    expected: float = 0.0
    finished_keys: tuple[str, ...] = ()
    added_keys: tuple[str, ...] = ()
    removed_keys: tuple[str, ...] = ()
    reopened_keys: tuple[str, ...] = ()
    re_estimated_by: tuple[tuple[str, float], ...] = ()

    @property
    def net(self) -> float:
        """By how much the remaining work rose."""
        return self.added - self.finished - self.removed + self.re_estimated + self.reopened + self.expected


def standing(
    known: Known,
    remaining: float | NotEnoughData,
    throughput: Throughput | NotEnoughData,
    forecast: Forecast | NotEnoughData,
    chance: float | None,
) -> Standing:
    """What the forecast was made from; without weeks or amount, empty and 0."""
    weeks = None if isinstance(throughput, NotEnoughData) else throughput
    return Standing(
        as_of=known.as_of,
        remaining=0.0 if isinstance(remaining, NotEnoughData) else remaining,
        window=weeks.pairs if weeks is not None else (),
        history=weeks.history if weeks is not None else (),
        result=forecast,
        chance=chance,
    )


def awaits_this_week(known: Known, throughput: Throughput | NotEnoughData) -> bool:
    """Nobody typed the week under way yet, so the last thing that happened is the full week before it."""
    typed = known.is_live and not known.has_items
    return typed and isinstance(throughput, Throughput) and throughput.running is None


def movement(
    before: Known, now: Known, scope_before: Scope | NotEnoughData, scope: Scope | NotEnoughData
) -> Movement | NotEnoughData:
    """What happened to the remaining work between two states of one query."""
    if isinstance(scope, NotEnoughData):
        return scope
    if isinstance(scope_before, NotEnoughData):
        return NotEnoughData(N_("There is nothing to compare with: a week ago nothing was known yet."))
    if now.has_items:
        moved = movement_of_items(before.items, now.items, now.unit)
        return replace(moved, expected=scope.expected - scope_before.expected)
    if now.params.remaining is not None:
        return Movement(finished=max(0.0, scope.done - scope_before.done))
    return movement_of_weeks(scope_before, scope)


def week_review(
    known: Known,
    moved: Movement,
    before: Standing,
    now: Standing,
    drawn_before: Drawn | NotEnoughData,
    drawn: Drawn | NotEnoughData,
) -> WeekReview:
    """The last seven days against the state a week earlier, forecast included."""
    moved_by = parts_of(before, now, moved, drawn_before, drawn)
    until = known.last_day + ONE_DAY
    return WeekReview(
        since=until - ONE_WEEK,
        until=until,
        finished=moved.finished,
        added=moved.added,
        removed=moved.removed,
        re_estimated=moved.re_estimated,
        reopened=moved.reopened,
        expected=moved.expected,
        remaining_before=before.remaining,
        remaining_now=now.remaining,
        finished_keys=moved.finished_keys,
        added_keys=moved.added_keys,
        removed_keys=moved.removed_keys,
        date_85_before=before.date_85,
        date_85_now=now.date_85,
        chance_before=before.chance,
        chance_now=now.chance,
        pace_before=before.pace,
        pace_now=now.pace,
        why=why(before, now, moved, moved_by, known.unit),
        moved_by=moved_by,
        moved_level=moved_level(before, now),
        even_before=before.date_of(50),
        even_now=now.date_of(50),
        reopened_keys=moved.reopened_keys,
        re_estimated_by=moved.re_estimated_by,
    )


@dataclass(slots=True)
class _Sum:
    amount: float = 0.0
    keys: list[str] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)

    def add(self, amount: float, key: str) -> None:
        self.amount += amount
        self.keys.append(key)
        self.amounts.append(amount)


def movement_of_items(before: Sequence[Item], now: Sequence[Item], unit: Unit) -> Movement:
    """Compares every item's two states: what was finished and reopened in between moved nothing."""
    sums = {kind: _Sum() for kind in ("finished", "added", "removed", "re-estimated", "reopened")}
    earlier = {item.issue.key: item for item in before}
    for item in now:
        was = earlier.pop(item.issue.key, None)
        if was is item:
            continue
        for kind, amount in _moves(was, item, unit):
            sums[kind].add(amount, item.issue.key)
    for key, item in earlier.items():
        if item.in_scope and item.done is None:
            sums["removed"].add(item.size(unit), key)
    return Movement(
        finished=sums["finished"].amount,
        added=sums["added"].amount,
        removed=sums["removed"].amount,
        re_estimated=sums["re-estimated"].amount,
        reopened=sums["reopened"].amount,
        finished_keys=tuple(sums["finished"].keys),
        added_keys=tuple(sums["added"].keys),
        removed_keys=tuple(sums["removed"].keys),
        reopened_keys=tuple(sums["reopened"].keys),
        re_estimated_by=tuple(zip(sums["re-estimated"].keys, sums["re-estimated"].amounts, strict=True)),
    )


def _moves(before: Item | None, now: Item, unit: Unit) -> list[tuple[str, float]]:
    size = now.size(unit)
    if before is None or not before.in_scope:
        if not now.in_scope:
            return []
        return [("added", size), ("finished", size)] if now.done is not None else [("added", size)]
    if not now.in_scope:
        return [("removed", before.size(unit))] if before.done is None else []
    if before.done is not None:
        return [("reopened", size)] if now.done is None else []
    moves = [("finished", size)] if now.done is not None else []
    if size != before.size(unit):
        moves.append(("re-estimated", size - before.size(unit)))
    return moves


def movement_of_weeks(before: Scope, now: Scope) -> Movement:
    """From sums of weekly numbers: finished is what done rose by, the rest came in or went out."""
    finished = max(0.0, now.done - before.done)
    change = now.remaining - before.remaining + finished
    return Movement(finished=finished, added=max(0.0, change), removed=max(0.0, -change))


def why(before: Standing, now: Standing, moved: Movement, moved_by: Sequence[Part], unit: Unit) -> str:
    """One plain sentence on the 85 % date. `moved_by`: what its move is made up of."""
    missing = _cannot_compare(before, now)
    if missing:
        return missing
    date_before, date_now = before.date_85, now.date_85
    if date_before is None or date_now is None:
        return _beyond(before, now)
    days = (date_now - date_before).days
    if days == 0:
        return N_("The date did not move: {moved}.", moved=_account(moved, unit))
    weeks = _in_weeks(days)
    if _is_contradicted(before, now, days):
        return _hardly_moved(days > 0, weeks, _account(moved, unit))
    cause = _main_cause(_reasons(moved_by, before, moved), outward=days > 0)
    if cause is None:
        return _unexplained(days > 0, weeks, _account(moved, unit))
    if cause == "added":
        # Less than usual came is why a date moved in; one that moved out did so by any that came.
        is_less = days < 0 and moved.added < before.created_pace
        return _explained(days > 0, weeks, _passive(moved.added, unit, "only added" if is_less else "added"))
    if cause == PACE and (now.pace - before.pace) * days > 0:
        return _explained(days > 0, weeks, _SPREAD)
    if cause == DAYS_OFF:
        return _explained(days > 0, weeks, _days_off(next(part.amount for part in moved_by if part.kind == DAYS_OFF)))
    return _explained(days > 0, weeks, _cause(cause, before, now, moved, unit))


def _is_contradicted(before: Standing, now: Standing, days: int) -> bool:
    """Dates go by whole weeks and chances do not: whether the deadline's chance moved the other way, by 1 % or more."""
    if before.chance is None or now.chance is None:
        return False
    return (now.chance - before.chance) * days >= 0.01 * abs(days)


def _hardly_moved(outward: bool, weeks: str, moved: str) -> str:
    if outward:
        return N_(
            "The date hardly moved: in whole weeks it is {weeks} later, and yet the deadline is likelier: {moved}.",
            weeks=weeks,
            moved=moved,
        )
    return N_(
        "The date hardly moved: in whole weeks it is {weeks} earlier, and yet the deadline is less likely: {moved}.",
        weeks=weeks,
        moved=moved,
    )


def _explained(outward: bool, weeks: str, cause: str) -> str:
    if outward:
        return N_("The date moved out by {weeks}, mostly because {cause}.", weeks=weeks, cause=cause)
    return N_("The date moved in by {weeks}, mostly because {cause}.", weeks=weeks, cause=cause)


def _unexplained(outward: bool, weeks: str, moved: str) -> str:
    if outward:
        return N_("The date moved out by {weeks}; no single change explains it: {moved}.", weeks=weeks, moved=moved)
    return N_("The date moved in by {weeks}; no single change explains it: {moved}.", weeks=weeks, moved=moved)


def _in_weeks(days: int) -> str:
    """How far a date moved, either way: at least a week."""
    return Nn_("{count} week", "{count} weeks", max(1, round(abs(days) / 7)))


def _cannot_compare(before: Standing, now: Standing) -> str | None:
    if now.remaining <= 0:
        return N_("Everything is done.")
    if isinstance(now.result, NotEnoughData):
        return N_("There is no date yet. {reason}", reason=now.result.reason)
    if isinstance(before.result, NotEnoughData):
        return N_("There was no date a week ago to compare with.")
    return None


def _beyond(before: Standing, now: Standing) -> str:
    """Where one of the two weeks has no date that is 85 % sure; the even odds may have one all the same."""
    if before.date_85 is not None:
        return N_("A week ago a date was 85 % sure; now too many futures are not done within the time looked at.")
    if now.date_85 is not None:
        return N_("A date is 85 % sure again; a week ago too many futures were not done within the time looked at.")
    even_before, even_now = before.date_of(50), now.date_of(50)
    if even_before is None or even_now is None:
        return N_("As a week ago, no date is 85 % sure.")
    return _even_odds_moved((even_now - even_before).days)


def _even_odds_moved(days: int) -> str:
    if days == 0:
        return N_("As a week ago, no date is 85 % sure; even odds did not move.")
    if days > 0:
        return N_("As a week ago, no date is 85 % sure; even odds moved out by {weeks}.", weeks=_in_weeks(days))
    return N_("As a week ago, no date is 85 % sure; even odds moved in by {weeks}.", weeks=_in_weeks(days))


def _reasons(moved_by: Sequence[Part], before: Standing, moved: Movement) -> list[Part]:
    """Without what was finished where it is no more than usual for a sooner date, and no less for a later one: that is
    how the weeks fall, and no reason."""
    more = _pace(moved.finished) - _pace(before.pace)
    return [part for part in moved_by if part.kind != FINISHED or more * part.days < 0]


def _main_cause(moved_by: Sequence[Part], outward: bool) -> str | None:
    """The part that moved the date most in that direction; None when none did."""
    sign = 1 if outward else -1
    best = max(moved_by, key=lambda part: sign * part.days, default=None)
    return best.kind if best is not None and sign * best.days > 0 else None


def moved_level(before: Standing, now: Standing) -> int:
    """Of which date the move is told: the 85 % one, or the even odds where one of those lies beyond the horizon."""
    return 50 if before.date_85 is None or now.date_85 is None else 85


def parts_of(
    before: Standing, now: Standing, moved: Movement, drawn_before: Drawn | NotEnoughData, drawn: Drawn | NotEnoughData
) -> tuple[Part, ...]:
    """What the move of the date is made up of; empty where one of the two dates is missing."""
    level = moved_level(before, now)
    date_before, date_now = before.date_of(level), now.date_of(level)
    if date_before is None or date_now is None:
        return ()
    if isinstance(drawn_before, NotEnoughData) or isinstance(drawn, NotEnoughData):
        return ()
    amounts = {
        FINISHED: -moved.finished,
        "added": moved.added,
        "removed": -moved.removed,
        "re-estimated": moved.re_estimated,
        "reopened": moved.reopened,
        "expected": moved.expected,
    }
    return parts(drawn_before, drawn, date_before, date_now, amounts, level)


def _pace(pace: float) -> float:
    """With one digit after the point, two for less than one a week."""
    return round(pace, 1 if pace >= 1 else 2)


def _cause(kind: str, before: Standing, now: Standing, moved: Movement, unit: Unit) -> str:
    if kind == "finished":
        what = _finished(moved.finished, unit, before.pace)
        return N_("{what}, against a usual {pace:g} a week", what=what, pace=_pace(before.pace))
    if kind == "re-estimated":
        amount = _amount(abs(moved.re_estimated), unit)
        if moved.re_estimated > 0:
            return N_("estimates went up by {amount}", amount=amount)
        return N_("estimates went down by {amount}", amount=amount)
    if kind == "expected":
        amount = _amount(abs(moved.expected), unit)
        if moved.expected > 0:
            return N_("{amount} more are expected of epics that are not broken down", amount=amount)
        return N_("{amount} less are expected of epics that are not broken down", amount=amount)
    if kind == "pace":
        return _pace_cause(before.pace, now.pace)
    counts: Mapping[str, float] = {"removed": moved.removed, "reopened": moved.reopened}
    return _passive(counts[kind], unit, kind)


def _days_off(more: float) -> str:
    count = round(abs(more))
    if more > 0:
        return Nn_("{count} day off was entered", "{count} days off were entered", count)
    if more < 0:
        return Nn_("{count} day off was taken out", "{count} days off were taken out", count)
    return N_("days off were put elsewhere")


# A pace that hardly changed, or the other way than the date.
_SPREAD = N_("the weeks it learns from are spread differently now")


def _pace_cause(before: float, now: float) -> str:
    if round(before, 1) == round(now, 1):
        return _SPREAD
    if now > before:
        return N_("the usual pace rose from {before:,.1f} to {now:,.1f} a week", before=before, now=now)
    return N_("the usual pace fell from {before:,.1f} to {now:,.1f} a week", before=before, now=now)


def _account(moved: Movement, unit: Unit) -> str:
    """What happened, in passing: "5 items were finished and 2 were added"."""
    return N_("{finished} and {added:g} added", finished=_passive(moved.finished, unit, "finished"), added=moved.added)


def _finished(amount: float, unit: Unit, pace: float) -> str:
    if not amount:
        return N_("nothing was finished")
    return _passive(amount, unit, "only finished" if amount < pace else "finished")


def _passive(amount: float, unit: Unit, verb: str) -> str:
    return _PASSIVE[unit, verb](round(amount, 1))


_PASSIVE: Mapping[tuple[Unit, str], Callable[[float], str]] = {
    (Unit.ITEMS, "finished"): lambda n: Nn_("{n:g} item was finished", "{n:g} items were finished", n, n=n),
    (Unit.ITEMS, "only finished"): lambda n: Nn_(
        "only {n:g} item was finished", "only {n:g} items were finished", n, n=n
    ),
    (Unit.ITEMS, "added"): lambda n: Nn_("{n:g} item was added", "{n:g} items were added", n, n=n),
    (Unit.ITEMS, "only added"): lambda n: Nn_("only {n:g} item was added", "only {n:g} items were added", n, n=n),
    (Unit.ITEMS, "removed"): lambda n: Nn_("{n:g} item was removed", "{n:g} items were removed", n, n=n),
    (Unit.ITEMS, "reopened"): lambda n: Nn_("{n:g} item was reopened", "{n:g} items were reopened", n, n=n),
    (Unit.POINTS, "finished"): lambda n: Nn_("{n:g} point was finished", "{n:g} points were finished", n, n=n),
    (Unit.POINTS, "only finished"): lambda n: Nn_(
        "only {n:g} point was finished", "only {n:g} points were finished", n, n=n
    ),
    (Unit.POINTS, "added"): lambda n: Nn_("{n:g} point was added", "{n:g} points were added", n, n=n),
    (Unit.POINTS, "only added"): lambda n: Nn_("only {n:g} point was added", "only {n:g} points were added", n, n=n),
    (Unit.POINTS, "removed"): lambda n: Nn_("{n:g} point was removed", "{n:g} points were removed", n, n=n),
    (Unit.POINTS, "reopened"): lambda n: Nn_("{n:g} point was reopened", "{n:g} points were reopened", n, n=n),
}


def _amount(amount: float, unit: Unit) -> str:
    n = round(amount, 1)
    if unit is Unit.POINTS:
        return Nn_("{n:g} point", "{n:g} points", n, n=n)
    return Nn_("{n:g} item", "{n:g} items", n, n=n)
