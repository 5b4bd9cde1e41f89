"""One background worker: jobs run one after the other, report progress and can be cancelled."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from app.errors import AppError, Busy, Cancelled
from app.words import N_
from store import echoes
from store.backend import PersistenceBackend
from store.errors import Refused, StoreError
from store.records import Task

# A page that is open asks again and again; what runs behind it must come to an end all the same.
_LONGEST_SECONDS = 2.0
# Progress is kept so that the next start can say how far a job came; more often would only wear the stick.
_SAVE_EVERY_SECONDS = 1.0
# A clean exit takes at most two seconds in all; a job that does not listen is left behind, its transaction undone.
_CLOSE_SECONDS = 1.2

# The state that says, after a restart, which project a job was asked for in.
_ABOUT = "job about: "

# Before these the time left would be a guess.
_TELLING_SECONDS, _TELLING_PERCENT = 3.0, 5.0

_log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


class Progress(Protocol):
    """Given to a job. `step` raises `app.errors.Cancelled` once the user has asked to stop."""

    def step(self, done: int, total: int, text: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class JobState:
    """What the page shows of a job. `status`: waiting, running, completed, failed, cancelled, interrupted.

    `problem`: what it failed of, for a page that says so beside the field concerned. `about`: the id of the project
    that it was asked for in, "" for one that is nobody's. `at`: when it became so, in UTC. `seconds_left`: how long it
    will take, at the pace of what is done; None while that says too little.
    """

    name: str
    status: str
    percent: float
    message: str
    result: Any = None
    problem: AppError | StoreError | None = field(default=None, compare=False)
    about: str = ""
    at: datetime | None = field(default=None, compare=False)
    seconds_left: float | None = field(default=None, compare=False)


class NoProgress:
    """For callers that show nothing and never cancel."""

    def step(self, done: int, total: int, text: str = "") -> None:
        return None


def _save_nothing(state: JobState) -> None:
    return None


class _Run:
    """One submitted job: what it is, how far it is, and whether it was asked to stop."""

    def __init__(
        self,
        waiting: JobState,
        job: Callable[[Progress], Any],
        report: Callable[[JobState], None],
        clock: Callable[[], datetime],
        ticks: Callable[[], float],
    ) -> None:
        self.job = job
        self._ticks = ticks
        self._began: float | None = None
        self.state = waiting
        self.stop_asked = threading.Event()
        self._report = report
        self._clock = clock

    def step(self, done: int, total: int, text: str = "") -> None:
        if self.stop_asked.is_set():
            raise Cancelled(N_("Stopped as you asked; what was finished is kept."))
        percent = min(100.0, max(0.0, 100.0 * done / total)) if total > 0 else 0.0
        self.become("running", percent, text or self.state.message)

    def become(
        self,
        status: str,
        percent: float,
        message: str,
        result: Any = None,
        problem: AppError | StoreError | None = None,
    ) -> None:
        self.state = replace(
            self.state,
            status=status,
            percent=percent,
            message=echoes.in_whole(message),
            result=result,
            problem=problem,
            at=self._clock(),
            seconds_left=self._left(percent) if status == "running" else None,
        )
        self._report(self.state)

    def _left(self, percent: float) -> float | None:
        now = self._ticks()
        if self._began is None:
            self._began = now
        elapsed = now - self._began
        if elapsed < _TELLING_SECONDS or percent < _TELLING_PERCENT:
            return None
        return elapsed * (100.0 - percent) / percent


class Requests:
    """What is being asked of the app at this moment: who reckons in the background lets it go first.

    Python lets one thread reckon at a time, so each of two takes twice as long.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._under_way = 0
        self._count = 0

    @property
    def under_way(self) -> int:
        return self._under_way

    def began(self) -> None:
        with self._changed:
            self._under_way += 1
            self._count += 1
            self._changed.notify_all()

    def ended(self) -> None:
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()

    def go_first(self, longest: float = _LONGEST_SECONDS, rest: float = 0.0) -> None:
        """Wait until nothing is being asked, and nothing was for `rest` seconds, at most so many seconds."""
        until = time.monotonic() + longest
        with self._changed:
            while self._changed.wait_for(lambda: not self._under_way, until - time.monotonic()):
                count = self._count
                patience = min(rest, until - time.monotonic())
                if patience <= 0 or not self._changed.wait_for(lambda: self._count != count, patience):  # noqa: B023 at once
                    return


class Jobs:
    """See the module docstring; written through to `task_progress`."""

    def __init__(
        self,
        backend: PersistenceBackend,
        clock: Callable[[], datetime] = _utc_now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._backend = backend
        self._clock = clock
        self._ticks = ticks
        self._runs: dict[str, _Run] = {}
        self._waiting: deque[_Run] = deque()
        self._running: _Run | None = None
        self._closed = False
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        self._saved: tuple[str, str, float] | None = None
        self._abouts: dict[str, str] = {}
        # Asked when a job failed in a way that nobody foresaw: why, where that can be found out.
        self.explain: Callable[[], StoreError | None] = lambda: None

    def submit(self, name: str, job: Callable[[Progress], Any], about: str = "", *, kept: bool = True) -> None:
        """Run `job` in the worker. Raises Busy when a job of that name waits or runs, or the app is closing.

        `about`: the id of the project that it is asked for in; its outcome is no news of another one. `kept`: whether
        its state is written through; the next start knows nothing of one that is not.
        """
        with self._changed:
            if self._closed:
                raise Busy(N_("Burndown is closing. Start it again and try once more."))
            previous = self._runs.get(name)
            if previous is not None and previous.state.status in ("waiting", "running"):
                raise Busy(N_("This is already under way. Wait until it is done, or cancel it first."))
            save = self._save if kept else _save_nothing
            run = _Run(JobState(name, "waiting", 0.0, "", about=about), job, save, self._clock, self._ticks)
            self._runs[name] = run
            self._waiting.append(run)
            self._changed.notify_all()
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._worker.start()

    def state(self, name: str) -> JobState | None:
        """The job's last state, from an earlier start of the app if need be."""
        run = self._runs.get(name)
        if run is not None:
            return run.state
        for task in self._backend.list_tasks():
            if task.name == name:
                about = self._backend.get_state(_ABOUT + name) or ""
                return JobState(task.name, task.status, task.percent, task.message, about=about, at=task.updated_at)
        return None

    def running(self) -> JobState | None:
        """The job under way, if any."""
        run = self._running
        return run.state if run is not None else None

    def cancel(self, name: str) -> None:
        """Ask the job to stop: at its next step, or at once when it still waits."""
        with self._changed:
            run = self._runs.get(name)
            if run is None:
                return
            run.stop_asked.set()
            if run in self._waiting:
                self._waiting.remove(run)
                run.become("cancelled", 0.0, N_("Cancelled before it began."))

    def close(self) -> None:
        """Cancel what runs, wait for it (not for ever), take no more."""
        with self._changed:
            self._closed = True
            names = [run.state.name for run in self._waiting]
            if self._running is not None:
                self._running.stop_asked.set()
        for name in names:
            self.cancel(name)
        with self._changed:
            self._changed.notify_all()
        if self._worker is not None and self._worker is not threading.current_thread():
            self._worker.join(_CLOSE_SECONDS)
            if self._worker.is_alive():
                _log.warning("a job did not stop in time and is left behind")

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if not self._waiting:
                    return
                run = self._running = self._waiting.popleft()
            try:
                self._carry_out(run)
            finally:
                with self._changed:
                    self._running = None

    def _carry_out(self, run: _Run) -> None:
        run.become("running", 0.0, "")
        try:
            result = run.job(run)
        except Cancelled as exc:
            run.become("cancelled", run.state.percent, str(exc))
        except (AppError, StoreError) as exc:
            run.become("failed", run.state.percent, str(exc), problem=exc)
        except Exception:  # noqa: BLE001 the border of the worker: logged, and told on the page
            _log.exception("job %s failed", run.state.name)
            if (problem := self.explain()) is not None:
                run.become("failed", run.state.percent, str(problem), problem=problem)
                return
            text = N_("Something unexpected happened; details are in the log. Nothing else was affected.")
            run.become("failed", run.state.percent, text)
        else:
            run.become("completed", 100.0, run.state.message, result)

    def _save(self, state: JobState) -> None:
        """Write through at the start, the end and at most once a second between."""
        if self._is_recent(state):
            return
        self._saved = (state.name, state.status, self._ticks())
        try:
            if state.status in ("waiting", "running") and self._abouts.get(state.name) != state.about:
                self._backend.set_state(_ABOUT + state.name, state.about or None)
                self._abouts[state.name] = state.about
            self._backend.save_task(Task(state.name, state.status, state.percent, self._clock(), state.message))
        except Refused as exc:
            # A read-only or full folder must not fail the job itself, and to be asked to stop is no fault either.
            _log.info("progress of %s was not saved: %s", state.name, exc)
        except StoreError as exc:
            _log.warning("progress of %s could not be saved: %s", state.name, exc)

    def _is_recent(self, state: JobState) -> bool:
        if self._saved is None or self._saved[:2] != (state.name, state.status):
            return False
        return self._ticks() - self._saved[2] < _SAVE_EVERY_SECONDS
