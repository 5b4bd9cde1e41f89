"""The answer: five things and no more: answer, deadline, what moved, progress, signals; each leads to its page."""

from __future__ import annotations

from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html

from app.actions import deadline, track_record
from app.context import Context
from app.domain.calendar import ONE_WEEK
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from app.domain.track_record import Held, TrackRecord
from app.views import VIEWS, view
from app.views.answer import deadline_fact, growing_chance, headline, odds, ways_sentence
from app.views.milestones import rows_of, show_of, which_work
from app.views.moved import changes
from app.views.signals import signals
from app.views.view import Fact, Number, Sentence
from app.web.components import card, chart, empty_state, link_button
from app.web.effects import READY, URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import sweep_days, sync_line
from app.web.parts.day_field import calendar_part, day_field, typed_day
from app.web.view_page import number, sentence
from app.words import N_, _, n_
from app.words.formats import Formats
from store.records import QueryRef

# Below this a share says little: at 17 replays the true rate of "all held" may still be four in five.
_FEW_REPLAYS = 20
_MOST_SIGNALS = 3


def layout(visit: Visit) -> Any:
    return html.Div(
        [
            html.H1(_("Answer"), className="unseen"),
            _answer(visit),
            _deadline(visit),
            html.Div([_progress(visit), _moved(visit), _milestones(visit), _signals(visit)], className="cards"),
            _foot(visit),
        ],
        className="answer-page",
    )


def title(visit: Visit) -> str:
    """The answer itself, for the browser's tab."""
    analysis = visit.analysis
    if analysis.params.deadline is not None and analysis.chance is not None:
        return _(
            "{chance} by {day}",
            chance=visit.formats.share(analysis.chance),
            day=visit.formats.short(analysis.params.deadline),
        )
    return _("Answer")


# -- answer and deadline --------------------------------------------------------------------------------


def _answer(visit: Visit) -> Any:
    scene = visit.scene()
    as_of = html.P(_("As of {as_of}", as_of=visit.formats.short(visit.analysis.as_of)), className="as-of-line")
    result = visit.analysis.forecast
    if isinstance(result, NotEnoughData):
        last = _last_finish(visit)
        # Of an old export the way on is the day of its end; it lacks nothing.
        add = link_button(_("Add data"), visit.href("/data/sources"), quiet=last is not None)
        when = _("The last finish is in the week from {day}.", day=visit.formats.day(last)) if last else ""
        reason = f"{_(result.reason)} {when}"
        then = [link_button(_("Look at it as of then"), visit.here(as_of=_then(last)))] if last else []
        return html.Div([as_of, empty_state(_("No forecast yet"), reason, *then, add)], className="answer")
    why = number(visit, Number(_("Why?"), "answer"))
    below = [part for said in odds(scene) for part in [*sentence(visit, said), " "]]
    warnings = [html.P(warning, className="warning") for warning in result.warnings]
    head = html.P(sentence(visit, headline(scene)), className="headline", id="answer")
    return html.Div(
        [as_of, head, html.P([*below, why], className="odds"), *warnings, *sweep_days.line(visit)], className="answer"
    )


def _last_finish(visit: Visit) -> date | None:
    """For data that ends long ago: the week of the last finish, at which there was something to say."""
    throughput = visit.analysis.throughput
    weeks = () if isinstance(throughput, NotEnoughData) else throughput.weeks
    return next((week.start for week in reversed(weeks) if week.done), None)


def _then(week: date) -> date:
    """The day after that week, at whose beginning the last finish is known."""
    return week + ONE_WEEK


def _deadline(visit: Visit) -> Any:
    scene = visit.scene()
    fact, chance, growing = deadline_fact(scene), visit.analysis.chance, growing_chance(scene)
    ways = ways_sentence(scene)
    value = number(visit, Number(fact.value, fact.show)) if fact.show else fact.value
    beside = [html.Span([_("with new work as now: "), html.Strong(growing)], className="growing")] if growing else []
    bar = (
        [dmc.Progress(value=round(chance * 100), size="lg", **{"aria-label": _("Chance of the deadline")})]
        if chance
        else []
    )
    return html.Section(
        [
            html.Div([html.H2(_("Deadline")), _deadline_field(visit)], className="deadline-day"),
            html.Div(
                [html.Span(value, className=f"chance {fact.tone}"), html.Span(fact.note, className="quiet"), *beside],
                className="deadline-chance",
            ),
            html.Div(bar, className="deadline-bar"),
            html.P(sentence(visit, ways) if ways else [], className="ways-line", id="ways"),
        ],
        className="card deadline",
        **{"aria-label": _("Deadline")},
    )


def _deadline_field(visit: Visit) -> Any:
    day = visit.analysis.params.deadline
    return day_field(
        "deadline-here",
        day,
        visit.formats,
        id="deadline-day",
        placeholder=_("Set a day"),
        size="xs",
        w=165,
        **{"aria-label": _("Deadline: the day by which all of it should be done")},
    )


# -- the cards ------------------------------------------------------------------------------------------


def _card(visit: Visit, name: str, heading: str, href: str, link: str, *children: Any) -> Any:
    more = dcc.Link([link, " →"], href=visit.href(href), className="more")
    return card(*children, title=heading, beside=more, name=name)


def _path(name: str) -> str:
    """Of a view; the plan where there is none by this name."""
    return next((one.path for one in VIEWS if one.id == name), "/plan")


def _progress(visit: Visit) -> Any:
    scene, shown = visit.scene(), view("progress")
    reason = shown.needs(visit.analysis)
    if reason is not None or shown.figure is None:
        return _card(visit, "progress", _("Progress"), shown.path, _("Plan"), html.P(reason, className="quiet"))
    figure, said = shown.figure(scene), shown.sentence(scene)
    graph = chart(figure or {}, str(said), id={"type": "chart", "view": shown.id, "place": visit.path})
    return _card(visit, "progress", _("Progress"), shown.path, _("Plan"), graph)


def _moved(visit: Visit) -> Any:
    scene, review = visit.scene(), visit.analysis.last_week
    if isinstance(review, NotEnoughData):
        heading, body = _("What moved"), [html.P(review.reason, className="quiet")]
    else:
        heading = _("What moved since {day}", day=visit.formats.short(review.since))
        body = [html.P(review.why, className="why"), _changes(visit, changes(scene))]
    return _card(visit, "moved", heading, view("track-record").path, _("Track record"), *body)


def _changes(visit: Visit, facts: list[Fact]) -> Any:
    return html.Dl([_change(visit, fact) for fact in facts], className="changes")


def _change(visit: Visit, fact: Fact) -> Any:
    value = number(visit, Number(fact.value, fact.show)) if fact.show else fact.value
    return html.Div([html.Dt(fact.label), html.Dd(value)])


def _milestones(visit: Visit) -> Any:
    found = [each for each in rows_of(visit.scene()) if each.closed is None and not each.is_deadline]
    rows = [
        html.Li(
            [
                html.Span(number(visit, Number(each.name, show_of(each)))),
                html.Span(f"{visit.formats.short(each.day)} · {which_work(each)}", className="quiet"),
                html.Span("–" if each.chance is None else visit.formats.share(each.chance), className="num"),
            ]
        )
        for each in found
    ]
    listed = html.Ul(rows, className="rows") if rows else html.P(_("None is set."), className="quiet")
    add = dcc.Link(_("+ Add"), href=visit.href(_path("milestones")), className="more")
    return _card(visit, "milestones", _("Milestones"), _path("milestones"), _("Plan"), listed, add)


def _signals(visit: Visit) -> Any:
    found = signals(visit.scene())
    body = html.Ul([html.Li(html.Span(sentence(visit, one))) for one in found[:_MOST_SIGNALS]], className="rows")
    calm = html.P(_("Nothing stands out."), className="quiet")
    heading = n_("Signals ({count} needs a look)", "Signals ({count} need a look)", len(found))
    return _card(visit, "signals", heading if found else _("Signals"), "/signals", _("All checks"),
                 body if found else calm)  # fmt: skip


# -- the line at the foot, with the track record --------------------------------------------------------


def _foot(visit: Visit) -> Any:
    scope, throughput, write = visit.analysis.scope, visit.analysis.throughput, visit.formats.number
    parts: list[Any] = []
    if isinstance(scope, Scope):
        said = Sentence(
            "{left} left of {all}",
            {"left": Number(write(scope.remaining), "remaining"), "all": Number(write(scope.total), "scope")},
        )
        parts.append(sentence(visit, said))
    if isinstance(throughput, Throughput):
        parts.append(
            sentence(visit, Sentence("{pace} a week", {"pace": Number(write(round(throughput.pace, 1)), "pace")}))
        )
        parts.append(_this_week(visit, throughput))
    shown = [html.Span(part) for part in parts if part]
    return html.Div([*shown, html.Span(_record(visit), id="record")], className="foot")


def _this_week(visit: Visit, throughput: Throughput) -> list[Any]:
    running = throughput.running
    if running is None:
        return []
    show = f"week:{running.start.isoformat()}"
    values: dict[str, str | Number] = {
        "done": Number(visit.formats.number(running.done), show),
        "new": visit.formats.number(running.created),
    }
    return sentence(visit, Sentence("{done} finished, {new} added since the week began", values))


def _record(visit: Visit) -> list[Any]:
    throughput = visit.analysis.throughput
    if visit.query is None or isinstance(throughput, NotEnoughData):
        return []
    found = track_record.known(visit.ctx, visit.query, throughput)
    if found is None:
        state = track_record.ask(visit.ctx, visit.query, throughput)
        if state is not None and state.status == "failed":
            again = html.Button(_("Compute it"), id="record-again", className="text-button", n_clicks=0)
            return [_("Track record not computed. "), state.message, " ", again]
        return [_("Past forecasts are being replayed …")]
    return [html.Span(record_text(found, visit.formats), id="track-record")]


def record_text(found: TrackRecord, formats: Formats) -> str:
    """How good the dates were, in numbers that anybody can check."""
    if found.ours is None:
        return found.reason or _("There is too little history to replay.")
    if not found.ours.n:
        return _("No past forecast can be judged yet.")
    return held(found.ours, formats)


def held(ours: Held, formats: Formats) -> str:
    kept = formats.number(round(ours.rate * ours.n))
    places = {"kept": kept, "n": formats.number(ours.n), "level": formats.rate(0.85)}
    if ours.n >= _FEW_REPLAYS:
        return _("Dates held: {kept} of {n}, promised {level}", **places)
    return n_(
        "Dates held: {kept} of {n}, promised {level} (too few forecast to judge)",
        "Dates held: {kept} of {n}, promised {level} (too few forecasts to judge)",
        ours.n,
        **places,
    )


# -- callbacks ------------------------------------------------------------------------------------------

PAGE = Page(
    "/",
    N_("Answer"),
    layout,
    parts=(sync_line.PART, sweep_days.PART, calendar_part("deadline-here", "deadline-day")),
    title=title,
)


@PAGE.on(Input("deadline-here-calendar", "value"), State("deadline-here-calendar", "value"), State(URL, "search"))
def pick_deadline(ctx: Context, picked: str | None, search: str) -> Effects | None:
    """A day of the calendar is the deadline as soon as it is picked."""
    return _set_to(ctx, (picked or "")[:10], search)


@PAGE.on(Input("deadline-day", "n_submit"), State("deadline-day", "value"), State(URL, "search"))
def set_deadline(ctx: Context, text: str | None, search: str) -> Effects | None:
    """Of the work list that the address names; Enter saves."""
    return _set_to(ctx, text, search)


def _set_to(ctx: Context, text: str | None, search: str) -> Effects | None:
    formats = browser_formats()
    visit = visit_of(ctx, search, formats).for_writing()
    day = typed_day(text, formats, _("Deadline"))
    if day == visit.analysis.params.deadline:
        return None
    if day is not None and day < min(visit.analysis.as_of, visit.analysis.params.calendar.day_of(ctx.clock())):
        question = _("{day} is past. Is that the deadline?", day=formats.short(day))
        return Effects(toast=question, ask=lambda: _set(ctx, visit.ref, day))
    before = deadline.set_day(ctx, visit.ref, day)
    words = _("The deadline is gone.") if day is None else _("The deadline is {day}.", day=formats.short(day))
    return Effects(toast=words, changed=True, undo=lambda: deadline.put_back(ctx, before))


def _set(ctx: Context, ref: QueryRef, day: date) -> None:
    deadline.set_day(ctx, ref, day)


@PAGE.callback(Output("record", "children"), Input(READY, "data"), State(URL, "search"), prevent_initial_call=True)
def show_record(ctx: Context, ready: str | None, search: str) -> Any:
    """The track record, once it is computed; the rest of the page stays as it is."""
    return _record(visit_of(ctx, search, browser_formats()))


@PAGE.click("record-again", State(URL, "search"))
def compute_again(ctx: Context, search: str) -> Effects | None:
    visit = visit_of(ctx, search, browser_formats())
    throughput = visit.analysis.throughput
    if visit.query is None or not isinstance(throughput, Throughput):
        return None
    track_record.ask_again(ctx, visit.query, throughput)
    return Effects(changed=True, follow=track_record.job_name(visit.query))
