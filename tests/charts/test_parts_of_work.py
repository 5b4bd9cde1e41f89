"""The work in parts beside each other."""

from __future__ import annotations

from app.charts.legend import legend
from app.charts.parts_of_work import Bar, parts_figure
from app.charts.style import ChartText


def test_what_is_only_expected_of_an_epic_is_hatched_and_nothing_else_is() -> None:
    figure = parts_figure([Bar("Search", 2, 1, 3, 4.5), Bar("Login", 1, 0, 0)], ChartText())
    assert figure is not None
    hatched = {trace["name"]: trace["marker"].get("pattern", {}).get("shape", "") for trace in figure["data"]}
    assert hatched == {"Done": "", "In progress": "", "Not started": "", "Expected": "/"}
    expected = figure["data"][-1]
    assert (expected["x"], expected["y"]) == (["Search"], [4.5])
    style, name = legend(figure)[-1]
    assert name == "Expected"
    assert "repeating-linear-gradient" in style["background"]


def test_without_anything_expected_nothing_is_drawn_of_it() -> None:
    figure = parts_figure([Bar("Login", 1, 0, 2)], ChartText())
    assert figure is not None
    assert [trace["name"] for trace in figure["data"]] == ["Done", "Not started"]
