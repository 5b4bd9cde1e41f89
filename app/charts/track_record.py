"""The date as it was said week by week, and the share of dates that held against what they promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.charts.style import (
    ACCENT,
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
from app.domain.track_record import HeldAt, Outlook
from app.words import _
from app.words.formats import THIN


def said_figure(weeks: Sequence[Outlook], deadline: date | None, text: ChartText) -> dict[str, Any]:
    """Upwards is later. A dot is pale where the date was not written down then but told from what was known then."""
    lines = [
        _line(weeks, "sure", (_("85 % sure"), ACCENT, "solid"), text),
        _line(weeks, "even", (_("Even odds"), NEUTRAL, "dash"), text),
    ]
    data = [line for line in lines if line["x"]]
    if deadline is not None and weeks:
        data.append(_deadline(weeks, deadline))
    layout = figure_layout(text, hovermode="closest")
    dates = {key: layout["xaxis"][key] for key in ("type", "hoverformat", "tickformatstops")}
    layout["yaxis"] = (
        layout["yaxis"] | dates | {"rangemode": "normal", "title": {"text": _("said to be done by"), "standoff": 14}}
    )
    layout["xaxis"] = layout["xaxis"] | {"title": {"text": _("as of")}}
    return {"data": data, "layout": layout}


def _line(weeks: Sequence[Outlook], field: str, look: tuple[str, str, str], text: ChartText) -> dict[str, Any]:
    """`look`: name, colour and dash."""
    name, colour, dash = look
    known = [week for week in weeks if getattr(week, field) is not None]
    symbols = ["circle" if week.is_stored else "circle-open" for week in known]
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": [week.as_of.isoformat() for week in known],
        "y": [getattr(week, field).isoformat() for week in known],
        "line": {"color": colour, "width": 2, "dash": dash},
        "marker": {"color": colour, "size": 8, "symbol": symbols},
        "hovertemplate": hover(
            _("{name}: {day}, said on {when}", name=name, day=f"%{{y|{text.day}}}", when=text.day_at_x)
        ),
    }
    return clickable(line, [f"said:{week.as_of.isoformat()}" for week in known])


def _deadline(weeks: Sequence[Outlook], deadline: date) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": _("Deadline"),
        "x": [weeks[0].as_of.isoformat(), weeks[-1].as_of.isoformat()],
        "y": [deadline.isoformat()] * 2,
        "line": {"color": WARM, "width": 2},
        "hoverinfo": "skip",
    }


def held_figure(levels: Sequence[HeldAt], text: ChartText) -> dict[str, Any]:
    """What was promised beside what held; the whisker is where the true share lies (90 %)."""
    names = [f"{each.level}{THIN}%" for each in levels]
    shows = [f"held:{each.level}" for each in levels]
    promised = {
        "type": "scatter",
        "mode": "markers",
        "name": _("Promised"),
        "x": names,
        "y": [each.level for each in levels],
        "marker": {"symbol": "line-ew-open", "size": 44, "color": WARM, "line": {"width": 3, "color": WARM}},
        "hovertemplate": hover(_("promised: {share}", share=SHARE_AT_Y)),
    }
    bars = [
        clickable(_bars(names, [getattr(each, which) for each in levels], name, colour), shows)
        for which, name, colour in (("ours", _("Held"), ACCENT), ("usual", _("The usual method's"), NEUTRAL))
    ]
    layout = figure_layout(text, barmode="group", bargap=0.35, hovermode="closest")
    layout["xaxis"] = layout["xaxis"] | {"type": "category", "tickformatstops": [], "title": {"text": _("promised")}}
    layout["yaxis"] = layout["yaxis"] | SHARE_AXIS | {"range": [0, 102], "title": {"text": _("dates that held")}}
    return {"data": [*bars, clickable(promised, shows)], "layout": layout}


def _bars(names: Sequence[str], rates: Sequence[Any], name: str, colour: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "x": list(names),
        "y": percents(each.rate for each in rates),
        "marker": {"color": colour},
        "error_y": {
            "type": "data",
            "array": percents(each.high - each.rate for each in rates),
            "arrayminus": percents(each.rate - each.low for each in rates),
            "color": NEUTRAL,
            "thickness": 1.5,
        },
        "customdata": [each.n for each in rates],
        "hovertemplate": hover(_("{name}: {share} of {count}", name=name, share=SHARE_AT_Y, count="%{customdata[1]}")),
    }
