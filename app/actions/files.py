"""Files in: a CSV or JSON file becomes issues or weeks of one query, in one transaction, or nothing changes.

Importing the next export of the same source updates: issues are recognised by their key, weeks by their day. What
changed between two exports becomes history, and an older export imported later turns nothing back.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from operator import attrgetter
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from app.actions.adopted import adopt, with_adopted_keys
from app.actions.deleted import remember_import
from app.actions.import_log import furthest, remembered_mapping, was_followed
from app.actions.recording import PuttingOff
from app.actions.target import (
    FIRST_PROFILE,
    Place,
    begin_query,
    checked_name,
    found_place,
    knows_any,
    local_zone_name,
    named_place,
    new_profile,
    profile_by,
    profile_for,
    stem,
    zone_name_of,
)
from app.context import Context
from app.domain.calendar import Calendar
from app.domain.guesses import Guesses
from app.errors import Cancelled
from app.imports.column_names import ISSUE_NAMES
from app.imports.columns import mapping_of
from app.imports.freshness import Freshness
from app.imports.pipeline import records
from app.imports.plain_names import plain_name
from app.imports.reading import require_records
from app.imports.report import sentences
from app.imports.request import Recall, Request, nothing_recalled
from app.imports.results import Imported, RejectedRow
from app.imports.same_items import is_of_finishes, mostly_unknown, other_items, with_known_keys
from app.imports.source import Source, fingerprint, is_large
from app.imports.successive import Merged, Successor, with_known_ends
from app.imports.totals import continued
from app.imports.weeks import beside_a_log
from app.imports.whole_keys import is_number
from app.jobs import NoProgress, Progress
from app.turns import importing
from app.words import N_, Nn_
from store.backend import PersistenceBackend
from store.documents import earlier_of, imports_of, with_import
from store.records import Category, Issue, JsonObject, Profile, QueryFacts, QueryRef, Week
from store.settings import ImportEntry

__all__ = [
    "FIRST_PROFILE",
    "ImportResult",
    "RejectedRow",
    "begin_query",
    "import_bytes",
    "import_file",
    "local_zone_name",
]

# The name of the background job.
JOB = N_("Import")
# An analysis holds every issue; beyond this many the command leaves it to who looks at the numbers.
_RECORDED_AT_MOST = 200_000
# Of the titles of issues that are kept until the import is over.
_KEPT_CHARACTERS = 30_000_000
_MOST_COLUMNS = 200
# Of a command, which ends then, and the system takes all at once: to take 22,000 issues apart one by one took a
# thirtieth of their import, and to take their cells apart a fiftieth.
_LEFT_AS_IT_IS: list[object] = []


# Of the rows that are left out; nobody reads more, and each takes half a kilobyte: a million took 600 MB.
_KEYS_ASKED = 200
_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file. Kept, rejected and `unlisted` rows add up to `rows`: of very many that are rejected the
    rest is counted. `used` maps our fields to its columns.

    `new` and `changed` count issues, `changes` what happened to issues since the export before.
    """

    kind: str
    recognised_as: str
    rows: int
    kept: int
    rejected: tuple[RejectedRow, ...]
    warnings: tuple[str, ...]
    ref: QueryRef
    used: Mapping[str, str]
    columns: tuple[str, ...]
    fields: tuple[str, ...] = ()
    new: int = 0
    changed: int = 0
    changes: int = 0
    unlisted: int = 0

    @property
    def left_out(self) -> int:
        """How many rows were rejected."""
        return len(self.rejected) + self.unlisted

    def to_json(self) -> dict[str, Any]:
        """The document of the `import` command."""
        return {
            "kind": self.kind,
            "recognised_as": self.recognised_as,
            "rows": self.rows,
            "kept": self.kept,
            "rejected": [asdict(row) for row in self.rejected],
            "warnings": list(self.warnings),
            "profile_id": self.ref.profile_id,
            "query_id": self.ref.query_id,
            "used": dict(self.used),
            "columns": list(self.columns),
            "fields": list(self.fields),
            "new": self.new,
            "changed": self.changed,
            "issue_changes": self.changes,
        }


@dataclass(frozen=True, slots=True)
class _Request:
    """What was asked for: the file called `name`, how it is to be read, and where it goes; None: found out.

    `profile_id` is of a project that is there, and comes before its name.
    """

    name: str
    profile_name: str | None = None
    profile_id: str | None = None
    query_name: str | None = None
    kind: str | None = None
    mapping: JsonObject | None = None

    @property
    def query(self) -> str:
        return self.query_name or stem(self.name)

    def reading(self, zone: str, now: datetime, recall: Recall) -> Request:
        """How the file is to be read. Raises BadInput for a mapping that cannot be meant."""
        return Request(mapping_of(self.mapping), ZoneInfo(zone), now, self.kind, recall)


def import_file(
    ctx: Context,
    data: Source,
    name: str,
    *,
    profile_name: str | None = None,
    query_name: str | None = None,
    kind: str | None = None,
    mapping: JsonObject | None = None,
    before: Callable[[], object] = lambda: None,
    progress: Progress | None = None,
    understood: Iterator[Imported] | None = None,
    profile_id: str | None = None,
    record_later: bool = False,
) -> ImportResult:
    """Import a file and record what it means for the forecast. As `import_bytes`; `understood` spares reading again,
    `profile_id` says which project it goes into, whatever that is called by now; BadInput where it is gone.
    `record_later`: leave the record to whoever looks next, see `recording`."""
    progress = progress or NoProgress()
    request = _Request(name, profile_name, profile_id, query_name, kind, mapping)
    with _uncollected():
        later = PuttingOff(ctx) if record_later else None
        intake = _take_in(ctx.backend, data, request, ctx.clock(), before, progress, understood=understood, later=later)
        if record_later:
            _LEFT_AS_IT_IS.append(intake)
        is_late = not record_later and _is_recorded_late(ctx, intake, progress)
    if is_late:
        intake.warnings.append(N_("It was too late to stop: everything was saved already."))
    return intake.result()


def _is_recorded_late(ctx: Context, intake: _Intake, progress: Progress) -> bool:
    """Record what was taken in; whether to stop was asked for meanwhile."""
    is_late = _is_late(progress, 98, N_("Computing the forecast"))
    if intake.issues_now <= _RECORDED_AT_MOST:
        intake.warnings += filter(None, [ctx.record(intake.ref, _facts_if_new(ctx.backend, intake))])
        is_late = is_late or _is_late(progress, 100)
    return is_late


def _is_late(progress: Progress, done: int, text: str = "") -> bool:
    """Whether to stop was asked for once everything is saved: the import then ends as what it is, done."""
    try:
        progress.step(done, 100, text)
    except Cancelled:
        return True
    return False


def _facts_if_new(backend: PersistenceBackend, intake: _Intake) -> QueryFacts | None:
    """The facts of a query that holds what the file held and nothing else; reading them back takes as long as
    reading the file."""
    ref = intake.ref
    counts = backend.counts(ref)
    profile, query = backend.get_profile(ref.profile_id), backend.get_query(ref)
    if profile is None or query is None or counts.issue_changes or counts.issues != len(intake.saved):
        return None
    if earlier_of(query):
        return None
    return QueryFacts(
        profile=profile,
        query=query,
        issues=tuple(intake.saved),
        changes=(),
        sprints=tuple(backend.list_sprints(ref)),
        weeks=tuple(backend.list_weeks(ref)),
        milestones=tuple(backend.list_milestones(ref.profile_id)),
        project_data=backend.get_project_data(ref),
        corrections=tuple(backend.list_corrections(ref)),
        forecasts=tuple(backend.list_forecasts(ref)),
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cyclic collector: an import makes a million objects and drops none before it ends, so the collector
    would walk through all of them again and again, a fourth of the time, and find nothing."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def import_bytes(
    backend: PersistenceBackend,
    data: Source,
    name: str,
    *,
    now: datetime,
    profile_name: str | None = None,
    query_name: str | None = None,
    kind: str | None = None,
    mapping: JsonObject | None = None,
    before: Callable[[], object] = lambda: None,
    progress: Progress | None = None,
    zone_name: Callable[[], str] | None = None,
) -> ImportResult:
    """Read the file called `name` into a query, make profile and query where missing, and switch to it.

    `data`: its bytes, or where it lies; a large one is read part by part. Without names it goes to the active
    profile, into the query called like the file, or into the one whose next export it is. `before` is called once
    the file is understood, before anything is written: the place for a snapshot. `zone_name` gives a new profile's
    time zone (the computer's own by default).
    Raises AppError when the file cannot be used, or Cancelled; nothing is changed then.
    """
    request = _Request(name, profile_name, None, query_name, kind, mapping)
    return _take_in(backend, data, request, now, before, progress or NoProgress(), zone_name).result()


@dataclass(slots=True)
class _Intake:
    """What was taken in so far. `saved`: the issues as saved, of a query that had none.

    `seen`: the keys of the file, where the query had issues before.
    """

    ref: QueryRef
    first: Imported
    content: str
    was_older: bool = False
    rows: int = 0
    kept: int = 0
    new: int = 0
    changed: int = 0
    changes: int = 0
    passed_over: int = 0
    issues_now: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    unlisted: int = 0
    warnings: list[str] = field(default_factory=list)
    guesses: Guesses = field(default_factory=Guesses)
    saved: list[Issue] = field(default_factory=list)
    characters: int = 0
    seen: set[str] = field(default_factory=set)
    reaches: Freshness = field(default_factory=Freshness)

    def keep(self, issues: Sequence[Issue]) -> None:
        """As saved, as long as there is room; of titles of thousands of characters a few thousand issues take it all.
        What is kept in part is of no use."""
        self.characters += sum(map(len, map(attrgetter("summary"), issues)))
        if self.characters > _KEPT_CHARACTERS or len(self.saved) > _RECORDED_AT_MOST:
            self.saved.clear()
        else:
            self.saved += issues

    def add(self, imported: Imported, merged: Merged) -> None:
        self.rows += imported.rows
        rejected = sorted((*imported.rejected, *merged.rejected), key=lambda row: row.row)
        room = _LISTED - len(self.rejected)
        self.rejected += rejected[:room]
        self.unlisted += max(0, len(rejected) - room)
        self.kept += len(imported.issues) + len(imported.weeks) - len(merged.rejected) - imported.superseded
        self.new += merged.new - (imported.superseded if imported.superseded <= merged.new else 0)
        self.changed += merged.changed
        self.changes += merged.change_count
        self.passed_over += merged.passed_over
        self.warnings += imported.warnings
        self.guesses = self.guesses.plus(imported.guesses)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is to be said about it."""
        guessed = sentences(self.guesses, self.first.recognised_as)
        return (
            *_summed(self.warnings),
            *guessed,
            *_passed_over(self.passed_over, self.reaches),
            *_unlisted(self.unlisted),
        )

    def result(self) -> ImportResult:
        return ImportResult(
            kind=self.first.kind,
            recognised_as=self.first.recognised_as,
            rows=self.rows,
            kept=self.kept,
            rejected=tuple(self.rejected),
            warnings=self.sentences,
            ref=self.ref,
            used=self.first.used or {},
            columns=self.first.columns,
            fields=self.first.fields,
            new=self.new,
            changed=self.changed,
            changes=self.changes,
            unlisted=self.unlisted,
        )


def _passed_over(count: int, reaches: Freshness) -> list[str]:
    if not count:
        return []
    if reaches.updated is None:
        return [
            Nn_(
                "1 item is known in a newer state than this file has, whose latest day is before that of an earlier "
                "import; that was kept. If this file is the newer one, export it with the day of the last change "
                "(Updated) and import it again.",
                "{count} items are known in a newer state than this file has, whose latest day is before that of an "
                "earlier import; that was kept. If this file is the newer one, export it with the day of the last "
                "change (Updated) and import it again.",
                count,
            )
        ]
    text = Nn_(
        "1 item is known in a newer state than this file has; that was kept.",
        "{count} items are known in a newer state than this file has; that was kept.",
        count,
    )
    return [text]


def _summed(warnings: Iterable[str]) -> list[str]:
    """The parts of a large file each warn with a number of their own: one sentence with the sum."""
    sums: dict[str, int] = {}
    for warning in warnings:
        count = re.match(r"\d+", warning)
        rest = warning[count.end() :] if count else warning
        sums[rest] = sums.get(rest, 0) + (int(count[0]) if count else 0)
    return [f"{number or ''}{rest}" for rest, number in sums.items()]


def _take_in(
    backend: PersistenceBackend,
    data: Source,
    request: _Request,
    now: datetime,
    before: Callable[[], object],
    progress: Progress,
    zone_name: Callable[[], str] | None = None,
    understood: Iterator[Imported] | None = None,
    later: PuttingOff | None = None,
) -> _Intake:
    there = profile_by(backend, request.profile_id) or profile_for(backend, request.profile_name)
    with importing(backend, there.name if there else request.profile_name or FIRST_PROFILE, progress.step):
        return _take_in_turn(backend, data, request, now, before, progress, zone_name, understood, later)


def _take_in_turn(
    backend: PersistenceBackend,
    data: Source,
    request: _Request,
    now: datetime,
    before: Callable[[], object],
    progress: Progress,
    zone_name: Callable[[], str] | None,
    understood: Iterator[Imported] | None,
    later: PuttingOff | None,
) -> _Intake:
    """What is there is looked at now, when nobody else is importing into the same."""
    progress.step(0, 100, N_("Reading the file"))
    profile = profile_by(backend, request.profile_id) or profile_for(backend, request.profile_name)
    profile = profile or new_profile(request.profile_name, now, zone_name or local_zone_name)
    zone = zone_name_of(profile)
    reading = request.reading(zone, now, lambda columns: remembered_mapping(backend, columns))
    parts = understood or _as_known(backend, profile, request, data, reading, progress)
    first = next(parts)
    progress.step(30, 100, N_("Saving"))
    before()
    with backend.transaction():
        profile_by(backend, request.profile_id)
        is_new, known = (
            backend.get_profile(profile.id) is None,
            {query.ref for query in backend.list_queries(profile.id)},
        )
        place = _place(backend, profile, first, request, data, now)
        ref = place.ref
        before_change = later.begin(ref, reading.zone, now) if later is not None else _nothing
        new_part = "" if ref in known else "profile" if is_new else "query"
        remember_import(backend, ref, PurePath(request.name.replace("\\", "/")).name, now, new_part)
        intake = _save(backend, ref, chain([first], parts), first, fingerprint(data), now, before_change)
        _require_kept(intake)
        intake.warnings += place.notes
        intake.issues_now = backend.counts(ref).issues
        intake.warnings += _not_in_the_file(backend, intake)
        _note(backend, intake, request.name, now)
        backend.switch_query(ref, now)
        if later is not None and intake.issues_now <= _RECORDED_AT_MOST:
            later.end(ref, now)
        # The last moment at which nothing has changed yet.
        progress.step(95, 100, N_("Saving"))
    return intake


def _as_known(
    backend: PersistenceBackend, profile: Profile, request: _Request, data: Source, reading: Request, progress: Progress
) -> Iterator[Imported]:
    """The parts of the file, with keys of the kind by which the work list knows its items: of project and number, or
    bare numbers."""
    parts = records(data, reading, progress)
    first = next(parts)
    own = [issue.key for issue in first.issues[:_KEYS_ASKED]]
    other = _known_otherwise(first, reading)
    # Its own first: where they are known, as at each further import of the same, nothing else is asked.
    if other and not knows_any(backend, profile.id, request.query, own):
        for otherwise, keys in other:
            if knows_any(backend, profile.id, request.query, keys):
                return _by_its_keys(first, records(data, otherwise, progress), otherwise)
    return chain([first], parts)


def _by_its_keys(first: Imported, otherwise: Iterator[Imported], reading: Request) -> Iterator[Imported]:
    """A small file that has got keys since its items were known by their titles, with these; any other as the items
    are known."""
    former = next(otherwise)
    if reading.key_as_before is None or reading.key_as_before[0] is not None or first.reaches is not None:
        return chain([former], otherwise)
    return iter([with_adopted_keys(first, former)])


def _known_otherwise(first: Imported, reading: Request) -> list[tuple[Request, tuple[str, ...]]]:
    """How else the file may be read, each with some of the keys that its items have then."""
    other = [(replace(reading, key_as_before=before), keys) for before, keys in first.former_keys]
    if first.other_keys:
        with_project = not is_number(first.other_keys[0])
        other.append((replace(reading, with_project=with_project), first.other_keys))
    return other


def _place(
    backend: PersistenceBackend, profile: Profile, first: Imported, request: _Request, data: Source, now: datetime
) -> Place:
    checked_name(request.query, "query")
    if request.query_name:
        return named_place(backend, profile, first, request.query, now)
    return found_place(backend, profile, first, request.query, not is_large(data), now)


def _not_in_the_file(backend: PersistenceBackend, intake: _Intake) -> list[str]:
    """Said about open items that the next export lacks: it may be a part of the whole, so that they stay.

    Nothing is said where a query is too large to be looked through, or the file is an older one.
    """
    if intake.was_older or not 0 < len(intake.seen) < intake.issues_now <= _RECORDED_AT_MOST:
        return []
    present = backend.list_issues(intake.ref)
    left = sum(
        issue.in_query and issue.category is not Category.DONE and issue.key not in intake.seen for issue in present
    )
    if not left:
        return []
    text = Nn_(
        "1 open item that is known here is not in this file; it still counts. If this file is all of the work, import "
        "it into a new work list.",
        "{count} open items that are known here are not in this file; they still count. If this file is all of the "
        "work, import it into a new work list.",
        left,
    )
    return [text]


def _unlisted(count: int) -> list[str]:
    if not count:
        return []
    return [
        N_(
            "The first {listed} rows that were left out are listed; {count} more were left out as well.",
            listed=_LISTED,
            count=count,
        )
    ]


def _require_kept(intake: _Intake) -> None:
    """Raises BadInput when no row of any part could be used: then nothing is to change."""
    if not intake.kept:
        require_records(replace(intake.first, rows=intake.rows, issues=(), weeks=(), rejected=tuple(intake.rejected)))


def understand(
    data: Source,
    name: str,
    *,
    now: datetime,
    profile_name: str | None = None,
    query_name: str | None = None,
    kind: str | None = None,
    mapping: JsonObject | None = None,
) -> Iterator[Imported]:
    """What `import_file` would take into a store that does not exist yet, understood as far as the first part tells; of
    a command, which ends then.

    Raises AppError as that does.
    """
    request = _Request(name, profile_name, None, query_name, kind, mapping)
    with _uncollected():
        checked_name(profile_name or FIRST_PROFILE, "profile")
        checked_name(request.query, "query")
        reading = request.reading(local_zone_name(), now, nothing_recalled)
        parts = records(data, reading, NoProgress(), leave=_LEFT_AS_IT_IS.append)
        return chain([next(parts)], parts)


# -- what is saved --------------------------------------------------------------------------------------


def _save(
    backend: PersistenceBackend,
    ref: QueryRef,
    parts: Iterable[Imported],
    first: Imported,
    content: str,
    now: datetime,
    before_change: Callable[[], None],
) -> _Intake:
    intake = _Intake(ref, first, content)
    _adopt(backend, intake, before_change)
    had_issues = known_issues = backend.counts(ref).issues
    entries = imports_of(backend.get_project_data(ref))
    known, is_old = furthest(entries), was_followed(entries, content)
    for part in parts:
        reaches = Freshness.of(part.issues)
        reached = part.reaches() if part.reaches is not None and (had_issues or entries) else reaches
        intake.was_older = is_old or reached.is_older_than(_known_alike(backend, ref, part, known))
        keys = {issue.key for issue in part.issues} if had_issues else set()
        # Of a part of many they are asked for by name, the parts before it among them; of most of them that takes
        # longer than all.
        wanted = keys if 2 * len(keys) < known_issues else None
        known_issues += len(keys)
        part, present = _with_present(backend, part, wanted, intake) if keys else (part, [])
        keys = {issue.key for issue in part.issues} if keys else keys
        successor = Successor(
            present,
            backend.list_changes(ref, wanted and keys) if keys else (),
            is_older=intake.was_older,
            as_of=min(reached.updated or now, now),
            now=now,
        )
        part = with_known_ends(part, successor)
        merged = successor.merge(part)
        if part.issues:
            _save_issues(backend, ref, part, merged, before_change)
        if part.weeks:
            part = _take_weeks(backend, intake, part, is_old, before_change)
        intake.add(part, merged)
        if len(intake.seen) <= _RECORDED_AT_MOST:
            intake.seen |= keys
        intake.reaches = intake.reaches.joined(reaches)
        if not had_issues and not merged.with_history:
            intake.keep(merged.plain)
    return intake


def _adopt(backend: PersistenceBackend, intake: _Intake, before_change: Callable[[], None]) -> None:
    if intake.first.adopts:
        before_change()
        intake.warnings += adopt(backend, intake.ref, intake.first.adopts)


def _take_weeks(
    backend: PersistenceBackend, intake: _Intake, part: Imported, is_old: bool, before_change: Callable[[], None]
) -> Imported:
    """Save the weeks of a part, and give it with those that they are after what is known."""
    before_change()
    # By their days alone no file of weeks is older: it may be there to mend some of them.
    part = continued(part, backend.list_weeks(intake.ref)) if part.totals else part
    weeks = _unknown_weeks(backend, intake.ref, part, is_old)
    intake.warnings += _save_weeks(backend, intake.ref, weeks, part)
    return part


def _known_alike(backend: PersistenceBackend, ref: QueryRef, part: Imported, known: Freshness) -> Freshness:
    """How far what is known reaches by the kinds of days that the file has: one without a column of finishes is not
    older for having none."""
    days = [name for name in ("created", "started") if name in (part.used or {})]
    is_without = not any(plain_name(column) in ISSUE_NAMES["resolved"] for column in part.columns)
    if not days or not is_without or part.reaches is not None or any(issue.resolved for issue in part.issues):
        return known
    return replace(known, dated=Freshness.of(backend.list_issues(ref), days).dated)


def _with_present(
    backend: PersistenceBackend, part: Imported, wanted: set[str] | None, intake: _Intake
) -> tuple[Imported, list[Issue]]:
    """What is known of its items; and a small file itself with the keys by which they are known."""
    present = backend.list_issues(intake.ref, wanted)
    if part.reaches is not None:
        return part, present
    # Where all are at hand, it costs nothing to look for each that is not known.
    are_known = wanted is not None and not mostly_unknown({issue.key for issue in part.issues}, present)
    if are_known and not is_of_finishes(part):
        intake.warnings += other_items(part, present)
        return part, present
    present = backend.list_issues(intake.ref) if wanted else present
    same = with_known_keys(part, present)
    intake.warnings += (*same.notes, *other_items(same.imported, present))
    return same.imported, present


def _nothing() -> None:
    pass


def _save_issues(
    backend: PersistenceBackend, ref: QueryRef, imported: Imported, merged: Merged, before_change: Callable[[], None]
) -> None:
    known = {sprint.name: sprint for sprint in backend.list_sprints(ref)}
    # Known sprints may carry dates, which most files do not have.
    new = [each for each in imported.sprints if each.name not in known or (each.start and not known[each.name].start)]
    if merged.plain or merged.with_history or new:
        before_change()
    if merged.plain:
        # A file without histories: what a sync has learned before stays.
        backend.upsert_issues(ref, merged.plain)
    if merged.with_history:
        backend.upsert_issues(ref, merged.with_history, merged.changes)
    if new:
        backend.save_sprints(ref, new)


def _save_weeks(backend: PersistenceBackend, ref: QueryRef, new: Sequence[Week], part: Imported) -> list[str]:
    """What was typed for one of these weeks stays, as a correction of what the file says. What is to be said of it."""
    # A file of issues has no use for what they bring along.
    from app.domain.weeks import beside_a_file, with_numbers_it_lacks, without_same_weeks  # noqa: PLC0415
    from app.settings import calendar_of  # noqa: PLC0415

    profile = backend.get_profile(ref.profile_id)
    calendar = calendar_of(profile) if profile else Calendar(UTC)
    known = backend.list_corrections(ref)
    present = backend.list_weeks(ref)
    present = _without_former_days(present, new, part.late) if part.late else present
    kept, corrections = beside_a_file(present, new, known, calendar)
    if corrections != tuple(known):
        backend.replace_corrections(ref, corrections)
    others = without_same_weeks(kept, new, calendar)
    beside = beside_a_log(others, new) if part.is_log else []
    rest = [week for week in kept if not beside or week.day != beside[0].day]
    backend.replace_weeks(ref, merged_weeks(others, [*beside, *with_numbers_it_lacks(new, rest)]))
    return [*_same_weeks(len(kept) - len(others)), *_of_a_log_that_goes_on(beside)]


def _of_a_log_that_goes_on(beside: Sequence[Week]) -> list[str]:
    if not beside:
        return []
    return [
        N_(
            "The log goes on: what was known of {day}, and is not in this file, counts beside what is.",
            day=beside[0].day,
        )
    ]


def _without_former_days(present: Sequence[Week], new: Sequence[Week], late: timedelta) -> list[Week]:
    """Without the rows that an earlier version kept under the days of the file: that of the first week is in another
    week than the same row of this file, and would count beside it."""
    former = {day: replace(week, day=day) for week in new if week.day is not None and (day := week.day - late)}
    return [week for week in present if week.day is None or former.get(week.day) != week]


def _same_weeks(count: int) -> list[str]:
    if not count:
        return []
    return [
        Nn_(
            "1 week was known under another day of the same week; what this file says took its place.",
            "{count} rows were known under other days of the same weeks; what this file says took their place.",
            count,
        )
    ]


def _unknown_weeks(backend: PersistenceBackend, ref: QueryRef, part: Imported, is_old: bool) -> Sequence[Week]:
    """Of an old file those that no other one had."""
    known = {week.day for week in backend.list_weeks(ref)} if is_old else set()
    return [week for week in part.weeks if week.day not in known] if is_old else part.weeks


def merged_weeks(present: Sequence[Week], new: Sequence[Week]) -> list[Week]:
    """The present rows with those of the new rows' days replaced, by day; rows without a day stay at the end."""
    days = {week.day for week in new}
    kept = [week for week in present if week.day is None or week.day not in days]
    dated = sorted((week for week in (*kept, *new) if week.day is not None), key=lambda week: str(week.day))
    return [*dated, *(week for week in kept if week.day is None)]


def _note(backend: PersistenceBackend, intake: _Intake, name: str, now: datetime) -> None:
    """The import among the query's facts; only the file's own name, never where it lay."""
    present = backend.get_project_data(intake.ref)
    file = PurePath(name.replace("\\", "/")).name
    entry = ImportEntry(
        file=file,
        at=now,
        recognised_as=intake.first.recognised_as,
        kind=intake.first.kind,
        rows=intake.rows,
        kept=intake.kept,
        rejected=len(intake.rejected) + intake.unlisted,
        new=intake.new,
        changed=intake.changed,
        changes=intake.changes,
        updated=intake.reaches.updated,
        dated=intake.reaches.dated,
        content=intake.content,
        was_older=intake.was_older,
        warnings=intake.sentences,
        unused=_unused(intake.first),
    )
    backend.save_project_data(intake.ref, with_import(present, entry))


def _unused(first: Imported) -> tuple[str, ...]:
    """The columns from which nothing is taken, by their names."""
    used = {*(first.used or {}).values(), *first.fields}
    names = (name for name in dict.fromkeys(first.columns) if name and name not in used)
    return tuple(names)[:_MOST_COLUMNS]
