"""The answers of trackers' interfaces: where in their JSON the entries are, and what a value says in a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.statuses import guessed

Json = Mapping[str, Any]
Cells = dict[str, tuple[str, ...]]


def entries_of(value: Any) -> list[Json]:
    """The objects of an array: the document itself, or one under the names that answers are wrapped in; of several
    answers one after the other, all of theirs."""
    if isinstance(value, dict):
        wrapped = inside(value)
        value = [value] if wrapped is None else wrapped
    entries: list[Json] = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    if entries and all(is_page(entry) for entry in entries):
        return [inner for entry in entries for inner in entries_of(entry)]
    return [_bare(entry) for entry in entries]


def _bare(entry: Json) -> Json:
    """GraphQL may wrap each of them once more."""
    node = entry.get("node")
    return node if isinstance(node, dict) and entry.keys() <= {"node", "cursor"} else entry


def pages_of(value: Any) -> list[Json]:
    """The answers of which a file consists: itself, or several one after the other."""
    if isinstance(value, dict):
        return [value]
    pages: list[Json] = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    return pages if pages and all(is_page(entry) for entry in pages) else []


WRAPPED = ("user_stories", "data", "value", "items", "issues", "nodes", "edges", "workItems", "tasks", "stories",
            "results", "elements", "bugs", "_embedded", "tickets", "entries")  # fmt: skip
# What stands beside the entries in an answer, and never in an entry alone.
_PAGE = frozenset(
    {*WRAPPED, "next_page", "meta", "errors", "extensions", "count", "expand", "startAt", "maxResults", "total",
     "total_count", "totalCount", "offset", "limit", "page", "per_page", "pageSize", "has_more", "hasMore", "next",
     "previous", "next_cursor", "object", "links", "@odata.context", "@odata.nextLink", "@odata.count",
     "names", "schema", "nextPageToken", "isLast", "warningMessages", "pageInfo"}
)  # fmt: skip
# GraphQL names as many levels as were asked for, such as data.organization.repository.issues.nodes.
_DEEPEST = 8
_ALIAS = re.compile(r"\w*(?:issues|tasks|items|stories|tickets|cards|bugs)", re.IGNORECASE)


def inside(value: Json, is_answer: bool = False, depth: int = 0) -> list[Any] | None:
    """The first array under one of the names; inside an answer's `data` anything may stand around it."""
    wrapped = next((value[name] for name in WRAPPED if isinstance(value.get(name), list)), None)
    if wrapped is not None or depth == _DEEPEST:
        return wrapped
    if is_answer and (several := _under_aliases(value)):
        return several
    for name in sorted(value, key=lambda name: not _is_alias(name)) if is_answer else WRAPPED:
        child = value.get(name)
        if isinstance(child, dict) and (wrapped := inside(child, is_answer or name == "data", depth + 1)) is not None:
            return wrapped
    return None


def _under_aliases(value: Json) -> list[Any]:
    """The entries of all parts that ask the same in GraphQL, such as openIssues and closedIssues; none for fewer."""
    parts = [inside(child) for name, child in value.items() if isinstance(child, dict) and _is_alias(name)]
    lists = [part for part in parts if part is not None]
    return [entry for part in lists for entry in part] if len(lists) > 1 else []


def _is_alias(name: str) -> bool:
    return _ALIAS.fullmatch(name) is not None or guessed(name) is not None


def is_page(entry: Json) -> bool:
    """Whether it is an answer with entries in it, and no entry itself."""
    return entry.keys() <= _PAGE and inside(entry) is not None


# -- values ---------------------------------------------------------------------------------------------


def text(value: Any) -> str:
    """A cell: text and numbers as they are, an object by its name."""
    if isinstance(value, dict):
        value = next((value[name] for name in ("name", "title", "display_value") if value.get(name)), None)
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def texts(value: Any) -> list[str]:
    """The cells of an array, also of one that GraphQL wraps."""
    if isinstance(value, dict):
        value = value.get("nodes")
    return [cell for each in value if (cell := text(each))] if isinstance(value, list) else []


def object_in(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def first_of(value: Any) -> Json:
    """The first object of an array."""
    return next(iter(entries_of(value)), {})


def row_of(values: Mapping[str, Any], **several: Sequence[str]) -> Cells:
    cells: Cells = {name: (text(value),) for name, value in values.items()}
    return cells | {name: tuple(texts) for name, texts in several.items()}
