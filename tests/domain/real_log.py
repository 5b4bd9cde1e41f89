"""A real help desk with every change of status, read with nothing of ours; it lies beside the project, or is absent."""

import gzip
import json
from datetime import datetime
from pathlib import Path

from store.records import Category, Change, Issue

HELPDESK = Path(__file__).parents[2].joinpath("..", "shared", "real-data", "helpdesk-history.jsonl.gz")
_CATEGORIES = {"new": Category.TODO, "indeterminate": Category.IN_PROGRESS, "done": Category.DONE}


def help_desk_log() -> tuple[list[Issue], list[Change]]:
    issues, changes = [], []
    with gzip.open(HELPDESK, "rt", encoding="utf-8") as file:
        for raw in map(json.loads, file):
            fields = raw["fields"]
            created, updated = (datetime.fromisoformat(fields[name]) for name in ("created", "updated"))
            status = fields["status"]
            category = _CATEGORIES[status["statusCategory"]["key"]]
            issues.append(Issue(raw["key"], status=status["name"], category=category, created=created, updated=updated))
            changes += [
                Change(
                    raw["key"], datetime.fromisoformat(entry["created"]), "status", move["fromString"], move["toString"]
                )
                for entry in raw["changelog"]["histories"]
                for move in entry["items"]
                if move["field"] == "status"
            ]
    return issues, changes
