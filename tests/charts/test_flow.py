"""The charts of flow, by the values of their traces."""

from __future__ import annotations

from datetime import date, timedelta

from app.charts.flow import (
    ageing_figure,
    cumulative_figure,
    cycle_buckets,
    cycle_figure,
    histogram_figure,
    series_figure,
    status_figure,
)
from app.charts.style import WARM, ChartText
from app.domain.ageing import Age, PaceBand
from app.domain.cumulative_flow import FlowDay
from app.domain.cycle_time import Duration, durations
from app.domain.flow import Point
from app.domain.grouping import Portion
from app.domain.process_limits import Limits, Signal
from app.domain.time_in_status import StatusTime
from store.records import Category

DAY = date(2026, 3, 2)
TEXT = ChartText()


def age(key: str, status: str, days: int, band: int | None) -> Age:
    return Age(key, status, days, band, None, DAY, days, None)


def took(days: list[int]) -> list[Duration]:
    return [Duration(f"A-{at}", DAY, DAY + timedelta(days=at), each, each, each) for at, each in enumerate(days)]


def test_an_item_is_a_dot_in_the_column_of_its_status_as_high_as_it_is_old() -> None:
    bands = [PaceBand("Build", 9, {50: 2, 70: 4, 85: 7, 95: 9})]
    ages = [age("A-1", "Build", 8, 85), age("A-2", "Test", 3, None)]
    figure = ageing_figure(ages, bands, ["Build", "Test"], TEXT)
    dots, warm = figure["data"][-2:]
    assert (dots["x"], dots["y"]) == ([0, 1], [8, 3])
    assert warm["name"] == "older than 85 % of the finished ones"
    assert [each[0] for each in dots["customdata"]] == ["item:A-1", "item:A-2"]
    assert dots["marker"]["color"][0] == WARM
    # The shades are stacked: 2, then 2 more up to 4, 3 up to 7, 2 up to 9.
    assert [bar["y"] for bar in figure["data"][:-2]] == [[2], [2], [3], [2]]


def test_items_of_one_age_and_status_stand_side_by_side() -> None:
    dots = ageing_figure([age(f"A-{at}", "Build", 5, 0) for at in range(3)], [], ["Build"], TEXT)["data"][-1]
    assert len(set(dots["x"])) == 3


def test_what_took_longer_than_the_edge_of_the_chart_is_marked_there_with_its_number() -> None:
    figure = cycle_figure(durations(took([2] * 99 + [400])), 10, TEXT)
    marks = figure["data"][-1]
    assert marks["customdata"] == [["item:A-99", "A-99", 400]]
    assert marks["y"][0] < 5
    assert figure["layout"]["yaxis"]["range"][1] < 5


def test_few_items_are_all_drawn_whole() -> None:
    figure = cycle_figure(durations(took([1, 2, 40])), None, TEXT)
    assert figure["layout"]["yaxis"]["range"][1] > 40
    assert [trace["name"] for trace in figure["data"][1:]] == [
        "50 % within 2 days",
        "85 % within 40 days",
        "95 % within 40 days",
    ]


def test_every_item_is_in_one_step_of_the_histogram() -> None:
    times = durations(took([1, 1, 2, 3, 5, 8, 13, 200]))
    buckets = cycle_buckets(times)
    assert sorted(key for _, _, keys in buckets for key in keys) == sorted(each.key for each in times.items)
    assert all(low <= high for low, high, _ in buckets)


def test_cumulative_flow_begins_with_nothing_finished_and_stacks_what_stands_where() -> None:
    days = [FlowDay(DAY, 5, 2, 10), FlowDay(DAY + timedelta(days=1), 4, 2, 11)]
    done, working, todo = cumulative_figure(days, False, True, TEXT)["data"]
    assert done["y"] == [0, 1]
    assert working["y"] == [2, 3]
    assert todo["y"] == [7, 7]
    assert working["customdata"] == ["stood:in_progress:2026-03-02", "stood:in_progress:2026-03-03"]


def test_arrivals_are_cumulative_already_and_to_do_is_left_out_unless_asked_for() -> None:
    days = [FlowDay(DAY, 20, 12, 10), FlowDay(DAY + timedelta(days=1), 21, 14, 11)]
    done, working = cumulative_figure(days, True, False, TEXT)["data"]
    assert done["y"] == [0, 1]
    assert working["y"] == [2, 4]
    assert working["customdata"] == ["came:in_progress:2026-03-02", "came:in_progress:2026-03-03"]


def test_time_in_status_tells_work_from_waiting_and_puts_the_longest_on_top() -> None:
    times = [
        StatusTime("Build", Category.IN_PROGRESS, 3, 2.0, 2.0, 6.0, False, 0, 0.0, ("A-1",)),
        StatusTime("Blocked", Category.IN_PROGRESS, 1, 4.0, 4.0, 4.0, True, 0, 0.0, ("A-1",)),
        StatusTime("Open", Category.TODO, 1, 1.0, 1.0, 1.0, False, 0, 0.0, ("A-1",)),
    ]
    figure = status_figure(times, TEXT)
    assert [(bar["name"], bar["x"], bar["y"]) for bar in figure["data"]] == [
        ("Work", [6.0], ["Build"]),
        ("Waiting", [4.0], ["Blocked"]),
        ("Before and after", [1.0], ["Open"]),
    ]
    assert figure["layout"]["yaxis"]["categoryarray"] == ["Open", "Blocked", "Build"]


def test_limits_are_drawn_where_asked_for_and_none_below_nothing() -> None:
    points = [Point(DAY + timedelta(weeks=at), float(value)) for at, value in enumerate([3, 4, 30])]
    limits = Limits(5.0, 0.0, 12.0, 2.0, (Signal(points[2].start, "beyond"),))
    line, *bounds = series_figure(points, limits, "was-wip", "items", TEXT, "items")["data"]
    assert line["marker"]["color"][2] == WARM
    assert [bound["name"] for bound in bounds] == ["mean", "upper limit"]
    assert len(series_figure(points, None, "was-wip", "items", TEXT, "items")["data"]) == 1


class TestPartedByAField:
    """Bugs are A-0 and A-1, the rest has no value."""

    PORTIONS = (Portion("", frozenset({"A-2", "A-3"})), Portion("Bug", frozenset({"A-0", "A-1"})))

    def test_finished_items_are_dots_in_the_colour_of_their_part(self) -> None:
        figure = cycle_figure(durations(took([1, 2, 3, 4])), None, TEXT, self.PORTIONS)
        none, bugs = figure["data"][:2]
        assert (none["name"], none["y"], bugs["name"], bugs["y"]) == ("none", [3, 4], "Bug", [1, 2])
        assert none["marker"]["color"] != bugs["marker"]["color"]
        assert [each[0] for each in bugs["customdata"]] == ["item:A-0", "item:A-1"]

    def test_how_often_stands_one_upon_the_other(self) -> None:
        figure = histogram_figure(durations(took([1, 1, 1, 2])), TEXT, self.PORTIONS)
        assert [(bars["name"], bars["y"]) for bars in figure["data"]] == [("none", [1, 1]), ("Bug", [2, 0])]
        assert figure["layout"]["barmode"] == "stack"

    def test_items_in_progress_keep_their_places_and_the_old_ones_a_warm_rim(self) -> None:
        ages = [age(f"A-{at}", "Build", 5, 85 if at == 1 else 0) for at in range(4)]
        whole = ageing_figure(ages, [], ["Build"], TEXT)["data"][-2]
        none, bugs = ageing_figure(ages, [], ["Build"], TEXT, self.PORTIONS)["data"]
        assert sorted(none["x"] + bugs["x"]) == sorted(whole["x"])
        assert bugs["marker"]["line"]["color"] == ["#fff", WARM]
        assert [each[0] for each in none["customdata"]] == ["item:A-2", "item:A-3"]
