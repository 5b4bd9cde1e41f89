"""The commands that need no browser. Each gives one JSON document and one text for people.

Messages go to standard error. Exit codes: 0 done, 1 unexpected (logged), 2 wrong usage, 3 refused.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from app import __version__, importing
from app.arguments import parse
from app.context import Context, utc_now
from app.domain.accuracy import Calibration
from app.domain.forecast import LEVELS, Forecast, HowMany, Method
from app.domain.missing import NotEnoughData
from app.errors import AppError, BadInput
from app.instance import hold_folder
from app.jobs import Jobs
from app.settings import Selection
from app.track_record import replayed
from store import backup
from store.errors import StoreError
from store.legacy import migrate as legacy
from store.opening import Opened, describe, open_store
from store.paths import DataFolder
from store.records import Counts, Query, QueryRef

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: `document` with --json, else `text`; `code` is the exit code."""

    document: dict[str, Any]
    text: str
    code: int = 0


def main(argv: Sequence[str], folder: DataFolder) -> int:
    """Run one command and print its answer; returns the exit code. Exits with 2 on wrong usage."""
    arguments = parse(argv)
    try:
        answer = _COMMANDS[arguments.command](arguments, folder)
    except (AppError, StoreError) as exc:
        print(exc, file=sys.stderr)
        return 3
    except Exception:  # noqa: BLE001 the border: logged with its traceback, told in plain words
        _log.exception("command %s failed", arguments.command)
        print(f"Something unexpected happened; details are in {folder.path / 'logs'}.", file=sys.stderr)
        return 1
    _say(json.dumps(answer.document, ensure_ascii=False) if arguments.json else answer.text)
    return answer.code


def _say(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# -- opening the folder ---------------------------------------------------------------------------------


@contextmanager
def _opened(folder: DataFolder, mode: Literal["read", "write"]) -> Iterator[Opened]:
    opened = open_store(folder.path, mode=mode)
    for notice in opened.notices:
        print(notice, file=sys.stderr)
    try:
        yield opened
    finally:
        opened.backend.close()


@contextmanager
def _reading(folder: DataFolder) -> Iterator[Context]:
    with _opened(folder, "read") as opened:
        yield Context(opened.backend, Jobs(opened.backend), folder.path)


@contextmanager
def _writing(folder: DataFolder) -> Iterator[Context]:
    """Holds the folder, so that the running app and a command never write side by side."""
    folder.path.mkdir(parents=True, exist_ok=True)
    with hold_folder(folder.path), _opened(folder, "write") as opened:
        yield Context(opened.backend, Jobs(opened.backend), folder.path)
        backup.at_exit(opened.backend, folder.path)


def _chosen_query(ctx: Context, profile: str | None, query: str | None) -> Query:
    """The one query that these names or ids mean; the active one for None. Raises BadInput."""
    active = ctx.backend.active_query()
    found = [
        each
        for owner in ctx.backend.list_profiles()
        if profile is None or profile.casefold() in (owner.name.casefold(), owner.id.casefold())
        for each in ctx.backend.list_queries(owner.id)
        if query is None or query.casefold() in (each.name.casefold(), each.id.casefold())
    ]
    preferred = [each for each in found if active and (each.ref == active or _shares_profile(each, active, query))]
    if not found:
        raise BadInput(f"There is no {_wanted(profile, query)} here. {_names(ctx)}")
    if query is not None and len(found) > 1 and len(preferred) != 1:
        raise BadInput(f"{len(found)} queries are called {query!r}. Say which one with --profile.")
    return (preferred or found)[0]


def _shares_profile(query: Query, active: QueryRef, named: str | None) -> bool:
    return named is not None and query.profile_id == active.profile_id


def _wanted(profile: str | None, query: str | None) -> str:
    if profile is None and query is None:
        return "data"
    return " in ".join(
        part for part in (query and f"query {query!r}", profile and f"profile {profile!r}") if part is not None
    )


def _names(ctx: Context) -> str:
    names = [
        f"{profile.name} / {query.name}"
        for profile in ctx.backend.list_profiles()
        for query in ctx.backend.list_queries(profile.id)
    ]
    return f"There are: {'; '.join(names)}." if names else "Import a file or take over an old folder first."


# -- status, check, backup ------------------------------------------------------------------------------


def _status(arguments: Namespace, folder: DataFolder) -> Answer:
    facts = describe(folder.path)
    with _reading(folder) as ctx:
        backend = ctx.backend
        queries = [
            _query_status(profile.name, query, backend.counts(query.ref))
            for profile in backend.list_profiles()
            for query in backend.list_queries(profile.id)
        ]
        journal = backend.list_migrations()
        counts = asdict(backend.counts())
    document = {
        "version": __version__,
        "schema_version": facts.schema_version,
        "sqlite_version": facts.sqlite_version,
        "journal_mode": facts.journal_mode,
        "profiles_dir": str(folder.path),
        "database_bytes": facts.database_bytes,
        "counts": counts,
        "queries": queries,
        "migration": dict(journal[-1].report) if journal else None,
    }
    return Answer(document, _status_text(document))


def _query_status(profile: str, query: Query, counts: Counts) -> dict[str, Any]:
    return {
        "profile": profile,
        "profile_id": query.profile_id,
        "query": query.name,
        "query_id": query.id,
        "jql": query.jql,
        "issues": counts.issues,
        "issue_changes": counts.issue_changes,
        "statistics": counts.statistics,
        "snapshot_weeks": counts.snapshot_weeks,
    }


def _status_text(document: dict[str, Any]) -> str:
    lines = [
        f"Burndown {document['version']}",
        f"Data folder: {document['profiles_dir']} ({document['database_bytes'] / 1e6:.1f} MB)",
    ]
    lines += [
        f"{row['profile']} / {row['query']}: {row['issues']} issues, {row['issue_changes']} changes, "
        f"{row['statistics']} weekly rows, {row['snapshot_weeks']} recorded weeks"
        for row in document["queries"]
    ]
    return "\n".join(lines if document["queries"] else [*lines, "Nothing in it yet."])


def _check(arguments: Namespace, folder: DataFolder) -> Answer:
    problems = backup.check(folder.path)
    text = "\n".join(problems) if problems else "Everything is in order."
    return Answer({"ok": not problems, "problems": problems}, text, code=3 if problems else 0)


def _backup(arguments: Namespace, folder: DataFolder) -> Answer:
    started = utc_now()
    made = backup.snapshot_file(folder.path, Path(arguments.to) if arguments.to else None)
    seconds = (utc_now() - started).total_seconds()
    document = {"file": str(made.file), "bytes": made.bytes, "seconds": seconds}
    return Answer(document, f"Snapshot made and checked: {made.file} ({made.bytes / 1e6:.1f} MB)")


# -- data in --------------------------------------------------------------------------------------------


def _migrate(arguments: Namespace, folder: DataFolder) -> Answer:
    source = Path(arguments.folder)
    if not source.is_dir():
        raise BadInput(f"{source} is not a folder. Name the old app's folder, the one that holds profiles/.")
    with _writing(folder) as ctx:
        report = legacy.migrate_folder(
            ctx.backend, source, merge=arguments.merge, as_new_profile=arguments.as_new_profile
        )
    document = report.to_json()
    return Answer(document, report.to_text(), code=3 if document["outcome"] == "refused" else 0)


def _import(arguments: Namespace, folder: DataFolder) -> Answer:
    source = Path(arguments.file)
    try:
        data = source.read_bytes()
        mapping = json.loads(Path(arguments.mapping).read_text(encoding="utf-8")) if arguments.mapping else None
    except (OSError, ValueError) as exc:
        raise BadInput(f"{source} or its mapping cannot be read: {exc}") from exc
    with _writing(folder) as ctx:
        result = importing.import_file(
            ctx,
            data,
            source.name,
            profile_name=arguments.profile,
            query_name=arguments.query,
            kind=arguments.kind,
            mapping=mapping,
        )
    document = result.to_json()
    lines = [f"{document['kept']} of {document['rows']} rows kept ({document['recognised_as']})."]
    lines += [f"row {row['row']}, {row['column']}: {row['value']!r} {row['reason']}" for row in document["rejected"]]
    return Answer(document, "\n".join(lines))


# -- answers --------------------------------------------------------------------------------------------


def _selection(arguments: Namespace) -> Selection:
    return Selection(
        unit=arguments.unit,
        window=arguments.window,
        as_of=arguments.as_of,
        method=arguments.method,
        growth=arguments.growth,
        trials=arguments.trials,
        seed=arguments.seed,
        remaining=arguments.remaining,
    )


def _forecast(arguments: Namespace, folder: DataFolder) -> Answer:
    with _reading(folder) as ctx:
        query = _chosen_query(ctx, arguments.profile, arguments.query)
        analysis = ctx.analysis(query.ref, _selection(arguments))
        result = analysis.forecast
        amounts = analysis.how_many(arguments.weeks) if arguments.weeks else None
    if isinstance(result, NotEnoughData):
        return Answer({"not_enough_data": result.reason}, result.reason)
    days = [day for day in (arguments.by, analysis.params.deadline) if day is not None]
    document = {
        "as_of": result.as_of.isoformat(),
        "unit": str(analysis.params.unit),
        "remaining": result.remaining,
        "samples": list(result.samples),
        "method": str(result.settings.method),
        "trials": result.settings.trials,
        "seed": result.settings.seed,
        "percentiles": {str(level): _percentile(result, level) for level in LEVELS},
        "not_finished": result.distribution.not_finished,
        "chance": {day.isoformat(): result.chance_by(day) for day in days},
        "how_many": _how_many(amounts),
        "warnings": list(result.warnings),
    }
    return Answer(document, _forecast_text(document))


def _percentile(result: Forecast, level: int) -> dict[str, Any]:
    day = result.dates[level]
    return {"weeks": result.weeks[level], "date": day.isoformat() if day else None}


def _how_many(amounts: HowMany | NotEnoughData | None) -> dict[str, Any] | None:
    if isinstance(amounts, HowMany):
        return {"weeks": amounts.weeks, **{str(level): amounts.amounts[level] for level in LEVELS}}
    return {"not_enough_data": amounts.reason} if amounts else None


def _forecast_text(document: dict[str, Any]) -> str:
    lines = [f"{document['remaining']:g} {document['unit']} remain as of {document['as_of']}."]
    for level, found in document["percentiles"].items():
        when = f"{found['date']} ({found['weeks']} weeks)" if found["date"] else "not within two years"
        lines.append(f"{level} % sure: done by {when}")
    lines += [f"Chance to be done by {day}: {chance:.0%}" for day, chance in document["chance"].items()]
    amounts = document["how_many"]
    if amounts and "weeks" in amounts:
        lines += [f"{level} % sure: at least {amounts[str(level)]:g} in {amounts['weeks']} weeks" for level in LEVELS]
    return "\n".join([*lines, *document["warnings"]])


def _calibration(arguments: Namespace, folder: DataFolder) -> Answer:
    with _reading(folder) as ctx:
        query = _chosen_query(ctx, arguments.profile, arguments.query)
        throughput = ctx.analysis(query.ref).throughput
    if isinstance(throughput, NotEnoughData):
        return Answer({"not_enough_data": throughput.reason}, throughput.reason)

    def run(method: Method) -> Calibration | NotEnoughData:
        return replayed(throughput, method, arguments.every, arguments.trials)

    result = run(Method(arguments.method))
    if isinstance(result, NotEnoughData):
        return Answer({"not_enough_data": result.reason}, result.reason)
    document = _record(result)
    lines = [_record_text(result)]
    if result.method is not Method.PLAIN:
        plain = run(Method.PLAIN)
        if isinstance(plain, Calibration):
            document["baseline"] = _record(plain)
            lines.append(_record_text(plain))
    return Answer(document, "\n".join(lines))


def _record(result: Calibration) -> dict[str, Any]:
    return {
        "method": str(result.method),
        "origins": result.origins,
        "unresolved": result.unresolved,
        "levels": {
            str(level): {"hit_rate": one.hit_rate, "n": one.n, "wilson90": list(one.wilson90), "pinball": one.pinball}
            for level, one in result.levels.items()
        },
        "pinball": result.pinball,
        "sharpness_weeks": result.sharpness_weeks,
        "relative_p85": result.relative_p85,
        "verdict": result.verdict,
    }


def _record_text(result: Calibration) -> str:
    rates = ", ".join(f"{level} %: {one.hit_rate:.0%} of {one.n}" for level, one in result.levels.items())
    return f"{result.method}: dates held {rates} ({result.verdict})"


_COMMANDS: dict[str, Callable[[Namespace, DataFolder], Answer]] = {
    "status": _status,
    "migrate": _migrate,
    "import": _import,
    "forecast": _forecast,
    "calibration": _calibration,
    "check": _check,
    "backup": _backup,
}
