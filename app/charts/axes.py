"""Where the ticks of a figure's axes stand, by what is drawn: on whole numbers, and no closer than a phone can show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

_FEW = 6
# Days from which on ticks stand so many months apart: the chart library would set them a fortnight apart up to thirteen
# times, and then leave half of a wide chart without one. After these it chooses well.
_MONTHS = ((550, None), (366, 3), (184, 2), (56, 1), (0, None))
# Up to so many days it would set ticks within a day, each with the name of the same day.
_WITHIN_A_DAY = 4
_DAY_MS = 86_400_000


def readable(figure: dict[str, Any]) -> dict[str, Any]:
    """The figure with ticks at whole numbers where few things are counted, at months over two to eighteen of them.

    Over a few days they stand at days. Axes that have ticks of their own keep them. The layout is changed in place.
    """
    layout = figure["layout"]
    for name, more in (("yaxis", _whole(figure)), ("xaxis", _months(figure))):
        axis = layout.get(name, {})
        if not {"dtick", "tickvals"} & axis.keys():
            layout[name] = more | axis
    return figure


def _whole(figure: dict[str, Any]) -> dict[str, Any]:
    axis = figure["layout"].get("yaxis", {})
    if axis.get("type", "linear") != "linear" or "range" in axis:
        return {}
    tops = list(_tops(figure))
    if not tops or max(tops) > _FEW or min(tops) < -_FEW:
        return {}
    # Where all is 0 there is nothing to spread an axis over.
    return {"dtick": 1} if max(tops) >= 1 or min(tops) <= -1 else {"dtick": 1, "range": [0, 1]} if not any(tops) else {}


def _tops(figure: dict[str, Any]) -> Iterator[float]:
    """How far each trace reaches; where they stand upon each other, how far they reach together."""
    together: dict[tuple[Any, bool], float] = defaultdict(float)
    stacked = figure["layout"].get("barmode") in ("stack", "relative")
    for trace in figure["data"]:
        values = [each for each in trace.get("y", ()) if isinstance(each, int | float)]
        yield from values
        if "stackgroup" in trace or (stacked and trace.get("type") == "bar"):
            for x, value in zip(trace.get("x", ()), trace["y"], strict=False):
                together[x, (value or 0) < 0] += value or 0
    yield from together.values()


def _months(figure: dict[str, Any]) -> dict[str, Any]:
    axis = figure["layout"].get("xaxis", {})
    if axis.get("type") != "date":
        return {}
    # A trace that is there for the legend alone stands at no day.
    ends = axis.get("range") or [x for trace in figure["data"] for x in trace.get("x", ()) if x is not None]
    first, last = min(ends, default=None), max(ends, default=None)
    if first is None:
        return {}
    span = (_day(last) - _day(first)).days
    if span <= _WITHIN_A_DAY:
        return {"dtick": _DAY_MS, "tick0": "2000-01-01"}
    apart = next(months for days, months in _MONTHS if span >= days)
    return {"dtick": f"M{apart}", "tick0": "2000-01-01"} if apart else {}


def _day(x: Any) -> date:
    return date.fromisoformat(str(x)[:10])
