"""JQL around the user's own: bounded in time, ordered, or narrowed to ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone, tzinfo

from app.jira.errors import BadJql
from app.words import N_

# An issue edited while the server was answering may carry a slightly older time than its answer.
OVERLAP = timedelta(minutes=5)
# Where clocks show least: a time written so lies in no zone after the instant that is meant.
EARLIEST_ZONE = timezone(timedelta(hours=-12))
# What is quoted and never ends goes to the end: looked for from each mark anew, a long query would take minutes.
_QUOTED_OR_ORDER = re.compile(r"\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?|\border\s+by\b", re.IGNORECASE)


def condition(jql: str) -> str:
    """The query without its ORDER BY. Raises BadJql for one that would match everything."""
    core = jql
    for match in _QUOTED_OR_ORDER.finditer(jql):
        if match.group()[0] not in "\"'":
            core = jql[: match.start()]
            break
    core = core.strip()
    if not core:
        raise BadJql(N_("The query is empty, and Jira refuses to list everything. Enter one such as: project = ABC"))
    return core


def by_update(jql: str, since: str | None) -> str:
    """Oldest update first, so that what is edited meanwhile comes again; `since` as `wall_clock` gives it."""
    bound = f' AND updated >= "{since}"' if since else ""
    return f"({condition(jql)}){bound} ORDER BY updated ASC, key ASC"


def by_key(jql: str) -> str:
    """In an order that edits leave alone."""
    return f"({condition(jql)}) ORDER BY key ASC"


def whole(jql: str) -> str:
    """For counting."""
    return f"({condition(jql)})"


def newest(jql: str) -> str:
    return f"({condition(jql)}) ORDER BY created DESC"


def by_ids(ids: Iterable[str]) -> str:
    # In an address a comma needs no sign for itself and a blank does: of a hundred ids that is a quarter.
    return f"id in ({','.join(ids)}) ORDER BY key ASC"


def wall_clock(instant: datetime, zones: Sequence[tzinfo]) -> str:
    """The instant as JQL writes it, in that of the zones where clocks show least.

    Jira reads such a time in the zone of the user, or of the server where it knows no user. Which one that is does
    not matter this way: at worst a few hours more are fetched.
    """
    return min(_unmistakable(instant.astimezone(zone)).strftime("%Y-%m-%d %H:%M") for zone in zones)


def _unmistakable(local: datetime) -> datetime:
    """In the hour that clocks show twice in autumn an hour earlier: Jira might take the first for the second."""
    first, second = (local.replace(fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
    return local.replace(tzinfo=None) - (first - second) if first > second else local
