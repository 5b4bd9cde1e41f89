"""The panel at the right: what a number is, what it is made of, and its issues. It has an address: Back closes it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from app.views.view import Behind
from app.web import issue_list
from app.web.components import table
from app.web.glossary import words_in
from app.web.page import Visit
from app.words import _


def build(visit: Visit) -> tuple[bool, str, Any]:
    """Whether it is open, its title, its content; closed where the address names no number."""
    show = visit.choice.option("show")
    # The page of issues is the panel's list at full size.
    if not show or visit.query is None or visit.path == "/issues":
        return False, "", []
    scene = visit.scene()
    behind = visit.behind(scene, show)
    if behind is None:
        return True, _("Nothing by this name"), html.P(_("This address names a number that is not shown any more."))
    heading = _heading(visit, behind)
    # The page below may have a list of the same columns.
    issues = [html.H3(heading), issue_list.shown(visit, scene, behind, show, about=heading)]
    path, words = behind.there
    # A file is fetched by our own script, which asks for it with our key.
    is_file = path.startswith("/_")
    link = html.A(_(words), href=visit.href(path), download="", className="more") if is_file else None
    there = [html.P(link or dcc.Link([_(words), " →"], href=visit.href(path), className="more"))] if path else []
    return True, behind.title, [*_explained(behind), *there, *(issues if behind.keys is not None else [])]


def _heading(visit: Visit, behind: Behind) -> str:
    return _("Issues ({count})", count=visit.formats.number(len(behind.keys or ())))


def _explained(behind: Behind) -> list[Any]:
    how = [html.P(sentence) for sentence in behind.how]
    if not behind.inputs:
        return [*how, *_words(behind)]
    inputs = table(("", ""), behind.inputs, name="facts")
    numbers = html.Details([html.Summary(_("The numbers it is made of")), inputs], open=behind.keys is None)
    return [*how, numbers, *_words(behind)]


def _words(behind: Behind) -> list[Any]:
    """What the terms mean that are used here."""
    meanings = words_in(
        _(behind.title), *(_(text) for text in behind.how), *(_(name) for name, _value in behind.inputs)
    )
    if not meanings:
        return []
    terms = [html.Div([html.Dt(name), html.Dd(meaning)]) for name, meaning in meanings]
    return [html.Details([html.Summary(_("What the words mean")), html.Dl(terms, className="glossary")])]
