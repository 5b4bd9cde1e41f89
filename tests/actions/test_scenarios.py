"""Scenarios are kept with their work list, up to ten, and can be taken back."""

from __future__ import annotations

from datetime import date

import pytest

from app.actions import scenarios
from app.domain.scenarios import MOST, Kept, as_json, kept
from app.domain.what_if import WhatIf
from app.errors import BadInput
from app.views.view import Scene
from app.views.what_if import WHAT_IF
from app.words.formats import formats_for
from tests.pages.sample import REF, sample_context

FASTER = WhatIf(pace=2.0)


def test_a_scenario_is_read_as_it_was_kept() -> None:
    what = WhatIf(1.5, 3, 0.5, 40.0, date(2026, 5, 1), date(2026, 9, 1))
    assert kept({"scenarios": as_json([Kept("A", what), Kept("B", FASTER)])}) == (Kept("A", what), Kept("B", FASTER))


@pytest.mark.parametrize(
    "broken", ["x", 7, [7], [{"pace": 2}], [{"name": "A", "pace": "fast"}], [{"name": "A", "start": "soon"}],
               [{"name": "A", "pace": -1}], [{"name": "A", "left": float("nan")}]]
)  # fmt: skip
def test_what_cannot_be_read_is_left_out(broken: object) -> None:
    assert kept({"scenarios": broken}) == ()


def test_it_stands_beside_how_it_is_and_can_be_removed() -> None:
    ctx = sample_context(method="plain", deadline="2026-04-20")
    scenarios.keep(ctx, REF, " Twice as fast ", FASTER)
    assert WHAT_IF.rows is not None
    rows = WHAT_IF.rows(Scene(ctx.analysis(REF), formats_for(["en-GB"])))
    assert rows.header == ("level", "as_it_is", "what_if", "weeks_moved", "Twice as fast")
    # Ten left at two a week are done on 4 May; at four a week in three weeks.
    assert rows.cells[2] == (85, date(2026, 5, 4), date(2026, 5, 4), 0, date(2026, 4, 20))
    assert rows.cells[-1][0] == "by 20 Apr 2026"
    before = scenarios.remove(ctx, REF, "Twice as fast")
    assert kept(ctx.backend.get_query(REF).extras) == ()  # type: ignore[union-attr]
    scenarios.put_back(ctx, REF, before, "Twice as fast")
    assert [each.name for each in kept(ctx.backend.get_query(REF).extras)] == ["Twice as fast"]  # type: ignore[union-attr]


def test_what_cannot_be_kept_is_refused() -> None:
    ctx = sample_context()
    scenarios.keep(ctx, REF, "A", FASTER)
    for name, what, problem in (("", FASTER, "needs a name"), ("A", FASTER, "a scenario A already"),
                                ("B", WhatIf(), "Nothing differs")):  # fmt: skip
        with pytest.raises(BadInput, match=problem):
            scenarios.keep(ctx, REF, name, what)
    for number in range(MOST - 1):
        scenarios.keep(ctx, REF, f"S{number}", FASTER)
    with pytest.raises(BadInput, match="10 scenarios already"):
        scenarios.keep(ctx, REF, "One more", FASTER)
