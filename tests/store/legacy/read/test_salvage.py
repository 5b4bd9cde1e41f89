"""One broken spot costs one record, in any file, with lines or without; and what was lost is listed with its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import pytest

from store.legacy.findings import FileNote
from store.legacy.migrate import migrate_folder
from store.legacy.read import jsonfile
from store.legacy.report import FileReport
from store.memory import MemoryBackend
from store.records import Counts
from tests.store.legacy.old_folder import write_folder
from tests.store.legacy.test_recovery import QUERY

CHANGELOG, SNAPSHOTS, WEEKS, CACHE = (
    "jira_changelog_cache.json", "metrics_snapshots.json", "project_data.json", "jira_cache.json",
)  # fmt: skip


@pytest.fixture
def old(tmp_path: Path) -> Path:
    write_folder(tmp_path, 30)
    return tmp_path


def _counts(root: Path) -> Counts:
    backend = MemoryBackend()
    migrate_folder(backend, root)
    return backend.counts()


def _report(root: Path, name: str) -> tuple[Counts, FileReport]:
    backend = MemoryBackend()
    report = migrate_folder(backend, root)
    return backend.counts(), next(file for file in report.files if file.path.endswith(name))


def _text(root: Path, name: str, compact: bool) -> str:
    text = (root / QUERY / name).read_text(encoding="utf-8")
    return json.dumps(json.loads(text), ensure_ascii=False) if compact else text


def _put(root: Path, name: str, text: str) -> None:
    (root / QUERY / name).write_text(text, encoding="utf-8")


def _replaced(text: str, pattern: str, new: str) -> str:
    result, count = re.subn(pattern, new, text, count=1, flags=re.DOTALL)
    assert count == 1, pattern
    return result


RECORD = r'"(MADE-8|2024-W12)"'
SPOTS = {
    "a bracket too many before a record": (rf"\}},(\s*){RECORD}", r"}},\1" + r'"\2"'),
    "a closing bracket lost": (rf"\}},(\s*){RECORD}", r",\1" + r'"\2"'),
    "a closing bracket and its comma lost": (rf"\}},(\s*){RECORD}", r"\1" + r'"\2"'),
    "a comma lost": (rf"\}},(\s*){RECORD}", r"}\1" + r'"\2"'),
    "the quote before a name lost": (rf"{RECORD}: ", r"\1" + '": '),
    "the quote behind a name lost": (rf"{RECORD}: ", r'"\1' + ": "),
    "a colon lost": (rf"{RECORD}: ", r'"\1" '),
    "an opening bracket lost": (rf"{RECORD}: \{{", r'"\1": '),
}


@pytest.mark.slow
@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("name", [CHANGELOG, SNAPSHOTS])
@pytest.mark.parametrize("spot", SPOTS)
def test_one_broken_character_costs_no_record_of_a_map(old: Path, spot: str, name: str, compact: bool) -> None:
    whole = _counts(old)
    _put(old, name, _replaced(_text(old, name, compact), *SPOTS[spot]))
    counts, file = _report(old, name)
    assert counts == whole
    assert file.findings
    assert all(re.search(r"line \d+|character \d+|MADE-|2024-W|the end", finding.where) for finding in file.findings)


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("new", ["}},{", "}],{", "}{", "},", "},{{"])
def test_one_broken_character_costs_one_issue_at_most(old: Path, new: str, compact: bool) -> None:
    (old / QUERY / CHANGELOG).unlink()
    text = _text(old, CACHE, compact)
    place = [match.span() for match in re.finditer(r'\},\s*\{(?=\s*"expand")', text)][6]
    _put(old, CACHE, text[: place[0]] + re.sub(r"\s", "", new) + text[place[1] :])
    counts, _ = _report(old, CACHE)
    assert 29 <= counts.issues <= 30


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("place", ["project_scope", "completed_items", '"metadata"', '"statistics"'])
def test_a_hole_in_the_weekly_numbers_costs_one_row_at_most(old: Path, place: str, compact: bool) -> None:
    whole = _counts(old)
    text = _text(old, WEEKS, compact)
    at = text.index(place)
    for hole in ("\x00" * 30, "@" * 10, "]}"):
        _put(old, WEEKS, text[:at] + hole + text[at + len(hole) :])
        counts, file = _report(old, WEEKS)
        assert whole.statistics - 1 <= counts.statistics <= whole.statistics, hole
        # Within a name a hole only makes another name.
        assert file.findings or not place.startswith('"')


def test_a_row_with_a_broken_number_keeps_its_others(old: Path) -> None:
    text = _text(old, WEEKS, compact=False)
    _put(old, WEEKS, _replaced(text, r'"completed_items": \d+', '"completed_items": @@'))
    backend = MemoryBackend()
    migrate_folder(backend, old)
    week = backend.load_facts(backend.active_query()).weeks[0]  # type: ignore[arg-type]
    assert (week.completed_items, week.completed_points, week.created_points) == (None, 0.0, 1.5)


@pytest.mark.slow
@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("name", [CHANGELOG, SNAPSHOTS, WEEKS, CACHE])
def test_any_small_damage_costs_little_and_what_it_costs_is_listed(old: Path, name: str, compact: bool) -> None:
    """The most a spot may cost is one record: an issue's history, a week's metrics, a row, an issue."""
    if name == CACHE:
        (old / QUERY / CHANGELOG).unlink()
    whole = _counts(old)
    most = Counts(0, 0, 2, 6, 2, 2, 4)
    text, rng = _text(old, name, compact), Random(name)
    for _ in range(25):
        at, length = rng.randrange(len(text)), rng.choice((1, 2, 8, 40))
        new = "".join(rng.choice('{}[]",:@x\x00') for _ in range(length))
        _put(old, name, text[:at] + new + text[at + rng.choice((0, length)) :])
        counts, file = _report(old, name)
        for field in ("issues", "issue_changes", "statistics", "snapshot_records"):
            lost = getattr(whole, field) - getattr(counts, field)
            assert lost <= getattr(most, field), (field, at, new)
            assert lost <= 0 or file.findings or file.skipped, (field, at, new)


def test_the_parent_of_a_broken_issue_is_not_taken_for_an_issue_of_the_list(tmp_path: Path) -> None:
    parent = {"id": "1", "key": "A-1", "fields": {"summary": "The parent"}}
    texts = [{"expand": "", "id": str(n), "key": f"A-{n}", "fields": {"parent": parent, "x": n}} for n in range(2, 5)]
    text = json.dumps({"issues": texts, "total_issues": 3}).replace('"key": "A-3"', '"key: "A-3"')
    path = tmp_path / "f.json"
    path.write_text(text)
    items = list(jsonfile.walk(path, frozenset({"issues"}), FileNote("", "")))
    keys = [item.value.get("key") for item in items if item.group and not item.damaged]
    assert keys == ["A-2", "A-4"]
    assert items[-1].name == "total_issues"


def test_trailing_rubbish_behind_a_whole_file_is_ignored_and_listed(old: Path) -> None:
    whole = _counts(old)
    for name in (CHANGELOG, SNAPSHOTS, WEEKS, CACHE):
        _put(old, name, _text(old, name, compact=False) + '}\n{"x": 1}rubbish')
    counts, file = _report(old, CHANGELOG)
    assert counts == whole
    assert file.findings


# -- rows of a CSV --------------------------------------------------------------------------------------

HEAD = "date,completed_items,completed_points\n"


def _csv(root: Path, rows: str) -> tuple[MemoryBackend, FileReport]:
    (root / "forecast_statistics.csv").write_text(HEAD + rows, encoding="utf-8")
    backend = MemoryBackend()
    report = migrate_folder(backend, root)
    return backend, next(file for file in report.files if file.path.endswith(".csv"))


def test_a_quote_that_does_not_close_costs_its_row_at_most(tmp_path: Path) -> None:
    backend, file = _csv(tmp_path, '"2025-03-03,5,10\n' + "".join(f"2025-{n:02d}-01,5,10\n" for n in range(4, 13)))
    assert (backend.counts().statistics, file.kept, file.skipped) == (10, 10, 0)
    assert [(finding.where, finding.problem) for finding in file.findings] == [
        ("line 2", "a quote that does not close")
    ]


def test_a_row_that_makes_no_sense_without_its_quote_is_skipped_and_listed(tmp_path: Path) -> None:
    backend, file = _csv(tmp_path, '2025-03-03,"5,10,7\n2025-03-10,5,10\n')
    assert (backend.counts().statistics, file.skipped) == (1, 1)


def test_a_quoted_text_may_go_over_several_lines(tmp_path: Path) -> None:
    backend, file = _csv(tmp_path, '2025-03-03,5,10,"sick\nleave"\n2025-03-10,5,10\n')
    assert backend.counts().statistics == 2
    assert not file.findings
