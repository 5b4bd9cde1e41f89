"""The days of sprints as the rows of their items give them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.results import Imported

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
NAMES = [
    ("Sprint", "Sprint Start", "Sprint End"),
    ("Sprint", "Sprint start date", "Sprint end date"),
    ("sprint", "sprint_estimated_start", "sprint_estimated_finish"),
    ("Iteration", "Iteration Start", "Iteration End"),
    ("Sprint", "Start of sprint", "End of sprint"),
    ("Sprint", "Sprintbeginn", "Sprintende"),
]


def read(text: str) -> Imported:
    return read_file(text.encode(), mapping_of(None), ZoneInfo("Europe/Berlin"), NOW)


def listed(sprint: str, start: str, end: str, *rows: str) -> str:
    return "\n".join([f"Key,Title,Status,Created,Done,{sprint},{start},{end}", *rows]) + "\n"


ROWS = (
    "A-1,Login,Done,2026-03-02,2026-03-09,Sprint 1,2026-03-02,2026-03-13",
    "A-2,Search,In progress,2026-03-03,,Sprint 2,2026-03-16,2026-03-27",
    "A-3,Reset,To do,2026-03-04,,,,",
)


@pytest.mark.parametrize("names", NAMES, ids=[start for _, start, _ in NAMES])
def test_a_sprint_has_the_days_that_stand_beside_its_name(names: tuple[str, str, str]) -> None:
    result = read(listed(*names, *ROWS))
    first, second = result.sprints
    assert (first.name, first.state) == ("Sprint 1", "closed")
    assert first.start == datetime(2026, 3, 1, 23, tzinfo=UTC)
    # What is finished on its last day is finished in it.
    assert first.end == datetime(2026, 3, 13, 22, 59, 59, tzinfo=UTC)
    assert (second.name, second.state) == ("Sprint 2", "")
    assert not any("Sprint" in warning or "Iteration" in warning for warning in result.warnings)
    assert not any(names[1] in issue.extras for issue in result.issues)


def test_most_of_its_items_say_it_and_one_of_several_sprints_says_nothing() -> None:
    result = read(
        listed(
            "Sprint", "Sprint Start", "Sprint End",
            "A-1,Login,Done,2026-03-02,2026-03-09,Sprint 1,2026-03-02,2026-03-13",
            "A-2,Search,Done,2026-03-02,2026-03-09,Sprint 1,2026-03-02,2026-03-13",
            "A-3,Reset,Done,2026-03-02,2026-03-09,Sprint 1,2026-03-16,2026-03-27",
            "A-4,Help,Done,2026-03-02,2026-03-09,Sprint 1; Sprint 2,2026-03-16,2026-03-27",
        )
    )  # fmt: skip
    days = {sprint.name: sprint.start for sprint in result.sprints}
    assert days == {"Sprint 1": datetime(2026, 3, 1, 23, tzinfo=UTC), "Sprint 2": None}


def test_days_are_read_as_the_other_dates_of_the_file() -> None:
    row = "A-1,Login,Done,02/03/2026,09/03/2026,Sprint 1,03/02/2026,04/02/2026"
    result = read(listed("Sprint", "Sprint Start", "Sprint End", row, "A-2,Search,Done,25/02/2026,26/02/2026,,,"))
    assert result.sprints[0].start == datetime(2026, 2, 2, 23, tzinfo=UTC)


@pytest.mark.parametrize("span", ["2026-03-13,2026-03-02", "soon,later", ","])
def test_days_that_make_no_sprint_are_none(span: str) -> None:
    result = read(
        listed("Sprint", "Sprint Start", "Sprint End", f"A-1,Login,Done,2026-03-02,2026-03-09,Sprint 1,{span}")
    )
    assert [(sprint.start, sprint.end) for sprint in result.sprints] == [(None, None)]
