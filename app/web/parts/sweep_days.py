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


def line(visit: Visit) -> list[Any]:
    """Nothing where no day stands out so."""
    throughput = visit.analysis.throughput
    if not isinstance(throughput, Throughput) or not throughput.sweeps:
        return []
    one = len(throughput.sweeps) == 1
    if visit.analysis.params.sweeps is Sweeps.COUNT:
        parts = _without(visit, "that day" if one else "those days", "it" if one else "them")
    else:
        parts = _again(visit, "that day" if one else "those days")
    return [html.P(list(parts), className="sweep-line")]


def _without(visit: Visit, days: str, them: str) -> Iterator[Any]:
    """The answer without these days, and two ways to it: to look, and to stay."""
    other = visit.analysis.without_sweeps
    yield dcc.Link(f"Without {days}", href=visit.here(sweeps=_unless_set(visit, Sweeps.LEAVE_OUT)))
    yield f": {_answer(visit, other.forecast if other is not None else None)} "
    yield _keep(f"Always leave {them} out", Sweeps.LEAVE_OUT)


def _again(visit: Visit, days: str) -> Iterator[Any]:
    """What counts without these days: the way back, and to stay where it is only looked at."""
    yield f"Seen without {days}. "
    yield dcc.Link(f"Count {days}", href=visit.here(sweeps=_unless_set(visit, Sweeps.COUNT)))
    if visit.choice.sweeps is Sweeps.LEAVE_OUT:
        yield " "
        yield _keep("Keep it so", Sweeps.LEAVE_OUT)
    else:
        yield " "
        yield _keep("Always count", Sweeps.COUNT)


def _answer(visit: Visit, result: Any) -> str:
    if not isinstance(result, Forecast):
        return f"{result.reason}" if result is not None else "no forecast."
    sure = result.dates.get(LEVEL)
    level = visit.formats.rate(LEVEL / 100)
    return f"{level} sure by {visit.formats.short(sure)}." if sure is not None else f"no date is {level} sure."


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
        raise BadInput("This project is not here any more. Reload the page.")
    before = str(settings_of(visit.profile).sweeps)

    def save(value: str) -> None:
        profile = ctx.backend.get_profile(visit.ref.profile_id)
        if profile is not None:
            ctx.backend.save_profile(changed(profile, {"sweeps": value}))
            ctx.record(visit.ref)

    save(which["value"])
    words = "They count again." if which["value"] == Sweeps.COUNT else "Days of tidying up are left out of the pace."
    return Effects(toast=words, go=visit.here(sweeps=None), changed=True, undo=lambda: save(before))
