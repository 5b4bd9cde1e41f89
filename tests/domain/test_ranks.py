import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ranks import average_ranks, mean, median, median_interval, percentile, percentiles, spearman

PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30)), min_size=2, max_size=12)


def test_percentiles_are_nearest_ranks_and_never_interpolated() -> None:
    times = [1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5, 6, 7, 8, 12]
    assert percentiles(times) == {50: 4, 70: 5, 85: 6, 95: 8}
    assert percentile(times, 100) == 12
    assert percentile(list(range(1, 101)), 7) == 7
    assert [percentile([1, 2, 3, 4, 5], level) for level in (0, 30, 50, 70, 80, 90)] == [1, 2, 3, 4, 4, 5]
    with pytest.raises(ValueError, match="at least one"):
        percentile([], 50)


def test_without_values_there_are_no_percentiles_instead_of_zeros() -> None:
    assert (percentiles([]), mean([]), median([])) == ({}, None, None)


def test_the_median_of_an_even_number_lies_halfway() -> None:
    assert (median([3, 1, 2]), median([4, 1, 3, 2])) == (2, 2.5)


@pytest.mark.parametrize(
    ("count", "interval"),
    # Ranks from the table of the binomial distribution at one half: 1 of 5, 2 of 8, 6 of 20 from either end.
    [(4, None), (5, (1, 5)), (8, (2, 7)), (20, (6, 15))],
)
def test_the_interval_of_a_median_is_counted(count: int, interval: tuple[int, int] | None) -> None:
    assert median_interval(list(range(1, count + 1))) == interval


def test_equal_values_share_their_rank() -> None:
    assert average_ranks([30, 10, 30, 20]) == [3.5, 1, 3.5, 2]


@pytest.mark.parametrize(
    ("pairs", "rho"),
    [
        ([(1, 5), (3, 10), (5, 15), (8, 25)], 1.0),
        ([(10, 2), (1, 20), (8, 1), (2, 25)], -0.6),
        ([(1, 5), (3, 8), (5, 3), (8, 20)], 0.4),
        ([(3, 5), (3, 2), (3, 9), (5, 9)], 0.5443),
        ([(5, 1), (5, 2), (5, 3)], None),
        ([(1, 1)], None),
    ],
)
def test_rank_correlation_uses_average_ranks(pairs: list[tuple[float, float]], rho: float | None) -> None:
    assert spearman(pairs) == (None if rho is None else pytest.approx(rho, abs=5e-5))


@given(PAIRS, st.randoms())
def test_rank_correlation_does_not_depend_on_the_order_of_items(pairs: list[tuple[float, float]], rng: object) -> None:
    before = spearman(pairs)
    rng.shuffle(pairs)  # type: ignore[attr-defined]
    assert spearman(pairs) == (None if before is None else pytest.approx(before))
