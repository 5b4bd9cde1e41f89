"""What a user says about a Jira, and what came of it: plain records, so that a page needs no HTTP to show them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from app.jira.errors import (
    BadJql,
    NoAnswer,
    NoPermission,
    NothingFound,
    NotTrusted,
    Redirected,
    WrongAddress,
    WrongToken,
)
from app.jira.http.login import BadLogin
from store.errors import NoKeyring, WrongPassphrase
from store.records import QueryRef


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form holds. `ca_file`: a file of the data folder, by name. `where` and `passphrase`: as for `keep`
    in `app.tokens`. An empty token means the one that is kept for the profile, if it goes to the same address.
    `profile_id`: of the profile that is there and meant; "" where it is a new one or was named by hand."""

    url: str
    profile: str
    query: str
    jql: str
    email: str = ""
    token: str = field(default="", repr=False)
    ca_file: str = ""
    where: str = "memory"
    passphrase: str = field(default="", repr=False)
    profile_id: str = ""

    def without_secrets(self) -> Wish:
        """What of it stands in the form when somebody comes back to it."""
        return replace(self, where="memory", token="", passphrase="", profile_id="")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was last tried or connected, by which job and when; `wish` without secrets."""

    job: str
    wish: Wish
    at: datetime


class MissingLogin(BadLogin):
    """Something has to be entered first, as where Cloud needs both an e-mail address and a token."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What Jira said before anything is saved.

    `user` is empty where nobody signed in. `matches` is None while there is no query or it has a problem.
    `asks_for`: "email" or "token" when Jira needs it and it was not given; nothing else was asked then.
    """

    base_url: str
    is_cloud: bool
    version: str
    title: str = ""
    user: str = ""
    matches: int | None = None
    evidence: tuple[str, ...] = ()
    asks_for: str = ""
    query_problem: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """How many issues a query matches (on Cloud about); `boards`: the numbers that were entered in its place."""

    jql: str
    matches: int
    boards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """A connection or query that was saved, and is being fetched. `warning`: what the user should know, or nothing."""

    leads_to: QueryRef
    warning: str = ""


_FIELDS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((BadJql, NothingFound), "jql"),
    ((WrongToken, NoPermission), "token"),
    ((NotTrusted,), "ca"),
    ((WrongAddress, Redirected, NoAnswer), "url"),
    ((WrongPassphrase, NoKeyring), "passphrase"),
)


def field_of(problem: Exception | None) -> str:
    """The form's field that the problem is about: url, email, token, jql, ca, passphrase; empty for none."""
    if isinstance(problem, BadLogin):
        return problem.field
    return next((name for kinds, name in _FIELDS if isinstance(problem, kinds)), "")
