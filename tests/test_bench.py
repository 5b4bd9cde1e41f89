"""Rows of an earlier commit beside those of the present one."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.measure.against import compared


def row(name: str, value: float) -> dict[str, Any]:
    return {"part": "store", "name": name, "value": value, "unit": "ms"}


def test_the_ratio_is_the_median_of_what_was_measured_one_after_the_other() -> None:
    old = [[row("save", 10.0)], [row("save", 20.0)], [row("save", 40.0)]]
    new = [[row("save", 5.0)], [row("save", 16.0)], [row("save", 36.0)]]
    (comparison,) = compared(old, new)
    assert comparison.ratio == pytest.approx(0.8)
    assert comparison.line().split() == ["store", "save", "10.000", "5.000", "ms", "0.80", "x"]


def test_a_row_that_only_one_of_both_has_is_not_compared() -> None:
    assert [each.name for each in compared([[row("a", 1), row("b", 1)]], [[row("b", 2), row("c", 2)]])] == ["b"]


def test_a_row_that_was_nothing_before_has_no_ratio() -> None:
    (comparison,) = compared([[row("lost", 0.0)]], [[row("lost", 2.0)]])
    assert comparison.ratio is None
    assert comparison.line().split() == ["store", "lost", "0.000", "2.000", "ms"]
