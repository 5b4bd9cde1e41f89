"""What the strip says of the job that runs."""

from __future__ import annotations

import pytest

from app.jobs import JobState
from app.web.shell import job_strip
from tests.pages.reading import texts


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "25\u202f%"),
        (4.0, "25\u202f% · a few seconds left"),
        (40.0, "25\u202f% · less than a minute left"),
        (61.0, "25\u202f% · about 2 minutes left"),
    ],
)
def test_how_far_it_is_and_how_long_it_takes_stand_beside_a_way_to_stop_it(seconds: float | None, text: str) -> None:
    shown = [" ".join(texts(part)) for part in job_strip(JobState("Import", "running", 25.0, "", seconds_left=seconds))]
    assert shown[0] == f"Import {text}"
    assert "Stop" in shown[-1]
