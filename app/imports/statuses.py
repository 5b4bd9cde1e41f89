"""The category of an item in a file: as the file names it, else by its status' name, else by its dates."""

from __future__ import annotations

from collections.abc import Collection

from app.domain.statuses import guessed, named
from app.errors import BadInput
from app.words import N_
from store.records import Category

# Each is judged by its name, several times and by some forty patterns: 20,000 take three seconds, and so do names of a
# million characters.
MOST_STATUSES, MOST_CHARACTERS = 20_000, 1_000_000


def require_few(statuses: Collection[str]) -> None:
    """Raises BadInput for more different statuses, or longer ones, than those of any tracker: what stands there is
    something else."""
    if sum(map(len, statuses)) > MOST_CHARACTERS:
        raise BadInput(
            N_(
                "The names of the statuses in the file are longer than {most:,} characters together, and no tracker "
                "has such: what was taken for the status is something else. Say which column holds the status where "
                "the columns are chosen, or with --mapping FILE. Nothing was changed.",
                most=MOST_CHARACTERS,
            )
        )
    if len(statuses) > MOST_STATUSES:
        raise BadInput(
            N_(
                "The file holds more than {most:,} different statuses, and no tracker has so many: what was taken for "
                "the status is something else. Say which column holds the status where the columns are chosen, or with "
                "--mapping FILE. Nothing was changed.",
                most=MOST_STATUSES,
            )
        )


def category_of(status: str, category: str, started: bool, finished: bool, done_by_date: bool = False) -> Category:
    """A usual name decides; before a name that only holds a telling word, a finish date does.

    `done_by_date`: the tracker marks what is done by its finish date, so that a status called "Done" does not.
    """
    if done_by_date and not named(category):
        return _done_by_date(status, started, finished)
    return named(category) or named(status) or _by_dates_or_words(status, started, finished)


def _done_by_date(status: str, started: bool, finished: bool) -> Category:
    if finished:
        return Category.DONE
    category = guessed(status)
    if category is None or category is Category.DONE:
        return Category.IN_PROGRESS if started or category is Category.DONE else Category.TODO
    return category


def _by_dates_or_words(status: str, started: bool, finished: bool) -> Category:
    if finished:
        return Category.DONE
    return guessed(status) or (Category.IN_PROGRESS if started else Category.TODO)
