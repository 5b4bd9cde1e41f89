"""How values lie in a column: read by everything that comes after, so the text itself is fixed here."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.sql.text import (
    extras,
    extras_text,
    extras_texts,
    instant,
    instant_text,
    instant_texts,
    names,
    names_text,
    object_text,
    optional_instant_text,
)

zones = st.timezones() | st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))
# A day from either end, so that every zone's instant exists in UTC.
instants = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=zones, allow_imaginary=False)  # noqa: DTZ001


def test_an_instant_is_utc_with_whole_seconds() -> None:
    assert instant_text(datetime(2015, 4, 24, 12, 4, 7, 999_999, UTC)) == "2015-04-24T12:04:07Z"
    assert instant_text(datetime(999, 1, 2, 3, 4, 5, tzinfo=UTC)) == "0999-01-02T03:04:05Z"
    assert instant_text(datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))) == "2025-12-31T23:30:00Z"


@given(instants)
def test_an_instant_comes_back_to_the_second(value: datetime) -> None:
    assert instant(instant_text(value)) == value.astimezone(UTC).replace(microsecond=0)


@given(st.lists(st.none() | instants.map(lambda value: value.astimezone(UTC))) | st.lists(st.none() | instants))
def test_many_instants_are_written_as_each_is(values: list[datetime | None]) -> None:
    assert instant_texts(values) == [optional_instant_text(value) for value in values]


@pytest.mark.parametrize("microseconds", [1, 500_000, -1, 1_000_000, 29_000_000])
def test_a_zone_less_than_a_minute_from_utc_is_not_utc(microseconds: int) -> None:
    value = datetime(2026, 1, 1, tzinfo=timezone(timedelta(microseconds=microseconds)))
    assert instant_texts([None, value]) == [None, instant_text(value)]


def test_one_of_many_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        instant_texts([None, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1)])  # noqa: DTZ001


@given(instants, instants)
def test_the_order_of_texts_is_the_order_of_time(some: datetime, other: datetime) -> None:
    seconds = [value.astimezone(UTC).replace(microsecond=0) for value in (some, other)]
    assert (instant_text(some) < instant_text(other)) == (seconds[0] < seconds[1])


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        instant_text(datetime(2026, 1, 1))  # noqa: DTZ001


@given(st.lists(st.text(st.characters()), min_size=1).map(tuple))
def test_names_are_a_json_array_and_come_back(given_names: tuple[str, ...]) -> None:
    text = names_text(given_names)
    assert text is not None
    assert text == json.dumps(given_names, ensure_ascii=False, separators=(",", ":"))
    assert names(text) == given_names


def test_names_are_written_as_they_are_and_none_as_null() -> None:
    assert names_text(("a b", 'say "hi"', "小\n")) == '["a b","say \\"hi\\"","小\\n"]'
    assert names_text(()) is None
    assert names(None) == ()
    assert names(json.dumps(["\ud800"])) == ("\ud800",)


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())))
def test_extras_are_written_alike_whether_they_are_text_alone_or_not(value: dict[str, object]) -> None:
    text = extras_text(value)
    assert text == (object_text(value) if value else None)
    assert extras(text) == value


@pytest.mark.parametrize("text", [' {"a": [1e400, 7, null]} ', '{"a":"\\ud800","a":"b"}\n', "\t{}"])
def test_extras_with_blanks_around_are_what_json_says(text: str) -> None:
    assert extras(text) == json.loads(text)


@pytest.mark.parametrize("text", ['{"a":"b"}x', '{"a":"b"', "x", " ", "[]", '"a"', '{"a":"b"}{"a":"b"}'])
def test_extras_that_are_no_object_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        extras(text)


def test_half_a_character_among_the_extras_is_left_to_who_refuses_it() -> None:
    half = chr(0xD800)
    assert extras_text({"a": half}) == object_text({"a": half})


@given(
    st.lists(st.dictionaries(st.text(), st.text()))
    | st.lists(st.dictionaries(st.text(st.characters()), st.text(st.characters()) | st.lists(st.text())))
)
def test_many_extras_are_written_as_each_is(values: list[dict[str, object]]) -> None:
    assert extras_texts(values) == [extras_text(value) for value in values]


_LISTS_AND_OBJECTS = st.lists(st.text() | st.integers(), max_size=3) | st.dictionaries(
    st.text(), st.text() | st.none() | st.floats(allow_nan=False), max_size=3
)


@given(st.dictionaries(st.text(), st.booleans() | st.text() | _LISTS_AND_OBJECTS, max_size=4))
def test_what_is_or_is_not_and_lists_are_written_as_by_pythons_own_json(value: dict[str, object]) -> None:
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None
    assert extras_text(value) == written
    assert extras_texts([value, {"flagged": True}]) == [written, '{"flagged":true}']
