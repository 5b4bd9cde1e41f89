"""Jira from the command line: connect a profile, and bring its queries up to date.

The token comes from BURNDOWN_JIRA_TOKEN, the computer's keyring, or the sealed tokens with BURNDOWN_PASSPHRASE;
never from an argument, which every process on the machine could read. What stood in these variables is taken out of
the environment when it is read, so that nothing that is started inherits it.

A token from the environment says nothing about the server it is for. It goes to the one that the profile was
connected with, from here, or first synced with while it went to no other server for any profile; to that of a
profile which came with a bundle only once somebody has said here that it is right; and where
BURNDOWN_JIRA_URL is set beside it, to that one only. A variable cannot say which certificates are trusted beside the
computer's own: with a file of them the token goes out once `connect` was called here with both.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from dataclasses import dataclass, field, replace
from pathlib import Path

from app import logs
from app.actions.token_places import (
    address_of,
    brought_key,
    is_noted,
    note_server,
    server_at,
    server_key,
    server_of,
    server_with,
    why_elsewhere,
)
from app.cli import progress
from app.cli.answer import Answer
from app.cli.folder import chosen_query, writing
from app.cli.named_file import ordinary
from app.context import Context
from app.errors import BadInput, Busy
from app.host.process import PASSPHRASE_VARIABLE, TOKEN_VARIABLE, secret_variable
from app.jira.client import JiraClient
from app.jira.connect import Request, client_for, interruptible, open_client
from app.jira.connect import connect as connect_profile
from app.jira.errors import BadJql, NothingFound
from app.jira.form import MissingLogin
from app.jira.http.authorities import kept_authorities
from app.jira.http.waits import Attentive
from app.jira.sync.sync import SyncResult
from app.jira.sync.sync import sync as sync_query
from app.jobs import Progress
from app.settings import cache_lifetime, keeps_authors
from store.documents import connection_of, joined_into
from store.errors import NotWritable
from store.paths import DataFolder
from store.records import Profile, Query
from store.secrets import Secrets


class OtherServer(BadInput):
    """The token of the environment would go to a server that it never went to."""


@dataclass(frozen=True, slots=True)
class _Environment:
    """What the environment held when the command began. `url`: the only server that `token` is for; empty: not said."""

    token: str = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)
    url: str = ""

    @classmethod
    def take(cls) -> _Environment:
        environment = cls(
            secret_variable(TOKEN_VARIABLE),
            secret_variable(PASSPHRASE_VARIABLE),
            os.environ.get("BURNDOWN_JIRA_URL", ""),
        )
        logs.hide(environment.token)
        logs.hide(environment.passphrase)
        return environment


def connect(arguments: Namespace, folder: DataFolder) -> Answer:
    # Only here: it brings the importers along, which a sync every few minutes has no use for.
    from app.actions.files import local_zone_name  # noqa: PLC0415

    environment = _Environment.take()
    _check_server(environment, server_at(arguments.url))
    ca_file = Path(arguments.ca_file) if arguments.ca_file else None
    with writing(folder) as ctx:
        saved_as = _saved_ca_file(ctx, ca_file) if ca_file else ""
        request = Request(
            url=arguments.url,
            profile=arguments.profile,
            query=arguments.query,
            jql=arguments.jql,
            email=arguments.email,
            token=environment.token,
            ca_file=ctx.profiles_dir / saved_as if saved_as else None,
            ca_saved_as=saved_as,
        )
        waits = interruptible(telling := progress.of(arguments))
        purpose, heard = ctx.network.asking("connect"), Attentive(telling)
        heard.step(0, 1, "Asking Jira")
        with open_client(request.connection, purpose, wait=waits) as client, client.heard_by(heard.wait):
            connected = connect_profile(client, ctx.backend, request, now=ctx.clock(), zone_name=local_zone_name())
        server = server_with(ctx, connected.tested.base_url, saved_as)
        note_server(ctx, connected.ref.profile_id, server, environment.token)
    document = connected.to_json()
    return Answer(
        document,
        f"Connected to Jira {document['deployment']} {document['version']} as {document['user']}: "
        f"{document['matches']} issues match. Run sync to fetch them.",
    )


def _saved_ca_file(ctx: Context, file: Path) -> str:
    from app.actions.jira import save_ca_file  # noqa: PLC0415 as above

    try:
        return save_ca_file(ctx, ordinary(file).read_bytes())
    except OSError as exc:
        raise BadInput(f"{file} cannot be read. Name a text file that begins with BEGIN CERTIFICATE.") from exc


def sync(arguments: Namespace, folder: DataFolder) -> Answer:
    results: list[SyncResult] = []
    failed: list[dict[str, str]] = []
    environment = _Environment.take()
    with writing(folder) as ctx:
        wanted = _wanted(ctx, arguments)
        kept = Secrets(ctx.profiles_dir)
        if environment.passphrase and not environment.token:
            kept.unlock(environment.passphrase)
        for query in wanted:
            try:
                results.append(_synced(ctx, query, arguments.full, environment, kept, progress.of(arguments)))
            except (BadJql, NothingFound, NotWritable, OtherServer, Busy) as exc:
                # One query that Jira refuses says nothing about the others; a full disk does not undo those before.
                if len(wanted) == 1:
                    raise
                failed.append({"query": query.name, "query_id": query.id, "problem": str(exc)})
                sys.stderr.write(f"{query.name}: {exc}\n")
    lines = [
        f"{result.query}: {result.mode}, {result.fetched} fetched, {result.changed} changed, {result.removed} removed"
        for result in results
    ]
    lines += [warning for result in results for warning in result.warnings]
    document = {"queries": [result.to_json() for result in results], "failed": failed}
    return Answer(document, "\n".join(lines), code=3 if failed else 0)


def _wanted(ctx: Context, arguments: Namespace) -> list[Query]:
    """The named query, or all queries of connected profiles."""
    if arguments.query is not None:
        named = chosen_query(ctx, arguments.profile, arguments.query)
        if joined_into(named):
            raise BadInput(f"{named.name} goes on in another work list and asks a tracker of before. Sync that list.")
        return [named]
    queries = [
        query
        for profile in ctx.backend.list_profiles()
        if connection_of(profile).base_url
        and (arguments.profile is None or arguments.profile.casefold() in (profile.name.casefold(), profile.id))
        for query in ctx.backend.list_queries(profile.id)
        if query.jql and not joined_into(query)
    ]
    if not queries:
        raise BadInput("No profile is connected to Jira. Connect one first: burndown connect --help says how.")
    return queries


def _synced(
    ctx: Context, query: Query, full: bool, environment: _Environment, kept: Secrets, telling: Progress
) -> SyncResult:
    profile = ctx.backend.get_profile(query.profile_id)
    if profile is None:
        raise BadInput(f"The profile of {query.name} no longer exists.")
    with _client(ctx, profile, environment, kept, telling) as client:
        lifetime, authors = cache_lifetime(profile), keeps_authors(profile)
        result = sync_query(
            client, ctx.backend, query.ref, full=full, progress=telling, lifetime=lifetime, authors=authors
        )
    telling.step(99, 100, "Computing the forecast")
    warning = ctx.record(query.ref)
    return replace(result, warnings=(*result.warnings, warning)) if warning else result


def _client(ctx: Context, profile: Profile, environment: _Environment, kept: Secrets, telling: Progress) -> JiraClient:
    if environment.token:
        # Gone or changed it is said to be so, before anybody is asked whether it is right.
        kept_authorities(ctx.profiles_dir, connection_of(profile).ca_file)
        _check_server(environment, server_of(ctx, profile))
        _bind(ctx, profile, environment)
    token = environment.token or kept.get(profile.id, server_of(ctx, profile))
    logs.hide(token)
    purpose = ctx.network.asking("sync")
    try:
        why_not = why_elsewhere(ctx, profile, kept)
        return client_for(profile, token, ctx.profiles_dir, purpose, why_not=why_not, wait=interruptible(telling))
    except MissingLogin as exc:
        raise BadInput(
            f"{exc} Here: set BURNDOWN_JIRA_TOKEN, or BURNDOWN_PASSPHRASE where the token is sealed."
        ) from exc


def _check_server(environment: _Environment, server: str) -> None:
    if environment.url and server and server_at(environment.url) != address_of(server):
        expected = server_at(environment.url) or "an address that cannot be one"
        raise BadInput(
            f"BURNDOWN_JIRA_URL says that the token is for {expected}, "
            f"and this would send it to {address_of(server)}. Nothing was sent."
        )


def _bind(ctx: Context, profile: Profile, environment: _Environment) -> None:
    """A bundle, a backup or somebody with the stick may have put another address in the place of the user's, or beside
    it, in a profile of its own. Where the environment names the server too, that was compared."""
    server = server_of(ctx, profile)
    known = ctx.backend.get_state(server_key(profile.id))
    if known and server and known != server:
        _require_same_authorities(profile, known, server)
        raise OtherServer(
            f"The token from the environment went to {address_of(known)} until now, and the profile {profile.name} now "
            f"asks {address_of(server)}. Nothing was sent. If the new address is right, call: "
            f"{_connect(profile, server)}"
        )
    if not server or is_noted(ctx, profile.id, server, environment.token):
        return
    _require_same_authorities(profile, address_of(server), server)
    if not environment.url:
        _require_confirmed(ctx, profile, server)
        _require_no_other(ctx, profile, server)
        raise OtherServer(
            f"Nobody has said here with this token that it is for {address_of(server)}, which the profile "
            f"{profile.name} asks. Nothing was sent. {_how_to_say_so(profile, server)}"
        )
    note_server(ctx, profile.id, server, environment.token)


def _require_same_authorities(profile: Profile, known: str, server: str) -> None:
    """Whoever can put other certificates in the folder and stands in the way would get the token."""
    if known != server and address_of(known) == address_of(server):
        raise OtherServer(
            f"Nobody has said here with this token that the certificates which {profile.name} now trusts for "
            f"{address_of(server)} are right. Nothing was sent. If they are, call this once: "
            f"{_connect(profile, server)}"
        )


def _require_confirmed(ctx: Context, profile: Profile, server: str) -> None:
    """The address of a bundle is its maker's: a user of this machine has to say that it is right."""
    if ctx.backend.get_state(brought_key(profile.id)):
        raise OtherServer(
            f"The profile {profile.name} came with a bundle and asks {address_of(server)}, and nobody has said here "
            f"that this is right. The token from the environment was not sent. {_how_to_say_so(profile, server)}"
        )


def _require_no_other(ctx: Context, profile: Profile, server: str) -> None:
    """The token of the environment is one for all profiles: a new one does not turn it to a server it never went to."""
    others = {ctx.backend.get_state(server_key(each.id)) for each in ctx.backend.list_profiles()} - {None, ""}
    if others and server not in others:
        before = " and ".join(sorted(address_of(str(each)) for each in others))
        raise OtherServer(
            f"The token from the environment went to {before} until now, and the profile {profile.name}, which was "
            f"never synced from here, asks {address_of(server)}. Nothing was sent there. "
            f"{_how_to_say_so(profile, server)}"
        )


def _how_to_say_so(profile: Profile, server: str) -> str:
    return (
        f"If that is right, call this again with BURNDOWN_JIRA_URL={address_of(server)} set beside "
        f"BURNDOWN_JIRA_TOKEN; once is enough. Or call: {_connect(profile, server)}"
    )


def _connect(profile: Profile, server: str) -> str:
    authorities = "" if address_of(server) == server else " --ca-file FILE"
    address = f"--url {address_of(server)}{authorities}"
    return f'burndown connect {address} --profile "{profile.name}" --query … --jql … (connect --help tells more).'
