"""Money over time: planned, earned and spent, and what it will have cost when the work is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.charts.style import ACCENT, NEUTRAL, WARM, ChartText, clickable, figure_layout
from app.domain.budget import MoneyDay
from app.words import _
from app.words.formats import THIN


@dataclass(frozen=True, slots=True)
class Completion:
    """When the work is done at a level of the forecast, and what it will have cost then."""

    level: int
    day: date
    cost: float


def money_figure(
    days: Sequence[MoneyDay], total: float | None, ends: Sequence[Completion], currency: str, text: ChartText
) -> dict[str, Any]:
    """Earned below spent costs more than planned; the dots are what it costs to the end, the line the budget."""
    series: Mapping[str, tuple[list[float | None], str, str]] = {
        _("Planned"): ([day.planned for day in days], NEUTRAL, "dot"),
        _("Earned"): ([day.earned for day in days], ACCENT, "solid"),
        _("Spent"): ([day.spent for day in days], WARM, "solid"),
    }
    x = [day.day for day in days]
    data = [_line(name, x, values, colour, dash) for name, (values, colour, dash) in series.items()
            if any(value is not None for value in values)]  # fmt: skip
    if ends:
        data += _to_the_end(days[-1], ends)
    if total is not None:
        last = max([x[-1], *(end.day for end in ends)])
        data.append(_line(_("Budget"), [x[0], last], [total, total], NEUTRAL, "dash"))
    layout = figure_layout(text)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": currency}} if currency else layout["yaxis"]
    return {"data": data, "layout": layout}


def _line(name: str, days: Sequence[date], values: Sequence[float | None], colour: str, dash: str) -> dict[str, Any]:
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [day.isoformat() for day in days],
        "y": [None if value is None else round(value, 2) for value in values],
        "line": {"color": colour, "width": 2, "dash": dash},
        "hovertemplate": "%{y:,.0f}",
    }
    return clickable(line, ["money"] * len(days))


def _to_the_end(today: MoneyDay, ends: Sequence[Completion]) -> list[dict[str, Any]]:
    way = _line(_("To the end"), [today.day, *(end.day for end in ends)], [today.spent, *(end.cost for end in ends)],
                WARM, "dot")  # fmt: skip
    dots = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [end.day.isoformat() for end in ends],
        "y": [round(end.cost, 2) for end in ends],
        "text": [f"{end.level}{THIN}%" for end in ends],
        "textposition": "top left",
        "marker": {"color": WARM, "size": 9},
        "showlegend": False,
        "hovertemplate": "%{y:,.0f}<extra></extra>",
    }
    return [way, clickable(dots, ["money"] * len(ends))]
