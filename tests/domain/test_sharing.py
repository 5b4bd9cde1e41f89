from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sharing import done_when, with_shared

sizes = st.lists(st.integers(0, 30), min_size=1, max_size=8)


def by_steps(parts: list[int], together: int, steps: int = 60) -> list[float]:
    """The same done in small portions, to the first parts that are not done in turn."""
    left = [size * steps for size in parts]
    numbers, total = [0.0] * len(parts), 0
    while any(left):
        active = [at for at, amount in enumerate(left) if amount][:together]
        begun = active[-1] + 1
        for at in range(begun):
            numbers[at] = numbers[at] or (total / steps if not left[at] and parts[at] == 0 else 0.0)
        least = min(left[at] for at in active)
        for at in active:
            left[at] -= least
            total += least
        for at in active:
            if not left[at]:
                numbers[at] = total / steps
    return numbers


def test_two_at_once_share_the_pace() -> None:
    # 2 and 6 share it: 2 is done when 4 are. Then 6 (4 left) and 3 share: 3 is done when 10 are, and 6 (1 left) at 11.
    assert done_when([2, 6, 3], together=2) == (4, 11, 10)
    assert done_when([2, 6, 3], together=1) == (2, 8, 11)
    assert done_when([2, 6, 3], together=9) == (6, 11, 8)
    assert done_when([], together=3) == ()


def test_nothing_at_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        done_when([1], 0)


@given(sizes)
def test_one_after_the_other_are_the_running_sums(parts: list[int]) -> None:
    assert done_when(parts, 1) == tuple(accumulate(parts))


@given(sizes, st.integers(1, 9))
def test_when_the_last_is_done_all_is_and_none_before_its_own_work(parts: list[int], together: int) -> None:
    numbers = done_when(parts, together)
    assert max(numbers) == pytest.approx(sum(parts))
    assert all(amount >= size - 1e-9 for amount, size in zip(numbers, parts, strict=True))
    # Whoever stands in front is done with no more than its share of what is done until then.
    assert numbers[0] <= min(together, len(parts)) * parts[0] + 1e-9


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(1, 9))
def test_a_count_in_small_portions_agrees(parts: list[int], together: int) -> None:
    assert done_when(parts, together) == pytest.approx(by_steps(parts, together))


@given(sizes, st.integers(1, 9), st.integers(0, 7), st.integers(1, 20))
def test_more_work_in_one_makes_none_done_earlier(parts: list[int], together: int, which: int, more: int) -> None:
    larger = [size + more * (at == which % len(parts)) for at, size in enumerate(parts)]
    before, after = done_when(parts, together), done_when(larger, together)
    assert all(later >= earlier - 1e-9 for earlier, later in zip(before, after, strict=True))


def test_what_another_has_too_is_done_with_that_one() -> None:
    assert with_shared([5, 9, 7], {2: [0, 1]}) == (5, 9, 9)
    assert with_shared([5, 9, 7], {1: [0]}) == (5, 9, 7)
