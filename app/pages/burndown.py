"""Burndown: burnup and burndown with the true scope line and the fan, the weeks, and every change of scope."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dash import Input, Output, State, dcc, html

from app.charts.burndown import burndown_figure, burnup_figure
from app.charts.marks import marks_of
from app.charts.throughput import throughput_figure
from app.context import Context
from app.domain.analysis import Analysis
from app.domain.burndown import Burndown
from app.domain.forecast import Forecast
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from app.formats import Formats, plural
from app.web.components import (
    amount,
    card,
    chart,
    choice,
    empty_state,
    link_button,
    number_button,
    page_title,
    picker,
    table,
)
from app.web.page import Page, Visit, visit_of
from app.web.shell import URL, browser_formats

_SPANS = (("6m", "Half a year"), ("1y", "A year"), ("all", "All"))
_SPAN_DAYS = {"6m": 183, "1y": 365}
_WINDOWS = (6, 8, 12, 16, 26, 52)
_LOG_ROWS = 25

# Where what comes after the first chart is put.
_WEEKS, _CHANGES = "weeks-chart", "scope-changes"


def layout(visit: Visit) -> Any:
    analysis = visit.analysis
    unit = analysis.params.unit
    return html.Div(
        [
            page_title("Burndown", *_controls(visit, analysis, unit)),
            _progress(visit, analysis, unit),
            _weeks(visit, analysis),
            _log(visit, analysis),
        ],
        className="page",
    )


def _controls(visit: Visit, analysis: Analysis, unit: Unit) -> list[Any]:
    controls = [
        choice("chart", visit.choice.chart or "burnup", [("burnup", "Burnup"), ("burndown", "Burndown")], "Chart"),
        choice("unit", str(unit), [("items", "Items"), ("points", "Points")], "Count in items or points"),
        choice("span", _span(visit, analysis), _SPANS, "How far back"),
    ]
    sprints = [sprint.name for sprint in analysis.facts.sprints]
    if sprints:
        newest_first = [(name, name) for name in reversed(sprints)]
        controls.append(picker("sprint", visit.choice.sprint, newest_first, "Show one sprint only",
                               placeholder="All sprints", clearable=True, allowDeselect=True, w=180))  # fmt: skip
    return controls


def _span(visit: Visit, analysis: Analysis) -> str:
    """As chosen; else all of a short history and a year of a long one, where the recent past would be a speck.

    A year in which nothing happened would be a flat line: then all of it after all.
    """
    if visit.choice.span:
        return visit.choice.span
    burndown = analysis.burndown
    if not isinstance(burndown, Burndown) or not burndown.days or _age(burndown) <= 2 * 365:
        return "all"
    return "1y" if _moved_since(burndown, analysis.as_of - timedelta(days=_SPAN_DAYS["1y"])) else "all"


def _moved_since(burndown: Burndown, first: date) -> bool:
    last = burndown.days[-1]
    return any((day.scope, day.done) != (last.scope, last.done) for day in reversed(burndown.days) if day.day >= first)


def _age(burndown: Burndown) -> int:
    return (burndown.days[-1].day - burndown.days[0].day).days


def _since(visit: Visit, analysis: Analysis) -> date | None:
    days = _SPAN_DAYS.get(_span(visit, analysis))
    return None if days is None else analysis.as_of - timedelta(days=days)


# -- the chart ------------------------------------------------------------------------------------------


def _progress(visit: Visit, analysis: Analysis, unit: Unit) -> Any:
    burndown = analysis.burndown
    if isinstance(burndown, NotEnoughData):
        return card(empty_state("No chart yet", burndown.reason, link_button("Add data", "/data")))
    result = _shown_forecast(visit, analysis, burndown)
    draw = burndown_figure if visit.choice.chart == "burndown" else burnup_figure
    figure = draw(burndown, result, marks_of(analysis, visit.formats), visit.chart_text(unit), _since(visit, analysis))
    summary = _summary(burndown, result, visit.formats, unit)
    hints = [] if burndown.scope_membership_known else [html.P(_UNKNOWN_SCOPE, className="quiet")]
    return card(chart(figure, summary, summary, "tall"), *hints)


def _shown_forecast(visit: Visit, analysis: Analysis, burndown: Burndown) -> Forecast | None:
    """None for a sprint that is over: what came after it is not its future."""
    result = analysis.forecast
    if not isinstance(result, Forecast) or not burndown.days:
        return None
    is_over = visit.choice.sprint is not None and burndown.days[-1].day < result.as_of - timedelta(days=1)
    return None if is_over else result


_UNKNOWN_SCOPE = (
    "This data has no change history: issues count from the day they were created, and estimates are today's."
)


def _summary(burndown: Burndown, result: Forecast | None, formats: Formats, unit: Unit) -> str:
    if not burndown.days:
        return "Nothing has happened yet."
    first, last = burndown.days[0], burndown.days[-1]
    text = (
        f"From {formats.day(first.day)} to {formats.day(last.day)} the scope went from {formats.number(first.scope)} "
        f"to {amount(formats, last.scope, unit)}; {formats.number(last.done)} are done, "
        f"{formats.number(last.remaining)} remain."
    )
    if result is None or not result.fan:
        return text
    return f"{text} The shaded fan holds 7 in 10 simulated futures; at the dots 50 and 85 in 100 are done."


# -- throughput -----------------------------------------------------------------------------------------


def _weeks(visit: Visit, analysis: Analysis) -> Any:
    throughput = analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return card(html.P(throughput.reason, className="quiet"), title="Finished per week")
    window = analysis.params.window or len(throughput.weeks)
    lengths = sorted({*_WINDOWS, window})
    lengths_picker = picker("window", str(window), [(str(one), f"Last {one} weeks") for one in lengths],
                            "How many weeks the forecast learns from", w=150)  # fmt: skip
    return card(
        html.Div(id=_WEEKS, className="later"),
        _sweeps(throughput, visit.formats),
        title="Finished per week",
        beside=html.Div(
            [
                dcc.Link("Correct a week", href="/data/weeks" + visit.choice.search()),
                "Forecast learns from",
                lengths_picker,
            ],
            className="beside",
        ),
    )


def weeks_chart(visit: Visit) -> Any:
    analysis = visit.analysis
    throughput = analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return None
    figure = throughput_figure(throughput, visit.chart_text(analysis.params.unit), _since(visit, analysis))
    summary = _weeks_summary(throughput, visit.formats)
    return chart(figure, summary, summary)


def _weeks_summary(throughput: Throughput, formats: Formats) -> str:
    count, empty = len(throughput.window), sum(week.done == 0 for week in throughput.window)
    if empty == count:
        return f"Nothing was finished in the last {count} {plural(count, 'week')}, which the forecast would learn from."
    zeros = f", {empty} of them without a finish" if empty else ""
    done, new = (formats.number(round(pace, 1)) for pace in (throughput.pace, throughput.created_pace))
    return (
        f"The forecast learns from the {count} blue {plural(count, 'week')}{zeros}: {done} finished and {new} new a "
        f"week.{' The pale week is not over.' if throughput.running else ''}{_corrected_summary(throughput)}"
    )


def _corrected_summary(throughput: Throughput) -> str:
    count = sum(week.is_corrected for week in throughput.weeks)
    return f" {count} {plural(count, 'week was', 'weeks were')} corrected by hand (framed)." if count else ""


def _sweeps(throughput: Throughput, formats: Formats) -> Any:
    rows = [
        html.P(
            f"{sweep.finished} issues were finished on {formats.day(sweep.day)}. If that was a clean-up rather than "
            "work, the pace looks higher than it is: correct that week.",
            className="warning",
        )
        for sweep in throughput.sweeps[-3:]
    ]
    return html.Div(rows)


# -- scope changes --------------------------------------------------------------------------------------


def _log(visit: Visit, analysis: Analysis) -> Any:
    burndown = analysis.burndown
    if isinstance(burndown, NotEnoughData) or not burndown.changes:
        return card(html.P("The scope has not changed.", className="quiet"), title="Scope changes")
    return card(html.Div(id=_CHANGES), title="Scope changes")


def scope_changes(visit: Visit) -> Any:
    burndown, formats = visit.analysis.burndown, visit.formats
    if isinstance(burndown, NotEnoughData):
        return None
    latest = list(enumerate(burndown.changes))[::-1][:_LOG_ROWS]
    # Weekly numbers do not name issues.
    named = any(change.keys for _, change in latest)
    header = ("Day", "What", "Amount", "Issues") if named else ("Day", "What", "Amount")
    rows = [
        [formats.short(change.day), change.kind.capitalize(), _opener(at, change.amount, formats), _keys(change.keys)][
            : len(header)
        ]
        for at, change in latest
    ]
    total = len(burndown.changes)
    hint = f"The latest {_LOG_ROWS} of {formats.number(total)}." if total > _LOG_ROWS else ""
    return table(header, rows, caption=hint, numeric=(2,), name="long")


def _opener(at: int, value: float, formats: Formats) -> Any:
    text = formats.signed(value)
    return number_button(text, f"change:{at}", f"Scope change of {text}")


def _keys(keys: tuple[str, ...]) -> str:
    shown = ", ".join(keys[:4])
    return f"{shown} and {len(keys) - 4} more" if len(keys) > 4 else shown


PAGE = Page("/burndown", "Burndown", layout)


@PAGE.callback(Output(_WEEKS, "children"), Input(_WEEKS, "id"), State(URL, "search"))
def show_weeks(ctx: Context, there: str, search: str | None) -> Any:
    """After the page: the chart below the first would keep the first from being seen."""
    return weeks_chart(visit_of(ctx, search, browser_formats()))


@PAGE.callback(Output(_CHANGES, "children"), Input(_CHANGES, "id"), State(URL, "search"))
def show_changes(ctx: Context, there: str, search: str | None) -> Any:
    """After the page: its many small parts take the browser longer than the chart."""
    return scope_changes(visit_of(ctx, search, browser_formats()))
