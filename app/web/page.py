"""Page: a layout and its recorded callbacks, replayed on each app; and what the address says was chosen.

Dash's global callback list is emptied by the first app that is made, so a second one in the same process would
be dead. Recording them here and replaying keeps any number of apps alive.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import wraps
from inspect import CO_VARARGS
from typing import Any, TypeVar

from dash import ClientsideFunction, Input, Output, State
from dash import ctx as call
from flask import request

from app.actions import track_record
from app.actions.target import FIRST_PROFILE, SAMPLE_PROFILE, profile_for
from app.context import Context
from app.domain.analysis import Analysis
from app.domain.missing import NotEnoughData
from app.domain.track_record import Outlook, TrackRecord, stored
from app.errors import BadInput
from app.jobs import JobState
from app.settings import calendar_of
from app.views import behind
from app.views.days import default_days, first_drawn
from app.views.view import Behind, Scene
from app.web.address import Choice, choice_of, from_to
from app.web.effects import Effects
from app.web.sent import used_by
from app.web.translated import translated
from app.words import N_, Reader, _, reader, reader_of
from app.words.formats import Formats
from store.errors import StoreError
from store.records import Profile, Query, QueryRef

LANGUAGE_STATE = "language"
_NAMELESS = N_("This page does not say which work it is about. Reload it and try again.")
_GONE = N_(
    "What this page is about is no longer here; it was deleted, in another window perhaps. Nothing was changed. Choose "
    "another project or work list above, or put it back under All projects › Deleted."
)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is built from when an address is visited: the context, the query looked at and the choices.

    `query` None: no data yet, or none by the name that the address gives; `is_unknown` tells these apart.
    `named` is the query that the address itself names.
    """

    ctx: Context
    choice: Choice
    formats: Formats
    profile: Profile | None = None
    query: Query | None = None
    path: str = "/"
    named: QueryRef | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether the address names a project or work list that is not here (any more)."""
        gone = self.choice.profile is not None and self.profile is None
        return self.query is None and (gone or self.choice.query is not None)

    @property
    def ref(self) -> QueryRef:
        """Of the query being looked at. Raises BadInput where there is none."""
        if self.query is None:
            raise BadInput(N_("There is no data yet. Add some on the Data page first."))
        return self.query.ref

    @property
    def own_project(self) -> str:
        """What the project looked at is called; empty for none, and for the made-up one, into which no own data go."""
        return self.profile.name if self.profile is not None and self.profile.id != SAMPLE_PROFILE else ""

    @property
    def proposed_project(self) -> str:
        """The same, else another one that is there, else the name of a first one."""
        there = None if self.own_project else profile_for(self.ctx.backend, None)
        return self.own_project or (there.name if there is not None else _(FIRST_PROFILE))

    def for_writing(self) -> Visit:
        """The same, where the address itself names what is looked at; a change must never hit anything else.

        Raises BadInput where it names nothing, or what is not here.
        """
        if self.is_unknown:
            raise BadInput(_GONE)
        if self.query is None or self.named is None:
            raise BadInput(_NAMELESS)
        return self

    @property
    def analysis(self) -> Analysis:
        """Of the query being looked at; pages ask only when there is one."""
        if self.query is None:
            raise BadInput(_NAMELESS)
        return self.ctx.analysis(self.query.ref, self.choice.overrides)

    @property
    def present(self) -> Analysis:
        """Of the whole query as it is today, whatever the bar says: of pages that show and change what is kept."""
        if self.query is None:
            raise BadInput(_NAMELESS)
        return self.ctx.analysis(self.query.ref)

    def scene(self) -> Scene:
        """What the views are made of here."""
        first, last = drawn_days(self.choice.days or default_days(self.analysis), self.analysis)
        return Scene(
            self.analysis,
            self.formats,
            first,
            last,
            dict(self.choice.options),
            self._outlooks,
            self._track_record,
            lambda: self.ctx.snapshots(self.ref),
        )

    def _outlooks(self) -> tuple[Outlook, ...]:
        return stored(self.ctx.snapshots(self.ref), self.analysis.params.unit)

    def _track_record(self) -> TrackRecord | None:
        throughput = self.analysis.throughput
        if self.query is None or isinstance(throughput, NotEnoughData):
            return None
        return track_record.known_or_asked(self.ctx, self.query, throughput)

    def behind(self, scene: Scene, show: str) -> Behind | None:
        """What lies behind a number by its name; None for a name that no view knows."""
        return behind(scene, show)

    def href(self, path: str, **changes: Any) -> str:
        """Another page of the same work, seen in the same way."""
        return path + self.choice.for_other_pages.search(**changes)

    def here(self, **changes: Any) -> str:
        """The same page with other selections."""
        return self.path + self.choice.search(**changes)


def drawn_days(days: str, analysis: Analysis) -> tuple[date | None, date | None]:
    """First and last day that is drawn, None: no bound."""
    return from_to(days) or (first_drawn(days, analysis), None)


def visit_of(ctx: Context, search: str | None, formats: Formats, path: str = "/") -> Visit:
    """What a visit of this address looks at: the query it names; where it names none the one last looked at."""
    choice = choice_of(search)
    query = _query(ctx, choice)
    if query is None:
        profile = ctx.backend.get_profile(choice.profile) if choice.profile is not None else None
        return Visit(ctx, choice, formats, profile, path=path)
    named = replace(choice, profile=query.profile_id, query=query.id)
    return Visit(ctx, named, formats, ctx.backend.get_profile(query.profile_id), query, path, choice.ref)


def project_meant(ctx: Context, search: str | None, typed: str | None, shown: str | None) -> str:
    """The id of the project that a form on a page is about: the one that the address names, as long as its name is left
    as the form `shown` it; "" for another one that was `typed`, or where there was none.

    Raises BadInput where the address' project is gone, or is called otherwise by now than the form says.
    """
    visit, name, was = visit_of(ctx, search, Formats()), _plain(typed), _plain(shown)
    if visit.is_unknown:
        raise BadInput(_GONE)
    if not was or name not in ("", was):
        return ""
    if visit.profile is None or choice_of(search).profile is None:
        raise BadInput(_NAMELESS)
    if _plain(visit.profile.name) != was:
        raise BadInput(
            N_(
                "This page says “{shown}”, but its project is called “{name}” by now. Nothing was changed. Reload the "
                "page, and do it again.",
                shown=shown or "",
                name=visit.profile.name,
            )
        )
    return visit.profile.id


def _plain(name: str | None) -> str:
    return " ".join(str(name or "").split()).casefold()


def job_news(ctx: Context, name: str, profile: Profile | None) -> JobState | None:
    """What became of this job, where that is news: in the project it was asked for in, on the day it ended."""
    state = ctx.jobs.state(name)
    if state is None or state.status in ("waiting", "running"):
        return state
    if state.about and (profile is None or profile.id != state.about):
        return None
    zone = calendar_of(profile).zone if profile is not None else None
    is_old = state.at is not None and state.at.astimezone(zone).date() != ctx.clock().astimezone(zone).date()
    return None if is_old else state


def revision(visit: Visit) -> str:
    """Of what the visit shows: another one after every change of the data, by whomever, and when their server goes."""
    number = visit.ctx.work(visit.query.ref)[1].revision if visit.query is not None else 0
    return f"{number} {visit.ctx.upkeep.notice}".rstrip()


def today(visit: Visit) -> str:
    """The day that it is where the work is counted."""
    zone = calendar_of(visit.profile).zone if visit.profile is not None else None
    return visit.ctx.clock().astimezone(zone).date().isoformat()


def who_reads(ctx: Context) -> Reader:
    """Whoever sent this request: the language that was chosen here, else that of the browser."""
    return reader_of([language for language, _ in request.accept_languages], chosen_language(ctx))


def chosen_language(ctx: Context) -> str | None:
    """None as long as nobody chose, or where what was chosen cannot be read."""
    try:
        return ctx.backend.get_state(LANGUAGE_STATE)
    except StoreError:
        return None


def browser_formats() -> Formats:
    """How whoever sent this request writes days and numbers."""
    return reader().formats


def _query(ctx: Context, choice: Choice) -> Query | None:
    """Never another one than the address names: somebody would read, or change, what is not theirs."""
    backend = ctx.backend
    if choice.ref is not None:
        return backend.get_query(choice.ref)
    if choice.profile is not None:
        return _last_used(backend.list_queries(choice.profile))
    active = backend.active_query()
    if active is not None and (query := backend.get_query(active)) is not None:
        return query
    return next((query for profile in backend.list_profiles() for query in backend.list_queries(profile.id)), None)


def _last_used(queries: list[Query]) -> Query | None:
    return queries[0] if queries else None


_Called = Callable[..., Effects | None]
_F = TypeVar("_F", bound=_Called)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """`function` is ours, or names one of the scripts in the assets."""

    arguments: tuple[Any, ...]
    options: dict[str, Any]
    function: Callable[..., Any] | ClientsideFunction


@dataclass(frozen=True, slots=True)
class Page:
    """`path` is where it lies, `label` its name among the tabs, `layout` builds it from a visit.

    The first part of the path is the entry of the navigation that it belongs to. A page without a path is only a
    holder of callbacks (the frame, or a part of a page with a module of its own, which is named in `parts`).
    `under`: the path of the page it is reached from; such a page is no tab itself. `needs_data`: shown only when
    there is a query. `title`: what the browser's tab says where that is not the label. `is_offered`: whether it is
    among the tabs; its address works anyway.
    """

    path: str
    label: str
    layout: Callable[[Visit], Any]
    parts: tuple[Page, ...] = ()
    under: str = ""
    needs_data: bool = True
    title: Callable[[Visit], str] | None = None
    is_offered: Callable[[Visit], bool] = lambda visit: True
    _recorded: list[_Recorded] = field(default_factory=list)

    @property
    def section(self) -> str:
        """The address of its entry in the navigation."""
        return "/" + self.path.split("/")[1] if self.path else ""

    def fills(self, *arguments: Output | Input | State, **options: Any) -> Callable[[_F], _F]:
        """A callback for parts of the page that follow from others: the outputs it fills, then inputs and states.

        It is called as well when the page brings these parts along. The function is given the context and the values of
        inputs and states; it returns its `Effects`: an output that they put nothing into stays as it is.
        """

        def record(function: _F) -> _F:
            _require_room(function, sum(not isinstance(each, Output) for each in arguments))
            self._recorded.append(_Recorded(arguments, options, _filling(function)))
            return function

        return record

    def click(self, button: str | dict[str, Any], *states: State, **options: Any) -> Callable[[_F], _F]:
        """A callback for a button, see `on`."""
        return self.on(Input(button, "n_clicks"), *states, **options)

    def on(self, what: Input, *states: State, **options: Any) -> Callable[[_F], _F]:
        """A callback for something a user does: called when it is done, and not when the page brings its part along.

        The function is given the context, for a part of many (an id with ALL) the id of the one in question, and the
        values of `states`; it returns its `Effects`, or None.
        """
        return self._done(what, states, options, is_given_value=False)

    def changed(self, what: Input, *states: State, **options: Any) -> Callable[[_F], _F]:
        """As `on`, for a field: the function is given its value before those of `states`, an empty one too."""
        return self._done(what, states, options, is_given_value=True)

    def _done(
        self, what: Input, states: Sequence[State], options: dict[str, Any], is_given_value: bool
    ) -> Callable[[_F], _F]:
        is_one_of_many = isinstance(what.component_id, dict)

        def record(function: _F) -> _F:
            _require_room(function, is_one_of_many + is_given_value + len(states))
            done = _when_done(function, is_one_of_many, is_given_value)
            self._recorded.append(_Recorded((what, *states), {"prevent_initial_call": True} | options, done))
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


def _require_room(function: Callable[..., Any], values: int) -> None:
    """Raises TypeError, when the app starts, for a function that does not take the context and what its callback sends:
    it would fail each time that somebody uses it."""
    code, optional = function.__code__, len(function.__defaults__ or ())
    most = float("inf") if code.co_flags & CO_VARARGS else code.co_argcount
    if not code.co_argcount - optional <= values + 1 <= most:
        raise TypeError(f"{function.__qualname__} is handed the context and {values} values, and takes others")


def _bound(function: Callable[..., Any], ctx: Context) -> Callable[..., Any]:
    @wraps(function)
    def with_context(*arguments: Any) -> Any:
        with used_by(function, arguments):
            return translated(function(ctx, *arguments))

    return with_context


def _let_go_of_file() -> None:
    """Whatever becomes of a file that was chosen, refused or not: chosen once more it arrives once more, since a field
    that still holds it would report nothing new."""
    if call.triggered[0]["prop_id"].endswith(".contents"):
        call.set_props(call.triggered_id, {"contents": None})


def _filling(function: _Called) -> Callable[..., Any]:
    @wraps(function)
    def filled(ctx: Context, *values: Any) -> Any:
        with used_by(function, values):
            effects = function(ctx, *values) or Effects()
        return effects.answer(ctx, call.outputs_list)

    return filled


def _when_done(function: _Called, is_one_of_many: bool, is_given_value: bool) -> Callable[..., None]:
    """Parts that a page brings along trigger their callback as well, without anybody having done anything."""

    def done(ctx: Context, value: Any, *values: Any) -> None:
        triggered = call.triggered[0]["value"] if call.triggered else None
        if not call.triggered or not (triggered or is_given_value):
            return
        _let_go_of_file()
        which = (call.triggered_id,) if is_one_of_many else ()
        handed = (*which, *((triggered,) if is_given_value else ()), *values)
        with used_by(function, handed):
            effects = function(ctx, *handed)
        if effects is not None:
            effects.apply(ctx)

    done.__name__ = function.__name__
    return done
