"""Which of Jira's fields hold points, sprint, epic and flag: found by name, kind and use, with evidence in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.jira.client import FieldInfo, StatusInfo
from app.jira.mapping import FieldMapping, points_of
from store.records import JsonObject

STANDARD_FIELDS = (
    "summary", "issuetype", "status", "project", "priority", "resolution", "created", "updated", "resolutiondate",
    "labels", "components", "fixVersions", "assignee", "parent",
)  # fmt: skip
# Numbers asked for along with the rest, so that another choice of points needs no new sync.
_CANDIDATES = 8
_HISTORY_FIELDS = ("status", "resolution", "issuetype", "fixVersions")

_POINT_NAMES = ("story points", "story point estimate", "story point", "storypoints", "points", "estimation",
                "estimate", "size", "effort", "complexity")  # fmt: skip
# Numbers that Jira and its add-ons keep for themselves.
_NO_POINTS = ("rank", "votes", "watch", "id", "progress", "percent", "cost", "budget", "count", "sla", "time", "wsjf")


@dataclass(frozen=True, slots=True)
class Choice:
    """One field that may be meant, best first. `share`: of the issues looked at, those with a value in it."""

    field_id: str
    name: str
    share: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Detected:
    """The mapping proposed and why. `choices` by noun: points, sprint, epic, flagged; `fields`: all of the server's."""

    mapping: FieldMapping
    choices: Mapping[str, tuple[Choice, ...]]
    looked_at: int
    fields: tuple[FieldInfo, ...]


def wanted(fields: Sequence[FieldInfo], mapping: FieldMapping | None = None) -> tuple[str, ...]:
    """The fields to ask for: those always kept, those mapped and every candidate, so that a choice can be changed
    offline."""
    chosen = (mapping.points, mapping.sprint, mapping.epic, mapping.flagged) if mapping else ()
    return tuple(dict.fromkeys((*STANDARD_FIELDS, *filter(None, chosen), *_candidates(fields))))


def history_wanted(mapping: FieldMapping, fields: Sequence[FieldInfo]) -> tuple[str, ...]:
    """Fields whose changes are asked for: of everything that is mapped or may be, but links to epics."""
    mapped = (mapping.points, mapping.sprint, mapping.flagged)
    links = {each.id for each in fields if _is_epic_link(each)}
    others = (each for each in _candidates(fields) if each not in links)
    return tuple(dict.fromkeys((*_HISTORY_FIELDS, *filter(None, mapped), *others)))


def _candidates(fields: Sequence[FieldInfo]) -> list[str]:
    points = [each.id for each in _points_candidates(fields)[:_CANDIDATES]]
    return points + [each.id for each in fields if _is_sprint(each) or _is_epic_link(each) or _is_flagged(each)]


def detect(fields: Sequence[FieldInfo], sample: Sequence[Mapping[str, Any]]) -> Detected:
    """Propose a mapping from the server's fields and some of its newest issues."""
    choices = {
        "points": _points_choices(fields, sample),
        "sprint": _choices(fields, sample, _is_sprint, "it is Jira's own sprint field"),
        "epic": _choices(fields, sample, _is_epic_link, "it is Jira's own link to the epic"),
        "flagged": _choices(fields, sample, _is_flagged, "it is Jira's own flag for impediments"),
    }
    best = {noun: found[0].field_id if found else "" for noun, found in choices.items()}
    names = {each.id: each.name for each in fields}
    mapping = FieldMapping(
        points=best["points"],
        sprint=best["sprint"],
        epic=best["epic"],
        flagged=best["flagged"],
        names={field_id: names[field_id] for field_id in best.values() if field_id},
    )
    return Detected(mapping, choices, len(sample), tuple(fields))


def _is_sprint(each: FieldInfo) -> bool:
    return each.custom == "gh-sprint" or (not each.custom and each.name.casefold() == "sprint")


def _is_epic_link(each: FieldInfo) -> bool:
    return each.custom == "gh-epic-link"


def _is_flagged(each: FieldInfo) -> bool:
    return each.id.startswith("customfield_") and each.name.casefold() in ("flagged", "impediment", "markiert")


def _choices(
    fields: Sequence[FieldInfo], sample: Sequence[Mapping[str, Any]], is_one: Callable[[FieldInfo], bool], why: str
) -> tuple[Choice, ...]:
    found = []
    for each in filter(is_one, fields):
        share = _share(each.id, sample)
        often = f"{share:.0%} of the issues" if share else f"none of the {len(sample)} issues looked at"
        found.append(Choice(each.id, each.name, share, f"{each.name}: {why}, set in {often}"))
    return tuple(sorted(found, key=lambda choice: -choice.share))


def _share(field_id: str, sample: Sequence[Mapping[str, Any]]) -> float:
    set_in = sum((issue.get("fields") or {}).get(field_id) not in (None, "", []) for issue in sample)
    return set_in / len(sample) if sample else 0.0


# -- points ---------------------------------------------------------------------------------------------


def _points_candidates(fields: Sequence[FieldInfo]) -> list[FieldInfo]:
    """Number fields that may hold points, the likeliest names first."""
    numbers = [each for each in fields if each.kind == "number" and each.id.startswith("customfield_")]
    usable = [each for each in numbers if not set(each.name.casefold().split()) & set(_NO_POINTS)]
    return sorted(usable, key=lambda each: (_name_rank(each.name), each.name.casefold(), each.id))


def _name_rank(name: str) -> int:
    """0 for the most usual name of story points; the number of names when it is none of them."""
    name = name.casefold()
    for rank, known in enumerate(_POINT_NAMES):
        if name == known:
            return rank
    return next((len(_POINT_NAMES) + rank for rank, known in enumerate(_POINT_NAMES) if known in name), 99)


def _points_choices(fields: Sequence[FieldInfo], sample: Sequence[Mapping[str, Any]]) -> tuple[Choice, ...]:
    """Used fields with a telling name first; a number without one is offered but never chosen before them."""
    found = [(each, _points_choice(each, sample)) for each in _points_candidates(fields)]
    ranked = sorted(found, key=lambda pair: (pair[1].share == 0, _name_rank(pair[0].name), -pair[1].share))
    telling = [choice for each, choice in ranked if _name_rank(each.name) < 99]
    others = [choice for each, choice in ranked if _name_rank(each.name) == 99]
    # Without a name that says so, a number is not points: better none than a wrong one.
    return (*telling, *(others if telling else ()))


def _points_choice(each: FieldInfo, sample: Sequence[Mapping[str, Any]]) -> Choice:
    by_type: dict[str, list[float | None]] = {}
    for issue in sample:
        values = issue.get("fields") or {}
        kind = str((values.get("issuetype") or {}).get("name") or "issues")
        by_type.setdefault(kind, []).append(points_of(values.get(each.id)))
    points = [value for values in by_type.values() for value in values if value is not None]
    if not points:
        return Choice(each.id, each.name, 0.0, f"{each.name}: set in none of the {len(sample)} issues looked at")
    most, values = max(by_type.items(), key=lambda entry: sum(value is not None for value in entry[1]))
    share = sum(value is not None for value in values) / len(values)
    return Choice(
        each.id,
        each.name,
        len(points) / len(sample),
        f"{each.name}: in {share:.0%} of issues of type {most}, {_shape(points)}",
    )


def _shape(points: Iterable[float]) -> str:
    """Such as "whole numbers from 1 to 8"."""
    values = sorted(set(points))
    halves = all(value * 2 == int(value * 2) for value in values)
    whole = all(value == int(value) for value in values)
    kind = "whole numbers" if whole else "whole and half numbers" if halves else "numbers"
    return f"always {values[0]:g}" if len(values) == 1 else f"{kind} from {values[0]:g} to {values[-1]:g}"


# -- statuses and types ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatusLists:
    """Status names by category, as far as all of Jira's statuses of that name agree."""

    done: tuple[str, ...]
    in_progress: tuple[str, ...]
    evidence: str


def detect_statuses(statuses: Sequence[StatusInfo]) -> StatusLists:
    """By Jira's own categories. Projects may use one name in two categories: such a name is left to each issue."""
    categories: dict[str, set[str]] = {}
    for status in statuses:
        categories.setdefault(status.name, set()).add(status.category)
    named = {name: next(iter(found)) for name, found in categories.items() if len(found) == 1}
    done = tuple(name for name, category in named.items() if category == "done")
    in_progress = tuple(name for name, category in named.items() if category == "indeterminate")
    counts = Counter(named.values())
    evidence = f"Jira's own categories: {counts['new']} to do, {len(in_progress)} in progress, {len(done)} done" + (
        f"; {len(categories) - len(named)} differ between projects" if len(named) < len(categories) else ""
    )
    return StatusLists(done, in_progress, evidence)


_WORK_CLASSES = {
    "Defect": ("bug", "defect", "incident", "fehler", "fault", "problem", "hotfix"),
    "Risk": ("risk", "security", "vulnerability", "compliance", "risiko"),
    "Technical Debt": ("technical", "debt", "chore", "refactor", "maintenance", "task", "aufgabe", "spike"),
    "Feature": ("story", "feature", "epic", "improvement", "enhancement", "requirement", "new"),
}


def detect_types(names: Iterable[str]) -> JsonObject:
    """Issue types by class of work, as in `Profile.flow_type_mappings`; sub-tasks and unknown ones stay out."""
    found: dict[str, list[str]] = {work_class: [] for work_class in ("Feature", "Defect", "Technical Debt", "Risk")}
    for name in dict.fromkeys(names):
        lower = name.casefold()
        if "sub" in lower and "task" in lower:
            continue
        for work_class, words in _WORK_CLASSES.items():
            if any(word in lower for word in words):
                found[work_class].append(name)
                break
    return {work_class: {"issue_types": types, "effort_categories": []} for work_class, types in found.items()}
