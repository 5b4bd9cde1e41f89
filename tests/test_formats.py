"""Days and numbers in the user's locale."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.words.formats import THIN, Formats, formats_for, plural

GERMAN, AMERICAN, FRENCH = formats_for(["de-DE"]), formats_for(["en-US"]), formats_for(["fr"])


def test_a_german_reads_comma_and_point_the_other_way_round() -> None:
    assert GERMAN.number(1234.5, 1) == "1.234,5"
    assert AMERICAN.number(1234.5, 1) == "1,234.5"
    assert FRENCH.number(1234.5, 1) == f"1{THIN}234,5"


def test_the_month_comes_first_only_in_american() -> None:
    day = date(2027, 3, 12)
    assert AMERICAN.day(day) == "March 12, 2027"
    assert GERMAN.day(day) == "12 March 2027"
    assert AMERICAN.short(day) == "Mar 12, 2027"
    assert GERMAN.short(day) == "12 Mar 2027"
    assert (AMERICAN.axis_short_day, GERMAN.axis_short_day[:3]) == ("%b %-d", "%-d")


def test_an_unknown_day_is_a_dash_and_an_instant_has_its_minute() -> None:
    assert GERMAN.short(None) == "–"
    assert AMERICAN.instant(datetime(2027, 3, 2, 7, 5, tzinfo=UTC)) == "Mar 2, 2027 07:05"


def test_the_first_known_language_wins_and_none_is_needed() -> None:
    assert formats_for(["xx", "de-AT", "en-US"]) == GERMAN
    assert formats_for([]) == Formats()
    assert formats_for(["pt_BR"]).decimal == ","


def test_a_simulated_chance_is_never_a_bare_zero_or_hundred() -> None:
    assert AMERICAN.share(0.0) == f"under 5{THIN}%"
    assert AMERICAN.share(1.0) == f"over 95{THIN}%"
    assert AMERICAN.share(0.625) == f"62{THIN}%"
    assert AMERICAN.rate(1.0) == f"100{THIN}%"


def test_whole_numbers_have_no_fraction_and_signs_are_typeset() -> None:
    assert AMERICAN.number(12.0) == "12"
    assert AMERICAN.number(4.42) == "4.4"
    assert AMERICAN.number(-3) == "\u22123"
    assert AMERICAN.signed(3) == "+3"
    assert AMERICAN.signed(-3) == "\u22123"


def test_one_is_singular_and_all_else_plural() -> None:
    assert [plural(count, "week") for count in (0, 1, 2)] == ["weeks", "week", "weeks"]
    assert plural(2, "issue has", "issues have") == "issues have"


@given(st.integers(-(10**9), 10**9))
def test_a_number_keeps_its_digits(value: int) -> None:
    digits = "".join(char for char in GERMAN.number(value) if char.isdigit())
    assert int(digits) == abs(value)
