"""Jira as the pages use it: tried, connected, asked again. Always in the worker: a server may take its time.

The names of the jobs are what the strip says. HTTP and certificates take a tenth of a second to import, so they
are imported in the worker, when first needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING

from app import logs
from app.actions import deleted, tokens, track_record
from app.actions.files import local_zone_name
from app.actions.projects import WORK_NAME
from app.actions.token_places import server_of, server_with, why_elsewhere
from app.context import Context
from app.errors import AppError, BadInput, Busy
from app.jira.errors import BadJql, NothingFound
from app.jira.form import Attempt, Checked, Examined, Saved, Wish
from app.jira.http.address import places
from app.jira.http.authorities import kept_authorities
from app.jira.http.login import clean_email
from app.jobs import Progress
from app.settings import cache_lifetime, keeps_authors
from app.turns import note_chosen
from app.words import N_
from store import files
from store.documents import connection_of, joined_into, sync_note_of, with_boards
from store.errors import NotWritable, StoreError, not_writable
from store.records import Profile, ProjectData, Query, QueryRef

if TYPE_CHECKING:
    from app.jira.client import JiraClient
    from app.jira.connect import Request
    from app.jira.sync.sync import SyncResult

TEST_JOB, CONNECT_JOB = N_("Testing the connection"), N_("Connecting to Jira")
CHECK_JOB, QUERY_JOB = N_("Checking the query"), N_("Saving the query")
SYNC_JOB = N_("Jira sync")
# Under which it is noted who changed a query.
JQL = "jql"
JOBS = (TEST_JOB, CONNECT_JOB, CHECK_JOB, QUERY_JOB, SYNC_JOB)

_LARGEST_CA_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a sync of one or more queries did. `failed`: (query, why) of those that Jira refused, when others did."""

    results: tuple[SyncResult, ...]
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LastSync:
    """When the query was last brought up to date, how many issues it matched, and whether its JQL is still that.

    `brought`: issues new, changed and removed; None where nobody counted.
    """

    at: datetime
    issues: int
    is_current: bool
    brought: tuple[int, int, int] | None = None


def is_connected(profile: Profile | None) -> bool:
    return profile is not None and bool(connection_of(profile).base_url)


def last_sync(data: ProjectData | None, query: Query) -> LastSync | None:
    """From the query's facts; None when it never came from Jira."""
    note = sync_note_of(data)
    return LastSync(note.at, note.issues, note.jql == query.jql, note.brought) if note is not None else None


# -- trying and connecting ------------------------------------------------------------------------------


def test(ctx: Context, wish: Wish) -> None:
    """Result: Examined. Nothing is saved."""
    wishes = [wish]

    def run(progress: Progress) -> Examined:
        from app.jira.examine import examine  # noqa: PLC0415 see the module's docstring

        return examine(_request(ctx, wishes.pop()), ctx.network.asking(TEST_JOB), progress).examined

    _submit(ctx, TEST_JOB, run)
    ctx.attempt = Attempt(TEST_JOB, wish.without_secrets(), ctx.clock())


def connect(ctx: Context, wish: Wish) -> None:
    """Result: Saved; the query is then fetched by the next job. Nothing is saved unless everything is right."""
    # Not kept in the job itself, which stays listed after its end: the token is only where the user wants it.
    wishes = [wish]

    def run(progress: Progress) -> Saved:
        return _connect(ctx, wishes.pop(), progress)

    _submit(ctx, CONNECT_JOB, run)
    ctx.attempt = Attempt(CONNECT_JOB, wish.without_secrets(), ctx.clock())


def _connect(ctx: Context, wish: Wish, progress: Progress) -> Saved:
    from app.jira.connect import check_names, save_connection  # noqa: PLC0415 see the module's docstring
    from app.jira.examine import examine, needed  # noqa: PLC0415

    request = _request(ctx, wish)
    check_names(request)
    _require_meant(ctx, wish)
    is_moved = bool(request.token) and (bool(wish.token) or wish.where != _place_of(ctx, wish))
    tokens.check_place(ctx, wish.where if is_moved else "memory", wish.passphrase)
    trial = examine(request, ctx.network.asking(CONNECT_JOB), progress)
    connected = save_connection(ctx.backend, trial.request, needed(trial), now=ctx.clock(), zone_name=local_zone_name())
    origin = server_with(ctx, connected.tested.base_url, wish.ca_file)
    warning = _keep_token(ctx, connected.ref.profile_id, origin, request.token, wish) if is_moved else ""
    return Saved(connected.ref, " ".join(filter(None, (warning, _fetch_next(ctx, connected.ref)))))


def _require_meant(ctx: Context, wish: Wish) -> None:
    """The job may have waited: raises BadInput where the profile that was meant is gone, or called otherwise by now."""
    named = _named(ctx, wish)
    if wish.profile_id and (named is None or named.id != wish.profile_id):
        raise BadInput(
            N_("“{profile}” is no longer what it was when this was asked for. Nothing was saved.", profile=wish.profile)
        )


def _keep_token(ctx: Context, profile_id: str, origin: str, token: str, wish: Wish) -> str:
    """Where the user wants it. A keyring may refuse at the last moment: the token is then kept for now."""
    try:
        tokens.move(ctx, profile_id, origin, token, wish.where, wish.passphrase)
    except (AppError, StoreError) as exc:
        return N_("The token is kept only until Burndown ends. {exc}", exc=exc)
    return ""


def _request(ctx: Context, wish: Wish) -> Request:
    """What the form says as the engine wants it. Raises WrongAddress for an address that cannot be one, BadLogin
    for a login."""
    from app.jira.connect import Request  # noqa: PLC0415 see the module's docstring

    logs.hide(wish.passphrase)
    token, email = tokens.known(wish.token), clean_email(wish.email)
    token = token or tokens.known(_kept_token(ctx, wish))
    ca_file = kept_authorities(ctx.profiles_dir, wish.ca_file)
    return Request(wish.url, wish.profile, wish.query, wish.jql, email, token, ca_file, wish.ca_file)


def _kept_token(ctx: Context, wish: Wish) -> str:
    """The token of the profile of that name, but never for another server, or with other authorities, than it was
    entered for.

    Raises WrongAddress.
    """
    may_mean, profile = places(wish.url), _named(ctx, wish)
    if profile is None:
        return ""
    return ctx.secrets.get(profile.id, server_with(ctx, may_mean[0], wish.ca_file)) or ""


def _place_of(ctx: Context, wish: Wish) -> str:
    """Where the token of the profile of that name is kept; "memory" for a new one."""
    profile = _named(ctx, wish)
    return tokens.place_of(ctx, profile.id) if profile is not None else "memory"


def _named(ctx: Context, wish: Wish) -> Profile | None:
    name = " ".join(wish.profile.split()).casefold()
    return next((each for each in ctx.backend.list_profiles() if each.name.casefold() == name), None)


def save_ca_file(ctx: Context, data: bytes) -> str:
    """Keep a file of certificate authorities in the data folder; its name there. Raises BadInput."""
    if len(data) > _LARGEST_CA_FILE or b"-----BEGIN CERTIFICATE-----" not in data:
        raise BadInput(N_("This file holds no certificates. A text file that begins with BEGIN CERTIFICATE is needed."))
    name = f"jira-ca-{hashlib.sha256(data).hexdigest()[:12]}.pem"
    try:
        files.make_folder(ctx.profiles_dir)
        with files.replacing(ctx.profiles_dir / name) as stream:
            stream.write(data)
    except OSError as exc:
        raise not_writable(N_("The certificates could not be kept in the data folder"), exc) from exc
    return name


# -- saved queries --------------------------------------------------------------------------------------


def check_query(ctx: Context, profile_id: str, jql: str) -> None:
    """Result: Checked. Nothing is saved."""

    def run(progress: Progress) -> Checked:
        return _counted(ctx, profile_id, jql, progress)

    _submit(ctx, CHECK_JOB, run)


def save_query(ctx: Context, profile_id: str, query_id: str | None, name: str, jql: str) -> None:
    """Add a query to the profile, or change one, once Jira understands it and it matches something; then fetch it.

    `jql` may name boards in place of a query. Result: Saved.
    """

    def run(progress: Progress) -> Saved:
        before = _present(ctx, profile_id, query_id, name)
        is_as_before = before is not None and before.jql == jql.strip()
        counted = None if is_as_before else _counted(ctx, profile_id, jql, progress)
        now = ctx.clock()
        query = before or Query(profile_id, f"q_{token_hex(6)}", "", created_at=now, last_used=now)
        with ctx.backend.transaction():
            present = query if before is None else _unchanged(ctx, before)
            changed = replace(present, name=" ".join(name.split()), updated_at=now)
            if counted is not None:
                changed = with_boards(replace(changed, jql=counted.jql), counted.boards)
            ctx.backend.save_query(changed)
            note_chosen(ctx.backend, query.ref, (WORK_NAME, JQL), now)
            ctx.backend.switch_query(query.ref, now)
        return Saved(query.ref, _fetch_next(ctx, query.ref))

    _submit(ctx, QUERY_JOB, run)


def _unchanged(ctx: Context, before: Query) -> Query:
    """As it is by now: Jira took its time to count. Raises BadInput where somebody else changed the same meanwhile."""
    present = ctx.backend.get_query(before.ref)
    if present is None:
        raise BadInput(N_("This work list no longer exists. Reload the page."))
    if (present.name, present.jql) != (before.name, before.jql):
        raise BadInput(
            N_("Somebody else, or another window of yours, changed this work list at this moment. Nothing was changed.")
        )
    return present


def _counted(ctx: Context, profile_id: str, jql: str, progress: Progress) -> Checked:
    from app.jira.examine import count_matches  # noqa: PLC0415 see the module's docstring

    with _client(ctx, _profile(ctx, profile_id), CHECK_JOB, progress) as client:
        return count_matches(client, jql, progress)


def _present(ctx: Context, profile_id: str, query_id: str | None, name: str) -> Query | None:
    """The query that is to be changed; None for a new one. Raises BadInput for a name that cannot be used."""
    plain = " ".join(name.split())
    if not plain or len(plain) > 200:
        raise BadInput(N_("The name of the work list must have 1 to 200 characters."))
    queries = ctx.backend.list_queries(profile_id)
    if any(each.name.casefold() == plain.casefold() and each.id != query_id for each in queries):
        raise BadInput(
            N_("There is a work list called {plain} in this project already. Choose another name.", plain=plain)
        )
    if query_id is None:
        return None
    query = next((each for each in queries if each.id == query_id), None)
    if query is None:
        raise BadInput(N_("This work list no longer exists. Reload the page."))
    return query


def remove_query(ctx: Context, ref: QueryRef) -> Query:
    """Delete the query with all that is stored of it; it can be put back. Raises BadInput, Busy."""
    if any(under_way(ctx, job) for job in JOBS):
        raise Busy(N_("Jira is being asked at the moment. Wait until it is done, or stop it, and try again."))
    return deleted.delete_work(ctx, ref)


# -- syncing --------------------------------------------------------------------------------------------


def sync(ctx: Context, refs: Sequence[QueryRef], full: bool = False) -> None:
    """Result: Fetched. Raises Busy while a sync waits or runs, Offline where nothing may go out."""
    track_record.give_way(ctx)
    _submit_sync(ctx, refs, full)


def sync_refs(ctx: Context, profile_id: str) -> list[QueryRef]:
    """The profile's queries that can be fetched; one that goes on in another one asks a tracker of before."""
    return [query.ref for query in ctx.backend.list_queries(profile_id) if query.jql and not joined_into(query)]


def under_way(ctx: Context, job: str) -> bool:
    state = ctx.jobs.state(job)
    return state is not None and state.status in ("waiting", "running")


def _submit_sync(ctx: Context, refs: Sequence[QueryRef], full: bool) -> None:
    ctx.network.permit()
    about = refs[0].profile_id if refs else ""
    ctx.jobs.submit(SYNC_JOB, lambda progress: _sync(ctx, refs, full, progress), about)


def _fetch_next(ctx: Context, ref: QueryRef) -> str:
    """Fetch what was just saved, after this job; where another sync waits already, a sentence that says so."""
    try:
        _submit_sync(ctx, [ref], full=False)
    except Busy:
        return N_("Another sync was asked for meanwhile. Sync this work list when that one is done.")
    return ""


def _sync(ctx: Context, refs: Sequence[QueryRef], full: bool, progress: Progress) -> Fetched:
    results: list[SyncResult] = []
    failed: list[tuple[str, str]] = []
    for ref in refs:
        try:
            results.append(_sync_one(ctx, ref, full, progress))
        except (BadJql, NothingFound, NotWritable, Busy) as exc:
            # One query that Jira refuses says nothing about the others; a full disk does not undo those before.
            if len(refs) == 1:
                raise
            query = ctx.backend.get_query(ref)
            failed.append((query.name if query else "", str(exc)))
    return Fetched(tuple(results), tuple(failed))


def _sync_one(ctx: Context, ref: QueryRef, full: bool, progress: Progress) -> SyncResult:
    from app.jira.examine import watched  # noqa: PLC0415 see the module's docstring
    from app.jira.sync.sync import sync as sync_query  # noqa: PLC0415

    profile = _profile(ctx, ref.profile_id)
    with _client(ctx, profile, SYNC_JOB, progress) as client:
        # A server that is silent is silent from the beginning, mostly: there a Stop is heard at once.
        watched(progress, N_("Asking Jira"), client.server)
        lifetime, authors = cache_lifetime(profile), keeps_authors(profile)
        result = sync_query(client, ctx.backend, ref, full=full, progress=progress, lifetime=lifetime, authors=authors)
    progress.step(99, 100, N_("Computing the forecast"))
    warning = ctx.record(ref)
    return replace(result, warnings=(*result.warnings, warning)) if warning else result


def _client(ctx: Context, profile: Profile, why: str, progress: Progress) -> JiraClient:
    from app.jira.connect import client_for, interruptible  # noqa: PLC0415 see the module's docstring

    token = tokens.known(ctx.secrets.get(profile.id, server_of(ctx, profile)) or "")
    why_not = "" if token else why_elsewhere(ctx, profile, ctx.secrets)
    purpose = ctx.network.asking(why)
    return client_for(profile, token, ctx.profiles_dir, purpose, why_not=why_not, wait=interruptible(progress))


def _profile(ctx: Context, profile_id: str) -> Profile:
    profile = ctx.backend.get_profile(profile_id)
    if profile is None:
        raise BadInput(N_("This project no longer exists. Choose another one."))
    return profile


def _submit(ctx: Context, name: str, run: Callable[[Progress], Examined | Checked | Saved]) -> None:
    ctx.network.permit()
    track_record.give_way(ctx)
    ctx.jobs.submit(name, run)
