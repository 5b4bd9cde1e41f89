"""Progress: burnup or burndown with the true scope line, and the fan of what may come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.charts.burndown import Earlier, burndown_figure, burnup_figure
from app.charts.milestone_marks import marks_of
from app.charts.parted import burnup_parts_figure
from app.domain.burndown import Burndown, BurndownDay
from app.domain.forecast import Forecast
from app.domain.missing import NotEnoughData
from app.views import numbers
from app.views.parted import parted_rows, pieces
from app.views.view import Fact, Number, Place, Rows, Scene, Sentence, Switch, View, needs
from app.words import N_, _
from app.words.headings import header

_CHARTS = Switch("chart", N_("Chart"), (("burnup", N_("Burnup")), ("burndown", N_("Burndown"))))
_MOST_EARLIER = 3
_UNKNOWN_SCOPE = N_(
    "This data has no change history: issues count from the day they were created, and estimates are today's."
)


def _sentence(scene: Scene) -> Sentence | str:
    burndown = scene.analysis.burndown
    if isinstance(burndown, NotEnoughData) or not burndown.days:
        return _("Nothing has happened yet.")
    last = burndown.days[-1]
    values: dict[str, str | Number] = {
        "done": Number(scene.formats.number(last.done), "done"),
        "scope": Number(scene.amount(last.scope), "scope"),
        "left": Number(scene.formats.number(last.remaining), "remaining"),
    }
    return Sentence("{done} of {scope} are done, {left} are left.", values)


def figure(scene: Scene) -> dict[str, Any] | None:
    """The chart chosen, from the first day drawn on."""
    burndown, analysis = scene.analysis.burndown, scene.analysis
    if isinstance(burndown, NotEnoughData):
        return None
    if scene.by:
        return _parted(scene, burndown)
    draw = burndown_figure if scene.chosen(_CHARTS) == "burndown" else burnup_figure
    marks = marks_of(analysis, scene.formats)
    return draw(burndown, _shown_forecast(scene, burndown), marks, scene.text, scene.first, _earlier(scene, burndown))


def _parted(scene: Scene, burndown: Burndown) -> dict[str, Any]:
    """Without what is ahead: a forecast is of all the work."""
    results = ((piece, mine.analysis.burndown) for piece, mine in pieces(scene))
    lines = [(piece, _drawn(scene, each)) for piece, each in results if isinstance(each, Burndown)]
    downwards = scene.chosen(_CHARTS) == "burndown"
    return burnup_parts_figure(lines, _drawn(scene, burndown), scene.text, scene.first, downwards)


def _drawn(scene: Scene, burndown: Burndown) -> list[BurndownDay]:
    return [day for day in burndown.days if scene.draws(day.day)]


def _earlier(scene: Scene, burndown: Burndown) -> list[Earlier]:
    """A few of the forecasts that were written down, evenly spread over the days drawn, but for the last two weeks."""
    first, last = scene.first or date.min, scene.analysis.as_of - timedelta(days=14)
    days = {day.day for day in burndown.days}
    outlooks = [
        Earlier(outlook.as_of, outlook.left, outlook.even, outlook.sure)
        for outlook in scene.outlooks()
        if first <= outlook.as_of <= last
        and outlook.as_of in days
        and outlook.even is not None
        and outlook.sure is not None
    ]
    step = -(-len(outlooks) // _MOST_EARLIER) or 1
    return outlooks[::-1][::step][::-1]


def _shown_forecast(scene: Scene, burndown: Burndown) -> Forecast | None:
    """None for a sprint that is over, or days that end in the past: what came after them is not their future."""
    result = scene.analysis.forecast
    if not isinstance(result, Forecast) or not burndown.days or scene.last is not None:
        return None
    is_over = scene.analysis.known.sprint is not None and burndown.days[-1].day < result.as_of - timedelta(days=1)
    return None if is_over else result


def _facts(scene: Scene) -> list[Fact]:
    names = ((_("Finished"), "finished"), (_("Added"), "added"), (_("Removed"), "removed"))
    return [_fact(scene, label, show) for label, show in names] if scene.analysis.has_items else []


def _fact(scene: Scene, label: str, show: str) -> Fact:
    return Fact(label, scene.formats.number(PROGRESS.numbers[show](scene, "").number or 0), show)


def _rows(scene: Scene) -> Rows:
    burndown = scene.analysis.burndown
    if isinstance(burndown, NotEnoughData):
        return Rows(header("day", "scope", "done", "remaining", "ideal"), ())
    ideal = dict(burndown.ideal)
    days = [day for day in burndown.days if scene.draws(day.day)]
    cells = tuple((day.day, day.scope, day.done, day.remaining, ideal.get(day.day)) for day in days)
    return Rows(header("day", "scope", "done", "remaining", "ideal"), cells, tuple(f"done:{_iso(day)}" for day in days))


def _iso(day: BurndownDay) -> str:
    return day.day.isoformat()


def _notes(scene: Scene) -> list[str]:
    burndown = scene.analysis.burndown
    return [] if isinstance(burndown, NotEnoughData) or burndown.scope_membership_known else [_UNKNOWN_SCOPE]


PROGRESS = View(
    at=Place("/plan/progress", N_("Progress")),
    help=N_(
        "Done work against all work, day by day. The fan ahead holds the futures from 15 to 85 %; the dots mark the "
        "days of even odds and of 85 %."
    ),
    needs=needs("burndown"),
    sentence=_sentence,
    figure=figure,
    facts=_facts,
    notes=_notes,
    switches=(_CHARTS,),
    numbers={
        "remaining": numbers.remaining,
        "scope": numbers.scope,
        "done": numbers.done,
        "open": numbers.still_open,
        "finished": numbers.finished,
        "added": numbers.added,
        "removed": numbers.removed,
        "re-estimated": numbers.re_estimated,
        "reopened": numbers.reopened,
    },
    lists=((N_("Open"), "remaining"), (N_("Finished"), "finished"), (N_("Added"), "added"), (N_("Removed"), "removed")),
    rows=parted_rows(_rows),
    splits="-",
)
