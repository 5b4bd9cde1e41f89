"""How yes and no are written into cells. Only data."""

from __future__ import annotations

YES = frozenset(
    {"yes", "true", "y", "x", "ja", "j", "oui", "sí", "si", "sì", "sim", "tak", "wahr", "vrai", "verdadero", "vero",
     "verdadeiro", "waar", "prawda", "sant", "sann", "ano", "igen", "igaz", "kyllä", "tosi", "evet", "doğru", "да",
     "истина", "так", "có", "1", "✓", "✔", "✔\ufe0f", "☑", "☑\ufe0f", "☒", "✅", "[x]", "checked", "是", "真", "はい",
     "예"}
)  # fmt: skip
FLAGS = YES | {
    "no", "false", "n", "-", "nein", "non", "não", "nie", "nee", "nej", "nei", "ne", "nem", "ei", "hayır", "falsch",
    "faux", "falso", "onwaar", "fałsz", "falskt", "hamis", "epätosi", "yanlış", "ложь", "нет", "ні", "không", "0", "☐",
    "⬜", "[ ]", "[]", "✗", "✘", "❌", "unchecked", "否", "假", "いいえ", "아니요",
}  # fmt: skip
# States of a record that is no longer there.
PUT_AWAY = frozenset({"archived", "trashed", "deleted", "archiviert", "gelöscht"})
