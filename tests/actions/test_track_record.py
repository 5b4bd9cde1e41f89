"""The track record is computed once per history and kept."""

from __future__ import annotations

from app.actions import track_record
from app.context import Context
from app.domain.throughput import Throughput
from app.domain.track_record import TrackRecord
from app.jobs import Requests
from store.records import Query
from tests.pages.sample import REF, sample_context


def query_of(ctx: Context) -> Query:
    query = ctx.backend.get_query(REF)
    assert query is not None
    return query


def history(ctx: Context) -> Throughput:
    throughput = ctx.analysis(REF).throughput
    assert isinstance(throughput, Throughput)
    return throughput


def test_it_is_not_known_before_it_was_asked_for() -> None:
    ctx = sample_context()
    assert track_record.known(ctx, query_of(ctx), history(ctx)) is None


def test_it_is_kept_with_the_data_and_survives_a_restart() -> None:
    ctx = sample_context()
    track_record.ask(ctx, query_of(ctx), history(ctx))
    first = track_record.known(ctx, query_of(ctx), history(ctx))
    ctx.jobs.cancel(track_record.job_name(query_of(ctx)))
    assert isinstance(first, TrackRecord)
    assert track_record.known(ctx, query_of(ctx), history(ctx)) == first


def test_another_history_needs_another_record() -> None:
    ctx = sample_context()
    track_record.ask(ctx, query_of(ctx), history(ctx))
    longer = Throughput(history(ctx).weeks[1:], history(ctx).window, None, 2.0, 0.0)
    assert track_record.known(ctx, query_of(ctx), longer) is None


def test_a_kept_record_of_another_shape_counts_as_none() -> None:
    ctx = sample_context()
    for text in ("{}", "nonsense", '{"history": 1}'):
        ctx.backend.set_state(f"track_record/{REF.profile_id}/{REF.query_id}", text)
        assert track_record.known(ctx, query_of(ctx), history(ctx)) is None


class Counting(Requests):
    """How often it was let go first."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def go_first(self, longest: float = 0.0, rest: float = 0.0) -> None:
        self.times += 1


def test_each_replayed_forecast_lets_what_is_asked_go_first() -> None:
    ctx = sample_context()
    ctx.requests = counting = Counting()
    track_record.ask(ctx, query_of(ctx), history(ctx))
    assert track_record.known(ctx, query_of(ctx), history(ctx)) is not None
    assert counting.times
