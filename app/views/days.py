"""Which days are drawn: what is chosen, else what suits the history."""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.analysis import Analysis
from app.domain.burndown import Burndown

# How far back is drawn, in days; beside these `ALL`.
SPANS = {"3m": 92, "6m": 183, "1y": 366}
ALL = "all"


def first_drawn(span: str, analysis: Analysis) -> date | None:
    """The first day of a span that ends now; None: no bound."""
    return None if span == ALL else analysis.as_of - timedelta(days=SPANS[span])


def default_days(analysis: Analysis) -> str:
    """Half a year, or more where that would be a flat line: a year, or all there is."""
    burndown = analysis.burndown
    if not isinstance(burndown, Burndown) or not burndown.days:
        return ALL
    last = burndown.days[-1]
    age = (last.day - burndown.days[0].day).days
    moved = next((day.day for day in reversed(burndown.days) if (day.scope, day.done) != (last.scope, last.done)), None)
    # A short history is shown whole: half of it would hide how it began.
    spans = [span for span, days in SPANS.items() if span != "3m" and age > days * 1.5]
    shown = [span for span in spans if moved and moved >= analysis.as_of - timedelta(days=SPANS[span])]
    return shown[0] if shown else ALL
