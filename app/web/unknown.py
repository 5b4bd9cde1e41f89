"""What an address shows that names a project, a work list or a page which is not here."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from app.web.address import Choice
from app.web.components import card, link_button
from app.web.page import Visit
from app.web.parts import taking_back
from app.words import _
from store.documents import is_archived
from store.records import Undoable


def layout(visit: Visit) -> list[Any]:
    """The project or work list is gone or never was: say so, and offer what is there."""
    profile = visit.ctx.backend.get_profile(visit.choice.profile) if visit.choice.profile else None
    what = _("This project is not here") if profile is None else _("This work list is not in {name}", name=profile.name)
    if (gone := taking_back.deleted_here(visit)) is not None:
        return [_deleted(visit, gone)]
    text = _("The address names one that was deleted, or that belongs to another data folder. Here are:")
    return [_page(visit, what, text, _places(visit))]


def _deleted(visit: Visit, gone: Undoable) -> Any:
    """It still waits: one click has it back, and goes there."""
    name, places = taking_back.name_of(gone), _places(visit)
    text = _("{name} was {gone}.", name=name, gone=taking_back.waits(gone, visit.formats))
    button = taking_back.put_back_button(gone, _("Put it back"))
    more = [html.P(_("Here are:")), html.Ul(places, className="rows")] if places else []
    actions = html.Div([button, link_button(_("To the answer"), _answer(visit), quiet=True)], className="actions")
    head = _("This project was deleted") if gone.kind == "profile" else _("This work list was deleted")
    return html.Div([html.H1(head), card(html.P(text), actions, *more)], className="page narrow")


def _places(visit: Visit) -> list[Any]:
    backend = visit.ctx.backend
    return [
        html.Li(dcc.Link(f"{profile.name} › {query.name}", href="/" + Choice(profile.id, query.id).search()))
        for profile in backend.list_profiles()
        for query in backend.list_queries(profile.id)
    ]


def no_page(visit: Visit) -> list[Any]:
    text = _("There is no page at this address. The navigation leads to all there are.")
    return [_page(visit, _("Not found"), text, [])]


def _answer(visit: Visit) -> str:
    """Of the work that the address names; else of its project, else of what was looked at last."""
    if visit.query is not None:
        return visit.href("/")
    backend, last = visit.ctx.backend, visit.ctx.backend.active_query()
    own = backend.list_queries(visit.profile.id) if visit.profile is not None else ()
    ref = next((query.ref for query in own if not is_archived(query)), last)
    return "/" + Choice(ref.profile_id, ref.query_id).search() if ref and backend.get_query(ref) else "/"


def _page(visit: Visit, title: str, text: str, places: list[Any]) -> Any:
    more = [html.Ul(places, className="rows")] if places else []
    go = html.Div(link_button(_("To the answer"), _answer(visit)), className="actions")
    return html.Div([html.H1(title), card(html.P(text), *more, go)], className="page narrow")
