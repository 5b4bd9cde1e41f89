"""The one background worker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.errors import BadInput, Busy, Cancelled
from app.jobs import Jobs, JobState, Progress
from store.errors import NotWritable, Replaced
from store.records import Task
from tests.memory_backend import MemoryBackend

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WAIT = 10.0


class RecordingBackend(MemoryBackend):
    """Remembers every task that was saved, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.saved: list[Task] = []

    def save_task(self, task: Task) -> None:
        self.saved.append(task)
        super().save_task(task)


class ReadOnlyBackend(MemoryBackend):
    def save_task(self, task: Task) -> None:
        raise NotWritable("read-only")


class FakeTicks:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def backend() -> RecordingBackend:
    return RecordingBackend()


@pytest.fixture
def ticks() -> FakeTicks:
    return FakeTicks()


@pytest.fixture
def jobs(backend: RecordingBackend, ticks: FakeTicks) -> Iterator[Jobs]:
    jobs = Jobs(backend, lambda: NOW, ticks)
    yield jobs
    jobs.close()


def finish(jobs: Jobs, name: str, job: Callable[[Progress], Any]) -> JobState:
    """Run the job and one after it: when that one runs, the first has ended."""
    after = threading.Event()
    jobs.submit(name, job)
    jobs.submit("after", lambda progress: after.set())
    assert after.wait(WAIT)
    state = jobs.state(name)
    assert state is not None
    return state


class HeldJob:
    """A job that waits in the middle until it is let go."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, progress: Progress) -> str:
        progress.step(1, 4, "a quarter")
        self.began.set()
        assert self.go_on.wait(WAIT)
        progress.step(2, 4)
        return "done"


def test_a_job_hands_over_its_result(jobs: Jobs) -> None:
    assert finish(jobs, "sync", lambda progress: 42) == JobState("sync", "completed", 100.0, "", 42)


def test_progress_is_seen_while_it_runs(jobs: Jobs) -> None:
    job = HeldJob()
    jobs.submit("sync", job)
    assert job.began.wait(WAIT)
    assert jobs.running() == jobs.state("sync") == JobState("sync", "running", 25.0, "a quarter")
    job.go_on.set()


def test_a_job_of_the_same_name_is_refused_while_it_runs(jobs: Jobs) -> None:
    job = HeldJob()
    jobs.submit("sync", job)
    assert job.began.wait(WAIT)
    with pytest.raises(Busy):
        jobs.submit("sync", job)
    job.go_on.set()


def test_jobs_run_one_after_the_other_in_their_order(jobs: Jobs) -> None:
    job = HeldJob()
    order: list[str] = []
    jobs.submit("first", job)
    jobs.submit("second", lambda progress: order.append("second"))
    assert job.began.wait(WAIT)
    waiting = jobs.state("second")
    assert waiting is not None
    assert waiting.status == "waiting"
    job.go_on.set()
    finish(jobs, "third", lambda progress: order.append("third"))
    assert order == ["second", "third"]


def test_cancelling_ends_a_running_job_at_its_next_step(jobs: Jobs) -> None:
    job = HeldJob()
    jobs.submit("sync", job)
    assert job.began.wait(WAIT)
    jobs.cancel("sync")
    job.go_on.set()
    finish(jobs, "next", lambda progress: None)
    state = jobs.state("sync")
    assert state is not None
    assert (state.status, state.percent) == ("cancelled", 25.0)


def test_cancelling_a_waiting_job_means_it_never_begins(jobs: Jobs) -> None:
    job = HeldJob()
    ran: list[str] = []
    jobs.submit("first", job)
    assert job.began.wait(WAIT)
    jobs.submit("second", lambda progress: ran.append("second"))
    jobs.cancel("second")
    job.go_on.set()
    finish(jobs, "third", lambda progress: None)
    state = jobs.state("second")
    assert state is not None
    assert (state.status, ran) == ("cancelled", [])


def test_cancelling_an_unknown_job_does_nothing(jobs: Jobs) -> None:
    jobs.cancel("none")
    assert jobs.state("none") is None


def test_an_error_for_the_user_is_the_message(jobs: Jobs) -> None:
    def fail(progress: Progress) -> None:
        progress.step(1, 2)
        raise BadInput("Row 3 has no date.")

    assert finish(jobs, "import", fail) == JobState("import", "failed", 50.0, "Row 3 has no date.")


def test_an_unexpected_error_points_to_the_log_and_the_worker_lives_on(jobs: Jobs) -> None:
    def fail(progress: Progress) -> None:
        raise ZeroDivisionError("secret detail")

    state = finish(jobs, "import", fail)
    assert state.status == "failed"
    assert "log" in state.message
    assert "secret detail" not in state.message


def test_a_failed_job_can_be_tried_again(jobs: Jobs) -> None:
    def fail(progress: Progress) -> None:
        raise BadInput("no")

    finish(jobs, "import", fail)
    assert finish(jobs, "second", lambda progress: None).status == "completed"
    jobs.submit("import", lambda progress: None)


def test_progress_is_written_through_at_most_once_a_second(
    jobs: Jobs, backend: RecordingBackend, ticks: FakeTicks
) -> None:
    def job(progress: Progress) -> None:
        for done, now in enumerate((0.1, 0.5, 0.9, 1.0, 1.5, 1.9, 2.1)):
            ticks.now = now
            progress.step(done, 10, str(done))

    finish(jobs, "sync", job)
    saved = [(task.status, task.percent, task.message) for task in backend.saved if task.name == "sync"]
    assert saved == [
        ("running", 0.0, ""),
        ("running", 30.0, "3"),
        ("running", 60.0, "6"),
        ("completed", 100.0, "6"),
    ]


def test_a_job_that_is_not_kept_runs_and_writes_nothing(jobs: Jobs, backend: RecordingBackend) -> None:
    done = threading.Event()
    jobs.submit("ahead", lambda progress: progress.step(1, 2), kept=False)
    jobs.submit("after it", lambda progress: done.set())
    assert done.wait(WAIT)
    state = jobs.state("ahead")
    assert state is not None
    assert state.status == "completed"
    assert "ahead" not in {task.name for task in backend.saved}


def test_an_earlier_start_of_the_app_is_remembered(jobs: Jobs, backend: RecordingBackend) -> None:
    backend.save_task(Task("sync", "interrupted", 40.0, NOW, "page 4"))
    assert jobs.state("sync") == JobState("sync", "interrupted", 40.0, "page 4")


def test_an_interrupted_job_is_news_of_its_own_project_after_a_restart_too(backend: RecordingBackend) -> None:
    first, began = Jobs(backend, lambda: NOW), threading.Event()

    def hang(progress: Progress) -> None:
        began.set()
        for _ in range(1000):
            progress.step(1, 2, "page 1")
            threading.Event().wait(0.01)

    first.submit("sync", hang, about="alloy")
    assert began.wait(WAIT)
    # What a kill leaves behind, and what the next start makes of it.
    left = next(task for task in backend.list_tasks() if task.name == "sync")
    first.close()
    backend.save_task(replace(left, status="interrupted"))
    state = Jobs(backend, lambda: NOW).state("sync")
    assert state is not None
    assert (state.status, state.about) == ("interrupted", "alloy")


def test_the_time_left_is_told_once_enough_is_done_to_tell(jobs: Jobs, ticks: FakeTicks) -> None:
    estimates: list[float | None] = []

    def job(progress: Progress) -> None:
        for now, done in ((1.0, 50), (4.0, 2), (10.0, 25), (20.0, 80)):
            ticks.now = now
            progress.step(done, 100)
            state = jobs.state("import")
            estimates.append(state.seconds_left if state is not None else -1.0)

    ended = finish(jobs, "import", job)
    # A quarter took 10 seconds, so the rest takes 30; at 80 % after 20 seconds it is 5.
    assert estimates == [None, None, 30.0, 5.0]
    assert ended.seconds_left is None


def test_a_read_only_folder_neither_fails_the_job_nor_alarms_anybody(caplog: pytest.LogCaptureFixture) -> None:
    jobs = Jobs(ReadOnlyBackend(), lambda: NOW)
    assert finish(jobs, "replay", lambda progress: "track record").result == "track record"
    jobs.close()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_that_the_database_was_replaced_is_logged_in_words(caplog: pytest.LogCaptureFixture) -> None:
    class ReplacedBackend(MemoryBackend):
        def save_task(self, task: Task) -> None:
            raise Replaced("another file lies there")

    jobs = Jobs(ReplacedBackend(), lambda: NOW)
    assert finish(jobs, "replay", lambda progress: "track record").result == "track record"
    jobs.close()
    assert "another file lies there" in caplog.text
    assert "Traceback" not in caplog.text


def test_closing_cancels_what_runs_and_what_waits(jobs: Jobs, backend: RecordingBackend) -> None:
    began = threading.Event()

    def endless(progress: Progress) -> None:
        while True:
            progress.step(0, 0)
            began.set()

    jobs.submit("sync", endless)
    jobs.submit("waiting", lambda progress: None)
    assert began.wait(WAIT)
    jobs.close()
    assert {task.name: task.status for task in backend.list_tasks()} == {"sync": "cancelled", "waiting": "cancelled"}
    assert jobs.running() is None


def test_after_closing_nothing_is_taken(jobs: Jobs) -> None:
    jobs.close()
    with pytest.raises(Busy):
        jobs.submit("sync", lambda progress: None)


def test_closing_without_any_job_is_fine_and_twice_too() -> None:
    jobs = Jobs(MemoryBackend())
    jobs.close()
    jobs.close()
    assert jobs.running() is None


def test_a_job_may_end_itself_as_cancelled(jobs: Jobs) -> None:
    def stop(progress: Progress) -> None:
        raise Cancelled("enough")

    assert finish(jobs, "sync", stop).status == "cancelled"
