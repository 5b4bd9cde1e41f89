"""Answers of trackers' interfaces that say themselves that more would follow: a page is not the whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.imports.trackers.answers import Json, entries_of, pages_of
from app.words import N_

# How Jira, GitHub, Redmine, OpenProject, Shortcut and GraphQL call the number of everything that was found.
_TOTALS = ("total", "total_count", "totalCount", "count", "total_size", "totalSize", "total_items", "totalItems",
           "total_results", "totalResults", "totalElements", "totalHits", "TotalResultCount", "issueCount")  # fmt: skip
_MORE = ("has_more", "hasMore", "hasNextPage", "has_next_page", "next_page_results")
_LAST = ("isLast", "last_page", "isLastPage")
_NEXT = ("nextPageToken", "next_page", "next", "next_cursor", "nextLink", "@odata.nextLink", "continuationToken",
         "offset", "after")  # fmt: skip
# What trackers' interfaces and command lines give at once unless asked otherwise, and at most.
_PAGE_SIZES = frozenset({20, 25, 30, 42, 50, 100, 200, 250, 500, 1000})
# By the beginning of what a table was recognised as: as many items as the tracker exports at once.
_EXPORTED_AT_ONCE = {"Jira": {1_000, 10_000}, "Redmine": {500}}
# Answers wrap what they say of themselves in as many objects as GraphQL names levels.
_DEEPEST = 9


def cut_warnings(value: Any) -> tuple[str, ...]:
    """A sentence where the file holds fewer items than its answers say there are, or says that more follow."""
    pages = pages_of(value)
    if not pages:
        return _full_page(len(entries_of(value)) if isinstance(value, list) else 0)
    present = sum(_entry_count(page) for page in pages)
    total = max((number for page in pages for number in _totals(page)), default=0)
    if total > present:
        return (f"The file holds {present:,} of {total:,} items: further pages are missing. {_ADVICE}",)
    # What the pages before it say of more is answered by the later ones.
    if _says_more(pages[-1]):
        items = "1 item" if present == 1 else f"{present:,} items"
        return (f"The file holds {items} and says that more follow: further pages are missing. {_ADVICE}",)
    return () if len(pages) > 1 or _says_how_many(pages[0]) else _full_page(present)


def full_export(recognised_as: str, rows: int) -> tuple[str, ...]:
    """A sentence where a table has exactly as many rows as its tracker exports at once: it may be cut there."""
    tool = recognised_as.partition(" ")[0]
    if rows not in _EXPORTED_AT_ONCE.get(tool, ()):
        return ()
    return (
        N_(
            "The file holds exactly {count:,} items, as many as {name} exports at once: further ones may be missing. "
            "If there are more, export them in several parts, such as by their keys, and import all of these.",
            count=rows,
            name=tool,
        ),
    )


def _says_how_many(page: Json) -> bool:
    """Whether it says anything of others, be it that there are none."""
    return any(not part.keys().isdisjoint((*_TOTALS, *_MORE, *_LAST, *_NEXT)) for part in _sayings(page))


def _full_page(count: int) -> tuple[str, ...]:
    """Entries that say nothing of others: exactly as many as trackers give at once are likely one page of several."""
    if count not in _PAGE_SIZES:
        return ()
    return (
        N_(
            "The file holds exactly {count:,} items, as many as trackers give in one answer: further pages may be "
            "missing. If there are more, fetch all pages, and import them in one file or one after the other.",
            count=count,
        ),
    )


_ADVICE = N_("Fetch all pages, and import them in one file or one after the other into the same work list.")


def _entry_count(page: Json) -> int:
    entries = entries_of(page)
    if len(entries) != 1 or entries[0] is not page:
        return len(entries)
    # Under a name that is no wrapper known here, such as tasks or results.
    lists = [each for part in _sayings(page) for each in part.values() if isinstance(each, list)]
    return max((sum(isinstance(item, dict) for item in each) for each in lists), default=0)


def _sayings(page: Json, depth: int = 0) -> Iterator[Json]:
    """The objects around the entries, from the outside in; never the entries themselves."""
    yield page
    if depth < _DEEPEST:
        for value in page.values():
            if isinstance(value, dict):
                yield from _sayings(value, depth + 1)


def _totals(page: Json) -> Iterator[int]:
    if _entry_count(page):
        for part in _sayings(page):
            for name in _TOTALS:
                number = part.get(name)
                if isinstance(number, int) and not isinstance(number, bool):
                    yield number


def _says_more(page: Json) -> bool:
    if any(part.get(name) is False for name in _MORE for part in _sayings(page)):
        # A cursor may stand beside it all the same.
        return False
    return any(
        any(part.get(name) is True for name in _MORE)
        or any(part.get(name) is False for name in _LAST)
        or any(part.get(name) and isinstance(part.get(name), str | dict) for name in _NEXT)
        for part in _sayings(page)
    )
