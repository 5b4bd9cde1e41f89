"""How good past dates were, in a line: computed by the worker, and shown once it is there."""

from __future__ import annotations

from typing import Any

from dash import Input, State, html

from app.actions import track_record
from app.context import Context
from app.domain.throughput import Throughput
from app.views.track_record import record_text
from app.web.effects import READY, URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.words import _

_RECORD = "record"


def line(visit: Visit) -> Any:
    return html.Span(_parts(visit), id=_RECORD)


def _parts(visit: Visit) -> list[Any]:
    throughput = visit.analysis.throughput
    if visit.query is None or not isinstance(throughput, Throughput):
        return []
    record = track_record.known(visit.ctx, visit.query, throughput)
    if record is not None:
        return [html.Span(record_text(record, visit.formats), id="track-record")]
    state = track_record.ask(visit.ctx, visit.query, throughput)
    if state is None or state.status != "failed":
        return [_("Past forecasts are being replayed …")]
    again = html.Button(_("Compute it"), id="record-again", className="text-button", n_clicks=0)
    return [_("Track record not computed. "), state.message, " ", again]


PART = Page("", "", lambda visit: None)


@PART.on(Input(READY, "data"), State(URL, "search"))
def show(ctx: Context, search: str) -> Effects:
    """Once it is computed; the rest of the page stays as it is."""
    return Effects(put={_RECORD: {"children": _parts(visit_of(ctx, search, browser_formats()))}})


@PART.click("record-again", State(URL, "search"))
def compute_again(ctx: Context, search: str) -> Effects | None:
    visit = visit_of(ctx, search, browser_formats())
    throughput = visit.analysis.throughput
    if visit.query is None or not isinstance(throughput, Throughput):
        return None
    track_record.ask_again(ctx, visit.query, throughput)
    return Effects(changed=True, follow=track_record.job_name(visit.query))
