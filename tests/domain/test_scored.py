from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.scored import StoredRecord, stored_record
from app.domain.track_record import WholeRecord
from app.output.document import document
from store.records import ForecastMade, QueryFacts, Week
from tests.domain.build import analysis, at, day, facts, finished_each_week

MONDAY = date(2026, 1, 5)


def scored_of(
    as_of: date, remaining: float, weeks: int | None, unit: Unit = Unit.ITEMS, hour: str = "09:00"
) -> ForecastMade:
    return ForecastMade(
        made_at=at(f"{as_of:%m-%d} {hour}"),
        as_of=as_of,
        unit=unit,
        method="calibrated",
        remaining=remaining,
        weeks={50: 1, 70: 1, 85: weeks, 95: weeks},
        window=12,
        trials=100,
        seed=1,
    )


def known_of(*forecasts: ForecastMade) -> QueryFacts:
    """Five finished on each Wednesday from 7 January to 18 February."""
    return replace(facts(finished_each_week([5] * 7, MONDAY)), forecasts=forecasts)


def scored(*forecasts: ForecastMade, **params: Any) -> StoredRecord:
    whole_record = analysis(known_of(*forecasts), **params).track_record
    assert isinstance(whole_record, NotEnoughData)  # seven weeks are too few to replay
    whole = analysis(known_of(*forecasts), **params)
    record = stored_record(whole.known, whole.throughput, whole.facts.forecasts)
    assert isinstance(record, StoredRecord)
    return record


def test_a_date_held_when_as_much_as_was_left_was_finished_by_then() -> None:
    # On Monday 12 January 10 were left: done with the finishes of the 14th and 21st, 9 days later.
    record = scored(scored_of(day("01-12"), 10, 2), now=at("03-13"))
    (each,) = record.forecasts
    assert (each.actual, each.dates[85]) == (day("01-21"), day("01-26"))
    assert each.held == {50: False, 70: False, 85: True, 95: True}
    assert record.levels[85].hit_rate == 1
    # One week was said and 9 days it took.
    assert record.levels[50].pinball == pytest.approx(0.5 * (9 / 7 - 1))
    assert (record.n, record.unresolved, record.verdict) == (1, 0, "honest")


def test_what_is_done_on_the_very_day_was_in_time() -> None:
    # On Wednesday 14 January five were left after that day's: done a week later to the day.
    (each,) = scored(scored_of(day("01-14"), 5, 1), now=at("03-13")).forecasts
    assert (each.actual, each.dates[85], each.held[85]) == (day("01-21"), day("01-21"), True)


def test_a_date_that_passed_unfinished_is_a_miss_and_one_ahead_is_open() -> None:
    record = scored(
        scored_of(day("02-09"), 100, 2),
        scored_of(day("02-16"), 100, 8),
        scored_of(day("02-23"), 100, None),
        now=at("03-13"),
    )
    assert [forecast.held[85] for forecast in record.forecasts] == [False, None, None]
    assert (record.levels[85].n, record.unresolved, record.levels[85].no_date) == (1, 2, 1)


def test_of_a_week_the_last_forecast_counts_alone() -> None:
    record = scored(
        scored_of(day("01-12"), 10, 2), scored_of(day("01-13"), 10, 1), scored_of(day("01-19"), 5, 1), now=at("03-13")
    )
    assert [forecast.as_of for forecast in record.forecasts] == [day("01-13"), day("01-19")]


def test_a_forecast_made_today_or_in_another_unit_says_nothing_yet() -> None:
    known = known_of(scored_of(day("03-13"), 10, 2), scored_of(day("01-12"), 10, 2, Unit.POINTS))
    whole = analysis(known, now=at("03-13"))
    result = stored_record(whole.known, whole.throughput, known.forecasts)
    assert isinstance(result, NotEnoughData)


@pytest.mark.slow
def test_the_whole_record_is_told_as_calibration_tells_it_and_more() -> None:
    weeks = [Week(MONDAY - timedelta(weeks=30 - number), completed_items=3 + number % 3) for number in range(36)]
    known = replace(facts(weeks=weeks), forecasts=(scored_of(day("01-12"), 8, 3),))
    whole_record = analysis(known, now=at("03-13")).track_record
    assert isinstance(whole_record, WholeRecord)
    result = document(whole_record)
    assert {"method", "origins", "unresolved", "levels", "pinball", "verdict", "how_many", "stored"} <= set(result)
    assert result["how_many"]["levels"]["85"]["n"] > 0
    assert result["stored"]["forecasts"][0]["actual"] == "2026-01-25"
    assert result["unit"] == "items"
