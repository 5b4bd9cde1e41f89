"""The tests of the contract run on every backend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.backend import PersistenceBackend
from tests.store.contract.engines import MAKINGS, QUICK, Making
from tests.store.contract.filling import profile, query


@pytest.fixture(params=[pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in MAKINGS])
def making(request: pytest.FixtureRequest) -> Making:
    return MAKINGS[request.param]


@pytest.fixture
def empty(making: Making) -> Iterator[PersistenceBackend]:
    with making() as backend:
        yield backend


@pytest.fixture
def backend(empty: PersistenceBackend) -> PersistenceBackend:
    empty.save_profile(profile())
    empty.save_query(query())
    return empty
