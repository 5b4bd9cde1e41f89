"""What had to be guessed about the items of a file, and what to export to spare it; the same for every reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from heapq import nsmallest
from itertools import repeat
from operator import attrgetter, contains

from app.domain.extras import HISTORY_CUT
from app.domain.guesses import EPICS, IN_A_WHOLE, OTHERS, PARTS, Advice, Guesses
from app.domain.hierarchy import Level, level_named
from app.domain.statuses import given_up, guessed, is_done_step, is_merged, may_be_a_step, named
from app.imports.columns import ColumnMapping
from app.imports.results import Imported
from app.words import N_
from store.records import Category, Issue

# By the beginning of what a file was recognised as.
_ADVICE = (
    (
        "Jira JSON",
        Advice(
            N_("Ask for the field created as well."),
            N_(
                "Ask for the fields resolutiondate and statuscategorychangedate, or for the history "
                "with expand=changelog, and import the answer again."
            ),
            N_("Ask for /rest/api/2/issue/KEY/changelog page by page, or sync instead."),
        ),
    ),
    (
        "Jira",
        Advice(
            N_("Add the column Created, and export again."),
            N_("Add the columns Resolved and Status Category Changed, and export again."),
        ),
    ),
    (
        "Azure DevOps",
        Advice(
            N_("In the query's column options add Created Date, and export again."),
            N_("In the query's column options add Closed Date and State Change Date, and export again."),
        ),
    ),
    (
        "GitHub project",
        Advice(*[N_("In the project's view show the fields Created and Closed, and export again.")] * 2),
    ),
    (
        "GitHub",
        Advice(*[N_("Ask for createdAt, updatedAt and closedAt as well (gh --json), and import again.")] * 2),
    ),
    ("GitLab", Advice(*[N_("Export the issues with Created At and Closed At, and import again.")] * 2)),
    ("Linear", Advice(*[N_("Ask for createdAt, startedAt and completedAt as well, and import again.")] * 2)),
    ("Asana", Advice(*[N_("Ask for created_at and completed_at as well (opt_fields), and import again.")] * 2)),
    ("Trello", Advice(finished=N_("Cards that are moved to a list of finished work from now on have their day."))),
)
_ANY = Advice(
    N_("Add a column with the day on which each was created, and import again."),
    N_("Add a column with the day on which each was finished, and import again."),
)

# So many days at most, so long before all others, are slips: and what is few where there are few others.
_FEW, _LEAST_OTHERS, _YEARS_AWAY = 2, 4, timedelta(days=4 * 365)
_LEVELS = {Level.EPIC: EPICS, Level.SUB_TASK: PARTS, Level.STORY: OTHERS}
_OF_AZURE = {"feature": Level.EPIC, "task": Level.SUB_TASK}
# Where one of these is read, a status' name says nothing of what is done.
_SAY_DONE = frozenset({"category", "is_done", "percent"})


def reported(imported: Imported, mapping: ColumnMapping, finish: str = "", *, is_anybodys: bool = False) -> Imported:
    """With the guesses that its issues show; those that only the reader knew of stay. `finish`: the column that was
    taken for the day of the finish although its name does not say so. `is_anybodys`: no tracker is known whose export
    it is, so that "merged" may mean code or tickets."""
    if not imported.issues:
        return imported
    guesses = imported.guesses.plus(_guesses(imported, mapping))
    if finish:
        ended = sum(issue.resolved is not None and issue.category is Category.DONE for issue in imported.issues)
        guesses = guesses.plus(Guesses(finishes={finish: ended} if ended else {}))
    # A list of code says when it was merged.
    if is_anybodys and not any("merge" in column.casefold() for column in imported.columns):
        guesses = guesses.plus(Guesses(merged=_merged(imported.issues)))
    return replace(imported, guesses=guesses)


def sentences(guesses: Guesses, recognised_as: str) -> tuple[str, ...]:
    """The guesses of a file, or of all its parts, with what to export to spare them."""
    advice = next((advice for name, advice in _ADVICE if recognised_as.startswith(name)), _ANY)
    return guesses.sentences(advice)


def _guesses(imported: Imported, mapping: ColumnMapping) -> Guesses:
    moved = {change.issue_key for change in imported.changes if change.field == "status"}
    done = [issue for issue in imported.issues if issue.category is Category.DONE]
    # What has no dates at all is known from its import on, which the reader says.
    dated = (
        [issue for issue in imported.issues if issue.key not in imported.undated]
        if imported.undated
        else imported.issues
    )
    without_day = [
        issue
        for issue in done
        if issue.resolved is None
        and issue.key not in moved
        and issue.key not in imported.undated
        # What was given up counts as nothing finished, on whatever day.
        and not given_up(issue.status, issue.resolution)
    ]
    updated = sum(issue.updated is not None for issue in without_day)
    return Guesses(
        undated=list(map(attrgetter("created"), dated)).count(None),
        done_on_update=updated,
        done_on_creation=len(without_day) - updated,
        statuses=_silent_statuses(imported, mapping),
        cut_histories=sum(map(contains, map(attrgetter("extras"), imported.issues), repeat(HISTORY_CUT))),
        given_up=_given_up(done),
        steps=_steps(done, imported, mapping),
        last_steps=_last_steps(imported, mapping),
        levels=_levels(imported),
        strays=_strays(imported),
    )


def _strays(imported: Imported) -> dict[str, date]:
    """The days of creation and finish that lie so long before all others that they can hardly be meant."""
    in_query = attrgetter("in_query")
    counted = imported.issues if all(map(in_query, imported.issues)) else list(filter(in_query, imported.issues))
    strays: dict[str, date] = {}
    for field in ("resolved", "created"):
        moments = list(filter(None, map(attrgetter(field), counted)))
        few = min(len(moments) - _LEAST_OTHERS, max(_FEW, len(moments) // 200))
        # Where more than so few lie near the first of all, as nearly always, no gap is among them.
        if few <= 0 or sum(map((min(moments) + _YEARS_AWAY).__ge__, moments)) > few:
            continue
        days = [(at, issue.key) for issue in counted if (at := getattr(issue, field)) is not None]
        days = nsmallest(few + 1, days)
        gap = next((place for place in range(few, 0, -1) if days[place][0] - days[place - 1][0] > _YEARS_AWAY), 0)
        strays |= {key: at.date() for at, key in days[:gap]}
    return strays


def _levels(imported: Imported) -> Counter[str]:
    """How many items are epics and sub-tasks by their types' names, and how many name what they are part of."""
    levels: Counter[str] = Counter()
    # Of few types among many issues.
    for kind, count in Counter(map(attrgetter("type"), imported.issues)).items():
        level = _level_named(kind, imported.recognised_as)
        levels[OTHERS if level is None else _LEVELS[level]] += count
    levels[IN_A_WHOLE] = len(imported.issues) - list(map(attrgetter("parent"), imported.issues)).count("")
    return levels


def _level_named(kind: str, recognised_as: str) -> Level | None:
    """A feature and a task lie above and below stories in Azure DevOps, elsewhere beside them."""
    own = _OF_AZURE.get(kind.casefold()) if recognised_as.startswith("Azure DevOps") else None
    return own or level_named(kind)


def _silent_statuses(imported: Imported, mapping: ColumnMapping) -> Counter[str]:
    """Of the items of which nothing but the status' name could say what it means, and that does not. What was put away
    without being done counts as nothing, whatever its status means."""
    if "category" in (imported.used or {}):
        return Counter()
    open_ones = Counter(
        issue.status
        for issue in imported.issues
        if issue.category is not Category.DONE and issue.in_query and issue.status
    )
    return Counter(
        {
            status: count
            for status, count in open_ones.items()
            if status.casefold() not in mapping.statuses and guessed(status) is None
        }
    )


def _steps(done: Sequence[Issue], imported: Imported, mapping: ColumnMapping) -> Counter[str]:
    """Of what is done by its status' name alone, where that may name one step of several."""
    if not _SAY_DONE.isdisjoint(imported.used or {}):
        return Counter()
    statuses = Counter(issue.status for issue in done if issue.resolved is None)
    return Counter(
        {
            status: count
            for status, count in statuses.items()
            if status.casefold() not in mapping.statuses and may_be_a_step(status)
        }
    )


def _last_steps(imported: Imported, mapping: ColumnMapping) -> Counter[str]:
    """Of what is open by a status that says done of a step, where no item is in a status that says so of the whole."""
    if not _SAY_DONE.isdisjoint(imported.used or {}):
        return Counter()
    statuses = Counter(issue.status for issue in imported.issues if issue.status)
    if any(named(status) is Category.DONE and not given_up(status) for status in statuses):
        return Counter()
    still_open = Counter(issue.status for issue in imported.issues if issue.category is Category.IN_PROGRESS)
    return Counter(
        {
            status: count
            for status, count in still_open.items()
            if status.casefold() not in mapping.statuses and is_done_step(status)
        }
    )


def _merged(issues: Sequence[Issue]) -> Counter[str]:
    """Of what counts as finished because it was merged, and nothing else says why it ended."""
    statuses = Counter(issue.status for issue in issues if issue.category is Category.DONE and not issue.resolution)
    return Counter({status: count for status, count in statuses.items() if is_merged(status)})


def _given_up(done: list[Issue]) -> Counter[str]:
    # Few different pairs among many issues.
    ended = Counter(map(attrgetter("status", "resolution"), done))
    words: Counter[str] = Counter()
    for (status, resolution), count in ended.items():
        if word := given_up(status, resolution):
            words[word] += count
    return words
