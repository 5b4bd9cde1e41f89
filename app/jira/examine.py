"""Trying out what a user entered: step by step, stopping at the first thing that is missing, nothing saved.

Jira is asked in a thread of its own, so that the job around it hears of a Stop within a second, however long a
server is silent.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from app.jira import jql as jqls
from app.jira.board import query_of
from app.jira.client import Deployment, JiraClient, Server
from app.jira.connect import NOTHING_MATCHES, Request, Tested, interruptible, open_client, try_out
from app.jira.errors import BadJql, JiraError, NoPermission, NothingFound, WrongToken
from app.jira.form import Checked, Examined, MissingLogin
from app.jira.http.transport import Connection, Limits
from app.jobs import Progress
from app.network import Purpose
from app.words import N_

Answer = TypeVar("Answer")

# How soon a job that waits for a silent server learns that it was cancelled.
_PATIENCE_SECONDS = 1.0

# Somebody is looking at the page: a silent server is called so sooner than in a sync, and asked less often.
PATIENCE = Limits(connect_seconds=10.0, silence_seconds=20.0, answer_seconds=60.0, tries=3, wait_seconds=20.0)

_ALL_PUBLIC = N_(" Without a token Jira shows only what is public.")


@dataclass(frozen=True, slots=True)
class Trial:
    """`request`: as it has to be made for this kind of Jira. `tested` and `problem`: one of them, or neither when
    something is missing."""

    request: Request
    examined: Examined
    tested: Tested | None = None
    problem: JiraError | None = None


def watched(progress: Progress, text: str, work: Callable[[], Answer]) -> Answer:
    """The work's result; raises Cancelled within a second of a Stop, and leaves the work to itself then."""
    done: queue.SimpleQueue[Callable[[], Answer]] = queue.SimpleQueue()
    progress.step(0, 1, text)
    threading.Thread(target=lambda: done.put(_outcome(work)), name="asking", daemon=True).start()
    while True:
        try:
            outcome = done.get(timeout=_PATIENCE_SECONDS)
        except queue.Empty:
            progress.step(0, 1, text)
        else:
            return outcome()


def _outcome(work: Callable[[], Answer]) -> Callable[[], Answer]:
    """Gives the work's result or raises its error, wherever it is called."""
    try:
        result = work()
    except BaseException as exc:  # noqa: BLE001 raised again where the result is used
        error = exc
    else:
        return lambda: result

    def fail() -> Answer:
        raise error

    return fail


def examine(request: Request, purpose: Purpose, progress: Progress, limits: Limits = PATIENCE) -> Trial:
    """Raises JiraError for the address and the login; what is wrong with the query is in the result."""
    wait = interruptible(progress)
    return watched(
        progress,
        N_("Asking Jira"),
        lambda: _tried(request, partial(open_client, purpose=purpose, limits=limits, wait=wait)),
    )


def _tried(request: Request, opened: Callable[[Connection], JiraClient]) -> Trial:
    server, base_url = _server(request, opened)
    request = replace(request, url=base_url)
    is_cloud = server.deployment is Deployment.CLOUD
    seen = Examined(base_url, is_cloud, server.version, server.title)
    # Data Center takes the token alone; with an e-mail beside it, it would be taken for a password.
    request = request if is_cloud else replace(request, email="")
    missing = _missing(request) if is_cloud else ""
    if missing:
        return Trial(request, replace(seen, asks_for=missing))
    with opened(request.connection) as client:
        return _query_tried(client, request, seen)


def _server(request: Request, opened: Callable[[Connection], JiraClient]) -> tuple[Server, str]:
    """Which Jira it is: asked without the token first, so that it is not shown to whatever answers there."""
    nobody = Connection(request.url, ca_file=request.ca_file)
    with opened(nobody) as client:
        try:
            return client.locate(), client.base_url
        except (WrongToken, NoPermission):
            if not request.token:
                raise
    with opened(request.connection) as client:
        return client.locate(), client.base_url


def _missing(request: Request) -> str:
    if request.token and not request.email.strip():
        return "email"
    return "token" if request.email.strip() and not request.token else ""


def _query_tried(client: JiraClient, request: Request, seen: Examined) -> Trial:
    seen = replace(seen, user=client.user().name)
    if not request.jql.strip():
        return Trial(request, seen)
    try:
        tested = try_out(client, request.jql)
    except JiraError as exc:
        if not request.token and seen.is_cloud:
            return Trial(request, replace(seen, asks_for="email"))
        if not isinstance(exc, BadJql | NothingFound):
            raise
        problem = exc if request.token else type(exc)(f"{exc}{_ALL_PUBLIC}")
        return Trial(request, replace(seen, query_problem=str(problem)), problem=problem)
    seen = replace(seen, matches=tested.matches, evidence=(*tested.detected.evidence(), tested.statuses.evidence))
    return Trial(request, seen, tested)


def needed(trial: Trial) -> Tested:
    """What a connection is made from. Raises MissingLogin or JiraError when the trial did not come that far."""
    if trial.examined.asks_for:
        raise MissingLogin(
            N_("This is Jira Cloud: it needs your e-mail address and an API token."), trial.examined.asks_for
        )
    if trial.problem is not None:
        raise trial.problem
    if trial.tested is None:
        raise BadJql(N_("Enter a query that names the work, such as: project = ABC"))
    return trial.tested


def count_matches(client: JiraClient, text: str, progress: Progress) -> Checked:
    """Of a query, or of boards that are named in its place.

    Raises JiraError: for what Jira does not understand or show, and for what matches nothing.
    """

    def count() -> Checked:
        jql, boards = query_of(client, text)
        newest = jqls.newest(jql)
        client.check_jql(jql)
        # Cloud only estimates, and says none right after a change; one issue in the hand is certain.
        matches = max(client.count(jqls.whole(jql)), len(client.sample(newest, ("key",), 1)))
        if not matches:
            raise NothingFound(NOTHING_MATCHES)
        return Checked(jql, matches, boards.numbers)

    return watched(progress, N_("Asking Jira"), count)
