"""Page: a layout and its recorded callbacks, replayed on each app; and what the address says was chosen.

Dash's global callback list is emptied by the first app that is made, so a second one in the same process would
be dead. Recording them here and replaying keeps any number of apps alive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any
from urllib.parse import parse_qs, urlencode

from dash import ClientsideFunction

from app.charts.style import ChartText
from app.context import Context
from app.domain.analysis import Analysis
from app.domain.items import Unit
from app.formats import Formats
from app.settings import Selection
from store.records import Profile, Query, QueryRef

SPANS = ("6m", "1y", "all")
CHARTS = ("burnup", "burndown")


@dataclass(frozen=True, slots=True)
class Choice:
    """The selections that the address carries. Whatever cannot be used counts as not chosen."""

    profile: str | None = None
    query: str | None = None
    unit: Unit | None = None
    window: int | None = None
    sprint: str | None = None
    chart: str | None = None
    span: str | None = None

    @property
    def ref(self) -> QueryRef | None:
        return QueryRef(self.profile, self.query) if self.profile and self.query else None

    @property
    def selection(self) -> Selection:
        return Selection(unit=self.unit, window=self.window, sprint=self.sprint)

    def search(self, **changes: Any) -> str:
        """The address' query part with these selections changed; empty ones are left out."""
        chosen = replace(self, **changes)
        names = ("profile", "query", "unit", "window", "sprint", "chart", "span")
        pairs = [(name, str(value)) for name in names if (value := getattr(chosen, name)) not in (None, "")]
        return f"?{urlencode(pairs)}" if pairs else ""


def choice_of(search: str | None) -> Choice:
    """Read an address' query part, tolerantly."""
    given = {name: values[-1] for name, values in parse_qs((search or "").lstrip("?")).items()}
    window = given.get("window", "")
    return Choice(
        profile=given.get("profile"),
        query=given.get("query"),
        unit=Unit(given["unit"]) if given.get("unit") in set(Unit) else None,
        window=int(window) if window.isascii() and window.isdigit() and 1 <= int(window) <= 104 else None,
        sprint=given.get("sprint"),
        chart=given["chart"] if given.get("chart") in CHARTS else None,
        span=given["span"] if given.get("span") in SPANS else None,
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is built from when an address is visited: the context, the query looked at and the choices.

    `query` None: no data yet.
    """

    ctx: Context
    choice: Choice
    formats: Formats
    profile: Profile | None = None
    query: Query | None = None

    @property
    def analysis(self) -> Analysis:
        """Of the query being looked at; pages ask only when there is one."""
        if self.query is None:
            raise LookupError("no query is chosen")
        return self.ctx.analysis(self.query.ref, self.choice.selection)

    def chart_text(self, unit: Unit) -> ChartText:
        return ChartText(unit=str(unit), day=self.formats.axis_day, separators=self.formats.separators)


def visit_of(ctx: Context, search: str | None, formats: Formats) -> Visit:
    """What a visit of this address looks at: the query it names, else the active one, else the one last used."""
    choice = choice_of(search)
    query = _query(ctx, choice)
    if query is None:
        return Visit(ctx, choice, formats)
    named = replace(choice, profile=query.profile_id, query=query.id)
    return Visit(ctx, named, formats, ctx.backend.get_profile(query.profile_id), query)


def _query(ctx: Context, choice: Choice) -> Query | None:
    backend = ctx.backend
    if choice.ref is not None and (named := backend.get_query(choice.ref)) is not None:
        return named
    if choice.profile is not None and (queries := backend.list_queries(choice.profile)):
        return queries[0]
    active = backend.active_query()
    if active is not None and (found := backend.get_query(active)) is not None:
        return found
    return next((query for profile in backend.list_profiles() for query in backend.list_queries(profile.id)), None)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """`function` is ours, or names one of the scripts in the assets."""

    arguments: tuple[Any, ...]
    options: dict[str, Any]
    function: Callable[..., Any] | ClientsideFunction


@dataclass(frozen=True, slots=True)
class Page:
    """`path` is where it lies, `label` its name in the navigation, `layout` builds it from a visit.

    A page without a path is only a holder of callbacks (the frame, or a part of a page with a module of its own,
    which is named in `parts`). `under`: the path of the page it is reached from; such a page is not in the
    navigation itself. `needs_data`: shown only when there is a query.
    """

    path: str
    label: str
    layout: Callable[[Visit], Any]
    parts: tuple[Page, ...] = ()
    under: str = ""
    needs_data: bool = True
    _recorded: list[_Recorded] = field(default_factory=list)

    def callback(self, *arguments: Any, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Like `app.callback`; the function is given the context first, then what Dash gives."""

        def record(function: Callable[..., Any]) -> Callable[..., Any]:
            self._recorded.append(_Recorded(arguments, options, function))
            return function

        return record

    def clientside(self, function: ClientsideFunction, *arguments: Any, **options: Any) -> None:
        """Like `app.clientside_callback`, for a function in the assets: no inline script is made."""
        self._recorded.append(_Recorded(arguments, options, function))

    def replay(self, app: Any, ctx: Context) -> None:
        """Register the recorded callbacks on this app, with this context."""
        for part in self.parts:
            part.replay(app, ctx)
        for recorded in self._recorded:
            if isinstance(recorded.function, ClientsideFunction):
                app.clientside_callback(recorded.function, *recorded.arguments, **recorded.options)
            else:
                app.callback(*recorded.arguments, **recorded.options)(_bound(recorded.function, ctx))


def _bound(function: Callable[..., Any], ctx: Context) -> Callable[..., Any]:
    @wraps(function)
    def call(*given: Any) -> Any:
        return function(ctx, *given)

    return call
