"""The numbers that several views show, and what lies behind each: amounts of work, what happened, single weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from app.domain.burndown import Burndown
from app.domain.calendar import ONE_DAY, written_day
from app.domain.forecast import Forecast
from app.domain.hierarchy import Level
from app.domain.items import Item, Unit
from app.domain.ledger import ADDED, RE_ESTIMATED, REMOVED, REOPENED, ScopeChange
from app.domain.missing import NotEnoughData
from app.domain.review import WeekReview
from app.domain.throughput import Throughput, WeekCount
from app.views.view import Behind, Opened, Scene, mid_sentence
from app.words import N_, _, n_
from app.words.formats import Formats


def _sum(keys: tuple[str, ...], scene: Scene) -> float:
    """What these issues weigh together."""
    if scene.unit is Unit.ITEMS:
        return float(len(keys))
    wanted = set(keys)
    return sum(item.size(scene.unit) for item in scene.analysis.items if item.issue.key in wanted)


def remaining(scene: Scene, part: str) -> Behind:
    scope = scene.analysis.scope
    if isinstance(scope, NotEnoughData):
        return Behind(_("Left"), (scope.reason,))
    how = [_SOURCES.get(scope.source, "")]
    if scope.unestimated:
        how.append(
            n_(
                "{unestimated} open issue has no estimate.",
                "{unestimated} open issues have no estimate.",
                scope.unestimated,
                unestimated=scope.unestimated,
            )
        )
    how += [_left_out(scene), *_wholes_and_parts(scope.left_out)]
    inputs = (
        (_("In all"), scene.amount(scope.total)),
        (_("Done"), scene.amount(scope.done)),
        (_("In progress"), scene.amount(scope.in_progress)),
        (_("Not started"), scene.amount(scope.todo)),
    )
    keys = scope.remaining_keys if scope.source == "issues" else None
    return Behind(_("Left"), tuple(filter(None, how)), inputs, keys, scope.remaining, why=_("not done"))


_SOURCES = {
    "issues": N_("All issues of the work list that are not done now. Removed work does not count."),
    "weeks": N_("Created minus finished, summed over the weekly numbers."),
    "typed": N_("The total that was typed in, since there are no issues."),
}


def _left_out(scene: Scene) -> str:
    count = scene.analysis.left_out
    if not count:
        return ""
    names = ", ".join(sorted(name.upper() for name in scene.analysis.params.excluded_projects))
    return n_(
        "{count} issue of {names} does not count: that is operations, not project work.",
        "{count} issues of {names} do not count: that is operations, not project work.",
        count,
        names=names,
    )


def _wholes_and_parts(left_out: Mapping[Level, int]) -> list[str]:
    """Issues that are counted by others of the list: who compares the number with that of the file misses them."""
    epics, stories, sub_tasks = (left_out.get(level, 0) for level in (Level.EPIC, Level.STORY, Level.SUB_TASK))
    texts = (
        n_(
            "{count} epic does not count: what it consists of does.",
            "{count} epics do not count: what they consist of does.",
            epics,
        ),
        n_(
            "{count} story does not count: its sub-tasks do.",
            "{count} stories do not count: their sub-tasks do.",
            stories,
        ),
        n_(
            "{count} sub-task does not count: its story does.",
            "{count} sub-tasks do not count: their stories do.",
            sub_tasks,
        ),
    )
    return [text for count, text in zip((epics, stories, sub_tasks), texts, strict=True) if count]


def on_day(title: str, how: str, counts: Callable[[Item, date], bool]) -> Opened:
    """What the work was at the end of a day, or of the last one known."""

    def opened(scene: Scene, part: str) -> Behind:
        day = _day(part) or scene.analysis.last_day
        items = [item for item in scene.analysis.items if _in_scope(item, day) and counts(item, day)]
        ordered = sorted(items, key=_done_day, reverse=True)
        keys = tuple(item.issue.key for item in ordered) if scene.analysis.has_items else None
        amounts = () if scene.unit is Unit.ITEMS else tuple(item.size_on(day, scene.unit) for item in ordered)
        number = float(len(ordered)) if scene.unit is Unit.ITEMS else sum(amounts)
        text = (how, _("At the end of {day}.", day=scene.formats.day(day)))
        return Behind(title, text, (), keys, number, amounts, mid_sentence(title))

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


scope = on_day(N_("All work"), N_("All work that counts, done and open."), lambda item, day: True)
done = on_day(N_("Done"), N_("Work that is done and counts."), _was_done)
still_open = on_day(N_("Open"), N_("Work that is not done."), lambda item, day: not _was_done(item, day))


def finished(scene: Scene, part: str) -> Behind:
    """What was finished: on a day, between two (2026-01-05..2026-01-11), or in the days drawn."""
    first, last = _span(part, scene)
    items = [item for item in scene.analysis.items if _finished_in(item, first, last)]
    keys = tuple(item.issue.key for item in sorted(items, key=_done_day, reverse=True))
    how = (_("Issues that reached done and stayed there."), _between(first, last, scene.formats))
    return Behind(_("Finished"), tuple(filter(None, how)), (), keys, _sum(keys, scene), why=_("finished"))


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
        changes_there = [
            change
            for change in changes
            if change.kind in kinds and (first or change.day) <= change.day <= (last or change.day)
        ]
        amounts = _amounts(changes_there[::-1], scene, signed)
        inputs = tuple(
            (scene.formats.day(change.day), scene.formats.signed(change.amount)) for change in changes_there[::-1][:20]
        )
        text = tuple(filter(None, (how, _between(first, last, scene.formats))))
        number = sum(change.amount for change in changes_there)
        keys = tuple(amounts) if scene.analysis.has_items else None
        shown = number if signed else abs(number)
        return Behind(title, text, inputs, keys, shown, tuple(amounts.values()), mid_sentence(title))

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


added = changed(N_("Added"), N_("Issues that came into scope."), ADDED)
removed = changed(N_("Removed"), N_("Issues that left the scope without being finished."), REMOVED)
went = changed(N_("Removed"), N_("Issues that left the scope without being finished."), REMOVED, signed=True)
re_estimated = changed(N_("Re-estimated"), N_("Issues whose estimate was changed."), RE_ESTIMATED, signed=True)
reopened = changed(N_("Reopened"), N_("Issues that were done and are open again. They were in scope before."), REOPENED)
net = changed(
    N_("Net"),
    N_("What came into scope, less what left it, with what estimates changed."),
    ADDED,
    REMOVED,
    RE_ESTIMATED,
    signed=True,
)


def last_week(title: str, how: str, keys: Callable[[WeekReview], tuple[str, ...]]) -> Opened:
    """What happened in the seven days that the review is about."""

    def opened(scene: Scene, part: str) -> Behind:
        review = scene.analysis.last_week
        if isinstance(review, NotEnoughData):
            return Behind(title, (review.reason,))
        days = review.since, review.until - timedelta(days=1)
        review_keys = keys(review)
        has_issues = scene.analysis.has_items
        number = _sum(review_keys, scene) if has_issues else None
        return Behind(
            title,
            (how, _between(*days, scene.formats)),
            (),
            review_keys if has_issues else None,
            number,
            why=mid_sentence(title),
        )

    return opened


def re_estimated_last_week(scene: Scene, part: str) -> Behind:
    """What estimates changed by in the seven days that the review is about, issue by issue."""
    review, title = scene.analysis.last_week, _("Re-estimated")
    if isinstance(review, NotEnoughData):
        return Behind(title, (review.reason,))
    keys = tuple(key for key, _amount in review.re_estimated_by)
    amounts = tuple(amount for _key, amount in review.re_estimated_by)
    days = _between(review.since, review.until - ONE_DAY, scene.formats)
    how = (_("Issues whose estimate was changed."), days)
    return Behind(title, how, (), keys, review.re_estimated, amounts, mid_sentence(title))


def expected(scene: Scene, part: str) -> Behind:
    """The epics that are not broken down, and what they are taken to bring."""
    scope, title = scene.analysis.scope, _("Expected")
    if isinstance(scope, NotEnoughData):
        return Behind(title, (scope.reason,))
    how = (_("What epics that are not broken down are taken to bring, beside the issues that are there."),)
    inputs = ((_("Expected"), scene.amount(round(scope.expected, 1))),)
    return Behind(title, how, inputs, scope.expected_keys, why=_("not broken down"))


def forecast_inputs(result: Forecast, scene: Scene) -> tuple[tuple[str, str], ...]:
    """What each date that comes of the forecast rests on."""
    formats = scene.formats
    levels = tuple(
        (scene.sureness(level), _(_BEYOND) if day is None else formats.day(day)) for level, day in result.dates.items()
    )
    return (
        *levels,
        (_("Left"), scene.amount(result.remaining)),
        (_("Weeks learned from"), str(len(result.samples))),
        (_("Finished in these weeks"), ", ".join(formats.number(sample) for sample in result.samples)),
        (_("As of"), formats.day(result.as_of)),
        (_("Random seed"), str(result.settings.seed)),
    )


_BEYOND = N_("later than two years from now")


def unestimated(scene: Scene, part: str) -> Behind:
    scope = scene.analysis.scope
    keys = () if isinstance(scope, NotEnoughData) else scope.unestimated_keys
    how = (
        _("Open issues without points. They count nothing in points, so the forecast in points is too early by them."),
    )
    return Behind(_("Not estimated"), how, keys=keys, number=len(keys), each=(1.0,) * len(keys), why=_("no points"))


def without_days_off(scene: Scene) -> Iterator[str]:
    """What days off do to the weeks that are learned from, where they do anything."""
    learned = scene.analysis.learned
    if not isinstance(learned, NotEnoughData) and learned.leaves_weeks_out:
        yield _(
            "Days off are no days without a finish: weeks with days off among them are put together into whole weeks "
            "of work, {weeks} instead of {all}.",
            weeks=scene.formats.number(len(learned.pairs)),
            all=scene.formats.number(len(learned.window)),
        )


def pace(scene: Scene, part: str) -> Behind:
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return Behind(_("Pace"), (throughput.reason,))
    how = (
        _(
            "The mean of what was finished per week over the last full weeks. Weeks without a "
            "finish count; the running week does not, because it is not over."
        ),
        *without_days_off(scene),
    )
    inputs = tuple(
        (_("Week from {start}", start=scene.formats.day(week.start)), _week_amount(week, scene))
        for week in reversed(throughput.window)
    )
    keys = tuple(key for week in reversed(throughput.window) for key in week.done_keys)
    return Behind(_("Pace"), how, inputs, keys or None, why=_("finished in these weeks"))


def new(scene: Scene, part: str) -> Behind:
    """What came in the weeks of the pace."""
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return Behind(_("New"), (throughput.reason,))
    weeks = throughput.window[::-1]
    how = (_("The mean of what was new per week over the last full weeks, those of the pace."),)
    inputs = tuple(
        (_("Week from {start}", start=scene.formats.day(week.start)), scene.amount(week.created)) for week in weeks
    )
    keys = tuple(dict.fromkeys(key for week in weeks for key in week.created_keys))
    return Behind(_("New"), how, inputs, keys or None, why=_("new in these weeks"))


def _week_amount(week: WeekCount, scene: Scene) -> str:
    text = scene.amount(week.done)
    if week.counted_done is None:
        return text
    return _(
        "{text}, corrected by hand: {counted_done} counted",
        text=text,
        counted_done=scene.formats.number(week.counted_done),
    )


def _week_of(scene: Scene, part: str) -> WeekCount | None:
    throughput = scene.analysis.throughput
    weeks = () if isinstance(throughput, NotEnoughData) else (*throughput.weeks, throughput.running)
    return next((each for each in weeks if each is not None and each.start.isoformat() == part), None)


def _no_such_week() -> Behind:
    return Behind(_("Week"), (_("This week is not part of the history."),))


def new_in_week(scene: Scene, part: str) -> Behind:
    """What was new in a single week, by its first day."""
    shown = _week_of(scene, part)
    if shown is None:
        return _no_such_week()
    how = filter(None, (_("What was new in these seven days."), corrected(shown, scene.formats)))
    title = _("New in the week from {start}", start=scene.formats.day(shown.start))
    there = "/data/weeks", N_("Correct this week")
    if not scene.analysis.has_items:
        return Behind(title, tuple(how), ((_("New"), scene.amount(shown.created)),), there=there)
    number = shown.created if shown.counted_created is None else shown.counted_created
    amounts = _as_often_as_new(shown.created_keys, scene)
    why = _("new in this week")
    return Behind(title, tuple(how), (), tuple(amounts), number, tuple(amounts.values()), why, there=there)


def _as_often_as_new(keys: Sequence[str], scene: Scene) -> dict[str, float]:
    """What each weighs; what came, went and came again counts each time."""
    sizes = {item.issue.key: item.size(scene.unit) for item in scene.analysis.items}
    return {key: sizes[key] * count for key, count in Counter(keys).items()}


def week(scene: Scene, part: str) -> Behind:
    """A single week by its first day: what was finished in it."""
    shown = _week_of(scene, part)
    if shown is None:
        return _no_such_week()
    inputs = ((_("Finished"), scene.amount(shown.done)), (_("New"), scene.amount(shown.created)))
    how = filter(None, (_("What was finished in these seven days."), corrected(shown, scene.formats)))
    number = shown.done if shown.counted_done is None else shown.counted_done
    title = _("Week from {start}", start=scene.formats.day(shown.start))
    keys = shown.done_keys if scene.analysis.has_items else None
    why, there = _("finished in this week"), ("/data/weeks", N_("Correct this week"))
    return Behind(title, tuple(how), inputs, keys, number if keys is not None else None, why=why, there=there)


def corrected(week: WeekCount, formats: Formats) -> str:
    """What was changed by hand about a week, in a sentence; empty where nothing was."""
    parts = []
    if week.counted_done is not None:
        done, counted = formats.number(week.done), formats.number(week.counted_done)
        parts.append(_("{value} finished instead of {counted}", value=done, counted=counted))
    if week.counted_created is not None:
        created, counted = formats.number(week.created), formats.number(week.counted_created)
        parts.append(_("{value} new instead of {counted}", value=created, counted=counted))
    return _("Corrected by hand: {parts}.", parts=", ".join(parts)) if parts else ""


def sweep(scene: Scene, part: str) -> Behind:
    """A day on which more was finished at once than work explains."""
    throughput = scene.analysis.throughput
    sweeps = throughput.sweeps if isinstance(throughput, Throughput) else ()
    keys = tuple(key for swept in sweeps if part in ("", swept.day.isoformat()) for key in swept.keys)
    how = (_("Closed on one day. If that was tidying up rather than work, the pace looks higher than it is."),)
    return Behind(_("Closed in bulk"), how, keys=keys or None, number=_sum(keys, scene), why=_("closed in bulk"))


def _span(part: str, scene: Scene) -> tuple[date | None, date | None]:
    """The days that a show's part names: one, two with dots between, or those drawn."""
    if not part:
        return scene.first, scene.last
    first, _, last = part.partition("..")
    return _day(first), _day(last or first)


def _day(text: str) -> date | None:
    try:
        return written_day(text)
    except ValueError:
        return None


def _between(first: date | None, last: date | None, formats: Formats) -> str:
    if last is None:
        return "" if first is None else _("Since {day}.", day=formats.day(first))
    if first is None:
        return _("Until {day}.", day=formats.day(last))
    if first == last:
        return _("On {day}.", day=formats.day(first))
    begin = formats.day(first, with_year=first.year != last.year)
    return _("Between {first} and {last}.", first=begin, last=formats.day(last))
