"""Sprints: the burndown of one, and what was promised and finished in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.charts.days_off import BEFORE, with_days_off
from app.charts.style import ACCENT, NEUTRAL, PALE, WARM, ChartText, clickable, figure_layout, hover
from app.charts.text import plain
from app.domain.sprints import SprintResult, Velocity
from app.words import _


def sprint_figure(sprint: SprintResult, text: ChartText) -> dict[str, Any]:
    """What was left at the end of each day, from the evening before, and an even pace down to the planned end."""
    days = [day.day.isoformat() for day in sprint.days]
    data: list[dict[str, Any]] = [
        _line(_("In the sprint"), days, [day.scope for day in sprint.days], NEUTRAL, "dot"),
        _line(_("Left"), days, [day.remaining for day in sprint.days], ACCENT, "solid"),
    ]
    if sprint.ideal:
        pace = [day.isoformat() for day, _ in sprint.ideal], [value for _, value in sprint.ideal]
        data.append(_line(_("Even pace"), *pace, PALE, "dash"))
    layout = figure_layout(text)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": text.unit}}
    figure = {"data": data, "layout": layout}
    if not sprint.days:
        return figure
    last = max([sprint.days[-1].day, *(day for day, _ in sprint.ideal[-1:])])
    return with_days_off(figure, text, sprint.days[0].day, last, BEFORE)


def _line(name: str, days: Sequence[str], values: Sequence[float | None], colour: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": list(days),
        "y": list(values),
        # What is in the sprint steps on the day on which something comes or goes.
        "line": {"color": colour, "width": 2, "dash": dash, "shape": "hv" if dash == "dot" else "linear"},
        "hovertemplate": hover(f"{name}: %{{y:,.4~g}}"),
    }


def velocity_figure(sprints: Sequence[SprintResult], velocity: Velocity, text: ChartText) -> dict[str, Any]:
    """Promised and finished in each sprint, oldest first, with the middle of what was finished."""
    shown = sprints[::-1]
    names = [plain(sprint.name) for sprint in shown]
    data = [
        _bars(_("Committed"), "committed", [sprint.committed for sprint in shown], shown, names, PALE),
        _bars(_("Finished"), "completed", [sprint.completed for sprint in shown], shown, names, ACCENT),
    ]
    if velocity.median is not None:
        middle = {
            "type": "scatter",
            "mode": "lines",
            "name": _("Median of the last ones"),
            "x": names,
            "y": [velocity.median] * len(names),
            "line": {"color": WARM, "width": 2, "dash": "dash"},
            "hoverinfo": "skip",
        }
        data.append(middle)
    return {"data": data, "layout": _by_sprint(text)}


def carried_figure(sprints: Sequence[SprintResult], text: ChartText) -> dict[str, Any]:
    """What was open at the close of each sprint, oldest first."""
    shown = [sprint for sprint in sprints[::-1] if sprint.carried_over is not None]
    names = [plain(sprint.name) for sprint in shown]
    amounts = [sprint.carried_over or 0.0 for sprint in shown]
    return {"data": [_bars(_("Carried over"), "carried", amounts, shown, names, WARM)], "layout": _by_sprint(text)}


def _bars(
    name: str, show: str, amounts: Sequence[float], sprints: Sequence[SprintResult], names: Sequence[str], colour: str
) -> dict[str, Any]:
    bars = {
        "type": "bar",
        "name": name,
        "x": list(names),
        "y": list(amounts),
        "marker": {"color": colour},
        "hovertemplate": hover(_("{name} in {sprint}: {amount}", name=name, sprint="%{x}", amount="%{y:,.4~g}")),
    }
    return clickable(bars, [f"sprint-{show}:{sprint.id}" for sprint in sprints])


def _by_sprint(text: ChartText) -> dict[str, Any]:
    layout = figure_layout(text, barmode="group", bargap=0.3, hovermode="closest")
    layout["xaxis"] = layout["xaxis"] | {"type": "category", "tickformatstops": [], "nticks": 0, "tickangle": "auto"}
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": text.unit}}
    return layout
