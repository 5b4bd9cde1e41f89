"""Bring a query's issues from Jira into the store: plan, fetch, map, save.

First what changed since the last sync is asked for, then the ids of everything that the query matches are listed: the
list tells what was deleted or left the query, and what is not here yet. That is fetched by its ids, several pages side
by side, or one while the last is read where the server answers at once; a first sync fetches everything in this way.
Pages are stored as they come, each in a transaction of its own, so that a cut sync goes on with those that are missing.
Issues and histories change only at the end, all at once: until then the old data is served.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from app.domain.guesses import Guesses
from app.domain.statuses import given_up
from app.jira import jql as jqls
from app.jira.board import read_boards
from app.jira.client import PAGE, JiraClient
from app.jira.errors import BadAnswer, BadJql, ExpiredToken, NothingFound, WrongToken
from app.jira.http.waits import Attentive
from app.jira.mapping.mapping import Doubt, Mapped, sprint_of
from app.jira.mapping.sprints import named, settle_sprints
from app.jira.sync.arrivals import Arrivals
from app.jira.sync.aside import keep_aside
from app.jira.sync.plan import Plan, Planner
from app.jira.sync.staging import (
    DELTA,
    FULL,
    Run,
    Synced,
    forget_authors,
    forget_superseded,
    load_synced,
    save_cursor,
    save_synced,
)
from app.jira.sync.sweep import Listed, require_room, short_warning, skipped_warning, sweep
from app.jira.sync.update import Saved, Update, by_id, cut_texts
from app.jobs import NoProgress, Progress
from app.turns import syncing
from app.words import N_
from store.backend import PersistenceBackend
from store.documents import boards_of
from store.records import Category, IssueKey, QueryRef, Sprint

# Within it a cut sync goes on from what it has; after it the server is asked for everything again.
LIFETIME = timedelta(hours=24)
# Sprints that may have been started or closed since; a project with more of them open at once is none.
_OPEN_SPRINTS = 30
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def _utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one sync did. `fetched`: issues that came; `changed`: those new or different; `removed`: deleted or
    out of the query; `issue_changes`: field changes learned; `requests`: everything that its client sent, also before
    it. `warnings`: sentences for the user."""

    ref: QueryRef
    query: str
    mode: str
    fetched: int
    changed: int
    removed: int
    issue_changes: int
    requests: int
    seconds: float
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """One entry of the document of the `sync` command."""
        numbers = {name: value for name, value in asdict(self).items() if name not in ("ref", "warnings")}
        return numbers | {"query_id": self.ref.query_id, "warnings": list(self.warnings)}


def sync(
    client: JiraClient,
    backend: PersistenceBackend,
    ref: QueryRef,
    *,
    full: bool = False,
    progress: Progress | None = None,
    lifetime: timedelta = LIFETIME,
    authors: bool = False,
    page: int = PAGE,
    now: Callable[[], datetime] = _utc_now,
    ticks: Callable[[], float] = time.monotonic,
) -> SyncResult:
    """Bring the query up to date; `full` asks for everything again, `page` issues at a time; `authors`: changes keep
    who made them. Raises JiraError, Cancelled, StoreError, or Busy while another member of a team is at it.

    Whatever it raises, the stored issues are as they were, and the pages fetched so far are kept.
    """
    start, heard = ticks(), Attentive(progress or NoProgress(), lambda: client.doing)
    planner = Planner(client, backend, ref, now)
    heard.step(0, 1, N_("Asking Jira what is there"))
    # A server may fall silent at any request, and a Stop is heard at each of them.
    with client.heard_by(heard.wait), syncing(backend, ref):
        try:
            plan = planner.plan(full, lifetime, authors)
        except WrongToken as exc:
            if load_synced(backend, ref) is None:
                raise
            raise ExpiredToken(N_("The token worked before. {exc}", exc=exc)) from exc
        try:
            saved = _Sync(client, backend, ref, plan, heard, page, now, ticks).carry_out()
        except WrongToken as exc:
            raise ExpiredToken(N_("The token worked a moment ago. What was fetched is kept. {exc}", exc=exc)) from exc
    return SyncResult(
        ref=ref,
        query=plan.query.name,
        mode=plan.cursor.mode,
        fetched=saved.fetched,
        changed=saved.changed,
        removed=saved.removed,
        issue_changes=saved.issue_changes,
        requests=client.requests,
        seconds=round(ticks() - start, 3),
        warnings=saved.warnings,
    )


class _Sync:
    """One sync of one query."""

    def __init__(
        self,
        client: JiraClient,
        backend: PersistenceBackend,
        ref: QueryRef,
        plan: Plan,
        progress: Attentive,
        page: int,
        now: Callable[[], datetime],
        ticks: Callable[[], float],
    ) -> None:
        self.client, self.backend, self.ref, self.plan, self.progress = client, backend, ref, plan, progress
        self.page, self.now = page, now
        self.arrivals = Arrivals(backend, ref, plan, client.site, progress, now, ticks)
        self.warnings: list[str] = []
        self._seen: tuple[int, list[IssueKey]] | None = None

    def carry_out(self) -> Saved:
        listed = self._fetch()
        if not listed.refs:
            raise NothingFound(
                N_(
                    "The query matches nothing, or nothing that this account may see. Check the query and "
                    "the project; what was stored before is unchanged."
                )
            )
        self._fetch_missing(listed.refs)
        refs = self._believed(listed)
        self._tell_skipped(refs)
        sprints = self._sprints_now(self.arrivals.mapped.values())
        order = self._order_now()
        self._say(N_("Saving"))
        saved = self._save(refs, sprints, order)
        came = self.arrivals.mapped.values()
        cut = cut_texts(each.issue for each in came)
        return replace(saved, warnings=(*saved.warnings, *self.warnings, *cut, *_guesses(came).sentences()))

    # -- fetch --------------------------------------------------------------------------------------

    def _fetch(self) -> Listed:
        """What changed, and then what the query matches."""
        if self.plan.changed is not None:
            self._search(self.plan.changed)
        return sweep(
            self.client,
            jqls.by_key(self.plan.query.jql),
            lambda listed: self._say(N_("Looking at what is there: {listed:,} issues so far", listed=listed)),
        )

    def _search(self, jql: str) -> None:
        came = 0
        for page in self.client.search(jql, self.plan.fields, self.plan.history_fields):
            came += len(page.issues)
            require_room(came)
            self.arrivals.keep(page)

    def _believed(self, listed: Listed) -> dict[str, str]:
        """The key by id of everything in the query: as listed, or where the list falls short of Jira's own count, with
        all that is stored."""
        keys, full = frozenset(listed.refs.values()), self.plan.cursor.mode == FULL
        if not full and all(each.key in keys for each in self._stored() if each.in_query):
            return listed.refs
        counted = self.plan.total if full else self.client.count(jqls.whole(self.plan.query.jql))
        if not listed.falls_short(counted):
            return listed.refs
        if full:
            # What such a list leaves out, a search for everything may still bring.
            self._search(jqls.by_update(self.plan.query.jql, None))
        self.warnings.append(short_warning(len(listed.refs), counted))
        previous = self.plan.previous
        same_server = previous is None or previous.base_url == self.client.base_url
        return replace(listed, refs=self.arrivals.keys | listed.refs).with_stored(self._stored() if same_server else ())

    def _tell_skipped(self, refs: Mapping[str, str]) -> None:
        skipped = self.arrivals.skipped & refs.keys()
        if skipped and self.plan.cursor.mode == FULL and not self.arrivals.mapped:
            raise BadAnswer(
                N_(
                    "Jira sent its issues without status and dates. Try again later; what was stored "
                    "before is unchanged."
                )
            )
        if skipped:
            self.warnings.append(skipped_warning(len(skipped)))

    def _fetch_missing(self, refs: Mapping[str, str]) -> None:
        """What the sweep saw and neither the store nor this sync has: it slipped through, or came back."""
        missing = self._missing(refs)
        plan, arrivals = self.plan, self.arrivals
        pages = self.client.by_ids(missing, plan.fields, plan.history_fields, self.progress.wait, self.page)
        try:
            with self.client.used_for(arrivals.work):
                for page in pages:
                    arrivals.put_off(page)
                    # Asked by other threads the server works anyhow.
                    if not self.client.answers_at_once():
                        arrivals.work_all()
        finally:
            # What was fetched is kept, whatever became of the rest.
            arrivals.work_all()

    def _missing(self, refs: Mapping[str, str]) -> list[str]:
        came = self.arrivals.keys
        missing = [issue_id for issue_id, key in refs.items() if came.get(issue_id) != key]
        if self.plan.cursor.mode != DELTA:
            return missing
        stored = by_id(self._stored())
        have = {issue_id: each.key for issue_id, each in stored.items() if each.in_query and issue_id not in came}
        unsure = self.arrivals.skipped.union(self.plan.previous.skipped if self.plan.previous else ())
        return [issue_id for issue_id in missing if have.get(issue_id) != refs[issue_id] or issue_id in unsure]

    def _stored(self) -> list[IssueKey]:
        """What is stored of the query, read again only when something changed it since."""
        revision = self.backend.revision(self.ref)
        if self._seen is None or self._seen[0] != revision:
            self._seen = revision, self.backend.list_keys(self.ref)
        return self._seen[1]

    def _sprints_now(self, mapped: Iterable[Mapped]) -> list[Sprint]:
        """What Jira says of each sprint. Closing or renaming one updates no issue, so the open ones are asked for."""
        stored = self.backend.list_sprints(self.ref)
        # Of several answers about a sprint the one from the issue last updated is the newest.
        named = sorted((each for each in mapped if each.sprints), key=lambda each: each.issue.updated or _EARLIEST)
        sprints = {_identity(sprint): sprint for each in named for sprint in each.sprints}
        known = {_identity(sprint): sprint for sprint in stored} | sprints
        still_open = [each for each in known.values() if each.source_id and each.state != "closed"]
        for sprint in still_open[-_OPEN_SPRINTS:]:
            self._say(N_("Looking at the open sprints"))
            answer = self.client.sprint(sprint.source_id)
            now = sprint_of(answer) if answer is not None else None
            if now is not None and now.source_id == sprint.source_id:
                sprints[_identity(now)] = now
        return list(sprints.values())

    def _order_now(self) -> tuple[str, ...]:
        """The statuses as the boards have them that are fetched; as they were, where a board is no longer shown."""
        numbers = boards_of(self.plan.query)
        if not numbers:
            return ()
        self._say(N_("Looking at the columns of the board"))
        try:
            return read_boards(self.client, numbers).order(self.client.statuses())
        except BadJql as exc:
            self.warnings.append(N_("The order of the statuses stays as it was. {exc}", exc=exc))
            return self.plan.previous.statuses if self.plan.previous is not None else ()

    def _say(self, text: str) -> None:
        """What is done after the fetching, which takes nearly all of the time."""
        self.progress.step(99, 100, text)

    # -- save ---------------------------------------------------------------------------------------

    def _save(self, refs: Mapping[str, str], sprints: Sequence[Sprint], order: tuple[str, ...]) -> Saved:
        """Everything at once: what came, what went, where the pages are, and that this sync is complete."""
        now, plan, arrivals = self.now(), self.plan, self.arrivals
        synced, previous = self._synced(now), plan.previous
        same_server = previous is None or previous.base_url == synced.base_url
        same_query = same_server and (previous is None or previous.jql == synced.jql)
        with self.backend.transaction():
            if previous is not None and not same_server:
                stored = self.backend.list_issues(self.ref)
                words = keep_aside(self.backend, self.ref, stored, refs, previous.base_url, now)
                self.warnings += [words] if words else []
            # First, so that what is stored and what came call every sprint the same.
            names = settle_sprints(self.backend, self.ref, sprints, arrivals.mapped.values(), same_server)
            update = Update(self.backend, self.ref, self._stored(), same_server, now if same_query else None)
            mapped = {issue_id: named(each, names) for issue_id, each in arrivals.mapped.items()}
            saved = update.apply(mapped, arrivals.incomplete, refs)
            if not plan.mapping.authors and update.forget_authors():
                forget_authors(self.backend, self.ref)
            synced = replace(
                synced,
                skipped=tuple(sorted(arrivals.skipped & refs.keys())),
                statuses=order,
                new=saved.new,
                changed=saved.changed - saved.new,
                removed=saved.removed,
            )
            save_synced(self.backend, self.ref, synced, len(refs), now)
            save_cursor(self.backend, self.ref, None)
        if previous is not None and plan.cursor.mode != DELTA:
            forget_superseded(self.backend, self.ref, _unused(previous.runs, synced.runs), now)
        return saved

    def _synced(self, now: datetime) -> Synced:
        """What is noted of this sync."""
        cursor, previous = self.arrivals.cursor, self.plan.previous
        runs = (*previous.runs, cursor.run) if cursor.mode == DELTA and previous is not None else (cursor.run,)
        return Synced(
            fingerprint=cursor.fingerprint,
            base_url=self.client.base_url,
            jql=self.plan.query.jql,
            clock=cursor.clock,
            synced_at=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            generation=int(cursor.run.prefix.partition("/")[0]),
            runs=tuple(run for run in runs if run.pages),
            fields=self.plan.known,
            site=self.client.site,
        )


def _guesses(issues: Collection[Mapped]) -> Guesses:
    """What had to be guessed about the issues that came, and how many of them were given up."""
    doubts = Counter(chain.from_iterable(mapped.doubts for mapped in issues if mapped.doubts))
    done = Counter((m.issue.status, m.issue.resolution) for m in issues if m.issue.category is Category.DONE)
    words: Counter[str] = Counter()
    for (status, resolution), number in done.items():
        if word := given_up(status, resolution):
            words[word] += number
    return Guesses(categories=doubts[Doubt.CATEGORY], points=doubts[Doubt.POINTS], given_up=words)


def _identity(sprint: Sprint) -> str:
    """Its id; where none is told, its name stands for it."""
    return sprint.source_id or f"name {sprint.name}"


def _unused(old: Sequence[Run], new: Sequence[Run]) -> list[Run]:
    used = {run.prefix for run in new}
    return [run for run in old if run.prefix not in used]
