"""Fields that only this server has, kept to filter, group and split by, and to show: those in which values were found.

Choices, short texts, numbers, days and the rank in the backlog; no people, no long texts, nothing that a program writes
for itself. Of a past day they say what they said then, as far as their history came along: it is asked for where that
costs no request more. The rank moves with every other one that is moved, and has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from app.domain.extras import INTERNAL
from app.domain.history import POINTS_FIELDS
from app.domain.order import RANK_NAMES
from app.domain.own_fields import plain
from app.domain.selection import CHANGED_NAMES, FIELDS, named
from app.jira.client import FieldInfo
from app.jira.mapping.choices import Sample
from app.jira.shape import an_object
from app.jira.shape import text as whole_text

# As many are kept; a longer text is one to read, and no value.
MOST, LONGEST = 20, 100
# Kinds of custom fields whose values are a property of the work. "custom": of a file, which does not tell them.
_KINDS = frozenset(
    {"select", "radiobuttons", "multiselect", "multicheckboxes", "cascadingselect", "labels", "textfield", "float",
     "datepicker", "version", "multiversion", "gh-lexo-rank", "atlassian-team", "rm-teams-custom-field-team", "custom"}
)  # fmt: skip
_CALLED = ("value", "name", "title")
_LARGEST = 1e15
# So many texts that are all different and as long as these are numbers or addresses of the issue itself.
_ALL_DIFFERENT, _LONG = 30, 12


def may_be_own(fields: Iterable[FieldInfo]) -> list[str]:
    return [each.id for each in fields if each.custom in _KINDS and _is_free(called(each.name))]


def own_of(fields: Sequence[FieldInfo], sample: Sample, used: Collection[str]) -> dict[str, str]:
    """The names of these fields by their ids, what most issues say something in first. `used`: used otherwise."""
    candidates = set(may_be_own(fields)) - set(used)
    texts = {each: [text for issue in sample if (text := text_of(_value(issue, each)))] for each in candidates}
    names: dict[str, str] = {}
    for each in sorted((each for each in fields if texts.get(each.id)), key=lambda each: -len(texts[each.id])):
        name = called(each.name)
        if name not in names.values() and _is_property(name, texts[each.id]):
            names[each.id] = name
    return dict(list(names.items())[:MOST])


def text_of(value: Any) -> str | list[str]:
    """What stands in the field: one text, several as a list; empty for people and for what has no words."""
    if isinstance(value, list):
        texts = list(dict.fromkeys(text for element in value if (text := _text(element))))
        return texts if len(texts) > 1 else "".join(texts)
    return _text(value)


def own_values(value: Callable[[str], Any], own: Mapping[str, str]) -> dict[str, str | list[str]]:
    """By name, of those in which the issue says anything."""
    return {
        name: text
        for field_id, name in own.items()
        if (content := value(field_id)) is not None and (text := text_of(content))
    }  # fmt: skip


def own_with_history(own: Mapping[str, str]) -> dict[str, str]:
    """Those whose changes are kept. What is called as changes of something else are would be taken for these."""
    return {
        field_id: name
        for field_id, name in own.items()
        if name.casefold() not in RANK_NAMES and plain(name) not in POINTS_FIELDS | CHANGED_NAMES
    }


def called(name: str) -> str:
    """As the server calls it, without what makes a condition of it."""
    return " ".join(re.sub(r"[=!~]+", " ", name).split())


def _is_free(name: str) -> bool:
    return bool(name) and named(name) not in FIELDS and named(name) not in INTERNAL


def _is_property(name: str, values: Sequence[str | list[str]]) -> bool:
    texts = [text for text in values if isinstance(text, str)]
    are_different = len(values) >= _ALL_DIFFERENT and len(set(texts)) == len(values)
    return name.casefold() in RANK_NAMES or not (are_different and sum(map(len, texts)) > _LONG * len(texts))


def _value(issue: Mapping[str, Any], field_id: str) -> Any:
    return an_object(issue.get("fields")).get(field_id)


def _text(value: Any) -> str:
    """Of a choice its name, with that of the choice below it."""
    if isinstance(value, dict):
        if "accountId" in value or "displayName" in value or "emailAddress" in value:
            return ""
        name = next((value[each] for each in _CALLED if isinstance(value.get(each), str)), "")
        below = _text(value["child"]) if isinstance(value.get("child"), dict) else ""
        return _short(f"{name} / {below}" if name and below else name)
    if isinstance(value, str):
        return _short(value)
    # Beyond that a number of a file is nothing that anybody typed, and may have no end.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST:
        return ""
    return f"{value:.15g}"


def _short(text: str) -> str:
    plain = " ".join(whole_text(text).split())
    return plain if len(plain) <= LONGEST else ""
