"""Who chose what, as it is noted beside the data: where a team works with them, other programs may have noted it."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime

import pytest

from app.turns import chosen, note_chosen
from store.state import CHOSEN
from tests.pages.sample import REF, sample_context

_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_who_chose_a_setting_and_when_is_noted() -> None:
    backend = sample_context().backend
    note_chosen(backend, REF, ["deadline"], _NOW)
    noted = chosen(backend, REF, "deadline")
    assert noted is not None
    assert (noted.at, noted.is_by_another) == (_NOW, False)
    assert chosen(backend, REF, "window") is None


def tzset() -> None:
    """Windows takes its zone from elsewhere."""
    if sys.platform != "win32":
        time.tzset()


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
@pytest.mark.parametrize(
    "noted",
    [
        ["Ben", "9999-12-31T23:59:59Z"], ["Ben", "0001-01-01T00:00:00Z"], ["Ben", "soon"], ["Ben", 7], ["Ben"], "ab",
        {"a": 1, "b": 2}, None, 5,
    ],
)  # fmt: skip
def test_what_another_program_noted_is_a_time_that_can_be_said_or_nothing(
    noted: object, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = sample_context().backend
    backend.set_note(REF, CHOSEN, json.dumps({"deadline": noted}))
    monkeypatch.setenv("TZ", zone)
    tzset()
    try:
        known = chosen(backend, REF, "deadline")
        # As pages say it.
        assert known is None or known.at.astimezone().year in (1, 9999)
    finally:
        monkeypatch.undo()
        tzset()


def test_a_time_without_its_zone_can_be_compared_with_others() -> None:
    backend = sample_context().backend
    backend.set_note(REF, CHOSEN, json.dumps({"deadline": ["Ben", "2026-03-02T09:30:00"]}))
    known = chosen(backend, REF, "deadline")
    assert known is not None
    assert known.at < datetime.now(UTC)
