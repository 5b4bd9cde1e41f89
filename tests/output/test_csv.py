"""CSV that spreadsheets of any country can open."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.output.csv import to_csv

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


def cells(text: str, delimiter: str) -> list[str]:
    """As a spreadsheet with that separator sees them."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [cell for row in rows for cell in row]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", "a;", "a\t", "a\nb\n", "a\r", '"', ";", ' "', "a; "])
def test_no_cell_is_a_formula_whatever_separates_cells(before: str, sign: str) -> None:
    text = to_csv(("name", "note"), [("x", f"{before}{sign}cmd|' /C calc'!A0")])
    for delimiter in ",;\t":
        assert not [cell for cell in cells(text, delimiter) if cell.lstrip(' "').startswith(tuple(SIGNS))]


@given(st.text(alphabet=f'ab1 ;,\t\r\n"{SIGNS}'))
def test_no_text_makes_a_formula(text: str) -> None:
    written = to_csv(("note", "next"), [(text, "x")])
    for delimiter in ",;\t":
        assert not [cell for cell in cells(written, delimiter) if cell.strip(' "').startswith(tuple(SIGNS))]


@pytest.mark.parametrize(
    ("sign", "is_beginning"), [("\t", True), ("\n", True), (";", True), (" ", False), ('"', False)]
)
def test_a_text_of_nothing_but_what_may_stand_before_a_formula_is_written(sign: str, *, is_beginning: bool) -> None:
    """One that looks for a beginning at each of its signs would take minutes."""
    run = sign * 100_000
    harmless, formula = cells(to_csv(("note",), [(f"a{run}x",), (f"a{run}=1",)]), ",")[1:]
    assert harmless == f"a{run}x"
    assert formula == (f"a{run}'=1" if is_beginning else f"a{run}=1")


@pytest.mark.parametrize("text", ["Größe", "a-b", "1 + 1", "x;y", "mail@example.org", "5, -3", "two\nlines"])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert cells(to_csv(("note",), [(text,)]), ",") == ["note", text]


def test_numbers_stay_numbers() -> None:
    assert cells(to_csv(("n",), [(-5,), (1.5,), (None,)]), ",")[1:] == ["-5", "1.5", ""]
