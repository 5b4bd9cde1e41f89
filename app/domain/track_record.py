"""How good the dates were, and how they moved: what was promised in each week, and the share that held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from app.domain.accuracy import Calibration, LevelRecord, replay
from app.domain.accuracy_amounts import AmountRecord, replay_amounts
from app.domain.forecast import Forecast, stable_seed
from app.domain.items import Unit
from app.domain.known import Known, Method
from app.domain.missing import NotEnoughData
from app.domain.scored import StoredRecord, stored_record
from app.domain.throughput import Throughput
from store.records import Snapshot

LEVEL = 85
# So far back the date is told again, and with so many futures a week: enough to draw a line.
WEEKS = 12
TRIALS = 2_000


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often the dates of one method held at one level; `low` and `high` bound the true rate (90 %)."""

    rate: float
    n: int
    low: float
    high: float
    verdict: str = ""

    @property
    def kept(self) -> int:
        return round(self.rate * self.n)


@dataclass(frozen=True, slots=True)
class HeldAt:
    """Both methods' dates of one level of confidence, in percent."""

    level: int
    ours: HitRate
    usual: HitRate


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """The past of one query replayed. `ours` and `usual` (the plain method's) are of the 85 % level.

    `ours` None: too little history, `reason` says what is missing. `levels`: every level, the lowest first;
    `amounts`: the same of how much was promised.
    """

    history: str
    ours: HitRate | None
    usual: HitRate | None
    reason: str = ""
    levels: tuple[HeldAt, ...] = ()
    amounts: tuple[HeldAt, ...] = ()


@dataclass(frozen=True, slots=True)
class WholeRecord:
    """All that tells how good the forecasts were, in one unit: the past replayed with the method that is shown and
    with the usual one, for "when" and for "how many", and the forecasts that were written down."""

    unit: Unit
    when: Calibration
    usual: Calibration | NotEnoughData
    how_many: AmountRecord | NotEnoughData
    usual_how_many: AmountRecord | NotEnoughData
    stored: StoredRecord | NotEnoughData

    # As `calibration` tells it, and what that leaves out.
    DOCUMENT: ClassVar[Mapping[str, str]] = {
        "unit": "unit",
        **{name: f"when.{way}" for name, way in Calibration.DOCUMENT.items()},
        "baseline": "usual",
        "how_many": "how_many",
        "baseline_how_many": "usual_how_many",
        "stored": "stored",
    }


def whole_record(known: Known, throughput: Throughput | NotEnoughData) -> WholeRecord | NotEnoughData:
    """The record of the whole past; seconds of work where there are years of it."""
    if isinstance(throughput, NotEnoughData):
        return throughput
    when = replayed(throughput, known.params.method)
    if isinstance(when, NotEnoughData):
        return when
    return WholeRecord(
        unit=known.unit,
        when=when,
        usual=when if when.method is Method.PLAIN else replayed(throughput, Method.PLAIN),
        how_many=replayed_amounts(throughput, known.params.method),
        usual_how_many=replayed_amounts(throughput, Method.PLAIN),
        stored=stored_record(known, throughput, known.facts.forecasts),
    )


def replayed(
    throughput: Throughput,
    method: Method,
    every: int = 2,
    trials: int = 1000,
    step: Callable[[int, int], None] | None = None,
) -> Calibration | NotEnoughData:
    """The past of a query replayed; the same numbers wherever they are asked for."""
    done, starts = _past(throughput)
    # Seeded by the history itself: the same data gives the same record in every folder it is imported into.
    return replay(done, method, every, trials, stable_seed(*done), starts, step)


def replayed_amounts(
    throughput: Throughput, method: Method, step: Callable[[int, int], None] | None = None
) -> AmountRecord | NotEnoughData:
    """As `replayed`, of how much was promised."""
    done, _ = _past(throughput)
    return replay_amounts(done, method, seed=stable_seed(*done), step=step)


def _past(throughput: Throughput) -> tuple[list[float], list[date]]:
    """What was done in each week of work, and when it began: days off cost neither a date nor what came of it time."""
    weeks = throughput.active_weeks
    return [week.done for week in weeks], [week.start for week in weeks]


def record_of(
    history: str,
    ours: Calibration | NotEnoughData,
    usual: Calibration | NotEnoughData,
    amounts: AmountRecord | NotEnoughData | None = None,
    usual_amounts: AmountRecord | NotEnoughData | None = None,
) -> TrackRecord:
    """The record of two replays of the same past, and of two of its amounts."""
    if isinstance(ours, NotEnoughData) or isinstance(usual, NotEnoughData):
        reason = next((record.reason for record in (ours, usual) if isinstance(record, NotEnoughData)), "")
        return TrackRecord(history, None, None, reason)
    return TrackRecord(
        history,
        replace(_hit_rate(ours.levels[LEVEL]), verdict=ours.verdict),
        replace(_hit_rate(usual.levels[LEVEL]), verdict=usual.verdict),
        levels=_both(ours.levels, usual.levels),
        amounts=_both(amounts.levels, usual_amounts.levels)
        if isinstance(amounts, AmountRecord) and isinstance(usual_amounts, AmountRecord)
        else (),
    )


def _both(ours: Mapping[int, LevelRecord], usual: Mapping[int, LevelRecord]) -> tuple[HeldAt, ...]:
    return tuple(HeldAt(level, _hit_rate(ours[level]), _hit_rate(usual[level])) for level in sorted(ours))


def _hit_rate(record: LevelRecord) -> HitRate:
    return HitRate(record.hit_rate, record.n, *record.wilson90)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What was said of the end of the work in one week: the days of even odds and of 85 %, None beyond the horizon.

    `left` in the unit. `is_stored`: written down that week; else told afterwards from what was known then, where
    `pace` is what was finished a week, None for what was stored.
    """

    as_of: date
    even: date | None
    sure: date | None
    left: float
    pace: float | None = None
    is_stored: bool = False


def outlook(
    as_of: date, left: float | NotEnoughData, weeks: Throughput | NotEnoughData, forecast: Forecast | NotEnoughData
) -> Outlook | None:
    """What a forecast says of the end; None where not even what is left is known."""
    if isinstance(left, NotEnoughData):
        return None
    pace = None if isinstance(weeks, NotEnoughData) else weeks.pace
    dates = forecast.dates if isinstance(forecast, Forecast) else {}
    return Outlook(as_of, dates.get(50), dates.get(LEVEL), left, pace)


def stored(snapshots: Iterable[Snapshot], unit: Unit) -> tuple[Outlook, ...]:
    """The forecasts of the weekly record in this unit, oldest first; what cannot be read is left out."""
    pairs = [_outlook_and_unit(each.values) for each in snapshots if each.metric == "forecast"]
    return tuple(
        sorted(
            (outlook for outlook, of in pairs if outlook is not None and of == unit.value),
            key=lambda outlook: outlook.as_of,
        )
    )


def _outlook_and_unit(values: Mapping[str, Any]) -> tuple[Outlook | None, Any]:
    try:
        even, sure = (date.fromisoformat(day) if (day := values[f"date_{level}"]) else None for level in (50, LEVEL))
        outlook = Outlook(date.fromisoformat(values["as_of"]), even, sure, float(values["remaining"]), is_stored=True)
    except (KeyError, TypeError, ValueError):
        return None, None
    return outlook, values.get("unit")


def joined(written: Sequence[Outlook], replayed: Sequence[Outlook]) -> tuple[Outlook, ...]:
    """Per week (Monday to Sunday) what was written down, else what the replay says; oldest first."""
    weeks = {each.as_of.isocalendar()[:2]: each for each in replayed}
    paces = {week: each.pace for week, each in weeks.items()}
    weeks |= {week: replace(each, pace=paces.get(week)) for each in written for week in [each.as_of.isocalendar()[:2]]}
    return tuple(sorted(weeks.values(), key=lambda each: each.as_of))
