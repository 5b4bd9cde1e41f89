"""The legend shows each trace by a mark like its own."""

from __future__ import annotations

from typing import Any

import pytest

from app.charts.legend import legend

MARK = {"color": "#abc", "size": 8}


def sample_of(**trace: Any) -> dict[str, str]:
    ((style, name),) = legend({"data": [{"name": "A", **trace}]})
    assert name == "A"
    return style


@pytest.mark.parametrize(
    ("trace", "style"),
    [
        ({"mode": "lines", "line": {"color": "#abc", "width": 2}}, {"borderTop": "2px solid #abc"}),
        ({"mode": "lines", "line": {"color": "#abc", "width": 2, "dash": "dot"}}, {"borderTop": "2px dotted #abc"}),
        (
            {"mode": "markers", "marker": MARK},
            {"background": "#abc", "height": "9px", "width": "9px", "borderRadius": "50%"},
        ),
        (
            {"mode": "markers", "marker": MARK | {"symbol": "line-ew-open", "line": {"width": 3, "color": "#def"}}},
            {"borderTop": "3px solid #def"},
        ),
        (
            {"mode": "markers", "marker": MARK | {"symbol": "diamond"}},
            {"background": "#abc", "height": "9px", "width": "9px", "transform": "rotate(45deg)"},
        ),
        ({"type": "bar", "marker": {"color": "#abc"}}, {"background": "#abc", "height": "12px"}),
    ],
)
def test_a_line_is_a_line_a_dot_a_dot_and_a_stroke_a_stroke(trace: dict[str, Any], style: dict[str, str]) -> None:
    assert sample_of(**trace) == style
