"""What a point and a comma in the numbers of a file mean: 1.000 may be a thousand or one, and so may 1,000."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median

from app.imports.numbers import amount, number
from app.imports.tables import Table
from app.words import N_

_PROBED = 2_000
# What can only be meant with the one sign or the other before the fraction.
_COMMA = re.compile(
    r"[+-]?(?:\d+,\d{1,2}|\d+,\d{4,}|0,\d{3}|\d{4,},\d+|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,})"
)
_POINT = re.compile(
    r"[+-]?(?:\d+\.\d{1,2}|\d+\.\d{4,}|0\.\d{3}|\d{4,}\.\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,})"
)
_EITHER_POINT, _EITHER_COMMA = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}"), re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
# Fractions in which estimates are made, where they are written with three digits.
_USUAL_PARTS = frozenset({"000", "250", "500", "750"})


@dataclass(frozen=True, slots=True)
class Signs:
    """As `numbers.number` asks. `guessed`: a cell whose meaning nothing but likelihood decided, "" where none is."""

    decimal_comma: bool = False
    point_groups: bool = False
    guessed: str = ""

    def amount(self, text: str) -> float | None:
        return amount(text, self.decimal_comma, self.point_groups)

    def number(self, text: str) -> float | None:
        return number(text, self.decimal_comma, self.point_groups)

    def notes(self, column: str) -> tuple[str, ...]:
        """What the report says where it was a guess."""
        if not self.guessed:
            return ()
        value = self.number(self.guessed)
        return (
            N_(
                "{text} in {column} was read as {value:g}: nothing in the file says what its sign means. If that is "
                "wrong, write the numbers without it and import again.",
                text=self.guessed,
                column=column,
                value=value,
            ),
        )


def signs_of(table: Table, places: Sequence[int], most_likely: float) -> Signs:
    """What the signs in these columns of amounts mean: by their cells, else by other columns of numbers, else by what
    is usual where a file is separated as this one. `most_likely`: an amount beyond it is not."""
    cells = list(chain.from_iterable(table.filled(place, _PROBED) for place in places))
    usual = Signs(decimal_comma=table.delimiter != ",")
    either = [cell for cell in cells if _EITHER_POINT.fullmatch(cell) or _EITHER_COMMA.fullmatch(cell)]
    if not either:
        return usual
    comma, point = any(map(_COMMA.fullmatch, cells)), any(map(_POINT.fullmatch, cells))
    if not comma and not point:
        comma = any(_has_commas(table, place) for place in range(len(table.columns)) if place not in places)
    if comma != point:
        return Signs(decimal_comma=comma, point_groups=comma)
    if comma:
        return usual
    likely = _likely(cells, either, usual, most_likely)
    # Those who write a comma before the fraction separate with semicolons; with tabs and the others so does anybody.
    # Who writes 5 writes no 1,000 for 1.
    is_mixed = any(map(str.isdigit, cells)) and any(cell.endswith("000") for cell in either)
    is_custom = table.delimiter == ";" and "," in likely.guessed and likely.decimal_comma and not is_mixed
    return usual if is_custom else likely


def _has_commas(table: Table, place: int) -> bool:
    """Whether another column holds nothing but numbers, some of which can only be meant with a comma."""
    cells = table.filled(place, _PROBED)
    return all(map(_NUMBER.fullmatch, cells)) and any(map(_COMMA.fullmatch, cells))


def _likely(cells: Sequence[str], either: Sequence[str], usual: Signs, most_likely: float) -> Signs:
    """By the other numbers, to which a thousand or one is nearer; without any by how estimates look."""
    signs = {"." if "." in cell else "," for cell in either}
    if len(signs) > 1:
        return usual
    sign = signs.pop()
    plain = [float(cell) for cell in cells if cell.isdigit() and float(cell) > 0]
    if sign == "." and not usual.decimal_comma:
        return usual
    if sign == "," and usual.decimal_comma:
        return Signs(decimal_comma=not _are_thousands(either, plain, most_likely), guessed=either[0])
    if sign == ".":
        grouped = _are_thousands(either, plain, most_likely)
        return Signs(decimal_comma=True, point_groups=grouped, guessed=either[0])
    # A comma between commas is that of thousands, unless all numbers look like estimates with three digits.
    return Signs(decimal_comma=True, guessed=either[0]) if not plain and _are_estimates(either) else usual


def _are_thousands(either: Sequence[str], plain: Sequence[float], most_likely: float) -> bool:
    values = [float(re.sub("[.,]", "", cell)) for cell in either]
    if plain:
        usual, value = median(plain), median(values)
        return value / usual <= usual / (value / 1_000)
    # Three digits behind a comma are those of a table with fractions where they all are usual ones.
    return min(values) <= most_likely and not _are_estimates(either, 1 if "," in either[0] else 2)


def _are_estimates(either: Sequence[str], least: int = 2) -> bool:
    parts = {cell[-3:] for cell in either}
    return len(parts) >= least and parts <= _USUAL_PARTS
