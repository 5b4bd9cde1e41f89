"""Connecting a profile to Jira: find out which Jira it is, test, propose a mapping, save. And clients made from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from app.errors import BadInput
from app.jira import jql as jqls
from app.jira.board import query_of
from app.jira.client import JiraClient, Server, User
from app.jira.errors import NothingFound
from app.jira.form import MissingLogin
from app.jira.http.authorities import kept_authorities
from app.jira.http.login import clean_email, clean_token
from app.jira.http.transport import Connection, Limits, Transport
from app.jira.http.waits import Pausing
from app.jira.mapping.fields import Detected, StatusLists, detect, detect_statuses, detect_types, looked_at
from app.jira.mapping.mapping import with_legacy_points
from app.jira.shape import an_object, text
from app.jobs import Progress
from app.network import Purpose
from app.words import N_
from store.backend import PersistenceBackend
from store.documents import (
    connected,
    connection_of,
    field_mapping_of,
    meaning_of,
    with_boards,
    with_field_mapping,
    with_meaning,
    with_settings,
)
from store.placeholder import taken_placeholder
from store.records import Profile, Query, QueryRef
from store.settings import JiraConnection

NOTHING_MATCHES = N_(
    "Jira understands the query, but it matches nothing, or nothing that this account may "
    "see. Check the name of the project and the account's rights."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a user enters; `url` may be that of any of Jira's pages. `ca_saved_as`: the authority's file relative to
    the data folder, as it is to be kept."""

    url: str
    profile: str
    query: str
    jql: str
    email: str = ""
    token: str = field(default="", repr=False)
    ca_file: Path | None = None
    ca_saved_as: str = ""

    @property
    def connection(self) -> Connection:
        """Raises BadLogin for what cannot be a login."""
        return Connection(self.url, clean_email(self.email), clean_token(self.token), self.ca_file)


@dataclass(frozen=True, slots=True)
class Tested:
    """What Jira says before anything is saved: who it is, who we are, what matches, which fields hold what."""

    server: Server
    user: User
    base_url: str
    matches: int
    detected: Detected
    statuses: StatusLists
    types: Mapping[str, tuple[str, ...]]
    # What is fetched from now on: the query as it was entered, or that of the board which was named.
    jql: str
    # The numbers of the boards that were named.
    boards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Connected:
    """What was found and where it was saved."""

    tested: Tested
    ref: QueryRef

    def to_json(self) -> dict[str, Any]:
        """The document of the `connect` command."""
        tested = self.tested
        return {
            "deployment": tested.server.deployment.value,
            "version": tested.server.version,
            "user": tested.user.name,
            "matches": tested.matches,
            "profile_id": self.ref.profile_id,
            "query_id": self.ref.query_id,
            "title": tested.server.title,
            "evidence": [*tested.detected.evidence(), tested.statuses.evidence],
        }


def open_client(
    connection: Connection,
    purpose: Purpose,
    *,
    limits: Limits | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> JiraClient:
    """A client to be closed after use. Raises JiraError or BadLogin for an address, a certificate file or a login that
    cannot be used."""
    return JiraClient(Transport(connection, purpose, limits, wait), has_token=bool(clean_token(connection.token)))


def client_for(
    profile: Profile,
    token: str | None,
    data_folder: Path,
    purpose: Purpose,
    *,
    why_not: str = "",
    wait: Callable[[float], None] = time.sleep,
) -> JiraClient:
    """A client for a connected profile. Raises BadInput when it is not connected, MissingLogin when its token is not
    at hand; `why_not` says why, where that is known."""
    kept = connection_of(profile)
    if not kept.base_url:
        raise BadInput(N_("The project {name} is not connected to Jira. Connect it first.", name=profile.name))
    ca_file = kept_authorities(data_folder, kept.ca_file)
    if not token and kept.needs_token:
        unknown = N_(
            "The token for {name} is not at hand. Enter it again, or unlock the sealed tokens with your passphrase.",
            name=profile.name,
        )
        raise MissingLogin(why_not or unknown, "token")
    return open_client(Connection(kept.base_url, kept.email, token or "", ca_file), purpose, wait=wait)


def interruptible(progress: Progress, sleep: Callable[[float], None] = time.sleep) -> Pausing:
    """A `wait` that says why and lets the job be cancelled meanwhile."""
    return Pausing(progress, sleep)


def try_out(client: JiraClient, jql: str) -> Tested:
    """Ask everything that a connection needs to know; nothing is saved. `jql` may name boards in place of a query.

    Raises JiraError: for a wrong address first, then the token, then the query, then for a query without issues.
    """
    server, user = client.locate(), client.user()
    jql, boards = query_of(client, jql)
    query = jqls.newest(jql)
    # As it was entered, so that what Jira says about it speaks of nothing else.
    client.check_jql(jql)
    known = client.fields()
    sample = client.sample(query, looked_at(known))
    if not sample:
        raise NothingFound(NOTHING_MATCHES)
    types = (text(an_object(an_object(issue.get("fields")).get("issuetype")).get("name")) for issue in sample)
    statuses = client.statuses()
    return Tested(
        server=server,
        user=user,
        base_url=client.base_url,
        # Cloud counts approximately, and right after a change wrongly.
        matches=max(client.count(jqls.whole(jql)), len(sample)),
        detected=boards.estimated(detect(known, sample)),
        statuses=boards.placed(statuses, detect_statuses(statuses)),
        types=detect_types(filter(None, types)),
        jql=jql,
        boards=boards.numbers,
    )


def connect(
    client: JiraClient, backend: PersistenceBackend, request: Request, *, now: datetime, zone_name: str = "UTC"
) -> Connected:
    """Test and save: the profile with the connection and the mapping found, the query with its JQL.

    Both are made where they are new. The token is not saved here: see `store.secrets`. Raises JiraError or
    BadInput, and has changed nothing then.
    """
    check_names(request)
    return save_connection(backend, request, try_out(client, request.jql), now=now, zone_name=zone_name)


def check_names(request: Request) -> None:
    """Raises BadInput for names that cannot be used, before anything is asked of Jira."""
    _name(request.profile, "profile")
    _name(request.query, "query")


def save_connection(
    backend: PersistenceBackend, request: Request, tested: Tested, *, now: datetime, zone_name: str = "UTC"
) -> Connected:
    """What was tested becomes the profile's connection, and its query the active one. Raises BadInput."""
    with backend.transaction():
        profile = _profile(backend, _name(request.profile, "profile"), now, zone_name)
        backend.save_profile(_connected(profile, request, tested))
        query = _query(backend, profile.id, _name(request.query, "query"), now)
        backend.save_query(with_boards(replace(query, jql=tested.jql, updated_at=now), tested.boards))
        backend.switch_query(query.ref, now)
    return Connected(tested, query.ref)


def _name(text: str, what: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 200:
        raise BadInput(N_("The name of the {what} must have 1 to 200 characters.", what=what))
    return name


def _profile(backend: PersistenceBackend, name: str, now: datetime, zone_name: str) -> Profile:
    same = (each for each in backend.list_profiles() if each.name.casefold() == name.casefold())
    profile = with_settings(Profile(f"p_{token_hex(6)}", name, now, now), {"time_zone": zone_name})
    return next(same, profile)


def _query(backend: PersistenceBackend, profile_id: str, name: str, now: datetime) -> Query:
    """That of this name, else the empty one that a new project begins with, else a new one."""
    same = (each for each in backend.list_queries(profile_id) if each.name.casefold() == name.casefold())
    if (query := next(same, None)) is not None:
        return query
    new = Query(profile_id, f"q_{token_hex(6)}", name, created_at=now, last_used=now)
    return taken_placeholder(backend, profile_id, name) or new


def _connected(profile: Profile, request: Request, tested: Tested) -> Profile:
    """The profile with this connection. What the user chose before about fields, statuses and types stays."""
    before, mapping = connection_of(profile), field_mapping_of(profile)
    connection = JiraConnection(
        base_url=tested.base_url,
        deployment=tested.server.deployment.value,
        email=clean_email(request.email),
        ca_file=request.ca_saved_as,
        needs_token=bool(request.token),
        token_in_old_files=before.token_in_old_files,
    )
    chosen = mapping if before.base_url in ("", tested.base_url) else None
    field_mapping = with_legacy_points(tested.detected.mapping, profile, tested.detected.fields)
    mapping = chosen.with_filled(field_mapping) if chosen is not None else field_mapping
    return _with_meaning(with_field_mapping(connected(profile, connection), mapping), tested)


def _with_meaning(profile: Profile, tested: Tested) -> Profile:
    """What was found of statuses and types, where nothing was said of them before."""
    present = meaning = meaning_of(profile)
    if not (meaning.done or meaning.active):
        done, active, defects = tested.statuses.done, tested.statuses.in_progress, tested.types.get("Defect", ())
        meaning = replace(meaning, done=tuple(done), active=tuple(active), defects=meaning.defects or defects)
    if not meaning.classes:
        meaning = replace(meaning, classes=tested.types)
    return profile if meaning == present else with_meaning(profile, meaning)
