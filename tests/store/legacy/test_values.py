"""Single values of the old files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from store.legacy.read import values
from store.legacy.read.text import unmangled


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2025-11-10T16:12:49.187+0000", datetime(2025, 11, 10, 16, 12, 49, tzinfo=UTC)),
        ("2025-11-03T10:00:00.123456+05:30", datetime(2025, 11, 3, 4, 30, tzinfo=UTC)),
        ("2025-12-05T08:00:02.171856Z", datetime(2025, 12, 5, 8, 0, 2, tzinfo=UTC)),
        ("2025-12-29T10:00:06.738422", datetime(2025, 12, 29, 9, 0, 6, tzinfo=UTC)),
        ("2025-07-01", datetime(2025, 6, 30, 22, tzinfo=UTC)),
        (1764000000, datetime(2025, 11, 24, 16, 0, tzinfo=UTC)),
        (1764000000000, datetime(2025, 11, 24, 16, 0, tzinfo=UTC)),
        ("2025-13-40T00:00:00.000+0000", None),
        ("0001-01-01T00:00:00.000+0000", None),
        ("9999-12-31T23:59:59.999-1200", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
    ],
)
def test_times_are_utc_and_naive_ones_are_the_machines(raw: Any, expected: datetime | None) -> None:
    assert values.instant(raw, ZoneInfo("Europe/Berlin")) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (3, 3), ("8.0", 8.0), ("1,5", 1.5), ({"value": 5}, 5), ({"votes": 3}, 3), (True, None), ("three", None),
        (float("nan"), None), (float("inf"), None), (10**30, None), ([], None), (None, None), (-2, -2),
    ],
)  # fmt: skip
def test_points_come_in_five_forms(raw: Any, expected: float | None) -> None:
    assert values.number(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2025-10-20", date(2025, 10, 20)),
        ("2025-10-27T00:00:00", date(2025, 10, 27)), ("03.11.2025", date(2025, 11, 3)),
        ("2025-13-40", None), ("03/11/2025", None), ("", None), (None, None), (5, None),
    ],
)  # fmt: skip
def test_days_are_read_only_where_they_are_clear(raw: Any, expected: date | None) -> None:
    assert values.day(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("2025-W44", "2025-W44"), ("2025-44", "2025-W44"), ("2025W5", "2025-W05"), ("2026-W53", "2026-W53"),
     ("2025-W53", None), ("2025-W99", None), ("2025-W00", None), ("", None)],
)  # fmt: skip
def test_week_labels_are_brought_to_one_form(raw: str, expected: str | None) -> None:
    assert values.week_label(raw) == expected


def test_text_has_neither_nul_nor_half_characters() -> None:
    assert values.text("a\x00b\ud800c\nß") == "ab\ufffdc\nß"


def test_secrets_are_cleaned_away_at_any_depth() -> None:
    assert values.clean({"a": [{"token": "x", "b": 1}], "jira_token": "y"}) == {"a": [{"b": 1}]}


def test_json_with_huge_numbers_and_half_characters_is_stored_all_the_same() -> None:
    assert (
        values.as_bytes({"a": 2**70, "b": "\ud800", "c": float("nan")}) == '{"a":null,"b":"\ufffd","c":null}'.encode()
    )


def test_text_read_in_the_wrong_encoding_is_put_right() -> None:
    assert unmangled("GrÃ¶ÃŸe â€“ Ã¼ber") == "Größe – über"
    assert unmangled("Größe – über 小") == "Größe – über 小"
    assert unmangled("Ã and nothing more") == "Ã and nothing more"
