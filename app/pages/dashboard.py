"""Dashboard: the answer first, then the few numbers it rests on, what changed, and how good past answers were."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dash import Input, Output, State, html

from app.actions import track_record
from app.actions.track_record import Held, TrackRecord
from app.charts.burndown import burnup_figure
from app.charts.marks import marks_of
from app.context import Context
from app.domain.analysis import Analysis
from app.domain.burndown import Burndown
from app.domain.forecast import Forecast
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.review import WeekReview
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from app.domain.ways import LEVEL, Ways
from app.formats import Formats, plural
from app.web.components import amount, card, chart, choice, empty_state, link_button, number_button, tile
from app.web.page import Page, Visit, visit_of
from app.web.parts import sync_line
from app.web.shell import CHANGED, TICK, URL, browser_formats, changed_token

# The small chart shows the recent past: about as much of it as a forecast usually reaches ahead.
_SHOWN_WEEKS = 26
# Below this a share says little: at 17 replays the true rate of "all held" may still be four in five.
_FEW_REPLAYS = 20


def layout(visit: Visit) -> Any:
    analysis = visit.analysis
    unit = analysis.params.unit
    return html.Div(
        [
            html.H1("Dashboard", className="unseen"),
            _answer(visit, analysis),
            html.Div(_tiles(visit, analysis), className="tiles"),
            html.Div([_burnup(visit, analysis, unit), _beside(visit, analysis)], className="split"),
        ],
        className="dashboard",
    )


# -- the answer -----------------------------------------------------------------------------------------


def _answer(visit: Visit, analysis: Analysis) -> Any:
    result, unit = analysis.forecast, analysis.params.unit
    switch = choice("unit", str(unit), [("items", "Items"), ("points", "Points")], "Count in items or points")
    if isinstance(result, NotEnoughData):
        actions = (link_button("Add data", "/data"), link_button("Settings", "/settings", quiet=True))
        reason = " ".join([result.reason, *_last_finish(analysis, visit.formats)])
        return html.Div([html.Div([switch, *sync_line.line(visit)], className="answer-switch"),
                         empty_state("No forecast yet", reason, *actions)], className="answer")  # fmt: skip
    return html.Div(
        [
            html.Div([switch, *sync_line.line(visit)], className="answer-switch"),
            html.P(headline(result, visit.formats), className="headline", id="answer"),
            html.P([meaning(result, visit.formats), " ", _deadline_sentence(visit, analysis), " ", _how()]),
            *[html.P(warning, className="warning") for warning in result.warnings],
        ],
        className="answer",
    )


def _last_finish(analysis: Analysis, formats: Formats) -> list[str]:
    """For data that ends long ago: when that was, since a newer export is then what helps."""
    throughput = analysis.throughput
    weeks = () if isinstance(throughput, NotEnoughData) else throughput.weeks
    last = next((week.start for week in reversed(weeks) if week.done), None)
    if last is None:
        return []
    return [f"The last finish is in the week from {formats.day(last)}; a newer export of this data would help."]


def _how() -> Any:
    what = {"type": "explain", "what": "answer"}
    return html.Button("How is this computed?", id=what, className="text-button", n_clicks=0)


def headline(result: Forecast, formats: Formats) -> Any:
    """The answer in one line: from the date that half of the futures keep to the one that 85 in 100 keep."""
    half, sure = result.dates.get(50), result.dates.get(85)
    if result.remaining <= 0:
        return "Everything is done."
    if half is None:
        return "No date can be given: most futures are not done within two years."
    if sure is None:
        return ["Done after ", html.Strong(formats.day(half)), ", but how much later is open."]
    if half == sure:
        return ["Done by ", html.Strong(formats.day(sure)), "."]
    first = formats.day(half, with_year=half.year != sure.year)
    return ["Done between ", html.Strong(first), " and ", html.Strong(formats.day(sure)), "."]


def meaning(result: Forecast, formats: Formats) -> str:
    """What the two dates of the headline mean."""
    half, sure = result.dates.get(50), result.dates.get(85)
    if result.remaining <= 0:
        return "Nothing remains of the work that is known."
    if half is None or sure is None:
        late = formats.share(result.distribution.not_finished)
        return f"In {late} of the simulated futures the work is not done within two years."
    if half == sure:
        return "At least 85 in 100 simulated futures are done by then."
    return "Half of the simulated futures are done by the first date, 85 in 100 by the second."


def _deadline_sentence(visit: Visit, analysis: Analysis) -> Any:
    deadline, pace, formats = analysis.params.deadline, analysis.required_pace, visit.formats
    if deadline is None:
        return html.Span(["No deadline is set; ", html.A("set one", href="/settings"), " to see its chance."])
    if isinstance(analysis.scope, Scope) and analysis.scope.remaining <= 0:
        return ""
    if analysis.ways is not None:
        return _ways(analysis.ways, formats, analysis.params.unit, past=pace is None)
    if pace is None:
        return f"The deadline of {formats.day(deadline)} is past."
    need = amount(formats, round(pace, 1), analysis.params.unit)
    return f"Making the deadline of {formats.day(deadline)} takes {need} a week{_against(analysis, formats)}."


def _ways(found: Ways, formats: Formats, unit: Unit, past: bool) -> Any:
    """What would make the deadline sure enough: each way in one number that opens how it is computed."""
    day = formats.day(found.deadline)
    ways = [
        *_way(found.drop, unit, formats),
        *([] if found.pace is None else [["finish ", _way_button(formats.number(found.pace)), " a week instead of ",
                                          formats.number(round(found.pace_now, 1))]]),
        *([] if found.later is None else [["move the deadline to ", _way_button(formats.day(found.later))]]),
    ]  # fmt: skip
    if not ways:
        return f"The deadline of {day} {'is past' if past else 'is out of reach at this pace'}."
    start = f"The deadline of {day} is past: " if past else f"To be {formats.share(LEVEL / 100)} sure of {day}: "
    joined = [part for at, way in enumerate(ways) for part in ([", or "] if at else []) + way]
    return html.Span([start, *joined, "."], id="ways")


def _way(drop: float | None, unit: Unit, formats: Formats) -> list[list[Any]]:
    return [] if drop is None else [["leave out ", _way_button(amount(formats, round(drop, 1), unit))]]


def _way_button(text: str) -> Any:
    return number_button(text, f"ways:{text}", text)


def _against(analysis: Analysis, formats: Formats) -> str:
    throughput = analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return ""
    return f"; lately it was {formats.number(round(throughput.pace, 1))}"


# -- tiles ----------------------------------------------------------------------------------------------


def _tiles(visit: Visit, analysis: Analysis) -> list[Any]:
    return [_chance(visit, analysis), _remaining(visit, analysis), _pace(visit, analysis), _week(visit, analysis)]


def _chance(visit: Visit, analysis: Analysis) -> Any:
    deadline, chance, formats = analysis.params.deadline, analysis.chance, visit.formats
    if deadline is None:
        return tile("Chance of the deadline", "–", "no deadline set", "chance")
    is_past = deadline < analysis.as_of
    note = f"{formats.day(deadline)} is past" if is_past else f"to be done by {formats.day(deadline)}"
    if chance is None:
        return tile("Chance of the deadline", "–", note, "chance")
    tone = "good" if chance >= 0.85 else "poor" if chance < 0.5 else ""
    return tile(
        "Chance of the deadline", formats.share(chance), [note, *_milestones(analysis, formats)], "chance", tone
    )


def _milestones(analysis: Analysis, formats: Formats) -> list[Any]:
    return [
        html.Div(f"{name}, {formats.day(day, with_year=False)}: {formats.share(chance)}")
        for name, day, chance in analysis.milestone_chances[:2]
        if chance is not None
    ]


def _remaining(visit: Visit, analysis: Analysis) -> Any:
    scope, formats, unit = analysis.scope, visit.formats, analysis.params.unit
    if isinstance(scope, NotEnoughData):
        return tile("Remaining", "–", scope.reason, "remaining")
    note: list[Any] = [f"of {amount(formats, scope.total, unit)}"]
    if scope.unestimated:
        text = f"{scope.unestimated} without estimate"
        note += [", ", html.Button(text, id={"type": "explain", "what": "unestimated"}, className="text-button",
                                   n_clicks=0)]  # fmt: skip
    return tile("Remaining", amount(formats, scope.remaining, unit), note, "remaining")


def _pace(visit: Visit, analysis: Analysis) -> Any:
    throughput, formats, need = analysis.throughput, visit.formats, analysis.required_pace
    if isinstance(throughput, NotEnoughData):
        return tile("Pace", "–", throughput.reason, "pace")
    if need is None:
        note: Any = f"mean of the last {len(throughput.window)} weeks"
    else:
        text = f"{formats.number(round(need, 1))} needed for the deadline"
        note = html.Button(text, id={"type": "explain", "what": "required"}, className="text-button", n_clicks=0)
    tone = "poor" if need is not None and throughput.pace < need else ""
    return tile("Pace", f"{formats.number(round(throughput.pace, 1))} a week", note, "pace", tone)


def _week(visit: Visit, analysis: Analysis) -> Any:
    review, formats = analysis.last_week, visit.formats
    if isinstance(review, NotEnoughData):
        return tile("Last seven days", "–", review.reason, "finished")
    note = f"{formats.number(review.added)} added, {formats.number(review.removed)} removed"
    return tile("Last seven days", f"{formats.number(review.finished)} finished", note, "finished")


# -- chart ----------------------------------------------------------------------------------------------


def _burnup(visit: Visit, analysis: Analysis, unit: Unit) -> Any:
    burndown = analysis.burndown
    if isinstance(burndown, NotEnoughData):
        return card(html.P(burndown.reason, className="quiet"), title="Progress")
    result = analysis.forecast if isinstance(analysis.forecast, Forecast) else None
    # Without a forecast the recent past is usually empty, and the whole of it says more.
    since = analysis.as_of - timedelta(weeks=_SHOWN_WEEKS) if result else None
    marks = marks_of(analysis, visit.formats)
    figure = burnup_figure(burndown, result, marks, visit.chart_text(unit), since)
    more = html.A("All of it", href="/burndown" + visit.choice.search(), className="more")
    summary = progress_sentence(burndown, visit.formats, unit, result is not None and result.dates[50] is not None)
    return card(chart(figure, summary, summary), title="Progress and what may come", beside=more, name="progress")


def progress_sentence(burndown: Burndown, formats: Formats, unit: Unit, has_dates: bool) -> str:
    """What the chart shows, in words. `has_dates`: the forecast gave dates that it marks."""
    if not burndown.days:
        return "Nothing has happened yet."
    last = burndown.days[-1]
    done = f"{formats.number(last.done)} of {amount(formats, last.scope, unit)} are done"
    return f"{done}. The dots mark when 50 and 85 in 100 futures are." if has_dates else f"{done}."


# -- what changed, and the track record -----------------------------------------------------------------


def _beside(visit: Visit, analysis: Analysis) -> Any:
    return html.Div([_changed(visit, analysis), _record(visit, analysis)], className="stack")


def _changed(visit: Visit, analysis: Analysis) -> Any:
    review = analysis.last_week
    if isinstance(review, NotEnoughData):
        return card(html.P(review.reason, className="quiet"), title="What changed in the last week")
    return card(
        html.P(review.why, className="why"),
        html.Dl(_changes(review, visit.formats), className="changes"),
        title="What changed in the last week",
    )


def _changes(review: WeekReview, formats: Formats) -> list[Any]:
    rows = [
        _change("Finished", formats.number(review.finished), "finished"),
        _change("Added", formats.number(review.added), "added"),
        _change("Removed", formats.number(review.removed), "removed"),
        ("Reopened", formats.number(review.reopened)) if review.reopened else None,
        ("Estimates changed by", formats.number(review.re_estimated)) if review.re_estimated else None,
        ("Remaining", _from_to(formats.number(review.remaining_before), formats.number(review.remaining_now))),
        ("85 in 100 futures done by", _dates(review.date_85_before, review.date_85_now, formats)),
    ]
    if review.chance_before is not None and review.chance_now is not None:
        chances = _from_to(formats.share(review.chance_before), formats.share(review.chance_now))
        rows.append(("Chance of the deadline", chances))
    return [html.Div([html.Dt(row[0]), html.Dd(row[1])]) for row in rows if row is not None]


def _change(name: str, value: str, what: str) -> tuple[str, Any]:
    return name, number_button(value, what, f"{name} in the last seven days: {value}")


def _from_to(before: str, now: str) -> str:
    return now if before == now else f"{before} → {now}"


def _dates(before: date | None, now: date | None, formats: Formats) -> str:
    # A line may end between the two, but not within one.
    return _from_to(
        *((formats.short(day) if day else "no date").replace(" ", "\N{NO-BREAK SPACE}") for day in (before, now))
    )


def _record(visit: Visit, analysis: Analysis) -> Any:
    throughput = analysis.throughput
    if isinstance(throughput, NotEnoughData) or visit.query is None:
        return card(html.P("It begins with the first weeks of history.", className="quiet"), title="Track record")
    found = track_record.known(visit.ctx, visit.query, throughput)
    if found is None:
        return card(*_waiting(visit, throughput), title="Track record")
    return card(*record_text(found, visit.formats), title="Track record")


def _waiting(visit: Visit, throughput: Throughput) -> list[Any]:
    if visit.query is None:
        return []
    state = track_record.ask(visit.ctx, visit.query, throughput)
    if state is not None and state.status == "failed":
        again = html.Button("Compute it", id="record-again", className="text-button", n_clicks=0)
        return [html.P(["Not computed. ", state.message, " ", again], className="quiet")]
    return [html.P("Past forecasts are being replayed to see how well they held …", className="quiet")]


def record_text(found: TrackRecord, formats: Formats) -> list[Any]:
    """How good the dates were, in sentences anybody can check."""
    if found.ours is None:
        return [html.P(found.reason or "There is too little history to replay.", className="quiet")]
    if found.ours.n < _FEW_REPLAYS:
        return [html.P(_few(found.ours, formats), id="track-record")]
    usual = "" if found.usual is None else f"The usual method's held {formats.rate(found.usual.rate)}. "
    return [
        html.P(_held_sentence("Our 85\u202f% dates held", found.ours, formats), id="track-record"),
        html.P(usual + _VERDICTS.get(found.ours.verdict, ""), className="quiet"),
    ]


def _few(held: Held, formats: Formats) -> str:
    if not held.n:
        return "No past forecast can be judged yet: nothing was finished for long enough after any of them."
    kept = round(held.rate * held.n)
    return (
        f"Too few past forecasts to judge: {formats.number(kept)} of {held.n} replayed 85\u202f% dates held. "
        f"From {_FEW_REPLAYS} on, the share is shown; that takes more weeks of history."
    )


def _held_sentence(start: str, held: Held, formats: Formats) -> str:
    times = f"{held.n} replayed {plural(held.n, 'forecast')}"
    return f"{start} {formats.rate(held.rate)} of the time, in {times} of this history."


_VERDICTS = {
    "honest": "Ours keep what they promise.",
    "overconfident": "Ours keep less than they promise: allow for more time.",
    "cautious": "Ours keep more than they promise: they are on the safe side.",
}

PAGE = Page("/", "Dashboard", layout, parts=(sync_line.PART,))


@PAGE.callback(
    Output(CHANGED, "data", allow_duplicate=True),
    Output(TICK, "disabled", allow_duplicate=True),
    Input("record-again", "n_clicks"),
    State(URL, "search"),
    prevent_initial_call=True,
)
def compute_again(ctx: Context, clicks: int, search: str) -> Any:
    visit = visit_of(ctx, search, browser_formats())
    throughput = visit.analysis.throughput
    if clicks and visit.query is not None and isinstance(throughput, Throughput):
        track_record.ask_again(ctx, visit.query, throughput)
    return changed_token(ctx), False
