"""The weekly bars."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.charts.legend import legend
from app.charts.style import ACCENT, ACCENT_PALE, NEUTRAL, ChartText
from app.charts.throughput import throughput_figure
from app.domain.throughput import Throughput, WeekCount

FIRST = date(2026, 1, 5)


def week(at: int, done: float) -> WeekCount:
    return WeekCount(FIRST + timedelta(weeks=at), done, 1.0)


WEEKS = (week(0, 3), week(1, 0), week(2, 5))
DRAWN = Throughput(WEEKS, WEEKS[1:], week(3, 2), 2.5, 1.0)


def bars(figure: dict[str, Any]) -> dict[str, Any]:
    return next(trace for trace in figure["data"] if trace["type"] == "bar")


def test_zero_weeks_are_bars_too_and_get_a_mark() -> None:
    figure = throughput_figure(DRAWN, ChartText())
    assert bars(figure)["y"] == [3, 0, 5, 2]
    marks = next(trace for trace in figure["data"] if trace["name"] == "Nothing finished")
    assert marks["x"] == ["2026-01-12"]


def test_in_a_long_history_only_the_empty_weeks_of_the_forecast_get_a_mark() -> None:
    weeks = tuple(week(at, at % 2) for at in range(200))
    figure = throughput_figure(Throughput(weeks, weeks[-4:], None, 0.5, 1.0), ChartText())
    marks = next(trace for trace in figure["data"] if trace["name"] == "Nothing finished")
    assert marks["x"] == [weeks[-4].start.isoformat(), weeks[-2].start.isoformat()]


def test_sampled_weeks_stand_out_and_the_running_one_is_pale() -> None:
    assert bars(throughput_figure(DRAWN, ChartText()))["marker"]["color"] == [NEUTRAL, ACCENT, ACCENT, ACCENT_PALE]


def test_a_running_week_without_a_finish_is_not_called_empty() -> None:
    running = Throughput(WEEKS[:1], WEEKS[:1], week(1, 0), 3.0, 1.0)
    assert [trace["name"] for trace in throughput_figure(running, ChartText())["data"]] == [
        "Finished in the week",
        "Pace of these weeks",
    ]


def test_the_pace_spans_the_weeks_it_is_the_mean_of() -> None:
    line = next(
        trace for trace in throughput_figure(DRAWN, ChartText())["data"] if trace["name"] == "Pace of these weeks"
    )
    assert line["x"] == ["2026-01-12", "2026-01-19"]
    assert line["y"] == [2.5, 2.5]


def test_a_corrected_week_is_framed_and_says_what_was_counted() -> None:
    week = WeekCount(date(2026, 3, 2), 12, 3, counted_done=9)
    plain = WeekCount(date(2026, 3, 9), 4, 3)
    bars = throughput_figure(Throughput((week, plain), (week, plain), None, 8, 3), ChartText())["data"][0]
    assert bars["marker"]["line"]["width"] == [2, 0]
    assert [data[1] for data in bars["customdata"]] == ["<br>corrected by hand: 12 instead of 9", ""]


def test_the_legend_says_what_each_colour_of_the_bars_means() -> None:
    names = [name for _style, name in legend(throughput_figure(DRAWN, ChartText()))]
    assert names[:3] == ["Weeks the forecast learns from", "Other weeks", "This week so far"]
    assert names[-1] == "Pace of these weeks"
