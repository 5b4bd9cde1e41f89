"""Jira: its CSV is told by the column of keys; its own JSON is read by `jira_json`."""

from __future__ import annotations

from app.imports.trackers.tool import Tool, names_of

# Its key's column is called so in English, German, French and Spanish, and in no other tracker's export.
_JIRA_KEYS = (
    "issue key", "vorgangsschlüssel", "clé de ticket", "clé du ticket", "clé de demande", "clé de la demande",
    "clave de incidencia", "clave de la incidencia",
)  # fmt: skip
JIRA = Tool("Jira", (*(names_of(key) for key in _JIRA_KEYS), names_of("key", "issuetype")))
