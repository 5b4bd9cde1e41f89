"""What moved the answer in the last seven days, and by which issues."""

from __future__ import annotations

from app.domain.attribution import DAYS_OFF, PACE
from app.domain.missing import NotEnoughData
from app.domain.review import WeekReview
from app.views import numbers
from app.views.view import Fact, Place, Rows, Scene, View, needs
from app.words import N_, _, n_
from app.words.headings import header


def _sentence(scene: Scene) -> str:
    review = scene.analysis.last_week
    return review.reason if isinstance(review, NotEnoughData) else review.why


def changes(scene: Scene) -> list[Fact]:
    """What happened to the work, one line each; what did not happen is left out."""
    review, formats = scene.analysis.last_week, scene.formats
    if isinstance(review, NotEnoughData):
        return []
    effects = {part.kind: effect_of(part.days) for part in review.moved_by}

    def counted(label: str, value: str, kind: str, show: str = "") -> Fact:
        effect = effects.get(kind, "")
        return Fact(label, f"{value} · {effect}" if effect else value, show)

    facts = [
        counted(_("Finished"), formats.number(review.finished), "finished", "week-finished"),
        counted(_("Added"), formats.number(review.added), "added", "week-added"),
        *([counted(_("Removed"), formats.number(review.removed), "removed", "week-removed")] if review.removed else []),
        *(
            [counted(_("Reopened"), formats.number(review.reopened), "reopened", "week-reopened")]
            if review.reopened
            else []
        ),
        *(
            [counted(_("Re-estimated"), formats.signed(review.re_estimated), "re-estimated", "week-re-estimated")]
            if review.re_estimated
            else []
        ),
        *([counted(_("Expected"), formats.signed(review.expected), "expected", "expected")] if review.expected else []),
        *(
            counted(_("Days off"), formats.signed(part.amount), DAYS_OFF, "days-off")
            for part in review.moved_by
            if part.kind == DAYS_OFF
        ),
        *_of_pace(review, scene, effects.get("pace", "")),
    ]
    return [*facts, *_before_and_now(review, scene)]


def _of_pace(review: WeekReview, scene: Scene, effect: str) -> list[Fact]:
    """Where the date moved the other way than the mean it is no doing of the mean, but of how the weeks are spread."""
    if not effect:
        return []
    days = sum(part.days for part in review.moved_by if part.kind == PACE)
    if (review.pace_now - review.pace_before) * days > 0:
        return [Fact(_("Weeks learned from"), effect, "pace")]
    return [Fact(_("Pace"), f"{_pace(review, scene)} · {effect}", "pace")]


def effect_of(days: int) -> str:
    """By how much something moved the date, in words; empty where it did not."""
    if not days:
        return ""
    weeks = abs(days) // 7
    if abs(days) % 7 == 0 or abs(days) >= 28:
        earlier = n_("{count} week earlier", "{count} weeks earlier", weeks)
        return earlier if days < 0 else n_("{count} week later", "{count} weeks later", weeks)
    earlier = n_("{count} day earlier", "{count} days earlier", -days)
    return earlier if days < 0 else n_("{count} day later", "{count} days later", days)


def _pace(review: WeekReview, scene: Scene) -> str:
    before, now = (scene.formats.number(round(pace, 1)) for pace in (review.pace_before, review.pace_now))
    return now if before == now else f"{before} → {now}"


def _before_and_now(review: WeekReview, scene: Scene) -> list[Fact]:
    formats = scene.formats
    pairs = [(_("Left"), "remaining", formats.number(review.remaining_before), formats.number(review.remaining_now))]
    if review.date_85_before is not None or review.date_85_now is not None:
        sure = formats.short(review.date_85_before), formats.short(review.date_85_now)
        pairs.append((_("{value} sure", value=formats.rate(0.85)), "answer", *sure))
    if review.moved_level == 50:
        # There is no surer date, so what moved is told of this one.
        pairs.append((_("Even odds"), "answer", formats.short(review.even_before), formats.short(review.even_now)))
    if review.chance_before is not None and review.chance_now is not None:
        chances = formats.share(review.chance_before), formats.share(review.chance_now)
        pairs.append((_("Deadline"), "chance", *chances))
    return [Fact(name, now if before == now else f"{before} → {now}", show) for name, show, before, now in pairs]


def _rows(scene: Scene) -> Rows:
    facts = changes(scene)
    return Rows(
        header("what", "value"), tuple((fact.label, fact.value) for fact in facts), tuple(fact.show for fact in facts)
    )


MOVED = View(
    at=Place("/plan/moved", N_("What moved")),
    under="track-record",
    title=N_("What moved the date"),
    help=N_("The last seven days against the week before: what was finished, added and removed, and what that did."),
    needs=needs("last_week"),
    sentence=_sentence,
    facts=lambda scene: changes(scene)[:2],
    numbers={
        "week-finished": numbers.last_week(
            N_("Finished"), N_("Issues that reached done and stayed there."), lambda review: review.finished_keys
        ),
        "week-added": numbers.last_week(
            N_("Added"), N_("Issues that came into scope."), lambda review: review.added_keys
        ),
        "week-removed": numbers.last_week(
            N_("Removed"), N_("Issues that left the scope without being finished."), lambda review: review.removed_keys
        ),
        "week-reopened": numbers.last_week(
            N_("Reopened"),
            N_("Issues that were done and are open again. They were in scope before."),
            lambda review: review.reopened_keys,
        ),
        "week-re-estimated": numbers.re_estimated_last_week,
        "expected": numbers.expected,
    },
    lists=((N_("Finished"), "week-finished"), (N_("Added"), "week-added")),
    rows=_rows,
    is_table=True,
)
