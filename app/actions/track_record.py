"""The track record of a query: the past replayed in the worker, kept until the history it was made from changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict

from app.context import Context
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from app.domain.track_record import HeldAt, HitRate, TrackRecord, record_of, replayed, replayed_amounts
from app.jobs import JobState, Progress
from app.words import N_
from store.codec import parsed_json
from store.errors import NotWritable
from store.records import Query, QueryRef

# Raised when the forecast itself changes: a record of the one before says nothing about the one that is shown.
METHOD_VERSION = 5
JOB_PREFIX = "Track record"


def job_name(query: Query) -> str:
    return N_("Track record of {name}", name=query.name)


def give_way(ctx: Context) -> None:
    """Stop a replay, for something that the user waits for. It begins anew when the record is next looked at."""
    running = ctx.jobs.running()
    if running is not None and running.name.startswith(JOB_PREFIX):
        ctx.jobs.cancel(running.name)


def known(ctx: Context, query: Query, throughput: Throughput) -> TrackRecord | None:
    """The record of exactly this history, if it was computed already."""
    history = _fingerprint(throughput)
    state = ctx.jobs.state(job_name(query))
    candidates = [state.result if state else None, _read(ctx.backend.get_state(_key(query.ref)))]
    return next(
        (candidate for candidate in candidates if isinstance(candidate, TrackRecord) and candidate.history == history),
        None,
    )


def ask(ctx: Context, query: Query, throughput: Throughput) -> JobState | None:
    """Have it computed in the worker, unless that is under way or failed; the job's state."""
    name = job_name(query)
    state = ctx.jobs.state(name)
    if state is None or state.status in ("completed", "interrupted", "cancelled"):
        ctx.jobs.submit(name, lambda progress: _compute(ctx, query.ref, throughput, progress))
    return ctx.jobs.state(name)


def known_or_asked(ctx: Context, query: Query, throughput: Throughput) -> TrackRecord | None:
    """The record; None where it is only being computed from now on."""
    track_record = known(ctx, query, throughput)
    if track_record is None:
        ask(ctx, query, throughput)
    return track_record or known(ctx, query, throughput)


def ask_again(ctx: Context, query: Query, throughput: Throughput) -> None:
    """Have it computed after a failure."""
    ctx.jobs.submit(job_name(query), lambda progress: _compute(ctx, query.ref, throughput, progress))


def _compute(ctx: Context, ref: QueryRef, throughput: Throughput, progress: Progress) -> TrackRecord:
    def step_of(part: int) -> Callable[[int, int], None]:
        def step(done: int, total: int) -> None:
            progress.step(part * total + done, 4 * total, N_("Replaying past forecasts"))
            ctx.requests.go_first()

        return step

    ours = replayed(throughput, Method.CALIBRATED, step=step_of(0))
    if isinstance(ours, NotEnoughData):
        record = record_of(_fingerprint(throughput), ours, ours)
    else:
        usual = replayed(throughput, Method.PLAIN, step=step_of(1))
        amounts = [
            replayed_amounts(throughput, method, step_of(part))
            for part, method in ((2, Method.CALIBRATED), (3, Method.PLAIN))
        ]
        record = record_of(_fingerprint(throughput), ours, usual, *amounts)
    _keep(ctx, ref, record)
    return record


def _keep(ctx: Context, ref: QueryRef, record: TrackRecord) -> None:
    # A read-only folder still shows the record; it is only computed anew at the next start.
    try:
        ctx.backend.set_state(_key(ref), json.dumps(asdict(record)))
    except NotWritable:
        return


def _read(text: str | None) -> TrackRecord | None:
    """A record as it was kept; None when it is absent or not of the present shape."""
    if text is None:
        return None
    try:
        raw = parsed_json(text)
        rates = [HitRate(**raw[name]) if raw[name] else None for name in ("ours", "usual")]
        levels, amounts = (
            tuple(HeldAt(each["level"], HitRate(**each["ours"]), HitRate(**each["usual"])) for each in raw[name])
            for name in ("levels", "amounts")
        )
        return TrackRecord(raw["history"], rates[0], rates[1], raw["reason"], levels, amounts)
    except (ValueError, TypeError, KeyError):
        return None


def _key(ref: QueryRef) -> str:
    return f"track_record/{ref.profile_id}/{ref.query_id}"


def _fingerprint(throughput: Throughput) -> str:
    weeks = [(week.start.isoformat(), week.done) for week in throughput.active_weeks]
    return hashlib.sha256(json.dumps([METHOD_VERSION, weeks]).encode()).hexdigest()[:16]
