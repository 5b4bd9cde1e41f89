"""What a status means by its name alone, for where no tracker says it: exact names first, then telling words."""

from __future__ import annotations

from collections.abc import Mapping

from store.records import Category

_DONE = frozenset(
    {
        "done", "closed", "close", "resolved", "complete", "completed", "finished", "released", "deployed",
        "delivered", "merged", "accepted", "verified", "live", "cancelled", "canceled", "rejected", "declined",
        "abandoned", "duplicate", "removed", "archived", "shipped", "fertig", "erledigt", "geschlossen", "gelöst",
        "abgeschlossen", "terminé", "terminée", "fermé", "fermée", "résolu", "résolue", "hecho", "finalizada",
        "finalizado", "listo", "cerrado", "cerrada", "resuelta", "resuelto", "concluído", "concluída", "chiuso",
        "completato", "gereed", "voltooid", "afgerond", "won't do", "won't fix", "wont do", "wont fix",
        "not planned", "in production",
    }
)  # fmt: skip
_IN_PROGRESS = frozenset(
    {
        "doing", "started", "active", "wip", "developing", "development", "implementing", "testing", "test", "qa",
        "review", "reviewing", "verification", "verifying", "validation", "blocked", "impeded", "waiting",
        "staging", "ongoing", "progress", "committed", "in arbeit", "in bearbeitung", "in prüfung", "en cours",
        "en curso", "em andamento", "in corso", "mee bezig", "code review", "peer review", "on hold",
        "ready for review", "ready for test", "ready for testing", "ready for release", "ready to release",
        "under review", "being tested",
    }
)  # fmt: skip
_TO_DO = frozenset(
    {
        "todo", "new", "open", "opened", "reopened", "backlog", "ready", "proposed", "approved", "selected",
        "planned", "unstarted", "triage", "draft", "neu", "offen", "geplant", "to do", "selected for development",
        "ready for development", "zu erledigen", "à faire", "por hacer", "tareas por hacer", "a fazer",
        "da completare", "te doen", "no status",
    }
)  # fmt: skip

# Words in longer names, asked in this order: "not started" is no start, "reopened" is not open for long.
_WORDS: Mapping[Category, tuple[tuple[str, ...], ...]] = {
    Category.TODO: (
        ("to do", "todo", "open", "new", "backlog", "reopen", "selected", "ready for dev", "not ", "unresolved"),
    ),
    Category.DONE: (
        ("done", "closed", "resolved", "complete", "fixed", "released", "deployed", "shipped", "merged", "finished"),
        ("cancel", "reject", "won't", "wont", "duplicate", "abandon", "declined"),
        ("erledigt", "fertig", "geschlossen", "abgeschlossen", "gelöst"),
    ),
    Category.IN_PROGRESS: (
        ("progress", "review", "test", "doing", "develop", "qa", "block", "active", "started", "wip", "implement"),
        ("verif", "wait", "hold", "coding", "building", "analysis", "design", "in arbeit"),
    ),
}


def named(status: str) -> Category | None:
    """The category of a usual name, in whatever case and with whatever hyphens; None for any other name."""
    name = " ".join(status.replace("_", " ").replace("-", " ").replace("’", "'").casefold().split())
    if not name:
        return None
    if name in _DONE:
        return Category.DONE
    if name in _IN_PROGRESS or name.startswith("in "):
        return Category.IN_PROGRESS
    return Category.TODO if name in _TO_DO else None


def guessed(status: str) -> Category | None:
    """As `named`, else by a telling word in the name; None when there is none."""
    found = named(status)
    if found is not None:
        return found
    name = status.casefold()
    for category, lines in _WORDS.items():
        if any(word in name for line in lines for word in line):
            return category
    return None
