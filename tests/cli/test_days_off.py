"""Days off ahead in what the command `forecast` says."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.cli.folder import writing
from app.settings import changed
from store.paths import DataFolder
from tests.cli.test_cli import Burndown

MONDAY = date(2026, 1, 5)
AS_OF = MONDAY + timedelta(weeks=6)
SAMPLES = [2, 6, 0, 3, 5, 4]


@pytest.fixture
def burndown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Burndown:
    burndown = Burndown(tmp_path / "profiles", capsys)
    rows = [f"{MONDAY + timedelta(weeks=at)},{done},0" for at, done in enumerate(SAMPLES)]
    file = tmp_path / "weeks.csv"
    file.write_text("\n".join(["date,completed_items,created_items", *rows]), encoding="utf-8")
    burndown("import", str(file), "--kind", "weeks")
    return burndown


def take_off(folder: Path, first: date, days: int) -> None:
    with writing(DataFolder(folder / "profiles", "argument", writable=True)) as ctx:
        profile = ctx.backend.list_profiles()[0]
        off = [(first + timedelta(days=at)).isoformat() for at in range(days)]
        ctx.backend.save_profile(changed(profile, {"holidays": off}))


def answer_of(burndown: Burndown, method: str, weeks: int) -> dict[str, Any]:
    by = AS_OF + timedelta(weeks=weeks)
    terms = ("--as-of", str(AS_OF), "--remaining", "20", "--method", method)
    return burndown("forecast", *terms, "--by", str(by), "--weeks", str(weeks))


@pytest.mark.parametrize("method", ["plain", "calibrated"])
def test_two_weeks_off_are_two_weeks_in_every_answer(burndown: Burndown, tmp_path: Path, method: str) -> None:
    before = answer_of(burndown, method, 6)
    assert "days_off_ahead" not in before
    take_off(tmp_path, AS_OF + timedelta(weeks=1), 14)
    after = answer_of(burndown, method, 8)
    assert {level: each["weeks"] for level, each in after["percentiles"].items()} == {
        level: each["weeks"] + 2 for level, each in before["percentiles"].items()
    }
    assert list(after["chance"].values()) == list(before["chance"].values())
    assert after["how_many"] == {**before["how_many"], "weeks": 8}
    assert after["days_off_ahead"] == {"days": 10, "weeks": 2}
    assert "10 working days are off: 2 weeks off ahead are in these dates." in burndown.text(
        "forecast", "--as-of", str(AS_OF), "--remaining", "20"
    )


def test_days_off_that_are_over_before_the_weeks_learned_from_change_nothing(
    burndown: Burndown, tmp_path: Path
) -> None:
    before = answer_of(burndown, "plain", 6)
    take_off(tmp_path, MONDAY - timedelta(weeks=4), 14)
    assert answer_of(burndown, "plain", 6) == before
