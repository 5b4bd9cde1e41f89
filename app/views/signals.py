"""Signals: every check of the work, with what it found, from where on it needs a look, and the issues behind it."""

from __future__ import annotations

from app.domain.analysis import Analysis
from app.domain.health import Health
from app.domain.insights import Insight, State
from app.domain.missing import NotEnoughData
from app.views.view import Behind, Number, Place, Rows, Scene, Sentence, View, needs
from app.words import N_, _, n_
from app.words.headings import header

CHECK = "check"
# These need a look where they fall below their threshold, all others above it.
_BELOW = frozenset({"deadline", "service_level", "pace", "predictability"})
_NAMES = {
    "deadline": N_("Deadline"),
    "net_flow": N_("More comes in than goes out"),
    "pace": N_("Pace of late"),
    "closed_in_bulk": N_("Closed in bulk"),
    "unestimated": N_("Without points"),
    "old_items": N_("Old items in progress"),
    "blocked": N_("Blocked"),
    "stalled": N_("Without a change"),
    "service_level": N_("Service level"),
    "work_in_progress": N_("Work in progress"),
    "reopened": N_("Reopened"),
    "bugs": N_("Bugs"),
    "predictability": N_("Predictability"),
    "dates": N_("Dates that contradict each other"),
    "stale": N_("Age of the data"),
}
_PARTS = {
    **_NAMES,
    "net_flow": N_("Comes in and goes out"),
    "ageing": N_("Age of work"),
    "standstill": N_("Standstill"),
    "dates": N_("Dates"),
}


def checks(analysis: Analysis) -> tuple[Insight, ...]:
    """Every check, those that need a look first, the one that moves the date most in front."""
    insights = analysis.insights
    return () if isinstance(insights, NotEnoughData) else insights


def in_state(analysis: Analysis, state: State) -> tuple[Insight, ...]:
    return tuple(check for check in checks(analysis) if check.state is state)


def signals(scene: Scene) -> list[Sentence]:
    """What needs a look, in the order of what it does to the answer; empty where nothing does."""
    return [sentence_of(check) for check in in_state(scene.analysis, State.OPEN)]


def sentence_of(check: Insight) -> Sentence:
    """What the check found, leading to how it was found and its issues."""
    return Sentence("{what}", {"what": Number(_(check.text), f"{CHECK}:{check.rule}")})


def name_of(check: Insight) -> str:
    return _(_NAMES[check.rule])


def threshold(check: Insight, scene: Scene) -> str:
    """From where on it needs a look."""
    value = _amount(check.threshold, check, scene)
    if check.rule in _BELOW:
        return _("Needs a look below {threshold}.", threshold=value)
    return _("Needs a look above {threshold}.", threshold=value)


def _amount(value: float, check: Insight, scene: Scene) -> str:
    if check.unit in ("share", "chance"):
        return scene.formats.rate(value)
    return f"{scene.formats.number(round(value, 1))} {_(_UNITS[check.unit])}"


# As far as the forecast looks.
_MOST_WEEKS = 104
_UNITS = {"weeks": N_("weeks"), "items": N_("items"), "bugs": N_("bugs"), "days": N_("days")}


def effect(check: Insight, scene: Scene) -> str:
    """By how much what was found moves the date; empty where that cannot be said."""
    if check.effect_weeks is None:
        return ""
    if check.effect_weeks > _MOST_WEEKS:
        return _("Moves the date by more than two years.")
    weeks = round(check.effect_weeks, 1)
    return n_(
        "Moves the date by about {weeks} week.",
        "Moves the date by about {weeks} weeks.",
        weeks,
        weeks=scene.formats.number(weeks),
    )


def _sentence(scene: Scene) -> Sentence | str:
    open_checks, known = in_state(scene.analysis, State.OPEN), checks(scene.analysis)
    count = len(known) - len(in_state(scene.analysis, State.NO_DATA))
    if not open_checks:
        return _("Nothing stands out: all {count} checks are fine.", count=count)
    values: dict[str, str | Number] = {
        "open": scene.formats.number(len(open_checks)),
        "count": scene.formats.number(count),
    }
    return Sentence("{open} of {count} checks needs a look.", values, "{open} of {count} checks need a look.",
                    len(open_checks))  # fmt: skip


def _behind(scene: Scene, part: str) -> Behind:
    check = next((check for check in checks(scene.analysis) if check.rule == part), None)
    if check is None:
        return Behind(_("Signals"), (_("There is no such check."),))
    if check.state is State.NO_DATA:
        return Behind(name_of(check), (_(check.text),))
    evidence = "–" if check.evidence is None else _amount(check.evidence, check, scene)
    inputs = ((_("Found"), evidence), (_("Threshold"), threshold(check, scene)))
    how = (_(check.text), _(check.advice), effect(check, scene))
    # The check counts them, whatever unit the forecast has; a share or a mean is no sum of them.
    each = (1.0,) * len(check.keys)
    return Behind(name_of(check), tuple(filter(None, how)), inputs, check.keys or None, None, each, name_of(check))


def health_parts(scene: Scene) -> list[tuple[str, str, str, str]]:
    """Of the number `health`: each part with its score, its weight and why; those without data last."""
    health = scene.analysis.health
    if isinstance(health, NotEnoughData):
        return []
    write = scene.formats
    known = [(_(_PARTS[part.name]), write.rate(part.score), write.number(part.weight), _(part.why))
             for part in health.parts]  # fmt: skip
    return [*known, *((_(_PARTS[name]), "–", "–", _("no data")) for name in health.absent)]


def health_score(analysis: Analysis) -> float | None:
    health = analysis.health
    return health.score if isinstance(health, Health) else None


def _rows(scene: Scene) -> Rows:
    return Rows.of(
        header("check", "state", "found", "threshold", "unit", "text", "advice"),
        checks(scene.analysis),
        lambda check: (
            check.rule,
            str(check.state),
            check.evidence,
            check.threshold,
            check.unit,
            check.text,
            check.advice,
        ),
        lambda check: f"{CHECK}:{check.rule}",
    )


SIGNALS = View(
    at=Place("/signals", N_("Signals")),
    help=N_(
        "Checks that are always the same, each with its threshold: what needs a look stands first, what moves the date "
        "most in front. A check without data is neither fine nor open."
    ),
    needs=needs("insights"),
    sentence=_sentence,
    numbers={CHECK: _behind},
    rows=_rows,
    is_table=True,
)
