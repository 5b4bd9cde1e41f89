"""Jira: its CSV is told by the column of keys; its own JSON is read by `jira_json`."""

from __future__ import annotations

from app.imports.column_names import ISSUE_NAMES
from app.imports.jira_names import KEYS
from app.imports.trackers.tool import Tool, names_of

# Its key's column is called so in the languages of Jira, and in no other tracker's export.
_KEYS = (
    "issue key", "work item key", "vorgangsschlüssel", "clé de ticket", "clé du ticket", "clé de demande",
    "clé de la demande",
    "clave de incidencia", "clave de la incidencia", "chave da item", "chave do item", "chave da incidência",
    "klucz zgłoszenia", "chiave ticket", "chiave segnalazione", "issuesleutel", "ключ задачи", "ключ запроса",
    "ключ проблемы", "課題キー", "问题关键字", "이슈 키", "talep anahtarı", "ärendenyckel",
    *KEYS,
)  # fmt: skip
# Start and end dates of its timeline are planned; only these two tell what happened.
_STARTED, _ENDED = ("actual start", "actual start date"), ("actual end", "actual end date")
_PLANS = frozenset({"end", "end date", "finish", "finish date", "ende", "enddatum", "date de fin", "fecha de fin",
                    "completion date", "complete date", "delivered", "released", "deployed", "fertig", "done date",
                    "fecha de cierre"})  # fmt: skip
JIRA = Tool(
    "Jira",
    (*(names_of(key) for key in _KEYS), names_of("key", "issuetype")),
    {
        "started": _STARTED,
        "resolved": (*(name for name in ISSUE_NAMES["resolved"] if name not in {*_PLANS, *_ENDED}), *_ENDED),
    },
)
