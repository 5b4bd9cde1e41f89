"""What programs and people write into a cell that holds nothing."""

from __future__ import annotations

import re

_NOTHING = frozenset((
    "n/a", "na", "nv", "k.a", "null", "none", "nil", "nan", "nat", "undefined", "unset", "not set", "no value",
    "no date", "no data", "no estimate", "unestimated", "not applicable", "not available", "blank", "empty",
    "invalid date", "n\\a", "nicht gesetzt", "kein datum", "ohne datum", "kein wert", "keine angabe", "ohne angabe",
    "keine", "ohne", "leer", "ungültiges datum", "aucun", "aucune", "vide", "sans date", "ninguno", "ninguna", "vacío",
    "sin fecha", "nenhum", "nenhuma", "vazio", "sem data", "nessuno", "nessuna", "vuoto", "senza data", "geen", "leeg",
    "n. a", "n.a", "n.v", "n. v", "n.v.t", "k. a", "n.d", "s.d", "tbd", "tba", "tbc", "t.b.d", "to be determined",
    "to be defined", "to be confirmed", "not yet", "open", "ongoing", "pending", "unknown", "offen", "noch offen",
    "unbekannt", "noch nicht", "steht aus", "ausstehend", "à définir", "a definir", "por definir", "da definire",
    "brak", "žádné", "нет", "не задано", "не определено", "не указано", "未設定", "未定", "待定", "なし", "无", "無",
    "없음", "미정", "infinity", "+infinity", "-infinity", "inf", "+inf", "-inf",
))  # fmt: skip
# Said of a finish; nothing was never created.
NEVER = frozenset(
    ("never", "niemals", "jamais", "nunca", "mai", "nooit", "aldrig", "nigdy", "nikdy", "никогда", "なし", "从未")
)
# What stands around such words, or alone. No "####": a column that was too narrow for the days in it. No ticks.
_SIGNS = "-–—―−_.,;:/\\|?'\"`´()[]{}<>…・、。／？ \t\u00a0\u200b\u200c\u200d\ufeff"
# As databases write what is not there, and people what is not known yet.
_ABSENT = re.compile(r"\\n|tb[acd]\b.*", re.IGNORECASE)
# As spreadsheets write what a look-up did not find; their other errors hide what would stand there.
_NOT_FOUND = frozenset({"#n/a", "#nv", "#n/d", "#null!", "#n/a n/a"})
_ERROR = re.compile(r"#¡?[^\W\d_][^\s#]{0,12}|(?:err|fehler):\d+", re.IGNORECASE)
# The first and the last instants that programs count up to: as days of a spreadsheet, seconds and parts of them.
_FIRST_OR_LAST_COUNTED = re.compile(
    r"(?:-1|[012])(?:[.,]0+)?|295846[56](?:[.,]\d+)?|-\d{5,}(?:[.,]\d+)?|2534022\d{5}(?:\d{3}){0,3}(?:[.,]\d+)?"
    r"|2534023\d{5}(?:\d{3}){0,3}(?:[.,]\d+)?|9{8,}|4294967295(?:000)?|92233720368547758\d\d|9223372036854775"
    r"|315537897[56]\d{9}|18446744073709551615|(?:9999|000[01])\d{10}(?:\d{3})?|19000101\d{6}(?:\d{3})?"
    # Years of more than four digits, or before our count.
    r"|(?:[+-]\d{4,9}|\d{6,9}|10000)-\d\d-\d\d(?!\d).*"
    # Nothing but noughts.
    r"|(?=[^0]*0)[0 .:/TZ+-]*"
)


def says_nothing(text: str) -> bool:
    """Whether the cell is empty, or holds a sign or a word for that."""
    if not text:
        return True
    word = text.casefold()
    bare = word.strip(_SIGNS)
    return not bare or bare in _NOTHING or word in _NOTHING or _ABSENT.fullmatch(word) is not None


def says_no_day(text: str) -> bool:
    """The same of a cell that should hold a day: also where it counts to where counting ends."""
    return (
        says_nothing(text)
        or text.casefold() in _NOT_FOUND
        or _FIRST_OR_LAST_COUNTED.fullmatch(text.strip(" '\"()")) is not None
    )


def is_error(text: str) -> bool:
    """Whether a spreadsheet could not calculate what would stand there."""
    return _ERROR.fullmatch(text) is not None
