"""Links between issues that block: told by the words of their direction, or by their name where only that is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.jira.shape import objects, text, word

# From the side of the issue that waits. "is blocked by" is how Jira says it, whatever the link is called.
_WAITS = re.compile(
    r"\b(?:is |are )?(?:blocked|gated|held up) by\b|\bdepend(?:s|ent|ing)? (?:up)?on\b|\bhas to be done after\b"
    r"|\bhas to be finished after\b|\bwaits? for\b|\brequires\b"
    r"|wird blockiert (?:von|durch)|ist blockiert durch|hängt ab von|hängt von .* ab|ist abhängig von|benötigt"
    r"|est bloqué par|dépend de|está bloquead[oa] por|es bloquead[oa] por|depende de|é bloquead[oa] por"
)
_BLOCKS = re.compile(r"\bblock(?:s|er|ed|ers|ing)?\b|\bblockiert\b|\bbloque|\bgantt: finish")
_DEPENDS = re.compile(r"\bdepend|\bhängt\b|\babhängig")
_COLUMN = re.compile(r"^(inward|outward) issue link \((.+)\)$")
# Columns that name what an issue waits for, in any tool.
COLUMNS = frozenset(
    ("blocked by", "is blocked by", "blocked by (keys)", "depends on", "dependencies", "dependency", "predecessors",
     "predecessor", "waiting for", "waits for", "blockiert durch", "blockiert von", "hängt ab von", "abhängig von",
     "vorgänger", "bloqué par", "dépend de", "bloqueado por", "depende de")
)  # fmt: skip


def blockers(links: Any) -> list[str]:
    """The keys of what an issue waits for, by Jira's `issuelinks`, each once."""
    keys: dict[str, None] = {}
    for link in objects(links):
        for side, direction in _SIDES:
            # Of the two sides a link tells one.
            if (
                type(other := link.get(side)) is dict
                and type(kind := link.get("type")) is dict
                and type(phrase := kind.get(direction)) is str
                and waits(phrase)
            ):
                keys[word(other.get("key"))] = None
    return [key for key in keys if key] if keys else []


_SIDES = (("inwardIssue", "inward"), ("outwardIssue", "outward"))


@lru_cache(maxsize=1024)
def waits(phrase: str) -> bool:
    """Whether "this issue <phrase> that one" says that it has to wait."""
    return _WAITS.search(phrase.casefold()) is not None


def names_blockers(column: str) -> bool:
    """Whether a column of a file names what an issue waits for."""
    name = column.strip().casefold()
    if name in COLUMNS:
        return True
    match = _COLUMN.match(name)
    if match is None:
        return False
    side, kind = match.groups()
    # A blocks B: B has it as an inward link. A depends on B: A has it as an outward one.
    return _BLOCKS.search(kind) is not None if side == "inward" else _DEPENDS.search(kind) is not None


def release_days(versions: Any) -> Mapping[str, str]:
    """The day of release of each version that has one, by its name; days as text."""
    named: tuple[tuple[str, str], ...] = ()
    for each in versions if type(versions) is list else ():
        if type(each) is dict and (day := each.get("releaseDate")) and (name := each.get("name")):
            is_text = type(name) is str and type(day) is str
            named += ((name, day),) if is_text else ((word(name), text(day)),)
    return _days(named) if named else _NONE


_NONE: Mapping[str, str] = {}


@lru_cache(maxsize=4096)
def _days(days: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """One for all issues of the same versions, which are hundreds: nobody writes into it."""
    return {word(name): text(day)[:10] for name, day in days}
