"""Burndown and burnup: what was, with the true scope line, and the fan of what may come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.charts.days_off import with_days_off
from app.charts.style import ACCENT, ACCENT_PALE, NEUTRAL, PALE, WARM, ChartText, clickable, figure_layout
from app.charts.text import plain
from app.domain.burndown import Burndown, BurndownDay
from app.domain.forecast import FanWeek, Forecast
from app.words import _
from app.words.formats import THIN

# More points than a wide screen has pixels for a line only cost bytes.
_POINTS = 600


@dataclass(frozen=True, slots=True)
class Mark:
    """A day to be marked: the deadline (`strong`) or a milestone."""

    day: date
    name: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class _Marked:
    """Marks and the end of the chart where their names have room: opposite to where the fan ends."""

    marks: Sequence[Mark]
    top: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was said on a past day: how much was left then, and the days of even odds and of 85 %."""

    as_of: date
    left: float
    even: date
    sure: date


def burndown_figure(
    burndown: Burndown,
    forecast: Forecast | None,
    marks: Sequence[Mark],
    text: ChartText,
    since: date | None = None,
    earlier: Sequence[Earlier] = (),
) -> dict[str, Any]:
    """Remaining work, the ideal line, the fan falling to zero; faint the fans of `earlier` forecasts."""
    days = shown_days(burndown.days, since)
    data = [_faint(each, each.left, 0.0, is_first=not at) for at, each in enumerate(earlier)]
    data += [_line(_("Left"), days, [day.remaining for day in days], ACCENT, "open")]
    if burndown.ideal:
        ideal = [(day, value) for day, value in burndown.ideal if since is None or day >= since]
        data.append(_dotted(_("Straight to the deadline"), ideal))
    fan = forecast.fan if forecast else ()
    if fan:
        data += _fan([(week.day, week.low, week.middle, week.high) for week in fan])
        data += _answer_points(forecast, 0.0)
    layout = _layout(text, _Marked(marks, top=True), _span(days, fan), "tozero")
    return _with_days_off({"data": data, "layout": layout}, text, _span(days, fan))


def burnup_figure(
    burndown: Burndown,
    forecast: Forecast | None,
    marks: Sequence[Mark],
    text: ChartText,
    since: date | None = None,
    earlier: Sequence[Earlier] = (),
) -> dict[str, Any]:
    """Done work climbing to the scope line; the fan is measured against today's scope, faint the earlier ones against
    the scope of their day."""
    days = shown_days(burndown.days, since)
    done = {day.day: day.done for day in days}
    data = [_faint(each, done.get(each.as_of, 0.0), done.get(each.as_of, 0.0) + each.left, is_first=not at)
            for at, each in enumerate(earlier) if each.as_of in done]  # fmt: skip
    data += [
        _line(_("Scope"), days, [day.scope for day in days], NEUTRAL, "scope"),
        _line(_("Done"), days, [day.done for day in days], ACCENT, "done"),
    ]
    fan = forecast.fan if forecast else ()
    if fan and days:
        scope = days[-1].done + fan[0].middle
        # The best futures have the least left, so they are the upper edge of the fan here.
        data += _fan([(week.day, scope - week.low, scope - week.middle, scope - week.high) for week in fan])
        data.append(_dotted(_("Scope as of today"), [(days[-1].day, scope), (fan[-1].day, scope)], legend=False))
        data += _answer_points(forecast, scope)
    # A short stretch of a long history starts far above zero: from zero its lines would be flat.
    from_zero = not days or since is None or days[0].done < 0.5 * days[-1].scope
    mode = "tozero" if from_zero else "normal"
    layout = _layout(text, _Marked(marks, top=False), _span(days, fan), mode)
    return _with_days_off({"data": data, "layout": layout}, text, _span(days, fan))


def _with_days_off(figure: dict[str, Any], text: ChartText, span: tuple[date, date] | None) -> dict[str, Any]:
    return figure if span is None else with_days_off(figure, text, *span)


def _faint(earlier: Earlier, begin: float, end: float, is_first: bool) -> dict[str, Any]:
    """A thin wedge from what was then to the two days that were said."""
    days = (earlier.as_of, earlier.even, earlier.sure, earlier.as_of)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": _("As it was said before"),
        "x": [day.isoformat() for day in days],
        "y": [begin, end, end, begin],
        "fill": "toself",
        "fillcolor": "rgba(125, 133, 144, 0.16)",
        "line": {"color": PALE, "width": 1},
        "hoverinfo": "skip",
        "showlegend": is_first,
    }


def shown_days(days: Sequence[BurndownDay], since: date | None) -> list[BurndownDay]:
    """The days from `since` on, thinned to what a screen can show; the first and last always stay."""
    recent = [day for day in days if since is None or day.day >= since]
    step = max(1, -(-len(recent) // _POINTS))
    thinned = recent[::-1][::step][::-1]
    if recent and thinned[0] is not recent[0]:
        thinned.insert(0, recent[0])
    return thinned


def _line(name: str, days: Sequence[BurndownDay], values: Sequence[float], colour: str, show: str) -> dict[str, Any]:
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [day.day.isoformat() for day in days],
        "y": list(values),
        "line": {"color": colour, "width": 2.5, "shape": "hv"},
        "hovertemplate": "%{y:,.6~g}",
    }
    return clickable(line, [f"{show}:{day.day.isoformat()}" for day in days])


def _dotted(name: str, points: Sequence[tuple[date, float]], legend: bool = True) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [day.isoformat() for day, _ in points],
        "y": [value for _, value in points],
        "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"},
        "hoverinfo": "skip",
        "showlegend": legend,
    }


def _fan(weeks: Sequence[tuple[date, float, float, float]]) -> list[dict[str, Any]]:
    """(day, best 15 %, middle, worst 15 %): an area between the edges and a dashed line for the middle."""
    x = [day.isoformat() for day, *_ in weeks]
    edge = {"type": "scatter", "mode": "lines", "x": x, "line": {"width": 0}, "hoverinfo": "skip"}
    return [
        edge | {"y": [low for _, low, _, _ in weeks], "showlegend": False},
        edge
        | {
            "y": [high for *_, high in weeks],
            "name": _("15 to 85 %"),
            "fill": "tonexty",
            "fillcolor": ACCENT_PALE,
        },
        {
            "type": "scatter",
            "mode": "lines",
            "name": _("Even odds"),
            "x": x,
            "y": [middle for _, _, middle, _ in weeks],
            "line": {"color": ACCENT, "width": 2, "dash": "dash"},
            "hovertemplate": "%{y:,.4~g}",
        },
    ]


def _answer_points(forecast: Forecast | None, height: float) -> list[dict[str, Any]]:
    """Where half, and 85 in 100, of the futures are done: the two dates of the answer."""
    dates = forecast.dates if forecast else {}
    labelled = [(dates.get(level), f"{level}{THIN}%") for level in (50, 85)]
    points = [(day, label) for day, label in labelled if day is not None]
    if not points:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [day.isoformat() for day, _ in points],
            "y": [height] * len(points),
            "text": [label for _, label in points],
            "textposition": ["top left", "top right"][-len(points) :],
            "textfont": {"size": 12},
            "marker": {"color": ACCENT, "size": 9},
            "hoverinfo": "skip",
            "showlegend": False,
            "cliponaxis": False,
        }
    ]


def _span(days: Sequence[BurndownDay], fan: Sequence[FanWeek]) -> tuple[date, date] | None:
    if not days:
        return None
    return days[0].day, fan[-1].day if fan else days[-1].day


def _layout(text: ChartText, marked: _Marked, span: tuple[date, date] | None, mode: str) -> dict[str, Any]:
    """A mark that lies far beyond what is drawn would squeeze everything else: it is left out."""
    layout = figure_layout(text)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": text.unit}, "rangemode": mode}
    if span is None:
        return layout
    first, last = span
    reach = last + (last - first) / 2
    shown = [mark for mark in marked.marks if first <= mark.day <= reach]
    end = max([last, *(mark.day for mark in shown)])
    layout["xaxis"] = layout["xaxis"] | {"range": [first.isoformat(), (end + (end - first) / 16).isoformat()]}
    layout["shapes"] = [mark_line(mark) for mark in shown]
    layout["annotations"] = mark_labels(shown, first, end, marked.top)
    return layout


def mark_labels(marks: Sequence[Mark], first: date, end: date, top: bool = True) -> list[dict[str, Any]]:
    """The names of marks in a chart from `first` to `end`."""
    middle = first + (end - first) / 2
    ordered = sorted(marks, key=lambda mark: mark.day)
    return [_mark_label(mark, at, top, mark.day < middle) for at, mark in enumerate(ordered)]


def mark_line(mark: Mark) -> dict[str, Any]:
    """A mark from the bottom of a chart to its top."""
    line = {"color": WARM, "width": 2} if mark.strong else {"color": NEUTRAL, "width": 1.5, "dash": "dot"}
    day = mark.day.isoformat()
    return {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": "below"}


def _mark_label(mark: Mark, at: int, top: bool, early: bool) -> dict[str, Any]:
    """Each a line below (or above) the one before, on a ground of its own, so that no other mark's line crosses it.

    It stands on the side of its line where the chart has room.
    """
    return {
        "x": mark.day.isoformat(),
        "y": 1 if top else 0,
        "yref": "paper",
        "xanchor": "left" if early else "right",
        "yanchor": "top" if top else "bottom",
        "yshift": -20 * at if top else 20 * at,
        "xshift": 4 if early else -4,
        "text": plain(mark.name),
        "showarrow": False,
        "font": {"size": 12},
        # The style sheet gives the ground the colour of the card in light and dark.
        "bgcolor": PALE,
        "borderpad": 1,
    }
