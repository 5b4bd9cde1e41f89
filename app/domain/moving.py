"""A team moved to another tracker: which issue of before is which one of now. Pure, and never a guess.

Rules in this order, each for what the ones before left: another key that the new issue names (a field such as
"Original key", or its title), the same key, the same number under one other prefix, the same title created on the same
day, and the same title that no other issue on either side has. A rule that fits several issues pairs none of them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.domain.calendar import Calendar
from app.domain.own_fields import plain
from store.records import Change, Issue

# Where trackers and their importers put the key of before, by plain name.
OLD_KEY_FIELDS = frozenset(
    f"{first} {second}"
    for first in ("external", "original", "legacy", "old", "previous", "former", "source", "migrated", "imported")
    for second in ("id", "key", "issue id", "issue key", "ticket", "ticket id")
) | {"external issue", "imported from", "migrated from", "jira key", "jira issue key"}
# Of issues of equal numbers; ten prefixes of three thousand issues each, on both sides, make 300,000.
_MOST_PAIRS = 1_000_000
# Fewer issues on one day are no sweep.
_FEW = 3
_TAG = re.compile(r"\[\s*([^\[\]\s]+)\s*\]|^\s*([A-Za-z][A-Za-z0-9_]*-\d+)\s*[:–—-](?=\s|$)")


class Rule(StrEnum):
    """Why two issues are one."""

    NOTED = "noted"
    KEY = "key"
    NUMBER = "number"
    TITLE_AND_DAY = "title and day"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Pair:
    """The key of before and the one of now, and why they are of one issue."""

    old: str
    new: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Issues of which some may be one, but nothing says which: they stay apart."""

    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """Every issue of both sides stands in exactly one place. `moved`: when the work moved, as far as it can be told.

    `sweeps`: days on which the move itself, and no work, changed statuses of many. `same`: pairs that are one record
    of one tracker, told by its address: two lists of the same work, and no move.
    """

    pairs: tuple[Pair, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()
    only_old: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()
    moved: datetime | None = None
    sweeps: tuple[date, ...] = ()
    same: int = 0

    @property
    def by_rule(self) -> Mapping[Rule, int]:
        """How many pairs each rule found, in the order of the rules."""
        counts = Counter(pair.rule for pair in self.pairs)
        return {rule: counts[rule] for rule in Rule if counts[rule]}

    def share(self) -> float:
        """Of the issues on the smaller side, how many are paired; 0 where a side is empty."""
        doubtful_old = sum(len(each.old) for each in self.ambiguous)
        doubtful_new = sum(len(each.new) for each in self.ambiguous)
        smaller = min(len(self.only_old) + doubtful_old, len(self.only_new) + doubtful_new) + len(self.pairs)
        return len(self.pairs) / smaller if smaller else 0.0


def matched(
    old: Sequence[Issue],
    new: Sequence[Issue],
    old_changes: Sequence[Change],
    new_changes: Sequence[Change],
    calendar: Calendar,
) -> Matches:
    """Pair the issues of the source of before with those of the one of now. Keys are unique on each side."""
    search = _Search(old, new, calendar)
    search.run()
    befores, nows = {issue.key: issue for issue in old}, {issue.key: issue for issue in new}
    pairs = tuple(search.pairs)
    both = [(befores[pair.old], nows[pair.new]) for pair in pairs]
    moved = _moved(both, old, old_changes, calendar)
    return Matches(
        pairs,
        tuple(search.ambiguous),
        tuple(issue.key for issue in search.old.values()),
        tuple(issue.key for issue in search.new.values()),
        moved,
        _sweeps(pairs, old_changes, new_changes, moved, calendar),
        sum(_is_one_record(before, now) for before, now in both),
    )


def is_made_anew(before: Issue, now: Issue, calendar: Calendar) -> bool:
    """Whether the issue of now came into being by the move, and so says nothing of its birth."""
    if before.created is None or now.created is None:
        return False
    return (calendar.day_of(now.created) - calendar.day_of(before.created)).days > 1


def title_of(issue: Issue) -> str:
    """Its title whatever its case, spaces and a key of before in it."""
    return plain(_TAG.sub(" ", issue.summary))


@dataclass(slots=True)
class _Search:
    """What is paired so far, and what is left."""

    all_old: Sequence[Issue]
    all_new: Sequence[Issue]
    calendar: Calendar
    old: dict[str, Issue] = field(init=False)
    new: dict[str, Issue] = field(init=False)
    pairs: list[Pair] = field(default_factory=list)
    ambiguous: list[Ambiguous] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.old = {issue.key: issue for issue in self.all_old}
        self.new = {issue.key: issue for issue in self.all_new}

    def run(self) -> None:
        self._noted()
        self._same_key()
        self._other_prefix()
        self._same_title(Rule.TITLE_AND_DAY, self._title_and_day)
        titles = [Counter(map(title_of, side)) for side in (self.all_old, self.all_new)]
        self._same_title(Rule.TITLE, lambda issue: title_of(issue) or None, titles)
        self._doubtful()

    def _take(self, before: Issue, now: Issue, rule: Rule) -> None:
        self.pairs.append(Pair(before.key, now.key, rule))
        del self.old[before.key], self.new[now.key]

    def _set_apart(self, old: Iterable[str], new: Iterable[str]) -> None:
        group = Ambiguous(tuple(key for key in old if key in self.old), tuple(key for key in new if key in self.new))
        self.ambiguous.append(group)
        for key in group.old:
            del self.old[key]
        for key in group.new:
            del self.new[key]

    def _noted(self) -> None:
        """What names an old key is of that issue; several that name one, or one that names several, are in doubt."""
        by_name = _unique((issue.source_id.casefold(), issue.key) for issue in self.all_old)
        by_name |= _unique((issue.key.casefold(), issue.key) for issue in self.all_old)
        named = {now.key: keys for now in self.all_new if (keys := self._named_keys(now, by_name))}
        claims = Counter(key for keys in named.values() for key in keys)
        for key, olds in named.items():
            (before, *others) = olds
            if not others and claims[before] == 1:
                self._take(self.old[before], self.new[key], Rule.NOTED)
        for knot in _knots({key: keys for key, keys in named.items() if key in self.new}):
            self._set_apart(*knot)

    def _named_keys(self, now: Issue, by_name: Mapping[str, str]) -> tuple[str, ...]:
        """The other keys of before that an issue names: by a field for that, else in its title.

        What the issue of the same key said there before was not put there by the move; and a title that names an issue
        which is here under that key speaks of that one.
        """
        own = self.old.get(now.key)
        noted = [
            text.strip().casefold()
            for name, value in now.extras.items()
            if plain(name) in OLD_KEY_FIELDS and (own is None or own.extras.get(name) != value)
            for text in (value if isinstance(value, list | tuple) else [value])
            if isinstance(text, str)
        ]
        keys = dict.fromkeys(by_name[name] for name in noted if name in by_name)
        if not keys:
            tagged = (by_name.get((first or second).casefold()) for first, second in _TAG.findall(now.summary))
            # A mere number in a title is no key.
            keys = dict.fromkeys(key for key in tagged if key and "-" in key and key not in self.new)
        return () if tuple(keys) == (now.key,) else tuple(keys)

    def _same_key(self) -> None:
        """A key of a prefix and a number says enough where most such pairs agree in title or day; else each must."""
        both = [(self.old[key], self.new[key]) for key in self.old if key in self.new]
        agreed = sum(self._agree(*pair) for pair in both)
        for before, now in both:
            is_trusted = 2 * agreed >= len(both) and not before.key.isdecimal()
            if is_trusted or self._agree(before, now):
                self._take(before, now, Rule.KEY)

    def _other_prefix(self) -> None:
        """One prefix became another: their equal numbers are the same issues, where titles mostly say so.

        Where each number is of so many prefixes that it says nothing, none is taken for another.
        """
        counts = [Counter(_number(issue.key) for issue in side.values()) for side in (self.old, self.new)]
        if sum(count * counts[1][number] for number, count in counts[0].items() if number) > _MOST_PAIRS:
            return
        alike: defaultdict[tuple[str, str], list[tuple[Issue, Issue]]] = defaultdict(list)
        by_number: defaultdict[str, list[Issue]] = defaultdict(list)
        for issue in self.old.values():
            by_number[_number(issue.key)].append(issue)
        for now in self.new.values():
            for before in by_number[_number(now.key)] if _number(now.key) else ():
                alike[_prefix(before.key), _prefix(now.key)].append((before, now))
        good = {prefixes: pairs for prefixes, pairs in alike.items() if _is_renaming(pairs)}
        olds, news = Counter(old for old, _ in good), Counter(new for _, new in good)
        for (old, new), pairs in good.items():
            if olds[old] == 1 and news[new] == 1:
                for before, now in pairs:
                    if self._agree(before, now):
                        self._take(before, now, Rule.NUMBER)

    def _agree(self, before: Issue, now: Issue) -> bool:
        return _same_title(before, now) or (
            before.created is not None
            and now.created is not None
            and self.calendar.day_of(before.created) == self.calendar.day_of(now.created)
        )

    def _title_and_day(self, issue: Issue) -> tuple[str, date] | None:
        title = title_of(issue)
        return (title, self.calendar.day_of(issue.created)) if title and issue.created is not None else None

    def _same_title(
        self, rule: Rule, name_of: Callable[[Issue], object], counts: Sequence[Counter[str]] | None = None
    ) -> None:
        olds, news = _by(self.old.values(), name_of), _by(self.new.values(), name_of)
        for name, befores in olds.items():
            nows = news.get(name, [])
            if len(befores) != 1 or len(nows) != 1:
                continue
            before, now = befores[0], nows[0]
            is_unique = counts is None or all(count[title_of(before)] == 1 for count in counts)
            if is_unique and not _came_before(now, before, self.calendar):
                self._take(before, now, rule)

    def _doubtful(self) -> None:
        """What is left under one title on both sides."""
        olds, news = _by(self.old.values(), title_of), _by(self.new.values(), title_of)
        for title, befores in olds.items():
            if title and title in news:
                self._set_apart([each.key for each in befores], [each.key for each in news[title]])


def _unique(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By name what nothing else has the name of."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for name, key in named:
        keys[name].append(key)
    return {name: its[0] for name, its in keys.items() if name and len(its) == 1}


def _knots(named: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[list[str], list[str]]]:
    """Groups of old and new keys that hang together by naming one another."""
    claimed: defaultdict[str, list[str]] = defaultdict(list)
    for new, its in named.items():
        for old in its:
            claimed[old].append(new)
    seen: set[str] = set()
    for start in named:
        if start in seen:
            continue
        news: list[str] = []
        olds: list[str] = []
        waiting = [start]
        seen.add(start)
        while waiting:
            new = waiting.pop()
            news.append(new)
            fresh = [old for old in named[new] if old not in olds]
            olds += fresh
            others = dict.fromkeys(each for old in fresh for each in claimed[old] if each not in seen)
            waiting += others
            seen.update(others)
        yield olds, news


def _is_renaming(pairs: Sequence[tuple[Issue, Issue]]) -> bool:
    agreed = sum(_same_title(before, now) for before, now in pairs)
    return agreed >= min(_FEW, len(pairs)) and 5 * agreed >= 3 * len(pairs)


def _same_title(before: Issue, now: Issue) -> bool:
    return bool(title_of(before)) and title_of(before) == title_of(now)


def _came_before(now: Issue, before: Issue, calendar: Calendar) -> bool:
    """Whether what should be the later one was there more than a day before: then it is another issue."""
    if now.created is None or before.created is None:
        return False
    return (calendar.day_of(before.created) - calendar.day_of(now.created)).days > 1


def _prefix(key: str) -> str:
    return key.rpartition("-")[0]


def _number(key: str) -> str:
    prefix, _, number = key.rpartition("-")
    return number if prefix and number.isdecimal() else ""


def _by(issues: Iterable[Issue], name_of: Callable[[Issue], object]) -> dict[object, list[Issue]]:
    groups: dict[object, list[Issue]] = {}
    for issue in issues:
        name = name_of(issue)
        if name is not None:
            groups.setdefault(name, []).append(issue)
    return groups


def _is_one_record(before: Issue, now: Issue) -> bool:
    return bool(before.url) and before.url == now.url


# -- when the move was ----------------------------------------------------------------------------------


def _moved(
    both: Sequence[tuple[Issue, Issue]], old: Sequence[Issue], changes: Sequence[Change], calendar: Calendar
) -> datetime | None:
    """When most of what was made anew came; where nothing was, the last moment that the old source tells of."""
    anew = [now.created for before, now in both if now.created is not None and is_made_anew(before, now, calendar)]
    days = Counter(map(calendar.day_of, anew))
    if days and (most := max(days.values())) >= min(_FEW, len(both)):
        day = min(day for day, count in days.items() if count == most)
        return min(at for at in anew if calendar.day_of(at) == day)
    instants = [at for issue in old for at in (issue.updated, issue.resolved, issue.created) if at is not None]
    return max([*instants, *(change.at for change in changes)], default=None)


def _sweeps(
    pairs: Sequence[Pair],
    old_changes: Sequence[Change],
    new_changes: Sequence[Change],
    moved: datetime | None,
    calendar: Calendar,
) -> tuple[date, ...]:
    """Days from the move on, or the one before, on which half of all pairs changed status, which the old does not
    tell. Within two weeks: what many do later is work, or another sweep."""
    if moved is None:
        return ()
    olds = {pair.new: pair.old for pair in pairs}
    before = {(change.issue_key, change.at) for change in old_changes if change.field == "status"}
    swept: defaultdict[date, set[str]] = defaultdict(set)
    for change in new_changes:
        key = change.issue_key
        if change.field == "status" and key in olds and (olds[key], change.at) not in before:
            swept[calendar.day_of(change.at)].add(key)
    day, most = calendar.day_of(moved), max(_FEW, len(pairs) / 2)
    return tuple(sorted(each for each, keys in swept.items() if -1 <= (each - day).days <= 14 and len(keys) >= most))
