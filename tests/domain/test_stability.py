"""Whether weeks agree with each other, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.stability import Verdict, stability


@pytest.mark.parametrize(
    ("samples", "difference", "verdict"),
    [
        # 0 3 5 against 2 4 6: 8/3 and 4, of a span of 6.
        ([3, 5, 0, 4, 2, 6], 4 / 3 / 6, Verdict.GOOD),
        # 0 0 against 0 10: halves of 0 and 5.
        ([0, 10, 0, 0], 0.5, Verdict.POOR),
        # 1 3 5 7 9 11 against 2 4 6 8 10 12: one of eleven apart.
        ([7, 1, 12, 3, 9, 2, 11, 4, 10, 5, 8, 6], 1 / 11, Verdict.GREAT),
        ([4, 4, 4, 4], 0.0, Verdict.GREAT),
    ],
)
def test_two_halves_of_the_ranked_weeks_are_compared(samples: list[float], difference: float, verdict: Verdict) -> None:
    result = stability(samples)
    assert result is not None
    assert (result.n, result.verdict) == (len(samples), verdict)
    assert result.difference == pytest.approx(difference)


def test_three_weeks_say_nothing() -> None:
    assert stability([1, 2, 3]) is None


@given(
    st.lists(st.integers(0, 50), min_size=4, max_size=30).flatmap(
        lambda all_: st.tuples(st.just(all_), st.permutations(all_))
    )
)
def test_the_order_of_the_weeks_does_not_matter_and_the_halves_never_differ_by_more_than_the_span(
    both: tuple[list[int], list[int]],
) -> None:
    result, other = stability(both[0]), stability(both[1])
    assert result == other
    assert result is not None
    assert 0 <= result.difference <= 1
