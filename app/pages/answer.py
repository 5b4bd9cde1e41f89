"""The answer: five things and no more: answer, deadline, what moved, progress, signals; each leads to its page."""

from __future__ import annotations

from typing import Any

from dash import Input, State, dcc, html

from app.context import Context
from app.domain.milestones import Dated
from app.domain.missing import NotEnoughData
from app.views import view
from app.views.answer import days_off, headline, odds, short_answer, standing, warnings
from app.views.milestones import rows_of, show_of, which_work
from app.views.moved import changes
from app.views.signals import signals
from app.views.view import Number, Scene, needs
from app.web.awaited import MOVED, SIGNALS, derive_beside, is_awaited
from app.web.components import card, empty_state, link_button
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import deadline_form, no_forecast, record_line, sweep_days, sync_line
from app.web.view_parts import chart_card, linked_card, number, sentence, sentences, value_of
from app.words import N_, _, n_

_MOST_SIGNALS = 3
# By then the chart is drawn.
_DRAWN_MS = 300
_MOVED, _SIGNALS, _AWAITED = "what-moved", "what-stands-out", "awaited"


def layout(visit: Visit) -> Any:
    analysis = visit.analysis
    if not analysis.has_items and not analysis.facts.weeks:
        return _nothing_yet(visit)
    scene = visit.scene()
    head, wanted = _answer(visit, scene), deadline_form.section(visit, scene)
    awaits = [name for name in (MOVED, SIGNALS) if is_awaited(analysis, name)]
    cards = [
        chart_card(visit, scene, view("progress"), _("Plan"), _lacking),
        html.Div(_soon(visit, _MOVED) if MOVED in awaits else _moved(visit, scene), id=_MOVED, className="part"),
        _milestones(visit, scene),
        html.Div(
            _soon(visit, _SIGNALS) if SIGNALS in awaits else _signals(visit, scene), id=_SIGNALS, className="part"
        ),
        *([dcc.Interval(id=_AWAITED, interval=_DRAWN_MS, max_intervals=1)] if awaits else []),
    ]
    foot = [*(html.Span(sentence(visit, text)) for text in standing(scene)), record_line.line(visit)]
    return html.Div(
        [
            html.H1(_("Answer"), className="unseen"),
            head,
            wanted,
            html.Div(cards, className="cards"),
            html.Div(foot, className="foot"),
        ],
        className="answer-page",
    )


def _nothing_yet(visit: Visit) -> Any:
    """Without any data one card says what is missing, once: no part of the answer has anything to add."""
    reason = needs("forecast")(visit.analysis)
    add = link_button(_("Add data"), visit.href("/data/sources"))
    body = card(empty_state(_("No forecast yet"), reason or "", add))
    return html.Div([html.H1(_("Answer"), className="unseen"), body], className="page")


def title(visit: Visit) -> str:
    """The answer itself, for the browser's tab."""
    deadline, chance, formats = visit.analysis.params.deadline, visit.analysis.chance, visit.formats
    if deadline is None or chance is None:
        return short_answer(visit.scene())
    return _("{chance} by {day}", chance=formats.share(chance), day=formats.short(deadline))


def _answer(visit: Visit, scene: Scene) -> Any:
    as_of = html.P(_("As of {as_of}", as_of=visit.formats.short(visit.analysis.as_of)), className="as-of-line")
    result = visit.analysis.forecast
    if isinstance(result, NotEnoughData):
        return html.Div([as_of, no_forecast.state(visit, _("No forecast yet"), result.reason)], className="answer")
    why = number(visit, Number(_("Why?"), "answer"))
    head = html.P(sentence(visit, headline(scene)), className="headline", id="answer")
    below = html.P([*sentences(visit, odds(scene)), why], className="odds")
    beware = [html.P(warning, className="warning") for warning in warnings(scene)]
    return html.Div(
        [as_of, head, below, *_days_off(visit, scene), *beware, *sweep_days.line(visit)], className="answer"
    )


def _days_off(visit: Visit, scene: Scene) -> list[Any]:
    """What days off ahead do to the date, and where they are set."""
    words = [*sentences(visit, days_off(scene))]
    there = dcc.Link(_("Days off"), href=visit.href("/settings/project"))
    return [html.P([*words, there], className="odds")] if words else []


def _soon(visit: Visit, part: str) -> Any:
    """In the place of what moved, or of the signals, until they are derived."""
    words = html.P(_("One moment."), className="quiet")
    if part == _MOVED:
        return linked_card(visit, "moved awaited", _("What moved"), _record(), words)
    return linked_card(visit, "signals awaited", _("Signals"), _checks(), words)


def _record() -> tuple[str, str]:
    return view("track-record").path, _("Track record")


def _checks() -> tuple[str, str]:
    return view("signals").path, _("All checks")


def _moved(visit: Visit, scene: Scene) -> Any:
    review, there = visit.analysis.last_week, _record()
    reason = view("moved").needs(visit.analysis)
    if reason is not None or isinstance(review, NotEnoughData):
        return linked_card(visit, "moved", _("What moved"), there, _lacking(visit, reason))
    heading = _("Moved since {day}", day=visit.formats.short(review.since))
    rows = [html.Div([html.Dt(fact.label), html.Dd(value_of(visit, fact))]) for fact in changes(scene)]
    why = _lacking(visit, review.why) if _is_told_on_top(visit, review.why) else html.P(review.why, className="why")
    return linked_card(visit, "moved", heading, there, why, html.Dl(rows, className="changes"))


def _is_told_on_top(visit: Visit, reason: str | None) -> bool:
    """Whether it ends as the answer does, which says why there is none."""
    result = visit.analysis.forecast
    return isinstance(result, NotEnoughData) and _(reason or "").endswith(_(result.reason))


def _lacking(visit: Visit, reason: str | None) -> Any:
    """Why a card shows nothing: what the answer on top says is not said once more."""
    words = _("No date yet, for the reason above.") if _is_told_on_top(visit, reason) else reason
    return html.P(words, className="quiet")


def _milestones(visit: Visit, scene: Scene) -> Any:
    rows = [
        html.Li(
            [
                html.Span(number(visit, Number(dated.name, show_of(dated)))),
                html.Span(f"{visit.formats.short(dated.day)} · {which_work(dated)}", className="quiet"),
                html.Span(_chance(visit, dated), className="num"),
            ]
        )
        for dated in rows_of(scene)
        if dated.closed is None and not dated.is_deadline
    ]
    body = html.Ul(rows, className="rows") if rows else html.P(_("None is set."), className="quiet")
    there = view("milestones").path
    add = dcc.Link(_("+ Add"), href=visit.href(there) + "#new-milestone", className="more")
    return linked_card(visit, "milestones", _("Milestones"), (there, _("Plan")), body, add)


def _chance(visit: Visit, dated: Dated) -> Any:
    """It leads where it is derived, as the name beside it does."""
    if dated.chance is None:
        return "–"
    return number(visit, Number(visit.formats.share(dated.chance), show_of(dated)))


def _signals(visit: Visit, scene: Scene) -> Any:
    open_signals = signals(scene)
    there = _checks()
    if not open_signals:
        return linked_card(visit, "signals", _("Signals"), there, html.P(_("Nothing stands out."), className="quiet"))
    heading = n_("Signals ({count} needs a look)", "Signals ({count} need a look)", len(open_signals))
    rows = [html.Li(html.Span(sentence(visit, signal))) for signal in open_signals[:_MOST_SIGNALS]]
    return linked_card(visit, "signals", heading, there, html.Ul(rows, className="rows"))


PAGE = Page(
    "/",
    N_("Answer"),
    layout,
    parts=(sync_line.PART, sweep_days.PART, deadline_form.PART, record_line.PART),
    title=title,
)


@PAGE.on(Input(_AWAITED, "n_intervals"), State(URL, "search"))
def show_beside(ctx: Context, search: str | None) -> Effects | None:
    """After the answer, once its chart is drawn: before that, it would be in the way."""
    visit = visit_of(ctx, search, browser_formats())
    if visit.query is None:
        return None
    derive_beside(visit.analysis)
    scene = visit.scene()
    parts = {_MOVED: _moved(visit, scene), _SIGNALS: _signals(visit, scene)}
    return Effects(put={part: {"children": content} for part, content in parts.items()})
