"""Issues as they arrive: each page is read into records and kept for a sync that is cut, one after the other."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.jira.client import SearchPage
from app.jira.mapping.mapping import Mapped, is_done, map_issue, with_history
from app.jira.shape import Json
from app.jira.sync.plan import Plan
from app.jira.sync.staging import FULL, Histories, Slim, Staged, read_runs, save_pages, slim, staged
from app.jobs import Progress
from app.words import N_
from store.backend import PersistenceBackend
from store.records import QueryRef

# So many pages may wait until the server works on others, and so many that were read until they are kept: as many as
# come together.
_MOST_WAITING = 5


class Arrivals:
    """Pages are kept as they come; of those that are put off several at a time, for each time the database and its log
    are looked at.

    Issues that come without what was asked for are no data: they are left out, and their ids are in `skipped`.
    `found` and their `keys` by issue id; `incomplete`: ids of issues of which Jira gave only part of the history;
    `cursor`: where the pages are that were kept.
    """

    def __init__(
        self,
        backend: PersistenceBackend,
        ref: QueryRef,
        plan: Plan,
        base_url: str,
        progress: Progress,
        now: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._backend, self._ref, self._plan, self._base_url = backend, ref, plan, base_url
        self._progress, self._now, self._ticks = progress, now, ticks
        self._waiting: deque[SearchPage] = deque()
        self._read: deque[_Read] = deque()
        self._staged: list[Staged] = []
        self.cursor = plan.cursor
        self.mapped: dict[str, Mapped] = {}
        self.keys: dict[str, str] = {}
        self.incomplete: set[str] = set()
        self.skipped: set[str] = set()
        self._ended: frozenset[str] | None = None
        self._take_up()
        self._begun, self._start = len(self.mapped), ticks()
        self._expected = max(0, plan.total - self._begun) if plan.cursor.mode == FULL else plan.total
        self._total = self._begun + self._expected
        progress.step(
            self._begun, self._total, N_("{begun:,} of {total:,} issues", begun=self._begun, total=self._total)
        )

    def _take_up(self) -> None:
        """What a sync that was cut has fetched."""
        for raw in read_runs(self._backend, self._ref, [self.cursor.run]):
            mapped = map_issue(raw.issue, raw.history, self._plan.mapping, self._base_url, raw.whole)
            if mapped is not None:
                issue_id = str(raw.issue["id"])
                self.mapped[issue_id], self.keys[issue_id] = mapped, mapped.issue.key
                (self.incomplete.discard if raw.whole else self.incomplete.add)(issue_id)

    def put_off(self, page: SearchPage) -> None:
        """Keep it, in no order, when `work` is called: while the server works on the next one."""
        self._waiting.append(page)
        while len(self._waiting) > _MOST_WAITING:
            self.work()

    def work(self) -> bool:
        """Read the page that has waited longest; false where none waits."""
        if not self._waiting:
            return False
        self._take(self._waiting.popleft())
        if len(self._staged) >= _MOST_WAITING:
            self._save(in_order=False)
        return True

    def work_all(self) -> None:
        """Keep all that waits."""
        try:
            while self.work():
                pass
        finally:
            self._save(in_order=False)

    def keep(self, page: SearchPage) -> None:
        """Read the page, and keep it once its histories are there: a cut sync can go on from its last issue."""
        try:
            self._take(page)
        finally:
            self._save(in_order=True)

    def _take(self, page: SearchPage) -> None:
        # At once, and not when the histories come: the answer is still at hand, and what is made of it is smaller.
        if page.is_void:
            self._read.clear()
        issues = self._whole(page.issues)
        if issues:
            self._read.append(self._reading(issues))
        if page.histories is not None:
            while self._read:
                self._finish(self._read.popleft(), page.histories, page.incomplete)

    def _whole(self, issues: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those that say what they were asked: of the others the stored status and dates must not be blanked."""
        whole = [each for each in issues if self._says_all(each)]
        if len(whole) < len(issues):
            self.skipped.update(each["id"] for each in issues)
            issues[:] = whole
        if self.skipped:
            self.skipped.difference_update(each["id"] for each in whole)
        return issues

    def _says_all(self, issue: Json) -> bool:
        fields = issue.get("fields")
        if type(fields) is not dict or type(fields.get("created")) is not str or type(fields.get("status")) is not dict:
            return False
        return "resolutiondate" in fields or not self._had_an_end(issue["id"], fields["status"])

    def _had_an_end(self, issue_id: str, status: Json) -> bool:
        """Whether an issue that is done, but does not say since when, did so before."""
        if not is_done(status):
            return False
        if self._ended is None:
            stored = self._backend.list_issues(self._ref)
            self._ended = frozenset(each.source_id for each in stored if each.resolved is not None)
        return issue_id in self._ended

    def _reading(self, issues: list[dict[str, Any]]) -> _Read:
        """Leaves the list empty: a server that works is the best time to give its last answer's memory back."""
        base_url, mapping = self._base_url, self._plan.mapping
        mapped = {each["id"]: map_issue(each, None, mapping, base_url) for each in issues}
        kept = slim(issues)
        issues.clear()
        return _Read(kept, {issue_id: each for issue_id, each in mapped.items() if each is not None})

    def _save(self, in_order: bool) -> None:
        pages, self._staged = self._staged, []
        if pages:
            # A sync that is cut must come back for what was skipped, so it goes on from before that.
            goes_on = in_order and not self.skipped
            lifetime = self._plan.lifetime
            self.cursor = save_pages(self._backend, self._ref, self.cursor, pages, self._now(), lifetime, goes_on)

    def _finish(self, read: _Read, histories: Histories, incomplete: frozenset[str]) -> None:
        plan, mapped = self._plan, read.mapped
        self._staged.append(staged(read.slim, histories, incomplete, plan.keep, plan.mapping.authors))
        for issue_id, each in mapped.items():
            mapped[issue_id] = with_history(each, histories.get(issue_id, ()), plan.mapping, issue_id not in incomplete)
        self.mapped.update(mapped)
        self.keys.update(read.slim.keys)
        if self.incomplete or incomplete:
            self.incomplete.difference_update(mapped)
            self.incomplete.update(incomplete & mapped.keys())
        self._tell()

    def _tell(self) -> None:
        done, total = len(self.mapped), self._total
        left = _time_left(done - self._begun, self._expected, self._ticks() - self._start)
        self._progress.step(
            min(done, total),
            total,
            N_("{done:,} of {total:,} issues{left}", done=done, total=max(total, done), left=left),
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """A page whose histories are still to come; `mapped` by issue id."""

    slim: Slim
    mapped: dict[str, Mapped]


def _time_left(done: int, total: int, seconds: float) -> str:
    if done <= 0 or seconds < 2 or done >= total:
        return ""
    left = seconds * (total - done) / done
    return f", about {left / 60:.0f} min left" if left >= 90 else f", about {left:.0f} s left"
