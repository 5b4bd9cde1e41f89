"""What Jira can be asked, the same for Cloud and for Data Center or Server; which one it is is found out.

Cloud: search by tokens and histories in bulk. Data Center: search by offset with the histories inside, which
are checked against their stated number, because searches cut long ones without a word.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from app.jira import jql as jqls
from app.jira.errors import (
    BadAnswer,
    BadJql,
    JiraDown,
    JiraError,
    NoPermission,
    Redirected,
    TimedOut,
    TooLarge,
    TooMuch,
    WrongAddress,
    WrongToken,
)
from app.jira.http.address import is_gateway, plain_base_url
from app.jira.http.side_by_side import CONNECTIONS, side_by_side
from app.jira.http.transport import Answer, Transport, is_of_our_time
from app.jira.jql import by_ids
from app.jira.paging import Paging, endless
from app.jira.shape import NAME, an_object, objects, text, texts, whole_number
from app.words import N_

# Issues of one page: small enough that a cut costs little, and a page of raw JSON stays below a megabyte.
PAGE = 100
# A server that does not answer in time for so many has another trouble than their number.
_FEWEST = 25
# Jira gives out up to this many at once when nothing but ids is asked for; Data Center gives what it likes.
_ID_PAGE = 5_000
# Servers and proxies refuse addresses from 8,000 characters on; the search by POST is for longer ones.
_SHORT_ADDRESS = 4_000
# Histories of several pages come in one answer, which saves a fair part of all requests.
_PAGES_A_BULK = 5
_BULK_ISSUES, _BULK_FIELDS, _BULK_ENTRIES = 1_000, 10, 10_000
# Of histories at once, where more are more than there is room for.
_FEWEST_ENTRIES = 100
# So many times fewer issues are asked for at once where all that comes of them together is too much. Where it still is,
# one of them is no issue that anybody works on.
_SHARES = 10


class Deployment(StrEnum):
    CLOUD = "cloud"
    DATA_CENTER = "data center"


@dataclass(frozen=True, slots=True)
class Server:
    """`clock`: the server's time when it answered, in the server's own offset; None when nothing says it.

    Jira tells it only to who is logged in. For anybody else the header of its answer does, without the offset: the
    clock is then in the zone in which clocks show least, so that no zone that Jira may mean is ahead of it.
    """

    deployment: Deployment
    version: str
    title: str
    clock: datetime | None
    # Where its pages are, as it says itself; empty where it says nothing that is an address.
    site: str = ""


@dataclass(frozen=True, slots=True)
class User:
    """Who the token belongs to; an empty name: nobody, the server lets everybody read. `zone`: an IANA name."""

    name: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field that the server knows. `kind` is the type of its values, `custom` names the kind of custom field."""

    id: str
    name: str
    kind: str = ""
    custom: str = ""


@dataclass(frozen=True, slots=True)
class StatusInfo:
    """`category` is Jira's key: new, indeterminate, done or undefined."""

    name: str
    category: str
    id: str = ""


class IssueRef(NamedTuple):
    """The id never changes; the key does when an issue moves to another project."""

    id: str
    key: str


class RefsPage(NamedTuple):
    """`ends`: Jira says itself that no more follow."""

    refs: tuple[IssueRef, ...]
    ends: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Issues as Jira gave them, and histories by issue id, as `{"created", "items"}`, of those that have any.

    `histories`: None where they come with a later page, which then has those of all pages before it.
    `incomplete`: ids of issues whose history Jira would not give in full. `is_void`: so are the pages before it whose
    histories did not come; their issues are asked for again. Who has read the issues may clear the list:
    nobody else has them, and the next answer then takes their place in memory.
    """

    issues: list[dict[str, Any]]
    histories: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
    incomplete: frozenset[str] = frozenset()
    is_void: bool = False


class _Gathered(NamedTuple):
    """What came of a group of issues, or, where that was too much, the smaller groups to ask for later."""

    pages: Iterable[SearchPage]
    later: list[list[Sequence[str]]]


class JiraClient:
    """Every method raises JiraError with words for the user. Close it, or use it as a context."""

    def __init__(self, transport: Transport, *, has_token: bool) -> None:
        self._transport = transport
        self._has_token = has_token
        self._server: Server | None = None
        self._most = PAGE
        self._most_entries = _BULK_ENTRIES
        self._most_together = sys.maxsize

    def __enter__(self) -> JiraClient:
        return self

    def __exit__(self, *exc: object) -> None:
        self._transport.close()

    @property
    def base_url(self) -> str:
        return self._transport.base_url

    @property
    def site(self) -> str:
        """Where people look at its issues: not the address of requests where tokens with scopes go to."""
        server = self._server
        return server.site if server is not None and server.site and is_gateway(self.base_url) else self.base_url

    def hosts(self) -> frozenset[str]:
        """Under which names this Jira is known: that of its address, and what it calls itself."""
        server = self._server or self.server()
        return frozenset(host for url in (self.base_url, server.site) if (host := urlsplit(url).hostname))

    @property
    def requests(self) -> int:
        """How many requests went out, answered or not."""
        return self._transport.sent

    def heard_by(self, wait: Callable[[], None]) -> AbstractContextManager[None]:
        """Within it `wait` is called about every second in which the server is silent; what it raises ends the
        request."""
        return self._transport.heard_by(wait)

    def used_for(self, meanwhile: Callable[[], object]) -> AbstractContextManager[None]:
        """Within it `meanwhile` is called while the server works on what this thread asks; what it raises ends the
        request."""
        return self._transport.used_for(meanwhile)

    @property
    def doing(self) -> str:
        """What is to be told of the present request, where it is out of the ordinary; else empty."""
        return self._transport.doing

    def _paging(self) -> Paging:
        return Paging(self._transport.say)

    def answers_at_once(self) -> bool:
        """Whether answers come so soon that this thread asks for everything itself."""
        return self._transport.answers_at_once()

    # -- the server ---------------------------------------------------------------------------------

    def server(self) -> Server:
        """Which Jira this is. Asked anew each time, for its clock."""
        answer = self._transport.get("/rest/api/2/serverInfo")
        if answer.status in (401, 403):
            raise _refused(answer, self._has_token)
        _not_down(answer)
        document = answer.document
        if answer.status != 200 or not isinstance(document, Mapping) or "version" not in document:
            raise WrongAddress(
                N_(
                    "There is no Jira at {base_url}. Copy the address from the browser while Jira is "
                    "open, such as https://yourteam.atlassian.net or https://jira.example.com/jira.",
                    base_url=self.base_url,
                )
            )
        cloud = text(document.get("deploymentType")).casefold() == "cloud"
        self._server = Server(
            deployment=Deployment.CLOUD if cloud else Deployment.DATA_CENTER,
            version=text(document["version"]),
            title=text(document.get("serverTitle")),
            clock=_clock(document.get("serverTime")) or self._dated(),
            site=_site(document.get("baseUrl")),
        )
        return self._server

    def _dated(self) -> datetime | None:
        dated = self._transport.dated
        return dated.astimezone(jqls.EARLIEST_ZONE) if dated is not None else None

    def locate(self) -> Server:
        """Which Jira this is, looked for at every place that its address may mean: `base_url` is then the right one.

        Raises what was said at the likeliest of them.
        """
        first: JiraError | None = None
        for place in self._transport.places:
            self._transport.base_url = place
            try:
                return self.server()
            except (WrongAddress, Redirected) as exc:
                first = first or exc
        self._transport.base_url = self._transport.places[0]
        raise first or BadAnswer(_NOT_JIRA)

    def user(self) -> User:
        """Who we are. Jira answers searches with a bad token as if nobody had asked, but not this."""
        if not self._has_token:
            return User()
        document = self._object(self._transport.get(self._api("/myself")))
        name = document.get("displayName") or document.get("name") or document.get("accountId")
        return User(text(name) or "?", text(document.get("timeZone")))

    def fields(self) -> tuple[FieldInfo, ...]:
        return tuple(_field(entry) for entry in self._list(self._transport.get(self._api("/field"))))

    def statuses(self) -> tuple[StatusInfo, ...]:
        return tuple(map(_status, self._list(self._transport.get(self._api("/status")))))

    def board_configuration(self, number: str) -> Mapping[str, Any]:
        """What a board shows. Raises BadJql where there is none, or none that this account may see."""
        answer = self._transport.get(f"/rest/agile/1.0/board/{quote(number)}/configuration")
        if 400 <= answer.status < 500:
            raise BadJql(
                N_(
                    "Jira shows no board {number} to this account. Check the number, or enter the query itself; a "
                    "token with scopes needs the right to read boards.",
                    number=number,
                )
            )
        return self._object(answer)

    def sprint(self, sprint_id: str) -> Mapping[str, Any] | None:
        """A sprint as it is now; None where the server has no boards, or does not show this one."""
        answer = self._transport.get(f"/rest/agile/1.0/sprint/{quote(sprint_id)}")
        if 400 <= answer.status < 500:
            return None
        return self._object(answer)

    # -- searches -----------------------------------------------------------------------------------

    def check_jql(self, jql: str) -> None:
        """Raises BadJql with the server's own words."""
        if not self._is_cloud():
            self._data_center_page(jql, ("key",), 0, 1, "")
            return
        document = self._object(self._transport.post("/rest/api/3/jql/parse?validation=strict", {"queries": [jql]}))
        for query in objects(document.get("queries")):
            if query.get("errors"):
                raise _bad_jql([self._transport.spoken(each) for each in texts(query["errors"])])

    def count(self, jql: str) -> int:
        """How many issues it matches, on Cloud approximately."""
        if self._is_cloud():
            answer = self._transport.post("/rest/api/3/search/approximate-count", {"jql": jql})
            return whole_number(self._object(answer).get("count"))
        return whole_number(self._data_center_page(jql, ("key",), 0, 0, "").get("total"))

    def search(self, jql: str, fields: Sequence[str], history_fields: Sequence[str]) -> Iterator[SearchPage]:
        """Pages of issues and of their change histories, of `history_fields` at least where Jira can choose."""
        if not self._is_cloud():
            yield from self._data_center_pages(jql, fields)
            return
        ids: list[str] = []
        for number, document in enumerate(self._cloud_pages(jql, fields, PAGE), 1):
            issues = _issues(document)
            ids += [issue["id"] for issue in issues]
            yield SearchPage(issues)
            if number % _PAGES_A_BULK == 0:
                yield SearchPage([], self._bulk_histories(ids, history_fields))
                ids = []
        if ids:
            yield SearchPage([], self._bulk_histories(ids, history_fields))

    def by_ids(
        self,
        ids: Sequence[str],
        fields: Sequence[str],
        history_fields: Sequence[str],
        waited: Callable[[], None],
        page: int = PAGE,
    ) -> Iterator[SearchPage]:
        """These issues with their histories, pages side by side and in any order; ids that are gone are left out.

        `waited` is called now and then while none comes, and may raise to end it; what is asked in this thread, as long
        as the server answers at once, is `heard_by` whoever listens. When a question fails, the pages that are on their
        way still come before it is raised.
        """
        pages = [ids[start : start + page] for start in range(0, len(ids), page)]
        # On Cloud the histories of several pages come in one answer; with few pages each connection has some.
        size = max(1, min(_PAGES_A_BULK, -(-len(pages) // CONNECTIONS))) if self._is_cloud() else 1
        groups = [pages[start : start + size] for start in range(0, len(pages), size)]
        how = {"fields": fields, "history_fields": history_fields}
        for may_be_less in (True, False):
            answers = side_by_side(
                partial(self._gathered, **how, may_be_less=may_be_less),
                groups,
                waited,
                self._transport.room,
                self.answers_at_once,
                partial(self._as_they_come, **how, may_be_less=may_be_less),
            )
            groups = []
            for answer in answers:
                yield from answer.pages
                groups += answer.later

    def _gathered(
        self,
        pages: Sequence[Sequence[str]],
        fields: Sequence[str],
        history_fields: Sequence[str],
        may_be_less: bool,
    ) -> _Gathered:
        """`may_be_less`: where it is too much, it says which smaller groups are to be asked for; else it is raised."""
        ids = [each for page in pages for each in page]
        if may_be_less and len(ids) > self._most_together:
            return _Gathered([], _shares(ids))
        try:
            with self._transport.gathering():
                return _Gathered(self._group(pages, fields, history_fields), [])
        except TooMuch:
            if not may_be_less or len(ids) == 1:
                raise
        return _Gathered([], self._fewer_together(ids))

    def _fewer_together(self, ids: Sequence[str]) -> list[list[Sequence[str]]]:
        """The groups to ask for instead of these, which were too much; and from now on no larger ones."""
        shares = _shares(ids)
        self._most_together = min(self._most_together, len(shares[0][0]))
        return shares

    def _as_they_come(
        self,
        pages: Sequence[Sequence[str]],
        fields: Sequence[str],
        history_fields: Sequence[str],
        may_be_less: bool,
    ) -> _Gathered:
        """As `_gathered`, but each page as soon as it is there, so that it is used while it is still at hand. What is
        to be asked for later is known when they have come."""
        ids, later = [each for page in pages for each in page], list[list[Sequence[str]]]()

        def coming() -> Iterator[SearchPage]:
            if may_be_less and len(ids) > self._most_together:
                later.extend(_shares(ids))
                return
            try:
                with self._transport.gathering():
                    yield from self._in_turn(pages, fields, history_fields)
            except TooMuch:
                if not may_be_less or len(ids) == 1:
                    raise
                yield SearchPage([], is_void=True)
                later.extend(self._fewer_together(ids))

        return _Gathered(coming(), later)

    def _in_turn(
        self, pages: Sequence[Sequence[str]], fields: Sequence[str], history_fields: Sequence[str]
    ) -> Iterator[SearchPage]:
        """Pages, and on Cloud the histories of all of them after the last."""
        present: list[str] = []
        for ids in pages:
            for page in self._present(ids, fields):
                present += [issue["id"] for issue in page.issues]
                yield page
        if self._is_cloud():
            yield SearchPage([], self._bulk_histories(present, history_fields))

    def _group(
        self, pages: Sequence[Sequence[str]], fields: Sequence[str], history_fields: Sequence[str]
    ) -> list[SearchPage]:
        search_pages = [page for ids in pages for page in self._present(ids, fields)]
        if not self._is_cloud():
            return search_pages
        histories = self._bulk_histories(
            [issue["id"] for page in search_pages for issue in page.issues], history_fields
        )
        return [
            replace(
                page, histories={each: histories[each] for issue in page.issues if (each := issue["id"]) in histories}
            )
            for page in search_pages
        ]

    def _present(self, ids: Sequence[str], fields: Sequence[str]) -> list[SearchPage]:
        """Without histories on Cloud. Jira refuses the whole list when one was deleted a moment ago: then in halves.

        So are they where it does not answer in time for as many, or with more than there is room for; from then on it
        is asked for fewer at once, and at last for one issue and for its history in pages.
        """
        if len(ids) > self._most:
            return self._halves(ids, fields)
        try:
            if not self._is_cloud():
                return list(self._data_center_pages(by_ids(ids), fields))
            return [SearchPage(_issues(document)) for document in self._cloud_pages(by_ids(ids), fields, PAGE)]
        except BadJql:
            return [] if len(ids) == 1 else self._halves(ids, fields)
        except TooMuch:
            # What came before is kept with it: in halves it would be as much.
            raise
        except (TimedOut, TooLarge) as exc:
            if len(ids) == 1 and isinstance(exc, TooLarge) and not self._is_cloud():
                return [self._in_pieces(ids, fields, exc)]
            if len(ids) <= (1 if isinstance(exc, TooLarge) else _FEWEST):
                raise
            self._most = min(self._most, len(ids) // 2)
            return self._halves(ids, fields)

    def _halves(self, ids: Sequence[str], fields: Sequence[str]) -> list[SearchPage]:
        half = len(ids) // 2
        return [*self._present(ids[:half], fields), *self._present(ids[half:], fields)]

    def sample(self, jql: str, fields: Sequence[str], size: int = PAGE) -> tuple[Mapping[str, Any], ...]:
        """The first issues, without histories."""
        if self._is_cloud():
            return tuple(_issues(next(iter(self._cloud_pages(jql, fields, size)))))
        return tuple(_issues(self._data_center_page(jql, fields, 0, size, "")))

    def refs(self, jql: str) -> Iterator[RefsPage]:
        """Ids and keys of everything the query matches, in pages. `jql` must order by something that stays.

        Raises BadAnswer for a list of which Jira says itself that it is not whole. On Data Center each page begins with
        the last issue of the one before: when it does not, something in between went away and everything would have
        moved up by one, so BadAnswer is raised as well: begin again.
        """
        if self._is_cloud():
            for document in self._cloud_pages(jql, ("id",), _ID_PAGE):
                yield RefsPage(tuple(_refs(document)), document.get("isLast") is True)
            return
        last: IssueRef | None = None
        at, paging = 0, self._paging()
        for _ in range(self._transport.limits.pages):
            document = self._data_center_page(jql, ("key",), at, _ID_PAGE, "")
            here = _refs(document)
            paging.turn(len(here))
            if last is not None and (not here or here[0] != last):
                raise BadAnswer(N_("Issues went away while Jira was listing them. Sync again."))
            total = document.get("total")
            if not isinstance(total, int) or (total and not here):
                raise _cut()
            ends = at + len(here) >= total
            yield RefsPage(tuple(here if last is None else here[1:]), ends)
            if ends:
                return
            last, at = here[-1], at + len(here) - 1
        raise endless()

    # -- Cloud --------------------------------------------------------------------------------------

    def _cloud_pages(self, jql: str, fields: Sequence[str], size: int) -> Iterator[Mapping[str, Any]]:
        """A short or empty page is not the end; a missing token is."""
        body: dict[str, Any] = {"jql": jql, "fields": list(fields), "maxResults": size}
        yield from self._by_token("/rest/api/3/search/jql", body)

    def _bulk_histories(self, ids: Sequence[str], fields: Sequence[str]) -> dict[str, list[Mapping[str, Any]]]:
        """Entries by issue id, of those that have some. Jira takes ten fields at most: more are asked for in turns."""
        histories: dict[str, list[Mapping[str, Any]]] = {}
        with self._transport.gathering():
            for start, first in product(range(0, len(ids), _BULK_ISSUES), range(0, len(fields), _BULK_FIELDS)):
                # One issue's entries may be spread over several pages.
                for log in self._bulk(ids[start : start + _BULK_ISSUES], fields[first : first + _BULK_FIELDS]):
                    histories.setdefault(text(log.get("issueId")), []).extend(_entries(log.get("changeHistories")))
        return (
            histories
            if len(fields) <= _BULK_FIELDS
            else {each: _merged(entries) for each, entries in histories.items()}
        )

    def _bulk(self, ids: Sequence[str], fields: Sequence[str]) -> list[Mapping[str, Any]]:
        """Logs of issues; from then on of fewer entries at a time, where an answer has more than there is room for."""
        while True:
            most = self._most_entries
            body = {"issueIdsOrKeys": list(ids), "fieldIds": list(fields), "maxResults": most}
            try:
                with self._transport.gathering():
                    pages = self._by_token("/rest/api/3/changelog/bulkfetch", body)
                    return [log for document in pages for log in _entries(document.get("issueChangeLogs"))]
            except TooLarge as exc:
                if most <= _FEWEST_ENTRIES or isinstance(exc, TooMuch):
                    raise
                self._most_entries = min(self._most_entries, most // 2)

    def _by_token(self, path: str, body: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
        seen, paging = set[str](), self._paging()
        for _ in range(self._transport.limits.pages):
            document = self._object(self._transport.post(path, body))
            paging.turn(_entries_of(document))
            yield document
            token = document.get("nextPageToken")
            if (not token and document.get("isLast") is False) or not isinstance(token, str | None):
                raise _cut()
            if not token or document.get("isLast") is True:
                return
            if token in seen:
                raise BadAnswer(N_("Jira gave out the same page twice. Sync again later; what was fetched is kept."))
            seen.add(token)
            body = {**body, "nextPageToken": token}
        raise endless()

    # -- Data Center --------------------------------------------------------------------------------

    def _data_center_pages(self, jql: str, fields: Sequence[str]) -> Iterator[SearchPage]:
        at, paging = 0, self._paging()
        for _ in range(self._transport.limits.pages):
            with self._transport.gathering():
                page, total = self._whole_page(jql, fields, at)
            if not page.issues:
                return
            at += len(page.issues)
            paging.turn(len(page.issues))
            yield page
            if at >= total:
                return
        raise endless()

    def _whole_page(self, jql: str, fields: Sequence[str], at: int) -> tuple[SearchPage, int]:
        """Issues with their histories, and how many there are in all."""
        document = self._data_center_page(jql, fields, at, PAGE, "changelog")
        issues = _issues(document)
        histories, incomplete = {}, set()
        for issue in issues:
            log = an_object(issue.get("changelog"))
            if log.get("histories") or log.get("total"):
                histories[issue["id"]], whole = self._history(issue["id"], log)
                if not whole:
                    incomplete.add(issue["id"])
        return SearchPage(issues, histories, frozenset(incomplete)), whole_number(document.get("total"))

    def _in_pieces(self, ids: Sequence[str], fields: Sequence[str], too_large: TooLarge) -> SearchPage:
        """An issue that is too large together with its history. Raises `too_large` where histories have no pages."""
        with self._transport.gathering():
            issues = _issues(self._data_center_page(by_ids(ids), fields, 0, 1, ""))
            histories = {issue["id"]: self._paged_history(issue["id"]) for issue in issues}
        known = {each: entries for each, entries in histories.items() if entries is not None}
        if len(known) < len(histories):
            raise too_large
        return SearchPage(issues, known)

    def _data_center_page(self, jql: str, fields: Sequence[str], at: int, size: int, expand: str) -> Mapping[str, Any]:
        body: dict[str, Any] = {"jql": jql, "startAt": at, "maxResults": size}
        if _fits_address(jql, _SHORT_ADDRESS - sum(map(len, fields))):
            in_address = {**body, "fields": ",".join(fields)} | ({"expand": expand} if expand else {})
            return self._object(self._transport.get("/rest/api/2/search", **in_address))
        in_body = {**body, "fields": list(fields)} | ({"expand": [expand]} if expand else {})
        return self._object(self._transport.post("/rest/api/2/search", in_body))

    def _history(self, issue_id: str, log: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], bool]:
        """The issue's whole history, of which a search gave `log`, and whether it is whole."""
        entries = _entries(log.get("histories"))
        total = whole_number(log.get("total", len(entries)))
        if len(entries) >= total:
            return entries, True
        paged = self._paged_history(issue_id, total)
        if paged is None:
            paged = self._single_history(issue_id)
        best = max(entries, paged, key=len)
        return list(best), len(best) >= total

    def _paged_history(self, issue_id: str, total: int | None = None) -> list[Mapping[str, Any]] | None:
        """None where the server has no such pages, as before Data Center 9. `total`: None where it says that first."""
        entries, paging = list[Mapping[str, Any]](), self._paging()
        while total is None or len(entries) < total:
            path = f"/rest/api/2/issue/{quote(issue_id)}/changelog"
            answer = self._transport.get(path, startAt=len(entries), maxResults=1_000)
            if answer.status in (404, 405):
                return None
            document = self._object(answer)
            values = _entries(document.get("values"))
            total = whole_number(document.get("total", len(values))) if total is None else total
            if not values:
                break
            entries.extend(values)
            paging.turn(len(values))
        return entries

    def _single_history(self, issue_id: str) -> list[Mapping[str, Any]]:
        """An issue asked for by itself comes with all of its history; one deleted meanwhile has none."""
        answer = self._transport.get(f"/rest/api/2/issue/{quote(issue_id)}", expand="changelog", fields="key")
        if answer.status == 404:
            return []
        return _entries(an_object(self._object(answer).get("changelog")).get("histories"))

    # -- answers ------------------------------------------------------------------------------------

    def _is_cloud(self) -> bool:
        return (self._server or self.server()).deployment is Deployment.CLOUD

    def _api(self, path: str) -> str:
        return f"/rest/api/{3 if self._is_cloud() else 2}{path}"

    def _object(self, answer: Answer) -> Mapping[str, Any]:
        document = self._good(answer)
        if not isinstance(document, Mapping):
            raise BadAnswer(_NOT_JIRA)
        return document

    def _list(self, answer: Answer) -> list[Mapping[str, Any]]:
        document = self._good(answer)
        if not isinstance(document, list):
            raise BadAnswer(_NOT_JIRA)
        return [entry for entry in document if isinstance(entry, Mapping)]

    def _good(self, answer: Answer) -> Any:
        """The document of a successful answer, or the error that it stands for."""
        if answer.status < 300:
            return answer.document
        if answer.status in (401, 403):
            raise _refused(answer, self._has_token)
        if answer.status == 400:
            raise _bad_jql(_messages(answer.document))
        _not_down(answer)
        raise WrongAddress(
            N_(
                "Jira does not know what we asked for (it answers {status}). Check the address; on a "
                "very old Jira, update it or import a file instead.",
                status=answer.status,
            )
        )


_NOT_JIRA = N_("What answers is not Jira, or a login page stands before it. Check the address and the way you sign in.")


def _shares(ids: Sequence[str]) -> list[list[Sequence[str]]]:
    """Groups of one page each, of a tenth of the issues."""
    size = -(-len(ids) // _SHARES)
    return [[ids[start : start + size]] for start in range(0, len(ids), size)]


def parse_instant(value: Any) -> datetime | None:
    """Jira's times: ISO with an offset, or milliseconds since 1970 in bulk histories; None when it is neither."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, tz=UTC)
        parsed = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
    return parsed if parsed is not None and parsed.tzinfo else None


def _clock(value: Any) -> datetime | None:
    """What the server's clock shows; None for one that nobody could have set it to."""
    clock = parse_instant(value)
    return clock if clock is not None and is_of_our_time(clock) else None


def _field(entry: Mapping[str, Any]) -> FieldInfo:
    schema = an_object(entry.get("schema"))
    return FieldInfo(
        id=text(entry.get("id")) or text(entry.get("key")),
        name=text(entry.get("name")),
        kind=text(schema.get("type")),
        custom=text(schema.get("custom")).rpartition(":")[2],
    )


def _category_key(status: Mapping[str, Any]) -> str:
    return text(an_object(status.get("statusCategory")).get("key")) or "undefined"


def _issues(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The page's issues, taken out of it; ids are text on every Jira, but not in every answer."""
    issues = document.get("issues")
    if not isinstance(issues, list):
        raise BadAnswer(_NOT_JIRA)
    chosen = []
    for each in issues:
        number = each.get("id") if isinstance(each, dict) else None
        if type(number) is str and number.isalnum():
            chosen.append(each)
        elif isinstance(number, str | int):
            chosen.append(each | {"id": text(number)})
    issues.clear()
    return chosen


def _fits_address(jql: str, most: int) -> bool:
    """Whether it has fewer characters than that when it is quoted, of which each then has three at most."""
    return (jql.isascii() and 3 * len(jql) < most) or len(quote(jql)) < most


def _refs(document: Mapping[str, Any]) -> list[IssueRef]:
    """Whatever a listing does not name has left the query: one that cannot be read must not look like that."""
    listed = document.get("issues")
    count = len(listed) if isinstance(listed, list) else 0
    issues = _issues(document)
    keys = [text(each.get("key")) for each in issues]
    if len(keys) < count or not all(keys) or max(map(len, keys), default=0) > NAME:
        raise BadAnswer(_NOT_JIRA)
    return [IssueRef(each["id"], key) for each, key in zip(issues, keys, strict=True)]


def _entries(histories: Any) -> list[Mapping[str, Any]]:
    """The changes of an issue. What has been read cannot be told from what never was: so nothing of it is left out."""
    entries = objects(histories)
    if histories and (not isinstance(histories, list) or len(entries) < len(histories)):
        raise BadAnswer(_NOT_JIRA)
    return entries


def _entries_of(document: Mapping[str, Any]) -> int:
    """How many issues, or changes of issues, a page of Cloud has."""
    logs = document.get("issueChangeLogs")
    if not isinstance(logs, list):
        issues = document.get("issues")
        return len(issues) if isinstance(issues, list) else 0
    histories = (log.get("changeHistories") for log in logs if isinstance(log, Mapping))
    return len(logs) + sum(len(each) for each in histories if isinstance(each, list))


def _merged(entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Each entry once: one that changed fields of several groups came with each of them, in part or whole."""
    by_key: dict[str, Mapping[str, Any]] = {}
    for place, entry in enumerate(entries):
        key = str(entry.get("id") or f"place {place}")
        first = by_key.get(key)
        if first is None:
            by_key[key] = entry
            continue
        items = objects(first.get("items"))
        items += [item for item in objects(entry.get("items")) if item not in items]
        by_key[key] = {**first, "items": items}
    return list(by_key.values())


def _messages(document: Any) -> list[str]:
    if not isinstance(document, Mapping):
        return []
    errors = document.get("errors")
    named = [f"{text(name)}: {text(reason)}" for name, reason in an_object(errors).items()]
    return texts(document.get("errorMessages")) + named


def _bad_jql(messages: Sequence[str]) -> BadJql:
    reason = " ".join(message.strip() for message in messages) or N_("It gives no reason.")
    return BadJql(N_("Jira does not understand the query. It says: {text}", text=reason[:600]))


def _refused(answer: Answer, has_token: bool) -> JiraError:
    if "CAPTCHA" in answer.headers.get("X-Authentication-Denied-Reason", ""):
        return WrongToken(
            N_(
                "Jira wants to see a captcha after too many failed logins. Sign in to Jira in the "
                "browser once, then try again."
            )
        )
    if answer.status == 401 and has_token:
        return WrongToken(
            N_(
                "Jira does not accept the token. Cloud needs your e-mail address and an API token, "
                "Data Center a personal access token without e-mail. It may be mistyped, revoked or "
                "expired: make a new one. A token with scopes, and one of a service account, needs the address "
                "https://api.atlassian.com/ex/jira/ with the cloud id behind it, which "
                "https://yourteam.atlassian.net/_edge/tenant_info tells."
            )
        )
    if answer.status == 401:
        return WrongToken(N_("This Jira wants to know who asks. Enter a token."))
    return NoPermission(
        N_(
            "Jira does not let this account do that (it answers 403). Ask a Jira administrator "
            "for the right to browse the project."
        )
    )


def _status(entry: Mapping[str, Any]) -> StatusInfo:
    return StatusInfo(text(entry.get("name")), _category_key(entry), text(entry.get("id")))


def _site(address: Any) -> str:
    try:
        return plain_base_url(text(address))
    except WrongAddress:
        return ""


def _not_down(answer: Answer) -> None:
    if answer.status >= 500:
        raise JiraDown(
            N_(
                "Jira is not working at the moment (it answers {status}). Try again later; nothing was lost.",
                status=answer.status,
            )
        )


def _cut() -> BadAnswer:
    return BadAnswer(N_("Jira's answer was cut: it says that there is more, but not where. Try again later."))
