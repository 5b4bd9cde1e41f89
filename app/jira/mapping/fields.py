"""Which of Jira's fields hold points, sprint, epic and flag: found by name, kind and use, with evidence in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.jira.client import FieldInfo, StatusInfo
from app.jira.mapping.choices import Choice, Sample, plain, share_of
from app.jira.mapping.own import may_be_own, own_of, own_with_history
from app.jira.mapping.points import best_points, completing, likely, numbers, points_choices
from store.settings import FieldMapping

STANDARD_FIELDS = (
    "summary", "issuetype", "status", "project", "priority", "resolution", "created", "updated", "resolutiondate",
    "labels", "components", "fixVersions", "assignee", "parent", "issuelinks",
)  # fmt: skip
# Numbers asked for along with the rest, so that another choice of points needs no new sync: by their names alone, and
# those in which values were found.
_CANDIDATES, _MOST_FILLED = 8, 30
_HISTORY_FIELDS = ("status", "resolution", "issuetype", "fixVersions")
_AT_ONCE = 10

# What Jira's own flag is called, as `plain` makes it.
_FLAGS = frozenset(
    ("flagged", "impediment", "markiert", "gekennzeichnet", "hindernis", "signale", "marque", "obstacle", "marcado",
     "marcada", "senalado", "impedimento", "sinalizado", "sinalizada", "gemarkeerd", "gevlagd", "segnalato",
     "contrassegnato")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Detected:
    """The mapping proposed and why. `choices` by noun: points, sprint, epic, flagged; `fields`: all of the server's."""

    mapping: FieldMapping
    choices: Mapping[str, tuple[Choice, ...]]
    looked_at: int
    fields: tuple[FieldInfo, ...]

    def evidence(self) -> tuple[str, ...]:
        """Why each of the fields is proposed. One that is there but never filled in says nothing about this work."""
        proposed = {getattr(self.mapping, noun) for noun in self.choices}
        return tuple(
            each.evidence
            for choice in self.choices.values()
            for each in choice
            if each.field_id in proposed and each.share
        )


def wanted(fields: Sequence[FieldInfo], mapping: FieldMapping | None = None) -> tuple[str, ...]:
    """The fields to ask for: those always kept, those mapped and every candidate, so that a choice can be changed
    offline."""
    chosen = (mapping.points, *mapping.more_points, mapping.sprint, mapping.epic, mapping.flagged) if mapping else ()
    candidates = (*_numbers(fields, mapping), *_by_kind(fields))
    there = {each.id for each in fields}
    own = [each for each in (mapping.own if mapping else None) or () if each in there]
    return tuple(dict.fromkeys((*STANDARD_FIELDS, *filter(None, chosen), *candidates, *own)))


def looked_at(fields: Sequence[FieldInfo]) -> tuple[str, ...]:
    """The fields of some issues to find a mapping in: of numbers all, since any of them may hold the points, and those
    that may be of this server alone."""
    candidates = (*(each.id for each in numbers(fields)), *_by_kind(fields), *may_be_own(fields))
    return tuple(dict.fromkeys((*STANDARD_FIELDS, *candidates)))


def history_wanted(mapping: FieldMapping, fields: Sequence[FieldInfo]) -> tuple[str, ...]:
    """Fields whose changes are asked for: of everything that is mapped or may be, but links to epics.

    Of the numbers the likeliest: Jira takes ten fields at once, and each further ten are a request more. Those that
    only this server has fill up the last ten.
    """
    mapped = (mapping.points, *mapping.more_points, mapping.sprint, mapping.flagged)
    links = {each.id for each in fields if _is_epic_link(each)}
    others = (each for each in _by_kind(fields) if each not in links)
    candidates = (*_numbers(fields, mapping)[:_CANDIDATES], *others)
    wanted = dict.fromkeys((*_HISTORY_FIELDS, *filter(None, mapped), *candidates))
    there = {each.id for each in fields}
    own = [each for each in own_with_history(mapping.own or {}) if each in there and each not in wanted]
    return (*wanted, *own[: -len(wanted) % _AT_ONCE])


def _numbers(fields: Sequence[FieldInfo], mapping: FieldMapping | None) -> list[str]:
    """Fields that may hold the points: by their names, and those in which values were found."""
    named = [each.id for each in likely(fields)[:_CANDIDATES]]
    if mapping is None or mapping.filled is None:
        return named
    there = {each.id for each in fields}
    return list(dict.fromkeys((*named, *(each for each in mapping.filled if each in there))))


def _by_kind(fields: Sequence[FieldInfo]) -> list[str]:
    return [each.id for each in fields if _is_sprint(each) or _is_epic_link(each) or _is_flagged(each)]


def detect(fields: Sequence[FieldInfo], sample: Sample) -> Detected:
    """Propose a mapping from the server's fields and some of its newest issues."""
    choices = {
        "points": points_choices(fields, sample),
        "sprint": _choices(fields, sample, _is_sprint, "it is Jira's own sprint field"),
        "epic": _choices(fields, sample, _is_epic_link, "it is Jira's own link to the epic"),
        "flagged": _choices(fields, sample, _is_flagged, "it is Jira's own flag for impediments"),
    }
    best = {noun: candidates[0].field_id if candidates else "" for noun, candidates in choices.items()}
    best["points"] = best_points(choices["points"], sample)
    more_points = completing(best["points"], choices["points"])
    names = {each.id: each.name for each in fields}
    mapping = FieldMapping(
        points=best["points"],
        sprint=best["sprint"],
        epic=best["epic"],
        flagged=best["flagged"],
        names={field_id: names[field_id] for field_id in (*best.values(), *more_points) if field_id},
        filled=tuple(each.field_id for each in choices["points"] if each.share)[:_MOST_FILLED],
        more_points=more_points,
        own=own_of(fields, sample, (*filter(None, best.values()), *more_points, *_by_kind(fields))),
    )
    return Detected(mapping, choices, len(sample), tuple(fields))


def _is_sprint(each: FieldInfo) -> bool:
    return each.custom == "gh-sprint" or (not each.custom and each.name.casefold() == "sprint")


def _is_epic_link(each: FieldInfo) -> bool:
    return each.custom == "gh-epic-link"


def _is_flagged(each: FieldInfo) -> bool:
    return each.id.startswith("customfield_") and plain(each.name) in _FLAGS


def _choices(
    fields: Sequence[FieldInfo], sample: Sample, is_one: Callable[[FieldInfo], bool], why: str
) -> tuple[Choice, ...]:
    choices = []
    for each in filter(is_one, fields):
        share = share_of(each.id, sample)
        often = f"{share:.0%} of the issues" if share else f"none of the {len(sample)} issues looked at"
        choices.append(Choice(each.id, each.name, share, f"{each.name}: {why}, set in {often}"))
    return tuple(sorted(choices, key=lambda choice: -choice.share))


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
    named = {name: next(iter(of_name)) for name, of_name in categories.items() if len(of_name) == 1}
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


def detect_types(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Issue types by class of work; sub-tasks and unknown ones stay out."""
    types_of: dict[str, list[str]] = {work_class: [] for work_class in ("Feature", "Defect", "Technical Debt", "Risk")}
    for name in dict.fromkeys(names):
        lower = name.casefold()
        if "sub" in lower and "task" in lower:
            continue
        for work_class, words in _WORK_CLASSES.items():
            if any(word in lower for word in words):
                types_of[work_class].append(name)
                break
    return {work_class: tuple(types) for work_class, types in types_of.items()}
