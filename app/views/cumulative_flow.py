"""Cumulative flow: how much was started and finished by each day, and what stood where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.charts import flow as charts
from app.charts.parted import cumulative_parts_figure
from app.domain.calendar import written_day
from app.domain.cumulative_flow import arrived_keys
from app.domain.flow import Flow
from app.views import numbers
from app.views.flow import FLOW, FLOW_VIEW, counted, cycle, days_text, has_starts, notes, stood
from app.views.from_result import Row
from app.views.parted import parted_rows, pieces
from app.views.view import Behind, Fact, Number, Place, Scene, Sentence, Switch, counted_issues, mid_sentence
from app.words import N_, _
from store.records import Category

_VIEWS = Switch("flow", N_("What is drawn"), (("arrivals", N_("Arrivals")), ("state", N_("What stood where"))))
_TODO = Switch(
    "todo",
    N_("Work not started"),
    (("without", N_("Without to do")), ("with", N_("With to do"))),
    # Without any start its line is that of the finish, and what was created tells more.
    usual=lambda scene: "without" if has_starts(scene) else "with",
    applies=lambda scene: not scene.by,
)


@FLOW.sentence
def _cfd_sentence(scene: Scene, result: Flow) -> Sentence | str:
    first, last = result.cfd.state[0], result.cfd.state[-1]
    started = result.cfd.arrivals[-1].in_progress - result.cfd.arrivals[0].in_progress
    values: dict[str, str | Number] = {
        "finished": Number(counted(scene, result.finished), f"finished:{result.start}..{result.end}"),
        "started": Number(scene.formats.number(started), "started"),
        "then": Number(scene.formats.number(first.in_progress), f"stood:in_progress:{first.day}"),
        "now": Number(scene.formats.number(last.in_progress), f"stood:in_progress:{last.day}"),
    }
    if not has_starts(scene):
        return Sentence("{finished} finished; nothing tells when work was started.", values)
    return Sentence("{finished} finished and {started} started; in progress went from {then} to {now}.", values)


@FLOW.behind(N_("Started"))
def _started(scene: Scene, part: str, result: Flow) -> Behind:
    calendar = scene.analysis.params.calendar
    keys = arrived_keys(scene.analysis.items, calendar, Category.IN_PROGRESS, result.end, result.start)
    how = _("First started after {day}. What was finished without a start was started on that day.",
            day=scene.formats.day(result.start))  # fmt: skip
    return counted_issues(_("Started"), how, keys, mid_sentence(_("Started")))


_CAME = {"todo": N_("Created"), "in_progress": N_("Started"), "done": N_("Finished")}


def _came(scene: Scene, part: str) -> Behind:
    """What had come to a category by the end of a day (done:2026-11-16), or since that of another (done:A..B)."""
    category, span = part.partition(":")[::2]
    since_text, last_text = span.rpartition("..")[::2]
    if category not in _CAME or not scene.analysis.has_items:
        return Behind(_("Issues"), (_("There is no such number."),))
    last = _day(last_text) or scene.analysis.last_day
    since = _day(since_text)
    calendar, name = scene.analysis.params.calendar, _(_CAME[category])
    keys = arrived_keys(scene.analysis.items, calendar, Category(category), last, since)
    how = _("By the end of {day}, whatever became of it since.", day=scene.formats.day(last))
    more = (_("Counted after {day}.", day=scene.formats.day(since)),) if since else ()
    # The whole is drawn from the left edge on, so a point of its line is lower than this number.
    number = float(len(keys)) if since else None
    return Behind(name, (how, *more), (), keys, number, (1.0,) * len(keys), mid_sentence(name))


def _day(text: str) -> date | None:
    try:
        return written_day(text)
    except ValueError:
        return None


@FLOW.figure
def _cfd_figure(scene: Scene, result: Flow) -> dict[str, Any] | None:
    strict = scene.chosen(_VIEWS) == "arrivals"
    days = result.cfd.arrivals if strict else result.cfd.state
    if scene.by:
        results = ((piece, mine.past.flow) for piece, mine in pieces(scene))
        lines = [
            (piece, each.cfd.arrivals if strict else each.cfd.state)
            for piece, each in results
            if isinstance(each, Flow)
        ]
        return cumulative_parts_figure(lines, days, strict, scene.text)
    return charts.cumulative_figure(days, strict, scene.chosen(_TODO) == "with", scene.text)


@FLOW.facts
def _cfd_facts(scene: Scene, result: Flow) -> list[Fact]:
    if result.little is None or result.little.implied_days is None:
        return []
    facts = [Fact(_("Work in progress, mean"), scene.formats.number(round(result.little.mean_wip, 1)))]
    facts.append(
        Fact(_("So an item takes"), days_text(scene, round(result.little.implied_days, 1)), note=_("by Little's law"))
    )
    if result.little.measured_days is not None:
        facts.append(Fact(_("Measured"), days_text(scene, round(result.little.measured_days, 1)), "cycle"))
    return facts


@FLOW.notes
def _cfd_notes(scene: Scene, result: Flow) -> list[str]:
    """Arrivals never fall, so what came back or left stands between the lines although nobody works on it."""
    so_far, now = result.cfd.arrivals[-1], result.cfd.state[-1]
    between = so_far.in_progress - so_far.done
    explains = scene.chosen(_VIEWS) == "arrivals" and not scene.by and has_starts(scene)
    if not explains or between == now.in_progress:
        return notes(scene)
    text = _(
        "The lines end {between} apart, with {count} in progress: arrivals keep what was reopened, or left, since.",
        between=scene.formats.number(between),
        count=scene.formats.number(now.in_progress),
    )
    return [*notes(scene), text]


@FLOW.rows("day", "todo", "in_progress", "done", "started_so_far", "finished_so_far")
def _cfd_rows(scene: Scene, result: Flow) -> Iterator[Row]:
    for now, so_far in zip(result.cfd.state, result.cfd.arrivals, strict=True):
        cells = (now.day, now.todo, now.in_progress, now.done, so_far.in_progress, so_far.done)
        yield f"stood:in_progress:{now.day.isoformat()}", cells


CUMULATIVE_FLOW = FLOW_VIEW(
    at=Place("/flow/cumulative-flow", N_("Cumulative flow")),
    help=N_(
        "How many items had been started and finished by each day, counted from the left edge. The height between "
        "the lines is the work in progress, the width how long it takes. Arrivals never fall; the other way of "
        "drawing shows what stood where, and falls when work is reopened or leaves."
    ),
    sentence=_cfd_sentence,
    figure=_cfd_figure,
    facts=_cfd_facts,
    notes=_cfd_notes,
    switches=(_VIEWS, _TODO),
    numbers={"stood": stood, "started": _started, "came": _came, "finished": numbers.finished, "cycle": cycle},
    lists=((N_("In progress"), "stood:in_progress"), (N_("Finished"), "finished")),
    rows=parted_rows(_cfd_rows),
    splits="-",
)
