"""Jira from the command line: connect a profile, and bring its queries up to date.

The token comes from BURNDOWN_JIRA_TOKEN, the computer's keyring, or the sealed tokens with BURNDOWN_PASSPHRASE;
never from an argument, which every process on the machine could read.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from app import logs
from app.cli.answer import Answer
from app.cli.folder import chosen_query, writing
from app.context import Context
from app.errors import BadInput
from app.jira.client import JiraClient
from app.jira.connect import Request, client_for, open_client
from app.jira.connect import connect as connect_profile
from app.jira.errors import BadJql, NothingFound
from app.jira.form import MissingLogin
from app.jira.sync.sync import SyncResult
from app.jira.sync.sync import sync as sync_query
from app.settings import cache_lifetime
from store.errors import NotWritable
from store.paths import DataFolder
from store.records import Profile, Query
from store.secrets import Secrets


def connect(arguments: Namespace, folder: DataFolder) -> Answer:
    # Only here: it brings the importers along, which a sync every few minutes has no use for.
    from app.actions.files import local_zone_name  # noqa: PLC0415

    token = os.environ.get("BURNDOWN_JIRA_TOKEN", "")
    logs.hide(token)
    ca_file = Path(arguments.ca_file) if arguments.ca_file else None
    with writing(folder) as ctx:
        saved_as = _saved_ca_file(ctx, ca_file) if ca_file else ""
        request = Request(
            url=arguments.url,
            profile=arguments.profile,
            query=arguments.query,
            jql=arguments.jql,
            email=arguments.email,
            token=token,
            ca_file=ctx.profiles_dir / saved_as if saved_as else None,
            ca_saved_as=saved_as,
        )
        with open_client(request.connection) as client:
            connected = connect_profile(client, ctx.backend, request, now=ctx.clock(), zone_name=local_zone_name())
    document = connected.to_json()
    return Answer(
        document,
        f"Connected to Jira {document['deployment']} {document['version']} as {document['user']}: "
        f"{document['matches']} issues match. Run sync to fetch them.",
    )


def _saved_ca_file(ctx: Context, file: Path) -> str:
    from app.actions.jira import save_ca_file  # noqa: PLC0415 as above

    try:
        return save_ca_file(ctx, file.read_bytes())
    except OSError as exc:
        raise BadInput(f"{file} cannot be read. Name a text file that begins with BEGIN CERTIFICATE.") from exc


def sync(arguments: Namespace, folder: DataFolder) -> Answer:
    results: list[SyncResult] = []
    failed: list[dict[str, str]] = []
    with writing(folder) as ctx:
        wanted = _wanted(ctx, arguments)
        for query in wanted:
            try:
                results.append(_synced(ctx, query, arguments.full))
            except (BadJql, NothingFound, NotWritable) as exc:
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
        return [chosen_query(ctx, arguments.profile, arguments.query)]
    found = [
        query
        for profile in ctx.backend.list_profiles()
        if profile.jira_config.get("base_url")
        and (arguments.profile is None or arguments.profile.casefold() in (profile.name.casefold(), profile.id))
        for query in ctx.backend.list_queries(profile.id)
        if query.jql
    ]
    if not found:
        raise BadInput("No profile is connected to Jira. Connect one first: burndown connect --help says how.")
    return found


def _synced(ctx: Context, query: Query, full: bool) -> SyncResult:
    profile = ctx.backend.get_profile(query.profile_id)
    if profile is None:
        raise BadInput(f"The profile of {query.name} no longer exists.")
    with _client(ctx, profile) as client:
        result = sync_query(client, ctx.backend, query.ref, full=full, lifetime=cache_lifetime(profile))
    said = ctx.record(query.ref)
    return replace(result, warnings=(*result.warnings, said)) if said else result


def _client(ctx: Context, profile: Profile) -> JiraClient:
    token = _token(ctx, profile.id)
    logs.hide(token)
    try:
        return client_for(profile, token, ctx.profiles_dir)
    except MissingLogin as exc:
        raise BadInput(
            f"{exc} Here: set BURNDOWN_JIRA_TOKEN, or BURNDOWN_PASSPHRASE where the token is sealed."
        ) from exc


def _token(ctx: Context, profile_id: str) -> str | None:
    token = os.environ.get("BURNDOWN_JIRA_TOKEN")
    if token:
        return token
    secrets = Secrets(ctx.profiles_dir)
    passphrase = os.environ.get("BURNDOWN_PASSPHRASE")
    if passphrase:
        logs.hide(passphrase)
        secrets.unlock(passphrase)
    return secrets.get(profile_id)
