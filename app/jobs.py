"""One background worker: jobs run one after the other, report progress and can be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class Progress(Protocol):
    """Given to a job. `step` raises `app.errors.Cancelled` once the user has asked to stop."""

    def step(self, done: int, total: int, text: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class JobState:
    """What the page shows of a job. `status`: waiting, running, completed, failed, cancelled, interrupted."""

    name: str
    status: str
    percent: float
    message: str
    result: Any = None


class NoProgress:
    """For callers that show nothing and never cancel."""

    def step(self, done: int, total: int, text: str = "") -> None:
        return None


class Jobs:
    """See the module docstring; written through to `task_progress`."""

    def submit(self, name: str, job: Callable[[Progress], Any]) -> None:
        """Run `job` in the worker. Raises Busy when a job of that name waits or runs."""
        raise NotImplementedError

    def state(self, name: str) -> JobState | None:
        raise NotImplementedError

    def running(self) -> JobState | None:
        """The job under way, if any."""
        raise NotImplementedError

    def cancel(self, name: str) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Cancel what runs, wait for it, take no more."""
        raise NotImplementedError
