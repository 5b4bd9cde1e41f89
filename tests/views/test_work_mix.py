"""The mix of work: shares of what was finished."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.flow import Flow
from app.domain.work_mix import DEBT, DEFECT, FEATURE, MixPart
from app.views import view
from app.views.view import Scene
from app.words.formats import formats_for
from tests.pages.sample import REF, sample_context


@pytest.mark.parametrize(
    ("counts", "notes"),
    [
        ((15, 16, 15), ["Each share is rounded: together they come to 101\u202f%."]),
        ((1, 1, 1), ["Each share is rounded: together they come to 99\u202f%."]),
        ((5, 3, 2), []),
        ((), []),
    ],
)
def test_shares_that_are_rounded_to_more_or_less_than_all_say_so(counts: tuple[int, ...], notes: list[str]) -> None:
    scene = Scene(sample_context().analysis(REF), formats_for(["en-GB"]))
    flow = scene.past.flow
    assert isinstance(flow, Flow)
    parts = zip((FEATURE, DEFECT, DEBT), counts, strict=False)
    mix = tuple(MixPart(class_, done, done / sum(counts), ()) for class_, done in parts)
    scene.past.__dict__["flow"] = replace(flow, mix=mix)
    assert list(view("work-mix").notes(scene)) == notes
