"""Money: what was planned, earned and spent, what it will have cost at the end, and how long the budget lasts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.charts.money import Completion, money_figure
from app.domain.analysis import Analysis
from app.domain.budget import Budget, course, is_said
from app.domain.forecast import Forecast
from app.domain.missing import NotEnoughData
from app.views.view import Behind, Fact, Number, Place, Rows, Scene, Sentence, View, needs
from app.words import N_, _, n_
from app.words.formats import THIN
from app.words.headings import header


def _money(scene: Scene, value: float | None, currency: str) -> str:
    """A whole amount with its currency; a dash for what is not known."""
    if value is None:
        return "–"
    return f"{scene.formats.number(round(value), 0)}{THIN}{currency}".rstrip(THIN)


def _sentence(scene: Scene) -> Sentence | str:
    budget = scene.analysis.budget
    if isinstance(budget, NotEnoughData):
        return budget.reason
    even, sure = (budget.estimate_at_completion[level] for level in (50, 85))
    values: dict[str, str | Number] = {
        "level": scene.level,
        "spent": Number(_money(scene, budget.actual, budget.currency), "money"),
        "total": _money(scene, budget.total, budget.currency),
        "even": Number(_money(scene, even, budget.currency), "money"),
        "sure": Number(_money(scene, sure, budget.currency), "money"),
    }
    return Sentence(_text_of(budget.total is not None, even is not None, sure is not None), values)


def _text_of(has_total: bool, has_even: bool, has_sure: bool) -> str:
    """By what is known of the end, and whether there is a budget."""
    if has_sure and has_total:
        return N_("{level} sure it costs at most {sure}, even odds {even}; the budget is {total}.")
    if has_sure:
        return N_("{level} sure it costs at most {sure}, even odds {even}; {spent} are spent.")
    if has_even and has_total:
        return N_("Even odds that it costs at most {even}, but how much more is open; the budget is {total}.")
    if has_even:
        return N_("Even odds that it costs at most {even}, but how much more is open; {spent} are spent.")
    if has_total:
        return N_("{spent} of {total} are spent; what it will have cost cannot be said without a forecast.")
    return N_("{spent} are spent; what it will have cost cannot be said without a forecast.")


def _ends(scene: Scene, budget: Budget) -> list[Completion]:
    forecast = scene.analysis.forecast
    dates = forecast.dates if isinstance(forecast, Forecast) else {}
    return [
        Completion(level, day, cost)
        for level, cost in budget.estimate_at_completion.items()
        if (day := dates.get(level)) is not None and cost is not None
    ]


def _figure(scene: Scene) -> dict[str, Any] | None:
    budget, analysis = scene.analysis.budget, scene.analysis
    days = [day for day in course(analysis.known, analysis.burndown) if scene.draws(day.day)]
    if isinstance(budget, NotEnoughData) or not days:
        return None
    return money_figure(days, budget.total, _ends(scene, budget), budget.currency, scene.text)


def _facts(scene: Scene) -> list[Fact]:
    budget = scene.analysis.budget
    if isinstance(budget, NotEnoughData):
        return []
    a_week = _("{money} a week", money=_money(scene, budget.rate_per_week, budget.currency))
    return [
        Fact(_("Spent"), _money(scene, budget.actual, budget.currency), "money", a_week),
        *_against_the_budget(scene, budget),
        *_runway(scene, budget),
    ]


def _against_the_budget(scene: Scene, budget: Budget) -> Iterator[Fact]:
    """More than the budget is bad, less is good."""
    over = budget.over_budget[85]
    if over is None:
        return
    label = _("Over the budget") if over > 0 else _("Within the budget by")
    note = _("at {level} sure", level=scene.level)
    yield Fact(label, _money(scene, abs(over), budget.currency), "money", note, "poor" if over > 0 else "good")


def _runway(scene: Scene, budget: Budget) -> Iterator[Fact]:
    if budget.runway_weeks is None:
        return
    weeks = round(budget.runway_weeks, 1)
    lasts = n_("{count} week", "{count} weeks", weeks, count=scene.formats.number(weeks))
    yield Fact(_("The budget lasts"), lasts, "money")


def _behind(scene: Scene, part: str) -> Behind:
    budget, title = scene.analysis.budget, _("Money")
    if isinstance(budget, NotEnoughData):
        return Behind(title, (budget.reason,))
    how = (
        _("The team costs the same every week, whatever it finishes; days off cost as well."),
        _("Earned is the budget times the share of the work that is done, planned the budget times the share of the "
          "planned time that is over."),
        _("What it will have cost is what the weeks cost until the day of the forecast."),
    )  # fmt: skip
    return Behind(title, how, tuple(_inputs(scene, budget)))


def _inputs(scene: Scene, budget: Budget) -> Iterator[tuple[str, str]]:
    for label, value in (
        (_("Budget"), budget.total),
        (_("Planned"), budget.planned),
        (_("Earned"), budget.earned),
        (_("Spent"), budget.actual),
        (_("At completion, even odds"), budget.estimate_at_completion[50]),
        (_("At completion, 85 % sure"), budget.estimate_at_completion[85]),
        (_("Cost of a finished item"), budget.cost_per_item),
    ):
        yield label, _money(scene, value, budget.currency)
    for label, ratio in ((_("Earned for each unit spent"), budget.cpi), (_("Earned against planned"), budget.spi)):
        yield label, "–" if ratio is None else scene.formats.number(ratio, 2)


def _done(scene: Scene, part: str) -> Behind:
    budget, title = scene.analysis.budget, _("Finished since the budget began")
    if isinstance(budget, NotEnoughData):
        return Behind(title, (budget.reason,))
    days = {item.issue.key: item.done for item in scene.analysis.items if item.done is not None}
    keys = sorted(budget.done_keys, key=lambda key: days.get(key, date.min), reverse=True)
    return Behind(title, (_("Issues that reached done and stayed there."),), keys=tuple(keys), why=_("Finished"))


def _rows(scene: Scene) -> Rows:
    days = course(scene.analysis.known, scene.analysis.burndown)
    cells = ((day.day, *(_plain(value) for value in (day.planned, day.earned, day.spent))) for day in days)
    return Rows(header("day", "planned", "earned", "spent"), tuple(cells))


def _plain(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def is_offered(analysis: Analysis) -> bool:
    """Once there is a rate or a budget."""
    return is_said(analysis.known)


MONEY = View(
    at=Place("/plan/money", N_("Money")),
    help=N_(
        "What should be earned by now, what is, and what was spent. Where earned lies below spent, the work costs more "
        "than planned. The dots are what it will have cost at even odds and at 85 % sure. Budget and rate are set in "
        "the gear, under Project."
    ),
    needs=needs("budget"),
    is_offered=is_offered,
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    numbers={"money": _behind, "money-done": _done},
    lists=((N_("Finished since the budget began"), "money-done"),),
    rows=_rows,
)
