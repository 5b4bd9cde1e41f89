"""Colours, fonts and the layout that all charts share.

Traces use tones of at least 3:1 contrast on both backgrounds, so that a figure is the same in light and dark;
what must differ (text, grid) is coloured by the style sheet, and switching needs no round trip.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.calendar import Calendar
from app.words import _
from app.words.formats import THIN

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif'

# Blue and orange stay apart in every common form of colour blindness; the rest is grey and line style.
ACCENT = "#3b7dd8"
ACCENT_PALE = "rgba(59, 125, 216, 0.20)"
WARM = "#c4622d"
NEUTRAL = "#7d8590"
PALE = "rgba(125, 133, 144, 0.45)"

# Short labels for time axes: day, month or year by how far apart the ticks are; the year on a line of its own.
_TICKS = (
    {"dtickrange": ["M1", "M12"], "value": "%b\n%Y"},
    {"dtickrange": ["M12", None], "value": "%Y"},
)


@dataclass(frozen=True, slots=True)
class ChartText:
    """What a chart needs to write numbers and days: the unit's name and the locale's patterns (d3).

    `calendar`: whose days off are drawn, None: none are.
    """

    unit: str = "items"
    day: str = "%-d %b %Y"
    separators: str = ".,"
    short_day: str = "%-d %b"
    calendar: Calendar | None = None

    @property
    def day_at_x(self) -> str:
        """The day of a point, in what is shown at the pointer."""
        return f"%{{x|{self.day}}}"


def figure_layout(text: ChartText, **more: Any) -> dict[str, Any]:
    """The layout all figures share: transparent, quiet grid, no dragging. The legend is the page's own."""
    axis: dict[str, Any] = {"showline": False, "zeroline": False, "automargin": True, "fixedrange": True}
    # Unseen ticks keep the labels off what is drawn at the edge.
    axis |= {"ticks": "outside", "ticklen": 6, "tickcolor": "rgba(0,0,0,0)"}
    layout: dict[str, Any] = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": NEUTRAL},
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "separators": text.separators,
        "hovermode": "x unified",
        "dragmode": False,
        "showlegend": False,
        "xaxis": axis
        | {"type": "date", "showgrid": False, "hoverformat": text.day, "nticks": 5, "tickangle": 0}
        | {"tickformatstops": [{"dtickrange": [None, 28 * 86_400_000], "value": f"{text.short_day}\n%Y"}, *_TICKS]},
        "yaxis": axis
        | {"rangemode": "tozero", "gridcolor": PALE, "nticks": 6, "separatethousands": True}
        # 50,000 and not 50k: as the reader writes numbers.
        | {"exponentformat": "none"},
    }
    return layout | more


# A share at the pointer, and at the axis: with the narrow space before its sign that all texts have.
SHARE_AT_Y = f"%{{y:.0f}}{THIN}%"
SHARE_AXIS = {"ticksuffix": f"{THIN}%", "tickformat": ".0f"}


def percents(shares: Iterable[float]) -> list[float]:
    """Shares from 0 to 1 as charts draw them: the library's own percent sign would stand without a space."""
    return [round(share * 100, 2) for share in shares]


def hover(text: str) -> str:
    """What is shown at the pointer in place of the trace's name; `text` holds plotly's own places."""
    return f"{text}<extra></extra>"


def clickable(trace: dict[str, Any], shows: Sequence[str]) -> dict[str, Any]:
    """The trace with what is behind each of its points, so that a click on one opens it.

    Data that the trace's hover text takes from `customdata` stay where they are, one place further: `customdata[1]`.
    """
    known = trace.get("customdata")
    data = list(shows) if known is None else [[show, *_cells(each)] for show, each in zip(shows, known, strict=True)]
    return trace | {"customdata": data}


def week_bars(name: str, show: str, counts: Mapping[date, float], colour: str, text: ChartText) -> dict[str, Any]:
    """A bar a week, by the first day of each; a click on one opens `show` of that week."""
    starts = [start.isoformat() for start in counts]
    trace = {
        "type": "bar",
        "name": name,
        "x": starts,
        "y": list(counts.values()),
        "marker": {"color": colour},
        "hovertemplate": hover(_("{name}: {count} in the week from {day}", name=name, count="%{y}", day=text.day_at_x)),
    }
    return clickable(trace, [f"{show}:{start}" for start in starts])


def beside_each_other(bars: list[dict[str, Any]], unit: str, text: ChartText) -> dict[str, Any]:
    """A figure of bars that are compared; `unit` is what they count."""
    layout = figure_layout(text, barmode="group", bargap=0.25)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": unit}}
    return {"data": bars, "layout": layout}


def _cells(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
