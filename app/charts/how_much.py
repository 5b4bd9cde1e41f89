"""How much will be done by a day: the chance of every amount, falling as the amount grows."""

from __future__ import annotations

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
from app.domain.forecast import Amounts
from app.words import _
from app.words.formats import THIN

# As many as a screen can tell apart; each of them leads to its list.
_POINTS = 60
_MARKED = (85, 50)
# How much of the chart's width the words at a point take, on a phone.
_WORDS = 0.15


def points_of(amounts: Amounts) -> list[tuple[float, float]]:
    """(amount, chance of at least it) in even steps over all that is at all likely."""
    low, high = amounts.at_least(99.5), amounts.at_least(0.5)
    step = (high - low) / _POINTS
    if amounts.is_whole:
        step = max(1.0, float(-(-(high - low) // _POINTS)))
    if step <= 0:
        return [(low, amounts.chance(low))]
    count = int((high - low) / step) + 1
    values = {round(low + at * step, 2) for at in range(count + 1)} | {amounts.at_least(level) for level in _MARKED}
    return [(amount, amounts.chance(amount)) for amount in sorted(values)]


def how_much_figure(amounts: Amounts, left: float | None, text: ChartText) -> dict[str, Any]:
    """`left`: the work that remains, marked where the chart reaches that far; None where it is not known."""
    points = points_of(amounts)
    curve = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": _("Chance of at least so much"),
        "x": [amount for amount, _ in points],
        "y": percents(chance for _, chance in points),
        "fill": "tozeroy",
        "fillcolor": ACCENT_PALE,
        "line": {"color": ACCENT, "width": 2.5},
        "marker": {"size": 4, "color": ACCENT},
        "hovertemplate": hover(
            _("{amount} {unit} or more: {chance}", amount="%{x:,.4~g}", unit=text.unit, chance=SHARE_AT_Y)
        ),
    }
    layout = figure_layout(text, hovermode="closest")
    numbers = {
        "type": "linear",
        "tickformatstops": [],
        "tickformat": ",",
        "title": {"text": _("{unit} or more", unit=text.unit)},
    }
    layout["xaxis"] = layout["xaxis"] | numbers
    layout["yaxis"] = layout["yaxis"] | SHARE_AXIS | {"title": {"text": _("chance")}, "range": [0, 106]}
    if left is not None and left <= points[-1][0] * 1.2:
        _mark(layout, left, text)
    return {
        "data": [clickable(curve, [f"fits:{amount:g}" for amount, _ in points]), _levels(amounts, left, points)],
        "layout": layout,
    }


def _levels(amounts: Amounts, left: float | None, points: list[tuple[float, float]]) -> dict[str, Any]:
    """The two amounts of the answer; where they are the same they are one point.

    Each is told beside its point on the side where the line of all that is left does not cross the words.
    """
    labels_at: dict[float, list[str]] = {}
    for level in _MARKED:
        labels_at.setdefault(amounts.at_least(level), []).append(f"{level}{THIN}%")
    wide = (points[-1][0] - points[0][0]) * _WORDS
    marks = {
        "type": "scatter",
        "mode": "markers+text",
        "name": _("85 % sure, even odds"),
        "x": list(labels_at),
        "y": percents(amounts.chance(amount) for amount in labels_at),
        "text": [_(" and ").join(levels) for levels in labels_at.values()],
        "textposition": [
            "bottom left" if left is not None and 0 <= left - amount < wide else "top right" for amount in labels_at
        ],
        "textfont": {"size": 12},
        "marker": {"color": ACCENT, "size": 10},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    return clickable(marks, [f"fits:{amount:g}" for amount in labels_at])


def _mark(layout: dict[str, Any], left: float, text: ChartText) -> None:
    line = {"color": WARM, "width": 2}
    layout["shapes"] = [{"type": "line", "x0": left, "x1": left, "y0": 0, "y1": 1, "yref": "paper", "line": line}]
    layout["annotations"] = [
        {"x": left, "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "top", "xshift": 4, "showarrow": False}
        | {
            "text": _("all that is left, {left:,.4g} {unit}", left=left, unit=text.unit),
            "font": {"size": 12, "color": NEUTRAL},
        }
    ]
