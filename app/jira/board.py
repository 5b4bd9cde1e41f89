"""A board as what to fetch: the issues of its filter, the field it estimates by, and what its columns say of statuses.

A board is named by its number or by the address of its page, where a query is asked for; several are named one after
the other. Of several the first one wins in all that they say differently.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from app.jira.client import JiraClient, StatusInfo
from app.jira.errors import BadJql
from app.jira.mapping.fields import Detected, StatusLists
from app.jira.shape import an_object, objects, text
from app.words import N_

_NAMED = re.compile(
    r"\s*board\s*[=# ]\s*(\d+)\s*|\s*https?://\S+?(?:/boards/|[?&]rapidView=)(\d+)\b\S*\s*", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://[^\s,;]+", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;\n]+| (?=board\b|https?:)", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_TO_DO = "new"


@dataclass(frozen=True, slots=True)
class Board:
    """`columns`: ids of the statuses in each, in their order. `estimate`: the id of a field; empty: it has none."""

    filter_id: str
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


@dataclass(frozen=True, slots=True)
class Boards:
    """Those that are named in place of a query, in their order."""

    numbers: tuple[str, ...]
    boards: tuple[Board, ...]

    @property
    def jql(self) -> str:
        filters = list(dict.fromkeys(board.filter_id for board in self.boards))
        return f"filter = {filters[0]}" if len(filters) == 1 else f"filter in ({', '.join(filters)})"

    def estimated(self, detected: Detected) -> Detected:
        for board in reversed(self.boards):
            detected = board.estimated(detected)
        return detected

    def placed(self, statuses: Sequence[StatusInfo], by_category: StatusLists) -> StatusLists:
        for board in reversed(self.boards):
            by_category = board.placed(statuses, by_category)
        return by_category

    def order(self, statuses: Sequence[StatusInfo]) -> tuple[str, ...]:
        """The names of the statuses, column by column."""
        names = {status.id: status.name for status in statuses}
        return merged(
            [[names[each] for ids in board.columns for each in ids if each in names] for board in self.boards]
        )


NO_BOARDS = Boards((), ())


def merged(orders: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One order of several: as the first has it; what only later ones have stands behind what it follows there."""
    result: list[str] = []
    for order in orders:
        at = next((result.index(name) for name in order if name in result), len(result))
        for name in order:
            if name in result:
                at = result.index(name) + 1
            else:
                result.insert(at, name)
                at += 1
    return tuple(result)


def boards_in(text: str) -> tuple[str, ...]:
    """The numbers of the boards that are named in place of a query; none where it is a query."""
    # Of many blanks in a row each could be the one between: nobody waits for all of them to be tried.
    parts = _BETWEEN.split(_BLANKS.sub(" ", text))
    matches = [_NAMED.fullmatch(part) for part in parts if part.strip()]
    numbers = [match[1] or match[2] for match in matches if match]
    return tuple(dict.fromkeys(numbers)) if len(numbers) == len(matches) else ()


def read_boards(client: JiraClient, numbers: Sequence[str]) -> Boards:
    """Raises BadJql for one that is not there, not shown to this account, or has no filter."""
    return Boards(tuple(numbers), tuple(board_of(client.board_configuration(number)) for number in numbers))


def query_of(client: JiraClient, text: str) -> tuple[str, Boards]:
    """The query that is meant, and the boards that were named in its place.

    Raises BadJql as above, and for the address of a board of another Jira: the same number is another board here.
    """
    numbers = boards_in(text)
    _require_here(client, text if numbers else "")
    boards = read_boards(client, numbers) if numbers else NO_BOARDS
    return boards.jql if numbers else text.strip(), boards


def _require_here(client: JiraClient, text: str) -> None:
    addresses = {_host(address): address for address in _ADDRESS.findall(text)}
    if not addresses:
        return
    hosts = client.hosts()
    for host, address in addresses.items():
        if host not in hosts:
            raise BadJql(
                N_(
                    "{address} is a board of {host}, and this is {base_url}. Name a board of this Jira, or the board "
                    "by its number, such as: board 7",
                    address=address,
                    host=host,
                    base_url=client.base_url,
                )
            )


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def board_of(configuration: Mapping[str, Any]) -> Board:
    """Of the answer about a board's configuration. Raises BadJql where it has no filter.

    A board's second filter hides what was released, which is finished work, and is left out.
    """
    filter_id = text(an_object(configuration.get("filter")).get("id"))
    if not filter_id.isdigit():
        raise BadJql(N_("Jira does not say which filter this board shows. Enter the query itself."))
    columns = objects(an_object(configuration.get("columnConfig")).get("columns"))
    return Board(
        filter_id,
        text(an_object(an_object(configuration.get("estimation")).get("field")).get("fieldId")),
        tuple(tuple(text(each.get("id")) for each in objects(column.get("statuses"))) for column in columns),
    )
