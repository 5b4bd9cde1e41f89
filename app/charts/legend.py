"""The legend of a figure. It stands beside the figure as text, since text wraps better on a phone."""

from __future__ import annotations

from typing import Any

from app.charts.days_off import HATCHED
from app.charts.style import WARM


def legend(figure: dict[str, Any]) -> list[tuple[dict[str, str], str]]:
    """The style (CSS by camel-cased names) of a sample of each named trace, and its name."""
    entries = []
    for trace in figure["data"]:
        # Bars of one trace may mean different things by their colours.
        own_entries = trace.get("meta", {}).get("legend", ())
        entries += [({"background": colour, "height": "12px"}, name) for name, colour in own_entries]
        if trace.get("name") and trace.get("showlegend", True):
            entries.append((_swatch(trace), trace["name"]))
    return entries


def _is_dash(trace: dict[str, Any]) -> bool:
    symbol = trace.get("marker", {}).get("symbol")
    return isinstance(symbol, str) and symbol.startswith("line-") and "markers" in trace.get("mode", "")


def _swatch(trace: dict[str, Any]) -> dict[str, str]:
    if "fillcolor" in trace:
        return {"background": trace["fillcolor"], "height": "12px"}
    if _is_dash(trace):
        # A mark that is drawn as a stroke is one in the legend, too.
        stroke = trace["marker"].get("line", trace["marker"])
        return {"borderTop": f"{stroke.get('width', 2)}px solid {stroke['color']}"}
    if "pattern" in trace.get("marker", ()):
        return {"background": HATCHED, "height": "12px"}
    if "line" not in trace and "marker" in trace:
        colour = trace["marker"]["color"]
        # Of single points in the colour of an exception the first usual one stands for all.
        shown = colour if isinstance(colour, str) else next((each for each in colour if each != WARM), WARM)
        size = {"height": "12px"} if trace.get("type") == "bar" else {"height": "9px", "width": "9px"}
        shape = (
            {"transform": "rotate(45deg)"} if trace["marker"].get("symbol") == "diamond" else {"borderRadius": "50%"}
        )
        return {"background": shown, **size} | ({} if trace.get("type") == "bar" else shape)
    line = trace["line"]
    if trace.get("fill") and "color" in line:
        # An area without a colour of its own has that of its edge, half seen through.
        return {"background": line["color"], "opacity": "0.6", "height": "12px"}
    style = {"dot": "dotted", "dash": "dashed"}.get(line.get("dash", ""), "solid")
    return {"borderTop": f"{line['width']}px {style} {line['color']}"}
