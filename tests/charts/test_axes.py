"""Ticks of axes: whole where things are counted, at months where days would stand too close."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.charts.axes import readable
from app.charts.style import ChartText, figure_layout


def drawn(*traces: dict[str, Any], **more: Any) -> dict[str, Any]:
    layout: dict[str, Any] = readable({"data": list(traces), "layout": figure_layout(ChartText(), **more)})["layout"]
    return layout


def days(count: int) -> list[str]:
    return [(date(2026, 3, 5) + timedelta(at)).isoformat() for at in range(count)]


class TestAnAxisOfCounts:
    @pytest.mark.parametrize("counts", [[1, 0, 2], [6, 3, 1], [0, -2, 0], [0.5, 3]])
    def test_goes_in_whole_steps_where_they_are_few(self, counts: list[float]) -> None:
        assert drawn({"x": days(3), "y": counts})["yaxis"]["dtick"] == 1

    def test_has_room_for_one_where_there_is_nothing(self) -> None:
        axis = drawn({"x": days(3), "y": [0, 0, 0]})["yaxis"]
        assert axis["range"] == [0, 1]
        assert axis["dtick"] == 1

    def test_is_left_to_the_library_where_they_are_many(self) -> None:
        assert "dtick" not in drawn({"x": days(2), "y": [7, 1]})["yaxis"]

    def test_is_left_alone_where_all_are_parts_of_one(self) -> None:
        assert "dtick" not in drawn({"x": days(2), "y": [0.2, 0.4]})["yaxis"]

    def test_counts_what_stands_upon_each_other_together(self) -> None:
        bars = [{"type": "bar", "x": days(1), "y": [4]}, {"type": "bar", "x": days(1), "y": [5]}]
        assert "dtick" not in drawn(*bars, barmode="stack")["yaxis"]
        assert drawn(*bars, barmode="group")["yaxis"]["dtick"] == 1


class TestAnAxisOfDays:
    @pytest.mark.parametrize(
        ("count", "apart"), [(20, None), (75, "M1"), (180, "M1"), (300, "M2"), (400, "M3"), (900, None)]
    )
    def test_has_ticks_so_many_months_apart_that_six_or_fewer_stand_on_it(self, count: int, apart: str | None) -> None:
        axis = drawn({"x": days(count), "y": [9] * count})["xaxis"]
        assert axis.get("dtick") == apart

    def test_goes_by_the_range_where_one_is_set(self) -> None:
        layout = figure_layout(ChartText())
        layout["xaxis"] = layout["xaxis"] | {"range": [days(1)[0], days(90)[-1]]}
        assert readable({"data": [], "layout": layout})["layout"]["xaxis"]["dtick"] == "M1"

    def test_goes_by_the_days_that_there_are_where_a_trace_is_there_for_the_legend_alone(self) -> None:
        axis = drawn({"x": days(75), "y": [9] * 75}, {"x": [None], "y": [None]})["xaxis"]
        assert axis["dtick"] == "M1"

    @pytest.mark.parametrize("count", [2, 5])
    def test_names_no_day_twice_where_they_are_few(self, count: int) -> None:
        assert drawn({"x": days(count), "y": [9] * count})["xaxis"]["dtick"] == 24 * 60 * 60 * 1000
