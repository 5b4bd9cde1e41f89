"""Days off in charts: which of them are hatched, and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from app.charts.burndown import burnup_figure
from app.charts.days_off import days_off
from app.charts.flow import cumulative_figure
from app.charts.legend import legend
from app.charts.style import ChartText
from app.domain.calendar import Calendar
from app.domain.cumulative_flow import FlowDay
from tests.charts.made import burndown, day

# Day 0 is a Monday.
CALENDAR = Calendar(UTC)
OFF = replace(CALENDAR, holidays=frozenset({day(4), day(9)}))


def test_days_that_follow_each_other_are_one_time_off() -> None:
    assert days_off(OFF, day(0), day(13)) == [(day(4), day(6)), (day(9), day(9)), (day(12), day(13))]


def test_in_many_days_only_single_days_off_are_seen_with_the_weekend_beside_them() -> None:
    assert days_off(OFF, day(0), day(300)) == [(day(4), day(6)), (day(9), day(9))]
    assert days_off(OFF, day(0), day(2000)) == []


def test_a_burnup_hatches_its_weekend_from_bottom_to_top() -> None:
    figure = burnup_figure(burndown(8), None, [], ChartText(calendar=CALENDAR))
    bars = figure["data"][-1]
    assert (bars["name"], bars["x"], bars["width"]) == ("Days off", ["2026-03-07"], [2 * 86_400_000])
    assert bars["marker"]["pattern"]["shape"] == "/"
    assert figure["layout"][bars["yaxis"].replace("y", "yaxis")]["range"] == [0, 1]
    style, name = legend(figure)[-1]
    assert name == "Days off"
    assert "repeating-linear-gradient" in style["background"]


def test_the_cumulative_flow_does_too_and_a_week_of_work_has_nothing_to_hatch() -> None:
    days = [FlowDay(day(at), 0, 1, at) for at in range(8)]
    bars = cumulative_figure(days, True, False, ChartText(calendar=CALENDAR))["data"][-1]
    # The line rises to Monday's point from Sunday's on: that stretch is Monday, and no work of a Sunday.
    assert (bars["x"], bars["offset"]) == (["2026-03-07"], -86_400_000)
    assert cumulative_figure(days[:5], True, False, ChartText(calendar=CALENDAR))["layout"].get("yaxis2") is None
