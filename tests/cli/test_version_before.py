"""A folder of an earlier version: what is in it, and every number made of it, is as that version told it.

`version_before/` holds a made-up list with histories, and weeks out of a table, as the version of schema 3 kept them
(`folder.sql`), and what its commands said of them on 30 March 2026 (`said.json`, `csv/`). What was changed on purpose
since then is named here, with its reason; everything else must be the same.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.context import Context
from app.domain.accuracy import Calibration
from app.domain.known import Method
from app.domain.throughput import Throughput
from app.domain.track_record import replayed
from app.output.document import document as document_of
from store.opening import open_store
from store.paths import DATABASE
from store.sql import schema
from tests.cli.test_cli import Burndown
from tests.faults.test_migrations import made_by
from tests.pages.sample import ImmediateJobs

BEFORE = Path(__file__).parent / "version_before"
BEFORE_SAID = json.loads((BEFORE / "said.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
WRITTEN_BY = 3

# The calibrated method expects other drifts of the pace since (docs/decisions/0010), so its futures are others.
_CALIBRATED = ("earlier.weight", "percentiles", "chance", "how_many")
# Every future of a replay has random numbers of its own since, and its losses are others by luck.
_LUCK = ("pinball", "sharpness_weeks", "relative_p85")
CHANGED = {
    "status": (),
    # What remains is no part of the seed since, so that the same futures finish more work later.
    "forecast as of": (*_CALIBRATED, "seed"),
    "forecast plain": (),
    # A percent sign has its space.
    "forecast plain of growing points": ("warnings",),
    "forecast of typed weeks": (),
    "calibration": (*_LUCK, "levels", "baseline"),
    "calibration plain": _LUCK,
}


def fill(path: Path, version: int) -> None:
    """The database as it was written, brought by the steps of the schema as far as this version."""
    made_by(WRITTEN_BY, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((BEFORE / "folder.sql").read_text(encoding="utf-8"))
        for step in schema.MIGRATIONS[WRITTEN_BY:version]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()


@pytest.fixture(scope="module", params=range(WRITTEN_BY, schema.SCHEMA_VERSION + 1), ids="schema {}".format)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One to copy: it is filled once for all tests of this version."""
    path = tmp_path_factory.mktemp("version") / "profiles" / DATABASE
    fill(path, request.param)
    return path


@pytest.fixture
def burndown(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Burndown:
    shutil.copytree(database.parent, tmp_path / "profiles")
    return Burndown(tmp_path / "profiles", capsys)


@pytest.fixture(params=[False, True], ids=["as it was", "brought up to date"])
def folder(request: pytest.FixtureRequest, burndown: Burndown) -> Burndown:
    if request.param:
        open_store(burndown.folder, mode="write").backend.close()
        assert burndown("status")["schema_version"] == schema.SCHEMA_VERSION
    return burndown


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from flat(part, f"{path}.{name}" if path else name)
    else:
        yield path, value


def the_same(name: str, document: dict[str, Any]) -> None:
    """Everything that was said is said again, but what was changed on purpose."""
    now = dict(flat(document))
    kept = {
        path: value
        for path, value in flat(BEFORE_SAID[name]["document"])
        if not any(path == changed or path.startswith(f"{changed}.") for changed in CHANGED[name])
        and not (name.startswith("calibration") and path.endswith(".pinball"))
    }
    assert kept
    assert {path: now.get(path, "is not said") for path in kept} == kept


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CHANGED if not name.startswith("calibration")])
def test_a_command_says_of_it_what_it_said(folder: Burndown, name: str) -> None:
    the_same(name, folder(*BEFORE_SAID[name]["command"]))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "method"), [("calibration", Method.CALIBRATED), ("calibration plain", Method.PLAIN)])
def test_the_past_is_replayed_as_it_was(folder: Burndown, name: str, method: Method) -> None:
    backend = open_store(folder.folder, mode="read").backend
    ctx = Context(backend, ImmediateJobs(), folder.folder, lambda: NOW)
    (profile,) = backend.list_profiles()
    shop = next(query for query in backend.list_queries(profile.id) if query.name == "Shop")
    throughput = ctx.analysis(shop.ref).throughput
    backend.close()
    assert isinstance(throughput, Throughput)
    # As the command does it: every two weeks, a thousand futures.
    replay = replayed(throughput, method, 2, 1000)
    assert isinstance(replay, Calibration)
    the_same(name, document_of(replay))


@pytest.mark.slow
def test_its_tables_are_the_same_to_the_byte(folder: Burndown, tmp_path: Path) -> None:
    folder("export", "--csv", str(tmp_path / "csv"))
    tables = {path.relative_to(BEFORE / "csv") for path in (BEFORE / "csv").rglob("*.csv")}
    assert len(tables) == 12
    assert {
        path for path in tables if (tmp_path / "csv" / path).read_bytes() != (BEFORE / "csv" / path).read_bytes()
    } == set()
