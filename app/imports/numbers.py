"""Numbers as spreadsheets write them."""

from __future__ import annotations

import math
import re

from app.words import N_

_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_LARGEST = 1e9  # Of what is summed up; a week is bounded where it is typed.
_WITH_UNIT = re.compile(
    r"([+-]?[\d.,]+)\s*(?:story ?points?|points?|pts?\.?|sp|punkte?|puntos?|pontos?|punti|punten)", re.IGNORECASE
)


def number(text: str, decimal_comma: bool = False) -> float | None:
    """The amount in `text`, None when it is none. `decimal_comma`: "1,234" is a little more than one."""
    text = text.strip().replace("\u00a0", "").replace("\u202f", "")
    if "," in text:
        text = _with_point(text, decimal_comma)
    try:
        value = float(text)
    except ValueError:
        return None
    # Python also reads "1_000", "nan" and "infinity".
    return value if math.isfinite(value) and "_" not in text else None


def _with_point(text: str, decimal_comma: bool) -> str:
    if "." in text and text.rindex(".") < text.rindex(","):
        return text.replace(".", "").replace(",", ".")
    if _GROUPED.fullmatch(text) and not (decimal_comma and "." not in text):
        return text.replace(",", "")
    return text.replace(",", ".")


def amount(text: str, decimal_comma: bool = False) -> float | None:
    """As `number`, also with "points" in some form behind it; None when it is none."""
    value = number(text, decimal_comma)
    if value is None and (match := _WITH_UNIT.fullmatch(text.strip())):
        return number(match[1], decimal_comma)
    return value


def amount_problem(value: float | None, whole: bool, most: float = _LARGEST) -> str:
    """Why this cannot be an amount of work, of `most` at most, or "" when it can; None is text that is no number."""
    if value is None:
        return N_("is not a number")
    if value < 0:
        return N_("is below zero")
    if value > most:
        return N_("is too large to be an amount of work")
    if whole and not value.is_integer():
        return N_("is not a whole number; items are counted one by one")
    return ""
