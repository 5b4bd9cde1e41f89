"""What had to be guessed about issues when they came in: how many each guess touches, in sentences for the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.words import N_, Nn_

_SHOWN = 5
# Characters of a name in it.
_LONGEST = 80
# What a column that nothing is taken from may hold.
DAYS, WORDS, TICKS, NOS, POINTS = "days", "words", "yes and no", "no", "points"
# What is in files beside work, by its name in `Guesses.no_work`.
MILESTONES, SUMMARIES, INACTIVE = "milestones", "summaries", "inactive"
TEMPLATES, SEPARATORS, MIRRORS = "templates", "separators", "mirrors"
# What is counted in `Guesses.levels`.
EPICS, PARTS, OTHERS, IN_A_WHOLE = "epics", "sub-tasks", "others", "in a whole"


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
    that the last update, or the creation, had to do. `done_on_import`: the same, and they were open in the file before.
    `categories`: the tracker gave no category of the status.
    `statuses`: issues by status, of those whose names say nothing. `points`: different ones in two fields.
    `cut_histories`: the beginning is missing. `given_up`: by the tracker's word for it.
    `finishes`: finished on the day in a column whose name does not say that it is one of finishes, by that column.
    `merged`: finished by a status of that name, though a ticket may have been merged into another one.
    `keyless`: known by their titles and creation dates alone.
    `told_done` and `told_open`: by a column whose name does not say that it tells what is done, by that column.
    `steps`: done by a status with words beside the one for done that nobody knows, by that status.
    `no_work`: entries that were left out, by what they are. `wholes`: rows of a plan that sum up others.
    `strays`: days of creation or finish that lie years away from all others, by the key of their item.
    `levels`: epics, sub-tasks, others, and those that name what they are part of.
    `other_ends`: that end otherwise by a second column, by the first, which was taken, and that one.
    `last_steps`: in progress by a status that says done of a step, where none says so of an item, by that status.
    `unheard`: that could be otherwise by a column that nothing is taken from, by what it holds and that column.
    """

    undated: int = 0
    done_on_update: int = 0
    done_on_creation: int = 0
    categories: int = 0
    statuses: Mapping[str, int] = field(default_factory=dict)
    points: int = 0
    cut_histories: int = 0
    given_up: Mapping[str, int] = field(default_factory=dict)
    finishes: Mapping[str, int] = field(default_factory=dict)
    merged: Mapping[str, int] = field(default_factory=dict)
    keyless: int = 0
    told_done: Mapping[str, int] = field(default_factory=dict)
    told_open: Mapping[str, int] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)
    other_ends: Mapping[tuple[str, str], int] = field(default_factory=dict)
    unheard: Mapping[tuple[str, str], int] = field(default_factory=dict)
    last_steps: Mapping[str, int] = field(default_factory=dict)
    no_work: Mapping[str, int] = field(default_factory=dict)
    wholes: int = 0
    levels: Mapping[str, int] = field(default_factory=dict)
    strays: Mapping[str, date] = field(default_factory=dict)
    done_on_import: int = 0

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
            Counter(self.finishes) + Counter(other.finishes),
            Counter(self.merged) + Counter(other.merged),
            self.keyless + other.keyless,
            Counter(self.told_done) + Counter(other.told_done),
            Counter(self.told_open) + Counter(other.told_open),
            Counter(self.steps) + Counter(other.steps),
            Counter(self.other_ends) + Counter(other.other_ends),
            Counter(self.unheard) + Counter(other.unheard),
            Counter(self.last_steps) + Counter(other.last_steps),
            Counter(self.no_work) + Counter(other.no_work),
            self.wholes + other.wholes,
            Counter(self.levels) + Counter(other.levels),
            {**self.strays, **other.strays},
            self.done_on_import + other.done_on_import,
        )

    def sentences(self, advice: Advice | None = None) -> tuple[str, ...]:
        """One for each kind of guess that was made."""
        advice = advice or Advice()
        candidates = (
            _undated(self.undated, advice),
            _done_on_update(self.done_on_update, advice),
            _done_on_creation(self.done_on_creation, advice),
            _done_on_import(self.done_on_import, advice),
            _categories(self.categories),
            _statuses(self.statuses),
            _points(self.points),
            _cut_histories(self.cut_histories, advice),
            _given_up(self.given_up),
            _finishes(self.finishes),
            _merged(self.merged),
            _steps(self.steps),
            _last_steps(self.last_steps),
            _keyless(self.keyless),
            _what_is_done(self.told_done, self.told_open),
            _wholes(self.wholes),
            _all_levels(self.levels),
            _strays(self.strays),
            *(_NO_WORK[name](count) for name, count in self.no_work.items()),
        )
        ends = (_other_end(*names, count) for names, count in self.other_ends.items())
        return (*(sentence for sentence in candidates if sentence), *ends, *_unheard(self.unheard))


def _undated(count: int, advice: Advice) -> str:
    if not count:
        return ""
    sentence = Nn_(
        "1 item has no creation date: taken as added when started or finished, else together with the oldest item.",
        "{count:,} items have no creation date: taken as added when started or finished, else together with the "
        "oldest item.",
        count,
    )
    return _advised(sentence, advice.created)


def _done_on_update(count: int, advice: Advice) -> str:
    if not count:
        return ""
    sentence = Nn_(
        "1 done item has no finish date: the day of its last change was taken.",
        "{count:,} done items have no finish date: the day of their last change was taken.",
        count,
    )
    return _advised(sentence, advice.finished)


def _done_on_creation(count: int, advice: Advice) -> str:
    if not count:
        return ""
    sentence = Nn_(
        "1 done item has no finish date: the day it was added was taken.",
        "{count:,} done items have no finish date: the day they were added was taken.",
        count,
    )
    return _advised(sentence, advice.finished)


def _done_on_import(count: int, advice: Advice) -> str:
    if not count:
        return ""
    sentence = Nn_(
        "1 item is done since the import before and has no finish date: the day of this import was taken.",
        "{count:,} items are done since the import before and have no finish date: the day of this import was taken.",
        count,
    )
    return _advised(sentence, advice.finished)


def _categories(count: int) -> str:
    if not count:
        return ""
    return Nn_(
        "1 item has a status without a category: what counts as done was told by the names of statuses.",
        "{count:,} items have a status without a category: what counts as done was told by the names of statuses.",
        count,
    )


def _statuses(statuses: Mapping[str, int]) -> str:
    if not statuses:
        return ""
    return Nn_(
        "1 item is in a status whose name says nothing ({statuses}): it counts as not done. Say what the statuses mean "
        "where the columns are chosen.",
        "{count:,} items are in statuses whose names say nothing ({statuses}): they count as not done. Say what the "
        "statuses mean where the columns are chosen.",
        sum(statuses.values()),
        statuses=_listed(statuses),
    )


def _points(count: int) -> str:
    if not count:
        return ""
    return Nn_(
        "1 item has different points in two fields: those of the first were taken.",
        "{count:,} items have different points in two fields: those of the first were taken.",
        count,
    )


def _cut_histories(count: int, advice: Advice) -> str:
    if not count:
        return ""
    sentence = Nn_(
        "1 item has a history whose beginning is missing: no start was taken from it.",
        "{count:,} items have a history whose beginning is missing: no start was taken from it.",
        count,
    )
    return _advised(sentence, advice.history)


def _given_up(words: Mapping[str, int]) -> str:
    if not words:
        return ""
    return Nn_(
        "1 item was given up ({words}). It leaves the work and counts as nothing finished, unless the setting “Work "
        "that was given up” says otherwise.",
        "{count:,} items were given up ({words}). They leave the work and count as nothing finished, unless the "
        "setting “Work that was given up” says otherwise.",
        sum(words.values()),
        words=_listed(words),
    )


def _finishes(columns: Mapping[str, int]) -> str:
    if not columns:
        return ""
    return Nn_(
        "1 item counts as finished on its day in {columns}, the name of which does not say so. If that is something "
        "else, say what the columns are where they are chosen, or with --mapping FILE.",
        "{count:,} items count as finished on their days in {columns}, the name of which does not say so. If that is "
        "something else, say what the columns are where they are chosen, or with --mapping FILE.",
        sum(columns.values()),
        columns=", ".join(columns),
    )


def _keyless(count: int) -> str:
    if not count:
        return ""
    return Nn_(
        "1 item has no key and is known by its title and its creation date: with a changed title it is a new item at "
        "the next import, and the old one leaves the work. Export the key or number too, or say which column it is "
        "where the columns are chosen.",
        "{count:,} items have no key and are known by their titles and creation dates: with a changed title one is a "
        "new item at the next import, and the old one leaves the work. Export the key or number too, or say which "
        "column it is where the columns are chosen.",
        count,
    )


def _what_is_done(done: Mapping[str, int], still_open: Mapping[str, int]) -> str:
    columns = dict.fromkeys((*done, *still_open))
    if not columns:
        return ""
    return N_(
        "What is done was guessed from {columns}: by it {done:,} of {count:,} items. If it tells something else, say "
        "what the columns are where they are chosen, or with --mapping FILE.",
        columns=", ".join(columns),
        done=sum(done.values()),
        count=sum(done.values()) + sum(still_open.values()),
    )


def _other_end(first: str, other: str, count: int) -> str:
    return Nn_(
        "What is done and when was taken from {first}; by {other} it is otherwise for 1 item. If that is what counts, "
        "say so where the columns are chosen, or with --mapping FILE.",
        "What is done and when was taken from {first}; by {other} it is otherwise for {count:,} items. If that is what "
        "counts, say so where the columns are chosen, or with --mapping FILE.",
        count,
        first=first,
        other=other,
    )


def _unheard(numbers: Mapping[tuple[str, str], int]) -> list[str]:
    """One sentence for each kind of columns that nothing was taken from."""
    of_kind: dict[str, dict[str, int]] = {}
    for (kind, column), count in numbers.items():
        of_kind.setdefault(kind, {})[column] = count
    return [_UNHEARD[kind](columns) for kind, columns in of_kind.items()]


def _unheard_days(columns: Mapping[str, int]) -> str:
    return N_(
        "Nothing was taken from {columns} (column and items), which hold days. If items were created, started or "
        "finished on these, say so where the columns are chosen, or with --mapping FILE.",
        columns=_listed(columns),
    )


def _unheard_words(columns: Mapping[str, int]) -> str:
    return N_(
        "Nothing was taken from {columns} (column and items), whose words tell otherwise how far these items are, or "
        "that they were given up. If so, choose the column as the status where the columns are chosen, or call it "
        "Resolution and import again.",
        columns=_listed(columns),
    )


def _unheard_ticks(columns: Mapping[str, int]) -> str:
    return N_(
        "Nothing was taken from {columns} (column and items with yes). If yes says there that an item is done or was "
        "given up, call the column Done or Cancelled and import again, or say so with --mapping FILE.",
        columns=_listed(columns),
    )


def _unheard_nos(columns: Mapping[str, int]) -> str:
    return N_(
        "Nothing was taken from {columns} (column and open items with no). If no says there that an item was given up, "
        "take these rows out, or write yes for them in a column called Cancelled, and import again.",
        columns=_listed(columns),
    )


def _unheard_points(columns: Mapping[str, int]) -> str:
    return N_(
        "No points were taken: {columns} (column and items) may hold them. If so, say it where the columns are chosen, "
        "or with --mapping FILE.",
        columns=_listed(columns),
    )


_UNHEARD = {
    DAYS: _unheard_days,
    WORDS: _unheard_words,
    TICKS: _unheard_ticks,
    NOS: _unheard_nos,
    POINTS: _unheard_points,
}


def _wholes(count: int) -> str:
    if not count:
        return ""
    return Nn_(
        "1 row sums up others: it is taken for the whole of them, and counts by its parts.",
        "{count:,} rows sum up others: they are taken for the wholes of these, and count by their parts.",
        count,
    )


def _all_levels(levels: Mapping[str, int]) -> str:
    """Said where nothing tells what epics and sub-tasks are part of, so that each counts beside the others."""
    epics, parts, others = (levels.get(name, 0) for name in (EPICS, PARTS, OTHERS))
    if levels.get(IN_A_WHOLE) or not epics + parts or not (others or (epics and parts)):
        return ""
    return N_(
        "Nothing says which items are parts of which, so that epics ({epics:,}) and sub-tasks ({parts:,}) count beside "
        "the others ({others:,}). Export the parent too: then the setting “Epics, stories and sub-tasks” says what "
        "counts.",
        epics=epics,
        parts=parts,
        others=others,
    )


def _strays(days: Mapping[str, date]) -> str:
    if not days:
        return ""
    first = sorted(days.items(), key=lambda stray: stray[1])[:_SHOWN]
    return Nn_(
        "1 item has a day that lies years away from those of all others ({items}): chart and forecast reach back to "
        "it. If it is a slip, correct it and import again.",
        "{count:,} items have days that lie years away from those of all others ({items}): chart and forecast reach "
        "back to them. If they are slips, correct them and import again.",
        len(days),
        items=", ".join(f"{key} {day}" for key, day in first) + (", …" if len(days) > _SHOWN else ""),
    )


def _milestones(count: int) -> str:
    return Nn_(
        "1 milestone was left out: it is a day in the plan, and no work.",
        "{count:,} milestones were left out: they are days in the plan, and no work.",
        count,
    )


def _summaries(count: int) -> str:
    return Nn_(
        "1 row that sums up others was left out: the work is in those.",
        "{count:,} rows that sum up others were left out: the work is in those.",
        count,
    )


def _inactive(count: int) -> str:
    return Nn_(
        "1 inactive task was left out: it was taken out of the plan.",
        "{count:,} inactive tasks were left out: they were taken out of the plan.",
        count,
    )


def _templates(count: int) -> str:
    return Nn_(
        "1 template card was left out: it is no work.",
        "{count:,} template cards were left out: they are no work.",
        count,
    )


def _separators(count: int) -> str:
    return Nn_(
        "1 separator among the cards was left out: it is no work.",
        "{count:,} separators among the cards were left out: they are no work.",
        count,
    )


def _mirrors(count: int) -> str:
    return Nn_(
        "1 mirror card was left out: the work is in the card that it shows.",
        "{count:,} mirror cards were left out: the work is in the cards that they show.",
        count,
    )


_NO_WORK = {
    MILESTONES: _milestones,
    SUMMARIES: _summaries,
    INACTIVE: _inactive,
    TEMPLATES: _templates,
    SEPARATORS: _separators,
    MIRRORS: _mirrors,
}


def _merged(statuses: Mapping[str, int]) -> str:
    if not statuses:
        return ""
    return Nn_(
        "1 item was merged ({statuses}): it counts as finished, as merged code does. If it was merged into another "
        "item, give it a resolution such as Duplicate, and import again.",
        "{count:,} items were merged ({statuses}): they count as finished, as merged code does. If they were merged "
        "into other items, give them a resolution such as Duplicate, and import again.",
        sum(statuses.values()),
        statuses=_listed(statuses),
    )


def _steps(statuses: Mapping[str, int]) -> str:
    if not statuses:
        return ""
    return Nn_(
        "1 item counts as done by its status alone, which may name one step of several or ask a question ({statuses}). "
        "If it does, say what the statuses mean where the columns are chosen.",
        "{count:,} items count as done by their statuses alone, which may name one step of several or ask a question "
        "({statuses}). If they do, say what the statuses mean where the columns are chosen.",
        sum(statuses.values()),
        statuses=_listed(statuses),
    )


def _last_steps(statuses: Mapping[str, int]) -> str:
    if not statuses:
        return ""
    return Nn_(
        "1 item counts as in progress: its status says done of one step ({statuses}), and none simply done. If that "
        "step is the last, say what the statuses mean where the columns are chosen.",
        "{count:,} items count as in progress: their statuses say done of one step ({statuses}), and none simply done. "
        "If that step is the last, say what the statuses mean where the columns are chosen.",
        sum(statuses.values()),
        statuses=_listed(statuses),
    )


def _listed(numbers: Mapping[str, int]) -> str:
    shown = Counter(numbers).most_common(_SHOWN)
    return ", ".join(f"{_short(name)} {number:,}" for name, number in shown) + (", …" if len(numbers) > _SHOWN else "")


def _short(name: str) -> str:
    """A name as it is, and the beginning of a text that is longer than names are."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _advised(sentence: str, advice: str) -> str:
    return N_("{sentence} {advice}", sentence=sentence, advice=advice) if advice else sentence
