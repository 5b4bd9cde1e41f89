"""Which issues the query matches now, and whether Jira's list of them can be believed.

What is not in the list counts as deleted or out of the query. So a list that was cut must never pass for a whole one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.jira.client import JiraClient
from app.jira.errors import BadAnswer, Endless, TooLarge
from app.jira.paging import Paging
from app.words import N_, Nn_
from store.records import IssueKey

_SWEEPS = 3
# Ids and keys are all in memory; a server may list without end.
_MOST_ISSUES = 500_000


@dataclass(frozen=True, slots=True)
class Listed:
    """The key by id of everything that was listed. `ends`: Jira itself said that there are no more."""

    refs: dict[str, str]
    ends: bool

    def falls_short(self, counted: int) -> bool:
        """Whether this can hardly be all, as Jira counts so many.

        Cloud counts approximately, and right after a change wrongly: of a list that it called complete a tenth may be
        missing, of others nothing.
        """
        allowed = 10 + counted // 10 if self.ends else 0
        return len(self.refs) < counted - allowed

    def with_stored(self, stored: Iterable[IssueKey]) -> dict[str, str]:
        """For a list that cannot be believed: what is in the query by what is stored, and by the list."""
        known = {issue.source_id or issue.key: issue.key for issue in stored if issue.in_query}
        return known | self.refs


def sweep(client: JiraClient, jql: str, each_page: Callable[[int], None]) -> Listed:
    """List everything. `each_page` is called with the number so far. Raises BadAnswer when it cannot be done."""
    for attempt in range(1, _SWEEPS + 1):
        refs: dict[str, str] = {}
        ends = False
        try:
            paging = Paging()
            for page in client.refs(jql):
                before = len(refs)
                refs.update(page.refs)
                # A list that names the same again and again has no end either.
                paging.turn(len(refs) - before)
                require_room(len(refs))
                ends = page.ends
                each_page(len(refs))
        except (TooLarge, Endless):
            raise
        except BadAnswer:
            if attempt == _SWEEPS:
                raise
            continue
        break
    return Listed(refs, ends)


def require_room(issues: int) -> None:
    """Raises TooLarge for more of them than there is room for."""
    if issues > _MOST_ISSUES:
        raise TooLarge(
            N_(
                "Jira lists more than {most:,} issues, for which there is no room. Narrow the query; what "
                "was stored before is unchanged.",
                most=_MOST_ISSUES,
            )
        )


def short_warning(listed: int, counted: int) -> str:
    return N_(
        "Jira counts {counted:,} issues but listed only {listed:,} of them, so its list may "
        "have been cut. Nothing was marked as removed. Sync again later.",
        counted=counted,
        listed=listed,
    )


def skipped_warning(skipped: int) -> str:
    return Nn_(
        "Jira sent 1 issue without status or dates. It was left as stored before, and the next sync asks for it again.",
        "Jira sent {count:,} issues without status or dates. They were left as stored before, and the next sync asks "
        "for them again.",
        skipped,
    )
