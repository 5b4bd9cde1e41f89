"""The door to the data: of the folder itself, or of a team's server that the folder works with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from store.opening import Mode, Opened, Progress, open_store
from store.postgres.address import Address
from store.upkeep import Clock, Tell, utc_now


def open_data(
    profiles_dir: Path,
    *,
    mode: Mode,
    progress: Progress | None = None,
    clock: Clock = utc_now,
    tell: Tell = lambda text: None,
    store: Address | None = None,
    password: Callable[[], str | None] = lambda: None,
    at_once: bool = False,
) -> Opened:
    """The data that the folder works with: its own, or with `store` those of a team. Raises as the two below do.

    `password` is asked for where the means of PostgreSQL itself give none. `at_once`: see `open_store`.
    """
    if store is None:
        return open_store(profiles_dir, mode=mode, progress=progress, clock=clock, tell=tell, at_once=at_once)
    # The driver is for those who work with a server: it takes as long to load as a small command to run.
    from store.postgres.opening import open_team  # noqa: PLC0415

    return open_team(profiles_dir, store, mode=mode, clock=clock, tell=tell, password=password)
