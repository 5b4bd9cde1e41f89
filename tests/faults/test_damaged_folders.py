"""A stopped folder whose files were flipped, cut or exchanged: the check tells the truth, every start offers the way
back, nothing that was acknowledged is lost, and nothing is ever "unexpected"."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.cli import main
from store.backend import PersistenceBackend
from store.errors import Damaged
from store.opening import open_store
from store.paths import DataFolder
from store.records import Change, Issue, Milestone, Profile, ProjectData, Query, QueryRef, Snapshot, Sprint, Week
from store.sqlite import backup, restore
from store.sqlite.backend import SQLiteBackend
from store.sqlite.reading import sidecars
from tests.running import ROOT

pytestmark = pytest.mark.slow
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")
COMMANDS = (["status"], ["check"], ["undo"], ["forecast", "--remaining", "20", "--trials", "50"])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a clean end leaves it: the database, and a backup of that moment."""
    folder = tmp_path_factory.mktemp("whole") / "profiles"
    backend = open_store(folder, mode="write", clock=lambda: NOW).backend
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    backend.save_query(Query("p", "q", "All", NOW, NOW, jql="project = A"))
    issues = [
        Issue(f"A-{n}", summary=f"Work number {n}", created=NOW - timedelta(days=n), points=n / 2, labels=("x", "y"))
        for n in range(300)
    ]
    changes = [Change(f"A-{n}", NOW + timedelta(hours=h), "status", "a", f"b{h}") for n in range(300) for h in (1, 2)]
    backend.upsert_issues(REF, issues, changes)
    backend.save_sprints(REF, [Sprint("One", start=NOW)])
    backend.replace_weeks(REF, [Week(date(2025, 6, 2) + timedelta(weeks=n), 4 + n % 3) for n in range(38)])
    backend.replace_milestones("p", [Milestone("Beta", date(2026, 5, 1))])
    backend.save_project_data(REF, ProjectData({"metadata": {"source": "x"}}, NOW))
    backend.save_snapshots(REF, [Snapshot("2026-W09", "scope", {"remaining": 5}, NOW)])
    backend.switch_query(REF, NOW)
    backup.at_exit(backend, folder, lambda: NOW)
    backend.close()
    return folder


@pytest.fixture(scope="module")
def content(whole: Path) -> object:
    with closing(open_store(whole, mode="read").backend) as backend:
        return everything(backend)


def everything(backend: PersistenceBackend) -> object:
    return backend.load_facts(REF), backend.list_snapshots(REF), backend.active_query(), backend.counts()


def fresh(whole: Path, tmp_path: Path, number: int) -> Path:
    folder = tmp_path / str(number) / "profiles"
    shutil.copytree(whole, folder)
    return folder


# -- what must hold ---------------------------------------------------------------------------------------


def judged(folder: Path, content: object, capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether the check found the folder in order; everything else that must hold is asserted."""
    in_order = backup.check(folder) == []
    for command in COMMANDS:
        said = commanded(folder, command, capsys)
        if command == ["check"]:
            assert ("ok" in said and said["ok"]) == in_order
    if not in_order:
        told = " ".join(backup.check(folder))
        assert "backups/" in told or "Move it out of the folder" in told
    opens_or_offers(folder, content, in_order)
    put_back(folder, content)
    return in_order


def commanded(folder: Path, command: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    code = main.main([*command, "--json"], DataFolder(folder, "argument", writable=True))
    said = capsys.readouterr()
    assert code in (0, 3), f"{command}: {said.err}"
    assert "unexpected" not in said.err + said.out
    return dict(json.loads(said.out))


def opens_or_offers(folder: Path, content: object, in_order: bool) -> None:
    """As the app starts: it opens and holds what was saved, or says that it is damaged."""
    copy = folder.parent / "started"
    shutil.copytree(folder, copy)
    problem, found = "", None
    try:
        opened = open_store(copy, mode="serve", clock=lambda: NOW)
        with closing(opened.backend) as backend:
            if backend.get_query(REF) is None:
                # Told at once, or by the look at the whole that follows every start.
                problem = " ".join([*opened.notices, *looked_at(backend, copy)])
            else:
                found = everything(backend)
    except Damaged as exc:
        problem = str(exc)
    shutil.rmtree(copy)
    assert found == content or not in_order
    assert found is not None or "backup" in problem
    assert not problem or "backup" in problem


def looked_at(backend: SQLiteBackend, folder: Path) -> list[str]:
    return [backup.advice(folder)] if backup.quick_check(backend) else []


def put_back(folder: Path, content: object) -> None:
    """The newest good backup brings everything back, and what lay there is kept."""
    good = restore.newest_good(folder)
    assert good is not None
    live = folder / "burndown.db"
    before = live.read_bytes() if live.exists() else None
    done = restore.restore(folder, good[0].file, lambda: NOW)
    assert backup.check(folder) == []
    with closing(open_store(folder, mode="read").backend) as backend:
        assert without_revisions(everything(backend)) == without_revisions(content)
    if before is not None:
        assert done.set_aside is not None
        assert (done.set_aside / "burndown.db").read_bytes() == before


def without_revisions(content: object) -> str:
    """They go on behind those of before."""
    return re.sub(r"revision=\d+", "", repr(content))


# -- flipped bits -----------------------------------------------------------------------------------------


def test_a_flipped_bit_is_told_or_does_no_harm(
    whole: Path, content: object, tmp_path: Path, soak: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(5)
    size = (whole / "burndown.db").stat().st_size
    told = 0
    for number in range(200 if soak else 25):
        folder = fresh(whole, tmp_path, number)
        # Every third in the first pages, where most breaks.
        place = rng.randrange(12_288 if number % 3 == 0 else size)
        with (folder / "burndown.db").open("rb+") as file:
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ 1 << rng.randrange(8)]))
        told += not judged(folder, content, capsys)
        shutil.rmtree(folder.parent)
    # The rest fell where nothing is stored.
    assert told >= (20 if soak else 2)


# -- exchanged and cut files ------------------------------------------------------------------------------


def cut(path: Path, rng: random.Random) -> None:
    os.truncate(path, rng.randrange(path.stat().st_size))


def emptied(path: Path, rng: random.Random) -> None:
    path.write_bytes(b"")


def zeroed(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    begin = rng.randrange(len(content))
    content[begin : begin + 4096] = bytes(min(4096, len(content) - begin))
    path.write_bytes(bytes(content))


def noise(path: Path, rng: random.Random) -> None:
    path.write_bytes(rng.randbytes(rng.randrange(1, 20_000)))


def text(path: Path, rng: random.Random) -> None:
    path.write_text("Your files are synchronised.", encoding="utf-8")


def gone(path: Path, rng: random.Random) -> None:
    path.unlink()


def another_database(path: Path, rng: random.Random) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.commit()


def halves_exchanged(path: Path, rng: random.Random) -> None:
    content = path.read_bytes()
    middle = len(content) // 8192 * 4096
    path.write_bytes(content[:4096] + content[middle:] + content[4096:middle])


def doubled(path: Path, rng: random.Random) -> None:
    path.write_bytes(path.read_bytes() * 2)


def stray_log(path: Path, rng: random.Random) -> None:
    path.with_name("burndown.db-wal").write_bytes(rng.randbytes(5000))


def stray_journal(path: Path, rng: random.Random) -> None:
    path.with_name("burndown.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + rng.randbytes(3000))


WAYS: tuple[Callable[[Path, random.Random], None], ...] = (
    cut, emptied, zeroed, noise, text, gone, another_database, halves_exchanged, doubled, stray_log, stray_journal,
)  # fmt: skip


def test_a_cut_or_exchanged_file_is_told_and_its_way_back_works(
    whole: Path, content: object, tmp_path: Path, soak: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(6)
    for number in range(100 if soak else 15):
        folder = fresh(whole, tmp_path, number)
        way = WAYS[number % len(WAYS)]
        way(folder / "burndown.db", rng)
        # A backup that is broken in the same way, and looks newer, must not be what is offered.
        if (folder / "burndown.db").exists():
            shutil.copy(folder / "burndown.db", folder / "backups/burndown-20300101T000000Z.db")
        if way is another_database:
            assert "not made by Burndown" in backup.check(folder)[0]
            continue
        in_order = judged(folder, content, capsys)
        assert not in_order or way in (zeroed, doubled, stray_log, stray_journal), way.__name__
        shutil.rmtree(folder.parent)


# -- killed while things are deleted and taken back ---------------------------------------------------------

_WORK = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from store.opening import open_store
from store.records import Issue, QueryRef
from store.sqlite import backup

folder, start = Path(sys.argv[1]), int(sys.argv[2])
now = lambda: datetime.now(UTC).replace(microsecond=0)
until = now() + timedelta(days=30)
backend = open_store(folder, mode="write").backend
ref = QueryRef("p", "q")
for number in range(start, start + 100_000):
    kept = backend.remember_import(ref, "import", now(), until)
    backend.upsert_issues(ref, [Issue(f"LOST-{number}")])
    backend.undo(kept, now(), until)
    backend.upsert_issues(ref, [Issue(f"K-{number}")])
    print(number, flush=True)
    backend.undo(backend.discard_query(ref, now(), until), now(), until)
    backend.undo(backend.discard_profile("p", now(), until), now(), until)
    if number % 5 == 0:
        backup.snapshot(backend, folder, reason="half-hour")
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_kill_between_deleting_and_taking_back_loses_nothing_acknowledged(
    whole: Path, tmp_path: Path, soak: bool
) -> None:
    rng = random.Random(7)
    folder = fresh(whole, tmp_path, 0)
    acknowledged: set[str] = set()
    for number in range(60 if soak else 8):
        child = subprocess.Popen(
            [sys.executable, "-c", _WORK, str(folder), str(number * 100_000)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert child.stdout is not None
        acknowledged.add(f"K-{child.stdout.readline().strip()}")
        time.sleep(rng.uniform(0, 0.4))
        child.send_signal(signal.SIGKILL)
        rest, _ = child.communicate()
        acknowledged |= {f"K-{line}" for line in rest.split("\n")[:-1] if line}
        with closing(open_store(folder, mode="write").backend) as backend:
            for waiting in [one for one in backend.list_undoable() if one.kind == "profile"]:
                backend.undo(waiting.id, NOW, NOW + timedelta(days=30))
            for waiting in [one for one in backend.list_undoable() if one.kind == "query"]:
                backend.undo(waiting.id, NOW, NOW + timedelta(days=30))
            keys = {issue.key for issue in backend.list_issues(REF)}
        assert acknowledged <= keys
        assert len([key for key in keys if key.startswith("LOST-")]) <= 1 + number
        assert backup.check(folder) == []
        assert sidecars(folder / "burndown.db") == []
