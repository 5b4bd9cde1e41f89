"""Burndown and burnup figures, on results made by hand."""

from __future__ import annotations

import json
from typing import Any

from app.charts.burndown import Mark, burndown_figure, burnup_figure, shown_days
from app.charts.style import ChartText
from app.words.formats import THIN
from tests.charts.made import burndown, day, forecast

TEXT = ChartText()


def trace(figure: dict[str, Any], name: str) -> dict[str, Any]:
    return next(trace for trace in figure["data"] if trace.get("name") == name)


def test_the_burndown_draws_what_remains_at_the_end_of_each_day() -> None:
    line = trace(burndown_figure(burndown(), None, [], TEXT), "Left")
    assert line["x"] == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"]
    assert line["y"] == [16, 14, 12, 10, 8]


def test_the_fan_of_the_burndown_falls_from_what_remains_to_zero() -> None:
    figure = burndown_figure(burndown(), forecast(), [], TEXT)
    assert trace(figure, "Even odds")["y"] == [8, 0, 0]
    assert trace(figure, "15 to 85 %")["y"] == [8, 4, 0]
    assert trace(figure, "Even odds")["x"][0] == trace(figure, "Left")["x"][-1]


def test_the_fan_of_the_burnup_climbs_from_done_to_the_scope() -> None:
    figure = burnup_figure(burndown(), forecast(), [], TEXT)
    assert trace(figure, "Scope")["y"] == [16] * 5
    assert trace(figure, "Done")["y"] == [0, 2, 4, 6, 8]
    assert trace(figure, "Even odds")["y"] == [8, 16, 16]
    assert trace(figure, "15 to 85 %")["y"] == [8, 12, 16]


def test_the_dots_lie_on_the_two_dates_of_the_answer() -> None:
    dots = next(trace for trace in burnup_figure(burndown(), forecast(), [], TEXT)["data"] if "marker" in trace)
    assert dots["x"] == ["2026-03-13", "2026-03-20"]
    assert dots["y"] == [16, 16]
    assert dots["text"] == [f"50{THIN}%", f"85{THIN}%"]


def test_the_ideal_line_is_drawn_only_with_a_deadline() -> None:
    names = [trace.get("name") for trace in burndown_figure(burndown(ideal=True), None, [], TEXT)["data"]]
    assert "Straight to the deadline" in names
    assert "Straight to the deadline" not in [
        trace.get("name") for trace in burndown_figure(burndown(), None, [], TEXT)["data"]
    ]


def test_a_mark_with_a_hostile_name_stays_text() -> None:
    figure = burnup_figure(burndown(), forecast(), [Mark(day(10), "<script>%{x}")], TEXT)
    assert figure["layout"]["annotations"][0]["text"] == "&lt;script&gt;%\u200d{x}"
    assert figure["layout"]["shapes"][0]["x0"] == "2026-03-12"


def test_a_mark_far_beyond_the_forecast_does_not_squeeze_the_chart() -> None:
    near, far = Mark(day(20), "near"), Mark(day(400), "far")
    figure = burnup_figure(burndown(), forecast(), [near, far], TEXT)
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == [day(20).isoformat()]


def test_names_of_marks_stand_in_lines_of_their_own_on_the_side_with_room() -> None:
    marks = [Mark(day(17), "later"), Mark(day(2), "sooner"), Mark(day(16), "deadline", strong=True)]
    labels = burnup_figure(burndown(), forecast(), marks, TEXT)["layout"]["annotations"]
    assert [label["text"] for label in labels] == ["sooner", "deadline", "later"]
    assert [label["yshift"] for label in labels] == [0, 20, 40]
    assert [label["xanchor"] for label in labels] == ["left", "right", "right"]


def test_a_long_history_is_thinned_but_keeps_both_ends() -> None:
    days = burndown(4000).days
    shown = shown_days(days, None)
    assert len(shown) <= 601
    assert (shown[0], shown[-1]) == (days[0], days[-1])


def test_only_the_wanted_past_is_sent() -> None:
    line = trace(burndown_figure(burndown(), None, [], TEXT, since=day(3)), "Left")
    assert line["x"] == [day(3).isoformat(), day(4).isoformat()]


def test_an_empty_history_gives_an_empty_chart() -> None:
    for draw in (burndown_figure, burnup_figure):
        figure = draw(burndown(0), None, [], TEXT)
        assert all(not trace["x"] for trace in figure["data"])
        json.dumps(figure)
