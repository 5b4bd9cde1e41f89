"""Dates one by one and by the column: the fast way through a column must say what the careful one says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports.dates import DateReader, DayOrder, day_orders, why_no_date, writings
from app.imports.month_names import LANGUAGES
from app.imports.months import Months

BERLIN = ZoneInfo("Europe/Berlin")

days = st.dates(date(1969, 1, 1), date(2201, 1, 1))
times = st.times()
forms = st.sampled_from(
    ["%d/%b/%y %I:%M %p", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M +0200", "%d.%m.%Y",
     "%d.%m.%Y %H:%M", "%d %B %Y %H:%M", "%A, %d %b %Y", "%G-W%V", "%Y%m%d", "%m/%d/%Y", "%d/%b/%y  %H:%M ",
     "%Y-%m-%d 24:00", "%H:%M", "%c", "%d-%b-%Y %H:%M", "%d/%B/%Y %H:%M:%S", "%d/%b/%y %I:%M %p Z", "%d/%b/%y %H:%M о",
     "%d/%b/%y г. %H:%M", "%d/%b/%y %I.%M %p", "%d.%b.%Y %H:%M", "%b/%d/%Y %H:%M", "%d/%b/1%y %H:%M"]
)  # fmt: skip
dates = st.builds(lambda day, time, form: datetime.combine(day, time).strftime(form), days, times, forms)
columns = st.lists(
    dates
    | st.sampled_from(
        [
            "",
            " ",
            "no date",
            "31/Mar/24 02:30 AM",
            "27/Oct/24 02:30 AM",
            "30/Feb/24 00:30 AM",
            "29/Feb/24 13:00 PM",
            "1/Mar/24 9:05 pm",
            "1/March/24 9:05 p.m.",
        ]
    )
)


@given(
    columns,
    st.sampled_from([UTC, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Etc/GMT-3")]),
    st.sampled_from(DayOrder),
)
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
        ("24. April 2015, 12:04 Uhr", datetime(2015, 4, 24, 10, 4, tzinfo=UTC)),
        ("20150424T120405Z", datetime(2015, 4, 24, 12, 4, 5, tzinfo=UTC)),
        ("2015-04-24 12:04:05 +0200 CEST", datetime(2015, 4, 24, 10, 4, 5, tzinfo=UTC)),
        ("2015-04-24T12:04:05Z[UTC]", datetime(2015, 4, 24, 12, 4, 5, tzinfo=UTC)),
        ("2015-04-24T12:04:05+02:00[Europe/Berlin]", datetime(2015, 4, 24, 10, 4, 5, tzinfo=UTC)),
        ("42118.5", datetime(2015, 4, 24, 10, 0, tzinfo=UTC)),
        ("42118,5", datetime(2015, 4, 24, 10, 0, tzinfo=UTC)),
        ("42118", datetime(2015, 4, 23, 22, 0, tzinfo=UTC)),
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
    "text",
    ["", " ", "soon", "2015-02-30", "13/13/2015", "2015-04-24 25:00", "24/Xyz/15", "1969-12-31", "12345", "99999"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert DateReader(BERLIN).instants([text]) == [None]
    assert DateReader(BERLIN).instant(text) is None


@pytest.mark.parametrize("tail", ["2026-01-05 10:00{}!", "2026-01-05T{}!", "5 Jan 2026,{}x 10:00"])
def test_a_cell_of_blanks_behind_a_day_is_no_date_and_takes_no_time(tail: str) -> None:
    assert DateReader(UTC).instant(tail.format(" " * 60_000)) is None


def test_month_first_is_read_month_first() -> None:
    assert DateReader(UTC, DayOrder.MDY).day("04/05/2015 11:00") == date(2015, 4, 5)
    assert DateReader(UTC, DayOrder.DMY).day("04/05/2015 ") == date(2015, 5, 4)


# One instant as the tracker of each language writes it: 5 June 2023, 15:05, or its day.
@pytest.mark.parametrize(
    "text",
    [
        "05/cze/23 3:05 PM",
        "05/čvn/23 3:05 odp.",
        "05/juni/23 3:05 em",
        "05/Haz/23 3:05 ÖS",
        "05/июн/23 3:05 PM",
        "5 июня 2023 г. 15:05",
        "05/черв./23 3:05 пп",
        "05/Th6/23 3:05 CH",
        "05/thg 6/23 15:05",
        "5.6.2023 15.05",
        "5. kesäkuuta 2023 klo 15.05",
        "05/jún./23 3:05 du.",
        "2023. 06. 05. 15:05",
        "2023. jún. 5. 15:05",
        "5. 6. 2023 15:05",
        "05.06.23 kl. 15.05",
        "5 de jun. de 2023 15:05",
        "5 de junio de 2023, 3:05 p. m.",
        "5 giu 2023, 15:05",
        "05/juin/23 15:05",
        "2023年6月5日 下午3:05",
        "05/六月/23 下午3:05",
        "05/6月/23 3:05 午後",
        "2023년 6월 5일 오후 3:05",
        "05/มิ.ย./23 15:05",
        "05/Ιουν/23 3:05 μ.μ.",
        "05/iun./23 15:05",
        "05/VI/23 15:05",
        "Jun 5, 2023, 3:05\u202fPM",
        "June 5, 2023 at 3:05 PM",
        "Mon Jun 05 2023 15:05:00 GMT+0000 (Coordinated Universal Time)",
        "Mon Jun 05 2023 17:05:00 GMT+0200 (GMT+02:00)",
        "1685977500000",
        "1685977500",
    ],
)
def test_dates_are_read_in_every_language_that_jira_speaks(text: str) -> None:
    expected = datetime(2023, 6, 5, 15, 5, tzinfo=UTC)
    assert DateReader(UTC).instant(text) == expected
    assert DateReader(UTC).instants([text, text]) == [expected, expected]
    assert DateReader(UTC).day(text) == date(2023, 6, 5)


@pytest.mark.parametrize(("language", "names"), LANGUAGES)
def test_a_file_of_one_language_names_all_twelve_months(language: str, names: str) -> None:
    # Months that have a number for a name are read without a table.
    words = [group.split()[0] if group else "" for group in names.split("|")]
    months = Months.of(filter(None, words), {})
    assert language in months.languages
    assert [months.number(word) if word else place for place, word in enumerate(words, 1)] == list(range(1, 13))


def test_the_language_of_a_file_decides_what_a_word_means_in_two() -> None:
    # November in Polish and Czech, October in Croatian.
    polish = writings({"Created": ["05/lis/23", "05/gru/23"]}, date(2026, 1, 1), None, {})["Created"]
    croatian = writings({"Created": ["05/lis/23", "05/sij/23"]}, date(2026, 1, 1), None, {})["Created"]
    assert DateReader(UTC, months=polish.months).day("05/lis/23") == date(2023, 11, 5)
    assert DateReader(UTC, months=croatian.months).day("05/lis/23") == date(2023, 10, 5)


def test_a_month_may_be_said_where_its_language_is_not_known() -> None:
    assert why_no_date("05/Qaf/23", Months()).startswith("names a month that is not known here; say which it is")
    writing = writings({"Created": ["05/Qaf/23"]}, date(2026, 1, 1), None, {"Qaf": 7})["Created"]
    assert DateReader(UTC, months=writing.months).day("05/QAF./23") == date(2023, 7, 5)


def test_a_weekday_before_a_date_hides_neither_day_nor_month_first() -> None:
    assert day_orders({"Finish": ["Mon 05/10/26", "Thu 05/28/26"]}, date(2027, 1, 1)) == {"Finish": DayOrder.MDY}


@pytest.mark.parametrize("text", ["12345", "999999999", "16859775000", "0000000000001", "05/ab/23", "3:05 xy"])
def test_other_numbers_and_words_are_no_dates(text: str) -> None:
    assert DateReader(UTC).instant(text) is None
    assert DateReader(UTC).day(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24/ก.ค./66 2:15 PM", date(2023, 7, 24)),
        ("1/มี.ค./2566 10:00 AM", date(2023, 3, 1)),
        ("31 ธ.ค. 2569", date(2026, 12, 31)),
        ("24/ก.ค./23 2:15 PM", date(2023, 7, 24)),
        ("31/3/2566", date(2023, 3, 31)),
        ("2566-03-31", date(2023, 3, 31)),
        ("31/3/2199", date(2199, 3, 31)),
    ],
)
def test_years_of_thailand_are_those_of_the_same_day_here(text: str, day: date) -> None:
    assert DateReader(UTC, DayOrder.DMY).day(text) == day


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["25-11-03", "25-11-17", "25-12-31"], DayOrder.YMD),
        (["26/03/03", "26/04/05", "26/06/07"], DayOrder.YMD),
        (["25.11.03.", "25.12.07."], DayOrder.YMD),
        (["26-02-03", "26-04-09", "27-01-15"], DayOrder.YMD),
        (["03.11.25", "17.11.25"], DayOrder.DMY),
        (["03/11/25", "17/11/25"], DayOrder.DMY),
        (["11/03/25", "11/17/25"], DayOrder.MDY),
        (["24/11/25", "25/11/25"], DayOrder.DMY),
        (["24.04.15", "25.04.15"], DayOrder.DMY),
        (["25/11/03"], DayOrder.DMY),
        (["28/11/25", "03/11/25"], DayOrder.DMY),
        (["25-11-03", "2025-11-17", "17-11-2025"], DayOrder.DMY),
        (["25-13-03", "17-11-25"], DayOrder.DMY),
    ],
)
def test_a_year_of_two_digits_goes_first_where_the_days_would_else_go_back_years(
    days: list[str], order: DayOrder
) -> None:
    assert day_orders({"Created": days, "Done": []}, date(2026, 11, 30))["Created"] is order


def test_a_year_that_goes_first_has_two_digits() -> None:
    reader = DateReader(UTC, DayOrder.YMD)
    assert reader.day("25-11-03") == reader.day("2025-11-03") == date(2025, 11, 3)
    assert reader.day("03/11/2025") is reader.day("3/11/25") is None


@pytest.mark.parametrize(
    ("text", "zone", "hour"),
    [
        ("2026-07-07 10:00 CEST", "UTC", 8),
        ("2026-07-07 10:00:00 MESZ", "America/New_York", 8),
        ("07/07/2026 10:00 AM EDT", "UTC", 14),
        ("2026-07-07 10:00 JST", "UTC", 1),
        ("2026-07-07T10:00:00 BST", "UTC", 9),
        ("Tue Jul 07 10:00:00 CEST 2026", "UTC", 8),
        ("2026-07-07 10:00 CST", "UTC", 16),
        ("Tue Jul 07 10:00:00 CST 2026", "Asia/Shanghai", 2),
    ],
)
def test_a_clock_is_known_by_its_name(text: str, zone: str, hour: int) -> None:
    assert DateReader(ZoneInfo(zone)).instant(text) == datetime(2026, 7, 7, hour, tzinfo=UTC)


def test_milliseconds_are_read_as_servers_write_them_into_json() -> None:
    reader = DateReader(UTC)
    assert reader.instant("/Date(1772496000000)/") == reader.instant("/Date(1772496000000+0100)/")
    assert reader.day("/Date(1772496000000)/") == date(2026, 3, 3)
    assert reader.day("/Date(17)/") is reader.day("/Date(1772496000000") is None


@pytest.mark.parametrize("decimals", ["", *(f".{'25' * 6}"[:length] for length in range(2, 11))])
def test_seconds_since_1970_may_have_any_number_of_decimals(decimals: str) -> None:
    assert DateReader(ZoneInfo("UTC")).instant(f"1764000000{decimals}") == datetime(2025, 11, 24, 16, tzinfo=UTC)
