"""Files in: what is recognised, what each row becomes, what is rejected and why, and what an import changes."""

import gzip
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.actions.files import ImportResult, import_bytes, import_file, local_zone_name, merged_weeks
from app.context import Context
from app.domain.forecast import Forecast
from app.errors import AppError, BadInput, Cancelled, UnclearDates, UnreadableFile
from app.imports.columns import ColumnMapping, mapping_of
from app.imports.dates import DateReader, DayOrder, day_orders
from app.imports.numbers import number
from app.imports.plain_names import plain_name
from app.imports.reading import read_file
from app.imports.report import sentences
from app.imports.results import Imported, RejectedRow
from app.jobs import Jobs
from store.documents import imports_of
from store.opening import open_store
from store.records import Category, Change, Issue, QueryFacts, QueryRef, Sprint, Week
from tests.examples import examples
from tests.memory_backend import MemoryBackend
from tests.pages.sample import empty_context

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
REAL = Path(__file__).parents[2] / ".." / "shared" / "real-data"
needs_real_data = pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not here")

JIRA = """\
Summary,Issue key,Issue id,Parent id,Issue Type,Status,Project key,Resolution,Created,Updated,Resolved,Fix Version/s,\
Fix Version/s,Component/s,Labels,Labels,Sprint,Sprint,Custom field (Story Points),Status Category
"Login, sign out",AB-1,11,,Story,Closed,AB,Fixed,24/Apr/15 12:04 PM,25/Apr/15 9:00 AM,25/Apr/15 12:30 AM,1.0,1.1,UI,\
a,b,Sprint 1,Sprint 2,3.5,Done
Broken page,AB-2,12,11,Bug,Reopened,AB,,30/Apr/15 7:56 AM,02/May/15 8:00 AM,01/May/15 8:00 AM,,,,,,Sprint 2,,,To Do
"""


def parsed(text: str, zone: str = "UTC", kind: str | None = None, **mapping: Any) -> Imported:
    return read_file(text.encode(), mapping_of(mapping or None), ZoneInfo(zone), NOW, kind)


def imported(backend: MemoryBackend, text: str, name: str = "tickets.csv", **options: Any) -> ImportResult:
    return import_bytes(backend, text.encode(), name, now=NOW, zone_name=lambda: "UTC", **options)


def instant(text: str, zone: str = "UTC", order: DayOrder = DayOrder.DMY) -> str | None:
    moment = DateReader(ZoneInfo(zone), order).instant(text)
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else None


# -- dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015-04-24", "2015-04-24 00:00:00"),
        ("2015-04-24 12:04", "2015-04-24 12:04:00"),
        ("2015/04/24 12:04:59", "2015-04-24 12:04:59"),
        ("20150424", "2015-04-24 00:00:00"),
        ("2015-04-24T12:04:59.123+0200", "2015-04-24 10:04:59"),
        ("2015-04-24T12:04:59+05:30", "2015-04-24 06:34:59"),
        ("2015-04-24T23:04:59Z", "2015-04-24 23:04:59"),
        ("2015-04-24 12:04:00 UTC", "2015-04-24 12:04:00"),
        ("24/Apr/15 12:04 PM", "2015-04-24 12:04:00"),
        ("24/Apr/15 12:04 AM", "2015-04-24 00:04:00"),
        ("24/avr./15 9:04 PM", "2015-04-24 21:04:00"),
        ("24. März 2015", "2015-03-24 00:00:00"),
        ("24-Dez-2015 18:00", "2015-12-24 18:00:00"),
        ("Apr 24, 2015 6:15 p.m.", "2015-04-24 18:15:00"),
        ("April 24th 2015", "2015-04-24 00:00:00"),
        ("Fri, 24 Apr 2015 12:04:00 GMT", "2015-04-24 12:04:00"),
        ("24.04.2015 12:04", "2015-04-24 12:04:00"),
        ("24/04/99", "1999-04-24 00:00:00"),
        ("2026-W03", "2026-01-12 00:00:00"),
    ],
)
def test_dates_are_read_as_trackers_and_spreadsheets_write_them(text: str, expected: str) -> None:
    assert instant(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2015-02-30", "31/Abc/15", "24/Apr/15 25:00", "24/Apr/15 13:00 PM", "2015-04-24 noon", "0001-01-01",
     "9999-12-31", "12345", "2015-04-24T10:00:00+99:00", "13/13/2015", "2015-W60"],
)  # fmt: skip
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert instant(text) is None


def test_times_without_a_zone_are_meant_where_the_profile_is_also_across_clock_changes() -> None:
    berlin = "Europe/Berlin"
    assert instant("2026-01-15 00:30", berlin) == "2026-01-14 23:30:00"
    assert instant("2026-07-15 00:30", berlin) == "2026-07-14 22:30:00"
    # 2026-03-29: clocks go from 02:00 to 03:00.
    assert instant("2026-03-29 01:30", berlin) == "2026-03-29 00:30:00"
    assert instant("2026-03-29 03:30", berlin) == "2026-03-29 01:30:00"


def test_a_repeated_day_and_time_gives_the_same_instant_by_the_short_way() -> None:
    reader = DateReader(ZoneInfo("Europe/Berlin"))
    texts = ["29/Mar/26 1:30 AM", "29/Mar/26 3:30 AM", "30/Mar/26 1:30 AM"]
    fresh = [DateReader(ZoneInfo("Europe/Berlin")).instant(text) for text in texts]
    assert reader.instants(texts) == fresh
    assert reader.instants(texts) == fresh


_YEAR_LAST = [DayOrder.DMY, DayOrder.MDY]


@given(st.integers(31_536_000, 3_400_000_000), st.sampled_from(_YEAR_LAST))  # 1971 to 2077
def test_any_instant_reads_back_from_either_day_order(second: int, order: DayOrder) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    pattern = "%d/%m/%Y %H:%M:%S" if order is DayOrder.DMY else "%m/%d/%Y %I:%M:%S %p"
    assert DateReader(UTC, order).instant(moment.strftime(pattern)) == moment


def orders(*columns: list[str]) -> list[DayOrder]:
    named = {f"column {place}": texts for place, texts in enumerate(columns)}
    return list(day_orders(named, date(2026, 3, 16)).values())


def test_one_day_above_twelve_decides_for_the_whole_column() -> None:
    assert orders(["03/04/2025", "25/04/2025"]) == [DayOrder.DMY]
    assert orders(["03/04/2025", "04/25/2025"]) == [DayOrder.MDY]


def test_an_undecided_column_follows_the_other_one() -> None:
    assert orders(["03/04/2025"], ["04/25/2025"]) == [DayOrder.MDY, DayOrder.MDY]


def test_points_between_mean_day_first() -> None:
    assert orders(["03.04.2025"]) == [DayOrder.DMY]


def test_a_reading_that_lies_in_the_future_is_not_meant() -> None:
    # Day first would be 1 December 2026; today is 16 March 2026.
    assert orders(["01/12/2026"]) == [DayOrder.MDY]


def test_dates_that_read_the_same_both_ways_need_no_decision() -> None:
    assert instant("05/05/2025") == "2025-05-05 00:00:00"
    assert orders(["05/05/2025"]) == [DayOrder.DMY]


def test_truly_ambiguous_dates_are_an_error_that_says_how_to_resolve_it() -> None:
    with pytest.raises(UnclearDates, match=r"Opened: 03/04/2025 can be") as raised:
        parsed("id,Opened,Closed\n1,03/04/2025,05/06/2025\n")
    assert raised.value.example == "03/04/2025"
    assert "date_order" in raised.value.by_command


@pytest.mark.parametrize("text", ["id,Opened\n1,03/04/2025\n", "id,Opened\n1,25/04/2025\n2,04/25/2025\n", "a,b\n1,2\n"])
def test_what_is_said_on_pages_holds_no_words_of_the_command_line(text: str) -> None:
    with pytest.raises(BadInput) as raised:
        parsed(text)
    assert "mapping" not in str(raised.value)
    assert "--mapping FILE" in raised.value.by_command


def test_the_mapping_resolves_ambiguous_dates() -> None:
    text = "id,Opened\n1,03/04/2025\n"
    assert parsed(text, date_order="dmy").issues[0].created == datetime(2025, 4, 3, tzinfo=UTC)
    assert parsed(text, date_order="mdy").issues[0].created == datetime(2025, 3, 4, tzinfo=UTC)


def test_a_column_that_mixes_both_orders_is_an_error_naming_two_dates() -> None:
    with pytest.raises(BadInput, match="25/04/2025 has the day first and 04/25/2025 the month"):
        parsed("id,created\n1,25/04/2025\n2,04/25/2025\n")


# -- numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "decimal_comma", "expected"),
    [("3", False, 3), ("3,5", True, 3.5), ("3,5", False, 3.5), ("1,234", False, 1234), ("1,234", True, 1.234),
     ("1.234,5", True, 1234.5), ("1,234.5", False, 1234.5), (" 2.0 ", False, 2), ("1 000", False, 1000),
     ("1\u00a0000", False, 1000), ("nan", False, None), ("inf", False, None), ("1_0", False, None), ("M", False, None),
     ("-3", False, -3), ("1e400", False, None), ("1,2,3", False, None)],
)  # fmt: skip
def test_numbers_are_read_with_points_or_commas(text: str, decimal_comma: bool, expected: float | None) -> None:
    assert number(text, decimal_comma) == expected


# -- Jira -----------------------------------------------------------------------------------------------


def test_a_jira_export_is_recognised_and_read_whole() -> None:
    imported = parsed(JIRA)
    assert (imported.kind, imported.recognised_as, imported.rows, imported.rejected) == (
        "issues",
        "Jira CSV export",
        2,
        (),
    )
    assert imported.issues[0] == Issue(
        key="AB-1",
        summary="Login, sign out",
        type="Story",
        status="Closed",
        category=Category.DONE,
        created=datetime(2015, 4, 24, 12, 4, tzinfo=UTC),
        updated=datetime(2015, 4, 25, 9, 0, tzinfo=UTC),
        resolved=datetime(2015, 4, 25, 0, 30, tzinfo=UTC),
        points=3.5,
        source_id="11",
        project="AB",
        resolution="Fixed",
        labels=("a", "b"),
        components=("UI",),
        fix_versions=("1.0", "1.1"),
        sprints=("Sprint 1", "Sprint 2"),
    )
    assert imported.sprints == (Sprint("Sprint 1"), Sprint("Sprint 2"))


def test_a_reopened_issue_is_not_done_even_with_a_resolution_date() -> None:
    for text in (JIRA, JIRA.replace(",Status Category", ",Other")):
        assert parsed(text).issues[1].category is Category.TODO


def test_a_parent_given_by_its_id_becomes_the_parents_key() -> None:
    assert parsed(JIRA).issues[1].parent == "AB-1"


def test_without_a_resolution_date_a_done_issue_counts_from_the_change_of_its_category() -> None:
    text = (
        "Issue key,Status,Created,Resolved,Status Category,Status Category Changed\n"
        "A-1,Done,2026-01-05,,Done,2026-01-09 10:00\n"
        "A-2,Doing,2026-01-05,,In Progress,2026-01-08 10:00\n"
    )
    first, second = parsed(text).issues
    assert first.resolved == datetime(2026, 1, 9, 10, tzinfo=UTC)
    assert second.resolved is None


def test_semicolons_utf_16_and_a_german_jira_read_as_the_same_issues() -> None:
    text = (
        "Zusammenfassung;Vorgangsschlüssel;Vorgangstyp;Status;Erstellt;Erledigt;Custom field (Story Points)\n"
        "Anmelden;AB-1;Story;Fertig;24.04.15 12:04;25.04.15 00:30;3,5\n"
    )
    imported = read_file(text.encode("utf-16"), ColumnMapping(), ZoneInfo("UTC"), NOW)
    (issue,) = imported.issues
    assert (issue.key, issue.category, issue.points) == ("AB-1", Category.DONE, 3.5)
    assert (issue.created, issue.resolved) == (
        datetime(2015, 4, 24, 12, 4, tzinfo=UTC),
        datetime(2015, 4, 25, 0, 30, tzinfo=UTC),
    )


def test_a_json_array_with_the_same_names_reads_as_the_same_issues() -> None:
    document = [{"key": "AB-1", "created": "2026-01-05", "status": "Done", "resolved": "2026-01-09", "points": 2}]
    imported = parsed(json.dumps(document))
    assert imported.recognised_as == "JSON of items with created and finished dates"
    assert imported.issues[0].resolved == datetime(2026, 1, 9, tzinfo=UTC)
    assert imported.issues[0].points == 2


# -- lists of items -------------------------------------------------------------------------------------


@pytest.mark.parametrize("finished", ["finished", "Closed At", "done", "resolved_date", "completedAt", "Completed"])
@pytest.mark.parametrize("created", ["created", "created_date", "Opened", "Created At (UTC)", "createdAt"])
def test_the_usual_names_of_created_and_finished_are_known(created: str, finished: str) -> None:
    imported = parsed(f"id,{created},{finished}\n1,2026-01-05,2026-01-09\n2,2026-01-06,\n")
    assert [issue.category for issue in imported.issues] == [Category.DONE, Category.TODO]
    assert imported.used is not None
    assert (imported.used["created"], imported.used["resolved"]) == (created, finished)


def test_a_start_date_is_kept_and_means_in_progress() -> None:
    imported = parsed("id,created,start,end\n1,2026-01-01,2026-01-05,\n2,2026-01-01,2026-01-06,2026-01-09\n")
    assert imported.issues[0].started == datetime(2026, 1, 5, tzinfo=UTC)
    assert [issue.category for issue in imported.issues] == [Category.IN_PROGRESS, Category.DONE]


def test_a_column_of_yes_and_no_called_done_is_not_taken_for_dates() -> None:
    imported = parsed("id,created,done,closed\n1,2026-01-05,yes,2026-01-09\n2,2026-01-06,no,\n")
    assert imported.used is not None
    assert imported.used["resolved"] == "closed"


def test_rows_without_a_key_get_the_same_one_at_every_import() -> None:
    first = parsed("title,created,finished\nPay,2026-01-05,\nPay,2026-01-05,\nSeats,2026-01-06,\n")
    later = parsed("title,created,finished\nPay,2026-01-05,2026-01-09\nPay,2026-01-05,\nSeats,2026-01-06,\n")
    keys = [issue.key for issue in first.issues]
    assert keys == [issue.key for issue in later.issues]
    assert len(set(keys)) == 3


def test_rejected_rows_name_row_column_value_and_reason_and_the_others_are_kept() -> None:
    imported = parsed("id,created,finished\n1,2026-01-05,\n2,2026-02-31,\n3,2026-01-06,soon\n")
    assert [issue.key for issue in imported.issues] == ["1"]
    assert imported.rejected == (
        RejectedRow(3, "created", "2026-02-31", "is not a date that can be read; write it as 2026-01-31"),
        RejectedRow(4, "finished", "soon", "is not a date that can be read; write it as 2026-01-31"),
    )
    assert imported.rows == 3


def test_percentages_called_done_are_no_finish_dates() -> None:
    used = parsed("id,created,done\n1,2026-01-05,40 %\n2,2026-01-05,100 %\n").used
    assert used is not None
    assert "resolved" not in used


def test_of_very_many_rejected_rows_the_first_are_listed_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.actions.files._LISTED", 20)
    ctx = empty_context()
    rows = "".join(f"A-{max(number, 30)},2026-01-0{1 + number % 9}\n" for number in range(40))
    result = import_file(ctx, f"id,created\n{rows}".encode(), "many.csv", profile_name="Team", query_name="All")
    assert (result.rows, result.kept, len(result.rejected), result.left_out) == (40, 10, 20, 30)
    assert [row.row for row in result.rejected] == list(range(2, 22))
    assert result.warnings[-1] == "The first 20 rows that were left out are listed; 10 more were left out as well."
    assert [each.rejected for each in imports_of(ctx.backend.get_project_data(result.ref))] == [30]


def test_a_footer_without_key_and_date_is_rejected() -> None:
    imported = parsed("id,title,created\n1,Pay,2026-01-05\n,Generated on Friday,\n")
    assert [(row.row, row.reason) for row in imported.rejected] == [(3, "has neither a key nor a date")]


def test_an_item_without_key_and_date_is_kept_as_any_undated_one_is() -> None:
    imported = parsed("title,status,created\nPay,Done,2026-01-05\nLog in,To Do,\nGenerated on Friday,,\n")
    assert [(issue.summary, issue.status) for issue in imported.issues] == [("Pay", "Done"), ("Log in", "To Do")]
    assert [row.row for row in imported.rejected] == [4]
    assert imported.guesses.undated == 1


def test_the_last_of_several_rows_with_one_key_is_kept_and_the_others_are_named() -> None:
    imported = parsed("id,created,finished\n1,2026-01-05,\n2,2026-01-05,\n1,2026-01-05,2026-01-09\n")
    assert [(issue.key, issue.category) for issue in imported.issues] == [("2", Category.TODO), ("1", Category.DONE)]
    assert [(row.row, row.value, row.reason) for row in imported.rejected] == [
        (2, "1", "stands again in row 4, which was kept")
    ]


def test_shifted_and_unclosed_rows_are_rejected_in_the_order_of_the_file() -> None:
    imported = parsed('id,title,created\n1,a,b,2026-01-05\n2,c,never\n3,d,2026-01-05\n4,"e,2026-01-05\n')
    assert [row.row for row in imported.rejected] == [2, 3, 5]
    assert "has 4 cells, the header 3" in imported.rejected[0].reason
    assert "never closed" in imported.rejected[2].reason
    assert imported.rows == 4


def test_an_estimate_that_is_no_number_costs_the_estimate_and_not_the_item() -> None:
    imported = parsed("id,created,status,points\n1,2026-01-05,To Do,3\n2,2026-01-05,To Do,M\n3,2026-01-05,To Do,-2\n")
    assert [issue.points for issue in imported.issues] == [3, None, None]
    assert imported.warnings == ("2 cells in points could not be read and were left empty; their rows were kept.",)


def test_items_finished_before_they_were_created_are_kept_and_counted() -> None:
    imported = parsed(
        "id,created,finished\n1,2026-01-05,2026-01-04\n2,2026-01-05 10:00,2026-01-05\n", zone="Europe/Berlin"
    )
    assert len(imported.issues) == 2
    assert imported.warnings == ("1 item finished before it was created. It was kept as it is.",)


def test_items_without_a_creation_date_are_kept_and_counted() -> None:
    imported = parsed("id,created,finished\n1,,2026-01-04\n2,2026-01-05,2026-01-06\n3,,2026-01-07\n")
    assert len(imported.issues) == 3
    assert imported.guesses.undated == 2
    assert sentences(imported.guesses, imported.recognised_as) == (
        "2 items have no creation date: taken as added when started or finished, else together with the oldest item. "
        "Add a column with the day on which each was created, and import again.",
    )


def test_a_mapping_names_columns_that_nobody_could_guess() -> None:
    imported = parsed(
        "Ref;Aufgenommen;Weg\n7;05.01.2026;09.01.2026\n", key="Ref", created="aufgenommen", finished="Weg"
    )
    assert imported.issues[0].key == "7"
    assert imported.issues[0].resolved == datetime(2026, 1, 9, tzinfo=UTC)


def test_a_mapping_can_leave_a_column_out() -> None:
    imported = parsed("id,created,finished\n1,2026-01-05,2026-01-09\n", finished=None)
    assert imported.issues[0].resolved is None


def test_a_mappings_time_zone_goes_before_the_profiles() -> None:
    backend = MemoryBackend()
    result = imported(backend, "id,created\n1,2026-01-05 00:30\n", mapping={"time_zone": "Europe/Berlin"})
    (issue,) = backend.list_issues(result.ref)
    assert issue.created == datetime(2026, 1, 4, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"created": "Nowhere"}, "Nowhere.*columns found are: id, created"),
        ({"colour": "id"}, "unknown field 'colour'"),
        ({"created": 3}, "must be a column's name"),
        ({"date_order": "ydm"}, "date_order"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(mapping: Mapping[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_file(b"id,created\n1,2026-01-05\n", mapping_of(mapping), ZoneInfo("UTC"), NOW)


def test_a_mapping_must_be_an_object() -> None:
    with pytest.raises(BadInput, match="JSON object"):
        ColumnMapping.from_json(["created"])


def test_names_of_columns_are_compared_without_case_units_and_custom_field() -> None:
    assert plain_name("Custom field (Story Points)") == plain_name("story_points") == plain_name("storyPoints")
    assert plain_name("Benutzerdefinierte Felder (Story Points)") == "story points"
    assert plain_name("Champ personnalisé (Story Points)") == plain_name("Campo personalizado (Story Points)")
    assert plain_name("Campo personalizado (Story Points)") == "story points"
    assert plain_name("Created At (UTC)") == "created at"


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "summary,status\nx,Done\n", "date\n2026-01-05\n", '[{"a": 1}]'])
def test_a_file_that_cannot_be_understood_says_what_was_found_and_what_is_needed(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"Needed: .*columns found are: .*say which is which"):
        parsed(text)


# -- weekly numbers -------------------------------------------------------------------------------------


def test_weekly_numbers_are_read_with_all_their_columns() -> None:
    imported = parsed(
        "date,completed_items,completed_points,created_items,created_points\n2026-01-05,3,8.5,2,5\n2026-01-12,2.0,,,\n"
    )
    assert (imported.kind, imported.recognised_as) == ("weeks", "CSV of weekly numbers")
    assert imported.weeks == (
        Week(date(2026, 1, 5), 3, 8.5, 2, 5, "csv_import"),
        Week(date(2026, 1, 12), 2, source="csv_import"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("date,no_items,no_points\n2025-03-03,4,13\n", Week(date(2025, 3, 3), 4, 13, source="csv_import")),
        ("date;completed_points\n03.03.2025;3,5\n", Week(date(2025, 3, 3), None, 3.5, source="csv_import")),
        ("Week,Throughput\n2025-W10,4\n", Week(date(2025, 3, 3), 4, source="csv_import")),
        ("Week ending,Done,Created\n2025-03-09,4,2\n", Week(date(2025, 3, 9), 4, None, 2, source="csv_import")),
        ('[{"date": "2025-03-03T00:00:00", "completed_items": 4}]', Week(date(2025, 3, 3), 4, source="csv_import")),
    ],
)
def test_weekly_numbers_are_known_by_their_old_and_usual_names(text: str, expected: Week) -> None:
    assert parsed(text).weeks == (expected,)


def test_weekly_rows_that_cannot_be_used_are_rejected_one_by_one() -> None:
    imported = parsed(
        "date,completed_items,completed_points\n2026-01-05,3,1\n,3,1\n2026-01-12,x,1\n2026-01-19,-1,1\n"
        "2026-01-26,1.5,1\n2026-02-02,,\n"
    )
    assert len(imported.weeks) == 1
    assert [(row.row, row.column, row.value, row.reason) for row in imported.rejected] == [
        (3, "date", "", "is empty"),
        (4, "completed_items", "x", "is not a number"),
        (5, "completed_items", "-1", "is below zero"),
        (6, "completed_items", "1.5", "is not a whole number; items are counted one by one"),
        (7, "completed_items", "", "has no number in any column"),
    ]


def test_the_kind_can_be_said_where_the_columns_would_mean_something_else() -> None:
    text = "id,date,created,done\n1,2026-01-05,2,3\n"
    assert parsed(text, kind="weeks").weeks == (Week(date(2026, 1, 5), 3, None, 2, source="csv_import"),)
    with pytest.raises(BadInput, match="issues or weeks"):
        parsed(text, kind="months")


# -- into the store -------------------------------------------------------------------------------------


def test_a_first_import_makes_profile_and_query_and_switches_to_it() -> None:
    backend = MemoryBackend()
    result = imported(backend, JIRA, "exports/AB tickets.csv")
    profile = backend.get_profile(result.ref.profile_id)
    query = backend.get_query(result.ref)
    assert profile is not None
    assert query is not None
    assert (profile.name, query.name) == ("My project", "AB tickets")
    assert profile.forecast_settings["time_zone"] == "UTC"
    assert (len(profile.id), len(query.id)) == (14, 14)
    assert backend.active_query() == result.ref
    assert [issue.key for issue in backend.list_issues(result.ref)] == ["AB-1", "AB-2"]
    facts = backend.get_project_data(result.ref)
    assert facts is not None
    assert facts.data["metadata"]["source"] == "csv_import"
    assert facts.data["metadata"]["file"] == "AB tickets.csv"


def test_the_document_has_the_keys_of_the_command_line() -> None:
    document = imported(MemoryBackend(), "id,created\n1,2026-01-05\n2,never\n").to_json()
    json.dumps(document)
    assert (document["kind"], document["rows"], document["kept"]) == ("issues", 2, 1)
    assert document["rejected"] == [
        {"row": 3, "column": "created", "value": "never",
         "reason": "is not a date that can be read; write it as 2026-01-31"}
    ]  # fmt: skip
    assert document["profile_id"].startswith("p_")
    assert document["query_id"].startswith("q_")


def test_the_next_export_updates_and_duplicates_nothing() -> None:
    backend = MemoryBackend()
    first = imported(backend, "id,created,finished\n1,2026-01-05,\n2,2026-01-06,\n")
    second = imported(backend, "id,created,finished\n1,2026-01-05,2026-01-09\n3,2026-01-10,\n")
    assert first.ref == second.ref
    categories = {issue.key: issue.category for issue in backend.list_issues(first.ref)}
    assert categories == {"1": Category.DONE, "2": Category.TODO, "3": Category.TODO}


def test_names_choose_profile_and_query_whatever_their_case() -> None:
    backend = MemoryBackend()
    outcome = imported(backend, JIRA, profile_name="Shop", query_name="All")
    again = imported(backend, JIRA, profile_name="shop", query_name="ALL")
    other = imported(backend, JIRA, query_name="Next")
    assert again.ref == outcome.ref
    assert other.ref.profile_id == outcome.ref.profile_id
    assert other.ref != outcome.ref


def test_dates_without_a_zone_are_in_the_profiles_zone() -> None:
    backend = MemoryBackend()
    first = imported(backend, JIRA)
    profile = backend.get_profile(first.ref.profile_id)
    assert profile is not None
    backend.save_profile(replace(profile, forecast_settings={"time_zone": "Europe/Berlin"}))
    second = imported(backend, "id,created\n1,2026-01-05 00:30\n", query_name="B")
    assert backend.list_issues(second.ref)[0].created == datetime(2026, 1, 4, 23, 30, tzinfo=UTC)


def test_histories_and_dated_sprints_that_a_sync_brought_survive_a_file() -> None:
    backend = MemoryBackend()
    ref = imported(backend, JIRA).ref
    change = Change("AB-1", datetime(2015, 4, 25, tzinfo=UTC), "status", "Open", "Closed")
    dated = Sprint("Sprint 1", start=datetime(2015, 4, 20, tzinfo=UTC))
    backend.upsert_issues(ref, [backend.list_issues(ref)[0]], [change])
    backend.save_sprints(ref, [dated])
    imported(backend, JIRA)
    assert backend.list_changes(ref) == [change]
    assert backend.list_sprints(ref) == [dated, Sprint("Sprint 2")]


def test_weeks_are_merged_by_their_day() -> None:
    backend = MemoryBackend()
    ref = imported(backend, "date,completed_items\n2026-01-05,3\n2026-01-12,4\n").ref
    imported(backend, "date,completed_items\n2026-01-12,5\n2026-01-19,6\n")
    assert [(week.day, week.completed_items) for week in backend.list_weeks(ref)] == [
        (date(2026, 1, 5), 3),
        (date(2026, 1, 12), 5),
        (date(2026, 1, 19), 6),
    ]


def _numbers(backend: MemoryBackend, ref: QueryRef) -> list[tuple[int, int | None, float | None]]:
    return [(week.day.day, week.completed_items, week.completed_points) for week in backend.list_weeks(ref) if week.day]


def test_a_file_of_weeks_without_a_unit_leaves_what_is_known_in_it() -> None:
    backend = MemoryBackend()
    ref = imported(backend, "Week,Done,Points\n2026-01-05,3,9\n2026-01-12,4,12\n2026-01-19,5,15\n").ref
    imported(backend, "Week,Done\n2026-01-12,6\n2026-01-19,5\n2026-01-26,2\n")
    assert _numbers(backend, ref) == [(5, 3, 9), (12, 6, 12), (19, 5, 15), (26, 2, None)]
    imported(backend, "Week,Points\n2026-01-19,8\n2026-01-26,7\n")
    assert _numbers(backend, ref) == [(5, 3, 9), (12, 6, 12), (19, 5, 8), (26, 2, 7)]
    # A cell that is empty in a column that is there says that nobody knows any more.
    imported(backend, "Week,Done,Points\n2026-01-12,6,\n2026-01-19,5,15\n")
    assert _numbers(backend, ref) == [(5, 3, 9), (12, 6, None), (19, 5, 15), (26, 2, 7)]


def test_another_day_of_the_same_week_counts_once_in_a_unit_and_is_lost_in_none() -> None:
    backend = MemoryBackend()
    ref = imported(backend, "Week,Done,Points\n2026-01-05,3,9\n2026-01-12,4,12\n").ref
    imported(backend, "Week ending,Done\n2026-01-11,5\n2026-01-18,6\n")
    assert _numbers(backend, ref) == [(5, None, 9), (11, 5, None), (12, None, 12), (18, 6, None)]


weeks = st.lists(st.builds(Week, st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9)), st.integers(0, 9)))


@given(weeks, weeks)
def test_merging_keeps_every_new_row_and_every_old_one_of_other_days(present: list[Week], new: list[Week]) -> None:
    new = [week for week in new if week.day is not None]
    merged = merged_weeks(present, new)
    days = {week.day for week in new}
    kept = [week for week in present if week.day not in days]
    assert Counter(map(repr, merged)) == Counter(map(repr, [*kept, *new]))
    assert merged_weeks(merged, new) == merged


class _Refuses:
    """Progress of a user who cancels once `at` is reached."""

    def __init__(self, at: int) -> None:
        self.at = at

    def step(self, done: int, total: int, text: str = "") -> None:
        if done == self.at:
            raise Cancelled("Cancelled.")


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("a,b\n1,2\n", {}),
        ("id,created\n", {}),
        ("id,created\n1,never\n", {}),
        ("id,created\n1,03/04/2025\n", {}),
        (JIRA, {"query_name": "  "}),
        (JIRA, {"profile_name": "x" * 201}),
        (JIRA, {"mapping": {"created": "Nowhere"}}),
        (JIRA, {"progress": _Refuses(30)}),
        (JIRA, {"progress": _Refuses(95)}),
    ],
)
def test_what_cannot_be_imported_changes_nothing(text: str, options: dict[str, Any]) -> None:
    backend = MemoryBackend()
    with pytest.raises(AppError) as refused:
        imported(backend, text, **options)
    assert str(refused.value)
    assert backend.list_profiles() == []
    assert backend.active_query() is None


@pytest.mark.parametrize("step", [98, 100])
def test_a_stop_that_comes_when_everything_is_saved_ends_as_imported_and_says_so(step: int, tmp_path: Path) -> None:
    opened = open_store(tmp_path, mode="write")
    ctx = Context(opened.backend, Jobs(opened.backend), tmp_path, lambda: NOW)
    result = import_file(ctx, JIRA.encode(), "jira.csv", progress=_Refuses(step))
    assert result.warnings[-1] == "It was too late to stop: everything was saved already."
    assert len(opened.backend.list_issues(result.ref)) == result.kept > 0
    opened.backend.close()


def test_a_stop_while_saving_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    opened = open_store(tmp_path, mode="write")
    ctx = Context(opened.backend, Jobs(opened.backend), tmp_path, lambda: NOW)
    with pytest.raises(Cancelled):
        import_file(ctx, JIRA.encode(), "jira.csv", progress=_Refuses(95))
    assert opened.backend.list_profiles() == []
    opened.backend.close()


def test_a_file_of_rejected_rows_only_quotes_the_first() -> None:
    with pytest.raises(BadInput, match=r"None of the 2 rows could be used\. Row 2, created: 'soon' is not a date"):
        imported(MemoryBackend(), "id,created\n1,soon\n2,later\n")


def test_the_snapshot_is_asked_for_before_anything_is_written_and_only_for_a_usable_file() -> None:
    backend = MemoryBackend()
    seen: list[int] = []
    before = lambda: seen.append(len(backend.list_profiles()))  # noqa: E731
    with pytest.raises(AppError):
        imported(backend, "a,b\n1,2\n", before=before)
    imported(backend, JIRA, before=before)
    assert seen == [0]


def test_importing_a_file_also_records_the_forecast_of_the_day(tmp_path: Path) -> None:
    recorded: list[QueryRef] = []

    class Recording(Context):
        def record(self, ref: QueryRef, facts: QueryFacts | None = None, at: datetime | None = None) -> str:
            recorded.append(ref)
            return ""

    backend = MemoryBackend()
    ctx = Recording(backend, None, tmp_path, clock=lambda: NOW)  # type: ignore[arg-type]
    result = import_file(ctx, JIRA.encode(), "ab.csv")
    assert recorded == [result.ref]


def test_the_computers_zone_has_a_name_that_can_be_used() -> None:
    assert ZoneInfo(local_zone_name()).key


# -- anything at all ------------------------------------------------------------------------------------


def outcome(data: bytes) -> None:
    backend = MemoryBackend()
    try:
        result = import_bytes(backend, data, "x.csv", now=NOW, zone_name=lambda: "UTC")
    except AppError:
        assert backend.list_profiles() == []
        return
    assert result.kept + len(result.rejected) == result.rows
    assert backend.counts().issues + backend.counts().statistics == result.kept > 0


@given(st.binary(max_size=600))
def test_any_bytes_are_imported_or_refused_in_plain_words(data: bytes) -> None:
    outcome(data)


_names = st.sampled_from(["id", "Issue key", "created", "finished", "points", "Sprint", "date", "completed_items", "x"])
_values = st.one_of(
    st.sampled_from(["", "1", "A-1", "2026-01-05", "05/06/2025", "24/Apr/15 12:04 PM", "3,5", '"', "\n", "x,y", "'"]),
    st.text(max_size=6),
)


@pytest.mark.slow
@settings(max_examples=examples(300))
@given(st.lists(_names, min_size=1, max_size=6), st.lists(st.lists(_values, max_size=7), max_size=8), st.randoms())
def test_any_table_is_imported_or_refused_in_plain_words(header: list[str], rows: list[list[str]], chance: Any) -> None:
    delimiter = chance.choice(",;\t|")
    encoding = chance.choice(["utf-8", "utf-8-sig", "utf-16"])
    lines = [delimiter.join(row) for row in [header, *rows]]
    outcome("\n".join(lines).encode(encoding, "replace"))


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | st.just("2026-01-05"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(_names, _json, max_size=5), max_size=5))
def test_any_json_is_imported_or_refused_in_plain_words(document: list[Any]) -> None:
    outcome(json.dumps(document).encode())


# -- real data ------------------------------------------------------------------------------------------


def real(name: str) -> Imported:
    data = (REAL / name).read_bytes()
    return read_file(gzip.decompress(data) if name.endswith(".gz") else data, ColumnMapping(), ZoneInfo("UTC"), NOW)


@needs_real_data
def test_every_row_of_the_alloy_export_is_read_with_its_dates() -> None:
    imported = real("ALOY-jira-export.csv")
    assert (imported.rows, len(imported.issues), imported.rejected) == (1499, 1499, ())
    known = [issue for issue in imported.issues if issue.created and issue.created < datetime(2014, 1, 6, tzinfo=UTC)]
    done = [issue for issue in known if issue.resolved and issue.resolved < datetime(2014, 1, 6, tzinfo=UTC)]
    assert (len(known), len(done)) == (865, 675)
    monday = datetime(2013, 10, 14, tzinfo=UTC)
    per_week = Counter((issue.resolved - monday) // timedelta(weeks=1) for issue in done if issue.resolved)
    assert [per_week[week] for week in range(12)] == [3, 4, 8, 9, 3, 3, 0, 5, 1, 3, 1, 1]


@pytest.mark.slow
@needs_real_data
def test_every_row_of_the_titanium_export_is_read_with_its_dates() -> None:
    imported = real("TIMOB-jira-export.csv.gz")
    assert (imported.rows, len(imported.issues), imported.rejected) == (22371, 22371, ())
    created = Counter(issue.created.year for issue in imported.issues if issue.created)
    resolved = Counter(issue.resolved.year for issue in imported.issues if issue.resolved)
    assert {year: (created[year], resolved[year]) for year in (2011, 2014, 2017, 2020)} == {
        2011: (6165, 3954),
        2014: (1898, 1460),
        2017: (1245, 2595),
        2020: (453, 652),
    }


@needs_real_data
def test_every_task_of_the_company_project_is_kept_also_those_finished_before_created() -> None:
    imported = real("scrum-tasks.csv")
    assert (imported.rows, len(imported.issues), imported.rejected) == (2427, 2427, ())
    assert imported.warnings


@pytest.mark.parametrize("again", [False, True])
def test_the_recorded_forecast_is_that_of_the_stored_facts(again: bool) -> None:
    rows = [f"{n},2025-12-01,{date(2025, 12, 2) + timedelta(days=n) if n < 90 else ''}" for n in range(120)]
    data = ("id,created,finished\n" + "\n".join(rows)).encode()
    ctx = Context(backend := MemoryBackend(), Jobs(backend), Path("unused"), lambda: NOW)
    result = import_file(ctx, data, "a.csv")
    if again:
        backend.upsert_issues(result.ref, [Issue(key="beside", created=NOW)])
        import_file(ctx, data, "a.csv")
    fresh = Context(backend, Jobs(backend), Path("unused"), lambda: NOW)
    assert ctx.analysis(result.ref).facts == backend.load_facts(result.ref)
    (outcome,) = backend.list_forecasts(result.ref)
    forecast = fresh.analysis(result.ref).forecast
    assert isinstance(forecast, Forecast)
    assert (outcome.remaining, outcome.weeks) == (forecast.remaining, forecast.weeks)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A list without a key that was known, and the same one with a key that is.
        ("Title,Created,Finished\n{}", "Title,Created,Finished,Key\n{}"),
        # A number that was the key, beside a key by its form.
        ("ID,Title,Created,Finished\n{}", "ID,Title,Created,Finished,Jira key\n{}"),
    ],
)
def test_items_with_a_further_key_do_not_come_twice(before: str, after: str) -> None:
    """A version that knows more names of keys would count all of them twice at the next import."""
    ctx = empty_context()
    starts = [f"Item {number},2026-03-0{1 + number % 9},2026-03-2{number % 9}" for number in range(12)]
    numbered = [f"{100 + at},{row}" for at, row in enumerate(starts)] if before.startswith("ID") else starts
    first = import_file(ctx, before.format("\n".join(numbered)).encode(), "l.csv", query_name="L")
    keys = {issue.key for issue in ctx.backend.list_issues(first.ref)}
    again = "\n".join(f"{row},AB-{at}" for at, row in enumerate(numbered))
    second = import_file(ctx, after.format(again).encode(), "l.csv", query_name="L")
    assert second.ref == first.ref
    own = {f"AB-{at}" for at in range(12)} if "Jira key" not in after else keys
    assert {issue.key for issue in ctx.backend.list_issues(first.ref)} == own
    # A list that knows nothing yet takes the keys.
    other = import_file(ctx, after.format(again).encode(), "l.csv", query_name="Other")
    assert {issue.key for issue in ctx.backend.list_issues(other.ref)} == {f"AB-{at}" for at in range(12)}


def test_a_list_that_knows_the_files_own_keys_is_asked_for_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each further import of the same asks once, however many other keys its items could have."""
    ctx, sets = empty_context(), list[Collection[str] | None]()
    content = b"ID,Title,Created,Ticket\n" + b"".join(b"%d,Item,2026-03-01,AB-%d\n" % (at, at) for at in range(12))
    import_file(ctx, content, "l.csv", query_name="L")
    all_issues = ctx.backend.list_issues

    def listed(ref: QueryRef, keys: Collection[str] | None = None) -> list[Issue]:
        sets.append(keys)
        return all_issues(ref, keys)

    monkeypatch.setattr(ctx.backend, "list_issues", listed)
    import_file(ctx, content, "l.csv", query_name="L")
    assert [sorted(keys) for keys in sets if keys is not None] == [sorted(str(at) for at in range(12))]
