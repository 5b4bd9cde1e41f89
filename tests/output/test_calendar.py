"""A calendar file of days, read back by the reader of calendar files."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.factory import create_app
from app.imports import ics
from app.output.calendar import calendar
from tests.pages.sample import sample_context

WRITTEN_AT = datetime(2026, 3, 30, 12, tzinfo=UTC)


def test_each_day_is_an_event_that_a_calendar_reads() -> None:
    days = [date(2026, 4, 6), date(2026, 4, 13)]
    text = calendar([(day, "Team: 4 finished?") for day in days], WRITTEN_AT)
    days_off = ics.days_off(text.encode(), date(2026, 1, 1), date(2026, 12, 31))
    assert sorted(days_off.days) == days


def test_marks_are_escaped_and_long_lines_folded() -> None:
    text = calendar([(date(2026, 4, 6), "a, b; c\\d\n" + "ä" * 80)], WRITTEN_AT)
    assert "SUMMARY:a\\, b\\; c\\\\d\\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.endswith("END:VCALENDAR\r\n")


def test_a_second_import_changes_the_first_ones_entries() -> None:
    first, second = (
        calendar([(date(2026, 4, 6), "Same")], moment) for moment in (WRITTEN_AT, WRITTEN_AT.replace(year=2027))
    )
    assert [line for line in first.split("\r\n") if "UID" in line] == [
        line for line in second.split("\r\n") if "UID" in line
    ]


def test_the_checkpoints_of_the_deadline_are_such_a_file() -> None:
    client = create_app(sample_context(deadline="2026-05-04")).server.test_client()
    answer = client.get("/_ics/checkpoints?profile=p&query=q")
    assert answer.mimetype == "text/calendar"
    assert answer.get_data(as_text=True).count("BEGIN:VEVENT") >= 2
    assert (
        create_app(sample_context()).server.test_client().get("/_ics/checkpoints?profile=p&query=q").status_code == 404
    )
