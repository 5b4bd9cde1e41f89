"""Which kind of work was done: features, defects, technical debt and risk, as the Flow Framework names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.domain.items import Item
from store.documents import meaning_of
from store.records import Profile

FEATURE, DEFECT, DEBT, RISK = "Feature", "Defect", "Technical Debt", "Risk"
CLASSES = (FEATURE, DEFECT, DEBT, RISK)
# A type that is in none of the classes.
OTHER = "Other"
# Words in the names of types, asked in this order: a security bug is a defect before it is a risk. Sub-tasks are
# parts of other work and in no class.
_WORDS: Mapping[str, tuple[str, ...]] = {
    DEFECT: ("bug", "defect", "incident", "fehler", "fault", "problem", "hotfix"),
    RISK: ("risk", "security", "vulnerability", "compliance", "risiko"),
    DEBT: ("technical", "debt", "chore", "refactor", "maintenance", "task", "aufgabe", "spike"),
    FEATURE: ("story", "feature", "epic", "improvement", "enhancement", "requirement", "new"),
}


@dataclass(frozen=True, slots=True)
class MixPart:
    """`done` items of one class finished in the window, and their `share` of all finished there."""

    DOCUMENT: ClassVar[Mapping[str, str]] = {"class": "class_", "done": "done", "share": "share", "keys": "keys"}

    class_: str
    done: int
    share: float
    keys: tuple[str, ...]


class WorkClasses:
    """The class of each issue type: as the profile maps it, else by its name."""

    def __init__(self, profile: Profile) -> None:
        meaning = meaning_of(profile)
        of_class = ((name, work_class) for work_class in CLASSES for name in meaning.classes.get(work_class, ()))
        self._of_type = {name.casefold(): work_class for name, work_class in of_class}
        for types, work_class in ((meaning.unclassed, OTHER), (meaning.defects, DEFECT)):
            for name in types:
                self._of_type.setdefault(name.casefold(), work_class)

    def of(self, issue_type: str) -> str:
        name = issue_type.casefold()
        class_ = self._of_type.get(name)
        if class_ is None:
            class_ = self._of_type[name] = _by_name(name)
        return class_


def _by_name(name: str) -> str:
    if "sub" in name and "task" in name:
        return OTHER
    return next((work_class for work_class, words in _WORDS.items() if any(word in name for word in words)), OTHER)


def work_mix(finished: Iterable[Item], classes: WorkClasses) -> tuple[MixPart, ...]:
    """The classes that anything was finished of, in their usual order; empty without any."""
    keys: dict[str, list[str]] = {work_class: [] for work_class in (*CLASSES, OTHER)}
    for item in finished:
        keys[classes.of(item.issue.type)].append(item.issue.key)
    total = sum(map(len, keys.values()))
    return tuple(
        MixPart(work_class, len(done), len(done) / total, tuple(sorted(done)))
        for work_class, done in keys.items()
        if done
    )
