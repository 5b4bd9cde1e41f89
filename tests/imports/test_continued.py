"""Files that go on where an earlier one ended: running totals, logs of what was finished, a list that has got keys."""

from __future__ import annotations

from datetime import date

from app.actions.files import ImportResult
from store.records import Category
from tests.imports.test_same_items import HEADER, ROOF, WALL, WALL_DONE, ends, imported
from tests.memory_backend import MemoryBackend


def weekly(backend: MemoryBackend, result: ImportResult) -> dict[date, int]:
    numbers: dict[date, int] = {}
    for week in backend.list_weeks(result.ref):
        assert week.day is not None
        numbers[week.day] = numbers.get(week.day, 0) + (week.completed_items or 0)
    return numbers


TOTALS = "Week,Total done\n2026-08-31,2\n2026-09-07,5\n2026-09-14,9\n2026-09-21,12\n"


def test_running_totals_go_on_from_those_of_an_earlier_file() -> None:
    later = "Week,Total done\n2026-09-28,15\n2026-10-05,19\n2026-10-12,24\n2026-10-19,26\n"
    backend, result = imported(TOTALS, later)
    assert list(weekly(backend, result).values()) == [2, 3, 4, 3, 3, 4, 5, 2]
    expected = "The first total, 15, goes on from what is known of the weeks before: 3 count in its own week."
    assert expected in result.warnings
    assert not [each for each in result.warnings if "counts in no week" in each or "counts in its own week" in each]


def test_running_totals_that_begin_anew_or_far_above_do_not_go_on() -> None:
    for first, sentence in (("1,4,8,12", "counts in its own week"), ("300,304,309,311", "counts in no week")):
        rows = zip(("2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19"), first.split(","), strict=True)
        _, result = imported(TOTALS, "Week,Total done\n" + "".join(f"{day},{total}\n" for day, total in rows))
        assert [each for each in result.warnings if sentence in each]


def test_a_log_that_goes_on_on_its_last_day_keeps_the_tasks_of_that_day() -> None:
    first = "Date,Task,Points\n2026-09-01,Login,3\n2026-09-02,Logout,5\n2026-09-02,Reset,2\n"
    later = "Date,Task,Points\n2026-09-02,Mail,3\n2026-09-03,Push,1\n"
    backend, result = imported(first, later, later)
    assert weekly(backend, result) == {date(2026, 9, 1): 1, date(2026, 9, 2): 3, date(2026, 9, 3): 1}
    points = [week.completed_points for week in backend.list_weeks(result.ref)]
    assert sum(each or 0 for each in points) == 14


def test_a_log_that_is_imported_again_as_a_whole_takes_the_place_of_the_former() -> None:
    first = "Date,Task,Points\n2026-09-01,Login,3\n2026-09-01,Logout,5\n2026-09-02,Reset,2\n"
    backend, result = imported(first, first.replace("Login", "Sign in").replace("Reset", "Start anew"))
    assert weekly(backend, result) == {date(2026, 9, 1): 2, date(2026, 9, 2): 1}


def test_what_is_finished_time_and_again_under_one_title_counts_each_time() -> None:
    first = "Finished,Task\n2026-09-01,Login\n2026-09-02,Deploy\n"
    second = "Finished,Task\n2026-09-09,Deploy\n2026-09-10,Mail\n2026-09-12,Deploy\n"
    third = "Finished,Task\n2026-09-12,Deploy\n2026-09-16,Deploy\n"
    days = {1: ["09-01", "09-02"], 2: ["09-09", "09-10", "09-12"], 3: ["09-16"]}
    for files, number in (((first, second), 2), ((first, second, second), 2), ((first, second, third), 3)):
        backend, result = imported(*files)
        expected = sorted(day for part in range(1, number + 1) for day in days[part])
        assert sorted(day for _, day in ends(backend, result).values()) == expected


def test_a_finish_that_is_mended_in_the_whole_log_is_no_second_item() -> None:
    first = "Finished,Task\n2026-09-01,Login\n2026-09-02,Deploy\n"
    backend, result = imported(first, first.replace("09-02", "09-03"))
    assert sorted(day for _, day in ends(backend, result).values()) == ["09-01", "09-03"]


def test_a_list_that_has_got_keys_is_known_by_them_from_then_on() -> None:
    without = f"Title,Status,Created,Done\n{ROOF}{WALL}"
    keyed = f"{HEADER}A-1,{ROOF}A-2,{WALL_DONE}"
    backend, result = imported(without, keyed)
    assert ends(backend, result) == {"A-1": (Category.DONE, "09-20"), "A-2": (Category.DONE, "11-05")}
    assert (result.new, result.changed) == (0, 1)
    assert not [each for each in result.warnings if "known by their titles and" in each]
    backend, result = imported(without, keyed, keyed.replace("Wall", "Great wall"))
    assert sorted(ends(backend, result)) == ["A-1", "A-2"]


def test_twins_without_keys_get_the_keys_of_their_rows() -> None:
    rows = ("Roof,Open,2026-09-01,\n", "Roof,Done,2026-09-01,2026-09-20\n")
    without = "Title,Status,Created,Done\n" + "".join(rows)
    backend, result = imported(without, f"{HEADER}A-1,{rows[0]}A-2,{rows[1]}")
    assert ends(backend, result) == {"A-1": (Category.TODO, ""), "A-2": (Category.DONE, "09-20")}


def test_a_finish_that_is_known_is_not_said_to_be_lacking() -> None:
    rows = "A-1,Roof,Done,2026-09-01,2026-09-20\nA-2,Wall,Open,2026-09-02,\n"
    later = "Key,Title,Status,Created\nA-1,Roof,Done,2026-09-01\nA-2,Wall,Done,2026-09-02\n"
    _, result = imported(HEADER + rows, later)
    assert [each for each in result.warnings if "no finish date" in each] == [
        "1 item is done since the import before and has no finish date: the day of this import was taken. Add a column "
        "with the day on which each was finished, and import again."
    ]
