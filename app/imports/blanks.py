"""What programs and people write into a cell that holds nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_NOTHING = frozenset((
    "-", "--", "---", "–", "—", "?", ".", "n/a", "na", "nv", "k.a.", "null", "none", "nil", "nan", "nat", "undefined",
    "unset", "not set", "no value", "no date", "no estimate", "<null>", "<none>", "(null)", "(none)", "[none]",
    "<no date>", "<no value>", "unestimated", "0000-00-00", "0000-00-00 00:00:00", "nicht gesetzt", "kein datum",
    "keine", "ohne", "aucun", "aucune", "ninguno", "ninguna", "nenhum", "nenhuma", "nessuno", "nessuna", "geen",
    "n. a.", "n.a.", "n.v.", "n. v.", "k. a.", "tbd", "tba", "tbc", "t.b.d.", "to be determined", "to be defined",
    "to be confirmed", "not yet", "open", "ongoing", "pending", "unknown", "offen", "noch offen", "unbekannt",
    "brak", "žádné", "нет", "не задано", "未設定", "なし", "无", "無", "없음",
))  # fmt: skip
# What programs keep where there is no day: the first or the last one that they know, such as 0001-01-01T00:00:00Z,
# 30/12/1899, 1/0/1900 and 31.12.9999. Where counting begins, 1970-01-01T00:00:00Z, is read as a day: see `is_no_day`.
_FIRST_OR_LAST = re.compile(
    r"(?:(?:000[01]|1753|1900)-0?1-0?1|1899-12-3[01]|9999-(?:0?1-0?1|12-31)|2999-12-31"
    r"|0?[01][./-]0?[01][./-](?:000[01]|1753|1900|9999)|(?:3[01][./-]12|12[./-]3[01])[./-](?:1899|9999|2999))"
    r"(?:[T ].*)?"
)
_EPOCH_ENDS = datetime(1970, 1, 2, tzinfo=UTC)


def says_nothing(text: str) -> bool:
    """Whether the cell is empty, or holds a sign, a word or a day for that."""
    return not text or text.casefold() in _NOTHING or _FIRST_OR_LAST.fullmatch(text) is not None


def is_no_day(instant: datetime) -> bool:
    """Whether it is where counting begins, in whatever zone: nothing was made or finished then."""
    return instant < _EPOCH_ENDS
