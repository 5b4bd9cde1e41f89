"""Context: what the app's parts are handed instead of reaching for globals."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from app.domain.missing import NotEnoughData
from app.imports.pending import PendingFiles
from app.jobs import Jobs, Requests
from app.kept import KeptNumbers
from app.network import Network
from app.turns import note_chosen, of_project
from app.words import N_
from store.backend import PersistenceBackend
from store.documents import earlier_of, goes_on_in, is_part_of, joined_into, move_of, part_of
from store.errors import NotWritable, UnknownQuery, reason
from store.records import ForecastMade, Profile, Query, QueryFacts, QueryRef, Snapshot
from store.secrets import Secrets
from store.state import OFFLINE
from store.upkeep import Upkeep

if TYPE_CHECKING:
    from app.domain.analysis import Analysis
    from app.domain.known import Built, Params
    from app.jira.form import Attempt
    from app.settings import Overrides

Result = TypeVar("Result")

_log = logging.getLogger(__name__)

# Enough for the queries and windows a user flips between. Each holds one query's items: of large queries, only as many
# as have so many items together (2 KB each), and always the last two.
_KEPT_ANALYSES, _KEPT_ITEMS = 12, 70_000
# Through so many trackers a history is followed: no team moves that often, and an edited file may say any number.
_MOST_MOVES = 50


def utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something every page says at its top, such as "read-only". `kind`: info, warning.

    `of_damage`: it is about the present database, and no longer true of another one that is put in its place.
    """

    kind: str
    text: str
    of_damage: bool = False


class Context:
    """Backend, jobs and clock, the file at hand, and the analyses derived from what is stored.

    An analysis is reused while query, revision, parameters and day are the same; the key contains the
    revision, so nothing is ever cleared by hand.
    """

    def __init__(
        self,
        backend: PersistenceBackend,
        jobs: Jobs,
        profiles_dir: Path,
        clock: Callable[[], datetime] = utc_now,
        notices: tuple[Notice, ...] = (),
        request_quit: Callable[[], None] = lambda: None,
        secrets: Secrets | None = None,
    ) -> None:
        self.backend = backend
        self.jobs = jobs
        self.profiles_dir = profiles_dir
        self.clock = clock
        self.notices = notices
        self.request_quit = request_quit
        self.secrets = secrets or Secrets(profiles_dir)
        self.network = Network(lambda: backend.get_state(OFFLINE) == "on", clock)
        self.pending = PendingFiles()
        self.requests = Requests()
        # From one start to the next.
        self.kept = KeptNumbers(profiles_dir)
        # Of this start only, and without secrets.
        self.attempt: Attempt | None = None
        # Takes back what was done last, as long as it is offered; may return the address to go to then.
        self.undo: Callable[[], str | None] | None = None
        # Whether that is asked about: nothing was done yet.
        self.asks = False
        # What is said once that is done.
        self.undone = ""
        # When each project was last synced without being asked, since the start.
        self.synced_by_itself: dict[str, datetime] = {}
        self._analyses: OrderedDict[tuple[QueryRef, int, Params, date], Analysis] = OrderedDict()
        self._latest: dict[str, tuple[object, Any]] = {}
        self._lock = threading.Lock()

    @property
    def upkeep(self) -> Upkeep:
        return self.backend.upkeep(self.profiles_dir, self.clock)

    def keep_numbers(self) -> None:
        """Leave for the next start what took long; nothing is written into a folder that is only read."""
        if not self.upkeep.read_only:
            self.kept.save()

    def analysis(
        self,
        ref: QueryRef,
        overrides: Overrides | None = None,
        facts: QueryFacts | None = None,
        at: datetime | None = None,
    ) -> Analysis:
        """The query's analysis for the profile's settings with `overrides` on top. Raises UnknownQuery.

        `facts`: the query's present facts, from who has just written them, to spare reading them back. `at`: the
        moment at which it is made, where that is not the present one.
        """
        # Who takes data in or says what is there needs none: a fourth of the start of the command `import`.
        from app.domain.analysis import Analysis  # noqa: PLC0415
        from app.domain.known import Built  # noqa: PLC0415
        from app.settings import Overrides, params_for  # noqa: PLC0415

        profile, query = self.work(ref)
        params = params_for(profile, overrides or Overrides(), at or self.clock(), query)
        today = params.calendar.day_of(params.now)
        # Within a day "now" does not change what an analysis says, so the key holds the day alone.
        key = (ref, query.revision, replace(params, now=datetime.min.replace(tzinfo=UTC)), today)
        given_up = []
        with self._lock:
            analysis = self._analyses.get(key)
            if analysis is None:
                facts = facts or self._facts(query, profile)
                built = self._built(facts, params) or Built(keep=self.kept.rows)
                analysis = Analysis(facts, params, threading.RLock(), built)
                given_up = self._outdated(ref, query.revision)
                # Somebody else may have changed the facts since: the revision that they came with is the one.
                key = (ref, max(query.revision, analysis.facts.query.revision), *key[2:])
                self._analyses[key] = analysis
            self._analyses.move_to_end(key)
            while not self._may_keep(self._analyses.values()):
                given_up.append(self._analyses.popitem(last=False)[1])
        # Outside of the lock: somebody may be reading one of them, for as long as a forecast takes.
        for each in given_up:
            each.let_go()
        return analysis

    def work(self, ref: QueryRef) -> tuple[Profile, Query]:
        """Profile and query. One that is a part of another, or goes on with the history of others, has a revision that
        grows with all of them. Raises UnknownQuery."""
        profile, query = self.backend.work(ref)
        others = self._behind(query)
        return profile, replace(query, revision=sum(each.revision for each in (query, *others))) if others else query

    def _behind(self, query: Query) -> list[Query]:
        """The queries whose facts it shows beside or instead of its own, and those behind them."""
        whole = whole_list(self.backend, query)
        near = [whole] if whole is not None else earlier_lists(self.backend, query)
        return [each for query in near for each in (query, *self._behind(query))]

    def _loaded(self, query: Query) -> QueryFacts:
        whole = whole_list(self.backend, query)
        if whole is None:
            return self._with_history(query)
        profile, present = self.work(whole.ref)
        for (known, *_), analysis in self._analyses.items():
            facts = analysis.facts
            is_present = known == whole.ref and facts.query.revision == present.revision
            if is_present and self._hold_for(facts, present, profile):
                return replace(facts, profile=profile, query=query)
        return replace(self._with_history(present), query=query)

    def _with_history(self, query: Query) -> QueryFacts:
        """Its facts, and what went before them in another tracker; of them all from here on, as one."""
        if not earlier_lists(self.backend, query):
            return self.backend.load_facts(query.ref)
        return replace(whole_facts(self.backend, query.ref), query=query)

    def snapshots(self, ref: QueryRef) -> list[Snapshot]:
        """What was recorded week by week, with the weeks before its work moved here."""
        query = self.backend.get_query(ref)
        own = self.backend.list_snapshots(ref)
        lists = earlier_lists(self.backend, query) if query is not None else []
        before = [each for earlier in lists for each in self.snapshots(earlier.ref)]
        known = {(each.week, each.metric) for each in own}
        older = [each for each in before if (each.week, each.metric) not in known]
        return sorted((*older, *own), key=lambda each: (each.week, each.metric)) if older else own

    def _facts(self, query: Query, profile: Profile) -> QueryFacts:
        """Those of an analysis with other settings where there is one: loading them once more would double them."""
        for (known, known_revision, *_), analysis in self._analyses.items():
            if (known, known_revision) == (query.ref, query.revision) and self._hold_for(
                analysis.facts, query, profile
            ):
                return replace(analysis.facts, profile=profile, query=query)
        return self._loaded(query)

    def _hold_for(self, facts: QueryFacts, query: Query, profile: Profile) -> bool:
        """Whether they are what would be read with these settings: two histories are joined by the days of a zone."""
        from app.settings import calendar_of  # noqa: PLC0415

        return not self._behind(query) or calendar_of(facts.profile) == calendar_of(profile)

    def _built(self, facts: QueryFacts, params: Params) -> Built | None:
        """The items of an analysis of the same facts, where other settings make no others."""
        from app.domain.known import makes_same_items  # noqa: PLC0415

        for each in self._analyses.values():
            is_same = each.facts.issues is facts.issues and each.facts.changes is facts.changes
            if is_same and makes_same_items(facts, params, each.params):
                return each.built
        return None

    def _may_keep(self, analyses: Collection[Analysis]) -> bool:
        items = sum(len(analysis.facts.issues) for analysis in analyses)
        return len(analyses) <= 2 or (len(analyses) <= _KEPT_ANALYSES and items <= _KEPT_ITEMS)

    def _outdated(self, ref: QueryRef, revision: int) -> list[Analysis]:
        """Those of the query before its last change, which nobody asks for again: of 22,000 issues 50 to 90 MB each."""
        old = [key for key in self._analyses if key[0] == ref and key[1] < revision]
        return [self._analyses.pop(key) for key in old]

    def latest(self, name: str, sources: object, derive: Callable[[], Result]) -> Result:
        """What was worked out under this name last, where it was made of the same `sources`; else it is anew."""
        known, result = self._latest.get(name, (None, None))
        if known != sources:
            result = derive()
            self._latest[name] = sources, result
        return cast("Result", result)

    def latest_known(self, name: str, sources: object, derive: Callable[[], Result | None]) -> Result | None:
        """The same, where `derive` may put it off: None is not kept."""
        known, before = self._latest.get(name, (None, None))
        if known == sources:
            return cast("Result", before)
        result = derive()
        if result is not None:
            self._latest[name] = sources, result
        return result

    def forget_analyses(self) -> None:
        """For when another database is in place, whose revisions may be numbered like those of before."""
        with self._lock:
            self._analyses.clear()
            self._latest.clear()

    def record(self, ref: QueryRef, facts: QueryFacts | None = None, at: datetime | None = None) -> str:
        """Store this week's snapshot and the forecast result. Called after every change of data; the rest as above.

        The change is saved by then: that this cannot be stored is no failure of it, but a sentence, else nothing.
        """
        warning = self._record(ref, facts, at)
        parts = (each for each in self.backend.list_queries(ref.profile_id) if is_part_of(each, ref))
        return next(filter(None, [warning, *(self._record(each.ref, None, at) for each in parts)]), "")

    def _record(self, ref: QueryRef, facts: QueryFacts | None, at: datetime | None) -> str:
        try:
            analysis = self.analysis(ref, facts=facts, at=at)
            forecast = forecast_made(analysis)
            with self.backend.transaction():
                self.backend.save_snapshots(ref, analysis.snapshot())
                if forecast is not None:
                    self.backend.save_forecast(ref, forecast)
            if forecast is not None:
                self._take_down(ref, forecast)
        except NotWritable as exc:
            _log.warning("this week's numbers were not recorded", exc_info=True)
            return N_("The data are saved, but this week's forecast could not be recorded: {exc}.", exc=reason(exc))
        return ""

    def _take_down(self, ref: QueryRef, forecast: ForecastMade) -> None:
        with self._lock:
            for (known, *_), analysis in self._analyses.items():
                if known == ref:
                    analysis.take_down(forecast)

    def change_profile(self, ref: QueryRef, change: Callable[[Profile], Profile], *named: str) -> None:
        """Of the profile as it stands then: what somebody else set meanwhile stays. One that is gone is left so.

        `named`: the settings that this chooses, of which it is noted who did.
        """
        with self.backend.transaction():
            profile = self.backend.get_profile(ref.profile_id)
            if profile is None:
                return
            facts = self._known_facts(ref)
            self.backend.save_profile(change(profile))
            note_chosen(self.backend, of_project(ref), named, self.clock())
            if facts is not None:
                profile, query = self.work(ref)
                holds = self._hold_for(facts, query, profile)
                facts = replace(facts, profile=profile, query=query) if holds else None
        self.record(ref, facts)

    def _known_facts(self, ref: QueryRef) -> QueryFacts | None:
        """The query's present facts, where an analysis has them: what is in the store then is what it was made of."""
        present = (ref, self.work(ref)[1].revision)
        with self._lock:
            of_it = (each.facts for key, each in self._analyses.items() if key[:2] == present)
            return next(of_it, None)

    def change_query(self, ref: QueryRef, change: Callable[[Query], Query], *named: str) -> Query:
        """The same of a work list; as it was. Nothing is recorded. Raises UnknownQuery."""
        with self.backend.transaction():
            query = self.backend.get_query(ref)
            if query is None:
                raise UnknownQuery(N_("This work list is not here any more. Choose another one."))
            self.backend.save_query(change(query))
            note_chosen(self.backend, ref, named, self.clock())
        return query

    def record_day_of_use(self, ref: QueryRef) -> bool:
        """Store the snapshot of a day on which the data is looked at but did not change; whether it did.

        Not on the day of a takeover: what the old app recorded stands alone until the next day.
        """
        now = self.clock()
        journal = self.backend.list_migrations()
        if journal and journal[-1].finished_at.date() == now.date():
            return False
        if any(forecast.made_at.date() == now.date() for forecast in self.backend.list_forecasts(ref)):
            return False
        return not self.record(ref)


def forecast_made(analysis: Analysis) -> ForecastMade | None:
    """The analysis' forecast as the record that is kept; None where there is none."""
    result = analysis.forecast
    if isinstance(result, NotEnoughData):
        return None
    return ForecastMade(
        made_at=analysis.params.now,
        as_of=result.as_of,
        unit=analysis.params.unit,
        method=result.settings.method,
        remaining=result.remaining,
        weeks=result.weeks,
        window=analysis.params.window or len(result.samples),
        trials=result.settings.trials,
        seed=result.settings.seed,
        deadline=analysis.params.deadline,
        chance=analysis.chance,
    )


# -- a work list that goes on in another one, because its team moved to another tracker -----------------
#
# Both are kept as they are, and joined when they are read: nothing that a sync or an import brings later can take the
# earlier history away, and to keep them apart again is to forget that they belong together.


def earlier_lists(backend: PersistenceBackend, query: Query) -> list[Query]:
    """Those whose history goes on in this one; one that is gone, says otherwise or is a part of another is none.

    Neither is one in which this one's own history goes on, as only an edited file says it: whoever follows these lists
    comes to an end.
    """
    earlier = earlier_of(query)
    if not earlier:
        return []
    lists = {each.id: each for each in backend.list_queries(query.profile_id)}
    onwards = goes_on_in(query, lists)
    if len(onwards) >= _MOST_MOVES:
        return []
    there = (lists[each] for each in earlier if each in lists and each not in {query.id, *onwards})
    return [each for each in there if joined_into(each) == query.id and part_of(each) is None]


def later_list(backend: PersistenceBackend, query: Query) -> Query | None:
    """The one that holds this one's history as well, where it is still there."""
    into = joined_into(query)
    later = backend.get_query(QueryRef(query.profile_id, into)) if into else None
    if later is None or all(each.id != query.id for each in earlier_lists(backend, later)):
        return None
    return later


def whole_list(backend: PersistenceBackend, query: Query) -> Query | None:
    """What it is a part of, where that is still there; one that is a part itself is none."""
    part = part_of(query)
    whole = backend.get_query(QueryRef(query.profile_id, part.query_id)) if part is not None else None
    return whole if whole is not None and part_of(whole) is None else None


def whole_facts(backend: PersistenceBackend, ref: QueryRef) -> QueryFacts:
    """The facts of a query joined with those that went before; its own where none did. Raises UnknownQuery."""
    facts = backend.load_facts(ref)
    before = earlier_lists(backend, facts.query)
    if not before:
        return facts
    # Who works with a list that never moved needs none of it.
    from app.domain.one_history import joined  # noqa: PLC0415
    from app.settings import calendar_of  # noqa: PLC0415

    calendar = calendar_of(facts.profile)
    for each in before:
        old = whole_facts(backend, each.ref)
        move = move_of(old.project_data)
        if move is not None and move.into == ref.query_id:
            facts = joined(facts, old, move, calendar)
    return facts
