"""A board as what to fetch: the issues of its filter, the field it estimates by, and what its columns say of statuses.

A board is named by its number or by the address of its page, where a query is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.jira.client import StatusInfo
from app.jira.errors import BadJql
from app.jira.mapping.fields import Detected, StatusLists
from app.words import N_

_NAMED = re.compile(
    r"\s*board\s*[=# ]\s*(\d+)\s*|\s*https?://\S+?(?:/boards/|[?&]rapidView=)(\d+)\b\S*\s*", re.IGNORECASE
)
_TO_DO = "new"


@dataclass(frozen=True, slots=True)
class Board:
    """`columns`: ids of the statuses in each, in their order. `estimate`: the id of a field; empty: it has none."""

    jql: str
    estimate: str = ""
    columns: tuple[tuple[str, ...], ...] = ()

    def estimated(self, detected: Detected) -> Detected:
        """What was detected, with the points that the board itself counts."""
        known = {field.id for field in detected.fields}
        if self.estimate not in known:
            return detected
        return replace(detected, mapping=detected.mapping.with_points(self.estimate))

    def placed(self, statuses: Sequence[StatusInfo], by_category: StatusLists) -> StatusLists:
        """Statuses as the columns have them: what is in the last one is done, and before it what Jira calls no to-do is
        in progress. Statuses that are in no column stay as their categories say."""
        if len(self.columns) < 2:
            return by_category
        column = {each: at for at, ids in enumerate(self.columns) for each in ids}
        last = len(self.columns) - 1
        here = {status.name: (column[status.id], status.category) for status in statuses if status.id in column}
        done = [name for name, (at, _category) in here.items() if at == last]
        active = [name for name, (at, category) in here.items() if at < last and category != _TO_DO]
        return StatusLists(
            (*(name for name in by_category.done if name not in here), *done),
            (*(name for name in by_category.in_progress if name not in here), *active),
            f"{by_category.evidence}; the board's {len(self.columns)} columns: what is in the last one is done",
        )


def board_in(text: str) -> str:
    """The number of the board that is named in place of a query; empty where none is."""
    match = _NAMED.fullmatch(text)
    return (match[1] or match[2]) if match else ""


def board_of(configuration: Mapping[str, Any]) -> Board:
    """Of the answer about a board's configuration. Raises BadJql where it has no filter.

    A board's second filter hides what was released, which is finished work, and is left out.
    """
    filter_id = str((configuration.get("filter") or {}).get("id") or "")
    if not filter_id.isdigit():
        raise BadJql(N_("Jira does not say which filter this board shows. Enter the query itself."))
    columns = (configuration.get("columnConfig") or {}).get("columns") or ()
    return Board(
        f"filter = {filter_id}",
        str((((configuration.get("estimation") or {}).get("field")) or {}).get("fieldId") or ""),
        tuple(tuple(str(each.get("id")) for each in column.get("statuses") or ()) for column in columns),
    )
