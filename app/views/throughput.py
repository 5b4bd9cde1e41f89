"""Throughput: what was finished in each week, and from which weeks the forecast learns."""

from __future__ import annotations

from typing import Any

from app.charts.throughput import throughput_figure
from app.domain.known import Sweeps
from app.domain.missing import NotEnoughData
from app.formats import plural
from app.views import numbers
from app.views.view import Fact, Number, Rows, Scene, Sentence, View, needs


def _sentence(scene: Scene) -> Sentence | str:
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return throughput.reason
    count, empty = len(throughput.window), sum(week.done == 0 for week in throughput.window)
    write = scene.formats.number
    values: dict[str, str | Number] = {
        "count": f"{count} {plural(count, 'week')}",
        "empty": write(empty),
        "done": Number(scene.amount(round(throughput.pace, 1)), "pace"),
        "new": write(round(throughput.created_pace, 1)),
    }
    if empty == count:
        return Sentence("Nothing was finished in the last {count}, which the forecast would learn from.", values)
    if empty:
        return Sentence(
            "{done} finished and {new} new a week, over the last {count}, {empty} without a finish.", values
        )
    return Sentence("{done} finished and {new} new a week, over the last {count}.", values)


def _figure(scene: Scene) -> dict[str, Any] | None:
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return None
    return throughput_figure(throughput, scene.text, scene.first, scene.last)


def _facts(scene: Scene) -> list[Fact]:
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return []
    write, sweeps = scene.formats.number, len(throughput.sweeps)
    facts = [Fact("Finished a week", write(round(throughput.pace, 1)), "pace")]
    if throughput.running is not None:
        show = f"week:{throughput.running.start.isoformat()}"
        facts.append(Fact("This week so far", write(throughput.running.done), show))
    return [*facts, *([Fact("Days of tidying up", write(sweeps), "sweep")] if sweeps else [])]


def _notes(scene: Scene) -> list[str]:
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return []
    count = sum(week.is_corrected for week in throughput.weeks)
    framed = f"{count} {plural(count, 'week was', 'weeks were')} corrected by hand (framed)."
    if scene.analysis.params.sweeps is Sweeps.LEAVE_OUT:
        said = "They are left out of the pace, as tidying up."
    else:
        said = "If that was tidying up rather than work, the pace looks higher than it is: leave the day out."
    swept = [
        f"{sweep.finished} issues were finished on {scene.formats.day(sweep.day)}. {said}"
        for sweep in throughput.sweeps[-2:]
    ]
    return [*([framed] if count else []), *swept]


def _rows(scene: Scene) -> Rows:
    header = ("start", "done", "created", "running")
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return Rows(header, ())
    running = throughput.running
    weeks = [*throughput.weeks, *([running] if running is not None else [])]
    drawn = [week for week in weeks if scene.draws(week.start)]
    cells = tuple((week.start, week.done, week.created, week is running) for week in drawn)
    return Rows(header, cells, tuple(f"week:{week.start.isoformat()}" for week in drawn))


THROUGHPUT = View(
    id="throughput",
    page="flow",
    tab="Throughput",
    help=(
        "What was finished in each week, weeks without a finish included. The forecast learns from the coloured ones; "
        "the pale one is not over."
    ),
    needs=needs("throughput"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    notes=_notes,
    numbers={"week": numbers.week, "pace": numbers.pace, "sweep": numbers.sweep, "finished": numbers.finished},
    lists=(("Finished", "finished"), ("In the weeks learned from", "pace")),
    rows=_rows,
)
