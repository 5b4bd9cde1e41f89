"""The answer where there is too little to compute from: a result, neither an exception nor zero."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotEnoughData:
    """`reason` is a plain sentence for the user: what is missing, with numbers."""

    reason: str
