"""The bar below the header: which work, which days, as of when, how counted; the same on every page, in the address."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dash import dcc, html

from app.actions import jira
from app.actions.import_log import imports_of
from app.domain.items import Unit
from app.formats import plural
from app.web.components import picker
from app.web.page import Visit, default_days
from app.web.parts import sync_line

_DAYS = (("3m", "Last 3 months"), ("6m", "Last 6 months"), ("1y", "Last year"), ("all", "All days"))
_FROM_TO = "from-to"


def build(visit: Visit) -> list[Any]:
    """Nothing while there is no work to look at."""
    if visit.query is None:
        return []
    return [
        html.Div([*_work(visit), _days(visit), _as_of(visit), _unit(visit)], className="selection"),
        html.Div(_data(visit), className="data-of"),
        *_said(visit),
    ]


def _work(visit: Visit) -> list[Any]:
    """The chips of what differs from all work; each goes away with its cross."""
    choice = visit.choice
    chips = [
        *([_chip(visit, f"Sprint: {choice.sprint}", sprint=None)] if choice.sprint else []),
        *([_chip(visit, f"Learns from {choice.window} weeks", window=None)] if choice.window else []),
    ]
    sprints = [sprint.name for sprint in visit.analysis.facts.sprints]
    if not sprints or choice.sprint:
        return chips or [html.Span("All work", className="all-work")]
    newest = [(name, name) for name in reversed(sprints)]
    field = picker("sprint", None, newest, "One sprint only", placeholder="All work", clearable=True, w=170, size="xs")
    return [*chips, field]


def _chip(visit: Visit, text: str, **without: Any) -> Any:
    cross = html.Span(" ✕", **{"aria-hidden": "true"})
    off = html.Span(", take it away", className="unseen")
    return dcc.Link([text, cross, off], href=visit.here(**without), className="chip")


def _days(visit: Visit) -> Any:
    chosen = visit.choice.days or default_days(visit.analysis)
    both = ".." in chosen
    options = [*_DAYS, (_FROM_TO, "From – to …")]
    parts = [picker("days", _FROM_TO if both else chosen, options, "Which days are drawn", w=150, size="xs")]
    first, _, last = chosen.partition("..")
    if both:
        parts.append(html.Span(className="day-field", **{"data-name": "days-from", "data-value": first}))
        parts.append(html.Span(className="day-field", **{"data-name": "days-to", "data-value": last}))
    return html.Div(parts, className="with-fields")


def _as_of(visit: Visit) -> Any:
    """The time machine: any day that is past, as it was known then."""
    day = visit.choice.as_of
    today = visit.analysis.params.calendar.day_of(visit.ctx.clock())
    data = {"data-name": "as-of", "data-value": day.isoformat() if day else "", "data-max": today.isoformat()}
    field = html.Span(className="day-field", **data, **{"data-label": "As of"})
    if day is None:
        return html.Div([html.Span("As of today", className="as-of-words"), field], className="with-fields as-of")
    return html.Div([_chip(visit, f"As of {visit.formats.short(day)}", as_of=None), field],
                    className="with-fields as-of")  # fmt: skip


def _unit(visit: Visit) -> Any:
    unit = visit.analysis.params.unit
    estimated = any(issue.points is not None for issue in visit.analysis.facts.issues) or not visit.analysis.has_items
    if not estimated and unit is Unit.ITEMS:
        return html.Span("Items", title="Nothing is estimated, so there is nothing to count in points.")
    return picker("unit", str(unit), [("items", "Items"), ("points", "Points")], "Counted in", w=95, size="xs")


def _said(visit: Visit) -> list[Any]:
    """What the present selection does, in a line."""
    day = visit.choice.as_of
    if day is None:
        return []
    back = dcc.Link("Back to today", href=visit.here(as_of=None))
    words = f"You look at {visit.formats.short(day)} as it was known then. "
    return [html.P([words, back], className="bar-note", role="status")]


def _data(visit: Visit) -> list[Any]:
    """From when the data are, and how to get newer ones."""
    at = data_of(visit)
    words = "No data yet" if at is None else f"Data of {_instant(visit, at)}"
    return [dcc.Link(words, href=visit.href("/data/sources")), *sync_line.button(visit), *_doubts(visit)]


def data_of(visit: Visit) -> datetime | None:
    """When data last came in; None when none did."""
    if visit.query is None:
        return None
    data = visit.analysis.facts.project_data
    synced = jira.last_sync(data, visit.query)
    known = [visit.query.updated_at, synced.at if synced else None, *(one.at for one in imports_of(data))]
    return max((at for at in known if at is not None), default=None)


def _instant(visit: Visit, at: datetime) -> str:
    """Today with the minute, else the day."""
    local, now = at.astimezone(), visit.ctx.clock().astimezone()
    if local.date() == now.date():
        return f"today {local.strftime('%H:%M')}"
    return "yesterday" if local.date() == now.date() - timedelta(days=1) else visit.formats.short(local.date())


def _doubts(visit: Visit) -> list[Any]:
    """What makes the numbers doubtful, counted; the page of trust says which."""
    result = visit.analysis.forecast
    count = len(getattr(result, "warnings", ()))
    if not count:
        return []
    words = f"{count} {plural(count, 'doubt')}"
    return [dcc.Link(words, href=visit.here(show="doubts"), className="doubts")]
