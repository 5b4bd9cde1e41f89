"""Broken JSON files: what is whole is read, whatever surrounds it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.legacy.findings import FileNote
from store.legacy.read import jsonfile
from tests.examples import examples

ISSUES = [{"key": f"A-{n}", "fields": {"summary": f"Größe 小 {n}", "tags": ["x", {"y": None}]}} for n in range(40)]
KEYED = frozenset({"issues"})


def _note() -> FileNote:
    return FileNote("f.json", "test")


def _walked(path: Path, arrays: frozenset[str] = KEYED) -> list[jsonfile.Item]:
    return list(jsonfile.walk(path, arrays, _note()))


def _file(folder: Path, content: str | bytes) -> Path:
    path = folder / "f.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("indent", [2, None])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_and_layout_gives_the_same_records(tmp_path: Path, encoding: str, indent: int | None) -> None:
    document = {"a": 1, "issues": ISSUES, "b": [1, 2]}
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    items = _walked(_file(tmp_path, text.encode(encoding)))
    assert [item.value for item in items if item.group == "issues"] == ISSUES
    assert {item.name: item.value for item in items if not item.group} == {"a": 1, "b": [1, 2]}
    assert jsonfile.load(tmp_path / "f.json", _note()) == document


def test_a_cp1252_byte_costs_nothing_but_is_read_as_windows_meant_it(tmp_path: Path) -> None:
    path = _file(tmp_path, '{"good": "Größe 小", "bad": "'.encode() + "Zürich €".encode("cp1252") + b'"}')
    note = _note()
    assert jsonfile.load(path, note) == {"good": "Größe 小", "bad": "Zürich €"}
    assert [finding.problem for finding in note.findings] == ["not written as UTF-8"]


@pytest.mark.parametrize("indent", [2, None])
def test_a_file_cut_anywhere_gives_every_record_before_the_cut(tmp_path: Path, indent: int | None) -> None:
    text = json.dumps({"a": 1, "issues": ISSUES[:6], "total_issues": 6}, indent=indent)
    for cut in range(text.index("[") + 1, len(text), 7):
        items = _walked(_file(tmp_path, text[:cut]))
        whole = [item.value for item in items if item.group == "issues" and not item.damaged]
        ends = [text.index(json.dumps(f"A-{n}")) for n in range(6)]
        before = sum(1 for n in range(1, 6) if ends[n] < cut)
        assert whole[:before] == ISSUES[:before]


def test_a_broken_record_costs_only_itself(tmp_path: Path) -> None:
    text = json.dumps({"issues": ISSUES, "total_issues": 40}, indent=2)
    start = text.index('"A-7"')
    for damage in ('"A-7', "A-7", '"A-7"}', '{"A-7"', "\x00" * 300):
        items = _walked(_file(tmp_path, text[:start] + damage + text[start + 5 :]))
        values = [item.value for item in items if item.group == "issues" and not item.damaged]
        whole = [value for value in values if isinstance(value, dict) and value["key"] != "A-7"]
        assert whole == ISSUES[:7] + ISSUES[8:], damage
        assert any(item.name == "total_issues" and item.value == 40 for item in items), damage


def test_a_record_larger_than_a_piece_is_read_whole(tmp_path: Path) -> None:
    big = [{"key": "A-1", "text": "ä" * 3_000_000}, {"key": "A-2", "text": "x"}]
    items = _walked(_file(tmp_path, json.dumps({"issues": big}, indent=2, ensure_ascii=False)))
    assert [item.value for item in items] == big


def test_too_deep_nesting_costs_only_the_deep_part(tmp_path: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    text = f'{{"issues": [{{"key": "A-1", "x": {deep}, "y": 2}}, {{"key": "A-2"}}]}}'
    first, second = _walked(_file(tmp_path, text))
    assert first.value["key"] == "A-1"
    assert first.value["y"] == 2
    assert second.value == {"key": "A-2"}


def test_numbers_too_long_for_python_and_not_finite_ones_are_no_error(tmp_path: Path) -> None:
    document = jsonfile.load(_file(tmp_path, f'{{"a": {"9" * 5000}, "b": NaN, "c": -Infinity, "d": 1e999}}'), _note())
    assert document["a"] is None
    assert math.isnan(document["b"])
    assert document["c"] == -math.inf
    assert document["d"] == math.inf


def test_the_last_of_two_equal_keys_wins(tmp_path: Path) -> None:
    assert jsonfile.load(_file(tmp_path, '{"a": 1, "a": 2}'), _note()) == {"a": 2}


def test_control_characters_in_strings_are_read(tmp_path: Path) -> None:
    assert jsonfile.load(_file(tmp_path, b'{"a": "x\x01\x00\ny"}'), _note()) == {"a": "x\x01\x00\ny"}


@pytest.mark.parametrize("content", ["", "   ", "\x00" * 100, "nonsense", "{", "[", '{"a', "}", '{"a": ]}'])
def test_rubbish_ends_with_a_finding_and_no_exception(tmp_path: Path, content: str) -> None:
    note = _note()
    jsonfile.load(_file(tmp_path, content), note)
    assert note.findings
    assert list(jsonfile.walk(tmp_path / "f.json", KEYED, _note())) is not None


@given(st.binary(max_size=200), st.integers(0, 400), st.sampled_from([2, None]))
@settings(max_examples=examples(150), deadline=None)
def test_no_damage_raises(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int, indent: int | None) -> None:
    content = json.dumps({"issues": ISSUES[:3], "b": 1}, indent=indent).encode()
    path = tmp_path_factory.mktemp("noise") / "f.json"
    path.write_bytes(content[:at] + noise + content[at + len(noise) // 2 :])
    _walked(path)
    jsonfile.load(path, _note())
