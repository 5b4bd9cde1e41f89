"""Signals: all checks with their thresholds, and the number that sums them up with its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash import html

from app.domain.insights import Insight, State
from app.views import signals
from app.views.signals import SIGNALS
from app.views.view import Scene
from app.web.components import card, data_table, empty_state, link_button, page_title
from app.web.page import Page, Visit
from app.web.view_parts import sentence
from app.words import N_, _, n_


def layout(visit: Visit) -> Any:
    reason = SIGNALS.needs(visit.analysis)
    if reason is not None:
        add = link_button(_("Add data"), visit.href("/data/sources"))
        return html.Div(
            [page_title(_("Signals")), card(empty_state(_("Signals"), _(reason), add))], className="page narrow"
        )
    scene = visit.scene()
    csv = html.A("CSV", href=visit.href("/_csv/signals"), download="", className="more")
    opened, fine, lacking = (signals.in_state(visit.analysis, state) for state in State)
    return html.Div(
        [
            page_title(_("Signals"), csv),
            html.P(sentence(visit, SIGNALS.sentence(scene)), className="finding"),
            _card(visit, scene, opened, _("Needs a look")),
            _card(visit, scene, fine, _("Fine")),
            _lacking(lacking),
            _health(visit, scene),
        ],
        className="page narrow",
    )


def _card(visit: Visit, scene: Scene, checks: tuple[Insight, ...], title: str) -> Any:
    if not checks:
        return None
    rows = [html.Li(html.Div(list(_check(visit, scene, check)))) for check in checks]
    return card(html.Ul(rows, className="rows doubts-list"), title=title)


def _check(visit: Visit, scene: Scene, check: Insight) -> Iterator[Any]:
    """What was found, then what to do about it where it needs a look, and from where on it does."""
    yield html.Div(sentence(visit, signals.sentence_of(check)))
    parts = [_(check.advice) if check.state is State.OPEN else "", signals.effect(check, scene),
             signals.threshold(check, scene)]  # fmt: skip
    yield html.Div(" ".join(filter(None, parts)), className="quiet")


def _lacking(checks: tuple[Insight, ...]) -> Any:
    if not checks:
        return None
    rows = [html.Li(f"{signals.name_of(check)}: {_(check.text)}") for check in checks]
    count = n_("{count} check without data", "{count} checks without data", len(checks))
    return html.Details([html.Summary(count), html.Ul(rows, className="plain")])


def _health(visit: Visit, scene: Scene) -> Any:
    """The number `health`, never without what it is made of."""
    parts, score = signals.health_parts(scene), signals.health_score(visit.analysis)
    if not parts:
        return None
    words = (
        _("Too little is known for a number: less than half of the weight.")
        if score is None
        else _("{score} of 100: each part weighed, as below.", score=visit.formats.number(round(score)))
    )
    head = [_("Part"), _("Score"), _("Weight"), _("Why")]
    return card(html.P(words), data_table(head, [list(part) for part in parts], (1, 2), "weighed"), title=_("Health"))


PAGE = Page("/signals", N_("Signals"), layout)
