"""A table of under ten megabytes that would take hundreds in memory is read in parts."""

from __future__ import annotations

from app.actions.files import _KEPT_CHARACTERS, _Intake
from app.imports.results import Imported
from app.imports.source import is_large
from store.records import Issue, QueryRef


def table(rows: int, columns: int, cell: str) -> bytes:
    line = ",".join([cell] * columns)
    return "\n".join(["Key," + line, *(f"A-{row}," + line for row in range(rows))]).encode()


def test_a_day_in_each_of_sixty_columns_is_too_much_to_be_read_whole() -> None:
    dense = table(14_000, 60, "2026-01-05")
    assert 8_000_000 < len(dense) < 10_000_000
    assert is_large(dense)


def test_a_wide_table_of_mostly_empty_cells_is_read_whole() -> None:
    wide = table(2_000, 700, "") + b'\n"' + b"x" * 7_000_000 + b'"'
    assert len(wide) > 8_000_000
    assert not is_large(wide)


def test_long_titles_are_not_kept_beside_what_is_saved() -> None:
    intake = _Intake(QueryRef("p", "q"), Imported("issues", "CSV", 3), "")
    intake.keep([Issue("A-1", "short")])
    assert len(intake.saved) == 1
    intake.keep([Issue("A-2", "x" * (_KEPT_CHARACTERS + 1))])
    assert intake.saved == []
    intake.keep([Issue("A-3", "short")])
    assert intake.saved == []
