"""Throughput: what was finished in each week, and from which weeks the forecast learns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from app.charts.parts import part_name
from app.charts.throughput import split_figure, throughput_figure
from app.domain.before_after import FEWEST, BeforeAfter
from app.domain.calendar import written_day
from app.domain.grouping import split_weeks
from app.domain.known import Sweeps
from app.domain.missing import NotEnoughData
from app.domain.stability import GOOD, Verdict
from app.domain.throughput import Throughput, WeekCount
from app.views import numbers
from app.views.view import Behind, Control, Fact, Number, Place, Rows, Scene, Sentence, View, needs
from app.views.work_in_progress import LIMITS
from app.words import N_, _, n_
from app.words.headings import header


def _sentence(scene: Scene) -> Sentence | str:
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return throughput.reason
    count, empty = len(throughput.window), sum(week.done == 0 for week in throughput.window)
    write = scene.formats.number
    values: dict[str, str | Number] = {
        "count": write(count),
        "empty": write(empty),
        "done": Number(scene.amount(round(throughput.pace, 1)), "pace"),
        "new": Number(write(round(throughput.created_pace, 1)), "new"),
    }
    if empty == count:
        return Sentence(
            "Nothing was finished in the last {count} week, which the forecast would learn from.",
            values,
            "Nothing was finished in the last {count} weeks, which the forecast would learn from.",
            count,
        )
    if empty:
        return Sentence(
            "{done} finished and {new} new a week, over the last {count} week, {empty} without a finish.",
            values,
            "{done} finished and {new} new a week, over the last {count} weeks, {empty} without a finish.",
            count,
        )
    return Sentence(
        "{done} finished and {new} new a week, over the last {count} week.",
        values,
        "{done} finished and {new} new a week, over the last {count} weeks.",
        count,
    )


def _figure(scene: Scene) -> dict[str, Any] | None:
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return None
    if scene.by and scene.analysis.has_items:
        weeks = [week for week in _all_weeks(throughput) if scene.draws(week.start)]
        return split_figure(weeks, split_weeks(scene.analysis.known, weeks, scene.by), scene.text)
    limits = throughput.limits if scene.chosen(LIMITS) == "shown" else None
    return throughput_figure(throughput, scene.text, scene.first, scene.last, limits)


def _facts(scene: Scene) -> list[Fact]:
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return []
    write, sweeps = scene.formats.number, len(throughput.sweeps)
    facts = [Fact(_("Finished a week"), write(round(throughput.pace, 1)), "pace")]
    if throughput.running is not None:
        show = f"week:{throughput.running.start.isoformat()}"
        facts.append(Fact(_("This week so far"), write(throughput.running.done), show))
    return [*facts, *([Fact(_("Days of tidying up"), write(sweeps), "sweep")] if sweeps else []), *_helped(scene)]


def _event(scene: Scene) -> date | None:
    """The day of a change that is looked at; None where none is, or it is no day."""
    try:
        return written_day(scene.options.get("event", ""))
    except ValueError:
        return None


def _controls(scene: Scene) -> list[Control]:
    throughput, day = scene.analysis.throughput, _event(scene)
    if isinstance(throughput, NotEnoughData) or len(throughput.weeks) < 2 * FEWEST:
        return []
    value = "" if day is None else day.isoformat()
    first = throughput.weeks[0].start.isoformat()
    return [Control("event", _("Did it help? A change on"), value, first, scene.analysis.as_of.isoformat())]


def _helped(scene: Scene) -> list[Fact]:
    """The weeks after the change against those before it."""
    day = _event(scene)
    comparison = None if day is None else scene.analysis.before_after(day)
    if day is not None and isinstance(comparison, NotEnoughData):
        return [Fact(_("Since {day}", day=scene.formats.short(day)), "–", "", _(comparison.reason))]
    if not isinstance(comparison, BeforeAfter):
        return []
    write = scene.formats.number
    value = f"{write(round(comparison.before, 1))} → {write(round(comparison.after, 1))}"
    note = _("cannot be told from luck") if comparison.is_noise else _("more than luck would do")
    return [Fact(_("Since {day}", day=scene.formats.short(comparison.day)), value, "helped", note)]


def _rows(scene: Scene) -> Rows:
    columns = header("start", "done", "created", "running")
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return Rows(columns, ())
    running = throughput.running
    drawn = [week for week in _all_weeks(throughput) if scene.draws(week.start)]
    if scene.by and scene.analysis.has_items:
        return _split_rows(scene, drawn)
    return Rows.of(
        columns,
        drawn,
        lambda week: (week.start, week.done, week.created, week is running),
        lambda week: f"week:{week.start.isoformat()}",
    )


def _all_weeks(throughput: Throughput) -> list[WeekCount]:
    return [*throughput.weeks, *([throughput.running] if throughput.running is not None else [])]


def _split_rows(scene: Scene, weeks: list[WeekCount]) -> Rows:
    """A row for each week and value."""
    parts = split_weeks(scene.analysis.known, weeks, scene.by)
    cells = [(week.start, part_name(part.value), part.done[at]) for at, week in enumerate(weeks) for part in parts]
    return Rows(header("start", "value", "done"), tuple(cells))


def _did_it_help(scene: Scene, part: str) -> Behind:
    day = _event(scene)
    comparison = None if day is None else scene.analysis.before_after(day)
    title = _("Did it help?")
    if not isinstance(comparison, BeforeAfter):
        return Behind(title, (_("Choose the day of a change first.") if comparison is None else _(comparison.reason),))
    write = scene.formats.number
    how = (
        _("All weeks of both sides are dealt out anew, again and again. In this share of the deals both sides differ "
          "by at least as much: below 5 % it is called more than luck."),
        _("Weeks that lie close are alike and more things than one change, so this is a hint and no proof."),
    )  # fmt: skip
    weeks = f"{write(comparison.weeks_before)} · {write(comparison.weeks_after)}"
    inputs = ((_("Finished a week, before"), write(round(comparison.before, 2))),
              (_("Finished a week, after"), write(round(comparison.after, 2))),
              (_("Weeks before · after"), weeks), (_("Share of deals"), f"{comparison.p:.3f}"))  # fmt: skip
    return Behind(title, how, inputs, comparison.keys_after, why=_("finished"))


def _notes(scene: Scene) -> list[str]:
    throughput = scene.analysis.throughput
    if isinstance(throughput, NotEnoughData):
        return []
    count = sum(week.is_corrected for week in throughput.weeks)
    framed = n_(
        "{count} week was corrected by hand (framed).",
        "{count} weeks were corrected by hand (framed).",
        count,
        count=count,
    )
    swept = [_swept(scene, sweep.finished, sweep.day) for sweep in throughput.sweeps[-2:]]
    return [*([framed] if count else []), *swept, *_stable(scene, throughput)]


def _stable(scene: Scene, throughput: Throughput) -> list[str]:
    """Whether the weeks that are learned from say the same in both halves."""
    agreement = throughput.stability
    if agreement is None or not any(throughput.samples):
        return []
    share = scene.formats.rate(agreement.difference)
    if agreement.verdict is Verdict.POOR:
        return [
            _(
                "The weeks that are learned from do not agree: their halves (ranked, and dealt in turn) differ by "
                "{share} of their span. More weeks would tell more.",
                share=share,
            )
        ]
    return [
        _(
            "The weeks that are learned from agree: their halves (ranked, and dealt in turn) differ by {share} of "
            "their span, and up to {good} they are enough to draw from.",
            share=share,
            good=scene.formats.rate(GOOD),
        )
    ]


def _swept(scene: Scene, finished: float, on: date) -> str:
    day = scene.formats.day(on)
    if scene.analysis.params.sweeps is Sweeps.LEAVE_OUT:
        return _(
            "{finished} issues were finished on {day}. They are left out of the pace, as tidying up.",
            finished=finished,
            day=day,
        )
    return _(
        "{finished} issues were finished on {day}. If that was tidying up rather than work, the pace looks higher "
        "than it is: leave the day out.",
        finished=finished,
        day=day,
    )


THROUGHPUT = View(
    at=Place("/flow/throughput", N_("Throughput")),
    help=N_(
        "What was finished in each week, weeks without a finish included. The forecast learns from the coloured "
        "ones; the pale one is not over."
    ),
    needs=needs("throughput"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    notes=_notes,
    controls=_controls,
    splits="-",
    switches=(replace(LIMITS, applies=lambda scene: not scene.by),),
    numbers={
        "week": numbers.week,
        "new-in-week": numbers.new_in_week,
        "pace": numbers.pace,
        "new": numbers.new,
        "sweep": numbers.sweep,
        "finished": numbers.finished,
        "helped": _did_it_help,
    },
    lists=((N_("Finished"), "finished"), (N_("In the weeks learned from"), "pace")),
    rows=_rows,
)
