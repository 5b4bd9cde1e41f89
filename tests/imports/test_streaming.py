"""Large files part by part: the same records as read whole, and a cancelled or refused one changes nothing."""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.actions.files import import_bytes, import_file, understand
from app.context import Context
from app.errors import BadInput, Cancelled, UnreadableFile
from app.imports import source
from app.imports.columns import mapping_of
from app.imports.pipeline import records
from app.imports.reading import read_file
from app.imports.request import Request
from app.imports.results import Imported
from app.imports.source import is_large
from app.imports.streaming import parts_of
from app.jobs import Jobs, NoProgress
from store.records import Issue, QueryRef
from tests.examples import examples
from tests.imports import exports
from tests.imports.fuzzing import SAMPLES
from tests.memory_backend import MemoryBackend

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
REQUEST = Request(mapping_of(None), ZoneInfo("UTC"), NOW)
ROWS = (
    "key,summary,status,created,finished\n"
    'A-1,"one, with a comma",Done,03/04/2025,05/04/2025\n'
    "A-2,two,Open,04/04/2025,\n"
    "\n"
    "A-3,three,Open,soon,\n"
    "A-4,four,Done,06/04/2025,25/04/2025\n"
    "A-1,one again,Open,03/04/2025,\n"
    "A-5,five,Open,06/04/2025,,too,many\n"
    ",six,Open,06/04/2025,\n"
    ",six,Open,06/04/2025,\n"
)

# Each team fills columns of its own.
ROWS_OF_TWO_TEAMS = (
    "key,summary,status,created,opened,finished,closed\n"
    "A-1,one,Done,13/04/2025,,15/04/2025,\n"
    "A-2,two,Done,14/04/2025,,16/04/2025,\n"
    "A-3,three,Open,15/04/2025,,,\n"
    "B-1,one,Done,,13/04/2025,,17/04/2025\n"
    "B-2,two,Done,,14/04/2025,,18/04/2025\n"
    "B-3,three,Open,,15/04/2025,,\n"
)


def joined(parts: Iterator[Imported] | None) -> Imported:
    assert parts is not None
    all_parts = list(parts)
    issues = [issue for part in all_parts for issue in part.issues]
    last = {issue.key: place for place, issue in enumerate(issues)}
    assert len(issues) - len(last) == sum(part.superseded for part in all_parts)
    return replace(
        all_parts[0],
        rows=sum(part.rows for part in all_parts),
        # What stands again further down is saved again, and reported as left out.
        issues=tuple(issue for place, issue in enumerate(issues) if last[issue.key] == place),
        rejected=tuple(row for part in all_parts for row in part.rejected),
    )


def in_parts(text: str | source.Source, chunk: int, **mapping: Any) -> Imported:
    data = text.encode() if isinstance(text, str) else text
    request = replace(REQUEST, mapping=mapping_of(mapping or None))
    return joined(parts_of(data, request, NoProgress(), chunk))


def at_once(text: str | bytes, **mapping: Any) -> Imported:
    data = text.encode() if isinstance(text, str) else text
    return read_file(data, mapping_of(mapping or None), ZoneInfo("UTC"), NOW)


def places(imported: Imported) -> list[tuple[int, str, str]]:
    return sorted((row.row, row.column, row.value) for row in imported.rejected)


@pytest.mark.parametrize("chunk", [2, 3, 4, 100])
@pytest.mark.parametrize(
    "text",
    [
        ROWS,
        ROWS.rstrip("\n"),
        ROWS.replace("\n", "\r\n"),
        "sep=;\n" + ROWS.replace(",", ";"),
        ROWS + 'A-9,"never closed,Open,06/04/2025,\nA-10,ten,Open,06/04/2025,\n',
        exports.AZURE_CSV,
        exports.GITLAB_CSV,
        exports.TRELLO_CSV,
        exports.LINEAR_CSV,
        ROWS_OF_TWO_TEAMS,
    ],
)
def test_a_file_in_parts_reads_as_the_file_at_once(text: str, chunk: int) -> None:
    parts, whole = in_parts(text, chunk), at_once(text)
    assert (parts.recognised_as, parts.rows, places(parts)) == (whole.recognised_as, whole.rows, places(whole))
    assert parts.issues == whole.issues


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_are_found_for_files_in_parts_too(encoding: str) -> None:
    text = "key,summary,created\n" + "".join(f"A-{n},Größe é {n},2025-04-03\n" for n in range(40))
    assert in_parts(text.encode(encoding), 7).issues == at_once(text).issues


def test_a_packed_file_in_parts_reads_as_the_file_at_once() -> None:
    assert in_parts(gzip.compress(ROWS.encode()), 3).issues == at_once(ROWS).issues


def test_json_lines_in_parts_read_as_at_once() -> None:
    lines = "\n".join(json.dumps(issue) for issue in exports.JIRA_JSON["issues"]) + "\n"
    parts = parts_of(lines.encode(), REQUEST, NoProgress(), 1)
    assert parts is not None
    all_parts = list(parts)
    whole = at_once(lines)
    assert tuple(issue for part in all_parts for issue in part.issues) == whole.issues
    assert tuple(change for part in all_parts for change in part.changes) == whole.changes


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
@pytest.mark.parametrize("form", ["lines", "array"])
def test_keys_that_repeat_in_parts_of_json_are_counted_as_at_once(form: str, chunk: int) -> None:
    keys = ["A-1", "A-2", "A-1", "", "", "A-1", "A-3", ""]
    entries = [{"key": key, "title": f"Of {key}", "status": "Open", "created": "2026-01-01"} for key in keys]
    lines = "\n".join(map(json.dumps, entries)) + "\n"
    text = lines if form == "lines" else json.dumps(entries)
    parts, whole = in_parts(text, chunk), at_once(text)
    assert parts.issues == whole.issues
    assert (parts.rows, [row for row, _, _ in places(parts)]) == (8, [1, 3])
    assert len(parts.issues) + len(parts.rejected) == parts.rows


@pytest.mark.usefixtures("all_large")
def test_an_issue_that_stands_in_many_parts_is_kept_once() -> None:
    entry = json.dumps({"key": "A-1", "title": "One", "status": "Open", "created": "2026-01-01"})
    text = "[" + ",".join([entry] * 25_000) + "]"
    backend = MemoryBackend()
    result = import_bytes(backend, text.encode(), "again.json", now=NOW, zone_name=lambda: "UTC")
    assert (result.kept, result.rows, result.new, result.left_out) == (1, 25_000, 1, 24_999)


def test_a_damaged_line_of_json_is_named() -> None:
    parts = parts_of(b'{"key": "A", "created": "2026-01-01"}\n{"key":\n', REQUEST, NoProgress(), 1)
    assert parts is not None
    with pytest.raises(UnreadableFile, match="Line 2 looks like JSON but is damaged"):
        list(parts)


def test_what_only_the_whole_column_decides_is_asked_of_the_whole_column() -> None:
    # Only the last row says that the day comes first.
    text = "key,created\n" + "".join(f"A-{n},03/04/2025\n" for n in range(9)) + "A-9,25/04/2025\n"
    assert {issue.created for issue in in_parts(text, 2).issues[:9]} == {datetime(2025, 4, 3, tzinfo=UTC)}
    with pytest.raises(BadInput, match="can be day/month or month/day"):
        in_parts("key,created\n" + "".join(f"A-{n},03/04/2025\n" for n in range(9)), 2)


def test_weeks_and_documents_that_are_no_list_are_read_at_once() -> None:
    assert parts_of(b"date,completed_items\n2026-01-05,3\n", REQUEST, NoProgress()) is None
    assert parts_of(json.dumps(exports.TRELLO_JSON).encode(), REQUEST, NoProgress()) is None


def test_a_large_file_that_makes_no_sense_is_refused_by_its_beginning() -> None:
    with pytest.raises(UnreadableFile, match="cannot be understood"):
        parts_of(b"shopping,list\nmilk,2\n", REQUEST, NoProgress())


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["A", "B", "C", ""]), st.text("x,\"\n é'", max_size=5)), min_size=1, max_size=12
    ),
    st.integers(1, 5),
)
def test_any_rows_read_the_same_in_parts(rows: list[tuple[str, str]], chunk: int) -> None:
    cells = (f'{key},"{text.replace(chr(34), chr(34) * 2)}",2026-01-05\n' for key, text in rows)
    data = "key,summary,created\n" + "".join(cells)
    parts, whole = in_parts(data, chunk + 1), at_once(data)
    assert (parts.issues, parts.rows, places(parts)) == (whole.issues, whole.rows, places(whole))


# -- into the store -------------------------------------------------------------------------------------


@pytest.fixture
def all_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_LARGE", 0)
    monkeypatch.setattr(source, "_LARGE_JSON", 0)


class _CancelsWhileSaving:
    """Progress of a user who stops a large import when part of it has been saved."""

    def step(self, done: int, total: int, text: str = "") -> None:
        if text == "Reading and saving":
            raise Cancelled("Stopped.")


def many(count: int) -> bytes:
    return ("key,status,created\n" + "".join(f"A-{n},Open,2026-01-05\n" for n in range(count))).encode()


@pytest.mark.usefixtures("all_large")
def test_a_large_file_is_imported_from_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    path.write_bytes(ROWS.encode())
    backend = MemoryBackend()
    result = import_bytes(backend, path, path.name, now=NOW, zone_name=lambda: "UTC")
    assert (result.rows, result.kept, len(result.rejected)) == (8, 5, 3)
    assert [issue.key for issue in backend.list_issues(result.ref)][:3] == ["A-2", "A-4", "A-1"]


@pytest.mark.usefixtures("all_large")
def test_a_large_import_that_is_cancelled_leaves_what_was_there() -> None:
    backend = MemoryBackend()
    ref = import_bytes(backend, many(3), "t.csv", now=NOW, zone_name=lambda: "UTC").ref
    before = backend.list_issues(ref)
    with pytest.raises(Cancelled):
        import_bytes(backend, many(30_000), "t.csv", now=NOW, progress=_CancelsWhileSaving())
    assert backend.list_issues(ref) == before


@pytest.mark.slow
@pytest.mark.usefixtures("all_large")
def test_a_large_file_into_a_small_list_is_compared_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked up as a whole for each part, 250,000 items would take minutes and 350 MB."""
    backend = MemoryBackend()
    ref = import_bytes(backend, many(3), "t.csv", now=NOW, zone_name=lambda: "UTC").ref
    looked_up, list_issues = [], backend.list_issues

    def counted(of: QueryRef, keys: Collection[str] | None = None) -> list[Issue]:
        issues = list_issues(of, keys)
        looked_up.append(len(issues))
        return issues

    monkeypatch.setattr(backend, "list_issues", counted)
    again = import_bytes(backend, many(60_000), "t.csv", now=NOW, zone_name=lambda: "UTC")
    assert again.ref == ref
    assert len(looked_up) >= 4
    assert sum(looked_up) < 20_000


@pytest.mark.usefixtures("all_large")
def test_a_large_file_without_any_usable_row_changes_nothing() -> None:
    backend = MemoryBackend()
    with pytest.raises(BadInput, match="None of the 2 rows could be used"):
        import_bytes(backend, b"id,created\n1,soon\n2,later\n", "t.csv", now=NOW, zone_name=lambda: "UTC")
    assert backend.list_profiles() == []


@pytest.mark.usefixtures("all_large")
def test_more_items_than_a_work_list_can_carry_are_refused_with_what_to_do() -> None:
    assert sum(len(part.issues) for part in records(many(20_000), REQUEST, NoProgress(), most=20_000)) == 20_000
    with pytest.raises(BadInput, match=r"more than 20,000 items.*Export one team"):
        list(records(many(20_001), REQUEST, NoProgress(), most=20_000))


@pytest.mark.parametrize("is_large", [False, True], ids=["at once", "part by part"])
def test_more_statuses_than_any_tracker_has_are_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, is_large: bool
) -> None:
    """Each of them is judged by dozens of patterns: 170,000 took 25 seconds."""
    if is_large:
        request.getfixturevalue("all_large")
    monkeypatch.setattr("app.imports.statuses.MOST_STATUSES", 15_000)
    rows = [f"A-{n},Waits for {n},2026-01-05\n" for n in range(15_001)]
    few, many_statuses = (("key,status,created\n" + "".join(each)).encode() for each in (rows[:-1], rows))
    assert sum(len(part.issues) for part in records(few, REQUEST, NoProgress())) == 15_000
    with pytest.raises(BadInput, match=r"more than 15,000 different statuses.*which column holds the status"):
        list(records(many_statuses, REQUEST, NoProgress()))


@pytest.mark.parametrize("is_large", [False, True], ids=["at once", "part by part"])
def test_a_status_as_long_as_a_book_is_refused_with_what_to_do(request: pytest.FixtureRequest, is_large: bool) -> None:
    """Dozens of patterns went through all of it: 20 million characters took 43 seconds."""
    if is_large:
        request.getfixturevalue("all_large")
    long, too_long = (
        f"key,status,created\nA-1,{status},2026-01-05\nA-2,Done,2026-01-05\n".encode()
        for status in ("w" * 900_000, "w" * 1_000_001)
    )
    assert sum(len(part.issues) for part in records(long, REQUEST, NoProgress())) == 2
    with pytest.raises(BadInput, match=r"longer than 1,000,000 characters.*which column holds the status"):
        list(records(too_long, REQUEST, NoProgress()))


def test_files_of_the_usual_size_are_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "small.csv"
    path.write_bytes(ROWS.encode())
    assert not is_large(path)
    assert not is_large(gzip.compress(ROWS.encode()))


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda data: data[: len(data) // 2], "its end is missing"),
        (lambda data: data[:-4], "its end is missing"),
        (lambda data: data[:2000] + bytes(100) + data[2100:], "damaged"),
        (lambda data: data[:-8] + b"12345678", "damaged"),
        (lambda data: data[:2] + b"\x09" + data[3:], "damaged"),
        (lambda data: data + b"more", "damaged"),
    ],
)
@pytest.mark.parametrize("on_disk", [True, False])
def test_a_damaged_packed_file_is_refused_in_words_in_parts_too(
    tmp_path: Path, spoil: Callable[[bytes], bytes], problem: str, on_disk: bool
) -> None:
    rows = "".join(f"{number},{number * 7919 % 10007}\n" for number in range(20_000))
    data = spoil(gzip.compress(f"{ROWS}{rows}".encode()))
    (tmp_path / "export.csv.gz").write_bytes(data)
    with pytest.raises(UnreadableFile, match=problem):
        in_parts(tmp_path / "export.csv.gz" if on_disk else data, 1000)


@pytest.mark.slow
def test_a_packed_file_that_swells_is_refused_before_it_is_read_to_its_end() -> None:
    bomb = gzip.compress(ROWS.encode() + b"\n" * 100_000_000)
    began = time.process_time()
    with pytest.raises(UnreadableFile, match="too large when unpacked"):
        in_parts(bomb, 1000)
    assert time.process_time() - began < 5


@pytest.mark.usefixtures("all_large")
def test_what_was_understood_of_a_large_file_goes_on_with_its_next_part() -> None:
    parts = understand(many(30_000), "t.csv", now=NOW)
    assert [issue.key for part in parts for issue in part.issues] == [f"A-{number}" for number in range(30_000)]


@pytest.mark.slow
@pytest.mark.usefixtures("all_large")
def test_a_large_import_is_recorded_as_it_is_read_back(tmp_path: Path) -> None:
    ctx = Context(MemoryBackend(), Jobs(MemoryBackend()), tmp_path, lambda: NOW)
    result = import_file(ctx, many(12_000), "t.csv")
    snapshots = ctx.backend.list_snapshots(result.ref)
    ctx.forget_analyses()
    assert ctx.analysis(result.ref).facts.issues == tuple(ctx.backend.list_issues(result.ref))
    assert {snapshot.metric: snapshot.values for snapshot in snapshots} == {
        each.metric: each.values for each in ctx.analysis(result.ref).snapshot()
    }
    assert next(outcome for outcome in snapshots if outcome.metric == "scope").values["total"] == 12_000


# -- JSON in one piece ------------------------------------------------------------------------------------


DOCUMENTS = [path for path in SAMPLES if path.suffix == ".json"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.name for path in DOCUMENTS])
def test_a_document_read_entry_by_entry_gives_what_it_gives_as_a_whole(path: Path) -> None:
    parts = parts_of(path.read_bytes(), REQUEST, NoProgress(), 2)
    if parts is None:
        whole = (
            "trello",
            "wekan",
            "deck",
            "planka",
            "conduit",
            "rally",
            "kanboard",
            "businessmap",
            "graphql",
            "openproject",
            "asana",
            "work-items",
            "dump",
            "actionable-agile",
        )
        assert any(name in path.name for name in whole)
        return
    imported, at_once = joined(parts), read_file(path.read_bytes(), REQUEST.mapping, UTC, NOW)
    assert [issue.key for issue in imported.issues] == [issue.key for issue in at_once.issues]
    assert (imported.rows, imported.recognised_as) == (at_once.rows, at_once.recognised_as)


def items(count: int) -> list[dict[str, object]]:
    return [{"key": f"A-{n}", "created": "2026-01-05", "points": n, "words": "ä" * 50} for n in range(count)]


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_long_array_is_read_in_parts_whatever_it_looks_like(encoding: str, indent: int | None) -> None:
    data = json.dumps(items(5_000), indent=indent, ensure_ascii=False).encode(encoding)
    for content in (data, gzip.compress(data)):
        imported = joined(parts_of(content, REQUEST, NoProgress(), 700))
        assert [issue.key for issue in imported.issues] == [f"A-{n}" for n in range(5_000)]


def test_answers_one_after_the_other_are_read_in_parts_and_say_what_they_lack() -> None:
    def page(start: int, total: int) -> str:
        return json.dumps({"total": total, "issues": items(60)[start : start + 20], "isLast": start == 40})

    whole = "\n\n".join(page(start, 60) for start in (0, 20, 40)).encode()
    imported = joined(parts_of(whole, REQUEST, NoProgress(), 7))
    assert [issue.key for issue in imported.issues] == [f"A-{n}" for n in range(60)]
    parts = list(parts_of("".join(page(start, 90) for start in (0, 20)).encode(), REQUEST, NoProgress(), 7) or ())
    assert "The file holds 40 of 90 items" in parts[-1].warnings[-1]


@pytest.mark.parametrize("tail", ["", ",", ",]", "}", ",{]", ',{"key": NaN}]', ',{"key": "x'])
def test_a_damaged_array_is_refused_in_words(tail: str) -> None:
    text = json.dumps(items(3))[:-1] + tail
    with pytest.raises(UnreadableFile, match="damaged"):
        list(parts_of(text.encode(), REQUEST, NoProgress(), 2) or ())


@pytest.mark.parametrize("text", ["[" * 2_000_000, "[" * 100_000 + "\n{}", '[{"a":' * 500_000])
def test_a_large_document_nested_as_deep_as_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"damaged|one piece|deeper"):
        list(parts_of(text.encode(), REQUEST, NoProgress(), 2) or ())


@pytest.mark.parametrize(
    "file",
    [
        lambda: b"key,created\n" + b"A,2026-01-05\n" * 300_000,
        lambda: gzip.compress(b"key,created,summary\n" + b"".join(b"A%d,%0300d\n" % (n, n) for n in range(90_000)), 1),
        lambda: b"key,created\n" + b"," * 9_000_000,
        lambda: b"[" + b"{}," * 3_000_000 + b"{}]",
    ],
    ids=["short lines", "packed", "empty cells", "empty objects"],
)
def test_what_would_take_much_memory_is_large_however_small_the_file_is(file: Callable[[], bytes]) -> None:
    assert is_large(file())


@pytest.mark.slow
def test_more_columns_or_cells_than_any_export_has_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="20,002 columns"):
        read_file(b"key,created" + b",c" * 20_000 + b"\nA,2026-01-05", REQUEST.mapping, UTC, NOW)
    ragged = b"key,created" + b",c" * 5_000 + b"\n" + b"A,2026-01-05\n" * 9_000
    with pytest.raises(UnreadableFile, match="9,000 rows in 5,002 columns"):
        read_file(ragged, REQUEST.mapping, UTC, NOW)
    named = [{f"name {n}-{place}": 1 for place in range(90)} for n in range(90)]
    assert read_file(json.dumps([{"key": "A", "created": "2026-01-05"}, *named]).encode(), REQUEST.mapping, UTC, NOW)
    with pytest.raises(UnreadableFile, match="columns"):
        read_file(json.dumps([{f"n{n}": 1} for n in range(11_000)]).encode(), REQUEST.mapping, UTC, NOW)


@pytest.mark.parametrize("entry", [b"{}", b"[]", b'{"a":[]}'])
def test_a_small_document_of_very_many_objects_is_read_in_pieces(entry: bytes) -> None:
    """Two million empty objects in 6 MB took 330 MB of memory when they were read at once."""
    assert is_large(b"[" + b",".join([entry] * 450_000) + b"]")
    assert not is_large(b"[" + b",".join([entry] * 100_000) + b"]")


def test_parts_of_redmines_list_agree_although_only_some_hold_resolved_work() -> None:
    header = "#,Tracker,Status,Subject,Created,Closed"
    kinds = ["Resolved,a,2026-02-13,", "Closed,b,2026-02-13,2026-02-14", "New,c,2026-02-13,"]
    rows = [f"{n},Bug,{kinds[n // 10]}" for n in range(30)]
    for listed in (rows, rows[::-1]):
        result = joined(parts_of("\n".join([header, *listed]).encode(), REQUEST, NoProgress(), 7))
        counts = Counter(str(issue.category) for issue in result.issues)
        assert counts == {"in_progress": 10, "done": 10, "todo": 10}


# -- JSON of nobody in particular -----------------------------------------------------------------------


def listed(days: str = "{:02}/02/2026", **last: str) -> list[dict[str, Any]]:
    """A list whose last items alone say how it is meant."""
    rows = [{"id": n, "title": f"T{n}", "created": days.format(n), "body": "x" * 900} for n in range(1, 9)]
    return [*rows, *({"id": n, "title": f"T{n}", "created": days.format(n), **last} for n in range(13, 17))]


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("last", [{}, {"closed": "20/02/2026"}, {"phase": "Done"}, {"Erledigt am": "20/02/2026"}])
def test_what_a_large_list_means_is_told_by_all_of_it(last: dict[str, str], lines: bool) -> None:
    entries = [{"Released": "01/03/2026", **entry} for entry in listed(**last)]
    text = "\n".join(map(json.dumps, entries)) if lines else json.dumps(entries)
    parts = parts_of(text.encode(), REQUEST, NoProgress(), 2)
    assert parts is not None
    at_once = read_file(text.encode(), REQUEST.mapping, UTC, NOW)
    assert [issue for part in parts for issue in part.issues] == list(at_once.issues)


def test_a_list_that_would_not_fit_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.imports.shortened._MOST_VALUES", 30)
    entries = [{**entry, "created": "2026-02-01"} for entry in listed()]
    parts = parts_of(json.dumps({"items": entries}).encode(), REQUEST, NoProgress(), 2)
    assert parts is not None
    assert [len(part.issues) for part in parts] == [2] * 6


def _answer(*, late: bool) -> dict[str, list[dict[str, Any]]]:
    """Entries by tracker; in the later ones, or in the first, stands what tells much of the others."""
    gitlab = [
        {"iid": n, "title": f"T{n}", "state": "opened" if n % 3 else "closed",
         "created_at": f"2026-01-{n:02}T10:00:00Z",
         "updated_at": f"2026-02-{n:02}T10:00:00Z", "closed_at": None, "labels": ["bug"],
         "web_url": f"https://gitlab.example.org/acme/shop/-/issues/{n}"}
        for n in range(1, 13)
    ]  # fmt: skip
    asana = [
        {"gid": str(n), "name": f"T{n}", "completed": n % 2 == 0, "created_at": f"2026-01-{n:02}T10:00:00Z",
         "resource_subtype": "section" if (n > 8) is late else "default_task",
         "completed_at": f"2026-02-{n:02}T10:00:00Z" if n % 2 == 0 else None}
        for n in range(1, 13)
    ]  # fmt: skip
    pulls: list[dict[str, Any]] = [
        {"number": n, "title": f"T{n}", "state": "open", "node_id": f"I_{n}", "labels": [],
         "created_at": f"2026-01-{n:02}T10:00:00Z", "updated_at": f"2026-02-{n:02}T10:00:00Z", "closed_at": None,
         **({"pull_request": {"url": "x"}} if (n > 6) is late else {})}
        for n in range(1, 13)
    ]  # fmt: skip
    return {"gitlab": gitlab, "asana": asana, "pulls": pulls}


@pytest.mark.parametrize("chunk", [2, 5, 7])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("tracker", ["gitlab", "asana", "pulls"])
@pytest.mark.parametrize("form", ["array", "lines", "wrapped"])
def test_a_trackers_answer_is_the_same_above_the_seam(chunk: int, late: bool, tracker: str, form: str) -> None:
    entries = _answer(late=late)[tracker]
    lines = "\n".join(map(json.dumps, entries))
    text = lines if form == "lines" else json.dumps({"data": entries} if form == "wrapped" else entries)
    parts, whole = in_parts(text, chunk), at_once(text)
    assert (parts.issues, parts.rows, parts.warnings) == (whole.issues, whole.rows, whole.warnings)
    assert parts.recognised_as == whole.recognised_as


@pytest.mark.parametrize("chunk", [2, 3, 7, 30, 100])
@pytest.mark.parametrize("last", ["A-99,Th", "A-99,Three,2026-0", "A-99,Three,2026-01-05,3", "A-9"])
def test_a_row_that_is_cut_off_is_told_above_the_seam_as_below(last: str, chunk: int) -> None:
    rows = "".join(f'A-{n},"Line\nof {n}",2026-01-05,{n}\n' for n in range(30))
    text = f"key,summary,created,points\n{rows}{last}"
    parts, whole = in_parts(text, chunk), at_once(text)
    assert (parts.issues, parts.rows, places(parts)) == (whole.issues, whole.rows, places(whole))
    assert [row.reason for row in parts.rejected] == [row.reason for row in whole.rejected]
