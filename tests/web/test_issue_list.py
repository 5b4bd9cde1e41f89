"""What a phone shows of an issue in a list beside its key, type and status."""

from __future__ import annotations

import pytest

from app.views.columns import columns_of, listed
from app.views.view import Behind
from app.web import issue_list
from app.web.page import visit_of
from app.words.formats import formats_for
from tests.pages.sample import sample_context


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("age", "points", "why"), "table data issues"),
        (("took", "finished"), "table data issues"),
        (("points", "why"), "table data issues bare"),
        (("version", "why"), "table data issues bare"),
        ((), "table data issues bare"),
    ],
)
def test_days_stand_there_and_nothing_that_does_not_say_what_it_is(names: tuple[str, ...], shown: str) -> None:
    visit = visit_of(sample_context(), "", formats_for(["en-GB"]))
    scene = visit.scene()
    rows = listed(scene, Behind("Left", keys=("S-101", "S-102")))
    columns = columns_of(("key", "summary", "type", "status", *names))
    assert issue_list.table(visit, scene, rows, columns).className == shown
