"""What a view is shown by, on its own page and on others: sentences, numbers that lead to what is behind, cards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dash import dcc, html

from app.views.view import Fact, Number, Scene, Sentence, View
from app.web.components import card, chart, term
from app.web.page import Visit
from app.words import _


def sentence(visit: Visit, text: Sentence | str) -> list[Any]:
    """A sentence whose numbers lead to what is behind them."""
    parts = [_(text)] if isinstance(text, str) else text.parts()
    return [part if isinstance(part, str) else number(visit, part) for part in parts]


def sentences(visit: Visit, texts: Iterable[Sentence]) -> list[Any]:
    """One after the other."""
    return [part for text in texts for part in [*sentence(visit, text), " "]]


def number(visit: Visit, shown: Number) -> Any:
    return dcc.Link(shown.text, href=visit.here(show=shown.show), className="number")


def value_of(visit: Visit, fact: Fact) -> Any:
    return number(visit, Number(fact.value, fact.show)) if fact.show else fact.value


def facts(visit: Visit, shown: Sequence[Fact]) -> Any:
    """A few numbers in a row."""
    return html.Dl([_fact(visit, fact) for fact in shown], className="facts-row") if shown else None


def _fact(visit: Visit, fact: Fact) -> Any:
    note = [html.Dd(fact.note, className="quiet")] if fact.note else []
    return html.Div([html.Dt(term(fact.label)), html.Dd(value_of(visit, fact)), *note], className=fact.tone)


def graph(visit: Visit, view: View, figure: dict[str, Any], label: str, name: str = "") -> Any:
    """A figure of the view, whose points lead to what is behind them; the menu to pass on offers it."""
    attributes = {"data-chart": view.id, "data-heading": _(view.heading)}
    if view.rows is not None:
        attributes["data-csv"] = csv_of(visit, view)
    return chart(
        figure, label, name=name, attributes=attributes, id={"type": "chart", "view": view.id, "place": visit.path}
    )


def csv_of(visit: Visit, view: View) -> str:
    """Where the numbers of the view are fetched as a file, as they stand on screen."""
    return visit.href(f"/_csv/{view.id}", **dict(visit.choice.options))


def linked_card(visit: Visit, name: str, heading: str, there: tuple[str, str], *children: Any) -> Any:
    """A card of another page; `there`: its path and what it is called."""
    path, label = there
    more = dcc.Link([label, " →"], href=visit.href(path), className="more")
    return card(*children, title=heading, beside=more, name=name)


def chart_card(visit: Visit, scene: Scene, view: View, page: str, lacking: Callable[[Visit, str | None], Any]) -> Any:
    """The view's chart on another page than its own, which is called `page`; or, by `lacking`, why there is none."""
    reason = view.needs(visit.analysis)
    figure = view.drawn(scene) if reason is None else None
    body = lacking(visit, reason) if figure is None else graph(visit, view, figure, str(view.sentence(scene)))
    return linked_card(visit, view.id, _(view.heading), (view.path, page), body)
