"""Weekly throughput: every week, zeros too; the running one pale because it is not over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.charts.flow import limit_lines
from app.charts.parts import COLOURS, part_name
from app.charts.style import ACCENT, ACCENT_PALE, NEUTRAL, WARM, ChartText, clickable, figure_layout, hover
from app.charts.text import plain
from app.domain.grouping import Part
from app.domain.process_limits import Limits
from app.domain.throughput import Throughput, WeekCount
from app.words import N_, _

# In a longer history the marks of empty weeks would run into one line.
_MARKED_WEEKS = 78


def throughput_figure(
    throughput: Throughput,
    text: ChartText,
    since: date | None = None,
    until: date | None = None,
    limits: Limits | None = None,
) -> dict[str, Any]:
    """Bars per week; those that the forecast samples in the accent colour, the pace as a line over them.

    `limits`: the natural ones of these weeks, drawn over them, those in which something changed in the warm colour.
    """
    weeks = [week for week in throughput.weeks if (since or week.start) <= week.start <= (until or week.start)]
    sampled = {week.start for week in throughput.window}
    signals = {each.start for each in limits.signals} if limits is not None else set()
    colours = [WARM if week.start in signals else ACCENT if week.start in sampled else NEUTRAL for week in weeks]
    if throughput.running is not None and until is None:
        weeks.append(throughput.running)
        colours.append(ACCENT_PALE)
    data = [_bars(weeks, colours, text), _zeros(weeks, throughput, text)]
    if throughput.window:
        window = throughput.window
        data += [_pace(throughput)] if limits is None else limit_lines(limits, window[0].start, window[-1].start)
    layout = figure_layout(text, bargap=0.25)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": _("{unit} finished", unit=text.unit)}}
    return {"data": [trace for trace in data if trace["x"]], "layout": layout}


def split_figure(weeks: Sequence[WeekCount], parts: Sequence[Part], text: ChartText) -> dict[str, Any]:
    """What was finished in each week, its parts one above the other."""
    data = [
        {
            "type": "bar",
            "name": plain(part_name(part.value)),
            "x": [week.start.isoformat() for week in weeks],
            "y": list(part.done),
            "marker": {"color": colour},
        }
        for part, colour in zip(parts, COLOURS, strict=False)
    ]
    layout = figure_layout(text, barmode="stack", bargap=0.25)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": _("{unit} finished", unit=text.unit)}}
    return {"data": data, "layout": layout}


def _bars(weeks: list[WeekCount], colours: list[str], text: ChartText) -> dict[str, Any]:
    bars = {
        "type": "bar",
        "name": _("Finished in the week"),
        "x": [week.start.isoformat() for week in weeks],
        "y": [week.done for week in weeks],
        # A corrected week is framed: what it shows was said by somebody, not counted.
        "marker": {"color": colours, "line": {"color": WARM, "width": [_frame(week) for week in weeks]}},
        "customdata": [_counted(week) for week in weeks],
        "hovertemplate": hover(
            _("{amount} finished in the week from {day}", amount="%{y:,.4~g}", day=text.day_at_x) + "%{customdata[1]}"
        ),
        "showlegend": False,
        "meta": {"legend": [[_(name), colour] for colour, name in _MEANINGS.items() if colour in colours]},
    }
    return clickable(bars, [_show(week) for week in weeks])


_MEANINGS = {
    ACCENT: N_("Weeks the forecast learns from"),
    NEUTRAL: N_("Other weeks"),
    ACCENT_PALE: N_("This week so far"),
}


def _show(week: WeekCount) -> str:
    return f"week:{week.start.isoformat()}"


def _frame(week: WeekCount) -> int:
    return 0 if week.counted_done is None else 2


def _counted(week: WeekCount) -> str:
    if week.counted_done is None:
        return ""
    text = _("corrected by hand: {done:.4g} instead of {counted:.4g}", done=week.done, counted=week.counted_done)
    return f"<br>{text}"


def _zeros(weeks: list[WeekCount], throughput: Throughput, text: ChartText) -> dict[str, Any]:
    """A week without a finish has no bar to see, yet it counts: it gets a mark on the axis.

    In a long history only those weeks do that the forecast learns from.
    """
    marked = weeks if len(weeks) <= _MARKED_WEEKS else throughput.window
    empty = [week for week in marked if week.done == 0 and week is not throughput.running]
    marks = {
        "type": "scatter",
        "mode": "markers",
        "name": _("Nothing finished"),
        "x": [week.start.isoformat() for week in empty],
        "y": [0] * len(empty),
        "marker": {"color": WARM, "size": 7, "symbol": "diamond"},
        "cliponaxis": False,
        "hovertemplate": hover(_("nothing finished in the week from {day}", day=text.day_at_x)),
    }
    return clickable(marks, [_show(week) for week in empty])


def _pace(throughput: Throughput) -> dict[str, Any]:
    first, last = throughput.window[0].start, throughput.window[-1].start
    return {
        "type": "scatter",
        "mode": "lines",
        "name": _("Pace of these weeks"),
        "x": [first.isoformat(), last.isoformat()],
        "y": [throughput.pace, throughput.pace],
        "line": {"color": WARM, "width": 2, "dash": "dash"},
        "hoverinfo": "skip",
    }
