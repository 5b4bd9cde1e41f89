"""The category of a status: as the file names it, else by the status' own name."""

from __future__ import annotations

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


def category_of(status: str, category: str, started: bool, finished: bool) -> Category:
    """The category named in the file, else what the status' name says, else what the dates say."""
    return _named(category) or _named(status) or _by_dates(started, finished)


def _named(text: str) -> Category | None:
    name = " ".join(text.replace("_", " ").replace("-", " ").replace("’", "'").casefold().split())
    if not name:
        return None
    if name in _DONE:
        return Category.DONE
    if name in _IN_PROGRESS or name.startswith("in "):
        return Category.IN_PROGRESS
    return Category.TODO if name in _TO_DO else None


def _by_dates(started: bool, finished: bool) -> Category:
    if finished:
        return Category.DONE
    return Category.IN_PROGRESS if started else Category.TODO
