"""Requests to merge code that were closed without being merged: these were given up, whatever their state is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.statuses import is_merged
from app.imports.columns import Layout
from app.imports.plain_names import plain_name
from app.imports.tables import Table
from app.imports.trackers.tool import with_column
from app.words import Nn_

MADE_RESOLUTION = "Resolution (closed without merging)"
NOT_MERGED = "Not merged"
# Columns that say of each request when, by whom or whether it was merged.
_MERGES = frozenset(
    {"merged", "merged at", "merged on", "merged date", "merge date", "date merged", "is merged", "merged by",
     "merged user", "merged username", "merge user"}
)  # fmt: skip
_REQUEST = re.compile(r"/(?:pulls?|merge_requests|pull-requests|pullrequests?)/\d+")
_ISSUE = re.compile(r"/(?:issues|work_items)/\d+")
_CLOSED, _NO = "closed", frozenset({"", "false", "no", "null", "none", "0"})


def with_unmerged_given_up(table: Table, layout: Layout) -> tuple[Table, Layout, tuple[str, ...]]:
    """With a reason for the end of each request that was closed and not merged; any other table as it is. What is said
    where nothing tells whether they were."""
    place = layout.single.get("status")
    if place is None:
        return table, layout, ()
    merges = [at for at, name in enumerate(table.columns) if plain_name(name) in _MERGES]
    closed = _closed_requests(table, layout, place, any(_is_filled(table, merges)))
    if not closed:
        return table, layout, ()
    if not merges and not any(map(is_merged, table.texts(place))):
        return table, layout, (_unclear(len(closed)),)
    unmerged = {row for row in closed if all(table.rows[row][at].strip().casefold() in _NO for at in merges)}
    return *_with_reason(table, layout, unmerged), ()


def _is_filled(table: Table, places: Sequence[int]) -> Iterable[bool]:
    return (cell.casefold() not in _NO for place in places for cell in table.each_filled(place))


def _closed_requests(table: Table, layout: Layout, status: int, tells_merges: bool) -> list[int]:
    """The rows of closed requests: by their address, or where others of the list were merged and none is an issue."""
    url = layout.single.get("url")
    if url is None and not tells_merges:
        return []
    addresses = table.texts(url) if url is not None else [""] * len(table.rows)
    return [
        row
        for row, (text, address) in enumerate(zip(table.texts(status), addresses, strict=True))
        if text.casefold() == _CLOSED and (_REQUEST.search(address) or (tells_merges and not _ISSUE.search(address)))
    ]


def _with_reason(table: Table, layout: Layout, unmerged: set[int]) -> tuple[Table, Layout]:
    if not unmerged:
        return table, layout
    own = layout.single.get("resolution")
    reasons = table.texts(own) if own is not None else [""] * len(table.rows)
    cells = [reason or (NOT_MERGED if row in unmerged else "") for row, reason in enumerate(reasons)]
    single = {**layout.single, "resolution": len(table.columns)}
    return with_column(table, MADE_RESOLUTION, cells), replace(layout, single=single)


def _unclear(count: int) -> str:
    return Nn_(
        "1 request to merge is closed, and nothing says whether it was merged: it counts as finished. Export the day "
        "of the merge too.",
        "{count:,} requests to merge are closed, and nothing says whether they were merged: they count as finished. "
        "Export the day of the merge too.",
        count,
    )
