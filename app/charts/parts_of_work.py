"""The work in parts beside each other: done, in progress, not begun, and what is only expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.charts.style import ACCENT, NEUTRAL, ChartText, clickable, figure_layout, hover
from app.charts.text import plain
from app.words import N_, _

_GREEN = "#3f8f5b"
_STATES = (
    ("done", N_("Done"), _GREEN, ""),
    ("doing", N_("In progress"), ACCENT, ""),
    ("todo", N_("Not started"), NEUTRAL, ""),
    ("expected", N_("Expected"), NEUTRAL, "/"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One part. `shows`: what is behind each of its pieces, in their order; empty where nothing is."""

    name: str
    done: float
    doing: float
    todo: float
    expected: float = 0.0
    shows: tuple[str, str, str, str] = ("", "", "", "")


def parts_figure(bars: Sequence[Bar], text: ChartText) -> dict[str, Any] | None:
    """None without any part."""
    if not bars:
        return None
    layout = figure_layout(text, barmode="stack", bargap=0.25, hovermode="closest")
    layout["xaxis"] = layout["xaxis"] | {"type": "category", "tickangle": "auto", "nticks": 0}
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": text.unit}}
    pieces = [_piece(bars, at, text) for at in range(len(_STATES)) if any(getattr(bar, _STATES[at][0]) for bar in bars)]
    return {"data": pieces, "layout": layout}


def _piece(bars: Sequence[Bar], at: int, text: ChartText) -> dict[str, Any]:
    name, label, colour, pattern = _STATES[at]
    there = [bar for bar in bars if getattr(bar, name)]
    trace = {
        "type": "bar",
        "name": _(label),
        "x": [plain(bar.name) for bar in there],
        "y": [getattr(bar, name) for bar in there],
        "marker": {"color": colour, **({"pattern": {"shape": pattern}} if pattern else {})},
        "hovertemplate": hover("%{x}: %{y:,.4~g} " + f"{text.unit}, {_(label)}"),
    }
    shows = [bar.shows[at] for bar in there]
    return clickable(trace, shows) if all(shows) else trace
