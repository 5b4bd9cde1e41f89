"""What a page sent against what the function that answers it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from app.errors import BadInput
from app.web.sent import fits, used_by


@pytest.mark.parametrize(
    ("value", "wanted", "is_fit"),
    [
        ("x", str, True),
        (5, str, False),
        (None, str | None, True),
        ({"a": 1}, str | None, False),
        (True, int, False),
        (1, float, True),
        (1.5, int, False),
        (2**53, int | None, True),
        (2**53 + 1, int | None, False),
        (-(10**30), int, False),
        (10**30, float, True),
        (["a", "b"], list[str], True),
        (["a", None], list[str], False),
        ("ab", Sequence[str], False),
        ({"name": "x"}, dict[str, str], True),
        ({"name": 5}, Mapping[str, str], False),
        ([{"name": ["x"]}], list[dict[str, str]], False),
        ([1, 2], list, True),
        ({"deep": [None]}, Any, True),
        ("2026-01-05", date, True),
    ],
)
def test_a_value_fits_what_the_function_says(value: Any, wanted: Any, is_fit: bool) -> None:
    assert fits(value, wanted) is is_fit


def renamed(ctx: object, name: str | None, places: list[int]) -> str:
    return (name or "").strip() + str(1 // places[0])


def test_what_fails_because_of_a_value_that_no_page_sends_is_refused_in_words() -> None:
    for each in ((["a"], [1]), ("a", ["b"]), ("a", {"b": 1})):
        with pytest.raises(BadInput, match="reload"), used_by(renamed, each):
            renamed(None, *each)


def joined(ctx: object, first: str, *more: str | None) -> str:
    return first + "".join(each.strip() for each in more if each is not None)


def test_the_rest_of_the_values_is_looked_at_too() -> None:
    with pytest.raises(BadInput), used_by(joined, ("a", "b", 5)):
        joined(None, "a", "b", 5)  # type: ignore[arg-type]


def test_what_fits_and_fails_is_our_own_mistake() -> None:
    with pytest.raises(IndexError), used_by(renamed, ("a", [])):
        renamed(None, "a", [])


def test_a_refusal_of_our_own_stays_what_it_is() -> None:
    with pytest.raises(BadInput, match="Enter a name"), used_by(renamed, (5, [])):
        raise BadInput("Enter a name.")


def counted(ctx: object, turn: int | None, amount: float | None) -> int:
    return (turn or 0) + 1


def test_a_count_that_no_browser_has_is_refused_before_an_answer_is_made_of_it() -> None:
    with pytest.raises(BadInput, match="reload"), used_by(counted, (10**30, None)):
        counted(None, 10**30, None)
    with used_by(counted, (2**53, 10**30)):
        assert counted(None, 2**53, 10**30) == 2**53 + 1
