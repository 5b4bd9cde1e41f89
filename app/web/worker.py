"""Work that must not run beside a job, and whose outcome the user waits for on the spot."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from app.actions import track_record
from app.context import Context
from app.errors import AppError, Busy
from app.jobs import Progress
from app.web.shell import PREPARE_JOB
from app.words import N_
from store.errors import StoreError

Result = TypeVar("Result")
_LOOK_SECONDS = 0.5


def done_by_worker(ctx: Context, name: str, action: Callable[[], Result]) -> Result:
    """The action's result, computed in the worker between two jobs; its AppError or StoreError is raised here.

    Raises Busy when something else is under way that the user asked for: it could take minutes.
    """
    running = ctx.jobs.running()
    quiet = running is None or running.name == PREPARE_JOB or running.name.startswith(track_record.JOB_PREFIX)
    if running is not None and not quiet:
        raise Busy(N_("{name} is under way. Wait until it is done, or stop it, and try again.", name=running.name))
    track_record.give_way(ctx)
    results: list[Result] = []
    problems: list[AppError | StoreError] = []
    ended = threading.Event()

    def run(progress: Progress) -> None:
        try:
            results.append(action())
        except (AppError, StoreError) as exc:
            problems.append(exc)
            raise
        finally:
            ended.set()

    ctx.jobs.submit(name, run)
    _wait(ctx, name, ended)
    if problems:
        raise problems[0]
    if not results:
        raise RuntimeError(f"{name} failed")
    return results[0]


def _wait(ctx: Context, name: str, ended: threading.Event) -> None:
    while not ended.wait(_LOOK_SECONDS):
        state = ctx.jobs.state(name)
        if state is not None and state.status == "cancelled":
            raise Busy(N_("It was stopped before it began. Nothing was changed."))
