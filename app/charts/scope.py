"""What came into scope and left it, week by week, and what remained of that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.charts.style import ACCENT, NEUTRAL, PALE, WARM, ChartText, clickable, figure_layout, hover
from app.domain.ledger import ScopeWeek
from app.words import N_, _

# In a longer history marks would hide the bars.
_MARKED_WEEKS = 78
# (name, show, field of the week, colour); what goes is drawn downwards.
_KINDS = (
    (N_("Added"), "added", "added", WARM),
    (N_("Removed"), "went", "removed", ACCENT),
    (N_("Re-estimated"), "re-estimated", "re_estimated", PALE),
)


def scope_weeks_figure(weeks: Sequence[ScopeWeek], text: ChartText) -> dict[str, Any]:
    """Bars upwards for what made the scope larger, downwards for what made it smaller; the line is the net of both."""
    drawn = [kind for kind in _KINDS if any(getattr(week, kind[2]) for week in weeks)]
    data = [_bars(weeks, text, *kind) for kind in drawn]
    net = {
        "type": "scatter",
        "mode": "lines+markers" if len(weeks) <= _MARKED_WEEKS else "lines",
        "name": _("Net"),
        "x": [week.start.isoformat() for week in weeks],
        "y": [week.net for week in weeks],
        "line": {"color": NEUTRAL, "width": 1.5},
        "marker": {"size": 5, "color": NEUTRAL},
        "hovertemplate": hover(_("net {amount}", amount="%{y:+,.4~g}")),
    }
    layout = figure_layout(text, barmode="relative", bargap=0.25)
    layout["yaxis"] = layout["yaxis"] | {"title": {"text": _("{unit} a week", unit=text.unit)}, "zeroline": True}
    layout["yaxis"]["zerolinecolor"] = PALE
    return {"data": [*data, clickable(net, [f"net:{week.span}" for week in weeks])], "layout": layout}


def _bars(weeks: Sequence[ScopeWeek], text: ChartText, name: str, show: str, field: str, colour: str) -> dict[str, Any]:
    amounts = [getattr(week, field) for week in weeks]
    bars = {
        "type": "bar",
        "name": _(name),
        "x": [week.start.isoformat() for week in weeks],
        "y": amounts,
        "marker": {"color": colour},
        "hovertemplate": hover(
            _("{what} {amount} in the week from {day}", what=_(name), amount="%{y:+,.4~g}", day=text.day_at_x)
        ),
    }
    return clickable(bars, [f"{show}:{week.span}" for week in weeks])
