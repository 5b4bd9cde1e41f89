"""A query's mapping: what fields, statuses and types mean, why, what another choice would change, and saving it.

Everything is told and applied from what is stored. The reading of Jira's answers is imported when it is needed:
few visits to the app change a mapping.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from app.context import Context
from app.domain.analysis import Analysis, Scenario
from app.domain.flow import Flow
from app.domain.forecast import Forecast
from app.domain.items import Unit
from app.domain.known import Params, categories_of
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from app.errors import BadInput
from app.settings import Overrides, keeps_authors, params_for
from app.turns import Chosen, chosen, note_chosen, of_project
from app.words import N_
from store.documents import field_mapping_of, meaning_of, sync_note_of, with_meaning
from store.records import Category, Profile, QueryFacts, QueryRef
from store.settings import FieldMapping

if TYPE_CHECKING:
    from app.jira.mapping.fields import Detected

NOUNS = ("points", "sprint", "epic", "flagged")
CLASSES = ("Feature", "Defect", "Technical Debt", "Risk")
# So many rows of statuses, and of types, somebody may look through; a list with more took another column for them.
MOST_ROWS = 200
# A type that is in none of the classes.
NO_CLASS = ""


@dataclass(frozen=True, slots=True)
class FieldOption:
    """One field that may be meant; an empty id means none. `evidence`: why, in words."""

    field_id: str
    name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """What one noun (see NOUNS) is taken from, what else it could be, and what Burndown found by itself."""

    noun: str
    chosen: str
    detected: str
    options: tuple[FieldOption, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A name that the tracker uses; `issues`: how many have it now."""

    name: str
    issues: int


_AnyRow = TypeVar("_AnyRow", bound=_Row)


@dataclass(frozen=True, slots=True)
class StatusRow(_Row):
    """`detected`: what the tracker, or else its name, makes of it."""

    category: Category
    detected: Category


@dataclass(frozen=True, slots=True)
class TypeRow(_Row):
    work_class: str
    detected: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """`fields` is empty where nothing of Jira is kept that could be read anew."""

    fields: tuple[FieldRow, ...]
    statuses: tuple[StatusRow, ...]
    types: tuple[TypeRow, ...]
    from_jira: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A whole choice: field ids by noun (None: fields stay), categories by status, classes by type."""

    fields: Mapping[str, str] | None
    statuses: Mapping[str, Category]
    types: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a mapping makes of the data. None: cannot be told. Paces are means per week of the window."""

    weeks: int
    finished: float | None
    pace: float | None
    pace_points: float | None
    cycle_days: float | None
    in_progress: int | None
    remaining: float | None
    unit: Unit
    date_50: date | None
    date_85: date | None
    by_class: tuple[tuple[str, int], ...]
    sprints: int
    with_parent: int
    flagged: int


# -- what is ------------------------------------------------------------------------------------------


def mapped(ctx: Context, ref: QueryRef) -> Mapped:
    """The present mapping of the query with the evidence for it, in full."""
    analysis = ctx.analysis(ref)
    return Mapped(
        fields=_field_rows(ctx, ref, analysis.facts.profile),
        statuses=_status_rows(analysis),
        types=_type_rows(analysis),
        from_jira=sync_note_of(analysis.facts.project_data) is not None,
    )


def shown(mapped: Mapped) -> Mapped:
    """As much of it as can be looked through: what somebody chose, then what most issues have."""
    chosen = {row.name for row in _first(mapped.statuses, lambda row: row.category == row.detected)}
    classed = {row.name for row in _first(mapped.types, lambda row: row.work_class == row.detected)}
    return replace(
        mapped,
        statuses=tuple(row for row in mapped.statuses if row.name in chosen),
        types=tuple(row for row in mapped.types if row.name in classed),
    )


def _first(rows: Sequence[_AnyRow], is_as_detected: Callable[[_AnyRow], bool]) -> list[_AnyRow]:
    return heapq.nsmallest(MOST_ROWS, rows, key=lambda row: (is_as_detected(row), -row.issues))


def completed(ctx: Context, ref: QueryRef, proposal: Proposal) -> Proposal:
    """With what counts already for the statuses and types that the proposal does not name, being too many to show."""
    present = mapped(ctx, ref)
    statuses = {row.name: row.category for row in present.statuses}
    types = {row.name: row.work_class for row in present.types}
    return replace(proposal, statuses=statuses | dict(proposal.statuses), types=types | dict(proposal.types))


def _field_rows(ctx: Context, ref: QueryRef, profile: Profile) -> tuple[FieldRow, ...]:
    from app.jira.mapping.remapping import can_remap, choices  # noqa: PLC0415 see the module's docstring

    detected = choices(ctx.backend, ref) if can_remap(ctx.backend, ref) else None
    if detected is None:
        return ()
    present = _present_mapping(profile) or detected.mapping
    return tuple(_field_row(noun, present, detected) for noun in NOUNS)


def _present_mapping(profile: Profile) -> FieldMapping | None:
    return field_mapping_of(profile)


def _field_row(noun: str, present: FieldMapping, detected: Detected) -> FieldRow:
    chosen = str(getattr(present, noun))
    options = [FieldOption(choice.field_id, choice.name, choice.evidence) for choice in detected.choices[noun]]
    if chosen and chosen not in {option.field_id for option in options}:
        name = present.names.get(chosen) or next(
            (field.name for field in detected.fields if field.id == chosen), chosen
        )
        options.append(
            FieldOption(chosen, name, N_("{name}: chosen before; not among the fields that were looked at", name=name))
        )
    options.append(FieldOption("", N_("None"), ""))
    return FieldRow(noun, chosen, str(getattr(detected.mapping, noun)), tuple(options))


def _status_rows(analysis: Analysis) -> tuple[StatusRow, ...]:
    """In the order of the work: as the board has them; else by what they mean, the most used first."""
    own = categories_of(analysis.facts, _without_statuses(analysis))
    counts = Counter(issue.status for issue in analysis.facts.issues if issue.in_query)
    rows = [StatusRow(name, counts[name], category, own[name]) for name, category in analysis.status_categories.items()]
    order = list(Category)
    rows.sort(key=lambda row: (order.index(row.category), -row.issues, row.name.casefold()))
    return tuple(analysis.known.status_order.of(rows, lambda row: row.name))


def _without_statuses(analysis: Analysis) -> Params:
    nothing: frozenset[str] = frozenset()
    return replace(analysis.params, done_statuses=nothing, in_progress_statuses=nothing, todo_statuses=nothing)


def _type_rows(analysis: Analysis) -> tuple[TypeRow, ...]:
    from app.jira.mapping.fields import detect_types  # noqa: PLC0415 see the module's docstring

    counts = Counter(issue.type for issue in analysis.facts.issues if issue.in_query and issue.type)
    detected = _class_of_types(detect_types(counts))
    meaning = meaning_of(analysis.facts.profile)
    chosen = detected | dict.fromkeys(map(str.casefold, meaning.unclassed), NO_CLASS)
    chosen |= _class_of_types(meaning.classes)
    return tuple(
        TypeRow(name, count, chosen.get(name.casefold(), NO_CLASS), detected.get(name.casefold(), NO_CLASS))
        for name, count in counts.most_common()
    )


def _class_of_types(classes: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Class by type in lower case, from lists of types by class."""
    return {name.casefold(): work_class for work_class in CLASSES for name in classes.get(work_class, ())}


# -- what another choice would make of it ---------------------------------------------------------------


def effect(ctx: Context, ref: QueryRef, proposal: Proposal | None = None) -> Effect:
    """What the present mapping, or a proposed one, says about the work. Nothing is saved. Raises BadInput."""
    present = ctx.analysis(ref)
    if proposal is None:
        return _effect(present)
    profile = proposed_profile(present.facts.profile, proposal)
    facts = _proposed_facts(ctx, ref, replace(present.facts, profile=profile), proposal)
    proposed = Analysis(facts, params_for(profile, Overrides(), present.params.now))
    try:
        return _effect(proposed)
    finally:
        proposed.let_go()


def _proposed_facts(ctx: Context, ref: QueryRef, facts: QueryFacts, proposal: Proposal) -> QueryFacts:
    from app.jira.mapping.remapping import remapped  # noqa: PLC0415 see the module's docstring

    mapping = _proposed_fields(ctx, ref, proposal)
    if mapping is None:
        return facts
    new = remapped(ctx.backend, ref, mapping)
    issues = {issue.key: issue for issue in new.issues}
    sprints = {sprint.name: sprint for sprint in (*new.sprints, *facts.sprints)}
    return replace(
        facts,
        issues=tuple(issues.get(issue.key, issue) for issue in facts.issues),
        changes=(*(change for change in facts.changes if change.issue_key not in issues), *new.changes),
        sprints=tuple(sprints.values()),
    )


def _proposed_fields(ctx: Context, ref: QueryRef, proposal: Proposal) -> FieldMapping | None:
    """The mapping with the fields that are proposed; None when that is the present one."""
    from app.jira.mapping.remapping import choices  # noqa: PLC0415 see the module's docstring

    profile = ctx.backend.get_profile(ref.profile_id)
    if proposal.fields is None or profile is None:
        return None
    present = _present_mapping(profile) or FieldMapping()
    if all(getattr(present, noun) == proposal.fields[noun] for noun in NOUNS):
        return None
    detected = choices(ctx.backend, ref)
    known = {field.id: field.name for field in detected.fields} if detected else {}
    names = {field: known[field] for field in proposal.fields.values() if field in known}
    points, sprint, epic, flagged = (proposal.fields[noun] for noun in NOUNS)
    if points != present.points:
        present = present.with_points(points)
    present = replace(present, authors=keeps_authors(profile))
    return replace(present, sprint=sprint, epic=epic, flagged=flagged, names={**present.names, **names})


def _effect(analysis: Analysis) -> Effect:
    throughput, flow, forecast, scope = analysis.throughput, analysis.flow, analysis.forecast, analysis.scope
    paces = throughput if isinstance(throughput, Throughput) else None
    dates = forecast.dates if isinstance(forecast, Forecast) else {}
    in_points = analysis.with_(Scenario(unit=Unit.POINTS)).throughput
    counted = [issue for issue in analysis.facts.issues if issue.in_query]
    return Effect(
        weeks=analysis.params.window or (len(paces.window) if paces else 0),
        finished=sum(week.done for week in paces.window) if paces else None,
        pace=paces.pace if paces else None,
        pace_points=in_points.pace if isinstance(in_points, Throughput) else None,
        cycle_days=flow.cycle_time.percentiles.get(50) if isinstance(flow, Flow) else None,
        in_progress=flow.wip.count if isinstance(flow, Flow) else None,
        remaining=scope.remaining if isinstance(scope, Scope) else None,
        unit=analysis.params.unit,
        date_50=dates.get(50),
        date_85=dates.get(85),
        by_class=_finished_by_class(analysis, paces),
        sprints=len({name for issue in counted for name in issue.sprints}),
        with_parent=sum(bool(issue.parent) for issue in counted),
        flagged=sum(bool(issue.extras.get("flagged")) for issue in counted),
    )


def _finished_by_class(analysis: Analysis, paces: Throughput | None) -> tuple[tuple[str, int], ...]:
    """Items done in the window's weeks, by class of work; those of no class last."""
    if paces is None or not paces.window:
        return ()
    classes = {row.name: row.work_class for row in _type_rows(analysis)}
    first, last = paces.window[0].start, paces.window[-1].start
    done = Counter(
        classes.get(item.issue.type, NO_CLASS)
        for item in analysis.items
        if item.done is not None and first <= analysis.params.calendar.week_of(item.done) <= last
    )
    return tuple((name, done[name]) for name in (*CLASSES, NO_CLASS) if done[name])


# -- saving ---------------------------------------------------------------------------------------------


def proposed_profile(profile: Profile, proposal: Proposal) -> Profile:
    """The profile with the proposed statuses and types; names that are not proposed stay where they were.

    Raises BadInput when no status would count as done: then nothing would ever be finished.
    """
    if proposal.statuses and Category.DONE not in proposal.statuses.values():
        raise BadInput(N_("At least one status must count as done; else nothing would ever be finished."))
    meaning, statuses, types = meaning_of(profile), proposal.statuses, proposal.types
    of_class = {name: _listed(meaning.classes.get(name, ()), types, name) for name in CLASSES}
    proposed = replace(
        meaning,
        done=_listed(meaning.done, statuses, Category.DONE),
        active=_listed(meaning.active, statuses, Category.IN_PROGRESS),
        todo=_listed(meaning.todo, statuses, Category.TODO),
        # The old app's second list of the same kind: what is not in progress must not stand there either.
        wip=tuple(name for name in meaning.wip if _is(name, statuses, Category.IN_PROGRESS)),
        classes={**meaning.classes, **of_class},
        defects=_listed(meaning.defects, types, "Defect"),
        unclassed=_listed(meaning.unclassed, types, NO_CLASS),
    )
    return with_meaning(profile, proposed)


def _listed(present: Iterable[str], chosen: Mapping[str, str], value: str) -> tuple[str, ...]:
    """A list of names brought in line with the choice: those not chosen about stay."""
    decided = {name.casefold() for name in chosen}
    kept = (name for name in present if name.casefold() not in decided)
    return (*kept, *(name for name, choice in chosen.items() if choice == value))


def _is(name: str, chosen: Mapping[str, Category], category: Category) -> bool:
    """Whether the choice makes it that, or says nothing about it."""
    categories = {status.casefold(): choice for status, choice in chosen.items()}
    return categories.get(name.casefold(), category) is category


def picks_of(mapped: Mapped) -> dict[str, str]:
    """What is chosen of each field, status and type: by kind and name, such as status/Open."""
    fields = {f"field/{row.noun}": row.chosen for row in mapped.fields}
    statuses = {f"status/{row.name}": str(row.category) for row in mapped.statuses}
    return fields | statuses | {f"type/{row.name}": row.work_class for row in mapped.types}


def picks_in(proposal: Proposal) -> dict[str, str]:
    fields = {f"field/{noun}": chosen for noun, chosen in (proposal.fields or {}).items()}
    statuses = {f"status/{name}": str(category) for name, category in proposal.statuses.items()}
    return fields | statuses | {f"type/{name}": chosen for name, chosen in proposal.types.items()}


def _proposal_of(picks: Mapping[str, str]) -> Proposal:
    kinds: dict[str, dict[str, str]] = {"field": {}, "status": {}, "type": {}}
    for key, value in picks.items():
        kind, _slash, name = key.partition("/")
        kinds[kind][name] = value
    statuses = {name: Category(value) for name, value in kinds["status"].items()}
    return Proposal(kinds["field"] or None, statuses, kinds["type"])


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else, or another window, chose something else of `name` (see `picks_of`) since the form was made."""

    name: str
    theirs: str
    mine: str
    by: Chosen | None


def save_picked(
    ctx: Context, ref: QueryRef, picked: Mapping[str, str], shown: Mapping[str, str] | None
) -> int | tuple[Other, ...]:
    """Save what was changed of what the form shows, beside what others changed; the number of issues read anew.

    Where both changed the same, nothing is saved, and this is given back. `shown` None: all of it is meant.
    Raises BadInput.
    """
    known = ctx.backend.get_profile(ref.profile_id)
    present = picks_of(mapped(ctx, ref))
    form = dict(shown) if shown is not None else present
    mine = {key: value for key, value in picked.items() if shown is None or value != form.get(key)}
    others = tuple(
        Other(key, present[key], value, chosen(ctx.backend, of_project(ref), f"mapping/{key}"))
        for key, value in mine.items()
        if key in present and present[key] not in (form.get(key, present[key]), value)
    )
    if others:
        return others
    return save(ctx, ref, _proposal_of({**present, **mine}), known, tuple(f"mapping/{key}" for key in mine))


def save(
    ctx: Context, ref: QueryRef, proposal: Proposal, known: Profile | None = None, named: tuple[str, ...] = ()
) -> int:
    """Save the mapping for the profile and apply it to what is stored; the number of issues read anew.

    Nothing is asked of Jira. `known`: the profile that the proposal was made of; `named`: what is chosen with it.
    Raises BadInput and has changed nothing then.
    """
    from app.jira.mapping.remapping import change_mapping  # noqa: PLC0415 see the module's docstring

    profile = ctx.backend.get_profile(ref.profile_id)
    if profile is None:
        raise BadInput(N_("This project no longer exists. Choose another one."))
    proposed_profile(profile, proposal)
    mapping = _proposed_fields(ctx, ref, proposal)

    def changed(profile: Profile) -> Profile:
        if known is not None and meaning_of(profile) != meaning_of(known):
            raise BadInput(N_("The mapping was changed by somebody else at this moment. Look at it, and save again."))
        note_chosen(ctx.backend, of_project(ref), named, ctx.clock())
        return proposed_profile(profile, proposal)

    if mapping is None:
        ctx.change_profile(ref, changed)
        return 0
    results = change_mapping(ctx.backend, profile.id, mapping, changed=changed)
    ctx.record(ref)
    return sum(len(result.issues) for result in results)
