"""Bundles: everything but secrets goes with them, and a bad one changes nothing."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import bundle, records
from store.backend import PersistenceBackend
from store.bundle import Conflict
from store.codec import encode
from store.documents import with_import
from store.errors import BadBundle, Refused
from store.settings import ImportEntry
from store.sqlite.backend import SQLiteBackend
from tests.examples import examples
from tests.filled_stores import contents, stores
from tests.memory_backend import MemoryBackend

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = records.QueryRef("p", "q")
TOKEN = "planted-token-7f3a"


def filled() -> MemoryBackend:
    backend = MemoryBackend()
    config = {"base_url": "https://jira.example.com", "token": TOKEN, "auth": {"password": TOKEN}}
    backend.save_profile(
        records.Profile(
            id="p", name="Team Größe", created_at=NOW, last_used=NOW, jira_config=config, extras={"token": TOKEN}
        )
    )
    backend.replace_milestones("p", [records.Milestone("Beta", date(2026, 5, 1))])
    backend.save_query(
        records.Query(profile_id="p", id="q", name="All", created_at=NOW, last_used=NOW, jql="project = T")
    )
    backend.upsert_issues(
        REF,
        [records.Issue(key="T-1", summary="小", points=0.5, created=NOW), records.Issue(key="T-2")],
        [records.Change("T-1", NOW, "status", "To Do", "Done"), records.Change("T-1", NOW, "status", "Done", "To Do")],
    )
    backend.save_sprints(REF, [records.Sprint("Sprint 1", start=NOW)])
    backend.replace_weeks(REF, [records.Week(date(2026, 2, 23), 3), records.Week(date(2026, 2, 23), 4)])
    backend.replace_corrections(REF, [records.Correction(date(2026, 2, 23), completed_items=12)])
    backend.save_project_data(REF, records.ProjectData({"metadata": {"source": "manual"}}, NOW))
    backend.save_snapshots(REF, [records.Snapshot("2026-W09", "scope", {"remaining": 5}, NOW)])
    backend.save_forecast(
        REF, records.ForecastMade(NOW, date(2026, 3, 2), "items", "plain", 5, {50: 3, 95: None}, 12, 1000, 7)
    )
    later = NOW + timedelta(days=1)
    backend.save_pages(REF, [records.CachedPage(f"page:{n}", b'{"issues": []}', NOW, later) for n in range(25)])
    backend.save_changelogs(REF, [records.CachedChangelog("T-1", b"{}", NOW, later)])
    return backend


def written(backend: MemoryBackend, folder: Path) -> bytes:
    file = folder / "team.zip"
    bundle.write(backend, file)
    return file.read_bytes()


def rezipped(data: bytes, changes: dict[str, bytes]) -> bytes:
    """The archive with entries replaced or added, its digests left as they were."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()} | changes
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_bundle_carries_everything_about_a_profile(tmp_path: Path) -> None:
    source, target = filled(), MemoryBackend()
    result = bundle.read(target, written(source, tmp_path), Conflict.MERGE, NOW)
    assert (result.profiles, result.queries, result.issues) == (("Team Größe",), 1, 2)
    assert contents(target, REF) == contents(source, REF)
    query = target.get_query(REF)
    assert query is not None
    assert (query.name, query.jql) == ("All", "project = T")


def test_secrets_are_never_in_it(tmp_path: Path) -> None:
    data = written(filled(), tmp_path)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert all(TOKEN.encode() not in archive.read(name) for name in archive.namelist())
        profile = json.loads(archive.read("profiles/0/profile.json"))
    assert profile["jira_config"] == {"base_url": "https://jira.example.com", "auth": {}}


def test_reading_the_same_bundle_twice_adds_nothing(tmp_path: Path) -> None:
    data, target = written(filled(), tmp_path), MemoryBackend()
    bundle.read(target, data, Conflict.MERGE, NOW)
    once = (target.counts(), contents(target, REF))
    bundle.read(target, data, Conflict.MERGE, NOW)
    assert (target.counts(), contents(target, REF)) == once


def test_merging_keeps_what_only_the_store_has(tmp_path: Path) -> None:
    target = filled()
    data = written(filled(), tmp_path)
    target.upsert_issues(REF, [records.Issue(key="T-3")])
    target.replace_milestones("p", [records.Milestone("Launch", date(2026, 6, 1))])
    bundle.read(target, data, Conflict.MERGE, NOW)
    assert [issue.key for issue in target.list_issues(REF)] == ["T-1", "T-2", "T-3"]
    assert [each.name for each in target.list_milestones("p")] == ["Beta", "Launch"]


def test_merging_keeps_the_weeks_that_only_the_store_has(tmp_path: Path) -> None:
    monday = date(2026, 1, 5)
    source, target = filled(), filled()
    dated = [records.Week(monday + timedelta(weeks=week), completed_items=week) for week in range(5)]
    undated = records.Week(None, completed_items=9)
    source.replace_weeks(REF, [*dated[:2], undated])
    source.replace_corrections(REF, [records.Correction(monday, 7)])
    target.replace_weeks(REF, [replace(week, completed_items=20) for week in dated])
    target.replace_corrections(REF, [records.Correction(week.day, 1) for week in dated[:2] if week.day])
    for _ in range(2):
        bundle.read(target, written(source, tmp_path), Conflict.MERGE, NOW)
        assert [week.completed_items for week in target.list_weeks(REF)] == [0, 1, 20, 20, 20, 9]
        assert [each.completed_items for each in target.list_corrections(REF)] == [7, 1]


def test_merging_keeps_the_weeks_that_were_imported_here_since_and_tells_how_many(tmp_path: Path) -> None:
    monday = date(2026, 1, 5)
    weeks = [records.Week(monday + timedelta(weeks=week), completed_items=week) for week in range(3)]
    source, target = filled(), filled()

    def known(backend: MemoryBackend, rows: list[records.Week], *days: int) -> None:
        backend.replace_weeks(REF, rows)
        entries = (ImportEntry(NOW + timedelta(days=day), kind="weeks") for day in days)
        data = backend.get_project_data(REF)
        for entry in entries:
            data = with_import(data, entry)
        if data is not None:
            backend.save_project_data(REF, data)

    known(source, weeks[:2], 1)
    known(target, [replace(weeks[1], completed_items=9), weeks[2]], 1, 2)
    old = written(source, tmp_path)
    for _ in range(2):
        result = bundle.read(target, old, Conflict.MERGE, NOW)
        assert [week.completed_items for week in target.list_weeks(REF)] == [0, 9, 2]
        assert [note for note in result.notes if "Weeks" in note and note.endswith("1.")]
    known(source, weeks[:2], 3)
    bundle.read(target, written(source, tmp_path), Conflict.MERGE, NOW)
    assert [week.completed_items for week in target.list_weeks(REF)] == [0, 1, 2]


def test_merging_counts_no_week_twice_that_both_have_under_other_days(tmp_path: Path) -> None:
    source, target = filled(), filled()
    source.replace_weeks(REF, [records.Week(date(2026, 1, 5), 3)])
    target.replace_weeks(REF, [records.Week(date(2026, 1, 9), 3), records.Week(date(2026, 1, 16), 4)])
    bundle.read(target, written(source, tmp_path), Conflict.MERGE, NOW)
    assert [week.completed_items for week in target.list_weeks(REF)] == [3, 4]


def test_merging_keeps_what_is_newer_here_and_tells_how_many(tmp_path: Path) -> None:
    source, target = filled(), filled()
    data = written(source, tmp_path)
    (first, *_others) = target.list_issues(REF)
    then = NOW + timedelta(days=1)
    later = replace(first, status="Shipped", updated=then)
    moved = records.Change(first.key, then, "status", first.status, "Shipped")
    target.upsert_issues(REF, [later], [*target.list_changes(REF, {first.key}), moved])
    result = bundle.read(target, data, Conflict.MERGE, NOW)
    assert target.list_issues(REF, {first.key}) == [later]
    assert moved in target.list_changes(REF, {first.key})
    assert any("newer state" in note and note.endswith("1.") for note in result.notes)


def test_merging_keeps_the_connection_that_is_here_and_says_so(tmp_path: Path) -> None:
    source, target = filled(), filled()
    profile = source.list_profiles()[0]
    elsewhere = {"base_url": "https://evil.example", "email": "m@evil.example", "points_field": "f_1"}
    source.save_profile(replace(profile, jira_config=elsewhere))
    result = bundle.read(target, written(source, tmp_path), Conflict.MERGE, NOW)
    merged = target.list_profiles()[0].jira_config
    assert merged == {"base_url": "https://jira.example.com", "points_field": "f_1"}
    assert "another address of Jira for Team Größe (https://evil.example)" in result.notes[0]


def test_merging_connects_a_profile_that_had_no_connection(tmp_path: Path) -> None:
    target = filled()
    target.save_profile(replace(target.list_profiles()[0], jira_config={}))
    result = bundle.read(target, written(filled(), tmp_path), Conflict.MERGE, NOW)
    assert target.list_profiles()[0].jira_config["base_url"] == "https://jira.example.com"
    assert result.notes == ()


def test_replacing_drops_what_only_the_store_has(tmp_path: Path) -> None:
    target = filled()
    data = written(filled(), tmp_path)
    target.upsert_issues(REF, [records.Issue(key="T-3")])
    bundle.read(target, data, Conflict.REPLACE, NOW)
    assert [issue.key for issue in target.list_issues(REF)] == ["T-1", "T-2"]


def test_a_copy_stands_beside_under_its_own_name(tmp_path: Path) -> None:
    target = filled()
    before = contents(target, REF)
    result = bundle.read(target, written(filled(), tmp_path), Conflict.COPY, NOW)
    assert result.profiles == ("Team Größe (2)",)
    assert target.counts().profiles == 2
    assert contents(target, REF) == before
    (copied,) = [each for each in target.list_profiles() if each.id != "p"]
    assert target.counts(records.QueryRef(copied.id, "q")).issues == 2


def test_another_profile_of_the_same_name_gets_a_number(tmp_path: Path) -> None:
    target = MemoryBackend()
    target.save_profile(
        records.Profile(id="other", name="team grösse".replace("ss", "ß"), created_at=NOW, last_used=NOW)
    )
    assert bundle.read(target, written(filled(), tmp_path), Conflict.MERGE, NOW).profiles == ("Team Größe (2)",)


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"not a zip", b"PK\x05\x06" + bytes(18)], ids=["nothing", "stub", "text", "empty zip"]
)
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(BadBundle, match="not a Burndown bundle"):
        bundle.read(MemoryBackend(), data, Conflict.MERGE, NOW)


def test_a_changed_bundle_is_refused_and_nothing_is_imported(tmp_path: Path) -> None:
    data = rezipped(written(filled(), tmp_path), {"profiles/0/queries/0/issues.0000.jsonl": b'{"key": "X"}'})
    target = MemoryBackend()
    with pytest.raises(BadBundle, match="changed or damaged"):
        bundle.read(target, data, Conflict.MERGE, NOW)
    assert target.counts().profiles == 0


def test_an_added_entry_is_refused(tmp_path: Path) -> None:
    data = rezipped(written(filled(), tmp_path), {"../evil.txt": b"x"})
    with pytest.raises(BadBundle, match="changed or damaged"):
        bundle.read(MemoryBackend(), data, Conflict.MERGE, NOW)


def test_a_newer_bundle_says_to_get_the_newer_version(tmp_path: Path) -> None:
    data = written(filled(), tmp_path)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = json.loads(archive.read("bundle.json"))
    newer = rezipped(data, {"bundle.json": json.dumps({**manifest, "version": 99}).encode()})
    with pytest.raises(BadBundle, match="newer Burndown"):
        bundle.read(MemoryBackend(), newer, Conflict.MERGE, NOW)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle.json", b"\0" * 45_000_000)
    with pytest.raises(BadBundle, match="unpacks to more"):
        bundle.read(MemoryBackend(), out.getvalue(), Conflict.MERGE, NOW)


def test_a_large_profile_is_split_into_entries_that_are_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "_ENTRY", 300)
    monkeypatch.setattr(bundle, "_MAX_ENTRY", 700)
    source, target = MemoryBackend(), MemoryBackend()
    source.save_profile(records.Profile(id="p", name="Team", created_at=NOW, last_used=NOW))
    source.save_query(records.Query(profile_id="p", id="q", name="All", created_at=NOW, last_used=NOW))
    source.upsert_issues(REF, [records.Issue(key=f"T-{n}", summary="Größe " * 10) for n in range(3)])
    data = written(source, tmp_path)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if "issues" in name]
    assert names == [f"profiles/0/queries/0/issues.{n:04d}.jsonl" for n in range(len(names))]
    assert len(names) > 1
    bundle.read(target, data, None, NOW)
    assert contents(target, REF) == contents(source, REF)


@pytest.mark.parametrize(("cap", "most"), [("_MAX_TOTAL", 3_000), ("_MAX_ENTRY", 2_000), ("_MAX_ENTRIES", 10)])
def test_what_could_not_be_read_back_is_not_written_and_an_earlier_bundle_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap: str, most: int
) -> None:
    earlier = written(filled(), tmp_path)
    monkeypatch.setattr(bundle, cap, most)
    with pytest.raises(BadBundle, match=r"too much for a bundle.*Nothing was exported; hand on a backup instead"):
        bundle.write(filled(), tmp_path / "team.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["team.zip"]
    assert (tmp_path / "team.zip").read_bytes() == earlier


def test_profiles_that_are_too_much_together_are_to_be_exported_fewer_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = filled()
    source.save_profile(records.Profile(id="other", name="Other", created_at=NOW, last_used=NOW))
    monkeypatch.setattr(bundle, "_MAX_ENTRIES", 14)
    with pytest.raises(BadBundle, match="export fewer at a time"):
        bundle.write(source, tmp_path / "team.zip")


def test_a_bundle_of_the_earlier_layout_is_still_read(tmp_path: Path) -> None:
    """It had blanks between the parts of a line, and ten pages in an entry."""
    source, target = filled(), MemoryBackend()
    with zipfile.ZipFile(io.BytesIO(written(source, tmp_path))) as archive:
        entries = {name: archive.read(name) for name in archive.namelist() if name != "bundle.json"}
    at = "profiles/0/queries/0/pages"
    lines = [json.dumps(json.loads(line)) for line in entries.pop(f"{at}.0000.jsonl").splitlines()]
    for number, start in enumerate(range(0, len(lines), 10)):
        entries[f"{at}.{number:04d}.jsonl"] = "\n".join(lines[start : start + 10]).encode()
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in entries.items()}
    manifest = json.dumps({"format": "burndown-bundle", "version": 1, "sha256": digests}, indent=1).encode()
    bundle.read(target, rezipped(b"PK\x05\x06" + bytes(18), entries | {"bundle.json": manifest}), None, NOW)
    assert contents(target, REF) == contents(source, REF)


def test_a_bundle_that_is_cut_off_is_called_that(tmp_path: Path) -> None:
    data = written(filled(), tmp_path)
    for length in (100, len(data) // 2, len(data) - 30):
        with pytest.raises(BadBundle, match="This bundle is cut off"):
            bundle.read(MemoryBackend(), data[:length], None, NOW)


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.integers(0, 3000))
def test_a_damaged_bundle_is_refused_or_means_the_same(tmp_path: Path, noise: bytes, at: int) -> None:
    source = filled()
    data = bytearray(written(source, tmp_path))
    data[at : at + len(noise)] = noise
    target = MemoryBackend()
    try:
        bundle.read(target, bytes(data), Conflict.MERGE, NOW)
    except BadBundle:
        assert target.counts().profiles == 0
    else:
        assert contents(target, REF) == contents(source, REF)


@pytest.mark.slow
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(fill=stores())
def test_any_records_survive_the_journey(tmp_path: Path, fill: Callable[[PersistenceBackend], None]) -> None:
    source, target = MemoryBackend(), MemoryBackend()
    fill(source)
    bundle.read(target, written(source, tmp_path), None, NOW)
    (ref,) = [query.ref for profile in source.list_profiles() for query in source.list_queries(profile.id)]
    assert contents(target, ref) == contents(source, ref)
    assert target.list_profiles() == [replace(profile, last_used=NOW) for profile in source.list_profiles()]


# -- secrets and what nobody would write -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["jira_api_token", "Authorization", "passwd", "clientSecret", "PAT"])
def test_no_secret_leaves_or_comes_in_under_any_name(tmp_path: Path, name: str) -> None:
    planted = "planted-In-Bundle-77"
    source = filled()
    inside = {"deep": [{name: planted}], "url": f"https://ann:{planted}@jira.example.com/?token={planted}"}
    profile = source.list_profiles()[0]
    source.save_profile(replace(profile, jira_config=inside, forecast_settings=inside, extras=inside))
    query = source.list_queries("p")[0]
    source.save_query(replace(query, extras=inside))
    source.save_project_data(REF, records.ProjectData({"metadata": inside}, NOW))
    address = f"https://ann:{planted}@jira.example.com/browse/T-9"
    source.upsert_issues(REF, [records.Issue(key="T-9", url=address, extras=inside)])
    assert planted.encode() not in unpacked(written(source, tmp_path))
    # As it would come from somebody who leaves them in.
    entries = {f"profiles/0/{each}": (source, each) for each in ("profile.json",)}
    text = json.dumps(encode(source.list_profiles()[0])).encode()
    target = MemoryBackend()
    bundle.read(target, redigested(written(source, tmp_path), {next(iter(entries)): text}), Conflict.MERGE, NOW)
    assert planted not in repr(target.list_profiles()[0])


def unpacked(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def redigested(data: bytes, changes: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive with entries replaced or added and digests that fit, as somebody with a grudge makes it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist() if name != "bundle.json"} | changes
    manifest = {
        "format": bundle.FORMAT,
        "version": bundle.VERSION,
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in entries.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in {**entries, "bundle.json": json.dumps(manifest).encode()}.items():
            archive.writestr(name, content)
    return out.getvalue()


CRAFTED = {
    "infinite points": ("issues.0000.jsonl", b'{"key": "T-1", "points": Infinity}'),
    "points beyond a number": ("issues.0000.jsonl", b'{"key": "T-1", "points": 1e999}'),
    "points that are a text": ("issues.0000.jsonl", b'{"key": "T-1", "points": "5"}'),
    "no number within": ("issues.0000.jsonl", b'{"key": "T-1", "extras": {"x": NaN}}'),
    "a change of an issue that is not there": (
        "changes.0000.jsonl", b'{"issue_key": "X-1", "at": "2026-01-01T00:00:00Z", "field": "status"}',
    ),
    "an instant before the calendar": ("issues.0000.jsonl", b'{"key": "T-1", "created": "0001-01-01T00:00:00+14:00"}'),
    "a whole number that no column holds": ("weeks.0000.jsonl", b'{"day": null, "completed_items": 1e3}'),
    "a huge whole number": ("weeks.0000.jsonl", b'{"day": null, "completed_items": 99999999999999999999}'),
    "digits without end": ("weeks.0000.jsonl", b'{"day": null, "completed_items": ' + b"9" * 5000 + b"}"),
    "half a character": ("issues.0000.jsonl", b'{"key": "T-1", "summary": "\\ud800"}'),
    "a list for a record": ("issues.0000.jsonl", b"[1, 2]"),
    "lists without end": ("issues.0000.jsonl", b'{"key": "T-1", "extras": {"x": ' + b"[" * 50_000),
    "a level that is no number": (
        "forecasts.0000.jsonl",
        b'{"made_at": "2026-01-01T00:00:00Z", "as_of": "2026-01-01", "unit": "items", "method": "plain", '
        b'"remaining": 1, "weeks": {"fifty": 3}, "window": 1, "trials": 1, "seed": 1}',
    ),
    "bytes that are none": (
        "pages.0000.jsonl",
        b'{"cache_key": "a", "response": {"base64": "%"}, "created_at": "2026-01-01T00:00:00Z", '
        b'"expires_at": "2026-01-01T00:00:00Z"}',
    ),
    "an unknown category": ("issues.0000.jsonl", b'{"key": "T-1", "category": "elsewhere"}'),
    "bytes of no encoding": ("issues.0000.jsonl", b"\xff\xfe\x00"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CRAFTED)
@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_a_crafted_bundle_is_refused_in_words_and_changes_nothing(tmp_path: Path, kind: str, store: str) -> None:
    name, content = CRAFTED[kind]
    crafted = redigested(written(filled(), tmp_path), {f"profiles/0/queries/0/{name}": content})
    backend: Any = MemoryBackend() if store == "memory" else SQLiteBackend(tmp_path / "burndown.db")
    try:
        with pytest.raises(Refused, match=r"Nothing was (imported|changed)"):
            bundle.read(backend, crafted, None, NOW)
        assert backend.counts().profiles == 0
    finally:
        backend.close()


@pytest.mark.parametrize(
    "manifest",
    [b"[]", b'"x"', b"5", b'{"format": "burndown-bundle", "version": 1e999, "sha256": {}}',
     b'{"format": "burndown-bundle", "version": 1, "sha256": [[[], 1]]}', b"[" * 100_000, b"\xff"],
)  # fmt: skip
def test_a_crafted_list_of_contents_is_refused(tmp_path: Path, manifest: bytes) -> None:
    with pytest.raises(BadBundle):
        bundle.read(MemoryBackend(), rezipped(written(filled(), tmp_path), {"bundle.json": manifest}), None, NOW)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bundle_packed_in_a_way_that_we_do_not_use_is_refused(tmp_path: Path, compression: int) -> None:
    data = bytearray(redigested(written(filled(), tmp_path), {}, compression))
    with pytest.raises(BadBundle):
        bundle.read(MemoryBackend(), bytes(data), None, NOW)
    data[200:220] = b"\xff" * 20
    with pytest.raises(BadBundle):
        bundle.read(MemoryBackend(), bytes(data), None, NOW)


def test_what_is_no_number_here_does_not_leave_in_a_bundle(tmp_path: Path) -> None:
    source = filled()
    source.upsert_issues(REF, [records.Issue(key="T-1", points=float("inf"), extras={"x": float("nan")})])
    target = MemoryBackend()
    bundle.read(target, written(source, tmp_path), Conflict.MERGE, NOW)
    assert target.list_issues(REF, ["T-1"])[0].points is None


# By name: what each of the lists a, b and c says of the others.
ODD: dict[str, dict[str, dict[str, Any]]] = {
    "goes on in itself": {"a": {"joined_into": "a", "earlier": ["a"]}},
    "two in each other": {"a": {"joined_into": "b", "earlier": ["b"]}, "b": {"joined_into": "a", "earlier": ["a"]}},
    "three in a ring": {
        "a": {"joined_into": "b", "earlier": ["c"]},
        "b": {"joined_into": "c", "earlier": ["a"]},
        "c": {"joined_into": "a", "earlier": ["b"]},
    },
    "a part of itself": {"a": {"part_of": {"query": "a", "where": ["type=Bug"]}}},
    "parts of each other": {
        "a": {"part_of": {"query": "b", "where": ["type=Bug"]}},
        "b": {"part_of": {"query": "a", "where": []}},
    },
}


def with_extras(extras: dict[str, dict[str, Any]]) -> MemoryBackend:
    """Lists a, b and c that say this of each other."""
    backend = filled()
    for each in "abc":
        backend.save_query(records.Query("p", each, f"List {each}", NOW, NOW, extras=extras.get(each, {})))
    return backend


@pytest.mark.parametrize("kind", ODD)
def test_lists_that_go_on_in_themselves_or_are_parts_of_themselves_come_in_by_themselves(
    tmp_path: Path, kind: str
) -> None:
    backend = MemoryBackend()
    done = bundle.read(backend, written(with_extras(ODD[kind]), tmp_path), None, NOW)
    queries = {each.id: each for each in backend.list_queries("p")}
    assert {each: dict(queries[each].extras) for each in "abc"} == {"a": {}, "b": {}, "c": {}}
    assert sorted(note.split(" goes on")[0] for note in done.notes) == [f"List {each}" for each in ODD[kind]]


def test_lists_that_go_on_in_each_other_as_they_may_come_in_as_they_are(tmp_path: Path) -> None:
    extras: dict[str, dict[str, Any]] = {
        "a": {"joined_into": "b"},
        "b": {"earlier": ["a"]},
        "c": {"part_of": {"query": "b", "where": ["type=Bug"]}},
    }
    backend = MemoryBackend()
    assert bundle.read(backend, written(with_extras(extras), tmp_path), None, NOW).notes == ()
    assert {each.id: each.extras for each in backend.list_queries("p") if each.id != "q"} == extras
