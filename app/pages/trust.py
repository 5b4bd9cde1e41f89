"""Trust: what makes the numbers doubtful, how much, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from dash import dcc, html

from app.domain.agreement import Compared
from app.domain.data_quality import Doubt
from app.domain.missing import NotEnoughData
from app.views import trust
from app.views.trust import TRUST
from app.views.view import Scene
from app.web import view_parts
from app.web.components import card, empty_state, link_button, page_title
from app.web.page import Page, Visit
from app.web.parts import sweep_days
from app.words import _, n_
from store.documents import imports_of

_STATUSES = "status_without_a_meaning"
_MOST_COLUMNS = 40
_MOST_COMPARED, _MOST_KEYS = 20, 40


def layout(visit: Visit) -> Any:
    reason = TRUST.needs(visit.analysis)
    if reason is not None and not trust.count(visit.analysis):
        add = link_button(_("Add data"), visit.href("/data/sources"))
        return html.Div(
            [page_title(_("Trust")), card(empty_state(_("Trust"), _(reason), add))], className="page narrow"
        )
    scene = visit.scene()
    csv = html.A("CSV", href=visit.href("/_csv/trust"), download="", className="more")
    return html.Div(
        [
            page_title(_("Trust"), csv),
            html.P(view_parts.sentence(visit, TRUST.sentence(scene)), className="finding"),
            *_doubts(visit, scene),
            *_unused(visit),
            *_against_the_tracker(visit),
            _fine(scene),
        ],
        className="page narrow",
    )


def _doubts(visit: Visit, scene: Scene) -> list[Any]:
    """All that the bar counts, in one list: what the data leave open, then what the forecast says of itself."""
    rows = [html.Li(html.Div(list(_doubt(visit, scene, doubt)))) for doubt in trust.doubts(visit.analysis)]
    rows += [html.Li(html.Div(_(warning))) for warning in trust.about_the_answer(visit.analysis)]
    if not rows:
        return []
    return [card(html.Ul(rows, className="rows doubts-list"), title=_("What is doubtful"))]


def _doubt(visit: Visit, scene: Scene, doubt: Doubt) -> Iterator[Any]:
    """The doubt, what it does, and where something can be done about it."""
    yield html.Div(view_parts.sentence(visit, trust.sentence_of(doubt, scene)))
    yield html.Div(_(doubt.effect), className="quiet")
    if doubt.rule == trust.SWEPT:
        yield from sweep_days.line(visit)
    elif doubt.rule == _STATUSES:
        yield dcc.Link(_("Say what it means"), href=visit.href("/data/meaning"), className="more")


def _unused(visit: Visit) -> list[Any]:
    """Columns of the last file from which nothing was taken."""
    names = next((entry.unused for entry in imports_of(visit.analysis.facts.project_data)[-1:]), ())
    if not names:
        return []
    words = ", ".join(names[:_MOST_COLUMNS])
    if len(names) > _MOST_COLUMNS:
        words = _("{names} and {count} more", names=words, count=len(names) - _MOST_COLUMNS)
    text = _(
        "Nothing was taken from these columns of the last file. If one of them says something that counts here, import "
        "the file once more with “Let me choose the columns”."
    )
    return [card(html.P(text, className="quiet"), html.P(f"{words}."), title=_("Columns not used"))]


def _against_the_tracker(visit: Visit) -> list[Any]:
    """Sprints and versions of which the tracker's own numbers differ, each issue with the rule that makes it so."""
    agreement = visit.analysis.agreement
    if isinstance(agreement, NotEnoughData):
        return []
    apart = [compared for compared in agreement.compared if not compared.agrees]
    same = len(agreement.compared) - len(apart)
    agreeing = n_("{count} sprint or version agrees.", "{count} sprints and versions agree.", same)
    shown = [html.P(agreeing, className="quiet"), *(_apart(visit, apart) if apart else ())]
    return [card(*shown, title=_("Compared with the tracker"))]


def _apart(visit: Visit, apart: Sequence[Compared]) -> Iterator[Any]:
    """Why they differ, by rule; each of them folded."""
    keys: dict[str, set[str]] = {}
    for difference in chain.from_iterable(compared.differences for compared in apart):
        keys.setdefault(_(difference.rule), set()).add(difference.key)
    why = n_("{count} differs. Why, with how many issues:", "{count} differ. Why, with how many issues:", len(apart))
    yield html.P(why)
    rules = sorted(keys.items(), key=lambda entry: -len(entry[1]))
    yield html.Ul([html.Li(f"{rule} ({visit.formats.number(len(issues))})") for rule, issues in rules[:_MOST_KEYS]])
    rows = [html.Details(list(_compared(visit, compared))) for compared in apart[:_MOST_COMPARED]]
    if len(apart) > _MOST_COMPARED:
        rows.append(html.P(_("and {count} more", count=len(apart) - _MOST_COMPARED), className="quiet"))
    yield html.Details([html.Summary(_("One by one")), *rows])


def _compared(visit: Visit, compared: Compared) -> Iterator[Any]:
    write = visit.formats.number
    words = _(
        "{name}: {done} of {all} done here, {their_done} of {theirs} in the tracker",
        name=compared.name,
        done=write(compared.ours_done),
        all=write(compared.ours),
        their_done=write(compared.theirs_done),
        theirs=write(compared.theirs),
    )
    yield html.Summary(words)
    lines = [
        html.Li([dcc.Link(difference.key, href=visit.href(f"/issues/{difference.key}")), " ", _(difference.rule)])
        for difference in compared.differences[:_MOST_KEYS]
    ]
    yield html.Ul(lines, className="plain")
    if len(compared.differences) > _MOST_KEYS:
        yield html.P(_("and {count} more", count=len(compared.differences) - _MOST_KEYS), className="quiet")


def _fine(scene: Scene) -> Any:
    fine_doubts = trust.fine(scene)
    if not fine_doubts:
        return None
    rows = [html.Li(_("None: {what}.", what=_(doubt.text))) for doubt in fine_doubts]
    count = n_("{count} check is fine", "{count} checks are fine", len(fine_doubts))
    return html.Details([html.Summary(count), html.Ul(rows, className="plain")])


PAGE = Page(TRUST.path, TRUST.tab, layout)
