"""A field that may be meant by a noun, and the evidence for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.jira.shape import an_object

Sample = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One field that may be meant, best first. `share`: of the issues looked at, those with a value in it."""

    field_id: str
    name: str
    share: float
    evidence: str


def share_of(field_id: str, sample: Sample) -> float:
    """Of the issues looked at, those with a value in the field."""
    set_in = sum(an_object(issue.get("fields")).get(field_id) not in (None, "", []) for issue in sample)
    return set_in / len(sample) if sample else 0.0


def plain(name: str) -> str:
    """In lower case and without accents, as names are compared: people write them either way."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in letters if not unicodedata.combining(each)).replace("’", "'").strip()
