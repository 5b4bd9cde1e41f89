"""Sprints: what was promised at the start and what became of it, each number a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from app.charts.sprints import carried_figure, sprint_figure, velocity_figure
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.sprints import SprintResult, Sprints, State
from app.views import sprint_check
from app.views.from_result import FromResult, Row
from app.views.view import Behind, Fact, Number, Opened, Place, Scene, Sentence, View, mid_sentence, needs, unit_name
from app.words import N_, _
from app.words.headings import header

_SPRINTS = FromResult(lambda scene: scene.analysis.sprints)


def _drawn(scene: Scene, result: Sprints) -> list[SprintResult]:
    """Those that began in the days that are drawn, newest first; all where none did."""
    return [sprint for sprint in result.sprints if scene.draws(sprint.start)] or list(result.sprints)


def _current(result: Sprints) -> SprintResult:
    """The one under way, else the last one."""
    return result.current or result.sprints[0]


def _of(scene: Scene, sprint_id: str) -> SprintResult | None:
    """The sprint of this id; without one the present."""
    result = scene.analysis.sprints
    if isinstance(result, NotEnoughData):
        return None
    if not sprint_id:
        return _current(result)
    return next((sprint for sprint in result.sprints if sprint.id == sprint_id), None)


def _part(amount: str, title: str, how: str) -> Opened:
    """An amount of one sprint (its id stands after the colon), by its name in `SprintResult`, and its issues."""

    def opened(scene: Scene, part: str) -> Behind:
        sprint = _of(scene, part)
        if sprint is None:
            return Behind(title, (_("There is no such sprint among those that are known."),))
        keys: tuple[str, ...] = getattr(sprint, f"{amount}_keys")
        in_items = scene.unit is Unit.ITEMS
        # In points the issues had the sizes of that day, which may be other ones now.
        number, each = (float(len(keys)), (1.0,) * len(keys)) if in_items else (None, ())
        inputs = () if in_items else ((title, scene.amount(getattr(sprint, amount) or 0.0)),)
        return Behind(f"{_(title)}: {sprint.name}", (how,), inputs, keys, number, each, mid_sentence(title))

    return opened


_PARTS = (
    ("committed", "committed", N_("Committed"), N_("Open work that was in the sprint when it was started.")),
    ("added", "added", N_("Added"), N_("Put into the sprint after its start.")),
    ("removed", "removed", N_("Taken out"), N_("Taken out of the sprint after its start, not finished.")),
    ("completed", "completed", N_("Finished"), N_("Finished in the sprint, and not reopened in it.")),
    ("left", "remaining", N_("Left"), N_("In the sprint and not finished.")),
    ("carried", "carried_over", N_("Carried over"), N_("Open when the sprint was closed.")),
)

_NUMBERS = {f"sprint-{name}": _part(amount, title, how) for name, amount, title, how in _PARTS}


def _over(
    title: str, how: str, amount: str, against: str, sprints: Callable[[Scene, Sprints], Sequence[SprintResult]]
) -> Opened:
    """Behind a number of several sprints: an amount of each, `against` another one if named, and the issues."""

    @_SPRINTS.behind(title)
    def opened(scene: Scene, part: str, result: Sprints) -> Behind:
        chosen = sprints(scene, result)
        inputs = tuple((sprint.name, _amount_of(scene, sprint, amount, against)) for sprint in chosen)
        keys = dict.fromkeys(key for sprint in chosen for key in getattr(sprint, f"{amount}_keys"))
        return Behind(_(title), (_(how),), inputs, tuple(keys), why=mid_sentence(title))

    return opened


def _amount_of(scene: Scene, sprint: SprintResult, amount: str, against: str) -> str:
    write = scene.formats.number
    text = write(getattr(sprint, amount) or 0.0)
    return _("{kept} of {count}", kept=text, count=write(getattr(sprint, against))) if against else text


def _last_closed(scene: Scene, result: Sprints) -> Sequence[SprintResult]:
    """Those that the velocity is of."""
    return [sprint for sprint in result.sprints if sprint.state is State.CLOSED][: result.velocity.n]


def _closed(scene: Scene, result: Sprints) -> list[SprintResult]:
    return [sprint for sprint in _drawn(scene, result) if sprint.state is State.CLOSED]


def _committed(scene: Scene, result: Sprints) -> list[SprintResult]:
    return [sprint for sprint in _closed(scene, result) if sprint.committed > 0]


_NUMBERS |= {
    "sprints-finished": _over(
        N_("Finished"),
        N_("Finished in each of the last closed sprints."),
        "completed",
        "",
        _last_closed,
    ),
    "sprints-kept": _over(
        N_("Finished"),
        N_("Finished in each closed sprint, of what was committed at its start."),
        "completed",
        "committed",
        _committed,
    ),
    "sprints-added": _over(
        N_("Added"),
        N_("Put into each closed sprint after its start, of what was committed."),
        "added",
        "committed",
        _committed,
    ),
    "sprints-carried": _over(N_("Carried over"), N_("Open when the sprint was closed."), "carried_over", "", _closed),
}


# -- this sprint ------------------------------------------------------------------------------------------


@_SPRINTS.sentence
def _sentence(scene: Scene, result: Sprints) -> Sentence | str:
    sprint, write = _current(result), scene.formats.number
    ended = sprint.state is State.CLOSED
    values: dict[str, str | Number] = {
        "name": sprint.name,
        "committed": Number(write(sprint.committed), f"sprint-committed:{sprint.id}"),
        "added": Number(write(sprint.added), f"sprint-added:{sprint.id}"),
        "finished": Number(write(sprint.completed), f"sprint-completed:{sprint.id}"),
        "left": Number(write(sprint.remaining), f"sprint-left:{sprint.id}"),
        "carried": Number(write(sprint.carried_over or 0.0), f"sprint-carried:{sprint.id}"),
        "day": scene.formats.day(sprint.start),
        "unit": unit_name(scene.unit),
    }
    if ended:
        return Sentence(
            "{name}: {committed} {unit} committed, {added} added, {finished} finished, {carried} carried over.", values
        )
    return Sentence("{name}: {committed} {unit} committed, {added} added, {finished} finished, {left} left.", values)


@_SPRINTS.figure
def _figure(scene: Scene, result: Sprints) -> dict[str, Any] | None:
    return sprint_figure(_current(result), scene.text)


@_SPRINTS.facts
def _facts(scene: Scene, result: Sprints) -> list[Fact]:
    sprint, write = _current(result), scene.formats.number
    facts = [Fact(_("Taken out"), write(sprint.removed), f"sprint-removed:{sprint.id}")]
    if scene.unit is Unit.POINTS:
        facts.append(Fact(_("Re-estimated"), scene.formats.signed(sprint.reestimated)))
    velocity = result.velocity
    if velocity.low is not None and velocity.high is not None:
        span = _("{low} to {high}", low=write(velocity.low), high=write(velocity.high))
        note = _("{n} closed sprints, 15 to 85 %", n=velocity.n)
        facts.append(Fact(_("A sprint usually finishes"), span, "sprints-finished", note))
    return facts


@_SPRINTS.notes
def _notes(scene: Scene, result: Sprints) -> list[str]:
    sprint = _current(result)
    end = sprint.closed or sprint.end
    start = scene.formats.day(sprint.start)
    if end is not None and sprint.state is State.ACTIVE:
        day = scene.formats.day(end)
        notes = [_("What was committed is frozen at the start of {start}. Ends on {end}.", start=start, end=day)]
    else:
        notes = [_("What was committed is frozen at the start of {start}.", start=start)]
    unknown = len(result.without_dates)
    return [
        *notes,
        *([_("{unknown} more sprints have no dates and are left out.", unknown=unknown)] if unknown else []),
    ]


@_SPRINTS.rows("day", "scope", "done", "remaining", "ideal")
def _days(scene: Scene, result: Sprints) -> Iterator[Row]:
    for day in _current(result).days:
        yield "", (day.day, day.scope, day.done, day.remaining, day.ideal)


THIS_SPRINT = View(
    at=Place("/sprints/this-sprint", N_("This sprint")),
    help=N_(
        "What was in the sprint when it was started is the commitment. What came later is added, what was taken out "
        "is not finished work. The dashed line is an even pace over the working days."
    ),
    needs=needs("sprints"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    notes=_notes,
    numbers={**_NUMBERS, sprint_check.SHOW: sprint_check.behind},
    lists=(
        (N_("Left"), "sprint-left"),
        (N_("Finished"), "sprint-completed"),
        (N_("Added"), "sprint-added"),
        (N_("Taken out"), "sprint-removed"),
    ),
    rows=_days,
)


# -- velocity ---------------------------------------------------------------------------------------------


@_SPRINTS.sentence
def _velocity_sentence(scene: Scene, result: Sprints) -> Sentence | str:
    velocity, write = result.velocity, scene.formats.number
    if velocity.median is None or velocity.low is None or velocity.high is None:
        return _("No sprint has been closed yet, so there is no velocity.")
    values: dict[str, str | Number] = {
        "median": Number(scene.amount(velocity.median), "sprints-finished"),
        "low": write(velocity.low),
        "high": write(velocity.high),
        "count": write(velocity.n),
    }
    return Sentence("{median} a sprint is the median of the last {count}; 15 to 85 %: {low} to {high}.", values)


@_SPRINTS.figure
def _velocity_figure(scene: Scene, result: Sprints) -> dict[str, Any] | None:
    return velocity_figure(_drawn(scene, result)[:40], result.velocity, scene.text)


@_SPRINTS.facts
def _velocity_facts(scene: Scene, result: Sprints) -> list[Fact]:
    closed = _committed(scene, result)
    kept = sum(sprint.completed >= sprint.committed for sprint in closed)
    if not closed:
        return []
    share = sum(sprint.added for sprint in closed) / sum(sprint.committed for sprint in closed)
    return [
        Fact(_("Finished as much as committed"), _("{kept} of {count}", kept=kept, count=len(closed)), "sprints-kept"),
        Fact(_("Added after the start"), scene.formats.rate(share), "sprints-added", _("of what was committed")),
    ]


_STATES = {State.FUTURE: N_("future"), State.ACTIVE: N_("active"), State.CLOSED: N_("closed")}
_AMOUNTS = header("committed", "added", "removed", "completed", "carried_over")


@_SPRINTS.rows("id", "name", "state", "start", "end", *_AMOUNTS)
def _sprint_rows(scene: Scene, result: Sprints) -> Iterator[Row]:
    for sprint in _drawn(scene, result)[::-1]:
        days = sprint.start, sprint.closed or sprint.end
        amounts = (getattr(sprint, name) for name in _AMOUNTS)
        yield f"sprint-completed:{sprint.id}", (sprint.id, sprint.name, _(_STATES[sprint.state]), *days, *amounts)


VELOCITY = View(
    at=Place("/sprints/velocity", N_("Velocity")),
    help=N_(
        "What was committed at the start of each sprint and what was finished in it. The range is what most of the "
        "last closed sprints finished: 15 to 85 %. A range is a better promise than a mean."
    ),
    needs=needs("sprints"),
    sentence=_velocity_sentence,
    figure=_velocity_figure,
    facts=_velocity_facts,
    numbers=_NUMBERS,
    lists=((N_("Finished in the present sprint"), "sprint-completed"), (N_("Committed"), "sprint-committed")),
    rows=_sprint_rows,
)


# -- carried over -----------------------------------------------------------------------------------------


@_SPRINTS.sentence
def _carried_sentence(scene: Scene, result: Sprints) -> Sentence | str:
    closed = _closed(scene, result)
    if not closed:
        return _("No sprint has been closed yet, so nothing was carried over.")
    last, carried = closed[0], sum(sprint.carried_over or 0.0 for sprint in closed)
    finished = sum(sprint.completed for sprint in closed)
    values: dict[str, str | Number] = {
        "last": Number(scene.amount(last.carried_over or 0.0), f"sprint-carried:{last.id}"),
        "name": last.name,
        "share": Number(scene.formats.rate(carried / ((carried + finished) or 1)), "sprints-carried"),
        "count": scene.formats.number(len(closed)),
    }
    return Sentence(
        "{last} carried over from {name}. Over {count} sprints, {share} of the work was still open at the end.", values
    )


@_SPRINTS.figure
def _carried_figure(scene: Scene, result: Sprints) -> dict[str, Any] | None:
    if not _closed(scene, result):
        return None
    return carried_figure(_closed(scene, result)[:40], scene.text)


@_SPRINTS.behind(N_("Carried over more than once"))
def _often(scene: Scene, part: str, result: Sprints) -> Behind:
    """Open issues that were carried over more than once, the most often first."""
    title = _("Carried over more than once")
    times: dict[str, int] = {}
    for sprint in result.sprints:
        for key in sprint.carried_over_keys:
            times[key] = times.get(key, 0) + 1
    still = {item.issue.key for item in scene.analysis.items if item.done is None and item.in_scope}
    keys = sorted((key for key, count in times.items() if count > 1 and key in still), key=lambda key: -times[key])
    inputs = tuple((key, _("{times} times", times=times[key])) for key in keys[:20])
    how = (_("Still open, and open at the end of two sprints or more."),)
    return Behind(title, how, inputs, tuple(keys), float(len(keys)), (1.0,) * len(keys), _("carried over"))


CARRIED_OVER = View(
    at=Place("/sprints/carried-over", N_("Carried over")),
    help=N_(
        "What was still open when a sprint was closed. Issues that are carried over again and again are too large, "
        "blocked, or not wanted."
    ),
    needs=needs("sprints"),
    sentence=_carried_sentence,
    figure=_carried_figure,
    numbers={**_NUMBERS, "often-carried": _often},
    lists=((N_("More than once, still open"), "often-carried"),),
    rows=_sprint_rows,
)
