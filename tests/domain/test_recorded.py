from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.recorded import recorded
from tests.domain.build import analysis, facts, finished_each_week

KNOWN = analysis(facts(finished_each_week([4], date(2026, 1, 5)))).known


@dataclass(frozen=True, slots=True)
class Part:
    n: int
    source: str


@dataclass(frozen=True, slots=True)
class Result:
    day: date
    pace: float
    part: Part | NotEnoughData
    levels: Mapping[int, int | None]
    rows: tuple[Part, ...]
    is_known: bool


@dataclass(frozen=True, slots=True)
class Own:
    rows: tuple[int, ...]

    def recorded(self, known: Known) -> dict[str, dict[str, Any]]:
        return {"first": {"n": len(self.rows)}, "second": {"items": len(known.items)}}


def test_single_numbers_are_kept_and_lists_are_not() -> None:
    result = Result(date(2026, 3, 2), 3.5, Part(4, "typed"), {50: 6, 85: None}, (Part(1, ""),), True)
    assert recorded("pace", result, KNOWN) == {
        "pace": {
            "unit": "items",
            "day": "2026-03-02",
            "pace": 3.5,
            "part": {"n": 4, "source": "typed"},
            "levels": {"50": 6, "85": None},
            "is_known": True,
        }
    }


def test_a_part_that_cannot_be_told_is_left_out() -> None:
    result = Result(date(2026, 3, 2), 3.5, NotEnoughData("Nothing yet."), {}, (), False)
    assert set(recorded("pace", result, KNOWN)["pace"]) == {"unit", "day", "pace", "is_known"}


def test_what_cannot_be_told_and_what_holds_no_number_is_not_recorded() -> None:
    assert recorded("pace", NotEnoughData("Nothing yet."), KNOWN) == {}
    assert recorded("rows", (1, 2), KNOWN) == {}


def test_a_result_may_say_itself_what_is_recorded_of_it() -> None:
    assert recorded("own", Own((1, 2)), KNOWN) == {"first": {"n": 2}, "second": {"items": 4}}
