"""How work flows: ages against the pace of finished work, cycle times, cumulative flow, time in status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.charts.days_off import BEFORE, IN_THE_MIDDLE, with_days_off
from app.charts.parts import COLOURS, part_name, parted
from app.charts.style import (
    ACCENT,
    NEUTRAL,
    PALE,
    WARM,
    ChartText,
    beside_each_other,
    clickable,
    figure_layout,
    hover,
    week_bars,
)
from app.charts.text import plain
from app.domain import ranks
from app.domain.ageing import Age, PaceBand
from app.domain.cumulative_flow import FlowDay, NetFlowWeek
from app.domain.cycle_time import Duration, Durations
from app.domain.flow import Point
from app.domain.grouping import Portion
from app.domain.process_limits import Limits
from app.domain.time_in_status import StatusTime
from app.words import _
from app.words.formats import THIN

Figure = dict[str, Any]

# From light to dark: up to 50, 70, 85 and 95 % of finished items.
_RAMP = (0.10, 0.20, 0.32, 0.46)
_BLUE = "rgba(59, 125, 216, {})"
_GREEN = "#3f8f5b"
# More points than a wide screen has pixels for a line only cost bytes.
_POINTS = 600
# So many dots have room above each other; those of one row stand side by side.
_ROWS = 50
_DOTTED = 110
# The few longest would press all others flat.
_CUT_LEVEL = 98
_LEVELS = ((50, "dot"), (85, "dash"), (95, "solid"))


def ageing_figure(
    ages: Sequence[Age],
    bands: Sequence[PaceBand],
    statuses: Sequence[str],
    text: ChartText,
    portions: Sequence[Portion] = (),
) -> Figure:
    """Columns are `statuses` in the order of the work; a dot is an item, as high as it is old, coloured by portion."""
    columns = {status: at for at, status in enumerate(statuses)}
    top = max([age.days for age in ages] + [max(band.percentiles.values(), default=0) for band in bands], default=1)
    dots = _dots(ages, columns, top, portions)
    data = [*_bands([band for band in bands if band.n and band.status in columns], columns), *dots]
    layout = figure_layout(text, barmode="stack", bargap=0.12, hovermode="closest")
    names = [plain(_short(status)) for status in statuses]
    ticks = {"type": "linear", "tickvals": list(range(len(names))), "ticktext": names, "tickformatstops": []}
    layout["xaxis"] = layout["xaxis"] | ticks | {"range": [-0.6, len(names) - 0.4]}
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": _("days, first and last counted")}, "range": [0, top * 1.08]}
    return {"data": data, "layout": layout}


def _short(name: str) -> str:
    return name if len(name) <= 18 else f"{name[:17]}…"


def _bands(bands: Sequence[PaceBand], columns: Mapping[str, int]) -> list[dict[str, Any]]:
    """Per column the ages at which 50, 70, 85 and 95 % of finished items had left it, one shade each."""
    edges = [[0, *band.percentiles.values()] for band in bands]
    return [
        {
            "type": "bar",
            "name": _("{level} % had left by here", level=level) if level == 50 else f"{level}{THIN}%",
            "x": [columns[band.status] for band in bands],
            "y": [edge[at + 1] - edge[at] for edge in edges],
            "marker": {"color": _BLUE.format(_RAMP[at]), "line": {"width": 0}},
            "hoverinfo": "skip",
        }
        for at, level in enumerate(ranks.LEVELS)
        if bands
    ]


def _dots(
    ages: Sequence[Age], columns: Mapping[str, int], top: int, portions: Sequence[Portion]
) -> list[dict[str, Any]]:
    shown = [age for age in ages if age.status in columns]
    places = _side_by_side([(columns[age.status], age.days * _ROWS // max(1, top)) for age in shown])
    if not portions:
        plainly = {"color": [_tone(age) for age in shown], "size": 10, "line": {"color": "#fff", "width": 1}}
        older = [_sample(_("older than 85 % of the finished ones"))] if any(_tone(age) == WARM for age in shown) else []
        return [_ages_at(shown, places, _("an item in progress"), plainly), *older]
    traces = []
    for name, colour, mine in parted(portions, list(zip(shown, places, strict=True)), [age.key for age in shown]):
        rims = ["#fff" if _tone(age) == ACCENT else WARM for age, _at in mine]
        marker = {"color": colour, "size": 10, "line": {"color": rims, "width": 2}}
        traces.append(_ages_at([age for age, _at in mine], [at for _age, at in mine], plain(name), marker))
    return traces


def _ages_at(shown: Sequence[Age], places: Sequence[float], name: str, marker: Mapping[str, Any]) -> dict[str, Any]:
    dots = {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": list(places),
        "y": [age.days for age in shown],
        "marker": marker,
        "customdata": [[plain(age.key), plain(age.status)] for age in shown],
        "hovertemplate": hover(
            _("{name}: {count} days, in {status}", name="%{customdata[1]}", count="%{y}", status="%{customdata[2]}")
        ),
    }
    return clickable(dots, [f"item:{age.key}" for age in shown])


def _sample(name: str) -> dict[str, Any]:
    """What the dots in the colour of an exception are, for the legend; draws nothing itself."""
    marker = {"color": WARM, "size": 10}
    return {"type": "scatter", "mode": "markers", "name": name, "x": [None], "y": [None], "marker": marker}


def _tone(age: Age) -> str:
    """Warm for what is older than 85 % of finished items were when they left its status."""
    return WARM if (age.band or 0) >= 85 else ACCENT


def _side_by_side(places: Sequence[tuple[int, int]]) -> list[float]:
    """Items of one age in one column stand beside each other instead of upon each other."""
    met: dict[tuple[int, int], int] = {}
    columns = []
    for column, days in places:
        number = met[column, days] = met.get((column, days), -1) + 1
        side = -(-number // 2) * (1 if number % 2 else -1)
        columns.append(column + max(-0.4, min(0.4, side * 0.06)))
    return columns


def cycle_figure(times: Durations, sle_days: int | None, text: ChartText, portions: Sequence[Portion] = ()) -> Figure:
    """A dot per finished item at the day of its finish, coloured by portion; lines at 50, 85 and 95 %."""
    cut = ranks.percentile(times.days, _CUT_LEVEL) * 1.15 if times.n > 50 else max(times.days, default=1) * 1.08
    data = [*_finished(times, sle_days, portions), *_level_lines(times)]
    beyond = [each for each in times.items if each.days > cut]
    if beyond:
        data.append(_beyond(beyond, cut))
    layout = figure_layout(text, hovermode="closest")
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": _("days, first and last counted")}, "range": [0, cut * 1.03]}
    figure = {"data": data, "layout": layout}
    return _with_days_off(figure, times, text)


def _with_days_off(figure: Figure, times: Durations, text: ChartText) -> Figure:
    if not times.items:
        return figure
    return with_days_off(figure, text, times.items[0].done, times.items[-1].done, IN_THE_MIDDLE)


def _finished(times: Durations, sle_days: int | None, portions: Sequence[Portion]) -> list[dict[str, Any]]:
    if not portions:
        tones = [WARM if sle_days and each.days > sle_days else ACCENT for each in times.items]
        longer = [_sample(_("longer than the service level"))] if WARM in tones else []
        return [_took(times.items, _("a finished item"), tones), *longer]
    parts = parted(portions, times.items, [each.key for each in times.items])
    return [_took(mine, plain(name), colour) for name, colour, mine in parts]


def _took(items: Sequence[Duration], name: str, colour: str | list[str]) -> dict[str, Any]:
    dots = {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [each.done.isoformat() for each in items],
        "y": [each.days for each in items],
        "marker": {"color": colour, "size": 7, "opacity": 0.75},
        "customdata": [plain(each.key) for each in items],
        "hovertemplate": hover(_("{name}: {count} days", name="%{customdata[1]}", count="%{y}")),
    }
    return clickable(dots, [f"item:{each.key}" for each in items])


def _level_lines(times: Durations) -> list[dict[str, Any]]:
    if not times.items:
        return []
    ends = [times.items[0].done.isoformat(), times.items[-1].done.isoformat()]
    return [
        {
            "type": "scatter",
            "mode": "lines+text",
            "name": _("{level} % within {days} days", level=level, days=times.percentiles[level]),
            "x": ends,
            "y": [times.percentiles[level]] * 2,
            "text": ["", f"{level}{THIN}%"],
            "textposition": "top left",
            "line": {"color": NEUTRAL, "width": 1.5, "dash": dash},
            "hoverinfo": "skip",
        }
        for level, dash in _LEVELS
    ]


def _beyond(items: Sequence[Any], cut: float) -> dict[str, Any]:
    """What lies above the edge is marked there, with its true number."""
    marks = {
        "type": "scatter",
        "mode": "markers",
        "name": _("above the edge of the chart"),
        "x": [each.done.isoformat() for each in items],
        "y": [cut] * len(items),
        "marker": {"symbol": "triangle-up", "color": WARM, "size": 9},
        "customdata": [[plain(each.key), each.days] for each in items],
        "hovertemplate": hover(_("{name}: {count} days", name="%{customdata[1]}", count="%{customdata[2]}")),
    }
    return clickable(marks, [f"item:{each.key}" for each in items])


def histogram_figure(times: Durations, text: ChartText, portions: Sequence[Portion] = ()) -> Figure:
    """How many items took so many days, those of each portion one above the other."""
    buckets = cycle_buckets(times)
    whole = _how_many(_("finished items"), buckets, [len(keys) for _, _, keys in buckets], ACCENT)
    data = [
        _how_many(plain(part_name(part.value)), buckets, [len(part.keys & {*keys}) for _, _, keys in buckets], colour)
        for part, colour in zip(portions, COLOURS, strict=False)
    ] or [clickable(whole, [f"cycle:{low}-{high}" for low, high, _ in buckets])]
    layout = figure_layout(text, bargap=0.15, barmode="stack")
    layout["xaxis"] = layout["xaxis"] | {"type": "category", "tickformatstops": [], "title": {"text": _("days")}}
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": _("items finished")}}
    return {"data": data, "layout": layout}


def _how_many(
    name: str, buckets: Sequence[tuple[int, int, tuple[str, ...]]], counts: list[int], colour: str
) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "x": [_span_text(low, high) for low, high, _ in buckets],
        "y": counts,
        "marker": {"color": colour},
        "hovertemplate": hover(_("{days} days: {count}", days="%{x}", count="%{y}")),
    }


def _span_text(low: int, high: int) -> str:
    return str(low) if low == high else _("{low} to {high}", low=low, high=high)


def cycle_buckets(times: Durations) -> list[tuple[int, int, tuple[str, ...]]]:
    """(from, to, keys) in equal steps up to the cut, and one for all that took longer."""
    if not times.items:
        return []
    cut = ranks.percentile(times.days, _CUT_LEVEL)
    step = max(1, -(-cut // 20))
    edges = [(low, low + step - 1) for low in range(1, cut + 1, step)]
    longest = max(times.days)
    if longest > edges[-1][1]:
        edges.append((edges[-1][1] + 1, longest))
    return [(low, high, tuple(each.key for each in times.items if low <= each.days <= high)) for low, high in edges]


def cumulative_figure(days: Sequence[FlowDay], strict: bool, with_todo: bool, text: ChartText) -> Figure:
    """Done lowest and from 0 at the left edge, work in progress above it, to do on top where asked for.

    `strict`: `days` count arrivals, which never fall, so the lines are cumulative already.
    """
    shown = _thinned(days)
    base = shown[0].done if shown else 0
    sums = [(day.done, day.in_progress, day.todo) if strict else _stacked(day) for day in shown]
    started, came = (_("Started"), _("Created")) if strict else (_("In progress"), _("Not started"))
    lines = [("done", _("Finished"), _GREEN, 0), ("in_progress", started, ACCENT, 1)]
    lines += [("todo", came, NEUTRAL, 2)] if with_todo else []
    data = []
    for category, name, colour, at in lines:
        line = {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": [day.day.isoformat() for day in shown],
            "y": [each[at] - base for each in sums],
            "fill": "tonexty" if at else "tozeroy",
            "line": {"color": colour, "width": 1.5},
            "text": [getattr(day, category) for day in shown],
            "hovertemplate": hover(
                _("{name}: {count} so far", name=name, count="%{text:,}") if strict else f"{name}: %{{text:,}}"
            ),
        }
        opens = "came" if strict else "stood"
        data.append(clickable(line, [f"{opens}:{category}:{day.day.isoformat()}" for day in shown]))
    layout = figure_layout(text)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": _("items")}}
    figure = {"data": data, "layout": layout}
    return with_days_off(figure, text, shown[0].day, shown[-1].day, BEFORE) if shown else figure


def _stacked(day: FlowDay) -> tuple[int, int, int]:
    return day.done, day.done + day.in_progress, day.done + day.in_progress + day.todo


def _thinned(days: Sequence[FlowDay]) -> list[FlowDay]:
    step = max(1, -(-len(days) // _POINTS))
    shown = list(days[::-1][::step][::-1])
    return shown if not days or shown[0] is days[0] else [days[0], *shown]


def status_figure(times: Sequence[StatusTime], text: ChartText) -> Figure:
    """Days that finished items spent in each status, waiting apart from work; the first on top, the longest alone of
    very many."""
    longest = sorted((each.total_days for each in times), reverse=True)[:15]
    shown = [each for each in times if each.total_days > 0 and each.total_days >= longest[-1]][::-1]
    kinds = (
        (_("Work"), ACCENT, [each for each in shown if _is_work(each) and not each.is_waiting]),
        (_("Waiting"), WARM, [each for each in shown if _is_work(each) and each.is_waiting]),
        (_("Before and after"), NEUTRAL, [each for each in shown if not _is_work(each)]),
    )
    layout = figure_layout(text, hovermode="closest", bargap=0.25)
    # Large numbers stand side by side on a phone, too.
    layout["xaxis"] = layout["xaxis"] | {"type": "linear", "tickformatstops": [], "tickformat": ",", "nticks": 4}
    layout["xaxis"]["title"] = {"text": _("days in all")}
    order = {"categoryorder": "array", "categoryarray": [plain(_short(each.status)) for each in shown]}
    layout["yaxis"] = layout["yaxis"] | {"type": "category", "nticks": 0} | order
    return {"data": [_stay_bars(name, colour, part) for name, colour, part in kinds if part], "layout": layout}


def _stay_bars(name: str, colour: str, times: Sequence[StatusTime]) -> dict[str, Any]:
    bars = {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": [round(each.total_days, 1) for each in times],
        "y": [plain(_short(each.status)) for each in times],
        "marker": {"color": colour},
        "customdata": [[round(each.median_days or 0, 1), each.visits] for each in times],
        "hovertemplate": hover(
            _(
                "{name}: {days} days in all, {median} in the median of {visits} visits",
                name="%{y}",
                days="%{x:,}",
                median="%{customdata[1]}",
                visits="%{customdata[2]}",
            )
        ),
    }
    return clickable(bars, [f"stage:{each.status}" for each in times])


def _is_work(each: StatusTime) -> bool:
    return each.category.value == "in_progress"


def series_figure(
    points: Sequence[Point],
    limits: Limits | None,
    show: str,
    unit: str,
    text: ChartText,
    name: str,
    most: float | None = None,
) -> Figure:
    """A figure over the weeks, with its natural process limits where asked for; signals in the warm colour. `most`: a
    limit that the team set itself."""
    there = [point for point in points if point.value is not None]
    signals = {each.start for each in limits.signals} if limits else set()
    line: dict[str, Any] = {
        "type": "scatter",
        # Of many weeks the dots would run into one thick line.
        "mode": "lines+markers" if len(there) <= _DOTTED or signals else "lines",
        "name": name,
        "x": [point.start.isoformat() for point in there],
        "y": [point.value for point in there],
        "line": {"color": ACCENT, "width": 2},
        "marker": {"color": [WARM if point.start in signals else ACCENT for point in there], "size": 7},
        "hovertemplate": hover(
            _("{count} {unit} in the week from {day}", count="%{y:,.4~g}", unit=unit, day=text.day_at_x)
        ),
    }
    data = [clickable(line, [f"{show}:{point.start.isoformat()}" for point in there]) if show else line]
    if limits is not None and there:
        data += limit_lines(limits, there[0].start, there[-1].start)
    if most is not None and there:
        data.append(_level_line(_("our limit"), most, "dot", there[0].start, there[-1].start))
    layout = figure_layout(text)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": unit}}
    return {"data": data, "layout": layout}


def limit_lines(limits: Limits, first: date, last: date) -> list[dict[str, Any]]:
    """Mean, upper and lower limit from one day to another."""
    levels = [(_("mean"), limits.mean, "solid"), (_("upper limit"), limits.upper, "dash")]
    # A limit below nothing says nothing.
    levels += [(_("lower limit"), limits.lower, "dash")] if limits.lower > 0 else []
    return [_level_line(name, value, dash, first, last) for name, value, dash in levels]


def _level_line(name: str, value: float, dash: str, first: date, last: date) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [first.isoformat(), last.isoformat()],
        "y": [value, value],
        "line": {"color": NEUTRAL, "width": 1, "dash": dash},
        "hoverinfo": "skip",
    }


def net_flow_figure(weeks: Sequence[NetFlowWeek], text: ChartText) -> Figure:
    """What was started and what was finished in each week, beside each other."""
    started = {week.start: week.arrived for week in weeks}
    finished = {week.start: week.left for week in weeks}
    bars = [
        week_bars(_("Started"), "arrived", started, PALE, text),
        week_bars(_("Finished"), "left", finished, ACCENT, text),
    ]
    return beside_each_other(bars, _("items"), text)
