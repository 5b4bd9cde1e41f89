"""When will it be done, and how often were such answers right."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from app.cli.answer import Answer
from app.cli.asked import analysis_of
from app.cli.folder import chosen_query, reading
from app.domain.accuracy import Calibration
from app.domain.analysis import Analysis
from app.domain.forecast import LEVELS, Forecast, HowMany
from app.domain.known import Method, Sweeps
from app.domain.missing import NotEnoughData
from app.domain.selection import texts
from app.domain.sprint_check import SprintCheck
from app.domain.track_record import replayed
from app.errors import Usage
from app.output.document import document as document_of
from store.paths import DataFolder


def forecast(arguments: Namespace, folder: DataFolder) -> Answer:
    with reading(folder, recorded=False) as ctx:
        query = chosen_query(ctx, arguments.profile, arguments.query)
        analysis = analysis_of(ctx, query, arguments)
        result = analysis.forecast
        amounts = analysis.how_many(arguments.weeks) if arguments.weeks else None
        check = _sprint_check(analysis, arguments)
        without = _without_sweeps(analysis, arguments.weeks)
    if isinstance(result, NotEnoughData):
        return Answer({"not_enough_data": result.reason}, result.reason)
    days = [day for day in (arguments.by, analysis.params.deadline) if day is not None]
    document = {
        "as_of": result.as_of.isoformat(),
        "unit": str(analysis.params.unit),
        "remaining": result.remaining,
        "samples": list(result.samples),
        "earlier": {"weeks": result.earlier_weeks, "weight": _share(result.earlier_share)},
        "method": str(result.settings.method),
        "trials": result.settings.trials,
        "seed": result.settings.seed,
        "percentiles": {str(level): _percentile(result, level) for level in LEVELS},
        "not_finished": _share(result.distribution.not_finished),
        "chance": {day.isoformat(): _share(result.chance_by(day)) for day in days},
        "how_many": _how_many(amounts),
        "without_sweeps": without,
        "warnings": list(result.warnings),
    }
    if analysis.known.selection:
        document |= {"where": list(texts(analysis.known.selection)), "pace": document_of(analysis.pace)}
    if check is not None:
        document["sprint_check"] = document_of(check)
    return Answer(document, "\n".join([_forecast_text(document), *_check_text(check)]))


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


def _without_sweeps(analysis: Analysis, weeks: int | None) -> dict[str, Any] | None:
    """The same answers without days of tidying up; None where there are none, or they are left out already."""
    other = analysis.without_sweeps
    if other is None or analysis.params.sweeps is Sweeps.LEAVE_OUT:
        return None
    result, throughput = other.forecast, analysis.throughput
    if isinstance(result, NotEnoughData) or isinstance(throughput, NotEnoughData):
        return {"not_enough_data": result.reason} if isinstance(result, NotEnoughData) else None
    return {
        "days": [sweep.day.isoformat() for sweep in throughput.sweeps],
        "finished": sum(sweep.finished for sweep in throughput.sweeps),
        "percentiles": {str(level): _percentile(result, level) for level in LEVELS},
        "how_many": _how_many(other.how_many(weeks) if weeks else None),
    }


def _share(value: float) -> float:
    """Free of the binary tail of a sum; there are far fewer than a million futures."""
    return round(value, 6)


def _percentile(result: Forecast, level: int) -> dict[str, Any]:
    day = result.dates[level]
    return {"weeks": result.weeks[level], "date": day.isoformat() if day else None}


def _how_many(amounts: HowMany | NotEnoughData | None) -> dict[str, Any] | None:
    if isinstance(amounts, HowMany):
        return {"weeks": amounts.weeks, **{str(level): amounts.amounts[level] for level in LEVELS}}
    return {"not_enough_data": amounts.reason} if amounts else None


def _forecast_text(document: dict[str, Any]) -> str:
    lines = [f"{document['remaining']:g} {document['unit']} remain as of {document['as_of']}."]
    if "pace" in document:
        pace = document["pace"]
        lines.append(
            f"Of {', '.join(document['where'])} only. Pace of all work: {pace['whole']:.1f} a week; "
            f"{pace['share']:.0%} of it: {pace['why']}."
        )
    for level, found in document["percentiles"].items():
        when = f"{found['date']} ({found['weeks']} weeks)" if found["date"] else "not within two years"
        lines.append(f"{level} % sure: done by {when}")
    lines += [f"Chance to be done by {day}: {chance:.0%}" for day, chance in document["chance"].items()]
    amounts = document["how_many"]
    if amounts and "weeks" in amounts:
        lines += [f"{level} % sure: at least {amounts[str(level)]:g} in {amounts['weeks']} weeks" for level in LEVELS]
    return "\n".join([*lines, *document["warnings"], *_without_sweeps_text(document["without_sweeps"])])


def _without_sweeps_text(without: dict[str, Any] | None) -> list[str]:
    if without is None:
        return []
    days = ", ".join(without.get("days", ())) or "those days"
    if "percentiles" not in without:
        return [f"Without {days}: {without['not_enough_data']}"]
    found = without["percentiles"]["85"]
    amounts = without["how_many"]
    many = f", at least {amounts['85']:g} in {amounts['weeks']} weeks" if amounts and "weeks" in amounts else ""
    when = f"done by {found['date']}" if found["date"] else "not within two years"
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
    if not any(one.n for one in result.levels.values()):
        return f"{result.method}: {result.origins} dates replayed, none of which has come yet."
    rates = ", ".join(f"{level} %: {one.hit_rate:.0%} of {one.n}" for level, one in result.levels.items() if one.n)
    return f"{result.method}: dates held {rates} ({result.verdict})"
