"""Numbers that were computed elsewhere, asked for on the command line as a script would."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.cli.folder import writing
from store.paths import DataFolder
from store.records import Profile, Query
from tests.cli.test_cli import SHARED, Burndown
from tests.domain.five_items import CHANGES, ISSUES

ORACLES = SHARED / "forecast-oracles"
pytestmark = pytest.mark.skipif(not ORACLES.exists(), reason="the oracles lie beside the repository only")
MONDAY = date(2026, 1, 5)
LEVELS = {"50": "0.5", "70": "0.7", "85": "0.85", "95": "0.95"}


@pytest.fixture
def burndown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Burndown:
    return Burndown(tmp_path / "profiles", capsys)


def oracle(name: str) -> Any:
    return json.loads((ORACLES / f"{name}.json").read_text(encoding="utf-8"))


def week_file(folder: Path, pairs: list[list[int]]) -> Path:
    rows = [f"{MONDAY + timedelta(weeks=at)},{done},{new}" for at, (done, new) in enumerate(pairs)]
    file = folder / "weeks.csv"
    file.write_text("\n".join(["date,completed_items,created_items", *rows]), encoding="utf-8")
    return file


def forecast_of(burndown: Burndown, folder: Path, pairs: list[list[int]], *more: str) -> dict[str, Any]:
    burndown("import", str(week_file(folder, pairs)), "--kind", "weeks")
    as_of = MONDAY + timedelta(weeks=len(pairs))
    answer = burndown("forecast", "--as-of", str(as_of), "--method", "plain", "--remaining", "20", *more)
    assert answer["as_of"] == str(as_of)
    return answer


def test_when_and_how_many_are_those_of_the_exact_distribution(burndown: Burndown, tmp_path: Path) -> None:
    exact = oracle("forecast")
    pairs = [[done, 0] for done in exact["A_when"]["samples"]]
    by = MONDAY + timedelta(weeks=len(pairs) + 6)
    answer = forecast_of(burndown, tmp_path, pairs, "--weeks", "6", "--by", str(by))
    assert {level: each["weeks"] for level, each in answer["percentiles"].items()} == {
        level: exact["A_when"]["p"][share] for level, share in LEVELS.items()
    }
    assert answer["chance"][str(by)] == pytest.approx(exact["A_when"]["cdf"]["6"], abs=1e-6)
    at_least = exact["B_howmany"]["at_least"]
    assert {level: answer["how_many"][level] for level in LEVELS} == {
        level: at_least[share] for level, share in LEVELS.items()
    }


@pytest.mark.parametrize("week", [8, 10, 12, 15])
def test_growth_takes_what_came_in_the_same_week(burndown: Burndown, tmp_path: Path, week: int) -> None:
    exact = oracle("forecast")["D_growth_paired"]
    pairs = exact["pairs(done,created)"]
    by = str(MONDAY + timedelta(weeks=len(pairs) + week))
    answer = forecast_of(burndown, tmp_path, pairs, "--growth", "past", "--by", by)
    assert {level: each["weeks"] for level, each in answer["percentiles"].items()} == {
        level: exact["p"][share] for level, share in LEVELS.items()
    }
    assert answer["chance"][by] == pytest.approx(exact["cdf"][str(week)], abs=1e-5)


def test_work_that_hardly_shrinks_has_no_date_beyond_the_horizon(burndown: Burndown, tmp_path: Path) -> None:
    exact = oracle("forecast")["D_growth_neutral"]
    answer = forecast_of(burndown, tmp_path, exact["pairs"], "--growth", "past")
    assert answer["not_finished"] == pytest.approx(1 - exact["P(done<=104w)"], abs=1e-4)
    assert answer["percentiles"]["50"]["weeks"] == exact["p"]["0.5"]
    assert answer["percentiles"]["85"]["date"] is None


def test_flow_of_five_items_is_as_it_was_worked_out(burndown: Burndown) -> None:
    worked_out = oracle("flow")
    now = datetime(2026, 3, 14, tzinfo=UTC)
    with writing(DataFolder(burndown.folder, "argument", writable=True)) as ctx:
        ctx.backend.save_profile(Profile("p", "Team", now, now))
        ctx.backend.save_query(Query("p", "q", "All", now, now))
        ctx.backend.upsert_issues(Query("p", "q", "All", now, now).ref, ISSUES, CHANGES)
    flow = burndown("--work", "All", "metrics", "--subject", "flow", "--as-of", "2026-03-14", "--window", "2")["flow"]
    cycle = worked_out["cycle"]
    done = {key: item for key, item in cycle.items() if item.get("done")}
    assert {item["key"]: item["days"] for item in flow["cycle_time"]["items"]} == {
        key: item["cycle_calendar_inclusive"] for key, item in done.items()
    }
    assert {item["key"]: item["days"] for item in flow["age"]} == {"X4": cycle["X4"]["age_calendar_inclusive"]}
    counts = worked_out["cfd_state_counts(date,todo,wip,done)"]
    days = {day["day"]: [day["todo"], day["in_progress"], day["done"]] for day in flow["cfd"]["state"]}
    assert {day: days[day] for day, *_ in counts if day in days} == {day: rest for day, *rest in counts if day in days}
    assert sum(day in days for day, *_ in counts) == len(counts)
