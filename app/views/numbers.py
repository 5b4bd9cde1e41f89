"""The numbers that several views show, and what lies behind each: amounts of work, what happened, single weeks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from app.domain.burndown import Burndown
from app.domain.calendar import ONE_DAY
from app.domain.items import Item, Unit
from app.domain.ledger import ADDED, RE_ESTIMATED, REMOVED, REOPENED, ScopeChange
from app.domain.missing import NotEnoughData
from app.domain.review import WeekReview
from app.domain.throughput import Throughput, WeekCount
from app.formats import Formats, plural
from app.views.view import Behind, Opened, Scene


def _sum(keys: tuple[str, ...], scene: Scene) -> float:
    """What these issues weigh together."""
    if scene.unit is Unit.ITEMS:
        return float(len(keys))
    wanted = set(keys)
    return sum(item.size(scene.unit) for item in scene.analysis.items if item.issue.key in wanted)


def remaining(scene: Scene, part: str) -> Behind:
    scope = scene.analysis.scope
    if isinstance(scope, NotEnoughData):
        return Behind("Left", (scope.reason,))
    how = [_SOURCES.get(scope.source, "")]
    if scope.unestimated:
        how.append(f"{scope.unestimated} open {plural(scope.unestimated, 'issue has', 'issues have')} no estimate.")
    how.append(_left_out(scene))
    inputs = (
        ("In all", scene.amount(scope.total)),
        ("Done", scene.amount(scope.done)),
        ("In progress", scene.amount(scope.in_progress)),
        ("Not started", scene.amount(scope.todo)),
    )
    keys = scope.remaining_keys if scope.source == "issues" else None
    return Behind("Left", tuple(filter(None, how)), inputs, keys, scope.remaining, why="not done")


_SOURCES = {
    "issues": "All issues of the work list that are not done now. Removed work does not count.",
    "weeks": "Created minus finished, summed over the weekly numbers.",
    "typed": "The total that was typed in, since there are no issues.",
}


def _left_out(scene: Scene) -> str:
    count = scene.analysis.left_out
    if not count:
        return ""
    names = ", ".join(sorted(name.upper() for name in scene.analysis.params.excluded_projects))
    which = f"{count} {plural(count, 'issue')} of {names} {plural(count, 'does', 'do')} not count"
    return f"{which}: that is operations, not project work."


def on_day(title: str, how: str, counts: Callable[[Item, date], bool]) -> Opened:
    """What the work was at the end of a day, or of the last one known."""

    def opened(scene: Scene, part: str) -> Behind:
        day = _day(part) or scene.analysis.last_day
        items = [item for item in scene.analysis.items if _in_scope(item, day) and counts(item, day)]
        found = sorted(items, key=_done_day, reverse=True)
        keys = tuple(item.issue.key for item in found) if scene.analysis.has_items else None
        amounts = () if scene.unit is Unit.ITEMS else tuple(item.size_on(day, scene.unit) for item in found)
        number = float(len(found)) if scene.unit is Unit.ITEMS else sum(amounts)
        text = (how, f"At the end of {scene.formats.day(day)}.")
        return Behind(title, text, (), keys, number, amounts, title.lower())

    return opened


def _in_scope(item: Item, day: date) -> bool:
    if not item.left:
        # The common case, of 20,000 issues behind a click.
        return item.entered[0] <= day
    return sum(on <= day for on in item.entered) > sum(on <= day for on in item.left)


def _was_done(item: Item, day: date) -> bool:
    if not item.reopened:
        return bool(item.finished) and item.finished[0] <= day
    return sum(on <= day for on in item.finished) > sum(on <= day for on in item.reopened)


def _done_day(item: Item) -> date:
    return item.done or date.min


scope = on_day("All work", "All work that counts, done and open.", lambda item, day: True)
done = on_day("Done", "Work that is done and counts.", _was_done)
still_open = on_day("Open", "Work that is not done.", lambda item, day: not _was_done(item, day))


def finished(scene: Scene, part: str) -> Behind:
    """What was finished: on a day, between two (2026-01-05..2026-01-11), or in the days drawn."""
    first, last = _span(part, scene)
    found = [item for item in scene.analysis.items if _finished_in(item, first, last)]
    keys = tuple(item.issue.key for item in sorted(found, key=_done_day, reverse=True))
    how = ("Issues that reached done and stayed there.", _between(first, last, scene.formats))
    return Behind("Finished", tuple(filter(None, how)), (), keys, _sum(keys, scene), why="finished")


def _finished_in(item: Item, first: date | None, last: date | None) -> bool:
    day = item.done
    return day is not None and item.counted_on(day) and (first or day) <= day <= (last or day)


def changed(title: str, how: str, *kinds: str, signed: bool = False) -> Opened:
    """What changed the scope in these ways: on a day, between two, or in the days drawn.

    `signed`: what went counts negative, so that all together is what the scope changed by.
    """

    def opened(scene: Scene, part: str) -> Behind:
        first, last = _span(part, scene)
        burndown = scene.analysis.burndown
        changes = burndown.changes if isinstance(burndown, Burndown) else ()
        found = [one for one in changes if one.kind in kinds and (first or one.day) <= one.day <= (last or one.day)]
        amounts = _amounts(found[::-1], scene, signed)
        inputs = tuple((scene.formats.day(one.day), scene.formats.signed(one.amount)) for one in found[::-1][:20])
        text = tuple(filter(None, (how, _between(first, last, scene.formats))))
        number = sum(one.amount for one in found)
        keys = tuple(amounts) if scene.analysis.has_items else None
        shown = number if signed else abs(number)
        return Behind(title, text, inputs, keys, shown, tuple(amounts.values()), title.lower())

    return opened


def _amounts(changes: list[ScopeChange], scene: Scene, signed: bool) -> dict[str, float]:
    """What each issue has to do with these changes; one that came, went and came again counts each time."""
    items = {item.issue.key: item for item in scene.analysis.items}
    amounts: dict[str, float] = {}
    for change in changes:
        sign = -1 if signed and change.kind == REMOVED else 1
        for key in change.keys:
            if key in items:
                amounts[key] = amounts.get(key, 0.0) + sign * _weight(change, items[key], scene.unit)
    return amounts


def _weight(change: ScopeChange, item: Item, unit: Unit) -> float:
    after, before = item.size_on(change.day, unit), item.size_on(change.day - ONE_DAY, unit)
    if change.kind == "re-estimated":
        return after - before
    return before if change.kind == "removed" else after


added = changed("Added", "Issues that came into scope.", ADDED)
removed = changed("Removed", "Issues that left the scope without being finished.", REMOVED)
went = changed("Removed", "Issues that left the scope without being finished.", REMOVED, signed=True)
re_estimated = changed("Re-estimated", "Issues whose estimate was changed.", RE_ESTIMATED, signed=True)
reopened = changed("Reopened", "Issues that were done and are open again. They were in scope before.", REOPENED)
net = changed(
    "Net", "What came into scope, less what left it, with what estimates changed.", ADDED, REMOVED, RE_ESTIMATED,
    signed=True,
)  # fmt: skip


def last_week(title: str, how: str, keys: Callable[[WeekReview], tuple[str, ...]]) -> Opened:
    """What happened in the seven days that the review is about."""

    def opened(scene: Scene, part: str) -> Behind:
        review = scene.analysis.last_week
        if isinstance(review, NotEnoughData):
            return Behind(title, (review.reason,))
        days = scene.formats.between(review.since, review.until - timedelta(days=1))
        found = keys(review)
        has_issues = scene.analysis.has_items
        number = _sum(found, scene) if has_issues else None
        return Behind(title, (how, f"Between {days}."), (), found if has_issues else None, number, why=title.lower())

    return opened


def unestimated(scene: Scene, part: str) -> Behind:
    scope = scene.analysis.scope
    keys = () if isinstance(scope, NotEnoughData) else scope.unestimated_keys
    how = ("Open issues without points. They count nothing in points, so the forecast in points is too early by them.",)
    return Behind("Not estimated", how, keys=keys, number=len(keys), each=(1.0,) * len(keys), why="no points")


def pace(scene: Scene, part: str) -> Behind:
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return Behind("Pace", (throughput.reason,))
    how = (
        "The mean of what was finished per week over the last full weeks. Weeks without a finish count; the running "
        "week does not, because it is not over.",
    )
    inputs = tuple(
        (f"Week from {scene.formats.day(week.start)}", _week_amount(week, scene))
        for week in reversed(throughput.window)
    )
    keys = tuple(key for week in reversed(throughput.window) for key in week.done_keys)
    return Behind("Pace", how, inputs, keys or None, why="finished in these weeks")


def _week_amount(week: WeekCount, scene: Scene) -> str:
    text = scene.amount(week.done)
    if week.counted_done is None:
        return text
    return f"{text}, corrected by hand: {scene.formats.number(week.counted_done)} counted"


def week(scene: Scene, part: str) -> Behind:
    """A single week by its first day: what was finished in it."""
    throughput = scene.analysis.throughput
    weeks = () if isinstance(throughput, NotEnoughData) else (*throughput.weeks, throughput.running)
    found = next((one for one in weeks if one is not None and one.start.isoformat() == part), None)
    if found is None:
        return Behind("Week", ("This week is not part of the history.",))
    inputs = (("Finished", scene.amount(found.done)), ("New", scene.amount(found.created)))
    how = filter(None, ("What was finished in these seven days.", corrected(found, scene.formats)))
    number = found.done if found.counted_done is None else found.counted_done
    title = f"Week from {scene.formats.day(found.start)}"
    keys = found.done_keys if scene.analysis.has_items else None
    return Behind(title, tuple(how), inputs, keys, number if keys is not None else None, why="finished in this week")


def corrected(week: WeekCount, formats: Formats) -> str:
    """What was changed by hand about a week, in a sentence; empty where nothing was."""
    pairs = (("finished", week.done, week.counted_done), ("new", week.created, week.counted_created))
    parts = [
        f"{formats.number(value)} {what} instead of {formats.number(counted)}"
        for what, value, counted in pairs
        if counted is not None
    ]
    return f"Corrected by hand: {', '.join(parts)}." if parts else ""


def sweep(scene: Scene, part: str) -> Behind:
    """A day on which more was finished at once than work explains."""
    throughput = scene.analysis.throughput
    sweeps = throughput.sweeps if isinstance(throughput, Throughput) else ()
    keys = tuple(key for one in sweeps if part in ("", one.day.isoformat()) for key in one.keys)
    how = ("Closed on one day. If that was tidying up rather than work, the pace looks higher than it is.",)
    return Behind("Closed in bulk", how, keys=keys or None, number=_sum(keys, scene), why="closed in bulk")


def _span(part: str, scene: Scene) -> tuple[date | None, date | None]:
    """The days that a show's part names: one, two with dots between, or those drawn."""
    if not part:
        return scene.first, scene.last
    first, _, last = part.partition("..")
    return _day(first), _day(last or first)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _between(first: date | None, last: date | None, formats: Formats) -> str:
    if first is None and last is None:
        return ""
    if first is None or last is None:
        return f"Since {formats.day(first)}." if first is not None else f"Until {formats.day(last)}." if last else ""
    return f"On {formats.day(first)}." if first == last else f"Between {formats.between(first, last)}."
