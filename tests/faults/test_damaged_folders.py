"""A stopped folder whose files were flipped, cut or exchanged: the check tells the truth, every start offers the way
back, nothing that was acknowledged is lost, and nothing is ever "unexpected"."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.cli import main
from store.backend import PersistenceBackend
from store.errors import Damaged
from store.opening import open_store
from store.paths import DataFolder
from store.sqlite import backup, restore
from store.sqlite.backend import SQLiteBackend
from store.sqlite.reading import sidecars
from tests.faults.damaging import (
    NOW,
    REF,
    WAYS,
    another_database,
    doubled,
    flipped,
    stray_journal,
    stray_log,
    whole_folder,
    zeroed,
)
from tests.running import ROOT

pytestmark = pytest.mark.slow
COMMANDS = (["status"], ["check"], ["undo"], ["forecast", "--remaining", "20", "--trials", "50"])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_folder(tmp_path_factory.mktemp("whole") / "profiles")


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
        document = commanded(folder, command, capsys)
        if command == ["check"]:
            assert ("ok" in document and document["ok"]) == in_order
    if not in_order:
        problems = " ".join(backup.check(folder))
        assert "backups/" in problems or "Move it out of the folder" in problems
    opens_or_offers(folder, content, in_order)
    put_back(folder, content)
    return in_order


def commanded(folder: Path, command: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    code = main.main([*command, "--json"], DataFolder(folder, "argument", writable=True))
    printed = capsys.readouterr()
    assert code in (0, 3), f"{command}: {printed.err}"
    assert "unexpected" not in printed.err + printed.out
    return dict(json.loads(printed.out))


def opens_or_offers(folder: Path, content: object, in_order: bool) -> None:
    """As the app starts: it opens and holds what was saved, or says that it is damaged."""
    copy = folder.parent / "started"
    shutil.copytree(folder, copy)
    problem, saved = "", None
    try:
        opened = open_store(copy, mode="serve", clock=lambda: NOW)
        with closing(opened.backend) as backend:
            if backend.get_query(REF) is None:
                # Told at once, or by the look at the whole that follows every start.
                problem = " ".join([*opened.notices, *looked_at(backend, copy)])
            else:
                saved = everything(backend)
    except Damaged as exc:
        problem = str(exc)
    shutil.rmtree(copy)
    assert saved == content or not in_order
    assert saved is not None or "backup" in problem
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
    noticed = 0
    for number in range(200 if soak else 25):
        folder = fresh(whole, tmp_path, number)
        # Every third in the first pages, where most breaks.
        flipped(folder / "burndown.db", rng, 12_288 if number % 3 == 0 else None)
        noticed += not judged(folder, content, capsys)
        shutil.rmtree(folder.parent)
    # The rest fell where nothing is stored.
    assert noticed >= (20 if soak else 2)


# -- exchanged and cut files ------------------------------------------------------------------------------


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
            for waiting in [step for step in backend.list_undoable() if step.kind == "profile"]:
                backend.undo(waiting.id, NOW, NOW + timedelta(days=30))
            for waiting in [step for step in backend.list_undoable() if step.kind == "query"]:
                backend.undo(waiting.id, NOW, NOW + timedelta(days=30))
            keys = {issue.key for issue in backend.list_issues(REF)}
        assert acknowledged <= keys
        assert len([key for key in keys if key.startswith("LOST-")]) <= 1 + number
        assert backup.check(folder) == []
        assert sidecars(folder / "burndown.db") == []
