"""How much: what will be done by a day, and which of the open issues are inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.charts.how_much import how_much_figure, points_of
from app.domain.analysis import Analysis
from app.domain.calendar import ONE_WEEK
from app.domain.forecast import Amounts
from app.domain.items import Item
from app.domain.missing import NotEnoughData
from app.domain.order import By, Order
from app.views.view import Behind, Fact, Number, Opened, Place, Rows, Scene, Sentence, Switch, View, mid_sentence
from app.words import N_, _
from app.words.headings import header

_DEADLINE = "deadline"
_USUAL_WEEKS = 12
# In ten years no past week says anything.
_MOST_WEEKS = 520
_BY = Switch(
    "by",
    N_("By when"),
    (
        (_DEADLINE, N_("Deadline")),
        ("4", N_("4 weeks")),
        ("8", N_("8 weeks")),
        ("12", N_("12 weeks")),
        ("26", N_("Half a year")),
        ("52", N_("A year")),
    ),
)
_ORDERS = {
    By.RANK: N_("Open issues in the order of their rank, as the tracker gives it."),
    By.PRIORITY: N_(
        "The data have no rank: open issues are in the order of their priority, what is equal oldest first."
    ),
    By.AGE: N_("The data have neither a rank nor priorities that differ: open issues are in the order of their age."),
}


@dataclass(frozen=True, slots=True)
class _Horizon:
    """How much by `day`, which is `weeks` full weeks away. `note`: why it is not the day that was asked for."""

    day: date
    weeks: int
    note: str = ""


def _horizon(scene: Scene) -> _Horizon:
    chosen, as_of = scene.chosen(_BY), scene.analysis.as_of
    if chosen != _DEADLINE:
        return _Horizon(as_of + int(chosen) * ONE_WEEK, int(chosen))
    deadline = scene.analysis.params.deadline
    weeks = 0 if deadline is None else (deadline - as_of) // ONE_WEEK
    if deadline is not None and 1 <= weeks <= _MOST_WEEKS:
        return _Horizon(deadline, weeks)
    weeks = _MOST_WEEKS if weeks > _MOST_WEEKS else _USUAL_WEEKS
    return _Horizon(as_of + weeks * ONE_WEEK, weeks, _instead(deadline, as_of, weeks))


def _instead(deadline: date | None, as_of: date, weeks: int) -> str:
    if deadline is None:
        return _("No deadline is set, so this is of the next {weeks} weeks.", weeks=weeks)
    if deadline < as_of:
        return _("The deadline is past, so this is of the next {weeks} weeks.", weeks=weeks)
    if weeks < _MOST_WEEKS:
        return _("The deadline is less than a week away, so this is of the next {weeks} weeks.", weeks=weeks)
    return _("The deadline is very far away, so this is of the next {weeks} weeks.", weeks=weeks)


def _amounts(scene: Scene) -> Amounts | NotEnoughData:
    return scene.analysis.amounts(_horizon(scene).weeks)


def _left(scene: Scene) -> float | None:
    remaining = scene.analysis.remaining
    return None if isinstance(remaining, NotEnoughData) else remaining


def _sentence(scene: Scene) -> Sentence | str:
    amounts, left = _amounts(scene), _left(scene)
    if isinstance(amounts, NotEnoughData):
        return amounts.reason
    sure, even = amounts.at_least(85), amounts.at_least(50)
    values: dict[str, str | Number] = {
        "day": scene.formats.short(_horizon(scene).day),
        "level": scene.formats.rate(0.85),
        "sure": Number(scene.amount(_shown(sure)), "inside:85"),
        "even": Number(scene.formats.number(_shown(even)), "inside:50"),
        "left": Number(scene.formats.number(left or 0), "ranked"),
    }
    if left is not None and 0 < left == _shown(sure):
        return Sentence("By {day} you are {level} sure of all {left} that are left.", values)
    if left is not None and 0 < left <= sure:
        return Sentence("By {day} you are {level} sure of all {left} that are left, and of {sure} or more.", values)
    if left is not None and 0 < left <= even:
        text = _("By {day} you are {level} sure of {sure} or more; all {left} that are left are within even odds.")
        return Sentence(text, values)
    if sure <= 0:
        return Sentence("By {day} no amount is {level} sure, even odds {even}.", values)
    return Sentence("By {day} you are {level} sure of {sure} or more, even odds {even}.", values)


def _shown(amount: float) -> float:
    """Rounded down: more would not be as sure."""
    return amount if amount == round(amount) else int(amount * 10 + 1e-6) / 10


def _figure(scene: Scene) -> dict[str, Any] | None:
    amounts = _amounts(scene)
    return None if isinstance(amounts, NotEnoughData) else how_much_figure(amounts, _left(scene), scene.text)


def _facts(scene: Scene) -> list[Fact]:
    left, beyond = _left(scene), _BEYOND(scene, "85").number
    if left is None:
        return []
    if scene.analysis.params.remaining is not None:
        return [Fact(_("Left"), scene.formats.number(left), "", _("as it was typed"))]
    facts = [Fact(_("Left"), scene.formats.number(left), "ranked")]
    label = _("Beyond {value}", value=scene.formats.rate(0.85))
    return [*facts, Fact(label, scene.formats.number(beyond), "beyond:85")] if beyond else facts


def _notes(scene: Scene) -> list[str]:
    horizon, order = _horizon(scene), scene.analysis.order
    notes = [horizon.note] if horizon.note else []
    return notes if isinstance(order, NotEnoughData) or not order.items else [*notes, _ORDERS[order.by]]


def _rows(scene: Scene) -> Rows:
    columns, amounts = header("amount", "chance"), _amounts(scene)
    if isinstance(amounts, NotEnoughData):
        return Rows(columns, ())
    points = points_of(amounts)
    cells = tuple((amount, round(chance, 4)) for amount, chance in points)
    return Rows(columns, cells, tuple(f"fits:{amount:g}" for amount, _ in points))


# -- what lies behind -----------------------------------------------------------------------------------


def _part(title: str, how: str, chosen: Callable[[Order, int], tuple[Item, ...]]) -> Opened:
    """A part of the open issues, cut at the amount that is reached with the level in the show."""

    def opened(scene: Scene, part: str) -> Behind:
        amounts, order = _amounts(scene), scene.analysis.order
        if isinstance(amounts, NotEnoughData) or isinstance(order, NotEnoughData):
            return Behind(
                title, tuple(result.reason for result in (amounts, order) if isinstance(result, NotEnoughData))
            )
        level = 50 if part == "50" else 85
        amount = amounts.at_least(level)
        items = chosen(order, order.fits(amount, scene.unit))
        text = (how, _cut(scene, level, amount), _ORDERS[order.by])
        keys = tuple(item.issue.key for item in items) if scene.analysis.has_items else None
        number = sum(item.size(scene.unit) for item in items) if keys is not None else None
        return Behind(title, text, _inputs(scene, amounts), keys, number, why=mid_sentence(title))

    return opened


def _cut(scene: Scene, level: int, amount: float) -> str:
    day = scene.formats.day(_horizon(scene).day)
    shown = scene.amount(_shown(amount))
    if level == 50:
        return _(
            "In half of the futures {amount} or more are finished by {day}; that is where the line is drawn.",
            amount=shown,
            day=day,
        )
    return _(
        "In {level} of 100 futures {amount} or more are finished by {day}; that is where the line is drawn.",
        level=level,
        amount=shown,
        day=day,
    )


def _inputs(scene: Scene, amounts: Amounts) -> tuple[tuple[str, str], ...]:
    levels = tuple((scene.sureness(level), scene.amount(_shown(amounts.at_least(level)))) for level in (50, 70, 85, 95))
    return (*levels, (_("Full weeks until then"), str(amounts.weeks)))


_INSIDE = _part(
    N_("Inside"),
    N_("Open issues that are finished by then, if they are taken in this order."),
    lambda order, cut: order.items[:cut],
)
_BEYOND = _part(
    N_("Beyond"), N_("Open issues for which the time does not suffice, if they are taken in this order."),
    lambda order, cut: order.items[cut:],
)  # fmt: skip


def _ranked(scene: Scene, part: str) -> Behind:
    """All open issues in order, each with the side of the lines on which it is."""
    amounts, order = _amounts(scene), scene.analysis.order
    if isinstance(amounts, NotEnoughData) or isinstance(order, NotEnoughData):
        return Behind(
            _("Left"), tuple(result.reason for result in (amounts, order) if isinstance(result, NotEnoughData))
        )
    sure, even = (order.fits(amounts.at_least(level), scene.unit) for level in (85, 50))
    whys = tuple(_side(at, sure, even) for at in range(len(order.items)))
    keys = tuple(item.issue.key for item in order.items) if scene.analysis.has_items else None
    number = sum(item.size(scene.unit) for item in order.items) if keys is not None else None
    return Behind(_("Left"), (_ORDERS[order.by],), _inputs(scene, amounts), keys, number, whys=whys)


def _side(at: int, sure: int, even: int) -> str:
    return _("inside, 85 % sure") if at < sure else _("inside, even odds") if at < even else _("beyond")


def _fits(scene: Scene, part: str) -> Behind:
    """What of the open work an amount holds."""
    amounts, order = _amounts(scene), scene.analysis.order
    try:
        amount = max(0.0, float(part))
    except ValueError:
        return Behind(_("Amount"), (_("This is no amount."),))
    if isinstance(amounts, NotEnoughData) or isinstance(order, NotEnoughData):
        return Behind(
            _("Amount"), tuple(result.reason for result in (amounts, order) if isinstance(result, NotEnoughData))
        )
    day, share = scene.formats.day(_horizon(scene).day), scene.formats.share(amounts.chance(amount))
    how = _(
        "In {share} of the futures {amount} or more are finished by {day}.",
        share=share,
        amount=scene.amount(amount),
        day=day,
    )
    keys = tuple(item.issue.key for item in order.items[: order.fits(amount, scene.unit)])
    shown = keys if scene.analysis.has_items else None
    return Behind(
        _("{amount} or more", amount=scene.amount(amount)), (how, _ORDERS[order.by]), (), shown, why=_("fits")
    )


def _needs(analysis: Analysis) -> str | None:
    for result in (analysis.scope, analysis.amounts(1)):
        if isinstance(result, NotEnoughData):
            return result.reason
    return None


HOW_MUCH = View(
    at=Place("/plan/how-much", N_("How much")),
    help=N_(
        "What the simulated futures finish by that day, whatever is left: the chance of every amount. The list holds "
        "the open issues in the order in which they are taken; what comes after the line has to wait."
    ),
    needs=_needs,
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    notes=_notes,
    switches=(_BY,),
    numbers={"inside": _INSIDE, "beyond": _BEYOND, "ranked": _ranked, "fits": _fits},
    lists=(
        (N_("In order"), "ranked"),
        (N_("Inside, 85 % sure"), "inside:85"),
        (N_("Inside, even odds"), "inside:50"),
        (N_("Beyond"), "beyond:50"),
    ),
    columns=("priority",),
    rows=_rows,
)
