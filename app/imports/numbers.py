"""Numbers as spreadsheets write them."""

from __future__ import annotations

import math
import re

from app.words import N_

_POINTED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
# With blanks or apostrophes between thousands, and fractions in one sign or written out.
_SPACED = re.compile(r"[+-]?\d{1,3}(?:[ '\u2019\u00a0\u202f]\d{3})+(?:[.,]\d+)?")
_FRACTION = re.compile(r"(\d{0,4}) ?([¼½¾⅓⅔])|(\d{0,2}) ?([1-3])[/⁄]([2-4])")
_SIGNS = {"¼": 0.25, "½": 0.5, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_LONGEST = 20
_LARGEST = 1e9  # Of what is summed up; a week is bounded where it is typed.
_WITH_UNIT = re.compile(
    r"([+-]?[\d.,]+)\s*(?:story ?points?|points?|pts?\.?|sp|punkte?|puntos?|pontos?|punti|punten)", re.IGNORECASE
)


def number(text: str, decimal_comma: bool = False, point_groups: bool = False) -> float | None:
    """The amount in `text`, None when it is none. `decimal_comma`: "1,234" is a little more than one.
    `point_groups`: "1.234" is more than a thousand."""
    text = text.strip()
    if point_groups and _POINTED.fullmatch(text):
        text = text.replace(".", "")
    if _SPACED.fullmatch(text):
        text = re.sub(r"[^\d.,+-]", "", text)
    text = text.replace("\u00a0", "").replace("\u202f", "")
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


def amount(text: str, decimal_comma: bool = False, point_groups: bool = False) -> float | None:
    """As `number`, also with "points" in some form behind it; None when it is none."""
    value = number(text, decimal_comma, point_groups)
    if value is None and len(text) < _LONGEST and (match := _FRACTION.fullmatch(text.strip())):
        return _fraction(match)
    if value is None and (match := _WITH_UNIT.fullmatch(text.strip())):
        return number(match[1], decimal_comma, point_groups)
    return value


def _fraction(match: re.Match[str]) -> float:
    """Such as ½, 1½, 1/2 and 1 1/2."""
    part = _SIGNS[match[2]] if match[2] else int(match[4]) / int(match[5])
    return int(match[1] or match[3] or 0) + part


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
