"""The inputs that were once read wrongly, each with what is right; only where they are at hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.actions.files import ImportResult, import_bytes
from app.domain.analysis import Analysis
from app.domain.forecast import Forecast
from app.domain.items import Item
from app.domain.known import Params, Sweeps
from app.domain.throughput import Throughput
from app.settings import calendar_of
from store.records import QueryFacts
from tests.memory_backend import MemoryBackend

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "imports"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the inputs are not here")


def imported_case(case: str, name: str, mapping: str = "") -> tuple[ImportResult, QueryFacts]:
    (folder,) = CASES.glob(f"{case}-*")
    backend = MemoryBackend()
    outcome = json.loads((folder / mapping).read_text(encoding="utf-8")) if mapping else None
    result = import_bytes(
        backend, (folder / name).read_bytes(), name, now=NOW, mapping=outcome, zone_name=lambda: "UTC"
    )  # fmt: skip
    return result, backend.load_facts(result.ref)


def analysis(facts: QueryFacts, as_of: date | None = None, **params: Any) -> Analysis:
    return Analysis(facts, Params(NOW, calendar_of(facts.profile), as_of=as_of, trials=2_000, **params))


def state_of(item: Item) -> str:
    """Such as "done 2026-09-10", "gone" or "todo"."""
    if not item.in_scope:
        return "gone"
    return f"done {item.done}" if item.done else str(item.category)


def states(case: str, name: str, mapping: str = "") -> list[str]:
    items = analysis(imported_case(case, name, mapping)[1]).items
    return [state_of(item) for item in sorted(items, key=lambda each: (len(each.issue.key), each.issue.key))]


def warned(case: str, name: str) -> str:
    return " ".join(imported_case(case, name)[0].warnings)


@pytest.mark.parametrize(
    ("case", "name", "expected"),
    [
        ("01", "gh-without-createdAt.json", ["done 2026-11-06", "todo"]),
        ("01", "jira-without-dates.json", ["in_progress", "todo"]),
        ("02", "gh.json", ["done 2026-09-10", "todo"]),
        ("02", "gitlab.json", ["done 2026-09-10", "todo"]),
        ("02", "gitlab.csv", ["done 2026-09-10", "todo"]),
        ("02", "asana.json", ["done 2026-09-10", "todo"]),
        ("02", "linear.json", ["done 2026-09-10", "todo"]),
        ("03", "no-category.json", ["done 2026-09-10", "in_progress"]),
        ("03", "category-by-name.json", ["done 2026-09-10", "in_progress"]),
        ("03", "category-by-id.json", ["done 2026-09-10", "in_progress"]),
        ("05", "openproject.csv", None),
        ("07", "jira.json", ["done 2026-09-10", "todo"]),
        ("07", "born-done.json", ["done 2026-09-01", "todo"]),
        ("09", "board.json", ["done 2026-09-07", "done 2026-09-07", "done 2026-09-22", "todo"]),
        ("11", "page-1-of-60.json", ["done 2026-09-10", "todo"]),
        ("11", "changelog-cut.json", ["done 2026-11-06"]),
        ("12", "jira.csv", ["done 2026-11-20", "done 2026-11-20", "todo"]),
        ("14", "clickup.csv", None),
        ("16", "azure.csv", ["done 2026-11-10", "gone", "gone", "todo"]),
        ("16", "gh.json", ["done 2026-11-10", "gone", "gone", "todo"]),
        ("16", "linear.csv", ["done 2026-11-10", "gone", "gone", "todo"]),
    ],
)
def test_what_became_of_each_item(case: str, name: str, expected: list[str] | None) -> None:
    texts = states(case, name)
    if expected is None:
        # One is done there, and none is finished in the future or before there were computers.
        assert sum(each.startswith("done") for each in texts) == 1
        assert all(not each.startswith("done") or "done 2026-01" < each <= "done 2026-11-29" for each in texts)
        return
    assert texts == expected


def test_items_without_dates_are_forecast_as_those_with_them() -> None:
    dates = []
    for name in ("with-created.csv", "without-created.csv"):
        result = analysis(imported_case("01", name)[1], date(2026, 8, 24), seed=7)
        assert isinstance(result.forecast, Forecast)
        assert isinstance(result.throughput, Throughput)
        assert (result.forecast.earlier_weeks, result.throughput.weeks[0].start) == (0, date(2026, 6, 1))
        dates.append(result.forecast.dates[85])
    assert dates == [date(2026, 10, 12)] * 2


def test_names_of_statuses_that_say_not_yet() -> None:
    texts = states("06", "statuses.csv")
    assert not [each for each in texts[:-1] if each.startswith("done")]
    assert (texts[11:14], texts[-1][:4]) == (["in_progress"] * 3, "done")


@pytest.mark.parametrize(
    ("case", "name", "words"),
    [
        ("01", "jira-without-dates.json", "The file has no dates: its items count from this import on"),
        ("02", "gh.json", "1 done item has no finish date"),
        ("03", "no-category.json", "2 items have a status without a category"),
        ("11", "page-1-of-60.json", "2 of 120 items"),
        ("11", "not-last.json", "more follow"),
        ("11", "changelog-cut.json", "a history whose beginning is missing"),
        ("12", "jira.csv", "2 done items have no finish date"),
        ("12", "jira.csv", "Add the columns Resolved and Status Category Changed"),
        ("16", "linear.csv", "2 items were given up"),
        ("16", "gh.json", "2 items were given up"),
        ("16", "azure.csv", "2 items were given up"),
    ],
)
def test_the_report_says_what_was_guessed(case: str, name: str, words: str) -> None:
    assert words in warned(case, name)


def test_nothing_is_said_of_a_board_whose_list_of_done_cards_is_empty() -> None:
    assert "No list" not in warned("10", "board.json")


def test_a_cut_history_tells_no_start() -> None:
    (item,) = analysis(imported_case("11", "changelog-cut.json")[1]).items
    assert item.started is None


def test_the_forecast_names_the_day_of_the_clean_up_and_what_it_would_be_without() -> None:
    facts = imported_case("13", "items.csv")[1]
    forecast = analysis(facts).forecast
    assert isinstance(forecast, Forecast)
    assert any("2026-10-14" in warning for warning in forecast.warnings)
    without = analysis(facts, sweeps=Sweeps.LEAVE_OUT).throughput
    assert isinstance(without, Throughput)
    assert without.pace == pytest.approx(3, abs=0.2)


@pytest.mark.parametrize("name", ["jira.json", "jira.csv"])
def test_each_issue_has_the_points_of_the_field_that_its_project_uses(name: str) -> None:
    assert [issue.points for issue in imported_case("15", name)[1].issues] == [5, 3, 8, 2]


@pytest.mark.parametrize("name", ["azure.csv", "gh.json", "linear.csv"])
def test_the_same_work_has_the_same_throughput_in_every_tracker(name: str) -> None:
    forecast = analysis(imported_case("16", name)[1], date(2026, 11, 16)).forecast
    assert isinstance(forecast, Forecast)
    assert (forecast.remaining, forecast.samples[-1]) == (1, 1)
