"""Lists in pages: one that brings next to nothing, page after page, is told of while it comes, and has an end."""

from __future__ import annotations

from collections.abc import Callable

from app.jira.errors import Endless
from app.words import N_

# Jira gives out hundreds at once. A page may be short or empty, when what the account may not see is left out of it; in
# so many pages there is more than so few a page.
_MOST_SPARSE, _TOLD_FROM, _FEW = 200, 20, 5


def _say_nothing(text: str) -> None:
    return None


class Paging:
    """The pages of one list. `say` is given what is to be told of them, and "" where nothing is."""

    def __init__(self, say: Callable[[str], None] = _say_nothing) -> None:
        self._say = say
        self._pages = self._entries = 0

    def turn(self, entries: int) -> None:
        """A page came, with so many. Raises Endless."""
        self._pages += 1
        self._entries += entries
        is_sparse = self._entries < _FEW * self._pages
        if is_sparse and self._pages >= _MOST_SPARSE:
            raise endless()
        if self._pages >= _TOLD_FROM:
            self._say(self._so_far() if is_sparse else "")

    def _so_far(self) -> str:
        return N_(
            "Page {page:,} of Jira's list with {count:,} entries so far, and no end in sight",
            page=self._pages,
            count=self._entries,
        )


def endless() -> Endless:
    return Endless(N_("Jira's pages do not end. Narrow the query down, or try again later; what was fetched is kept."))
