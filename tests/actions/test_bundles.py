"""A bundle of many work lists comes in at once, and its forecasts as far as there is time."""

from __future__ import annotations

import itertools
from io import BytesIO

from app.actions import bundles, projects
from app.errors import Cancelled
from store import bundle
from store.bundle import Conflict
from tests.pages.sample import REF, sample_context


def _packed() -> bytes:
    ctx, stream = sample_context(), BytesIO()
    for _ in range(2):
        projects.copy_work(ctx, REF)
    bundle.write_to(stream, ctx.backend, None)
    return stream.getvalue()


class _Steps:
    """Notes what it is called with; stops at the step of this number."""

    def __init__(self, stops_at: int = 99) -> None:
        self.texts: list[str] = []
        self._stops_at = stops_at

    def step(self, done: int, total: int, text: str = "") -> None:
        self.texts.append(text)
        if len(self.texts) > self._stops_at:
            raise Cancelled("stop")


def _take_in(seconds_a_list: float, steps: _Steps) -> None:
    """The three lists of a bundle, beside what is there."""
    ctx, times = sample_context(), itertools.count()
    before = {query.ref for profile in ctx.backend.list_profiles() for query in ctx.backend.list_queries(profile.id)}
    bundles.import_bundle(ctx, _packed(), Conflict.COPY, steps, lambda: next(times) * seconds_a_list)
    after = [query.ref for profile in ctx.backend.list_profiles() for query in ctx.backend.list_queries(profile.id)]
    came = [ref for ref in after if ref not in before]
    assert len(came) == 3


def test_each_list_has_its_forecast_where_there_is_time_and_says_so() -> None:
    steps = _Steps()
    _take_in(0.0, steps)
    assert steps.texts[0] == "Reading the bundle"
    assert sum(text.startswith("Computing the forecast of ") for text in steps.texts) == 3


def test_of_hundreds_the_rest_is_left_to_whoever_opens_them() -> None:
    steps = _Steps()
    _take_in(7.0, steps)
    assert sum(text.startswith("Computing") for text in steps.texts) == 1


def test_a_stop_after_everything_is_saved_leaves_it_saved() -> None:
    steps = _Steps(stops_at=1)
    _take_in(0.0, steps)
    assert len(steps.texts) == 2
