"""What lies behind a number: how it is computed, from which inputs, and the keys of its issues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.analysis import Analysis
from app.domain.forecast import Forecast
from app.domain.items import Unit
from app.domain.known import Growth, Method
from app.domain.missing import NotEnoughData
from app.domain.review import WeekReview
from app.domain.scope import Scope
from app.domain.throughput import Throughput, WeekCount
from app.domain.ways import Ways
from app.formats import Formats, plural
from app.web.components import amount


@dataclass(frozen=True, slots=True)
class Explanation:
    """`how` in sentences, `inputs` as (name, value). `keys` None: there are no issues behind this number."""

    title: str
    how: tuple[str, ...]
    inputs: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] | None = None


def explain(analysis: Analysis, what: str, formats: Formats) -> Explanation:
    """`what` names a number, some with a part after a colon such as week:2026-01-05."""
    name, _, part = what.partition(":")
    if name == "week":
        return _week(analysis, part, formats)
    if name == "change":
        return _change(analysis, part, formats)
    return _EXPLAINED[name](analysis, formats)


def _answer(analysis: Analysis, formats: Formats) -> Explanation:
    result = analysis.forecast
    if isinstance(result, NotEnoughData):
        return Explanation("Forecast", (result.reason,))
    how = (
        f"The app plays {formats.number(result.settings.trials)} possible futures. In each, every coming week repeats "
        "one of your own past weeks, drawn at random, weeks without a finish included, until nothing remains.",
        _earlier_sentence(result, formats),
        _method_sentence(result),
        _growth_sentence(result, analysis, formats),
        "The first date is when half of these futures are done, the second when 85 in 100 are.",
        _corrections_sentence(analysis),
    )
    return Explanation("When will it be done?", tuple(filter(None, how)), _forecast_inputs(result, analysis, formats))


def _method_sentence(result: Forecast) -> str:
    if result.settings.method is Method.PLAIN:
        return "The plain method is chosen: it takes the past weeks as they are and is usually too sure of itself."
    if result.drift is None:
        return ""
    return (
        "Teams get faster and slower over months, some more than others. The app weighs from your past how much yours "
        f"does, and widens the range by that. Here it expects a drift of {round(result.drift * 100)} in 100."
    )


def _earlier_sentence(result: Forecast, formats: Formats) -> str:
    if not result.earlier_weeks:
        return ""
    weeks = f"{result.earlier_weeks} {plural(result.earlier_weeks, 'week')}"
    return (
        f"The {weeks} before those listed below have a say too, more for a team whose pace has held than for one whose "
        f"pace changes: here {formats.share(result.earlier_share)} of the draws are theirs."
    )


def _corrections_sentence(analysis: Analysis) -> str:
    throughput = analysis.throughput
    window = () if isinstance(throughput, NotEnoughData) else throughput.window
    count = sum(week.is_corrected for week in window)
    if not count:
        return ""
    were = "was" if count == 1 else "were"
    return f"{count} of these weeks {were} corrected by hand; “Weeks by hand” on the Data page shows which."


def _growth_sentence(result: Forecast, analysis: Analysis, formats: Formats) -> str:
    if result.settings.growth is Growth.PAST:
        net = amount(formats, abs(result.net_per_week), analysis.params.unit)
        way = "less" if result.net_per_week < 0 else "more"
        return f"New work keeps arriving as in those weeks; on balance {net} {way} each week."
    return "New work is not part of it: the scope is taken as it is today. Settings can change that."


def _forecast_inputs(result: Forecast, analysis: Analysis, formats: Formats) -> tuple[tuple[str, str], ...]:
    levels = tuple(
        (f"{level} in 100 futures", _when(result.dates.get(level), formats)) for level in sorted(result.dates)
    )
    return (
        *levels,
        ("Remaining", amount(formats, result.remaining, analysis.params.unit)),
        ("Weeks in the window", str(len(result.samples))),
        ("Finished in these weeks", ", ".join(formats.number(sample) for sample in result.samples)),
        ("As of", formats.day(result.as_of)),
        ("Random seed", str(result.settings.seed)),
    )


def _when(day: date | None, formats: Formats) -> str:
    return "later than two years from now" if day is None else formats.day(day)


def _chance(analysis: Analysis, formats: Formats) -> Explanation:
    result, deadline = analysis.forecast, analysis.params.deadline
    if deadline is None:
        return Explanation("Chance of the deadline", ("No deadline is set. Enter one in Settings.",))
    if isinstance(result, NotEnoughData) or analysis.chance is None:
        reason = result.reason if isinstance(result, NotEnoughData) else "There is no forecast to take it from."
        return Explanation("Chance of the deadline", (reason,))
    how = (
        "The share of simulated futures in which everything is done on or before the deadline.",
        "It speaks of the work and the pace of today: if either changes, so does the chance.",
    )
    inputs = (("Deadline", formats.day(deadline)), *_forecast_inputs(result, analysis, formats))
    return Explanation("Chance of the deadline", how, inputs)


def _remaining(analysis: Analysis, formats: Formats) -> Explanation:
    scope = analysis.scope
    if isinstance(scope, NotEnoughData):
        return Explanation("Remaining", (scope.reason,))
    unit = analysis.params.unit
    how = [_SOURCES.get(scope.source, "")]
    if scope.unestimated:
        how.append(f"{scope.unestimated} open {plural(scope.unestimated, 'issue has', 'issues have')} no estimate.")
    how.append(_left_out_sentence(analysis))
    inputs = (
        ("In all", amount(formats, scope.total, unit)),
        ("Done", amount(formats, scope.done, unit)),
        ("In progress", amount(formats, scope.in_progress, unit)),
        ("Not started", amount(formats, scope.todo, unit)),
    )
    return Explanation("Remaining", tuple(filter(None, how)), inputs, _keys(scope.remaining_keys, scope))


def _left_out_sentence(analysis: Analysis) -> str:
    count = analysis.left_out
    if not count:
        return ""
    names = ", ".join(sorted(name.upper() for name in analysis.params.excluded_projects))
    which = f"{count} {plural(count, 'issue')} of {names} {plural(count, 'does', 'do')} not count"
    return f"{which}: that is operations, not project work."


_SOURCES = {
    "issues": "All issues of the query that are not done now. Removed work does not count.",
    "weeks": "Created minus finished, summed over the weekly numbers.",
    "typed": "The total that was typed in, since there are no issues.",
}


def _keys(keys: tuple[str, ...], scope: Scope) -> tuple[str, ...] | None:
    return keys if scope.source == "issues" else None


def _unestimated(analysis: Analysis, formats: Formats) -> Explanation:
    scope = analysis.scope
    keys = () if isinstance(scope, NotEnoughData) else scope.unestimated_keys
    how = ("Open issues without points. They count nothing in points, so the forecast in points is too early by them.",)
    return Explanation("Not estimated", how, keys=keys)


def _pace(analysis: Analysis, formats: Formats) -> Explanation:
    throughput = analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return Explanation("Pace", (throughput.reason,))
    unit = analysis.params.unit
    how = (
        "The mean of what was finished per week over the last full weeks. Weeks without a finish count; the running "
        "week does not, because it is not over.",
    )
    inputs = tuple(
        (f"Week from {formats.day(week.start)}", _finished(week, formats, unit)) for week in reversed(throughput.window)
    )
    return Explanation("Pace", how, inputs, _window_keys(throughput))


def _finished(week: WeekCount, formats: Formats, unit: Unit) -> str:
    text = amount(formats, week.done, unit)
    if week.counted_done is None:
        return text
    return f"{text}, corrected by hand: {formats.number(week.counted_done)} counted"


def _window_keys(throughput: Throughput) -> tuple[str, ...] | None:
    keys = tuple(key for week in reversed(throughput.window) for key in week.done_keys)
    return keys or None


def _required(analysis: Analysis, formats: Formats) -> Explanation:
    pace, deadline, unit = analysis.required_pace, analysis.params.deadline, analysis.params.unit
    if deadline is None:
        return Explanation("Required pace", ("No deadline is set. Enter one in Settings.",))
    if pace is None:
        return Explanation("Required pace", ("The deadline is past: no pace can meet it. Set a new one in Settings.",))
    how = ("What remains, divided by the weeks that are left until the deadline. It has no margin in it.",)
    inputs = [("Deadline", formats.day(deadline)), ("Required per week", amount(formats, pace, unit))]
    if isinstance(analysis.scope, Scope):
        inputs.insert(0, ("Remaining", amount(formats, analysis.scope.remaining, unit)))
    return Explanation("Required pace", how, tuple(inputs))


def _review(title: str, how: str, keys: Callable[[WeekReview], tuple[str, ...]]) -> Callable[..., Explanation]:
    def explained(analysis: Analysis, formats: Formats) -> Explanation:
        review = analysis.last_week
        if isinstance(review, NotEnoughData):
            return Explanation(title, (review.reason,))
        days = formats.between(review.since, review.until - timedelta(days=1))
        return Explanation(title, (how, f"Between {days}."), (), keys(review))

    return explained


def _week(analysis: Analysis, part: str, formats: Formats) -> Explanation:
    throughput = analysis.throughput
    weeks = () if isinstance(throughput, NotEnoughData) else (*throughput.weeks, throughput.running)
    found = next((week for week in weeks if week is not None and week.start.isoformat() == part), None)
    if found is None:
        return Explanation("Week", ("This week is no longer part of the history.",))
    unit = analysis.params.unit
    inputs = (("Finished", amount(formats, found.done, unit)), ("New", amount(formats, found.created, unit)))
    how = filter(None, ("What was finished in these seven days.", corrected(found, formats)))
    return Explanation(f"Week from {formats.day(found.start)}", tuple(how), inputs, found.done_keys or None)


def corrected(week: WeekCount, formats: Formats) -> str:
    """What was changed by hand about a week, in a sentence; empty where nothing was."""
    pairs = (("finished", week.done, week.counted_done), ("new", week.created, week.counted_created))
    said = [
        f"{formats.number(value)} {what} instead of {formats.number(counted)}"
        for what, value, counted in pairs
        if counted is not None
    ]
    return f"Corrected by hand: {', '.join(said)}." if said else ""


def _change(analysis: Analysis, part: str, formats: Formats) -> Explanation:
    burndown = analysis.burndown
    changes = () if isinstance(burndown, NotEnoughData) else burndown.changes
    if not part.isdigit() or int(part) >= len(changes):
        return Explanation("Scope change", ("This change is no longer part of the history.",))
    change = changes[int(part)]
    how = (f"{formats.signed(change.amount)} on {formats.day(change.day)}: {change.kind}.",)
    return Explanation("Scope change", how, (), change.keys)


def _ways(analysis: Analysis, formats: Formats) -> Explanation:
    found, unit = analysis.ways, analysis.params.unit
    if found is None:
        return Explanation("What it would take", ("The deadline is as sure as 85 in 100 already, or none is set.",))
    how = (
        f"Each way alone makes the deadline of {formats.day(found.deadline)} hold in 85 of 100 simulated futures, "
        "with the same past weeks that the forecast draws from.",
        _keep_sentence(found, formats, unit),
        _pace_sentence(found, formats),
        "" if found.later is None else f"By {formats.day(found.later)} 85 in 100 futures are done as things are.",
    )
    inputs = (
        ("Remaining", amount(formats, found.remaining, unit)),
        ("Chance as things are", "–" if analysis.chance is None else formats.share(analysis.chance)),
        ("Pace", amount(formats, round(found.pace_now, 1), unit) + " a week"),
    )
    return Explanation("What it would take", tuple(filter(None, how)), inputs, _remaining_keys(analysis))


def _keep_sentence(found: Ways, formats: Formats, unit: Unit) -> str:
    if found.drop is None:
        return "Too little time is left to make the deadline by leaving work out."
    kept, dropped = amount(formats, found.keep, unit), formats.number(round(found.drop, 1))
    return f"Until then 85 in 100 futures finish {kept} or more, so {dropped} of what remains would have to wait."


def _pace_sentence(found: Ways, formats: Formats) -> str:
    if found.pace is None:
        return "No pace that a team could reach would make it."
    times = formats.number(round(found.pace / found.pace_now, 1))
    return (
        f"All of it is finished in time at {times} times the pace, {formats.number(found.pace)} a week. That is more "
        "than the required pace, which has no margin for weaker weeks."
    )


def _remaining_keys(analysis: Analysis) -> tuple[str, ...] | None:
    return None if isinstance(analysis.scope, NotEnoughData) else _keys(analysis.scope.remaining_keys, analysis.scope)


_EXPLAINED: dict[str, Callable[[Analysis, Formats], Explanation]] = {
    "answer": _answer,
    "chance": _chance,
    "remaining": _remaining,
    "unestimated": _unestimated,
    "pace": _pace,
    "required": _required,
    "ways": _ways,
    "finished": _review("Finished in the last seven days", "Issues that reached done and stayed there.",
                        lambda review: review.finished_keys),
    "added": _review("Added in the last seven days", "Issues that came into scope.", lambda review: review.added_keys),
    "removed": _review("Removed in the last seven days", "Issues that left the scope without being finished.",
                       lambda review: review.removed_keys),
}  # fmt: skip
