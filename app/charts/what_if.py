"""Two futures of the same work: as it is, pale, and as it would be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.charts.burndown import Mark, mark_labels, mark_line
from app.charts.style import ACCENT, ACCENT_PALE, NEUTRAL, ChartText, figure_layout
from app.domain.forecast import FanWeek
from app.words import _

_GREY = "rgba(125, 133, 144, 0.16)"


def what_if_figure(
    now: Sequence[FanWeek], then: Sequence[FanWeek], marks: Sequence[Mark], text: ChartText
) -> dict[str, Any]:
    """`then` empty: nothing is tried out."""
    data = _fan(now, _("As it is"), _GREY, NEUTRAL) + (_fan(then, _("What if"), ACCENT_PALE, ACCENT) if then else [])
    layout = figure_layout(text)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": _("{unit} left", unit=text.unit)}}
    days = [week.day for week in (*now, *then)]
    if days:
        first, last = min(days), max(days)
        shown = [mark for mark in marks if first <= mark.day <= last + (last - first) / 2]
        end = max([last, *(mark.day for mark in shown)])
        layout["xaxis"] = layout["xaxis"] | {"range": [first.isoformat(), (end + (end - first) / 16).isoformat()]}
        layout["shapes"] = [mark_line(mark) for mark in shown]
        layout["annotations"] = mark_labels(shown, first, end)
    return {"data": data, "layout": layout}


def _fan(weeks: Sequence[FanWeek], name: str, area: str, line: str) -> list[dict[str, Any]]:
    x = [week.day.isoformat() for week in weeks]
    edge = {"type": "scatter", "mode": "lines", "x": x, "line": {"width": 0}, "hoverinfo": "skip"}
    return [
        edge | {"y": [week.low for week in weeks], "showlegend": False},
        edge
        | {
            "y": [week.high for week in weeks],
            "name": _("{name}, 15 to 85 %", name=name),
            "fill": "tonexty",
            "fillcolor": area,
        },
        {
            "type": "scatter",
            "mode": "lines",
            "name": _("{name}, even odds", name=name),
            "x": x,
            "y": [week.middle for week in weeks],
            "line": {"color": line, "width": 2, "dash": "dash"},
            "hovertemplate": f"{name}: %{{y:,.4~g}}",
        },
    ]
