"""The chance that all work is done by a day, with the days that matter on it; and the chances week by week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from app.charts.style import (
    ACCENT,
    ACCENT_PALE,
    NEUTRAL,
    SHARE_AT_Y,
    SHARE_AXIS,
    WARM,
    ChartText,
    clickable,
    figure_layout,
    hover,
    percents,
)
from app.charts.text import plain
from app.domain.forecast import Forecast
from app.domain.milestones import Remembered
from app.words import _

# (show, name, day, chance); the deadline first where there is one.
Dated = tuple[str, str, date, float]


def chances_figure(forecast: Forecast, dated: Sequence[Dated], text: ChartText) -> dict[str, Any]:
    """The curve of the chance, week by week, until it is nearly sure or the last of the days."""
    cdf = forecast.distribution.cdf
    sure = next((week for week, share in enumerate(cdf) if share >= 0.99), len(cdf) - 1)
    last = max([sure, *((day - forecast.as_of).days // 7 + 1 for _, _, day, _ in dated)])
    shown = range(min(last, len(cdf) - 1) + 1)
    curve = {
        "type": "scatter",
        "mode": "lines",
        "name": _("Chance that all is done"),
        "x": [(forecast.as_of + timedelta(weeks=week)).isoformat() for week in shown],
        "y": percents(cdf[week] for week in shown),
        "line": {"color": ACCENT, "width": 2.5, "shape": "hv"},
        "fill": "tozeroy",
        "fillcolor": ACCENT_PALE,
        "hovertemplate": SHARE_AT_Y,
    }
    ahead = [each for each in dated if each[2] >= forecast.as_of]
    dots = {
        "type": "scatter",
        "mode": "markers+text",
        "name": _("Milestones"),
        "x": [day.isoformat() for _, _, day, _ in ahead],
        "y": percents(chance for *_, chance in ahead),
        "text": [plain(name) for _, name, _, _ in ahead],
        "textposition": "top left",
        "marker": {"color": WARM, "size": 11},
        "cliponaxis": False,
        "hovertemplate": hover("%{text}: " + SHARE_AT_Y),
    }
    layout = figure_layout(text, hovermode="closest")
    layout["yaxis"] = layout["yaxis"] | SHARE_AXIS | {"range": [0, 108], "title": {"text": _("chance")}}
    marked = [clickable(dots, [show for show, *_ in ahead])] if ahead else []
    return {"data": [curve, *marked], "layout": layout}


def remembered_figure(lines: Sequence[tuple[str, str, Sequence[Remembered]]], text: ChartText) -> dict[str, Any] | None:
    """(name, show, weeks) of each milestone: its chance as it was written down; a square where its own day moved.

    None where nothing was written down yet.
    """
    if not lines:
        return None
    layout = figure_layout(text, hovermode="closest")
    layout["yaxis"] = layout["yaxis"] | SHARE_AXIS | {"range": [0, 108], "title": {"text": _("chance")}}
    return {"data": [_weeks(*line, style) for line, style in zip(lines, cycle(_LINES), strict=False)], "layout": layout}


# Told apart by their dashes too, for whoever sees no colours.
_LINES = tuple(
    {"color": color, "width": 2, "dash": dash} for dash in ("solid", "dash", "dot") for color in (ACCENT, NEUTRAL)
)


def _weeks(name: str, show: str, weeks: Sequence[Remembered], style: dict[str, Any]) -> dict[str, Any]:
    known = [week for week in weeks if week.chance is not None]
    trace = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": plain(name),
        "x": [remembered.as_of.isoformat() for remembered in known],
        "y": percents(remembered.chance or 0 for remembered in known),
        "text": [remembered.day.isoformat() for remembered in known],
        "line": style,
        "marker": {"symbol": ["square" if remembered.moved else "circle" for remembered in known], "size": 9},
        "hovertemplate": _("{chance}, by {day}", chance=SHARE_AT_Y, day="%{text}") + f"<extra>{plain(name)}</extra>",
    }
    return clickable(trace, [show] * len(known))
