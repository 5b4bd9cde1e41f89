"""The data folder as commands open it, and the query that their arguments mean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from app.actions.recording import with_what_is_due
from app.context import Context
from app.errors import AppError, BadInput
from app.host.instance import LOCK_NAME, hold_folder
from app.host.process import PASSPHRASE_VARIABLE, secret_variable
from app.jobs import Jobs
from store.backend import PersistenceBackend
from store.data import open_data
from store.errors import Refused
from store.files import is_link
from store.opening import Opened, holds_data
from store.paths import DATABASE, DataFolder
from store.readme import NAME as README
from store.readme import TEXT as README_TEXT
from store.records import Profile, Query, QueryRef
from store.sqlite import backup
from store.sqlite.reading import sidecars


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


@contextmanager
def opened_store(folder: DataFolder, mode: Literal["read", "write"], *, at_once: bool = False) -> Iterator[Opened]:
    """`at_once`: see `store.opening.open_store`."""
    opened = open_data(
        folder.path, mode=mode, tell=_say, store=folder.store, password=_password(folder), at_once=at_once
    )
    for notice in opened.notices:
        _say(notice)
    try:
        yield opened
    finally:
        opened.backend.close()


def _password(folder: DataFolder) -> Callable[[], str | None]:
    if folder.store is None:
        return lambda: None
    # It brings the driver along.
    from app.actions.team import password_for  # noqa: PLC0415

    return password_for(with_passphrase(folder), folder.store)


def with_passphrase(folder: DataFolder) -> DataFolder:
    """With that of what is sealed in it, where the environment has it."""
    return replace(folder, passphrase=folder.passphrase or secret_variable(PASSPHRASE_VARIABLE))


@contextmanager
def reading(folder: DataFolder, *, recorded: bool = True) -> Iterator[Context]:
    """`recorded`: whether the records of weeks and the forecasts made are asked for."""
    with opened_store(folder, "read") as opened, _of(opened, folder, recorded=recorded) as ctx:
        yield ctx


@contextmanager
def _of(opened: Opened, folder: DataFolder, *, recorded: bool) -> Iterator[Context]:
    if recorded:
        with with_what_is_due(opened, partial(_context, folder)) as ctx:
            yield ctx
    else:
        yield _context(folder, opened.backend)


def _context(folder: DataFolder, backend: PersistenceBackend) -> Context:
    return Context(backend, Jobs(backend), folder.path)


@contextmanager
def writing(folder: DataFolder, *, recorded: bool = True, at_once: bool = False) -> Iterator[Context]:
    """Holds the folder, so that the running app and a command never write side by side.

    What is refused leaves no new folder behind. `recorded`: what is due is recorded before the first change; else the
    caller sees to it. `at_once`: see `store.opening.open_store`.
    """
    with (
        locked(folder.path),
        _gone_if_refused(folder.path),
        opened_store(folder, "write", at_once=at_once) as opened,
        _of(opened, folder, recorded=recorded) as ctx,
    ):
        yield ctx
        backup.at_exit(opened.backend, folder.path, tell=_say)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The folder's lock; made where it does not exist, and gone again when nothing was put into it."""
    files = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        with hold_folder(folder):
            yield
    finally:
        with suppress(OSError):
            for path in files:
                path.rmdir()


@contextmanager
def _gone_if_refused(folder: Path) -> Iterator[None]:
    """A refusal takes away the empty database that was made for it, in a folder that held nothing before. What came
    from elsewhere meanwhile stays: a log or the beginning of a copy may be all that there is of somebody's data."""
    was_empty = all(path.name == LOCK_NAME for path in folder.iterdir())
    try:
        yield
    except (AppError, Refused, KeyboardInterrupt):
        if was_empty:
            _take_away_empty(folder / DATABASE)
            with suppress(OSError):
                if (folder / README).read_bytes() == README_TEXT.encode():
                    (folder / README).unlink()
        raise


def _take_away_empty(database: Path) -> None:
    with suppress(Refused):
        if not is_link(database) and backup.is_ours(database) and not holds_data(database):
            for path in (database, *sidecars(database)):
                path.unlink(missing_ok=True)


def chosen_query(ctx: Context, profile: str | None, query: str | None) -> Query:
    """The one query that these names or ids mean; the active one for None. Raises BadInput."""
    active = ctx.backend.active_query()
    queries = [
        each
        for owner in ctx.backend.list_profiles()
        if profile is None or profile.casefold() in (owner.name.casefold(), owner.id.casefold())
        for each in ctx.backend.list_queries(owner.id)
        if query is None or query.casefold() in (each.name.casefold(), each.id.casefold())
    ]
    preferred = [each for each in queries if active and (each.ref == active or _shares_profile(each, active, query))]
    if not queries:
        raise BadInput(f"There is no {_wanted(profile, query)} here. {_names(ctx)}")
    if query is not None and len(queries) > 1 and len(preferred) != 1:
        raise BadInput(f"{len(queries)} queries are called {query!r}. Say which one with --profile.")
    return (preferred or queries)[0]


def chosen_profiles(ctx: Context, name: str | None) -> list[Profile]:
    """The profile of that name or id; all for None. Raises BadInput when there is none."""
    profiles = [
        profile
        for profile in ctx.backend.list_profiles()
        if name is None or name.casefold() in (profile.name.casefold(), profile.id.casefold())
    ]
    if not profiles:
        raise BadInput(f"There is no {_wanted(name, None)} here. {_names(ctx)}")
    return profiles


def _shares_profile(query: Query, active: QueryRef, named: str | None) -> bool:
    return named is not None and query.profile_id == active.profile_id


def _wanted(profile: str | None, query: str | None) -> str:
    if profile is None and query is None:
        return "data"
    return " in ".join(
        part for part in (query and f"query {query!r}", profile and f"profile {profile!r}") if part is not None
    )


def _names(ctx: Context) -> str:
    names = [
        f"{profile.name} / {query.name}"
        for profile in ctx.backend.list_profiles()
        for query in ctx.backend.list_queries(profile.id)
    ]
    return f"There are: {'; '.join(names)}." if names else "Import a file or take over an old folder first."
