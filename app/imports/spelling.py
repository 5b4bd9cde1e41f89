"""Whether words of Western Europe are spelled right: read in a wrong encoding, "Größe" becomes "Grš§e"."""

from __future__ import annotations

import re

# As older programs of the Macintosh and of DOS write them.
_OLD = ("mac_roman", "cp850")
_USUAL = "cp1252"
# Letters beyond ASCII of German, French, Spanish, Portuguese, Italian, Dutch, Swedish and Danish.
_ALPHABETS = tuple(map(frozenset, ("äöüßé", "éèêëàâçîïôùûüœ", "áéíóúñü", "áâãàçéêíóôõú", "àèéìòù", "ëéïöüè", "åäöé",
                                   "æøåéö")))  # fmt: skip
_LETTERS = frozenset().union(*_ALPHABETS)
_BEYOND = re.compile(r"(?P<before>[^\W\d_]?)(?P<sign>[^\x00-\x7f])(?=(?P<after>[^\W\d_]?))")
# So many letters must be right, and as many wrong as they are read usually, and that share of all.
_LEAST, _SHARE = 2, 0.5


def spelled_right(sample: bytes) -> str:
    """The one old encoding in which every letter beyond ASCII is one of Western Europe in its place, where many are not
    in the usual one; "" where that is not clear."""
    right, wrong = _spelling(sample, _USUAL)
    if wrong < _LEAST or wrong < _SHARE * (right + wrong):
        return ""
    fits = [name for name in _OLD if _fits(sample, name)]
    return fits[0] if len(fits) == 1 else ""


def _fits(sample: bytes, encoding: str) -> bool:
    right, wrong = _spelling(sample, encoding)
    letters = {sign for sign in sample.decode(encoding).lower() if sign > "\x7f" and sign.isalpha()}
    return right >= _LEAST and not wrong and any(letters <= alphabet for alphabet in _ALPHABETS)


def _spelling(sample: bytes, encoding: str) -> tuple[int, int]:
    """How many signs beyond ASCII in words are letters in their place, and how many are not."""
    text = sample.decode(encoding, errors="replace")
    places = [_is_right(*match.group("before", "sign", "after")) for match in _BEYOND.finditer(text)]
    return places.count(True), places.count(False)


def _is_right(before: str, sign: str, after: str) -> bool | None:
    """None for a sign that stands by itself, such as a dash or a mark of quotation."""
    if not sign.isalpha():
        is_within = bool(before and after)
        return False if is_within or sign == "\ufffd" or "\x80" <= sign <= "\x9f" else None
    if sign.lower() not in _LETTERS:
        return False
    if not before and not after:
        return None
    # A capital within a word in small letters is none.
    return not (sign.isupper() and (before.islower() or (before and after.islower())))
