"""What programs and people write into a cell that holds nothing."""

from __future__ import annotations

_NOTHING = frozenset((
    "-", "--", "---", "–", "—", "?", ".", "n/a", "na", "nv", "k.a.", "null", "none", "nil", "nan", "nat", "undefined",
    "unset", "not set", "no value", "no date", "no estimate", "<null>", "<none>", "(null)", "(none)", "[none]",
    "<no date>", "<no value>", "unestimated", "0000-00-00", "0000-00-00 00:00:00", "nicht gesetzt", "kein datum",
    "keine", "ohne", "aucun", "aucune", "ninguno", "ninguna", "nenhum", "nenhuma", "nessuno", "nessuna", "geen",
    "brak", "žádné", "нет", "не задано", "未設定", "なし", "无", "無", "없음",
))  # fmt: skip


def says_nothing(text: str) -> bool:
    """Whether the cell is empty, or holds a sign or word for that."""
    return not text or text.casefold() in _NOTHING
