"""What somebody corrected by hand outlives whatever Jira says afterwards."""

from __future__ import annotations

from datetime import date

import pytest

from store.records import Correction
from tests.jira.world import REF, world

CORRECTION = Correction(date(2026, 2, 2), completed_items=12, created_points=0.5)


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
@pytest.mark.parametrize("full", [False, True], ids=["delta", "full"])
def test_a_correction_outlives_the_next_sync(flavour: str, full: bool) -> None:
    with world(flavour) as here:
        here.sync()
        here.backend.replace_corrections(REF, [CORRECTION])
        here.clock.on(hours=2)
        here.jira.set_points("10003", 8)
        here.sync(full=full)
        assert {issue.key: issue.points for issue in here.backend.list_issues(REF)}["ABC-3"] == 8
        assert here.backend.load_facts(REF).corrections == (CORRECTION,)
