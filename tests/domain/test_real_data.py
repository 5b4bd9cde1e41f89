"""Real issue data, read here with nothing of ours, against numbers counted elsewhere. Skipped where it is absent."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.domain.forecast import Forecast
from app.domain.known import Method
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from store.records import Category, Issue
from tests.domain.build import analysis, facts

ALOY = Path(__file__).parents[2].joinpath("..", "shared", "real-data", "ALOY-jira-export.csv")
CATEGORIES = {"To Do": Category.TODO, "In Progress": Category.IN_PROGRESS, "Done": Category.DONE}


def instant(text: str) -> datetime | None:
    return datetime.strptime(text, "%d/%b/%y %I:%M %p").replace(tzinfo=UTC) if text else None


@pytest.fixture(scope="module")
def issues() -> list[Issue]:
    if not ALOY.exists():
        pytest.skip("the real data is not here")
    with ALOY.open(encoding="utf-8", newline="") as file:
        return [
            Issue(
                row["Issue key"],
                status=row["Status"],
                category=CATEGORIES[row["Status Category"]],
                created=instant(row["Created"]),
                updated=instant(row["Updated"]),
                resolved=instant(row["Resolved"]),
            )
            for row in csv.DictReader(file)
        ]


def test_aloy_as_of_a_past_day_has_the_counts_of_that_day(issues: list[Issue]) -> None:
    result = analysis(facts(issues), as_of=date(2014, 1, 6))
    assert isinstance(result.scope, Scope)
    assert (result.scope.total, result.scope.done, result.scope.remaining) == (865, 675, 190)
    assert isinstance(result.throughput, Throughput)
    assert result.throughput.samples == (3, 4, 8, 9, 3, 3, 0, 5, 1, 3, 1, 1)
    assert [created for _, created in result.throughput.pairs] == [9, 6, 5, 2, 5, 7, 2, 6, 3, 5, 4, 4]


def test_aloy_forty_items_take_what_the_tools_say(issues: list[Issue]) -> None:
    forecast = analysis(facts(issues), as_of=date(2014, 1, 6), remaining=40.0, method=Method.PLAIN).forecast
    assert isinstance(forecast, Forecast)
    assert forecast.weeks == {50: 12, 70: 14, 85: 15, 95: 17}
