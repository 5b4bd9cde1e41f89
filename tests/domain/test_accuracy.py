"""The track record on series whose outcome is known by hand, and on real ones."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.accuracy import (
    Calibration,
    LevelRecord,
    ReplayedForecast,
    calibration_of,
    held,
    pinball,
    replay,
    verdict,
    wilson,
)
from app.domain.forecast import LEVELS, Method
from app.domain.missing import NotEnoughData

ALOY = Path(__file__).parents[2] / ".." / "shared" / "real-data" / "ALOY-jira-export.csv"
MONDAY = date(2024, 1, 1)


def judged(done, method=Method.PLAIN, **options) -> Calibration:
    result = replay(done, method, **options)
    assert isinstance(result, Calibration)
    return result


def made(week, actual, p50, p85) -> ReplayedForecast:
    return ReplayedForecast(week, None, 8, 4, {50: p50, 70: p50, 85: p85, 95: None}, actual)


def test_wilson_interval_of_eight_in_ten():
    # By hand with z = 1.6449, z²/n = 0.27057: centre (0.8 + 0.135285) / 1.27057 = 0.73612,
    # half width 1.6449 · √(0.016 + 0.0067642) / 1.27057 = 0.19533.
    assert wilson(8, 10) == pytest.approx((0.54079, 0.93145), abs=2e-4)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0


def test_a_late_finish_costs_more_at_a_high_level_than_an_early_one():
    assert pinball(85, 10, 8) == pytest.approx(1.7)
    assert pinball(85, 8, 10) == pytest.approx(0.3)
    assert pinball(50, 8, 10) == pytest.approx(1.0)


def test_a_date_that_passed_unfinished_is_a_miss_and_an_open_one_counts_not_yet():
    assert held(5, 5, 9) is True
    assert held(5, 6, 9) is False
    assert held(5, None, 5) is False
    assert held(5, None, 4) is None
    assert held(None, 3, 9) is None


def test_the_record_of_four_forecasts_by_hand():
    # 20 weeks known. Hit at both; hit at 85 only; passed unfinished at both (open after 6 weeks); still open.
    forecasts = [made(12, 4, 4, 6), made(12, 5, 4, 6), made(14, None, 3, 5), made(18, None, 4, 8)]
    record = calibration_of(forecasts, Method.PLAIN, 20)
    assert (record.origins, record.unresolved) == (4, 1)
    assert (record.levels[50].hit_rate, record.levels[50].n) == (pytest.approx(1 / 3), 3)
    assert (record.levels[85].hit_rate, record.levels[85].n) == (pytest.approx(2 / 3), 3)
    assert record.levels[95].n == 0
    # 85 %: 0.15 · 2, 0.15 · 1 and 0.85 · 2 (7 weeks at least against 5).
    assert record.levels[85].pinball == pytest.approx((0.3 + 0.15 + 1.7) / 3)
    assert record.sharpness_weeks == pytest.approx((2 + 2 + 2 + 4) / 4)
    assert record.relative_p85 == pytest.approx((6 + 6 + 5 + 8) / 16)


def test_a_steady_team_is_forecast_exactly_and_the_ends_stay_open():
    record = judged([2] * 24, every=2, trials=50, first_week=MONDAY)
    # Origins 12, 14 … 22; backlogs 8, 16, 24 take 4, 8, 12 weeks. Known by week 24: origins up to 20, 16, 12.
    assert [(f.week, f.backlog, f.actual) for f in record.replayed[:3]] == [(12, 8, 4), (12, 16, 8), (12, 24, 12)]
    assert (record.origins, record.unresolved) == (18, 18 - 5 - 3 - 1)
    assert {level: (entry.hit_rate, entry.n) for level, entry in record.levels.items()} == dict.fromkeys(LEVELS, (1, 9))
    assert record.pinball == record.sharpness_weeks == 0
    assert record.relative_p85 == 1.0
    assert record.replayed[3].as_of == MONDAY + timedelta(weeks=14)


def test_a_team_that_stops_misses_every_date():
    record = judged([3] * 13 + [0] * 40, every=100, trials=50)
    assert record.levels[85].hit_rate == 0
    assert record.unresolved == 0
    assert record.verdict == "overconfident"


def test_an_origin_whose_window_has_no_finish_is_skipped():
    assert {f.week for f in judged([1] + [0] * 11 + [0, 0, 0, 4] + [1] * 4, trials=20).replayed} == {12, 16, 18}


def test_calibrated_knows_nothing_of_what_comes_later():
    known = [3, 0, 5, 2, 4, 1, 3, 6, 2, 0, 4, 3, 5, 1, 2, 4, 0, 3, 7, 2, 3, 1, 4, 2, 5, 3, 0, 2, 4, 6]
    calm = judged(known + [3] * 20, Method.CALIBRATED, trials=100)
    wild = judged(known + [0, 40] * 10, Method.CALIBRATED, trials=100)
    before = [f.weeks for f in calm.replayed if f.week <= len(known)]
    assert before == [f.weeks for f in wild.replayed if f.week <= len(known)]


def test_replaying_twice_gives_the_same_record():
    done = [3, 0, 5, 2, 4, 1] * 8
    first, again = (judged(done, Method.CALIBRATED, trials=100, seed=7) for _ in range(2))
    assert first == again


def test_too_short_a_past_is_told():
    answer = replay([1] * 12, Method.PLAIN)
    assert answer == NotEnoughData("The past can be replayed from 13 full weeks on; there are 12.")
    assert isinstance(replay([0] * 30, Method.PLAIN), NotEnoughData)


def test_progress_is_told_between_origins_and_raising_stops_it():
    seen: list[tuple[int, int]] = []
    judged([2] * 18, trials=10, step=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]

    def stop(done: int, total: int) -> None:
        raise InterruptedError(f"{done} of {total}")

    with pytest.raises(InterruptedError, match="0 of 3"):
        replay([2] * 18, Method.PLAIN, step=stop)


def test_the_verdict_compares_the_line_with_the_interval():
    assert verdict(LevelRecord(0.6, 100, wilson(60, 100), 0)) == "overconfident"
    assert verdict(LevelRecord(0.86, 100, wilson(86, 100), 0)) == "honest"
    assert verdict(LevelRecord(0.99, 100, wilson(99, 100), 0)) == "cautious"
    assert verdict(LevelRecord(0.0, 0, wilson(0, 0), 0)) == "unknown"


@pytest.mark.parametrize("wrong", [{"every": 0}, {"trials": 0}])
def test_a_replay_of_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match="at least one"):
        replay([1] * 30, Method.PLAIN, **wrong)


@pytest.mark.skipif(not ALOY.exists(), reason="the real issue data is not here")
def test_on_real_issues_calibrated_dates_hold_as_often_as_they_say_and_plain_ones_do_not():
    done = weekly_resolved(ALOY)
    plain, calibrated = (judged(done, method, every=6, trials=200) for method in (Method.PLAIN, Method.CALIBRATED))
    assert 0.80 <= calibrated.levels[85].hit_rate <= 0.90
    assert plain.levels[85].hit_rate < 0.75
    assert plain.verdict == "overconfident"
    assert calibrated.pinball < plain.pinball


def weekly_resolved(file: Path) -> list[int]:
    """Issues resolved in each week (Monday, UTC), from the first created to the last resolved issue's week."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [(row["Created"], row["Resolved"]) for row in csv.DictReader(lines)]
    weeks = Counter(week_of(resolved) for _, resolved in rows if resolved)
    first, last = min(week_of(created) for created, _ in rows), max(weeks)
    return [weeks[first + timedelta(weeks=week)] for week in range((last - first).days // 7)]


def week_of(text: str) -> date:
    day = datetime.strptime(text, "%d/%b/%y %I:%M %p").replace(tzinfo=UTC).date()
    return day - timedelta(days=day.weekday())
