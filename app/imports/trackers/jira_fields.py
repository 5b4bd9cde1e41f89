"""Which fields of Jira's JSON hold points, sprint, epic and flag: by their names where the file has them, else by what
stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from app.imports.trackers.answers import text, texts
from app.jira.client import FieldInfo
from app.jira.mapping.fields import Detected, detect
from app.jira.mapping.mapping import points_of, sprints_of
from app.jira.mapping.points import likely, tells_points
from app.words import N_
from store.settings import FieldMapping

Json = Mapping[str, Any]

# Jira Cloud's own fields where the file does not name them: the same numbers on every site.
_USUAL_NAMES = {"customfield_10016": "Story point estimate", "customfield_10020": "Sprint"}
_CUSTOM = "customfield_"
_ISSUE_KEY = re.compile(r"[A-Z][A-Z0-9_]+-\d+")
_SPRINT_STATES = ("active", "closed", "future")
_OLD_SPRINT = re.compile(r"\[.*\bstate=.*\bname=", re.DOTALL)
# What Jira's own flag is called in the languages that people use it in.
_FLAGS = ("impediment", "hindernis", "obstacle", "blocage", "impedimento", "obstáculo", "impedimenti", "belemmering")
# Story points are small, in whole, half or quarter numbers; what is larger or finer counts something else.
_MOST_POINTS = 200
_LOOKED_AT, _KEPT_VALUES, _SAMPLES = 2_000, 200, 3


@dataclass(frozen=True, slots=True)
class JiraField:
    """A field that is filled in some issue. `name`: "" where nothing says it; `evidence`: why it may be meant."""

    id: str
    name: str
    samples: tuple[str, ...]
    evidence: str = ""

    @property
    def label(self) -> str:
        """The id, with the name of what has a mere number."""
        return f"{self.id} (“{self.name}”)" if self.name and self.id.startswith(_CUSTOM) else self.id


@dataclass(frozen=True, slots=True)
class FoundFields:
    """`notes`: plain sentences about points that were concluded from their values alone, or left open."""

    mapping: FieldMapping
    fields: tuple[JiraField, ...]
    notes: tuple[str, ...] = ()


def values_of(entry: Json) -> Json:
    """An issue's fields by id."""
    fields = entry.get("fields")
    return fields if isinstance(fields, dict) else {}


def find_fields(raw: Sequence[Json], names: Mapping[str, Any]) -> FoundFields:
    """`names`: what the answer calls its fields, by id; empty where it does not say. Histories name them as well."""
    sample = raw[:: -(-len(raw) // _LOOKED_AT) or 1]
    filled = _filled(sample)
    named = {field_id: text(names.get(field_id)) for field_id in filled}
    historic, loose = _names_in_histories(sample)
    known = {
        field_id: named[field_id] or _USUAL_NAMES.get(field_id, "") or historic.get(field_id, "") for field_id in filled
    }
    infos = [
        info for field_id, values in filled.items() if (info := _info(field_id, known[field_id], values)) is not None
    ]
    sane = [_sane(entry) for entry in sample]
    detected = detect(infos, sane)
    mapping = _with_plain_fields(detected.mapping, filled)
    guesses = {} if mapping.points else _guesses(filled, known, sane)
    notes: tuple[str, ...] = ()
    if guesses:
        only = next(iter(guesses)) if len(guesses) == 1 else ""
        points_field = only if only and not named[only] else ""
        name = known[points_field] or next(iter(sorted(loose)), "") if points_field else ""
        mapping = replace(
            mapping, points=points_field, names={**mapping.names, **({points_field: name} if name else {})}
        )
        labels = {guess: JiraField(guess, known[guess], ()).label for guess in guesses}
        notes = (_note(guesses, labels, points_field),)
    return FoundFields(mapping, _described(filled, known, detected, guesses), notes)


def _filled(sample: Sequence[Json]) -> dict[str, list[Any]]:
    """Some values of every field that has any, in the order of the file, so that the same file always gives the same
    choice."""
    by_field: dict[str, list[Any]] = {}
    for entry in sample:
        for name, value in values_of(entry).items():
            if value is None or value in ("", []):
                continue
            kept = by_field.setdefault(str(name), [])
            if len(kept) < _KEPT_VALUES:
                kept.append(value)
    return by_field


def _names_in_histories(sample: Sequence[Json]) -> tuple[dict[str, str], set[str]]:
    """Names by id; and names of points in older histories, which give no ids."""
    named: dict[str, str] = {}
    loose: set[str] = set()
    for entry in sample:
        changelog = entry.get("changelog")
        histories = changelog.get("histories") if isinstance(changelog, dict) else None
        for history in histories if isinstance(histories, list) else ():
            items = history.get("items") if isinstance(history, dict) else None
            for item in items if isinstance(items, list) else ():
                if not isinstance(item, dict):
                    continue
                field_id, name = text(item.get("fieldId")), text(item.get("field"))
                if field_id:
                    named.setdefault(field_id, name)
                elif name.casefold() in ("story points", "story point estimate"):
                    loose.add(name)
    return named, loose


def _info(field_id: str, name: str, values: Sequence[Any]) -> FieldInfo | None:
    """The field as its server would describe it, as far as its name and its values tell; None for what tells
    nothing."""
    if all(map(_is_sprint, values)) or (name.casefold() == "sprint" and any(map(sprints_of, values))):
        return FieldInfo(field_id, name or "Sprint", "array", "gh-sprint")
    if not field_id.startswith(_CUSTOM):
        return None
    if all(map(_is_flag, values)):
        return FieldInfo(field_id, "Flagged", "array", "multicheckboxes")
    if name.casefold() == "epic link" or (not name and all(map(_is_key, values))):
        return FieldInfo(field_id, name or "Epic Link", "any", "gh-epic-link")
    if not name:
        return None
    is_number = _mostly(points_of, values) or (
        tells_points(name) and any(points_of(value) is not None for value in values)
    )
    return FieldInfo(field_id, name, "number" if is_number else "any", "custom")


def _mostly(read: Callable[[Any], float | None], values: Sequence[Any]) -> bool:
    """One odd value, such as a text or an endless number, does not cost the others."""
    return 2 * sum(read(value) is not None for value in values) > len(values)


def _is_sprint(value: Any) -> bool:
    """One or several sprints in either form: the text of older servers, or objects."""
    return all(_is_one_sprint(each) for each in (value if isinstance(value, list) else [value]))


def _is_one_sprint(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_OLD_SPRINT.search(value))
    return isinstance(value, dict) and "name" in value and text(value.get("state")).casefold() in _SPRINT_STATES


def _is_flag(value: Any) -> bool:
    options = value if isinstance(value, list) else [value]
    return all(isinstance(option, dict) and text(option.get("value")).casefold() in _FLAGS for option in options)


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and bool(_ISSUE_KEY.fullmatch(value))


def _with_plain_fields(mapping: FieldMapping, filled: Mapping[str, Sequence[Any]]) -> FieldMapping:
    """What lists that somebody made, and answers for boards, call by their own names."""
    if not mapping.sprint and "sprints" in filled:
        mapping = replace(mapping, sprint="sprints")
    if not mapping.flagged and any(isinstance(value, bool) for value in filled.get("flagged", ())):
        mapping = replace(mapping, flagged="flagged")
    return mapping


def _sane(entry: Json) -> Json:
    """An entry as its server would have sent it, as far as the choice of fields looks at it."""
    fields = values_of(entry)
    kind = fields.get("issuetype")
    return {"fields": {**fields, "issuetype": kind if isinstance(kind, dict) else None}}


# -- points without a telling name ----------------------------------------------------------------------


def _guesses(
    filled: Mapping[str, Sequence[Any]], known: Mapping[str, str], sample: Sequence[Json]
) -> dict[str, str]:  # fmt: skip
    """Fields of numbers that may be points though no name says so, with what speaks for them."""
    numbers = [
        field_id
        for field_id, values in filled.items()
        if field_id.startswith(_CUSTOM) and all(map(_may_be_points, filter(_is_finite, values)))
    ]
    # A name that says points, so that the fields are judged as if they had one; others, such as cost, say too much.
    candidates = likely(
        [FieldInfo(number, f"{known[number] or number} points", "number", "custom") for number in numbers]
    )
    return {
        choice.field_id: choice.evidence.rpartition(": ")[2] for choice in detect(candidates, sample).choices["points"]
    }


def _is_finite(value: Any) -> bool:
    return not isinstance(value, float) or isfinite(value)


def _may_be_points(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= _MOST_POINTS and value * 4 == int(value * 4)


def _note(guesses: Mapping[str, str], labels: Mapping[str, str], points_field: str) -> str:
    if points_field:
        return N_(
            "No field is called points. {labels} was taken for them, the only one with such "
            "numbers: {guesses}. If they are something else, import the file again and say which "
            "fields are meant.",
            labels=labels[points_field],
            guesses=guesses[points_field],
        )
    listed = "; ".join(f"{labels[field_id]}, {why}" for field_id, why in list(guesses.items())[:5])
    return N_(
        "No field is called points, and none was taken. These hold numbers that may be "
        "points: {listed}. To use one of them, import the file again and say which.",
        listed=listed,
    )


# -- what can be chosen ---------------------------------------------------------------------------------


def _described(
    filled: Mapping[str, Sequence[Any]], known: Mapping[str, str], detected: Detected, guesses: Mapping[str, str]
) -> tuple[JiraField, ...]:
    evidence = {choice.field_id: choice.evidence for choices in detected.choices.values() for choice in choices}
    evidence |= {field_id: f"may be points: {why}" for field_id, why in guesses.items()}
    return tuple(
        JiraField(field_id, known[field_id], _samples(values), evidence.get(field_id, ""))
        for field_id, values in filled.items()
    )


def _samples(values: Sequence[Any]) -> tuple[str, ...]:
    samples: dict[str, None] = {}
    for value in values:
        if sample := _sample(value):
            samples[sample] = None
            if len(samples) == _SAMPLES:
                break
    return tuple(samples)


def _sample(value: Any) -> str:
    """A value in words: sprints, people and options by their names."""
    if _is_sprint(value):
        return ", ".join(sprint.name for sprint in sprints_of(value))
    if isinstance(value, list):
        return ", ".join(texts([_named(each) for each in value]))
    return text(_named(value))


def _named(value: Any) -> Any:
    if isinstance(value, dict):
        return text(value) or next((value[name] for name in ("value", "displayName", "key") if value.get(name)), "")
    return value
