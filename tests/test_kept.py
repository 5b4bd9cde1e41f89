"""Numbers that are kept from one start to the next are those that would be derived, whatever lies in the folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.context import Context
from app.domain.analysis import Analysis
from app.domain.forecast import HORIZON_WEEKS, _is_futures
from app.domain.known import Rows
from app.factory import _derive_answer
from app.kept import MOST, NAME, KeptNumbers, program
from app.settings import Overrides
from app.web.awaited import derive_beside
from store.memory import MemoryBackend
from store.records import Category, Issue
from store.upkeep import NoUpkeep, Upkeep
from tests.pages.sample import NOW, REF, ImmediateJobs, sample_context


class Work:
    """Something that takes long: counts how often it was done."""

    def __init__(self, rows: Rows = ((0.1, 2.0), (3,))) -> None:
        self.rows, self.done = rows, 0

    def __call__(self) -> Rows:
        self.done += 1
        return self.rows


def fits(rows: Rows) -> bool:
    return True


def saved(folder: Path, inputs: object = (1, "a")) -> Work:
    kept, work = KeptNumbers(folder), Work()
    assert kept.rows("work", inputs, work, fits) == work.rows
    kept.save()
    return work


def derived_again(folder: Path, inputs: object = (1, "a"), name: str = "work") -> bool:
    work = Work()
    assert KeptNumbers(folder).rows(name, inputs, work, fits) == work.rows
    return work.done == 1


def test_the_next_start_finds_them_to_the_last_digit(tmp_path: Path) -> None:
    saved(tmp_path)
    assert not derived_again(tmp_path)


def test_other_inputs_or_another_name_are_derived(tmp_path: Path) -> None:
    saved(tmp_path)
    assert derived_again(tmp_path, (1, "b"))
    assert derived_again(tmp_path, (1.0, "a"))
    assert derived_again(tmp_path, name="other work")


def test_what_cannot_be_what_was_asked_for_is_derived_and_takes_its_place(tmp_path: Path) -> None:
    saved(tmp_path)
    kept, work = KeptNumbers(tmp_path), Work(((7.0,),))
    assert kept.rows("work", (1, "a"), work, lambda rows: rows == work.rows) == ((7.0,),)
    assert kept.rows("work", (1, "a"), work, fits) == ((7.0,),)
    assert work.done == 1


def signed(rows: object, of: str = "") -> bytes:
    text = json.dumps(rows)
    return json.dumps({"of": of or program(), "sum": hashlib.sha256(text.encode()).hexdigest(), "rows": text}).encode()


KEY = hashlib.sha256(b"work (1, 'a')").hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00",
        b"[]",
        b"[" * 100_000,
        b'{"of": 1}',
        signed({KEY: [[5]]}, of="another program"),
        signed({KEY: [[5]]}).replace(b"5", b"6"),
        signed({KEY: "<script>"}),
        signed({KEY: [["<script>"]]}),
        signed({KEY: [[True]]}),
        signed({KEY: [[float("nan")]]}),
        signed({KEY: [[float("inf")]]}),
        signed({KEY: [[10**400]]}),
        signed([[5]]),
        signed({KEY: [[5]]}) + b" " * (1 << 20),
    ],
    ids=range(15),
)
def test_a_file_that_is_none_of_ours_is_as_if_it_were_not_there(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert derived_again(tmp_path)


def test_the_same_file_whole_is_read(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(signed({KEY: [[0.1, 2.0], [3]]}))
    assert not derived_again(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_in_its_place_is_neither_read_nor_written_through(tmp_path: Path) -> None:
    saved(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / NAME).rename(elsewhere)
    before = elsewhere.read_bytes()
    (tmp_path / NAME).symlink_to(elsewhere)
    assert derived_again(tmp_path)
    saved(tmp_path, "other")
    assert elsewhere.read_bytes() == before


def test_only_the_last_used_are_kept(tmp_path: Path) -> None:
    kept = KeptNumbers(tmp_path)
    for number in range(MOST + 5):
        kept.rows("work", number, Work(), fits)
        kept.rows("work", "often", Work(), fits)
    kept.save()
    assert not derived_again(tmp_path, "often")
    assert not derived_again(tmp_path, MOST + 4)
    assert derived_again(tmp_path, 0)
    assert (tmp_path / NAME).stat().st_size < 10_000


def test_nothing_is_written_where_nothing_is_new_or_nothing_can_be(tmp_path: Path) -> None:
    KeptNumbers(tmp_path).save()
    assert not (tmp_path / NAME).exists()
    saved(tmp_path)
    kept = KeptNumbers(tmp_path)
    kept.rows("work", (1, "a"), Work(), fits)
    (tmp_path / NAME).unlink()
    kept.save()
    assert not (tmp_path / NAME).exists()
    saved(tmp_path / "gone")  # no error


# -- the answer -----------------------------------------------------------------------------------------


def analysis_of(ctx: Context) -> Analysis:
    """With so few futures that it shows whether they were drawn, and no more."""
    return ctx.analysis(REF, Overrides(trials=400))


def numbers(analysis: Analysis) -> object:
    _derive_answer(analysis)
    derive_beside(analysis)
    return (analysis.forecast, analysis.by_day, analysis.last_week, analysis.growing, analysis.chance, analysis.ways,
            analysis.insights)  # fmt: skip


class Start:
    """A start of the app on the sample, which may have been changed since the last one."""

    def __init__(self, folder: Path, change: Callable[[MemoryBackend], None] = lambda backend: None, days: int = 0):
        backend = sample_context(deadline="2026-05-01").backend
        assert isinstance(backend, MemoryBackend)
        change(backend)
        self.ctx = Context(backend, ImmediateJobs(), folder, lambda: NOW + timedelta(days=days))
        self.derived: list[str] = []
        keep = self.ctx.kept.rows

        def watched(name: str, inputs: object, derive: Callable[[], Rows], fits: Callable[[Rows], bool]) -> Rows:
            return keep(name, inputs, lambda: self.derived.append(name) or derive(), fits)  # type: ignore[func-returns-value]

        self.analysis = analysis_of(self.ctx)
        self.analysis.built.keep = watched
        self.numbers = numbers(self.analysis)


def finish_two(backend: MemoryBackend) -> None:
    """As an import or a sync, or another window, does."""
    done = [
        replace(issue, status="Done", category=Category.DONE, resolved=NOW)
        for issue in backend.load_facts(REF).issues
        if issue.category is not Category.DONE
    ][:2]
    backend.upsert_issues(REF, done)


def add_ten(backend: MemoryBackend) -> None:
    created = NOW - timedelta(days=1)
    backend.upsert_issues(
        REF, [Issue(f"N-{at}", f"New {at}", "Story", "To Do", Category.TODO, created, created) for at in range(10)]
    )


def other_settings(**values: object) -> Callable[[MemoryBackend], None]:
    def change(backend: MemoryBackend) -> None:
        profile = backend.get_profile("p")
        assert profile is not None
        backend.save_profile(replace(profile, forecast_settings={**profile.forecast_settings, **values}))

    return change


def take_three_away(backend: MemoryBackend) -> None:
    """As the state of a backup that was put back."""
    gone = [replace(issue, in_query=False, left_query=NOW) for issue in backend.load_facts(REF).issues[-3:]]
    backend.upsert_issues(REF, gone)


CHANGES: dict[str, tuple[Callable[[MemoryBackend], None], int]] = {
    "an import": (add_ten, 0),
    "a sync": (finish_two, 0),
    "a backup": (take_three_away, 0),
    "the deadline": (other_settings(deadline="2026-06-12"), 0),
    "the window": (other_settings(window=6), 0),
    "the method": (other_settings(method="plain"), 0),
    "the unit": (other_settings(unit="points"), 0),
    "working days": (other_settings(working_days=[0, 1]), 0),
    "midnight": (lambda backend: None, 1),
    "a week": (lambda backend: None, 7),
    "a clock set back": (lambda backend: None, -7),
}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, object]:
    """What a start kept, and its numbers: the same before every change."""
    folder = tmp_path_factory.mktemp("before")
    start = Start(folder)
    start.ctx.kept.save()
    return folder / NAME, start.numbers


@pytest.mark.parametrize(("change", "days"), CHANGES.values(), ids=CHANGES)
def test_after_a_change_the_numbers_are_those_of_a_start_that_kept_nothing(
    tmp_path: Path, before: tuple[Path, object], change: Callable[[MemoryBackend], None], days: int
) -> None:
    kept, numbers_before = before
    shutil.copy(kept, tmp_path)
    (tmp_path / "empty").mkdir()
    after, fresh = Start(tmp_path, change, days), Start(tmp_path / "empty", change, days)
    assert after.numbers == fresh.numbers
    assert after.numbers != numbers_before


def test_without_a_change_nothing_is_derived_again_and_the_numbers_are_the_same(tmp_path: Path) -> None:
    first = Start(tmp_path)
    assert first.derived
    first.ctx.kept.save()
    again = Start(tmp_path)
    assert again.derived == []
    assert again.numbers == first.numbers


def test_a_change_of_settings_that_touches_no_future_draws_none(tmp_path: Path) -> None:
    ctx = Start(tmp_path).ctx
    ctx.change_profile(REF, lambda profile: replace(profile, forecast_settings={**profile.forecast_settings,
                                                                                "deadline": "2026-06-12"}))  # fmt: skip
    before = dict(ctx.kept._known())
    numbers(analysis_of(ctx))
    assert set(ctx.kept._known()) == set(before)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ((0.0,) * (HORIZON_WEEKS + 1),),
        ((0.0,) * HORIZON_WEEKS, (1.0,), (1.0,), (1.0,)),
        ((2.0,) * (HORIZON_WEEKS + 1), (1.0,), (1.0,), (1.0,)),
        ((-1.0,) * (HORIZON_WEEKS + 1), (1.0,), (1.0,), (1.0,)),
        ((*(0.5,) * HORIZON_WEEKS, 0.4), (1.0,), (1.0,), (1.0,)),
        ((0.0,) * (HORIZON_WEEKS + 1), (), (), ()),
        ((0.0,) * (HORIZON_WEEKS + 1), (1.0,), (1.0, 2.0), (1.0,)),
        ((0.0,) * (HORIZON_WEEKS + 1), (1.0,), (-1.0,), (1.0,)),
    ],
    ids=range(9),
)
def test_rows_that_are_no_futures_are_not_taken_for_some(rows: Rows) -> None:
    assert not _is_futures(HORIZON_WEEKS, rows)
    assert _is_futures(HORIZON_WEEKS, ((0.5,) * (HORIZON_WEEKS + 1), (1.0,), (1.0,), (1.0,)))


def test_days_that_are_none_of_the_week_are_derived(tmp_path: Path) -> None:
    """A folder that somebody edited, with sums that are right."""
    first = Start(tmp_path)
    first.ctx.kept.save()
    document = json.loads((tmp_path / NAME).read_bytes())
    rows = json.loads(document["rows"])
    edited = {key: [[99.5] * len(value[0])] if len(value) == 1 else [[-1.0]] for key, value in rows.items()}
    (tmp_path / NAME).write_bytes(signed(edited))
    assert Start(tmp_path).numbers == first.numbers


def test_what_the_first_page_needs_is_kept_once_it_is_derived_and_not_in_a_folder_that_is_only_read(
    tmp_path: Path,
) -> None:
    class ReadOnly(MemoryBackend):
        def upkeep(self, profiles_dir: Path, clock: Callable[[], datetime] = lambda: NOW) -> Upkeep:
            return ReadOnlyUpkeep()

    class ReadOnlyUpkeep(NoUpkeep):
        read_only = True

    for backend, is_kept in ((ReadOnly(), False), (MemoryBackend(), True)):
        ctx = Context(backend, ImmediateJobs(), tmp_path, lambda: NOW)
        ctx.kept.rows("work", 1, Work(), fits)
        ctx.keep_numbers()
        assert (tmp_path / NAME).exists() is is_kept
