"""Days on which nobody works, hatched behind a chart of days: a flat stretch is no stop then."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.charts.style import ChartText
from app.domain.calendar import ONE_DAY, Calendar
from app.words import _

# In more days than these a weekend is a hair, and in still more a week off is one.
_WITH_WEEKENDS, _WITH_DAYS_OFF = 200, 1_100
_DAY_MS = 86_400_000
_HATCH = "rgba(125, 133, 144, 0.4)"
BEFORE, IN_THE_MIDDLE = -1.0, -0.5
"""Where a day begins that a line rises to, and one that a dot stands for."""
HATCHED = f"repeating-linear-gradient(135deg, {_HATCH} 0 1px, transparent 1px 4px)"
"""The same for a legend, as CSS."""


def with_days_off(
    figure: dict[str, Any], text: ChartText, first: date, last: date, begins: float = 0.0
) -> dict[str, Any]:
    """The figure with its days off from `first` to `last` hatched; as it is where there are none, or too many days.

    `begins`: where a day begins, in days from where its point is drawn. A line that rises to the point of each day
    draws the day before it, so it is -1 there.
    """
    spans = days_off(text.calendar, first, last) if text.calendar is not None else []
    if not spans:
        return figure
    bars = {
        "type": "bar",
        "name": _("Days off"),
        "x": [start.isoformat() for start, _end in spans],
        "y": [1] * len(spans),
        "offset": begins * _DAY_MS,
        "width": [((end - start).days + 1) * _DAY_MS for start, end in spans],
        "yaxis": "y2",
        "marker": {"color": "rgba(0,0,0,0)", "line": {"width": 0}}
        | {"pattern": {"shape": "/", "fgcolor": _HATCH, "bgcolor": "rgba(0,0,0,0)", "size": 6, "solidity": 0.2}},
        "hoverinfo": "skip",
    }
    axis = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    # Bars would make room for themselves beside the days that are drawn.
    room = {"range": _range(first, last, begins)} | figure["layout"]["xaxis"]
    return {"data": [*figure["data"], bars], "layout": figure["layout"] | {"yaxis2": axis, "xaxis": room}}


def _range(first: date, last: date, begins: float) -> list[str]:
    """Points in the middle of their days have room on both sides."""
    room = (last - first) / 40 + ONE_DAY if begins == IN_THE_MIDDLE else 0 * ONE_DAY
    return [(first - room).isoformat(), (last + room).isoformat()]


def days_off(calendar: Calendar, first: date, last: date) -> list[tuple[date, date]]:
    """First and last day of each time off: weekends where the days are few, else only those around a single day off."""
    length = (last - first).days
    if not 0 <= length <= _WITH_DAYS_OFF:
        return []
    days = (first + at * ONE_DAY for at in range(length + 1))
    spans: list[tuple[date, date]] = []
    for day in (day for day in days if not calendar.is_working(day)):
        is_next = bool(spans) and spans[-1][1] + ONE_DAY == day
        spans = [*spans[:-1], (spans[-1][0], day)] if is_next else [*spans, (day, day)]
    if length <= _WITH_WEEKENDS:
        return spans
    return [(start, end) for start, end in spans if any(start <= day <= end for day in calendar.holidays)]
