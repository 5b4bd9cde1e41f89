"""Weekly numbers and running totals: the same work in both is the same work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import UnreadableFile
from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.results import Imported

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FIRST = date(2026, 3, 1)


def read(text: str, **mapping: Any) -> Imported:
    return read_file(text.encode(), mapping_of(mapping or None), ZoneInfo("UTC"), NOW)


def column(name: str, values: list[int], *others: tuple[str, list[int]]) -> str:
    heads = ["Date", name, *(other for other, _ in others)]
    rows = zip(values, *(amounts for _, amounts in others), strict=True)
    lines = [f"{FIRST + timedelta(days=7 * n)},{','.join(map(str, row))}" for n, row in enumerate(rows)]
    return "\n".join([",".join(heads), *lines, ""])


def done(imported: Imported) -> list[int | None]:
    return [week.completed_items for week in imported.weeks]


def test_a_burnup_is_what_was_done_from_week_to_week() -> None:
    imported = read(column("Completed", [2, 5, 5, 9], ("Scope", [20, 20, 24, 24])))
    assert done(imported) == [2, 3, 0, 4]
    assert "running totals" in imported.warnings[0]


def test_a_cumulative_flow_with_a_row_a_day_counts_each_finish_once() -> None:
    totals = [0, 0, 2, 2, 3, 3, 3, 5, 6, 6, 6, 9]
    imported = read(column("Done", totals, ("In Progress", [1] * 12), ("Backlog", [30] * 12)))
    assert sum(count or 0 for count in done(imported)) == 9


def test_weeks_that_begin_on_a_weekend_count_from_the_monday_after_on() -> None:
    text = "Week of,Completed\n4/5/2026,6\n4/12/2026,3\n4/19/2026,0\n"
    imported = read(text)
    assert [str(week.day) for week in imported.weeks] == ["2026-04-06", "2026-04-13", "2026-04-20"]
    assert imported.warnings[0].startswith("The weeks of the file begin on a weekend")
    ending = read(text.replace("Week of", "Week ending"))
    assert [str(week.day) for week in ending.weeks] == ["2026-04-05", "2026-04-12", "2026-04-19"]
    assert ending.warnings == ()


def test_weeks_that_lie_ahead_are_told_but_the_running_one_may_carry_its_last_day() -> None:
    last, ahead = NOW.date() + timedelta(days=6), NOW.date() + timedelta(days=7)
    imported = read(f"Week ending,Done\n{last - timedelta(days=7)},2\n{last},3\n{ahead},5\n")
    assert done(imported) == [2, 3, 5]
    assert imported.warnings[0].startswith(f"1 row lies ahead ({ahead}): its numbers can only be planned")
    assert read(f"Week ending,Done\n{last - timedelta(days=7)},2\n{last},3\n").warnings == ()


@pytest.mark.parametrize("days", [("2026-04-05", "2026-04-12"), ("2026-04-04", "2026-04-11")])
def test_weeks_named_by_a_day_of_the_weekend_are_said(days: tuple[str, str]) -> None:
    text = f"Week,Done\n{days[0]},3\n{days[1]},4\n"
    assert "All days in Week lie on a weekend" in read(text).warnings[0]
    assert read(text.replace("Week", "Week ending")).warnings == ()
    assert read(text.replace("Week", "Date")).warnings == ()
    assert read(text.replace(days[1], "2026-04-08")).warnings == ()


def test_what_was_there_before_the_first_row_is_no_weeks_work() -> None:
    assert done(read(column("Completed total", [140, 143, 145, 149]))) == [3, 2, 4]


def test_a_total_that_falls_when_an_item_is_reopened_owes_it_to_the_next_week() -> None:
    climbing = [5 * n for n in range(1, 13)]
    climbing[6] -= 6
    assert done(read(column("Completed", climbing)))[5:9] == [5, 0, 10, 5]


def test_a_few_numbers_that_never_fall_are_asked_about() -> None:
    text = column("Completed", [2, 3, 3, 6, 7])
    with pytest.raises(UnreadableFile, match=r"never fall \(2, 3, 3, 6, 7\)"):
        read(text)
    assert done(read(text, totals=False)) == [2, 3, 3, 6, 7]
    assert done(read(text, totals=True)) == [2, 1, 0, 3, 1]


@pytest.mark.parametrize("values", [[3, 3, 3, 3, 3], [1, 2, 3], [4, 6, 5, 7, 9], [0, 0, 0, 0]])
def test_weekly_numbers_stay_what_they_are(values: list[int]) -> None:
    imported = read(column("Completed", values))
    assert (done(imported), imported.warnings) == (values, ())


def test_only_the_columns_that_climb_are_differenced() -> None:
    imported = read(column("Completed", [4, 7, 9, 15], ("Scope", [40] * 4), ("Created", [3, 1, 2, 0])))
    assert [week.created_items for week in imported.weeks] == [3, 1, 2, 0]
    assert done(imported) == [4, 3, 2, 6]


@given(st.lists(st.integers(0, 50), min_size=10, max_size=30).filter(lambda values: sum(values[1:]) > 0))
def test_totals_of_any_weeks_give_these_weeks_back(weeks: list[int]) -> None:
    totals = [sum(weeks[: place + 1]) for place in range(len(weeks))]
    imported = read(column("Completed", totals))
    # What the first row says may have been there before.
    assert done(imported)[-len(weeks) + 1 :] == weeks[1:]


@pytest.mark.parametrize("column_name", ["KW", "Week", "Woche", "Kalenderwoche"])
@pytest.mark.parametrize(
    "week", ["KW 6/2026", "KW06 2026", "2026 KW 6", "Week 6, 2026", "06/2026", "2026-W06", "2026/06"]
)
def test_a_week_is_one_in_whatever_way_it_is_numbered(column_name: str, week: str) -> None:
    result = read(f"{column_name};Erledigte Aufgaben\n{week};3\n")
    assert [(week_row.day, week_row.completed_items) for week_row in result.weeks] == [(date(2026, 2, 2), 3)]


def test_a_month_is_no_week_and_no_week_is_the_sixtieth() -> None:
    result = read("Date;Done\n06/2026;3\nKW 60/2026;3\nKW 6/2026;3\n")
    assert [row.value for row in result.rejected] == ["06/2026", "KW 60/2026"]


# -- totals from which something was taken back ---------------------------------------------------------

FLOW = [3, 11, 13, 18, 25, 26, 26, 33, 37, 45, 48, 51, 45, 53, 61, 68, 74, 76, 79, 81]
OPEN = ("To Do", [45] * 20), ("In Progress", [4] * 20)


def test_a_cumulative_flow_is_one_though_items_were_reopened() -> None:
    imported = read(column("Done", FLOW, *OPEN))
    assert sum(count or 0 for count in done(imported)) == 81
    assert done(imported)[11:15] == [3, 0, 2, 8]
    assert "running totals" in imported.warnings[0]


@pytest.mark.parametrize("name", ["Total done", "Done so far", "Cumulative done"])
def test_a_name_that_says_total_is_believed_though_they_fall(name: str) -> None:
    imported = read(column("Completed", FLOW).replace("Completed", name), completed_items=name)
    assert sum(count or 0 for count in done(imported)) == 81


@pytest.mark.parametrize("weeks", [[3, 5, 4, 6, 5, 8, 7, 9], [2, 3, 5, 4, 6, 9, 7, 11, 12, 10, 13, 14]])
def test_a_total_that_falls_as_weekly_numbers_do_is_asked_about(weeks: list[int]) -> None:
    with pytest.raises(UnreadableFile, match="Say which it is"):
        read(column("Total done", weeks))
    assert done(read(column("Total done", weeks), totals=False)) == weeks


@pytest.mark.parametrize(
    ("name", "weeks", "others"),
    [
        ("Remaining", [2, 4, 6, 5, 8, 9], [60, 56, 50, 45, 37, 28]),
        ("Left at start", [2, 3, 3, 4, 4], [40, 38, 35, 32, 28]),
        ("Rest", [1, 2, 2, 3, 3, 4, 4, 5, 5, 6], [50, 48, 46, 43, 40, 36, 32, 27, 22, 16]),
        ("Total", [2, 3, 4, 4, 5], [2, 5, 9, 13, 18]),
    ],
)
def test_numbers_by_which_what_is_left_falls_or_a_sum_grows_are_those_of_weeks(
    name: str, weeks: list[int], others: list[int]
) -> None:
    imported = read(column("Done", weeks, (name, others)))
    assert (done(imported), imported.warnings) == (weeks, ())


@pytest.mark.parametrize(
    ("name", "others"),
    [("Planned", [6, 6, 6, 6, 8, 10]), ("Open bugs", [3, 6, 9, 6, 8, 10]), ("Scope", [40, 40, 41, 42, 42, 43])],
)
def test_a_few_numbers_that_fall_beside_an_amount_are_asked_about(name: str, others: list[int]) -> None:
    text = column("Done", [2, 4, 6, 5, 8, 9], (name, others))
    with pytest.raises(UnreadableFile, match="Say which it is"):
        read(text)
    assert done(read(text, totals=False)) == [2, 4, 6, 5, 8, 9]


@pytest.mark.parametrize("fall", [3, 6, 12])
def test_totals_that_fall_are_asked_about_where_nothing_else_says_so(fall: int) -> None:
    text = column("Completed", [*FLOW[:12], *(total - fall for total in FLOW[12:])])
    with pytest.raises(UnreadableFile, match="rise and seldom fall"):
        read(text)
    assert sum(count or 0 for count in done(read(text, totals=True))) == 81 - fall
    assert done(read(text, totals=False)) == [*FLOW[:12], *(total - fall for total in FLOW[12:])]


def test_what_the_user_calls_totals_is_differenced_however_often_it_falls() -> None:
    assert done(read(column("Completed", [5, 2, 9, 4, 6]), totals=True)) == [5, 0, 4, 0, 0]


@pytest.mark.parametrize(
    "weeks",
    [[5, 3, 6, 4, 7, 5, 6, 4, 8, 5, 6, 7], [2, 4, 3, 5, 4, 6, 5, 8, 6, 9, 7, 10], [0, 3, 1, 4, 2, 5, 4, 3, 6, 5, 7, 6]],
)
def test_weekly_numbers_that_grow_are_none(weeks: list[int]) -> None:
    assert done(read(column("Completed", weeks))) == weeks


def test_numbers_beside_stages_that_fall_half_as_much_as_they_rise_are_asked_about() -> None:
    stages = ("To Do", [30] * 12), ("In Progress", [4] * 12)
    with pytest.raises(UnreadableFile, match="rise and seldom fall"):
        read(column("Completed", [2, 4, 3, 5, 4, 6, 5, 8, 6, 9, 7, 10], *stages))
    weeks = [5, 3, 6, 4, 7, 5, 6, 4, 8, 5, 6, 7]
    assert done(read(column("Completed", weeks, *stages))) == weeks


def test_rows_of_one_day_add_up_and_that_is_told() -> None:
    twice = read("Week,Completed\n2026-03-02,4\n2026-03-02,3\n2026-03-09,5\n2026-03-16,2\n")
    assert done(twice) == [4, 3, 5, 2]
    assert [str(each) for each in twice.warnings if "several rows" in str(each)]
    assert not read("Week,Completed\n2026-03-02,4\n2026-03-09,5\n2026-03-16,2\n").warnings


def test_the_first_total_of_a_cumulative_flow_was_there_before() -> None:
    stages = (("To Do", [59, 52, 45, 38]), ("In Progress", [6, 5, 6, 5]))
    flow = read(column("Done", [11, 18, 25, 32], *stages))
    assert done(flow) == [7, 7, 7]
    assert any("The first total, 11, was there before" in warning for warning in flow.warnings)
    # Without stages beside it, it may be what the first week brought.
    burnup = read(column("Completed", [11, 18, 25, 32], ("Scope", [70, 70, 70, 70])))
    assert done(burnup) == [11, 7, 7, 7]
    assert any("The first total, 11, counts in its own week" in warning for warning in burnup.warnings)


@pytest.mark.parametrize(
    ("name", "field"), [("Completed points", "completed_points"), ("Completed", "completed_items")]
)
def test_a_row_for_each_sprint_is_what_it_brought(name: str, field: str) -> None:
    result = read(f"End date,{name}\n2026-04-05,18\n2026-04-19,17\n2026-05-03,20\n")
    assert [getattr(week, field) for week in result.weeks] == [18, 17, 20]
    assert any("taken for a sprint" in warning for warning in result.warnings)


def test_a_log_of_finished_tasks_counts_each_of_them() -> None:
    result = read("Date,Task,Points\n2026-04-06,Door,3\n2026-04-07,Roof,5\n2026-04-13,Wall,2\n")
    assert [(week.completed_items, week.completed_points) for week in result.weeks] == [(1, 3), (1, 5), (1, 2)]
    assert "Each row names another one in Task" in result.warnings[0]


def test_rows_of_sprints_and_teams_are_no_log() -> None:
    for names in (("Sprint 1", "Sprint 2"), ("North", "North")):
        first, second = names
        result = read(f"Date,Name,Points\n2026-04-06,{first},3\n2026-04-13,{second},5\n")
        assert done(result) == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        "Feature,End date,Points\nDoor,2026-04-05,3\nRoof,2026-04-19,5\n",
        "Bezeichnung;Enddatum;Punkte\nTür;05.04.2026;3\nDach;19.04.2026;5\n",
        "Owner,End date,Done points\nAda,2026-04-05,3\nBob,2026-04-19,5\n",
        "End date,Points\n2026-04-05,3\n2026-04-19,5\n",
    ],
)
def test_a_list_of_items_with_the_days_of_their_ends_is_no_table_of_sprints(text: str) -> None:
    assert len(read(text).issues) == 2


@pytest.mark.parametrize(
    ("items", "points"),
    [
        ("Stories completed", "Points completed"),
        ("Tickets closed", "Story points closed"),
        ("Done", "SP"),
        ("Erledigte Tickets", "Erledigte Story Points"),
        ("Tickets terminés", "Points terminés"),
    ],
)
def test_items_and_points_of_the_weeks_are_both_read(items: str, points: str) -> None:
    weeks = read(column(items, [6, 4, 7, 5], (points, [18, 11, 21, 14]), ("Bugs fixed", [2, 0, 1, 3]))).weeks
    assert [(week.completed_items, week.completed_points) for week in weeks] == [(6, 18), (4, 11), (7, 21), (5, 14)]


def test_a_column_of_all_that_was_done_goes_before_one_of_its_kinds() -> None:
    assert done(read(column("Stories done", [2, 1, 3, 2], ("Done", [5, 4, 6, 3])))) == [5, 4, 6, 3]


@pytest.mark.parametrize(
    "names",
    [
        "Week;Stories;SP", "Week;Tickets;Story Points", "Woche;Anzahl;Punkte", "Semaine;Terminées;Points",
        "Week;Number of stories;Sum of SP", "Week;# stories;# points", "Week;Throughput (items);Throughput (SP)",
        "Week;Delivered;Delivered points", "Week ending;Count;Points", "Week;Done;Done SP", "Week;Items;Velocity",
    ],
)  # fmt: skip
@pytest.mark.parametrize("planned", ["", "Planned points", "Number of people"])
def test_items_and_points_of_a_week_are_both_kept_whatever_they_are_called(names: str, planned: str) -> None:
    more = f";{planned}" if planned else ""
    lines = [f"{names}{more}", *(f"2026-03-0{day};{day};{2 * day}{';9' if more else ''}" for day in (2, 4, 6))]
    weeks = read("\n".join(lines)).weeks
    assert [(week.completed_items, week.completed_points) for week in weeks] == [(2, 4), (4, 8), (6, 12)]


def test_of_two_numbers_of_items_neither_is_guessed_and_both_are_named() -> None:
    text = "Week;Stories;Bugs;SP\n2026-03-02;3;1;8\n2026-03-09;2;2;5\n"
    result = read(text)
    assert [(week.completed_items, week.completed_points) for week in result.weeks] == [(None, 8), (None, 5)]
    assert any("Stories, Bugs" in warning for warning in result.warnings)


def test_numbers_of_tickets_are_no_count_of_them() -> None:
    text = "Date;Ticket;Points\n2026-03-02;301;8\n2026-03-09;302;5\n"
    weeks = read(text).weeks
    assert [week.completed_items for week in weeks] == [None, None]
