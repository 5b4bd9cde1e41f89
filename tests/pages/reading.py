"""Reading built pages as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from app.web.effects import Effects


def components(part: Any) -> Iterator[Any]:
    """Every component in a page, outermost first."""
    if isinstance(part, list | tuple):
        for each in part:
            yield from components(each)
    elif hasattr(part, "to_plotly_json"):
        yield part
        yield from components(getattr(part, "children", None))


def texts(part: Any) -> list[str]:
    """All that a page says, in order."""
    if isinstance(part, list | tuple):
        return [text for each in part for text in texts(each)]
    if isinstance(part, str | int | float):
        return [str(part)]
    if not hasattr(part, "to_plotly_json"):
        return []
    data = getattr(part, "data", None)
    rows = texts([data.get("head"), data.get("body")]) if isinstance(data, dict) else []
    return [*texts(getattr(part, "children", None)), *rows, *texts(drawn(part))]


def drawn(part: Any) -> list[Any]:
    """The cells of a table that the browser draws from text, without the addresses they lead to."""
    data = json.loads(getattr(part, "data-table", None) or '{"head": [], "rows": []}')
    return [cell[0] if isinstance(cell, list) else cell for row in (data["head"], *data["rows"]) for cell in row]


def links(part: Any) -> list[str]:
    """Every address that a page leads to, those in drawn tables too."""
    tables = [json.loads(text) for text in properties(part, "data-table")]
    cells = [cell for table in tables for row in (table["head"], *table["rows"]) for cell in row]
    return [*properties(part, "href"), *(cell[1] for cell in cells if isinstance(cell, list))]


def properties(part: Any, name: str) -> list[Any]:
    """The values of one property wherever it is set."""
    return [getattr(each, name) for each in components(part) if getattr(each, name, None) is not None]


class Untouched:
    """What is put where nothing is."""


def put(effects: Effects | None, part: str, name: str) -> Any:
    """What effects put into a property of a part of the page; `Untouched` where they leave it as it is."""
    return effects.put.get(part, {}).get(name, Untouched) if effects is not None else Untouched
