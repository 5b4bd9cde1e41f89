"""Days on which many times the usual were finished at once: what the answer is without them, and choosing that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash import ALL, State, dcc, html

from app.context import Context
from app.domain.forecast import Forecast
from app.domain.known import Sweeps
from app.domain.throughput import Throughput
from app.domain.ways import LEVEL
from app.errors import BadInput
from app.settings import changed, settings_of
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.words import _, n_


def line(visit: Visit) -> list[Any]:
    """Nothing where no day stands out so."""
    throughput = visit.analysis.throughput
    if not isinstance(throughput, Throughput) or not throughput.sweeps:
        return []
    days = len(throughput.sweeps)
    parts = _without(visit, days) if visit.analysis.params.sweeps is Sweeps.COUNT else _again(visit, days)
    return [html.P(list(parts), className="sweep-line")]


def _without(visit: Visit, days: int) -> Iterator[Any]:
    """The answer without these days, and two ways to it: to look, and to stay."""
    other = visit.analysis.without_sweeps
    yield dcc.Link(
        n_("Without that day", "Without those days", days),
        href=visit.here(sweeps=_unless_set(visit, Sweeps.LEAVE_OUT)),
    )
    yield f": {_answer(visit, other.forecast if other is not None else None)} "
    yield _keep(n_("Always leave it out", "Always leave them out", days), Sweeps.LEAVE_OUT)


def _again(visit: Visit, days: int) -> Iterator[Any]:
    """What counts without these days: the way back, and to stay where it is only looked at."""
    yield n_("Seen without that day. ", "Seen without those days. ", days)
    yield dcc.Link(
        n_("Count that day", "Count those days", days), href=visit.here(sweeps=_unless_set(visit, Sweeps.COUNT))
    )
    if visit.choice.sweeps is Sweeps.LEAVE_OUT:
        yield " "
        yield _keep(_("Keep it so"), Sweeps.LEAVE_OUT)
    else:
        yield " "
        yield _keep(_("Always count"), Sweeps.COUNT)


def _answer(visit: Visit, result: Any) -> str:
    if not isinstance(result, Forecast):
        return _(result.reason) if result is not None else _("no forecast.")
    sure = result.dates.get(LEVEL)
    level = visit.formats.rate(LEVEL / 100)
    return (
        _("{level} sure by {sure}.", level=level, sure=visit.formats.short(sure))
        if sure is not None
        else _("no date is {level} sure.", level=level)
    )


def _unless_set(visit: Visit, wanted: Sweeps) -> Sweeps | None:
    """For the address, which names only what differs from the project's setting."""
    return None if visit.profile is not None and settings_of(visit.profile).sweeps is wanted else wanted


def _keep(text: str, wanted: Sweeps) -> Any:
    return html.Button(text, id={"type": "keep-sweeps", "value": str(wanted)}, className="text-button", n_clicks=0)


PART = Page("", "", lambda visit: None)


@PART.click({"type": "keep-sweeps", "value": ALL}, State(URL, "pathname"), State(URL, "search"))
def keep(ctx: Context, which: dict[str, str], path: str, search: str) -> Effects:
    """As the project's setting, from now on; the address needs to say it no more."""
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    if visit.profile is None:
        raise BadInput(_("This project is not here any more. Reload the page."))
    before = str(settings_of(visit.profile).sweeps)

    def save(value: str) -> None:
        ctx.change_profile(visit.ref, lambda profile: changed(profile, {"sweeps": value}), "sweeps")

    save(which["value"])
    words = (
        _("They count again.") if which["value"] == Sweeps.COUNT else _("Days of tidying up are left out of the pace.")
    )
    return Effects(toast=words, go=visit.here(sweeps=None), changed=True, undo=lambda: save(before))
