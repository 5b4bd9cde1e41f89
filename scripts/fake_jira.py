"""A local server that behaves like Jira Cloud or like Jira Data Center, for tests and for trying the app out.

    python scripts/fake_jira.py --flavour cloud --port 8099 --issues 500
    python scripts/fake_jira.py --flavour data-center --file titanium-issues.jsonl.gz

Issues come from a seed, or from a file of JSON lines in the shape of Jira's answers. Faults are switched on by
options, or by tests through `FakeJira.faults`. It listens on this computer only and accepts one token.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import operator
import random
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

EMAIL, TOKEN = "ann@example.com", "fake-token-0123456789"
POINTS, OTHER_POINTS, SPRINT, FLAGGED, EPIC = (
    "customfield_10016", "customfield_10026", "customfield_10020", "customfield_10021", "customfield_10014",
)  # fmt: skip
STATUSES = {"To Do": "new", "In Progress": "indeterminate", "In Review": "indeterminate", "Done": "done"}
FIELDS = (
    ("summary", "Summary", "string", ""), ("status", "Status", "status", ""), ("created", "Created", "datetime", ""),
    (POINTS, "Story Points", "number", "com.atlassian.jira.plugin.system.customfieldtypes:float"),
    (OTHER_POINTS, "Estimate in days", "number", "com.atlassian.jira.plugin.system.customfieldtypes:float"),
    (SPRINT, "Sprint", "array", "com.pyxis.greenhopper.jira:gh-sprint"),
    (EPIC, "Epic Link", "any", "com.pyxis.greenhopper.jira:gh-epic-link"),
    (FLAGGED, "Flagged", "array", "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes"),
)  # fmt: skip

Json = dict[str, Any]


@dataclass
class Faults:
    """What goes wrong. Numbers count requests; `fail_at` breaks the connection at that request, once.

    `busy`: as many answers are 429 first. `retry_after`: "1", or "date" for a date a second ahead.
    `expires_at`: from that request on the token is not accepted. `dripping`: a byte now and then, for ever.
    `slow_seconds`: before each answer. `silent`: never answer. `silent_at`: nor to requests with this in the address.
    `most_at_once`: nor to a search for more ids than that.
    `half_at`: answers to requests with this in the address stop in the middle.
    `cut_histories`: a search gives that many entries. `no_whole_history`: and so does everything else. `cut_list`: a
    list of ids ends after its first page, and says that there is more ("contradicts") or nothing at all ("unsaid").
    `hides_time`: it is told to nobody but in the headers of answers; `no_dates`: not there either. `categories`: what
    is left of those of statuses: "name", "id" or "none".
    `without_fields`: ids of issues that come without any fields, or without the one in `left_out`.
    """

    fail_at: int | None = None
    busy: int = 0
    retry_after: str = "0"
    down: bool = False
    silent: bool = False
    slow_seconds: float = 0.0
    cut_histories: int = 0
    no_history_pages: bool = False
    no_whole_history: bool = False
    redirect_to: str = ""
    redirect_path: str = ""
    repeat_token: bool = False
    broken_json: bool = False
    html: bool = False
    expired: bool = False
    forbidden: bool = False
    captcha: bool = False
    empty_pages: bool = False
    endless_bytes: bool = False
    dripping: bool = False
    expires_at: int | None = None
    cut_list: str = ""
    without_fields: str = ""
    left_out: str = ""
    silent_at: str = ""
    most_at_once: int = 0
    half_at: str = ""
    hides_time: bool = False
    no_dates: bool = False
    categories: str = ""


# A board, and the filter whose issues it shows.
BOARD, FILTER = "7", "10007"


# The name of each column of a board, and of the statuses in it.
Columns = Sequence[tuple[str, Sequence[str]]]


def _filtered(jql: str) -> str:
    return re.sub(rf"filter (= {FILTER}|in \({FILTER}(, \d+)*\))", "project = ABC", jql)


class BadQuery(Exception):
    """The JQL cannot be carried out; the text is Jira's."""


# -- JQL ------------------------------------------------------------------------------------------------

_TOKEN_PATTERN = re.compile(
    r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|>=|<=|!~|[()=<>~,])|([^\s()=<>~,!"']+))"""
)
Match = Callable[[Json], bool]


class Jql:
    """The part of JQL that teams use most: comparisons, IN, AND, OR, NOT, brackets, ORDER BY."""

    def __init__(self, text: str, zone: ZoneInfo) -> None:
        self._tokens = self._split(text)
        self._at = 0
        self._zone = zone
        # Cloud refuses a query that would match everything.
        self.bounded = bool(self._tokens) and self._word() != "order"
        self.matches: Match = self._any() if self.bounded else (lambda issue: True)
        self.order = self._order()

    def _split(self, text: str) -> list[tuple[str, bool]]:
        tokens, at, text = [], 0, text.rstrip()
        while at < len(text):
            match = _TOKEN_PATTERN.match(text, at)
            if not match:
                raise BadQuery(
                    f"Error in the JQL Query: The quoted string has not been completed. (character {at + 1})"
                )
            double, single, sign, word = match.groups()
            quoted = double if double is not None else single
            tokens.append((quoted if quoted is not None else sign or word, quoted is not None))
            at = match.end()
        return tokens

    def _word(self) -> str:
        if self._at >= len(self._tokens) or self._tokens[self._at][1]:
            return ""
        return self._tokens[self._at][0].casefold()

    def _take(self) -> str:
        if self._at >= len(self._tokens):
            raise BadQuery("Error in the JQL Query: Expecting a value but reached the end of the query.")
        self._at += 1
        return self._tokens[self._at - 1][0]

    def _any(self) -> Match:
        parts = [self._all()]
        while self._word() == "or":
            self._take()
            parts.append(self._all())
        return lambda issue: any(part(issue) for part in parts)

    def _all(self) -> Match:
        parts = [self._factor()]
        while self._word() == "and":
            self._take()
            parts.append(self._factor())
        return lambda issue: all(part(issue) for part in parts)

    def _factor(self) -> Match:
        if self._word() == "not":
            self._take()
            inner = self._factor()
            return lambda issue: not inner(issue)
        if self._word() == "(":
            self._take()
            inner = self._any()
            self._expect(")")
            return inner
        return self._comparison()

    def _expect(self, sign: str) -> None:
        if self._word() != sign:
            raise BadQuery(f"Error in the JQL Query: Expecting '{sign}' at position {self._at + 1}.")
        self._take()

    def _comparison(self) -> Match:
        name = self._take().casefold()
        if name not in _READERS:
            raise BadQuery(f"Field '{name}' does not exist or you do not have permission to view it.")
        read, sign = _READERS[name], self._take().casefold()
        if sign in ("in", "not"):
            if sign == "not":
                self._expect("in")
            values = self._list()
            return (lambda issue: read(issue) in values) if sign == "in" else (lambda issue: read(issue) not in values)
        if sign in ("=", "!="):
            value = self._take().casefold()
            return (lambda issue: read(issue) == value) if sign == "=" else (lambda issue: read(issue) != value)
        if sign in ("<", "<=", ">", ">=") and name in ("created", "updated"):
            return self._moment(name, sign, self._take())
        raise BadQuery(f"Error in the JQL Query: The operator '{sign}' is not supported by the '{name}' field.")

    def _list(self) -> set[str]:
        self._expect("(")
        values = {self._take().casefold()}
        while self._word() == ",":
            self._take()
            values.add(self._take().casefold())
        self._expect(")")
        return values

    def _moment(self, name: str, sign: str, text: str) -> Match:
        for pattern in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"):
            try:
                limit = datetime.strptime(text, pattern).replace(tzinfo=self._zone)
                break
            except ValueError:
                continue
        else:
            raise BadQuery(
                f"Date value '{text}' for field '{name}' is invalid. Valid formats include: 'yyyy-MM-dd HH:mm'."
            )
        compare = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}[sign]
        return lambda issue: bool(compare(_moment_of(issue["fields"][name]), limit))

    def _order(self) -> list[tuple[str, bool]]:
        order: list[tuple[str, bool]] = []
        if self._at < len(self._tokens):
            self._expect("order")
            self._expect("by")
        while self._at < len(self._tokens):
            name = self._take().casefold()
            if name not in _SORTERS:
                raise BadQuery(f"Field '{name}' does not exist or you do not have permission to view it.")
            down = self._word() == "desc"
            if self._word() in ("asc", "desc"):
                self._take()
            order.append((name, down))
            if self._at < len(self._tokens):
                self._expect(",")
        return order


def _moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _named(name: str) -> Callable[[Json], str]:
    return lambda issue: str((issue["fields"].get(name) or {}).get("name", "")).casefold()


_READERS: dict[str, Callable[[Json], str]] = {
    "project": lambda issue: issue["fields"]["project"]["key"].casefold(),
    "id": lambda issue: issue["id"],
    "key": lambda issue: issue["key"].casefold(),
    "issuekey": lambda issue: issue["key"].casefold(),
    "issuetype": _named("issuetype"),
    "type": _named("issuetype"),
    "status": _named("status"),
    "resolution": _named("resolution"),
    "statuscategory": lambda issue: issue["fields"]["status"]["statusCategory"]["name"].casefold(),
    "created": lambda issue: issue["fields"]["created"],
    "updated": lambda issue: issue["fields"]["updated"],
}
_SORTERS: dict[str, Callable[[Json], Any]] = {
    "updated": lambda issue: _moment_of(issue["fields"]["updated"]),
    "created": lambda issue: _moment_of(issue["fields"]["created"]),
    "key": lambda issue: (issue["key"].rpartition("-")[0], int(issue["key"].rpartition("-")[2])),
    "id": lambda issue: int(issue["id"]),
}
_SORTERS["issuekey"] = _SORTERS["key"]


# -- data -----------------------------------------------------------------------------------------------


def stamp(moment: datetime) -> str:
    """As Jira writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}" + moment.strftime("%z")


def status_json(name: str) -> Json:
    key = STATUSES[name]
    category = {"new": (2, "To Do"), "indeterminate": (4, "In Progress"), "done": (3, "Done")}[key]
    return {
        "id": str(1 + list(STATUSES).index(name)),
        "name": name,
        "statusCategory": {"id": category[0], "key": key, "name": category[1]},
    }


def history_entry(number: int, at: datetime, field_id: str, before: str | None, after: str | None) -> Json:
    names = {POINTS: "Story Points", OTHER_POINTS: "Estimate in days", SPRINT: "Sprint", FLAGGED: "Flagged",
             "fixVersions": "Fix Version"}  # fmt: skip
    name = names.get(field_id, field_id)
    item = {"field": name, "fieldtype": "custom" if name in names.values() else "jira", "fieldId": field_id,
            "from": None, "fromString": before, "to": None, "toString": after}  # fmt: skip
    author = {"displayName": "Ann Author", "emailAddress": "ann.author@example.com"}
    return {"id": str(number), "created": stamp(at), "author": author, "items": [item]}


def seeded_issues(count: int, seed: int, now: datetime) -> list[Json]:
    """A team of steady pace: issues of the last year with sprints, points and histories."""
    rng = random.Random(seed)
    return [_seeded_issue(number, count, rng, now) for number in range(1, count + 1)]


def _seeded_issue(number: int, count: int, rng: random.Random, now: datetime) -> Json:
    created = now - timedelta(days=365) + timedelta(days=300 * number / count, seconds=rng.randrange(80_000))
    kind = rng.choices(("Story", "Bug", "Task"), (5, 3, 2))[0]
    points = float(rng.choice((1, 2, 3, 5, 8))) if kind == "Story" and rng.random() < 0.8 else None
    issue = new_issue(10_000 + number, f"DEMO-{number}", created, kind=kind, points=points)
    sprint = sprint_json(1 + number * 20 // count, now)
    issue["fields"][SPRINT] = [sprint]
    at, before = created, "To Do"
    for after in ("In Progress", "In Review", "Done"):
        at += timedelta(days=rng.expovariate(1 / 12), seconds=1)
        if at >= now:
            break
        log(issue, at, "status", before, after)
        before = after
    if before == "Done":
        issue["fields"]["resolution"] = {"name": "Done"}
        issue["fields"]["resolutiondate"] = issue["fields"]["updated"]
    issue["fields"]["status"] = status_json(before)
    return issue


def new_issue(number: int, key: str, created: datetime, *, kind: str = "Story", points: float | None = None) -> Json:
    project = key.rpartition("-")[0]
    return {
        "id": str(number),
        "key": key,
        "fields": {
            "summary": f"{kind} number {number} – größer, 小",
            "issuetype": {"name": kind, "subtask": False},
            "project": {"key": project, "name": project.title()},
            "status": status_json("To Do"),
            "priority": {"name": "Medium"},
            "resolution": None,
            "created": stamp(created),
            "updated": stamp(created),
            "resolutiondate": None,
            "labels": [],
            "components": [],
            "fixVersions": [],
            "assignee": {"displayName": "Ben Busy"},
            POINTS: points,
        },
        "histories": [],
    }


def sprint_json(number: int, now: datetime) -> Json:
    start = now - timedelta(days=14 * (21 - number))
    end = stamp(start + timedelta(days=14))
    closed = {"state": "closed", "completeDate": end} if number < 20 else {"state": "active"}
    return {
        "id": number,
        "name": f"Sprint {number}, team A",
        "boardId": 1,
        "goal": "",
        "startDate": stamp(start),
        "endDate": end,
        **closed,
    }


def log(issue: Json, at: datetime, field_id: str, before: str | None, after: str | None) -> None:
    """Add to the issue's history and set its time of update."""
    number = int(issue["id"]) * 1_000 + len(issue["histories"])
    issue["histories"].append(history_entry(number, at, field_id, before, after))
    issue["fields"]["updated"] = stamp(at)


def read_json_lines(path: Path) -> list[Json]:
    """Issues of a file, plain or gzipped; sprints go where Jira keeps them."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    issues = [json.loads(line) for line in data.splitlines() if line.strip()]
    for issue in issues:
        issue["fields"][SPRINT] = issue["fields"].pop("sprints", None) or None
        issue.setdefault("histories", issue.pop("changelog", {}).get("histories", []))
    return issues


def old_sprint(sprint: Json) -> str:
    """The text form in which Data Center gives sprints."""
    parts = {
        "id": sprint.get("id"),
        "rapidViewId": sprint.get("boardId"),
        "state": str(sprint.get("state", "")).upper(),
        "name": sprint.get("name"),
        "startDate": sprint.get("startDate"),
        "endDate": sprint.get("endDate"),
        "completeDate": sprint.get("completeDate"),
        "sequence": sprint.get("id"),
        "goal": sprint.get("goal"),
    }
    inside = ",".join(f"{name}={'<null>' if value is None else value}" for name, value in parts.items())
    return f"com.atlassian.greenhopper.service.sprint.Sprint@5a6b[{inside}]"


# -- the server -----------------------------------------------------------------------------------------


@dataclass
class _Cursor:
    """A search under way on Cloud: what it found when it began, and how far it came."""

    issues: list[Json]
    at: int = 0
    request_count: int = 0


class FakeJira:
    """The server and its data. Start it, use `url`, stop it; or use it as a context.

    `zone` is the zone of the user, in which dates of JQL are meant; `server_zone` that of the server's clock.
    """

    def __init__(
        self,
        flavour: str = "cloud",
        issues: Iterable[Json] = (),
        *,
        page_size: int = 100,
        zone: str = "UTC",
        server_zone: str = "UTC",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        anonymous: bool = False,
        prefix: str = "",
        tls: ssl.SSLContext | None = None,
        fields: Sequence[tuple[str, str, str, str]] = FIELDS,
    ) -> None:
        self.cloud = flavour == "cloud"
        self.issues: dict[str, Json] = {issue["id"]: issue for issue in issues}
        self.page_size, self.clock, self.anonymous, self.prefix = page_size, clock, anonymous, prefix
        self.zone, self.server_zone = ZoneInfo(zone), ZoneInfo(server_zone)
        self.faults, self._known_fields = Faults(), fields
        self.requests = 0
        self.authorizations: list[str] = []
        self.paths: list[str] = []
        # What each board shows, by its number; the first one's last column has more than what Jira calls done.
        self.boards: dict[str, Columns] = {
            BOARD: (("To Do", ("To Do",)), ("Doing", ("In Progress",)), ("Done", ("In Review", "Done")))
        }
        self._sprints: dict[int, Json] = {}
        self._cursors: dict[str, _Cursor] = {}
        self._matches: dict[str, list[Json]] = {}
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._server = _Server(self, 0)
        self._tls = tls
        self._thread: threading.Thread | None = None

    def __enter__(self) -> FakeJira:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        scheme, host = ("https", "localhost") if self._tls else ("http", "127.0.0.1")
        return f"{scheme}://{host}:{self._server.server_address[1]}{self.prefix}"

    def start(self, port: int = 0) -> None:
        if port:
            self._server.server_close()
            self._server = _Server(self, port)
        if self._tls:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        if self._thread is not None:
            self._thread.join(5)

    # -- what people do in Jira -----------------------------------------------------------------------

    def now(self) -> datetime:
        return self.clock().astimezone(self.zone).replace(microsecond=0)

    def add(self, issue: Json) -> None:
        with self._lock:
            self.issues[issue["id"]] = issue
            self._matches.clear()

    def set_status(self, issue_id: str, status: str) -> None:
        with self._lock:
            issue, at = self.issues[issue_id], self.now()
            log(issue, at, "status", issue["fields"]["status"]["name"], status)
            issue["fields"]["status"] = status_json(status)
            done = STATUSES[status] == "done"
            issue["fields"]["resolution"] = {"name": "Done"} if done else None
            issue["fields"]["resolutiondate"] = stamp(at) if done else None
            self._matches.clear()

    def set_points(self, issue_id: str, points: float | None) -> None:
        with self._lock:
            issue = self.issues[issue_id]
            texts = ["" if value is None else f"{value:g}" for value in (issue["fields"].get(POINTS), points)]
            log(issue, self.now(), POINTS, *texts)
            issue["fields"][POINTS] = points
            self._matches.clear()

    def set_sprint(self, issue_id: str, sprint: Json) -> None:
        with self._lock:
            issue = self.issues[issue_id]
            left = self.sprints_of(issue)
            issue["fields"][SPRINT] = [sprint]
            (now,) = self.sprints_of(issue)
            log(issue, self.now(), SPRINT, ", ".join(each["name"] for each in left), now["name"])
            ids = {"from": ", ".join(str(each["id"]) for each in left), "to": str(sprint["id"])}
            issue["histories"][-1]["items"][0].update(ids)
            self._matches.clear()

    def close_sprint(self, number: int) -> None:
        """Closing touches no issue: their times of update stay. What was closed before stays as it is."""
        with self._lock:
            self._sprints.setdefault(number, {}).setdefault("state", "closed")
            self._sprints[number].setdefault("completeDate", stamp(self.now()))

    def rename_sprint(self, number: int, name: str) -> None:
        """Renaming touches no issue either, and what histories call it stays."""
        with self._lock:
            self._sprints.setdefault(number, {})["name"] = name
            self._matches.clear()

    def sprints_of(self, issue: Json) -> list[Json]:
        sprints = issue["fields"].get(SPRINT) or ()
        return [each if each.get("state") == "closed" else each | self._sprints.get(each["id"], {}) for each in sprints]

    def move(self, issue_id: str, key: str) -> None:
        """To another project, or within it after a renaming: the key changes, the id stays."""
        with self._lock:
            issue = self.issues[issue_id]
            log(issue, self.now(), "Key", issue["key"], key)
            issue["key"] = key
            issue["fields"]["project"] = {"key": key.rpartition("-")[0], "name": key.rpartition("-")[0]}
            self._matches.clear()

    def forget_answers(self) -> None:
        """After issues were changed from outside."""
        with self._lock:
            self._matches.clear()

    def delete(self, issue_id: str) -> None:
        with self._lock:
            del self.issues[issue_id]
            self._matches.clear()

    # -- answers --------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, query: dict[str, str], body: Json) -> tuple[int, Any]:
        """Status and document of a request that got past the faults."""
        with self._lock:
            if path in ("/rest/api/2/serverInfo", "/rest/api/3/serverInfo"):
                return 200, self._server_info()
            board = path.removeprefix("/rest/agile/1.0/board/").removesuffix("/configuration")
            if board in self.boards:
                return 200, self._board(board)
            if path.startswith("/rest/agile/1.0/board/"):
                return 404, {"errorMessages": ["The requested board cannot be viewed."], "errors": {}}
            if path.startswith("/rest/agile/1.0/sprint/"):
                return self._one_sprint(path.rpartition("/")[2])
            route = re.sub(r"^/rest/api/(2|3|latest)", "", path)
            wanted = query | {name: value for name, value in body.items() if value is not None}
            try:
                return self._route(method, path, route, wanted)
            except BadQuery as exc:
                return 400, {"errorMessages": [str(exc)], "errors": {}}

    def _route(self, method: str, path: str, route: str, wanted: Json) -> tuple[int, Any]:
        simple = {"/myself": self._myself, "/field": self._fields, "/status": self._statuses}
        if route in simple:
            return 200, simple[route]()
        if self.cloud:
            return self._cloud(method, path, route, wanted)
        if route == "/search":
            return self._data_center_search(wanted)
        match = re.fullmatch(r"/issue/([^/]+)(/changelog)?", route)
        if match is None or match[1] not in self.issues:
            return 404, {"errorMessages": ["null for uri"], "errors": {}}
        return self._one_issue(self.issues[match[1]], match[2] is not None, wanted)

    def _cloud(self, method: str, path: str, route: str, wanted: Json) -> tuple[int, Any]:
        if route == "/search":
            text = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
            return 410, {"errorMessages": [text], "errors": {}}
        if not path.startswith("/rest/api/3/") or method != "POST":
            return 404, {"errorMessages": ["No endpoint"], "errors": {}}
        if route == "/search/jql":
            return self._cloud_search(wanted)
        if route == "/search/approximate-count":
            return 200, {"count": len(self.find(wanted.get("jql", "")))}
        if route == "/changelog/bulkfetch":
            return self._bulk(wanted)
        if route == "/jql/parse":
            return 200, {"queries": [self._parsed(jql) for jql in wanted["queries"]]}
        return 404, {"errorMessages": ["No endpoint"], "errors": {}}

    def _board(self, number: str) -> Json:
        """Of the whole project ABC."""
        return {
            "id": int(number),
            "filter": {"id": FILTER},
            "columnConfig": {
                "columns": [
                    {
                        "name": name,
                        "statuses": [{"id": status_json(each)["id"]} for each in statuses],
                    }
                    for name, statuses in self.boards[number]
                ]
            },
            "estimation": {"type": "field", "field": {"fieldId": OTHER_POINTS}},
        }

    def _parsed(self, jql: str) -> Json:
        jql = _filtered(jql)
        try:
            Jql(jql, self.zone)
        except BadQuery as exc:
            return {"query": jql, "errors": [str(exc)]}
        return {"query": jql, "structure": {}}

    def _server_info(self) -> Json:
        about = {
            "baseUrl": self.url,
            "version": "1001.0.0-SNAPSHOT" if self.cloud else "9.12.4",
            "deploymentType": "Cloud" if self.cloud else "Server",
            "serverTitle": "Fake Jira",
        }
        if self.faults.hides_time:
            return about
        return about | {"serverTime": stamp(self.clock().astimezone(self.server_zone))}

    def _myself(self) -> Json:
        return {"accountId": "1", "displayName": "Ann Example", "timeZone": self.zone.key}

    def _fields(self) -> list[Json]:
        return [
            {"id": each, "name": name, "custom": bool(kind), "schema": {"type": values, "custom": kind}}
            for each, name, values, kind in self._known_fields
        ]

    def _statuses(self) -> list[Json]:
        return [status_json(name) for name in STATUSES]

    def find(self, jql: str) -> list[Json]:
        """Issues of a query in its order."""
        jql = _filtered(jql)
        if jql in self._matches:
            return self._matches[jql]
        query = Jql(jql, self.zone)
        if self.cloud and not query.bounded:
            raise BadQuery("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
        for ids in re.findall(r"\bid\s+in\s*\(([^)]*)\)", jql, re.IGNORECASE):
            for issue_id in ids.replace('"', "").split(","):
                if issue_id.strip() not in self.issues:
                    raise BadQuery(f"An issue with key '{issue_id.strip()}' does not exist for field 'id'.")
        matching = [issue for issue in self.issues.values() if query.matches(issue)]
        for name, down in reversed(query.order):
            matching.sort(key=_SORTERS[name], reverse=down)
        self._matches[jql] = matching
        return matching

    def _shown(self, issue: Json, names: list[str]) -> Json:
        if "*all" in names or "*navigable" in names:
            chosen = dict(issue["fields"])
        else:
            chosen = {name: issue["fields"].get(name) for name in names if name not in ("id", "key")}
        if chosen.get(SPRINT):
            sprints = self.sprints_of(issue)
            chosen[SPRINT] = sprints if self.cloud else [old_sprint(sprint) for sprint in sprints]
        if self.faults.categories and chosen.get("status"):
            category = chosen["status"]["statusCategory"]
            left = {name: value for name, value in category.items() if name == self.faults.categories}
            chosen["status"] = {name: value for name, value in chosen["status"].items() if name != "statusCategory"}
            chosen["status"] |= {"statusCategory": left} if left else {}
        shown = {"id": issue["id"], "key": issue["key"], "self": f"{self.url}/rest/api/2/issue/{issue['id']}"}
        if chosen and issue["id"] in self.faults.without_fields.split(","):
            left = {name: value for name, value in chosen.items() if name != self.faults.left_out}
            return shown | {"fields": left if self.faults.left_out else None}
        return shown | ({"fields": chosen} if chosen else {})

    def _cloud_search(self, wanted: Json) -> tuple[int, Any]:
        names = wanted.get("fields") or ["id"]
        token = wanted.get("nextPageToken")
        if token is None:
            cursor = _Cursor(list(self.find(wanted.get("jql", ""))))
        elif token in self._cursors:
            cursor = self._cursors[token]
        else:
            raise BadQuery("The provided next page token is invalid or expired.")
        cut = self.faults.cut_list if set(names) <= {"id", "key"} else ""
        most = 5_000 if set(names) <= {"id", "key"} and not cut else self.page_size
        size = min(int(wanted.get("maxResults", 50)), most)
        cursor = replace(cursor, request_count=cursor.request_count + 1)
        # Jira may give fewer than asked, even none, with more to come.
        count = 0 if self.faults.empty_pages and cursor.request_count % 3 == 2 else size
        page = cursor.issues[cursor.at : cursor.at + count]
        answer: Json = {"issues": [self._shown(issue, names) for issue in page]}
        if cursor.at + count < len(cursor.issues):
            following = "token-same" if self.faults.repeat_token else f"token-{len(self._cursors)}-{cursor.at + count}"
            self._cursors[following] = replace(cursor, at=cursor.at + count)
            answer["nextPageToken"] = following
        if cut:
            answer.pop("nextPageToken", None)
            return 200, answer | ({"isLast": False} if cut == "contradicts" else {})
        return 200, answer | {"isLast": "nextPageToken" not in answer}

    def _bulk(self, wanted: Json) -> tuple[int, Any]:
        ids, names = wanted.get("issueIdsOrKeys") or [], wanted.get("fieldIds") or []
        if not ids or len(ids) > 1_000 or len(names) > 10:
            return 400, {"errorMessages": ["Too many issues or fields."], "errors": {}}
        size = min(int(wanted.get("maxResults", 1_000)), 10_000)
        entries: list[tuple[str, str, Json]] = [
            (entry["created"], each, entry | {"items": items})
            for each in ids
            if each in self.issues
            for entry in self.issues[each]["histories"]
            # Of an entry that changed several fields, those asked for.
            if (items := [item for item in entry["items"] if not names or item["fieldId"] in names])
        ]
        entries.sort(key=operator.itemgetter(0))
        at = int(wanted.get("nextPageToken") or 0)
        logs: dict[str, list[Json]] = {}
        for _, each, entry in entries[at : at + size]:
            # In bulk the times are milliseconds since 1970.
            moment = int(_moment_of(entry["created"]).timestamp() * 1000)
            logs.setdefault(each, []).append(entry | {"created": moment})
        answer = {"issueChangeLogs": [{"issueId": each, "changeHistories": logs[each]} for each in logs]}
        return 200, answer | ({"nextPageToken": str(at + size)} if at + size < len(entries) else {})

    def _data_center_search(self, wanted: Json) -> tuple[int, Any]:
        matching = self.find(wanted.get("jql", ""))
        names = wanted.get("fields") or ["*navigable"]
        names = names.split(",") if isinstance(names, str) else names
        size = min(int(wanted.get("maxResults", 50)), 1_000 if names == ["key"] else self.page_size)
        at = int(wanted.get("startAt", 0))
        shown = [self._shown(issue, names) for issue in matching[at : at + size]]
        if "changelog" in wanted.get("expand", ""):
            for issue in shown:
                issue["changelog"] = self._changelog(self.issues[issue["id"]], self.faults.cut_histories)
        return 200, {"startAt": at, "maxResults": size, "total": len(matching), "issues": shown}

    def _one_sprint(self, number: str) -> tuple[int, Any]:
        for issue in self.issues.values():
            for sprint in self.sprints_of(issue):
                if str(sprint["id"]) == number:
                    return 200, sprint
        return 404, {"errorMessages": ["The requested sprint cannot be viewed."], "errors": {}}

    def _changelog(self, issue: Json, most: int) -> Json:
        """With `most`, only the newest entries, as searches of Data Center give them."""
        entries = issue["histories"][-most:] if most else issue["histories"]
        return {"startAt": 0, "maxResults": len(entries), "total": len(issue["histories"]), "histories": entries}

    def _one_issue(self, issue: Json, pages: bool, wanted: Json) -> tuple[int, Any]:
        if not pages:
            most = self.faults.cut_histories if self.faults.no_whole_history else 0
            return 200, self._shown(issue, ["summary"]) | {"changelog": self._changelog(issue, most)}
        if self.faults.no_history_pages or self.faults.no_whole_history:
            return 404, {"errorMessages": ["null for uri"], "errors": {}}
        at = int(wanted.get("startAt", 0))
        values = issue["histories"][at : at + min(int(wanted.get("maxResults", 100)), 100)]
        total = len(issue["histories"])
        return 200, {"startAt": at, "total": total, "isLast": at + len(values) >= total, "values": values}

    # -- what stands before the answer ------------------------------------------------------------------

    def accepts(self, authorization: str) -> bool:
        """Basic with e-mail and token on Cloud, Bearer on Data Center."""
        if self.faults.expired or (self.faults.expires_at is not None and self.requests >= self.faults.expires_at):
            return False
        if not authorization:
            return self.anonymous
        basic = base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
        return authorization == (f"Basic {basic}" if self.cloud else f"Bearer {TOKEN}")

    def is_stopping(self, seconds: float) -> bool:
        return self._stopping.wait(seconds)

    def count_request(self, path: str, authorization: str) -> int:
        with self._lock:
            self.requests += 1
            self.paths.append(path)
            self.authorizations.append(authorization)
            return self.requests

    def take_busy(self) -> bool:
        with self._lock:
            self.faults.busy -= 1
            return self.faults.busy >= 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, jira: FakeJira, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.jira = jira

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up in the middle are part of the game."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    # Two small writes per answer would otherwise wait for each other's acknowledgement.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._serve(json.loads(self.rfile.read(length) or b"{}"))

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The header of every answer says what the server's clock shows."""
        return super().date_time_string(self.server.jira.clock().timestamp() if timestamp is None else timestamp)

    def send_response(self, code: int, message: str | None = None) -> None:
        self.send_response_only(code, message)
        if not self.server.jira.faults.no_dates:
            self.send_header("Date", self.date_time_string())

    def log_message(self, *arguments: object) -> None:
        return None

    def _serve(self, body: Json) -> None:
        address = urlsplit(self.path)
        number = self.server.jira.count_request(address.path, self.headers.get("Authorization") or "")
        if self.server.jira.faults.slow_seconds:
            time.sleep(self.server.jira.faults.slow_seconds)
        if self._fault(number, address.path) or self._refused(address.path):
            return
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if self._takes_too_long(str(body.get("jql") or query.get("jql") or "")):
            self.server.jira.is_stopping(60)
            self.close_connection = True
            return
        status, document = self.server.jira.answer(
            self.command, address.path.removeprefix(self.server.jira.prefix), query, body
        )
        text = json.dumps(document).encode()
        half = self.server.jira.faults.half_at
        if half and half in address.path:
            self._stop_halfway(text)
            return
        self._send(status, text[: len(text) // 2] if self.server.jira.faults.broken_json else text)

    def _takes_too_long(self, jql: str) -> bool:
        most = self.server.jira.faults.most_at_once
        return bool(most) and " in (" in jql and jql.count(",") >= most

    def _fault(self, number: int, path: str) -> bool:
        """Whether a fault answered, or kept silent, instead."""
        faults = self.server.jira.faults
        if faults.fail_at is not None and number >= faults.fail_at:
            faults.fail_at = None
            self.close_connection = True
            self.connection.close()
        elif faults.silent or (faults.silent_at and faults.silent_at in path):
            self.server.jira.is_stopping(60)
            self.close_connection = True
        elif faults.endless_bytes:
            self._drip(b" " * 65_536, 0)
        elif faults.dripping:
            self._drip(b" ", 0.02)
        elif faults.busy > 0 and self.server.jira.take_busy():
            self._send_busy()
        elif faults.redirect_to and not path.startswith(faults.redirect_path or "\0"):
            self._send(302, b"", {"Location": faults.redirect_to + self.path})
        elif faults.down:
            self._send(500, b"<html>Internal error</html>", {"Content-Type": "text/html"})
        elif faults.html:
            self._send(200, b"<html>Log in</html>", {"Content-Type": "text/html"})
        else:
            return False
        return True

    def _drip(self, part: bytes, pause: float) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while not self.server.jira.is_stopping(pause):
                self.wfile.write(part)
        except OSError:
            return

    def _stop_halfway(self, text: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text[: len(text) // 2])
        self.close_connection = True
        self.server.jira.is_stopping(60)

    def _send_busy(self) -> None:
        after = self.server.jira.faults.retry_after
        if after == "date":
            after = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
        self._send(429, b"{}", {"Retry-After": after} if after else {})

    def _refused(self, path: str) -> bool:
        if not path.startswith(self.server.jira.prefix + "/rest/"):
            self._send(404, b"<html>Not found</html>", {"Content-Type": "text/html"})
        elif self.server.jira.faults.captcha:
            denied = {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=/login.jsp"}
            self._send(403, b"{}", denied)
        elif path.endswith("/serverInfo"):
            return False
        elif not self.server.jira.accepts(self.headers.get("Authorization") or ""):
            self._send(401, b"<html>Unauthorized</html>", {"Content-Type": "text/html"})
        elif self.server.jira.faults.forbidden:
            self._send(403, b'{"errorMessages": ["Forbidden"]}')
        else:
            return False
        return True

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json;charset=UTF-8"} | (headers or {})).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


# -- as a program ---------------------------------------------------------------------------------------


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A Jira that is none, on this computer only.")
    parser.add_argument("--flavour", choices=("cloud", "data-center"), default="cloud")
    parser.add_argument("--port", type=int, default=0, help="0: any free one (default)")
    parser.add_argument("--issues", type=int, default=500, help="how many to make up (default 500)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", type=Path, help="JSON lines of issues instead, also gzipped")
    parser.add_argument("--page-size", type=int, default=100)
    parser.add_argument("--zone", default="UTC", help="time zone of the user")
    parser.add_argument("--server-zone", default="UTC", help="time zone of the server's clock")
    parser.add_argument("--anonymous", action="store_true", help="let everybody read")
    parser.add_argument("--prefix", default="", help="path that all of it lies under, such as /jira")
    for each in fields(Faults):
        option = "--" + each.name.replace("_", "-")
        if isinstance(each.default, bool):
            parser.add_argument(option, action="store_true")
        else:
            kind = {"fail_at": int, "expires_at": int}.get(each.name, type(each.default))
            parser.add_argument(option, type=kind, default=each.default)
    return parser.parse_args()


def main() -> None:
    """Serve until interrupted. The first line printed is JSON with the address and the token."""
    chosen = _arguments()
    now = datetime.now(UTC).replace(microsecond=0)
    issues = read_json_lines(chosen.file) if chosen.file else seeded_issues(chosen.issues, chosen.seed, now)
    jira = FakeJira(
        chosen.flavour,
        issues,
        page_size=chosen.page_size,
        zone=chosen.zone,
        server_zone=chosen.server_zone,
        anonymous=chosen.anonymous,
        prefix=chosen.prefix,
    )
    jira.faults = Faults(**{each.name: getattr(chosen, each.name) for each in fields(Faults)})
    jira.start(chosen.port)
    projects = sorted({issue["fields"]["project"]["key"] for issue in issues})
    about = {"url": jira.url, "email": EMAIL if jira.cloud else "", "token": TOKEN, "projects": projects}
    print(json.dumps(about | {"issues": len(issues)}), flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        jira.stop()


if __name__ == "__main__":
    main()
