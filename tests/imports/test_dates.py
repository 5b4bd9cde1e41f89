"""Dates one by one and by the column: the fast way through a column must say what the careful one says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports.dates import DateReader, DayOrder

BERLIN = ZoneInfo("Europe/Berlin")

days = st.dates(date(1969, 1, 1), date(2201, 1, 1))
times = st.times()
forms = st.sampled_from(
    ["%d/%b/%y %I:%M %p", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M +0200", "%d.%m.%Y",
     "%d.%m.%Y %H:%M", "%d %B %Y %H:%M", "%A, %d %b %Y", "%G-W%V", "%Y%m%d", "%m/%d/%Y", "%d/%b/%y  %H:%M ",
     "%Y-%m-%d 24:00", "%H:%M", "%c"]
)  # fmt: skip
dates = st.builds(lambda day, time, form: datetime.combine(day, time).strftime(form), days, times, forms)
columns = st.lists(dates | st.sampled_from(["", " ", "no date", "31/Mar/24 02:30 AM", "27/Oct/24 02:30 AM"]))


@given(columns, st.sampled_from([UTC, BERLIN, ZoneInfo("America/New_York")]), st.sampled_from(DayOrder))
def test_a_column_reads_as_its_cells_one_by_one(texts: list[str], zone: ZoneInfo, order: DayOrder) -> None:
    by_column = DateReader(zone, order)
    assert by_column.instants(texts) == [DateReader(zone, order).instant(text) for text in texts]
    # What the first pass has learned changes nothing.
    assert by_column.instants(texts) == [DateReader(zone, order).instant(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24/Apr/15 12:04 PM", datetime(2015, 4, 24, 10, 4, tzinfo=UTC)),
        ("24/Apr/15 12:04 AM", datetime(2015, 4, 23, 22, 4, tzinfo=UTC)),
        ("24/Apr/15", datetime(2015, 4, 23, 22, tzinfo=UTC)),
        ("24/Apr/15 ", datetime(2015, 4, 23, 22, tzinfo=UTC)),
        ("Fri, 24 Apr 2015 12:04:05", datetime(2015, 4, 24, 10, 4, 5, tzinfo=UTC)),
        ("Fri 24 Apr 2015 12:04", datetime(2015, 4, 24, 10, 4, tzinfo=UTC)),
        ("Fri Apr 24 12:04:05 2015", datetime(2015, 4, 24, 10, 4, 5, tzinfo=UTC)),
        ("Mon Jan  5 09:05:00 UTC 2015", datetime(2015, 1, 5, 9, 5, tzinfo=UTC)),
        ("Mon Jan 05 09:05:00 -0500 2015", datetime(2015, 1, 5, 14, 5, tzinfo=UTC)),
        ("Apr 24, 2015 9:30", datetime(2015, 4, 24, 7, 30, tzinfo=UTC)),
        ("2015-W17", datetime(2015, 4, 19, 22, tzinfo=UTC)),
        ("20150424", datetime(2015, 4, 23, 22, tzinfo=UTC)),
        ("2015-04-24T12:04:05.123Z", datetime(2015, 4, 24, 12, 4, 5, tzinfo=UTC)),
        ("2015-04-24 12:04 -0530", datetime(2015, 4, 24, 17, 34, tzinfo=UTC)),
        ("04/05/2015", datetime(2015, 5, 3, 22, tzinfo=UTC)),
        # The clocks went forward at 02:00 and back at 03:00.
        ("29/Mar/15 12:00 PM", datetime(2015, 3, 29, 10, tzinfo=UTC)),
        ("25/Oct/15 12:00 PM", datetime(2015, 10, 25, 11, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_in_the_zone_that_it_is_meant_in(text: str, expected: datetime) -> None:
    reader = DateReader(BERLIN)
    assert reader.instants([text, text]) == [expected, expected]
    assert reader.instant(text) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "soon", "2015-02-30", "13/13/2015", "2015-04-24 25:00", "24/Xyz/15", "1969-12-31"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert DateReader(BERLIN).instants([text]) == [None]
    assert DateReader(BERLIN).instant(text) is None


def test_month_first_is_read_month_first() -> None:
    assert DateReader(UTC, DayOrder.MDY).day("04/05/2015 11:00") == date(2015, 4, 5)
    assert DateReader(UTC, DayOrder.DMY).day("04/05/2015 ") == date(2015, 5, 4)
