"""Trust: what makes the numbers doubtful, how much, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash import dcc, html

from app.actions.import_log import imports_of
from app.domain.data_quality import Doubt
from app.views import trust
from app.views.trust import TRUST
from app.views.view import Scene
from app.web import view_page
from app.web.components import card, empty_state, link_button, page_title
from app.web.page import Page, Visit
from app.web.parts import sweep_days

_SWEPT, _STATUSES = "closed_in_bulk", "status_without_a_meaning"
_MOST_COLUMNS = 40


def layout(visit: Visit) -> Any:
    reason = TRUST.needs(visit.analysis)
    if reason is not None:
        add = link_button("Add data", visit.href("/data/sources"))
        return html.Div([page_title("Trust"), card(empty_state("Trust", reason, add))], className="page narrow")
    scene = visit.scene()
    csv = html.A("CSV", href=visit.href("/_csv/trust"), download="", className="more")
    return html.Div(
        [
            page_title("Trust", csv),
            html.P(view_page.sentence(visit, TRUST.sentence(scene)), className="finding"),
            *_doubts(visit, scene),
            *_about_the_answer(visit),
            *_unused(visit),
            _fine(scene),
        ],
        className="page narrow",
    )


def _doubts(visit: Visit, scene: Scene) -> list[Any]:
    found = trust.doubts(scene)
    if not found:
        return []
    rows = [html.Li(html.Div(list(_doubt(visit, scene, doubt)))) for doubt in found]
    return [card(html.Ul(rows, className="rows doubts-list"), title="What is doubtful")]


def _doubt(visit: Visit, scene: Scene, doubt: Doubt) -> Iterator[Any]:
    """The doubt, what it does, and where something can be done about it."""
    yield html.Div(view_page.sentence(visit, trust.told(doubt, scene)))
    yield html.Div(doubt.effect, className="quiet")
    if doubt.rule == _SWEPT:
        yield from sweep_days.line(visit)
    elif doubt.rule == _STATUSES:
        yield dcc.Link("Say what it means", href=visit.href("/data/meaning"), className="more")


def _about_the_answer(visit: Visit) -> list[Any]:
    """What the forecast itself says about how firmly it stands."""
    warnings = getattr(visit.analysis.forecast, "warnings", ())
    if not warnings:
        return []
    return [card(html.Ul([html.Li(warning) for warning in warnings], className="plain"), title="About the answer")]


def _unused(visit: Visit) -> list[Any]:
    """Columns of the last file from which nothing was taken."""
    names = next((entry.unused for entry in imports_of(visit.analysis.facts.project_data)[-1:]), ())
    if not names:
        return []
    more = f" and {visit.formats.number(len(names) - _MOST_COLUMNS)} more" if len(names) > _MOST_COLUMNS else ""
    words = f"{', '.join(names[:_MOST_COLUMNS])}{more}."
    text = (
        "Nothing was taken from these columns of the last file. If one of them says something that counts here, import "
        "the file once more with “Let me choose the columns”."
    )
    return [card(html.P(text, className="quiet"), html.P(words), title="Columns not used")]


def _fine(scene: Scene) -> Any:
    found = trust.fine(scene)
    if not found:
        return None
    rows = [html.Li(f"No item is {doubt.text}." if _is_state(doubt) else f"None {doubt.text}.") for doubt in found]
    return html.Details([html.Summary(f"{len(found)} checks are fine"), html.Ul(rows, className="plain")])


def _is_state(doubt: Doubt) -> bool:
    return doubt.text.startswith(("without", "open", "done"))


PAGE = Page(TRUST.path, TRUST.tab, layout)
