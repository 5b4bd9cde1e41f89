"""Files as they come out of a broken disk or a malicious hand: read, or refused in words; never anything else."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.actions.files import import_bytes
from app.errors import AppError
from store import bundle
from store.errors import Damaged, StoreError
from store.legacy.migrate import migrate_folder
from store.opening import Opened, open_store
from store.records import Issue, Profile, Query
from tests.faults.scenarios import NOW, REF, TINY, some_steps
from tests.memory_backend import MemoryBackend

pytestmark = pytest.mark.slow
needs_tiny = pytest.mark.skipif(not TINY.is_dir(), reason="the shared examples are not here")
_QUIET = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large)


def examples(number: int) -> settings:
    return settings(max_examples=number, deadline=None, suppress_health_check=_QUIET, database=None)


# What a hand or a disk does to a file: (kind, where as a share of its length, what with).
wounds = st.lists(
    st.tuples(
        st.sampled_from(["overwrite", "insert", "cut", "repeat", "truncate"]),
        st.floats(0, 1),
        st.one_of(
            st.binary(min_size=1, max_size=40),
            st.sampled_from(
                [
                    b"null",
                    b"NaN",
                    b"-1e999",
                    b"[" * 3_000,
                    b"{}",
                    b'""',
                    b"9" * 400,
                    b"\xff\xfe",
                    b"\x00",
                    b'"',
                    b",",
                    b"\\ud800",
                ]
            ),
        ),
    ),
    min_size=1,
    max_size=6,
)


def assert_says_something(error: Exception) -> None:
    assert len(str(error).split()) > 3


def wounded(data: bytes, done: list[tuple[str, float, bytes]]) -> bytes:
    for kind, share, what in done:
        at = int(share * len(data))
        match kind:
            case "overwrite":
                data = data[:at] + what + data[at + len(what) :]
            case "insert":
                data = data[:at] + what + data[at:]
            case "cut":
                data = data[:at] + data[at + len(what) :]
            case "repeat":
                data = data[:at] + data[at : at + 200] * 3 + data[at + 200 :]
            case _:
                data = data[:at]
    return data


# -- tables ---------------------------------------------------------------------------------------------

_TABLES = (
    'Issue key,Summary,Created,Resolved,Status,Story Points,Sprint,Sprint\r\nT-1,"a, ""b""",24/Apr/15 12:04 PM,'
    "25/Apr/15 1:00 AM,Done,3,S 1,S 2\r\nT-2,ß 小,01/May/15 9:30 AM,,To Do,,,\r\n".encode(),
    b"date,completed_items,completed_points,created_items,created_points\n2026-01-05,3,5.5,2,1\n2026-01-12,0,0,1,8\n",
    "key;created;finished\nA;2026-01-05;2026-01-09\nB;2026-01-06;\n".encode("utf-16"),
    b'[{"date": "2026-01-05", "completed_items": 3}, {"date": "2026-01-12", "completed_items": 4}]',
)


@examples(200)
@given(st.sampled_from(_TABLES), wounds)
def test_a_table_is_imported_or_refused_and_then_nothing_is_changed(
    table: bytes, done: list[tuple[str, float, bytes]]
) -> None:
    backend = MemoryBackend()
    try:
        result = import_bytes(backend, wounded(table, done), "file.csv", now=NOW)
    except (AppError, StoreError) as exc:
        assert_says_something(exc)
        assert backend.counts().profiles == 0
    else:
        assert result.kept + len({row.row for row in result.rejected}) == result.rows
        assert backend.counts().queries == 1


# -- bundles --------------------------------------------------------------------------------------------


def whole_bundle() -> bytes:
    backend = MemoryBackend()
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    backend.save_query(Query("p", "q", "All", NOW, NOW))
    backend.upsert_issues(REF, [Issue("T-1", summary="小"), Issue("T-2")])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "team.zip"
        bundle.write(backend, file)
        return file.read_bytes()


_BUNDLE = whole_bundle()


@examples(100)
@given(wounds)
def test_a_bundle_of_broken_bytes_is_read_or_refused(done: list[tuple[str, float, bytes]]) -> None:
    read_or_refused(wounded(_BUNDLE, done))


@examples(60)
@given(st.integers(0, 20), wounds)
def test_a_sound_zip_of_broken_records_is_read_or_refused(entry: int, done: list[tuple[str, float, bytes]]) -> None:
    """With the sums made to fit, as somebody would who wants it to be believed."""
    read_or_refused(_with_fitting_sums(entry, done))


def _with_fitting_sums(entry: int, done: list[tuple[str, float, bytes]]) -> bytes:
    import hashlib
    import json

    with zipfile.ZipFile(io.BytesIO(_BUNDLE)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(entries.pop("bundle.json"))
    name = sorted(entries)[entry % len(entries)]
    entries[name] = wounded(entries[name], done)
    manifest["sha256"] = {each: hashlib.sha256(content).hexdigest() for each, content in entries.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for each, content in {**entries, "bundle.json": json.dumps(manifest).encode()}.items():
            archive.writestr(each, content)
    return packed.getvalue()


def read_or_refused(data: bytes) -> None:
    backend = MemoryBackend()
    try:
        bundle.read(backend, data, bundle.Conflict.MERGE, NOW)
    except StoreError as exc:
        assert_says_something(exc)
        assert backend.counts().profiles == 0


# -- databases ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound") / "profiles"
    some_steps(folder)
    return folder / "burndown.db"


@examples(80)
@given(wounds, st.sampled_from(["serve", "write", "read"]), st.binary(max_size=200))
def test_a_broken_database_is_opened_or_refused_and_never_lost(
    quick_folder: Path, sound: Path, done: list[tuple[str, float, bytes]], mode: str, log: bytes
) -> None:
    folder = quick_folder / "profiles"
    folder.mkdir()
    broken = wounded(sound.read_bytes(), done)
    (folder / "burndown.db").write_bytes(broken)
    if log:
        (folder / "burndown.db-wal").write_bytes(log)
    try:
        opened = open_store(folder, mode=mode, clock=lambda: NOW)  # type: ignore[arg-type]
    except StoreError as exc:
        assert_says_something(exc)
        assert broken in [file.read_bytes() for file in folder.rglob("burndown.db")]
    else:
        look_around(opened)
    finally:
        shutil.rmtree(folder)


def look_around(opened: Opened) -> None:
    """What the opening could not notice is refused in words where it is met."""
    try:
        for profile in opened.backend.list_profiles():
            for query in opened.backend.list_queries(profile.id):
                opened.backend.load_facts(query.ref)
        opened.backend.counts()
    except StoreError as exc:
        assert_says_something(exc)
    finally:
        opened.backend.close()


# -- old installations ----------------------------------------------------------------------------------


@needs_tiny
@examples(60)
@given(st.integers(0, 20), wounds)
def test_an_old_folder_with_a_broken_file_gives_what_the_others_hold(
    quick_folder: Path, which: int, done: list[tuple[str, float, bytes]]
) -> None:
    """One file is broken at a time; nothing is refused because of it."""
    old = quick_folder / "old"
    shutil.copytree(TINY, old)
    files = sorted(old.rglob("*.json"))
    broken = files[which % len(files)]
    broken.write_bytes(wounded(broken.read_bytes(), done))
    backend = MemoryBackend()
    try:
        migrate_folder(backend, old, clock=lambda: NOW)
        assert backend.counts().profiles >= 1
    finally:
        shutil.rmtree(old)


def test_a_table_of_contents_that_is_no_text_is_called_damage(tmp_path: Path, sound: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    content = sound.read_bytes()
    (folder / "burndown.db").write_bytes(content.replace(b"CREATE TABLE weeks", b"CREATE T\x80BLE weeks"))
    with pytest.raises(Damaged):
        open_store(folder, mode="serve", clock=lambda: NOW)


def test_a_text_that_is_no_utf_8_is_called_damage(tmp_path: Path, sound: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "burndown.db").write_bytes(sound.read_bytes().replace(b"long long", b"long \x80ong"))
    opened = open_store(folder, mode="read", clock=lambda: NOW)
    with pytest.raises(Damaged):
        opened.backend.load_facts(REF)
    opened.backend.close()
