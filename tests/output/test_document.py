import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple

import pytest

from app.domain.analysis import SUBJECTS
from app.domain.missing import NotEnoughData
from app.output.document import as_they_are, document, in_pieces, outline, rows
from tests.domain.build import analysis, facts, finished_each_week, issue


class Colour(StrEnum):
    RED = "red"


class Spell(NamedTuple):
    key: str
    days: float


@dataclass(frozen=True, slots=True)
class Result:
    day: date
    at: datetime
    colour: Colour
    levels: Mapping[int, float | None]
    spells: tuple[Spell, ...]
    missing: float | NotEnoughData
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Chosen:
    start: date
    inside: int

    DOCUMENT: ClassVar[Mapping[str, str]] = {"from": "start", "double": "double"}

    @property
    def double(self) -> int:
        return 2 * self.inside


RESULT = Result(
    date(2026, 3, 2),
    datetime(2026, 3, 2, 10, tzinfo=UTC),
    Colour.RED,
    {50: 4.0, 85: 4.5, 95: None},
    (Spell("A", float("inf")), Spell("B", 2.5)),
    NotEnoughData("Nothing was finished."),
    frozenset({"b", "a"}),
)


def test_a_result_is_told_by_its_fields() -> None:
    assert document(RESULT) == {
        "day": "2026-03-02",
        "at": "2026-03-02T10:00:00+00:00",
        "colour": "red",
        "levels": {"50": 4, "85": 4.5, "95": None},
        "spells": [{"key": "A", "days": None}, {"key": "B", "days": 2.5}],
        "missing": {"not_enough_data": "Nothing was finished."},
        "names": ["a", "b"],
    }


def test_a_class_may_name_the_parts_of_its_document() -> None:
    assert document(Chosen(date(2026, 3, 2), 4)) == {"from": "2026-03-02", "double": 8}


def test_whole_numbers_are_whole() -> None:
    assert repr(document([4.0, 4.5, True])) == "[4, 4.5, True]"


def test_tables_are_named_by_the_way_to_them() -> None:
    assert rows({"a": {"spells": RESULT.spells}, "b": [1, 2], "c": []}) == {
        "a.spells": [{"key": "A", "days": None}, {"key": "B", "days": 2.5}]
    }


# Subjects that items alone do not make up: sprints want dates, bugs types, a budget money.
NEEDS_MORE = {"sprints", "epics", "bugs", "budget", "milestones"}


def test_every_subject_is_a_document_of_plain_values() -> None:
    result = analysis(facts([*finished_each_week([4] * 9, date(2026, 1, 5)), issue("O", "01-05")]))

    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(type(key) is str and plain(part) for key, part in value.items())
        return all(map(plain, value)) if isinstance(value, list) else type(value) in (str, int, float, bool, type(None))

    for name in SUBJECTS:
        outcome = document(getattr(result, name))
        assert plain(outcome), name
        # What the items lack is said, and nothing else is lacking.
        assert ("not_enough_data" in outcome) == (name in NEEDS_MORE), name


def test_an_answer_from_before_the_rule_writes_whole_numbers_as_it_always_did() -> None:
    values = {"half": 0.5, "whole": (5.0, {1: 2.0})}
    assert document(values) == {"half": 0.5, "whole": [5, {"1": 2}]}
    assert json.dumps(document(values, as_they_are)) == '{"half": 0.5, "whole": [5.0, {"1": 2.0}]}'


@dataclass(frozen=True)
class _Row:
    key: str
    on: date
    share: float


@dataclass(frozen=True)
class _Listed:
    rows: tuple[_Row, ...]
    keys: tuple[str, ...]
    by_level: dict[int, float]
    lacking: NotEnoughData


@pytest.mark.parametrize("count", [0, 1, 1_000, 1_001, 2_500])
def test_in_pieces_a_document_has_the_text_that_it_has_at_once(count: int) -> None:
    rows = tuple(_Row(f"A-{n} ü", date(2026, 1, 5), n / 2) for n in range(count))
    result = _Listed(rows, tuple(row.key for row in rows), {50: 2.0}, NotEnoughData("Too few weeks."))
    at_once = json.dumps({"list": document(result), "none": {}}, ensure_ascii=False)
    assert "".join(in_pieces({"list": outline(result), "none": {}})) == at_once


def test_the_rows_of_a_long_list_are_made_when_they_are_written() -> None:
    """As documents those of 110,000 items took 60 MB, and their text 40."""
    rows = tuple(_Row(f"A-{n}", date(2026, 1, 5), 0.5) for n in range(5_000))
    outlined = outline(_Listed(rows, (), {}, NotEnoughData("")))
    assert all(mine is row for mine, row in zip(outlined["rows"], rows, strict=True))
    assert max(map(len, in_pieces(outlined))) < 100_000
