"""Settings of every test: machines are slow now and then, and a run that passed must pass again."""

import gc
import logging
import os
from collections.abc import Generator, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from app import logs
from tests.made_once import ids, made_once

settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The build server looks at the same examples each time; new ones are found by who works on the code.
settings.register_profile("ci", parent=settings.get_profile("here"), derandomize=True)
# After every change a tenth of the examples is enough; the others are looked at by the lane `all`.
settings.register_profile("quick", parent=settings.get_profile("here"), max_examples=10)
_IS_QUICK = bool(os.environ.get("BURNDOWN_QUICK"))
settings.load_profile("ci" if os.environ.get("CI") else "quick" if _IS_QUICK else "here")

_HERE = Path(__file__).parent
# Their subject is what tests elsewhere have made once.
_MAKES_ANEW = tuple(_HERE / name for name in ("domain", "store", "faults", "test_kept.py"))


@pytest.fixture(scope="module", autouse=True)
def what_takes_long_is_made_once(request: pytest.FixtureRequest) -> Iterator[None]:
    makes_anew = any(request.path.is_relative_to(path) for path in _MAKES_ANEW)
    with nullcontext() if makes_anew else made_once():
        yield


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """What is slow as a whole, or asks for the executable, is not even read in the lane `unit`, by no process."""
    if not _IS_QUICK or collection_path.suffix != ".py":
        return True if _IS_QUICK and collection_path == _HERE / "e2e" else None
    return True if "\npytestmark = pytest.mark.slow\n" in collection_path.read_text(encoding="utf-8") else None


def pytest_sessionfinish() -> None:
    # pytest looks for what was left open twice more, among all that the tests made: the lane `all` does.
    if _IS_QUICK:
        gc.freeze()


def pytest_runtest_setup() -> None:
    ids.begin()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """A command keeps its log until its process ends. Here hundreds run in this very process: each log would write
    down whatever later tests let the app say, which took one of them from a second to most of a minute."""
    root = logging.getLogger()
    before = set(root.handlers)
    try:
        return (yield)
    finally:
        for handler in set(root.handlers) - before:
            if isinstance(handler.formatter, logs.RedactingFormatter):
                logs.stop(handler)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
    before, ids.by_chance = ids.by_chance, fixturedef.scope != "function"
    try:
        return (yield)
    finally:
        ids.by_chance = before


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Modules and tests live until the end: looking for garbage among them took a third of the collection."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        # As seldom as in the program: at Python's own pace it took a quarter of the tests that read all sources, and a
        # twelfth of those of pages.
        gc.set_threshold(50_000, 20, 100)
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with tests that take long come first: begun last, one would keep a process busy after the others ended."""
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("e2e")}
    items.sort(key=lambda item: item.path not in long)
