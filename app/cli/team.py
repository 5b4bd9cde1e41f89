"""A team's store: share, join, leave, status."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import asdict, replace
from typing import Any

from app.actions import team
from app.actions.team import Standing
from app.cli.answer import Answer
from app.cli.folder import locked, with_passphrase
from app.errors import Usage
from store.codec import instant_text
from store.paths import DataFolder
from store.postgres.address import Address, parsed


def run(arguments: Namespace, folder: DataFolder) -> Answer:
    """The answer of `team WHAT [URL]`. Raises Usage, BadInput, StoreError."""
    folder = with_passphrase(folder)
    if arguments.url:
        folder = replace(folder, is_store_named=True)
    if arguments.what == "status":
        return _answer(team.status(folder, parsed(arguments.url) if arguments.url else None), "This folder works with")
    with locked(folder.path):
        if arguments.what == "leave":
            return _answer(team.leave(folder), "The folder has left. It holds now what was in")
        address = _address(arguments, folder)
        if arguments.what == "share":
            return _answer(team.share(folder, address, _say), "Shared and read back. This folder works now with")
        return _answer(team.join(folder, address), "Joined. This folder works now with")


def _address(arguments: Namespace, folder: DataFolder) -> Address:
    if arguments.url:
        return parsed(arguments.url)
    if folder.store is None:
        raise Usage(f"Say which store: team {arguments.what} postgresql://USER@HOST/DATABASE.")
    return folder.store


def _say(done: int, total: int, text: str) -> None:
    sys.stderr.write(f"{text} ({done + 1} of {total})\n")


def _answer(standing: Standing, what: str) -> Answer:
    for notice in standing.notices:
        sys.stderr.write(f"{notice}\n")
    copy = {"file": str(standing.copy.file), "at": instant_text(standing.copy.made_at)} if standing.copy else None
    document: dict[str, Any] = {
        "store": str(standing.address),
        "server": standing.server or None,
        "schema_version": standing.schema_version or None,
        "role": standing.role,
        "counts": asdict(standing.counts),
        "copied": asdict(standing.copied) if standing.copied else None,
        "snapshot": copy,
    }
    if standing.problem:
        document["problem"] = standing.problem
    if standing.notices:
        document["notices"] = list(standing.notices)
    return Answer(document, _text(standing, what))


def _text(standing: Standing, what: str) -> str:
    counts = standing.counts
    lines = [f"{what} {standing.address}."]
    if standing.problem:
        lines.append(standing.problem)
    else:
        lines.append(f"PostgreSQL {standing.server}, as {standing.role}.")
        lines.append(f"{counts.profiles:,} projects, {counts.queries:,} work lists, {counts.issues:,} issues.")
    if standing.copy:
        lines.append(f"Newest copy here: {standing.copy.file.name}, {standing.copy.made_at:%Y-%m-%d %H:%M} UTC.")
    return "\n".join(lines)
