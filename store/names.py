"""Names of profiles and queries: unique without regard to case."""

from __future__ import annotations

from collections.abc import Iterable


def free_name(wanted: str, names: Iterable[str]) -> str:
    """`wanted`, or with " (2)", " (3)" … where it is taken already."""
    used = {name.casefold() for name in names}
    name, number = wanted, 2
    while name.casefold() in used:
        name, number = f"{wanted} ({number})", number + 1
    return name
