"""When will it be done, and how often were such answers right."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.cli.answer import Answer
from app.cli.folder import chosen_query, reading
from app.cli.which_work import analysis_of
from app.domain.accuracy import Calibration
from app.domain.analysis import Analysis
from app.domain.forecast import LEVELS, Forecast, HowMany
from app.domain.items import Unit
from app.domain.known import Method, Sweeps
from app.domain.missing import NotEnoughData
from app.domain.pace import PaceSource
from app.domain.pert import SecondOpinion
from app.domain.scope_guess import Guessed, Risk, ScopeGuess
from app.domain.selection import texts
from app.domain.sprint_check import SprintCheck
from app.domain.track_record import replayed
from app.errors import Usage
from app.output.document import as_they_are
from app.output.document import document as document_of
from store.paths import DataFolder


@dataclass(frozen=True, slots=True)
class Earlier:
    """How many weeks before the window are drawn from too, and the share of all draws that is theirs."""

    weeks: int
    weight: float


@dataclass(frozen=True, slots=True)
class Percentile:
    """None: beyond the horizon."""

    weeks: int | None
    date: date | None


# By level, and "weeks" for how many these are.
HowManyAnswer = Mapping[int | str, float] | NotEnoughData | None


@dataclass(frozen=True, slots=True)
class WithoutSweeps:
    """The same answers without days of tidying up."""

    days: tuple[date, ...]
    finished: int
    percentiles: Mapping[int, Percentile]
    how_many: HowManyAnswer


@dataclass(frozen=True, slots=True)
class ForecastAnswer:
    """What `forecast` says. `by_day`: the dates to the working day, where little is left.

    `chance`: by the asked day, and by the deadline. `without_sweeps` None: there are none, or they are left out
    already. `second_opinion`: an estimate by three points (PERT), to compare with.
    """

    as_of: date
    unit: Unit
    remaining: float
    samples: tuple[float, ...]
    earlier: Earlier
    method: Method
    trials: int
    seed: int
    percentiles: Mapping[int, Percentile]
    by_day: Mapping[int, date]
    not_finished: float
    chance: Mapping[date, float]
    how_many: HowManyAnswer
    without_sweeps: WithoutSweeps | NotEnoughData | None
    second_opinion: SecondOpinion | NotEnoughData
    warnings: tuple[str, ...]


def forecast(arguments: Namespace, folder: DataFolder) -> Answer:
    with reading(folder, recorded=False) as ctx:
        query = chosen_query(ctx, arguments.profile, arguments.query)
        analysis = analysis_of(ctx, query, arguments)
        answer = _answer(analysis, arguments)
        check, guessed = _sprint_check(analysis, arguments), _guessed(analysis, arguments)
    if isinstance(answer, NotEnoughData):
        return Answer({"not_enough_data": answer.reason}, answer.reason)
    document = document_of(answer, as_they_are)
    lines = _forecast_text(answer)
    if isinstance(analysis.forecast, Forecast) and analysis.forecast.days_off:
        document["days_off_ahead"] = {"days": analysis.forecast.days_off, "weeks": analysis.forecast.weeks_off}
        lines.append(_days_off_text(analysis.forecast))
    if analysis.known.selection:
        where, pace = texts(analysis.known.selection), analysis.pace
        document |= {"where": list(where), "pace": document_of(pace)}
        if isinstance(pace, PaceSource):
            lines.insert(1, _pace_text(where, pace))
    if check is not None:
        document["sprint_check"] = document_of(check)
    if guessed is not None:
        document["guessed"] = document_of(guessed)
    return Answer(document, "\n".join([*lines, *_check_text(check), *_guessed_text(guessed)]))


def _answer(analysis: Analysis, arguments: Namespace) -> ForecastAnswer | NotEnoughData:
    result, weeks = analysis.forecast, arguments.weeks
    if isinstance(result, NotEnoughData):
        return result
    days = [day for day in (arguments.by, analysis.params.deadline) if day is not None]
    return ForecastAnswer(
        as_of=result.as_of,
        unit=analysis.params.unit,
        remaining=result.remaining,
        samples=result.samples,
        earlier=Earlier(result.earlier_weeks, _share(result.earlier_share)),
        method=result.settings.method,
        trials=result.settings.trials,
        seed=result.settings.seed,
        percentiles=_percentiles(result),
        by_day=analysis.by_day,
        not_finished=_share(result.distribution.not_finished),
        chance={day: _share(result.chance_by(day)) for day in days},
        how_many=_how_many(analysis, weeks),
        without_sweeps=_without_sweeps(analysis, weeks),
        second_opinion=analysis.second_opinion,
        warnings=result.warnings,
    )


def _guessed(analysis: Analysis, arguments: Namespace) -> Guessed | NotEnoughData | None:
    """Where a guess is given; its first part is what remains where none is."""
    which_work = (arguments.scope, arguments.split, arguments.risk, arguments.complexity, arguments.focus)
    if all(each is None for each in which_work):
        return None
    forecast = analysis.forecast
    if isinstance(forecast, NotEnoughData):
        return forecast
    scope = _span(arguments.scope) if arguments.scope is not None else (forecast.remaining, forecast.remaining)
    split = _span(arguments.split) if arguments.split is not None else (1.0, 1.0)
    focus = 1.0 if arguments.focus is None else _percent(arguments.focus)
    try:
        guess = ScopeGuess(*scope, split, tuple(map(_risk, arguments.risk or ())), arguments.complexity or 1, focus)
    except ValueError as exc:
        raise Usage(f"--scope, --split, --risk and --focus: {exc}.") from exc
    return analysis.guessed(guess)


def _span(text: str) -> tuple[float, float]:
    """From "20-30", or "25" for both ends."""
    match = re.fullmatch(r"(\d{1,9}(?:\.\d+)?)(?:-(\d{1,9}(?:\.\d+)?))?", text.strip())
    if match is None:
        raise Usage(f"{text!r} is no range. Write it as 20-30, or a single number.")
    return float(match[1]), float(match[2] or match[1])


def _percent(text: str) -> float:
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*%?", text.strip())
    if match is None:
        raise Usage(f"{text!r} is no share. Write it as 30%.")
    return float(match[1]) / 100


def _risk(text: str) -> Risk:
    likelihood, colon, span = text.partition(":")
    if not colon:
        raise Usage(f"{text!r} is no risk. Write its chance and how many items it brings: 30%:5-10.")
    low, high = _span(span)
    return Risk(_percent(likelihood), int(low), int(high))


def _guessed_text(guess: Guessed | NotEnoughData | None) -> list[str]:
    if guess is None or isinstance(guess, NotEnoughData):
        return [] if guess is None else [guess.reason]
    when = guess.dates[85] or "not within two years"
    return [
        f"By the guess {guess.scope[50]} items or fewer at even odds, {guess.scope[85]} at 85 %: 85 % sure by {when}."
    ]


def _sprint_check(analysis: Analysis, arguments: Namespace) -> SprintCheck | NotEnoughData | None:
    if arguments.keys is None:
        return None
    if not arguments.weeks:
        raise Usage("--keys needs --weeks: in how many weeks all of these are to be finished.")
    return analysis.sprint_check(arguments.keys.replace(",", " ").split(), arguments.weeks)


def _check_text(check: SprintCheck | NotEnoughData | None) -> list[str]:
    if check is None:
        return []
    if isinstance(check, NotEnoughData):
        return [check.reason]
    lines = [f"All {len(check.keys)} of these in {check.weeks} weeks: {check.chance:.0%}"]
    if check.leave_out:
        lines.append(f"Without {' and '.join(check.leave_out)}: {check.chance_without:.0%}")
    if check.done or check.unknown:
        lines.append(
            f"Done already: {', '.join(check.done) or 'none'}; not found: {', '.join(check.unknown) or 'none'}"
        )
    return lines


def _without_sweeps(analysis: Analysis, weeks: int | None) -> WithoutSweeps | NotEnoughData | None:
    other = analysis.without_sweeps
    if other is None or analysis.params.sweeps is Sweeps.LEAVE_OUT:
        return None
    result, throughput = other.forecast, analysis.throughput
    if isinstance(result, NotEnoughData) or isinstance(throughput, NotEnoughData):
        return result if isinstance(result, NotEnoughData) else None
    return WithoutSweeps(
        days=tuple(sweep.day for sweep in throughput.sweeps),
        finished=sum(sweep.finished for sweep in throughput.sweeps),
        percentiles=_percentiles(result),
        how_many=_how_many(other, weeks),
    )


def _share(value: float) -> float:
    """Free of the binary tail of a sum; there are far fewer than a million futures."""
    return round(value, 6)


def _percentiles(result: Forecast) -> dict[int, Percentile]:
    return {level: Percentile(result.weeks[level], result.dates[level]) for level in LEVELS}


def _how_many(analysis: Analysis, weeks: int | None) -> HowManyAnswer:
    amounts = analysis.how_many(weeks) if weeks else None
    if isinstance(amounts, HowMany):
        return {"weeks": amounts.weeks, **{level: amounts.amounts[level] for level in LEVELS}}
    return amounts


def _forecast_text(answer: ForecastAnswer) -> list[str]:
    lines = [f"{answer.remaining:g} {answer.unit} remain as of {answer.as_of}."]
    for level, percentile in answer.percentiles.items():
        when = f"{percentile.date} ({percentile.weeks} weeks)" if percentile.date else "not within two years"
        lines.append(f"{level} % sure: done by {when}")
    lines += [f"Chance to be done by {day}: {chance:.0%}" for day, chance in answer.chance.items()]
    amounts = answer.how_many
    if isinstance(amounts, Mapping):
        lines += [f"{level} % sure: at least {amounts[level]:g} in {amounts['weeks']} weeks" for level in LEVELS]
    more = (*_without_sweeps_text(answer.without_sweeps), *_second_opinion_text(answer.second_opinion))
    return [*lines, *answer.warnings, *more]


def _days_off_text(result: Forecast) -> str:
    days, weeks = result.days_off, result.weeks_off
    off = "1 working day is" if days == 1 else f"{days} working days are"
    if not weeks:
        return f"Until then {off} off, which moves no date by a week."
    return f"Until then {off} off: {weeks} {'week' if weeks == 1 else 'weeks'} off ahead are in these dates."


def _second_opinion_text(opinion: SecondOpinion | NotEnoughData) -> list[str]:
    """Beside the forecast, never instead of it; where it has nothing to say it is not asked for."""
    if isinstance(opinion, NotEnoughData):
        return []
    rates = opinion.rates
    return [
        f"A second opinion, by three points (PERT; {rates.worst:g}, {rates.usual:g} and {rates.best:g} a week in the "
        f"worst, the usual and the best tenth of the weeks): 50 % sure by {opinion.dates[50]}, 85 % sure by "
        f"{opinion.dates[85]}. Its weights are a convention, and nothing is worse than its worst case."
    ]


def _pace_text(where: Sequence[str], pace: PaceSource) -> str:
    return f"Of {', '.join(where)} only. Pace of all work: {pace.whole:.1f} a week; {pace.share:.0%} of it: {pace.why}."


def _without_sweeps_text(without: WithoutSweeps | NotEnoughData | None) -> list[str]:
    if without is None:
        return []
    if isinstance(without, NotEnoughData):
        return [f"Without those days: {without.reason}"]
    days = ", ".join(day.isoformat() for day in without.days) or "those days"
    day, amounts = without.percentiles[85].date, without.how_many
    many = f", at least {amounts[85]:g} in {amounts['weeks']} weeks" if isinstance(amounts, Mapping) else ""
    when = f"done by {day}" if day else "not within two years"
    return [f"Without {days} (--sweeps leave-out): 85 % sure: {when}{many}."]


def calibration(arguments: Namespace, folder: DataFolder) -> Answer:
    with reading(folder, recorded=False) as ctx:
        query = chosen_query(ctx, arguments.profile, arguments.query)
        throughput = ctx.analysis(query.ref).throughput
    if isinstance(throughput, NotEnoughData):
        return Answer({"not_enough_data": throughput.reason}, throughput.reason)

    def run(method: Method) -> Calibration | NotEnoughData:
        return replayed(throughput, method, arguments.every, arguments.trials)

    result = run(Method(arguments.method))
    if isinstance(result, NotEnoughData):
        return Answer({"not_enough_data": result.reason}, result.reason)
    document = document_of(result) | {"warnings": list(throughput.warnings)}
    lines = [_record_text(result)]
    if result.method is not Method.PLAIN:
        plain = run(Method.PLAIN)
        if isinstance(plain, Calibration):
            document["baseline"] = document_of(plain)
            lines.append(_record_text(plain))
    return Answer(document, "\n".join([*lines, *throughput.warnings]))


def _record_text(result: Calibration) -> str:
    if not any(record.n for record in result.levels.values()):
        return f"{result.method}: {result.origins} dates replayed, none of which has come yet."
    rates = ", ".join(
        f"{level} %: {at_level.hit_rate:.0%} of {at_level.n}" for level, at_level in result.levels.items() if at_level.n
    )
    return f"{result.method}: dates held {rates} ({result.verdict})"
