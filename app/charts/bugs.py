"""Bugs: how many came and were fixed in each week, and how many were open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.charts.style import (
    ACCENT,
    ACCENT_PALE,
    WARM,
    ChartText,
    beside_each_other,
    clickable,
    figure_layout,
    hover,
    week_bars,
)
from app.domain.bugs import Bugs
from app.domain.dora import DeploymentWeek, Figure
from app.domain.work_mix import MixPart
from app.words import N_, _
from app.words.formats import THIN

# Of more points dots would run into one thick line.
_DOTTED = 60
# Seen through, on a light and a dark ground.
_HOLLOW = "rgba(0,0,0,0)"
_CLASSES = {
    "Feature": ACCENT,
    "Defect": WARM,
    "Technical Debt": "#8a6fb0",
    "Risk": "#3f8f5b",
    "Other": "#7d8590",
}


def bugs_figure(bugs: Bugs, text: ChartText) -> dict[str, Any]:
    """Arrived above, fixed beside it, week by week."""
    parts = ((_("Arrived"), "bugs-arrived", bugs.arrived, WARM), (_("Fixed"), "bugs-fixed", bugs.fixed, ACCENT))
    bars = [
        week_bars(name, show, {week.start: week.count for week in weeks}, colour, text)
        for name, show, weeks, colour in parts
    ]
    return beside_each_other(bars, _("bugs"), text)


_CLASS_NAMES = {
    "Feature": N_("Feature"),
    "Defect": N_("Defect"),
    "Technical Debt": N_("Technical Debt"),
    "Risk": N_("Risk"),
    "Other": N_("Other"),
}


def class_name(name: str) -> str:
    """Of a class of work, in the reader's language."""
    return _(_CLASS_NAMES.get(name, name))


def deployments_figure(weeks: Sequence[DeploymentWeek], text: ChartText) -> dict[str, Any] | None:
    """How many a week, those that needed a fix above the ones that held; None without any."""
    if not weeks:
        return None
    parts = (
        ("successful", "deployed", _("Deployments"), ACCENT),
        ("failed", "deployed-failed", _("Needed a fix"), WARM),
    )
    data = [
        clickable(
            {
                "type": "bar",
                "name": name,
                "x": [week.start.isoformat() for week in weeks],
                "y": [len(getattr(week, part)) for week in weeks],
                "marker": {"color": colour},
                "hovertemplate": hover(
                    _("{name}: {count} in the week from {day}", name=name, count="%{y}", day=text.day_at_x)
                ),
            },
            [f"{show}:{week.start.isoformat()}" for week in weeks],
        )
        for part, show, name, colour in parts
        if any(getattr(week, part) for week in weeks)
    ]
    layout = figure_layout(text, barmode="stack", bargap=0.25)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": _("deployments")}}
    return {"data": data, "layout": layout}


def delivery_figure(
    points: Sequence[tuple[date, Figure]], shows: Sequence[str], name: str, scale: float, unit: str, text: ChartText
) -> dict[str, Any]:
    """A figure of delivery at the ends of weeks, with the interval that it is 90 % sure to lie in.

    Hollow where it comes of too few to judge. `name`: what it is called; `scale`: by what its values are multiplied to
    be in `unit`.
    """
    days = [day.isoformat() for day, _figure in points]
    edges = [tuple(scale * bound for bound in figure.interval90 or (figure.value,) * 2) for _day, figure in points]
    edge = {"type": "scatter", "mode": "lines", "x": days, "line": {"width": 0}, "hoverinfo": "skip"}
    line = {
        "type": "scatter",
        "mode": "lines+markers" if len(points) <= _DOTTED else "lines",
        "name": name,
        "x": days,
        "y": [scale * figure.value for _day, figure in points],
        "line": {"color": ACCENT, "width": 2},
        "marker": {"size": 7, "line": {"color": ACCENT, "width": 2}}
        | {"color": [_HOLLOW if figure.is_too_few else ACCENT for _day, figure in points]},
        "customdata": [figure.n for _day, figure in points],
        "hovertemplate": hover(
            _(
                "{count} in the 90 days up to {day}, from {n}",
                count="%{y:,.3~g}",
                day=text.day_at_x,
                n="%{customdata[1]}",
            )
        ),
    }
    band = {"name": _("90 % sure"), "fill": "tonexty", "fillcolor": ACCENT_PALE}
    data = [
        edge | {"y": [low for low, _high in edges], "showlegend": False},
        edge | band | {"y": [high for _low, high in edges]},
        clickable(line, shows),
    ]
    layout = figure_layout(text)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": unit}}
    return {"data": data, "layout": layout}


def mix_figure(mix: tuple[MixPart, ...], text: ChartText) -> dict[str, Any]:
    """A bar a class of work, as long as its share of what was finished."""
    shown = mix[::-1]
    bars = {
        "type": "bar",
        "orientation": "h",
        "name": _("share of what was finished"),
        "x": [round(part.share * 100, 1) for part in shown],
        "y": [class_name(part.class_) for part in shown],
        "marker": {"color": [_CLASSES.get(part.class_, _CLASSES["Other"]) for part in shown]},
        "textposition": "outside",
        "cliponaxis": False,
        "text": [f"{part.share * 100:.0f}{THIN}%" for part in shown],
        "customdata": [part.done for part in shown],
        "hovertemplate": hover(_("{name}: {count} items", name="%{y}", count="%{customdata[1]}")),
        "showlegend": False,
    }
    layout = figure_layout(text, hovermode="closest", bargap=0.3)
    layout["xaxis"] = layout["xaxis"] | {"type": "linear", "tickformatstops": [], "ticksuffix": f"{THIN}%", "nticks": 5}
    # Room for the share that stands behind the longest bar, on a phone too.
    layout["xaxis"] |= {"range": [0, max((part.share for part in shown), default=1) * 122]}
    layout["yaxis"] = layout["yaxis"] | {"type": "category", "nticks": 0}
    return {"data": [clickable(bars, [f"class:{part.class_}" for part in shown])], "layout": layout}
