"""Charts that are parted by a field: what the whole is drawn by is drawn once for each portion, in its colour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.charts.burndown import shown_days
from app.charts.days_off import BEFORE, with_days_off
from app.charts.parts import Piece
from app.charts.style import NEUTRAL, PALE, ChartText, clickable, figure_layout, hover
from app.charts.text import plain
from app.domain.bugs import BugWeek
from app.domain.burndown import BurndownDay
from app.domain.cumulative_flow import FlowDay, NetFlowWeek
from app.domain.flow import Point
from app.domain.ledger import ScopeWeek
from app.words import _

Figure = dict[str, Any]


def _bars(
    piece: Piece, starts: Sequence[date], amounts: Sequence[float], shows: Sequence[str], hover_text: str
) -> Figure:
    bars = {
        "type": "bar",
        "name": plain(piece.name),
        "x": [start.isoformat() for start in starts],
        "y": list(amounts),
        "marker": {"color": piece.colour},
        "hovertemplate": hover(hover_text),
    }
    return clickable(bars, [piece.prefix + show for show in shows])


def _area(piece: Piece, days: Sequence[date], values: Sequence[float], shows: Sequence[str]) -> Figure:
    """One upon the other."""
    area = {
        "type": "scatter",
        "mode": "lines",
        "name": plain(piece.name),
        "x": [day.isoformat() for day in days],
        "y": list(values),
        "stackgroup": "portions",
        "fill": "tonexty",
        "line": {"color": piece.colour, "width": 1.5},
        "hovertemplate": hover(f"{plain(piece.name)}: %{{y:,.4~g}}"),
    }
    return clickable(area, [piece.prefix + show for show in shows]) if shows else area


def _one_line(name: str, days: Sequence[date], values: Sequence[float], shows: Sequence[str] = ()) -> Figure:
    """Of the whole, over its portions."""
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [day.isoformat() for day in days],
        "y": list(values),
        "line": {"color": NEUTRAL, "width": 2},
        "hovertemplate": hover(f"{name}: %{{y:,.4~g}}"),
    }
    return clickable(line, shows) if shows else line


def _with_axis(data: list[Figure], text: ChartText, title: str, **more: Any) -> Figure:
    layout = figure_layout(text, **more)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": title}}
    return {"data": data, "layout": layout}


def series_parts_figure(
    lines: Sequence[tuple[Piece, Sequence[Point]]], show: str, unit: str, text: ChartText, adds_up: bool
) -> Figure:
    """A figure over the weeks, one upon the other where that `adds_up`, else a line each."""
    draw = _part_area if adds_up else _part_line
    return _with_axis([draw(piece, points, show) for piece, points in lines], text, unit)


def _part_area(piece: Piece, points: Sequence[Point], show: str) -> Figure:
    days = [point.start for point in points]
    shows = [f"{show}:{day.isoformat()}" for day in days] if show else []
    return _area(piece, days, [point.value or 0 for point in points], shows)


def _part_line(piece: Piece, points: Sequence[Point], show: str) -> Figure:
    there = [(point.start, point.value) for point in points if point.value is not None]
    return _one_line(plain(piece.name), [day for day, _ in there], [value for _, value in there]) | {
        "line": {"color": piece.colour, "width": 2}
    }


def net_parts_figure(lines: Sequence[tuple[Piece, Sequence[NetFlowWeek]]], text: ChartText) -> Figure:
    """Started upwards, finished downwards."""
    data = []
    for piece, weeks in lines:
        starts = [week.start for week in weeks]
        for name, show, amounts, shown in (
            (_("Started"), "arrived", [week.arrived for week in weeks], "%{y}"),
            (_("Finished"), "left", [-week.left for week in weeks], "%{customdata[1]}"),
        ):
            hover_text = f"{plain(piece.name)}, {name}: {shown}"
            bars = _counted_bars(
                piece, starts, amounts, [f"{show}:{start.isoformat()}" for start in starts], hover_text
            )
            data.append(bars | {"showlegend": show == "arrived"})
    return _with_axis(data, text, _("started above, finished below"), barmode="relative", bargap=0.25)


def _counted_bars(
    piece: Piece, starts: Sequence[date], amounts: Sequence[int], shows: list[str], hover_text: str
) -> Figure:
    """Bars that hang down tell at the pointer how many they are, without a sign."""
    bars = _bars(piece, starts, amounts, shows, hover_text)
    return bars | {"customdata": [[show, abs(n)] for show, n in zip(bars["customdata"], amounts, strict=True)]}


def bugs_parts_figure(lines: Sequence[tuple[Piece, Sequence[BugWeek], Sequence[BugWeek]]], text: ChartText) -> Figure:
    """What came upwards, what was fixed downwards."""
    data = []
    for piece, arrived, fixed in lines:
        for name, show, weeks, sign, shown in (
            (_("Arrived"), "bugs-arrived", arrived, 1, "%{y}"),
            (_("Fixed"), "bugs-fixed", fixed, -1, "%{customdata[1]}"),
        ):
            hover_text = f"{plain(piece.name)}, {name}: {shown}"
            starts = [week.start for week in weeks]
            shows = [f"{show}:{start.isoformat()}" for start in starts]
            bars = _counted_bars(piece, starts, [sign * week.count for week in weeks], shows, hover_text)
            data.append(bars | {"showlegend": sign > 0})
    return _with_axis(data, text, _("arrived above, fixed below"), barmode="relative", bargap=0.25)


def scope_parts_figure(lines: Sequence[tuple[Piece, Sequence[ScopeWeek]]], text: ChartText) -> Figure:
    """What each week did to the scope in all, upwards or downwards."""
    data = [
        _bars(
            piece,
            [week.start for week in weeks],
            [week.net for week in weeks],
            [f"net:{week.span}" for week in weeks],
            f"{plain(piece.name)}: %{{y:+,.4~g}}",
        )
        for piece, weeks in lines
    ]
    figure = _with_axis(data, text, _("{unit} a week", unit=text.unit), barmode="relative", bargap=0.25)
    figure["layout"]["yaxis"] |= {"zeroline": True, "zerolinecolor": PALE}
    return figure


def burnup_parts_figure(
    lines: Sequence[tuple[Piece, Sequence[BurndownDay]]],
    whole: Sequence[BurndownDay],
    text: ChartText,
    since: date | None,
    downwards: bool,
) -> Figure:
    """What is done (`downwards`: left) of each portion, up to the scope of the whole."""
    data = []
    for piece, days in lines:
        shown = shown_days(days, since)
        values = [day.remaining if downwards else day.done for day in shown]
        show = "open" if downwards else "done"
        data.append(
            _area(piece, [day.day for day in shown], values, [f"{show}:{day.day.isoformat()}" for day in shown])
        )
    if not downwards:
        shown = shown_days(whole, since)
        scope, shows = [day.scope for day in shown], [f"scope:{day.day.isoformat()}" for day in shown]
        data.append(_one_line(_("Scope"), [day.day for day in shown], scope, shows))
    figure = _with_axis(data, text, text.unit)
    drawn = shown_days(whole, since)
    return with_days_off(figure, text, drawn[0].day, drawn[-1].day, BEFORE) if drawn else figure


def cumulative_parts_figure(
    lines: Sequence[tuple[Piece, Sequence[FlowDay]]], whole: Sequence[FlowDay], strict: bool, text: ChartText
) -> Figure:
    """What was finished of each portion since the left edge, and above it the line of all that was started (`strict`),
    or that is in progress, upon what is finished."""
    step = max(1, -(-len(whole) // 300))
    data = []
    for piece, days in lines:
        shown = days[::-1][::step][::-1]
        opens = f"came:done:{days[0].day.isoformat()}.." if strict else "stood:done:"
        shows = [f"{opens}{day.day.isoformat()}" for day in shown]
        data.append(_area(piece, [day.day for day in shown], [day.done - days[0].done for day in shown], shows))
    shown, base = whole[::-1][::step][::-1], whole[0].done if whole else 0
    above = [(day.in_progress if strict else day.done + day.in_progress) - base for day in shown]
    name, opens = (_("Started"), "came") if strict else (_("In progress"), "stood")
    # As in the chart of the whole: what a point says and opens is the work in progress, which stands upon what is done.
    so_many = {"text": [day.in_progress for day in shown], "hovertemplate": hover(f"{name}: %{{text:,}}")}
    shows = [f"{opens}:in_progress:{day.day.isoformat()}" for day in shown]
    data.append(_one_line(name, [day.day for day in shown], above, shows) | so_many)
    figure = _with_axis(data, text, _("items"))
    return with_days_off(figure, text, shown[0].day, shown[-1].day, BEFORE) if shown else figure
