"""The bar below the header: which work, which days, as of when, how counted; the same on every page, in the address."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from dash import dcc, html

from app.actions import jira
from app.domain.hierarchy import Hierarchy
from app.domain.items import Item, Unit
from app.domain.known import Pace, Sweeps
from app.domain.missing import NotEnoughData
from app.domain.selection import Condition, Values, selection
from app.settings import settings_of
from app.views import trust
from app.views.conditions import conditions_said, field_name, work_said
from app.views.days import default_days
from app.views.trust import TRUST
from app.views.view import NOTHING_ESTIMATED
from app.web.address import Choice
from app.web.components import picker
from app.web.page import Visit
from app.web.parts import sync_line
from app.words import N_, _, n_
from store.documents import imports_of, part_of
from store.records import QueryRef

# The page of all work lists; the bar is of the one looked at.
ALL_PROJECTS = "/projects"
_DAYS = (("3m", N_("Last 3 months")), ("6m", N_("Last 6 months")), ("1y", N_("Last year")), ("all", N_("All days")))
_FROM_TO = "from-to"
_FIELDS = ("type", "status", "version", "epic", "sprint", "label", "component", "priority", "assignee")
_MOST_VALUES = 200


def build(visit: Visit) -> list[Any]:
    """Nothing while there is no work to look at."""
    if visit.query is None:
        return []
    return [
        html.Div([*_work(visit), _days(visit), _as_of(visit), _unit(visit)], className="selection"),
        html.Div(_data(visit), className="data-of"),
        *_selection_lines(visit),
    ]


def _work(visit: Visit) -> list[Any]:
    """The chips of what differs from all work, each with a cross that takes it away; and the way to more of them."""
    choice = visit.choice
    chips = [_field_chip(visit, name, conditions) for name, conditions in selection(choice.where).by_field.items()]
    if choice.window and (visit.profile is None or choice.window != settings_of(visit.profile).window):
        chips.append(_chip(visit, _("Learns from {window} weeks", window=choice.window), window=None))
    if choice.sweeps:
        left_out = choice.sweeps is Sweeps.LEAVE_OUT
        words = _("Without days of tidying up") if left_out else _("With days of tidying up")
        chips.append(_chip(visit, words, sweeps=None))
    address = f"/_fields{choice.search()}"
    more = html.Details(
        [html.Summary(_("+ Filter")), html.Div(className="menu-body", **{"data-fields": address})],
        className="menu filter",
    )
    return [*(chips or [html.Span(_("All work"), className="all-work")]), *([more] if visit.analysis.has_items else [])]


def _field_chip(visit: Visit, name: str, conditions: tuple[Condition, ...]) -> Any:
    kept = tuple(text for text in visit.choice.where if text not in {str(condition) for condition in conditions})
    return _chip(visit, conditions_said(name, conditions), where=kept)


def _chip(visit: Visit, text: str, **without: Any) -> Any:
    cross = html.Span(" ✕", **{"aria-hidden": "true"})
    off = html.Span(_(", take it away"), className="unseen")
    return dcc.Link([text, cross, off], href=visit.here(**without), className="chip")


def _days(visit: Visit) -> Any:
    chosen = visit.choice.days or default_days(visit.analysis)
    both = ".." in chosen
    options = [*_DAYS, (_FROM_TO, _("From – to …"))]
    parts = [picker("days", _FROM_TO if both else chosen, options, _("Which days are drawn"), w=150, size="xs")]
    first, last = chosen.partition("..")[::2]
    if both:
        parts.append(html.Span(className="day-field", **{"data-name": "days-from", "data-value": first}))
        parts.append(html.Span(className="day-field", **{"data-name": "days-to", "data-value": last}))
    return html.Div(parts, className="with-fields")


def _as_of(visit: Visit) -> Any:
    """The time machine: any day that is past, as it was known then."""
    day = visit.choice.as_of
    today = visit.analysis.params.calendar.day_of(visit.ctx.clock())
    data = {"data-name": "as-of", "data-value": day.isoformat() if day else "", "data-max": today.isoformat()}
    field = html.Span(className="day-field", **data, **{"data-label": _("As of")})
    if day is None:
        return html.Div([html.Span(_("As of today"), className="as-of-words"), field], className="with-fields as-of")
    return html.Div([_chip(visit, _("As of {day}", day=visit.formats.short(day)), as_of=None), field],
                    className="with-fields as-of")  # fmt: skip


def _unit(visit: Visit) -> Any:
    unit = visit.analysis.params.unit
    if unit is Unit.ITEMS and visit.analysis.has_items and not visit.analysis.is_estimated:
        return html.Span(_("Items"), title=_(NOTHING_ESTIMATED))
    return picker(
        "unit", str(unit), [("items", _("Items")), ("points", _("Points"))], _("Counted in"), w=112, size="xs"
    )


def _selection_lines(visit: Visit) -> list[Any]:
    """What the present selection does, in a line each."""
    return [
        html.P(words, className="bar-note", role="status")
        for words in (*_then(visit), *_part(visit), *_filtered(visit))
    ]


def _then(visit: Visit) -> list[list[Any]]:
    day = visit.choice.as_of
    if day is None or is_of_today(visit.path):
        return []
    back = dcc.Link(_("Back to today"), href=visit.here(as_of=None))
    return [[_("You look at {day} as it was known then. ", day=visit.formats.short(day)), back]]


def _part(visit: Visit) -> list[list[Any]]:
    """Of a work list that is a part of another one: of which, and what it holds."""
    part = part_of(visit.query) if visit.query is not None else None
    if part is None or visit.query is None:
        return []
    whole = visit.ctx.backend.get_query(QueryRef(visit.query.profile_id, part.query_id))
    if whole is None:
        return [[_("This is a part of a work list that was deleted. Put that back, and it is here again.")]]
    there = dcc.Link(whole.name, href="/" + Choice(whole.profile_id, whole.id).search())
    return [[_("A part of"), " ", there, f": {work_said(part.where)}."]]


def _filtered(visit: Visit) -> list[list[Any]]:
    """How much of the work is seen, and whose pace its forecast has."""
    if visit.path == ALL_PROJECTS:
        return _of_one(visit)
    if is_of_today(visit.path):
        return _of_today(visit)
    if not visit.choice.where:
        return []
    known, write = visit.analysis.known, visit.formats.number
    part, whole = (sum(_is_open(item) for item in items) for items in (known.items, known.team_items))
    words = _(
        "Seen through a filter: {part} of {whole} open items. The forecast is of these only. ",
        part=write(part),
        whole=write(whole),
    )
    reset = dcc.Link(_("Reset"), href=visit.here(where=(), pace=None))
    if visit.query is not None and part_of(visit.query) is None:
        keep = dcc.Link(_("Save as work list"), href=visit.href("/projects", do="new-work"))
        reset = html.Span([keep, " · ", reset])
    return [[words, *_pace(visit), " ", reset]]


def _of_one(visit: Visit) -> list[list[Any]]:
    """Where all work lists stand beside each other, what is chosen of one of them says nothing of the lines."""
    choice = visit.choice
    if visit.query is None or not (choice.where or choice.window or choice.sweeps):
        return []
    words = _(
        "What is filtered or tried out here is of {name} alone: each line below is of a whole work list, "
        "as it is set. ",
        name=visit.query.name,
    )
    return [[words, dcc.Link(_("Reset"), href=visit.here(where=(), pace=None, window=None, sweeps=None))]]


def is_of_today(path: str) -> bool:
    """Whether it shows and changes what is kept, which a filter and a past day leave as it is."""
    return path.startswith("/data/") and path != TRUST.path


def _of_today(visit: Visit) -> list[list[Any]]:
    if not (visit.choice.where or visit.choice.as_of):
        return []
    words = _("This page is of all work as it is today: neither a filter nor a past day changes it. ")
    return [[words, dcc.Link(_("Reset"), href=visit.here(where=(), pace=None, as_of=None))]]


def _is_open(item: Item) -> bool:
    return item.in_scope and item.done is None


def _pace(visit: Visit) -> list[Any]:
    source = visit.analysis.pace
    if isinstance(source, NotEnoughData):
        return []
    if source.kind is Pace.OWN:
        return [_("Its pace is that of its own weeks. "), dcc.Link(_("Use all work's"), href=visit.here(pace=None))]
    write = visit.formats.number
    words = _(
        "Pace of all work: {whole} a week, its share {share}. ",
        whole=write(round(source.whole, 1)),
        share=visit.formats.rate(source.share),
    )
    return [words, dcc.Link(_("Use its own"), href=visit.here(pace=Pace.OWN))]


def fields(visit: Visit) -> list[dict[str, Any]]:
    """What can be filtered by: each field that any item has a value in, with its values and how often they occur."""
    analysis = visit.analysis
    values, own = Values(Hierarchy(analysis.facts.issues)), analysis.known.own_fields
    counts = {name: Counter(text for item in analysis.known.team_items for text in values.now(item, name) if text)
              for name in (*_FIELDS, *own)}  # fmt: skip
    return [
        {
            "name": name,
            "label": own.get(name) or field_name(name),
            "values": value_counts.most_common(_MOST_VALUES),
        }
        for name, value_counts in counts.items()
        if value_counts
    ]


def field_names(visit: Visit) -> dict[str, str]:
    """What a chart can be parted by: the usual fields and those that only this source has, with their labels."""
    return {**{name: field_name(name) for name in _FIELDS}, **visit.analysis.known.own_fields}


def _data(visit: Visit) -> list[Any]:
    """From when the data are, and how to get newer ones."""
    at = data_of(visit)
    words = _("No data yet") if at is None else _("Data of {at}", at=recent(visit, at))
    return [dcc.Link(words, href=visit.href("/data/sources")), *sync_line.button(visit), *_doubts(visit)]


def data_of(visit: Visit) -> datetime | None:
    """When data last came in; None when none did."""
    if visit.query is None:
        return None
    data = visit.analysis.facts.project_data
    synced = jira.last_sync(data, visit.query)
    known = [visit.query.updated_at, synced.at if synced else None, *(entry.at for entry in imports_of(data))]
    newest = max((at for at in known if at is not None), default=None)
    has_any = visit.analysis.has_items or visit.analysis.facts.weeks
    return newest or (visit.query.created_at if has_any else None)


def recent(visit: Visit, at: datetime) -> str:
    """Of today with the minute, else the day."""
    local, now = at.astimezone(), visit.ctx.clock().astimezone()
    if local.date() == now.date():
        return _("today {time}", time=local.strftime("%H:%M"))
    return _("yesterday") if local.date() == now.date() - timedelta(days=1) else visit.formats.short(local.date())


def _doubts(visit: Visit) -> list[Any]:
    """What makes the numbers doubtful, counted; the page of trust says which."""
    count = trust.count(visit.analysis)
    if not count:
        return []
    words = n_("{count} doubt", "{count} doubts", count)
    return [dcc.Link(words, href=visit.href("/data/trust"), className="doubts")]
