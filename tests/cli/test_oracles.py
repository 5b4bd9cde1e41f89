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


def asked(burndown: Burndown, folder: Path, pairs: list[list[int]], *more: str) -> dict[str, Any]:
    burndown("import", str(week_file(folder, pairs)), "--kind", "weeks")
    as_of = MONDAY + timedelta(weeks=len(pairs))
    told = burndown("forecast", "--as-of", str(as_of), "--method", "plain", "--remaining", "20", *more)
    assert told["as_of"] == str(as_of)
    return told


def test_when_and_how_many_are_those_of_the_exact_distribution(burndown: Burndown, tmp_path: Path) -> None:
    found = oracle("forecast")
    pairs = [[done, 0] for done in found["A_when"]["samples"]]
    by = MONDAY + timedelta(weeks=len(pairs) + 6)
    told = asked(burndown, tmp_path, pairs, "--weeks", "6", "--by", str(by))
    assert {level: each["weeks"] for level, each in told["percentiles"].items()} == {
        level: found["A_when"]["p"][share] for level, share in LEVELS.items()
    }
    assert told["chance"][str(by)] == pytest.approx(found["A_when"]["cdf"]["6"], abs=1e-6)
    at_least = found["B_howmany"]["at_least"]
    assert {level: told["how_many"][level] for level in LEVELS} == {
        level: at_least[share] for level, share in LEVELS.items()
    }


@pytest.mark.parametrize("week", [8, 10, 12, 15])
def test_growth_takes_what_came_in_the_same_week(burndown: Burndown, tmp_path: Path, week: int) -> None:
    found = oracle("forecast")["D_growth_paired"]
    pairs = found["pairs(done,created)"]
    by = str(MONDAY + timedelta(weeks=len(pairs) + week))
    told = asked(burndown, tmp_path, pairs, "--growth", "past", "--by", by)
    assert {level: each["weeks"] for level, each in told["percentiles"].items()} == {
        level: found["p"][share] for level, share in LEVELS.items()
    }
    assert told["chance"][by] == pytest.approx(found["cdf"][str(week)], abs=1e-5)


def test_work_that_hardly_shrinks_has_no_date_beyond_the_horizon(burndown: Burndown, tmp_path: Path) -> None:
    found = oracle("forecast")["D_growth_neutral"]
    told = asked(burndown, tmp_path, found["pairs"], "--growth", "past")
    assert told["not_finished"] == pytest.approx(1 - found["P(done<=104w)"], abs=1e-4)
    assert told["percentiles"]["50"]["weeks"] == found["p"]["0.5"]
    assert told["percentiles"]["85"]["date"] is None


def test_flow_of_five_items_is_as_it_was_worked_out(burndown: Burndown) -> None:
    found = oracle("flow")
    now = datetime(2026, 3, 14, tzinfo=UTC)
    with writing(DataFolder(burndown.folder, "argument", writable=True)) as ctx:
        ctx.backend.save_profile(Profile("p", "Team", now, now))
        ctx.backend.save_query(Query("p", "q", "All", now, now))
        ctx.backend.upsert_issues(Query("p", "q", "All", now, now).ref, ISSUES, CHANGES)
    flow = burndown("--work", "All", "metrics", "--subject", "flow", "--as-of", "2026-03-14", "--window", "2")["flow"]
    cycle = found["cycle"]
    done = {key: one for key, one in cycle.items() if one.get("done")}
    assert {one["key"]: one["days"] for one in flow["cycle_time"]["items"]} == {
        key: one["cycle_calendar_inclusive"] for key, one in done.items()
    }
    assert {one["key"]: one["days"] for one in flow["age"]} == {"X4": cycle["X4"]["age_calendar_inclusive"]}
    counts = found["cfd_state_counts(date,todo,wip,done)"]
    told = {day["day"]: [day["todo"], day["in_progress"], day["done"]] for day in flow["cfd"]["state"]}
    assert {day: told[day] for day, *_ in counts if day in told} == {day: rest for day, *rest in counts if day in told}
    assert sum(day in told for day, *_ in counts) == len(counts)
