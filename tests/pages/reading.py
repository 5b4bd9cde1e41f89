"""Reading built pages as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def components(part: Any) -> Iterator[Any]:
    """Every component in a page, outermost first."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from components(one)
    elif hasattr(part, "to_plotly_json"):
        yield part
        yield from components(getattr(part, "children", None))


def texts(part: Any) -> list[str]:
    """All that a page says, in order."""
    if isinstance(part, list | tuple):
        return [text for one in part for text in texts(one)]
    if isinstance(part, str | int | float):
        return [str(part)]
    if not hasattr(part, "to_plotly_json"):
        return []
    data = getattr(part, "data", None)
    rows = texts([data.get("head"), data.get("body")]) if isinstance(data, dict) else []
    return [*texts(getattr(part, "children", None)), *rows]


def properties(part: Any, name: str) -> list[Any]:
    """The values of one property wherever it is set."""
    return [getattr(one, name) for one in components(part) if getattr(one, name, None) is not None]
