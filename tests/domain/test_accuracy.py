"""The track record on series whose outcome is known by hand, and on real ones."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.domain.accuracy import (
    Calibration,
    LevelRecord,
    ReplayedForecast,
    calibration_of,
    is_hit,
    pinball,
    replay,
    verdict,
    wilson,
)
from app.domain.forecast import LEVELS
from app.domain.known import Method
from app.domain.missing import NotEnoughData

REAL = Path(__file__).parents[2] / ".." / "shared" / "real-data"
MONDAY = date(2024, 1, 1)


def judged(done: Sequence[float], method: Method = Method.PLAIN, **options: Any) -> Calibration:
    result = replay(done, method, **options)
    assert isinstance(result, Calibration)
    return result


def replayed_at(week: int, actual: int | None, p50: int, p85: int) -> ReplayedForecast:
    return ReplayedForecast(week, None, 8, 4, {50: p50, 70: p50, 85: p85, 95: None}, actual)


def test_wilson_interval_of_eight_in_ten() -> None:
    # By hand with z = 1.6449, z²/n = 0.27057: centre (0.8 + 0.135285) / 1.27057 = 0.73612,
    # half width 1.6449 · √(0.016 + 0.0067642) / 1.27057 = 0.19533.
    assert wilson(8, 10) == pytest.approx((0.54079, 0.93145), abs=2e-4)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0


def test_a_late_finish_costs_more_at_a_high_level_than_an_early_one() -> None:
    assert pinball(85, 10, 8) == pytest.approx(1.7)
    assert pinball(85, 8, 10) == pytest.approx(0.3)
    assert pinball(50, 8, 10) == pytest.approx(1.0)


def test_a_date_that_passed_unfinished_is_a_miss_and_an_open_one_counts_not_yet() -> None:
    assert is_hit(5, 5, 9) is True
    assert is_hit(5, 6, 9) is False
    assert is_hit(5, None, 5) is False
    assert is_hit(5, None, 4) is None
    assert is_hit(None, 3, 9) is None


def test_the_record_of_four_forecasts_by_hand() -> None:
    # 20 weeks known. Hit at both; hit at 85 only; passed unfinished at both (open after 6 weeks); still open.
    forecasts = [
        replayed_at(12, 4, 4, 6),
        replayed_at(12, 5, 4, 6),
        replayed_at(14, None, 3, 5),
        replayed_at(18, None, 4, 8),
    ]
    record = calibration_of(forecasts, Method.PLAIN, 20)
    assert (record.origins, record.unresolved) == (4, 1)
    assert (record.levels[50].hit_rate, record.levels[50].n) == pytest.approx((1 / 3, 3))
    assert (record.levels[85].hit_rate, record.levels[85].n) == pytest.approx((2 / 3, 3))
    assert (record.levels[95].n, record.levels[95].no_date) == (0, 4)
    assert record.levels[85].no_date == 0
    # 85 %: 0.15 · 2, 0.15 · 1 and 0.85 · 2 (7 weeks at least against 5).
    assert record.levels[85].pinball == pytest.approx((0.3 + 0.15 + 1.7) / 3)
    assert record.sharpness_weeks == pytest.approx((2 + 2 + 2 + 4) / 4)
    assert record.relative_p85 == pytest.approx((6 + 6 + 5 + 8) / 16)


def test_a_steady_team_is_forecast_exactly_and_the_ends_stay_open() -> None:
    record = judged([2] * 24, every=2, trials=50, starts=[MONDAY + at * timedelta(weeks=1) for at in range(24)])
    # Origins 12, 14 … 22; backlogs 8, 16, 24 take 4, 8, 12 weeks. Known by week 24: origins up to 20, 16, 12.
    assert [(f.week, f.backlog, f.actual) for f in record.replayed[:3]] == [(12, 8, 4), (12, 16, 8), (12, 24, 12)]
    assert (record.origins, record.unresolved) == (18, 18 - 5 - 3 - 1)
    assert {level: (entry.hit_rate, entry.n) for level, entry in record.levels.items()} == dict.fromkeys(LEVELS, (1, 9))
    assert record.pinball == record.sharpness_weeks == 0
    assert record.relative_p85 == 1.0
    assert record.replayed[3].as_of == MONDAY + timedelta(weeks=14)


def test_a_team_that_stops_misses_every_date() -> None:
    record = judged([3] * 13 + [0] * 40, every=100, trials=50)
    assert record.levels[85].hit_rate == 0
    assert record.unresolved == 0
    assert record.verdict == "overconfident"


def test_an_origin_whose_window_has_no_finish_is_skipped() -> None:
    assert {f.week for f in judged([1] + [0] * 11 + [0, 0, 0, 4] + [1] * 4, trials=20).replayed} == {12, 16, 18}


def test_calibrated_knows_nothing_of_what_comes_later() -> None:
    known = [3, 0, 5, 2, 4, 1, 3, 6, 2, 0, 4, 3, 5, 1, 2, 4, 0, 3, 7, 2, 3, 1, 4, 2, 5, 3, 0, 2, 4, 6]
    calm = judged(known + [3] * 20, Method.CALIBRATED, trials=100)
    wild = judged(known + [0, 40] * 10, Method.CALIBRATED, trials=100)
    before = [f.weeks for f in calm.replayed if f.week <= len(known)]
    assert before == [f.weeks for f in wild.replayed if f.week <= len(known)]


def test_replaying_twice_gives_the_same_record() -> None:
    done = [3, 0, 5, 2, 4, 1] * 8
    first, again = (judged(done, Method.CALIBRATED, trials=100, seed=7) for _ in range(2))
    assert first == again


def test_too_short_a_past_is_told() -> None:
    answer = replay([1] * 12, Method.PLAIN)
    assert answer == NotEnoughData("The past can be replayed from 13 full weeks on; there are 12.")
    assert isinstance(replay([0] * 30, Method.PLAIN), NotEnoughData)


def test_progress_is_told_between_origins_and_raising_stops_it() -> None:
    seen: list[tuple[int, int]] = []
    judged([2] * 18, trials=10, step=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]

    def stop(done: int, total: int) -> None:
        raise InterruptedError(f"{done} of {total}")

    with pytest.raises(InterruptedError, match="0 of 3"):
        replay([2] * 18, Method.PLAIN, step=stop)


def test_the_verdict_compares_the_line_with_the_interval() -> None:
    assert verdict(LevelRecord(0.6, 100, wilson(60, 100), 0)) == "overconfident"
    assert verdict(LevelRecord(0.86, 100, wilson(86, 100), 0)) == "honest"
    assert verdict(LevelRecord(0.99, 100, wilson(99, 100), 0)) == "cautious"
    assert verdict(LevelRecord(0.0, 0, wilson(0, 0), 0)) == "unknown"


@pytest.mark.parametrize("wrong", [{"every": 0}, {"trials": 0}])
def test_a_replay_of_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        replay([1] * 30, Method.PLAIN, **wrong)


def test_a_level_without_a_date_is_neither_kept_nor_broken() -> None:
    finished, never = (
        replayed_at(12, 30, 20, 60),
        ReplayedForecast(12, None, 8, 4, {50: 9, 70: 9, 85: None, 95: None}, 30),
    )
    record = calibration_of([finished, never], Method.PLAIN, 200)
    assert (record.levels[85].hit_rate, record.levels[85].n, record.levels[85].no_date) == (1, 1, 1)
    assert record.unresolved == 1


def test_a_steady_teams_dates_are_less_cautious_than_its_pace_is_uncertain() -> None:
    random = Random(2)
    done = [sum(random.random() < 0.1 for _ in range(80)) for _ in range(200)]
    plain, calibrated = (judged(done, method, every=8, trials=200) for method in (Method.PLAIN, Method.CALIBRATED))
    assert calibrated.levels[85].hit_rate <= 0.97
    assert calibrated.relative_p85 < 1.15 * plain.relative_p85


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="the real issue data is not here")
@pytest.mark.parametrize("project", ["TIMOB", "ALOY", "scrum"])
def test_on_real_issues_calibrated_dates_hold_as_often_as_they_say_and_plain_ones_do_not(project: str) -> None:
    done = READ[project]()
    plain, calibrated = (judged(done, method, every=8, trials=200) for method in (Method.PLAIN, Method.CALIBRATED))
    assert 0.80 <= calibrated.levels[85].hit_rate <= 0.90
    assert calibrated.verdict == "honest"
    assert plain.levels[85].hit_rate < 0.75
    assert plain.verdict == "overconfident"


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="the real issue data is not here")
@pytest.mark.parametrize("project", ["TIMOB", "ALOY"])
def test_on_real_issues_calibrated_dates_lose_less_than_plain_ones(project: str) -> None:
    done = READ[project]()
    plain, calibrated = (judged(done, method, every=8, trials=200) for method in (Method.PLAIN, Method.CALIBRATED))
    assert calibrated.pinball < plain.pinball


def exported(lines: Iterable[str]) -> list[int]:
    rows = [(row["Created"], row["Resolved"]) for row in csv.DictReader(lines)]
    pairs = [(day_of(created), day_of(resolved) if resolved else None) for created, resolved in rows]
    return per_week(pairs)


def aloy() -> list[int]:
    with (REAL / "ALOY-jira-export.csv").open(encoding="utf-8", newline="") as lines:
        return exported(lines)


def timob() -> list[int]:
    with gzip.open(REAL / "TIMOB-jira-export.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return exported(lines)


def scrum() -> list[int]:
    with (REAL / "scrum-tasks.csv").open(encoding="utf-8", newline="") as lines:
        rows = [(row["created_date"], row["finished_date"]) for row in csv.DictReader(lines)]
    days = [(created or finished, finished) for created, finished in rows if created or finished]
    return per_week(
        [(date.fromisoformat(created), date.fromisoformat(done) if done else None) for created, done in days]
    )


READ = {"TIMOB": timob, "ALOY": aloy, "scrum": scrum}


def per_week(items: Sequence[tuple[date, date | None]]) -> list[int]:
    """Items finished in each week (Monday), from that of the first created to that of the last finished one."""
    weeks = Counter(monday(done) for _, done in items if done)
    first, last = min(monday(created) for created, _ in items), max(weeks)
    return [weeks[first + timedelta(weeks=week)] for week in range((last - first).days // 7)]


@cache
def day_of(text: str) -> date:
    """The day (UTC) of a time such as 24/Apr/15 12:04 PM."""
    return datetime.strptime(text.partition(" ")[0], "%d/%b/%y").replace(tzinfo=UTC).date()


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
