"""Scope: what came in, what went, and what that adds up to, by day and by week."""

from __future__ import annotations

from typing import Any

from app.charts.parted import scope_parts_figure
from app.charts.scope import scope_weeks_figure
from app.domain.burndown import Burndown
from app.domain.ledger import ADDED, RE_ESTIMATED, REMOVED, REOPENED, ScopeChange, ScopeWeek, by_week
from app.views import numbers
from app.views.parted import parted_rows, pieces
from app.views.view import Fact, Number, Place, Rows, Scene, Sentence, View, needs
from app.words import N_, _
from app.words.headings import header

_SHOWS = {ADDED: "added", REMOVED: "went", RE_ESTIMATED: "re-estimated", REOPENED: "reopened"}
_KINDS = {ADDED: N_("added"), REMOVED: N_("removed"), RE_ESTIMATED: N_("re-estimated"), REOPENED: N_("reopened")}
_HEADER = header("day", "what", "amount", "issues")


def _changes(scene: Scene) -> list[ScopeChange]:
    """What there was on the first day of all was not added: the work begins with it."""
    burndown = scene.analysis.burndown
    return [change for change in burndown.changes if scene.draws(change.day)] if isinstance(burndown, Burndown) else []


def _weeks(scene: Scene) -> tuple[ScopeWeek, ...]:
    analysis = scene.analysis
    last = min(scene.last or analysis.last_day, analysis.last_day)
    return by_week(_changes(scene), analysis.params.calendar, last)


def _sentence(scene: Scene) -> Sentence | str:
    weeks = _weeks(scene)
    net = sum(week.net for week in weeks)
    added, removed = sum(week.added for week in weeks), -sum(week.removed for week in weeks)
    values: dict[str, str | Number] = {
        "net": Number(scene.amount(abs(net)), "net"),
        "added": Number(scene.formats.number(added), "added"),
        "removed": Number(scene.formats.number(removed), "removed"),
        "when": _when(scene),
    }
    if not any(week.added or week.removed or week.re_estimated for week in weeks):
        return Sentence("The scope did not change{when}.", values)
    if net == 0:
        return Sentence("The scope is as large as it was{when}: {added} added, {removed} removed.", values)
    if net > 0:
        return Sentence("The scope grew by {net}{when}: {added} added, {removed} removed.", values)
    return Sentence("The scope shrank by {net}{when}: {added} added, {removed} removed.", values)


def _when(scene: Scene) -> str:
    if scene.first is not None and scene.last is not None:
        first = scene.formats.day(scene.first, with_year=scene.first.year != scene.last.year)
        return _(" between {first} and {last}", first=first, last=scene.formats.day(scene.last))
    return _(" since {first}", first=scene.formats.day(scene.first)) if scene.first is not None else ""


def _figure(scene: Scene) -> dict[str, Any] | None:
    weeks = _weeks(scene)
    if weeks and scene.by:
        return scope_parts_figure([(piece, _weeks(mine)) for piece, mine in pieces(scene)], scene.text)
    return scope_weeks_figure(weeks, scene.text) if weeks else None


def _facts(scene: Scene) -> list[Fact]:
    weeks = _weeks(scene)
    if not weeks:
        return []
    a_week = round(sum(week.net for week in weeks) / len(weeks), 1)
    facts = [Fact(_("Net a week"), scene.formats.signed(a_week), "net")]
    changed, reopened = (numbers.re_estimated(scene, "").number, numbers.reopened(scene, "").number)
    facts += [Fact(_("Re-estimated"), scene.formats.signed(changed), "re-estimated")] if changed else []
    return [*facts, *([Fact(_("Reopened"), scene.formats.number(reopened), "reopened")] if reopened else [])]


def _notes(scene: Scene) -> list[str]:
    if not scene.analysis.has_items or scene.analysis.known.has_membership:
        return []
    return [_("This data has no change history: issues count as added on the day they were created.")]


def _rows(scene: Scene) -> Rows:
    changes = _changes(scene)
    cells = tuple((change.day, _(_KINDS[change.kind]), change.amount, len(change.keys) or None) for change in changes)
    # Of one day upwards and downwards stand in two rows and are listed together.
    shows = tuple(f"{_SHOWS[change.kind]}:{change.day.isoformat()}" for change in changes)
    return Rows(_HEADER, cells, shows)


SCOPE = View(
    at=Place("/plan/scope", N_("Scope")),
    help=N_(
        "What came into scope in each week stands above the line, what left it below; estimates that were changed "
        "count on either side. The line is what the week did in all. Reopened work was in scope before, so it is no "
        "part of it."
    ),
    needs=needs("burndown"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    notes=_notes,
    numbers={
        "added": numbers.added,
        "removed": numbers.removed,
        "went": numbers.went,
        "re-estimated": numbers.re_estimated,
        "reopened": numbers.reopened,
        "net": numbers.net,
    },
    lists=(
        (N_("Added"), "added"),
        (N_("Removed"), "removed"),
        (N_("Re-estimated"), "re-estimated"),
        (N_("Reopened"), "reopened"),
    ),
    columns=("created",),
    rows=parted_rows(_rows),
    splits="-",
)
