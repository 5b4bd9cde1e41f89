"""What had to be guessed about issues when they came in: how many each guess touches, in sentences for the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Advice:
    """What to export to spare a guess, as whole sentences; "" where there is nothing to be done."""

    created: str = ""
    finished: str = ""
    history: str = ""


@dataclass(frozen=True, slots=True)
class Guesses:
    """Numbers of issues.

    `undated`: without a creation date; `done_on_update` and `done_on_creation`: done, but nothing says since when, so
    that the last update, or the creation, had to do. `categories`: the tracker gave no category of the status.
    `statuses`: issues by status, of those whose names say nothing. `points`: different ones in two fields.
    `cut_histories`: the beginning is missing. `given_up`: by the tracker's word for it.
    """

    undated: int = 0
    done_on_update: int = 0
    done_on_creation: int = 0
    categories: int = 0
    statuses: Mapping[str, int] = field(default_factory=dict)
    points: int = 0
    cut_histories: int = 0
    given_up: Mapping[str, int] = field(default_factory=dict)

    def plus(self, other: Guesses) -> Guesses:
        """Those of two parts together."""
        return Guesses(
            self.undated + other.undated,
            self.done_on_update + other.done_on_update,
            self.done_on_creation + other.done_on_creation,
            self.categories + other.categories,
            Counter(self.statuses) + Counter(other.statuses),
            self.points + other.points,
            self.cut_histories + other.cut_histories,
            Counter(self.given_up) + Counter(other.given_up),
        )

    def sentences(self, advice: Advice | None = None) -> tuple[str, ...]:
        """One for each kind of guess that was made."""
        advice = advice or Advice()
        said = (
            _undated(self.undated, advice),
            _without_a_day(self.done_on_update, "the day of their last change", "the day of its last change", advice),
            _without_a_day(self.done_on_creation, "the day they were added", "the day it was added", advice),
            _categories(self.categories),
            _statuses(self.statuses),
            _points(self.points),
            _cut_histories(self.cut_histories, advice),
            _given_up(self.given_up),
        )
        return tuple(sentence for sentence in said if sentence)


def _undated(count: int, advice: Advice) -> str:
    if not count:
        return ""
    added = "taken as added when started or finished, else together with the oldest item"
    return _advised(f"{_items(count)} no creation date: {added}.", advice.created)


def _without_a_day(count: int, days: str, day: str, advice: Advice) -> str:
    if not count:
        return ""
    done = "1 done item has" if count == 1 else f"{count:,} done items have"
    return _advised(f"{done} no finish date: {day if count == 1 else days} was taken.", advice.finished)


def _categories(count: int) -> str:
    if not count:
        return ""
    return f"{_items(count)} a status without a category: what counts as done was told by the names of statuses."


def _statuses(statuses: Mapping[str, int]) -> str:
    if not statuses:
        return ""
    count = sum(statuses.values())
    items = "1 item is in a status" if count == 1 else f"{count:,} items are in statuses"
    says, it = ("name says", "it counts") if count == 1 else ("names say", "they count")
    return (
        f"{items} whose {says} nothing ({_listed(statuses)}): {it} as not done. Say what the statuses mean where "
        "the columns are chosen."
    )


def _points(count: int) -> str:
    if not count:
        return ""
    return f"{_items(count)} different points in two fields: those of the first were taken."


def _cut_histories(count: int, advice: Advice) -> str:
    if not count:
        return ""
    return _advised(
        f"{_items(count)} a history whose beginning is missing: no start was taken from it.", advice.history
    )


def _given_up(words: Mapping[str, int]) -> str:
    if not words:
        return ""
    count = sum(words.values())
    items, leave = ("1 item was", "It leaves") if count == 1 else (f"{count:,} items were", "They leave")
    return (
        f"{items} given up ({_listed(words)}). {leave} the work and count{'s' * (count == 1)} as nothing finished, "
        "unless the setting “Work that was given up” says otherwise."
    )


def _items(count: int) -> str:
    return "1 item has" if count == 1 else f"{count:,} items have"


def _listed(numbers: Mapping[str, int]) -> str:
    shown = Counter(numbers).most_common(_SHOWN)
    return ", ".join(f"{name} {number:,}" for name, number in shown) + (", …" if len(numbers) > _SHOWN else "")


def _advised(sentence: str, advice: str) -> str:
    return f"{sentence} {advice}" if advice else sentence
