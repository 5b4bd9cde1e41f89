"""Milestones: the days that matter, the deadline among them, and how sure it is that all work is done by each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.charts.milestones import chances_figure
from app.domain.analysis import Analysis
from app.domain.forecast import Forecast, chance
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from app.domain.ways import LEVEL, ways
from app.views import numbers
from app.views.view import Behind, Fact, Number, Rows, Scene, Sentence, View, needs
from app.words import N_, _

_HEADER = ("name", "date", "which_work", "left", "even_odds", "sure_85", "chance")
_STAR = N_("★ Deadline")


@dataclass(frozen=True, slots=True)
class _Row:
    """`show` leads to what is behind it; `chance` None for a day that is past."""

    show: str
    name: str
    day: date
    chance: float | None


def _rows_of(analysis: Analysis) -> list[_Row]:
    """By day; the deadline is one of them."""
    made, deadline = analysis.forecast, analysis.params.deadline
    found = [(f"milestone:{at}", each.name, each.day) for at, each in enumerate(analysis.facts.milestones)]
    found += [("milestone:deadline", _(_STAR), deadline)] if deadline is not None else []
    found.sort(key=lambda each: each[2])
    return [_Row(*each, chance(made, each[2]) if each[2] >= analysis.as_of else None) for each in found]


def _sentence(scene: Scene) -> Sentence | str:
    if isinstance(scene.analysis.forecast, NotEnoughData):
        return scene.analysis.forecast.reason
    rows = _rows_of(scene.analysis)
    if not rows:
        return _(
            "No milestone and no deadline is set. Set a deadline beside the answer, or a milestone in the settings."
        )
    ahead = [row for row in rows if row.chance is not None]
    if not ahead:
        return _("All milestones are past.")
    safe = sum((row.chance or 0) >= LEVEL / 100 for row in ahead)
    first = ahead[0]
    values: dict[str, str | Number] = {
        "safe": scene.formats.number(safe),
        "all": scene.formats.number(len(ahead)),
        "level": scene.formats.rate(LEVEL / 100),
        "name": Number(_(first.name).removeprefix("★ "), first.show),
        "day": scene.formats.short(first.day),
        "chance": Number(scene.formats.share(first.chance or 0), first.show),
    }
    return Sentence("{safe} of {all} ahead are {level} sure. Next: {name}, {day}, {chance}.", values)


def _figure(scene: Scene) -> dict[str, Any] | None:
    made = scene.analysis.forecast
    if not isinstance(made, Forecast):
        return None
    dated = [(row.show, row.name, row.day, row.chance) for row in _rows_of(scene.analysis) if row.chance is not None]
    return chances_figure(made, dated, scene.text)


def _facts(scene: Scene) -> list[Fact]:
    made = scene.analysis.forecast
    if not isinstance(made, Forecast):
        return []
    return [
        Fact(_("Left"), scene.formats.number(made.remaining), "remaining"),
        Fact(_("Even odds"), scene.formats.short(made.dates[50])),
        Fact(_("{level} sure", level=scene.formats.rate(LEVEL / 100)), scene.formats.short(made.dates[LEVEL])),
    ]


def _rows(scene: Scene) -> Rows:
    made, rows = scene.analysis.forecast, _rows_of(scene.analysis)
    if not isinstance(made, Forecast):
        return Rows(_HEADER, ())
    cells = tuple(
        (row.name, row.day, _("all work"), made.remaining, made.dates[50], made.dates[LEVEL], _chance(scene, row))
        for row in rows
    )
    return Rows(_HEADER, cells, tuple(row.show for row in rows))


def _chance(scene: Scene, row: _Row) -> str:
    return _("past") if row.chance is None else scene.formats.share(row.chance)


def _milestone(scene: Scene, part: str) -> Behind:
    """One of the days: its chance, what it would take, and the work that has to be done by then."""
    row = next((each for each in _rows_of(scene.analysis) if each.show == f"milestone:{part}"), None)
    made, learned = scene.analysis.forecast, scene.analysis.learned
    if row is None or not isinstance(made, Forecast) or not isinstance(learned, Throughput):
        return Behind(_("Milestone"), (_("There is no such milestone, or no forecast of it."),))
    formats = scene.formats
    how = _("The share of the simulated futures in which all work of the list is done on or before that day.")
    inputs = [(_("Date"), formats.day(row.day)), (_("Chance"), _chance(scene, row))]
    found = ways(made, learned.pairs, learned.history, row.day) if row.chance is not None else None
    if found is not None:
        kept = (
            _("out of reach") if found.drop is None else _("leave out {drop}", drop=scene.amount(round(found.drop, 1)))
        )
        pace = _("out of reach") if found.pace is None else _("{pace} a week", pace=formats.number(found.pace))
        inputs += [(_("For {level}: less work", level=formats.rate(LEVEL / 100)), kept), (_("or a faster pace"), pace)]
        inputs += [(_("or a later day"), formats.short(found.later))]
    keys = numbers.remaining(scene, "").keys
    return Behind(row.name.removeprefix("★ "), (how,), tuple(inputs), keys, why=_("not done"))


MILESTONES = View(
    id="milestones",
    page="plan",
    tab=N_("Milestones"),
    help=(
        N_(
            "The chance that all work is done by each day. The dots are the milestones of the "
            "project and, with a star, the deadline; a click tells what it would take to be 85 % "
            "sure."
        )
    ),
    needs=needs("forecast"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    numbers={"milestone": _milestone, "remaining": numbers.remaining},
    lists=((N_("Left"), "remaining"),),
    rows=_rows,
    is_table=True,
)
