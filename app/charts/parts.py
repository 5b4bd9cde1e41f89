"""The parts that a chart is split into: what they are called, and their colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.charts.style import ACCENT, NEUTRAL, WARM
from app.domain.grouping import Portion
from app.words import _

Thing = TypeVar("Thing")

# Told apart in every common form of colour blindness, neighbours the best; the last stands for all others.
COLOURS = (ACCENT, WARM, "#14a2bb", "#bb8900", "#659a79", "#9250a8", NEUTRAL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A portion as it is drawn: its name, its colour, and what stands before the name of a number of it."""

    name: str
    colour: str
    prefix: str


def part_name(value: str | None) -> str:
    """None: all values for which there is no part; empty: no value."""
    return _("others") if value is None else value or _("none")


def parted(
    portions: Sequence[Portion], things: Sequence[Thing], keys: Sequence[str]
) -> Iterator[tuple[str, str, list[Thing]]]:
    """Of each portion its name, its colour and its things; `keys` name the things, in their order."""
    for portion, colour in zip(portions, COLOURS, strict=False):
        mine = [thing for thing, key in zip(things, keys, strict=True) if key in portion.keys]
        yield part_name(portion.value), colour, mine
