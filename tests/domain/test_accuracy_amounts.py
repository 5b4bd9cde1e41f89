import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.accuracy import LevelRecord
from app.domain.accuracy_amounts import AmountRecord, ReplayedAmount, record_of, replay_amounts
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from tests.examples import examples


def promised(actual: float | None, *amounts: float) -> ReplayedAmount:
    return ReplayedAmount(12, 4, dict(zip((50, 70, 85, 95), amounts, strict=True)), actual)


def test_an_amount_holds_when_at_least_so_much_was_done() -> None:
    record = record_of(
        [promised(10, 12, 10, 8, 5), promised(7, 12, 10, 8, 5), promised(None, 12, 10, 8, 5)], Method.PLAIN
    )
    assert (record.origins, record.unresolved) == (3, 1)
    assert {level: (level_record.hit_rate, level_record.n) for level, level_record in record.levels.items()} == {
        50: (0, 2), 70: (0.5, 2), 85: (0.5, 2), 95: (1, 2)
    }  # fmt: skip
    # At 85 the loss is at the level 15: 2 above the promise cost 0.15 each, 1 below it 0.85.
    assert record.levels[85].pinball == pytest.approx((0.15 * 2 + 0.85 * 1) / 2)
    assert record.levels[50].pinball == pytest.approx((0.5 * 2 + 0.5 * 5) / 2)
    assert record.sharpness == 4


def test_without_an_outcome_there_is_no_rate() -> None:
    level = record_of([promised(None, 4, 3, 2, 1)], Method.PLAIN).levels[85]
    assert (level.n, level.rate, level.loss) == (0, None, None)


def test_a_steady_team_does_what_was_promised() -> None:
    for method in Method:
        record = replay_amounts([5] * 40, method, trials=200)
        assert isinstance(record, AmountRecord)
        # Origins 12, 14 … 38 of three horizons; of 4, 8 and 12 weeks those up to 36, 32 and 28 are over.
        assert (record.origins, record.unresolved) == (42, 1 + 3 + 5)
        assert isinstance(record.levels[95], LevelRecord)
        assert record.levels[95].hit_rate == 1


def test_a_series_as_short_as_the_window_tells_nothing() -> None:
    assert isinstance(replay_amounts([5] * 12, Method.PLAIN), NotEnoughData)
    assert isinstance(replay_amounts([0] * 30, Method.PLAIN), NotEnoughData)


def test_the_replay_can_be_watched_and_stopped() -> None:
    steps: list[tuple[int, int]] = []
    replay_amounts([5] * 20, Method.PLAIN, trials=10, step=lambda done, total: steps.append((done, total)))
    assert steps == [(0, 4), (1, 4), (2, 4), (3, 4)]


@settings(max_examples=examples(20))
@given(st.lists(st.integers(0, 6), min_size=16, max_size=30), st.sampled_from(list(Method)))
def test_what_is_surer_is_never_more_and_holds_at_least_as_often(done: list[int], method: Method) -> None:
    record = replay_amounts(done, method, trials=60)
    if isinstance(record, AmountRecord):
        rates = [record.levels[level].hit_rate for level in (50, 70, 85, 95)]
        assert rates == sorted(rates)
