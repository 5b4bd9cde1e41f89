"""Damaged exports: what may become of a file on its way, made from the samples by a seed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

SAMPLES = tuple(path for path in sorted((Path(__file__).parent / "samples").iterdir()) if path.name != "expected.json")
_PIECES = (
    b'"', b"'", b",", b";", b"\t", b"\n", b"\r\n", b"\r", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"{", b"}", b"[", b"]",
    b"null", b"true", b"1e999", b"-1", b"NaN", b"99999999999999999999", b"31/02/2026", b"2026-13-45", b"0000-00-00",
    b"1788253200000", b"\xe2\x80\xa8", b"\x85", b"\x1e", b"=cmd()", b"sep=;\n", b"%", b"100%", b"\\", b"\\u0000",
    b"\\ud800", "Ünï©ödé ".encode(), "١٢٣".encode(), b"(" * 40, b"[" * 2_000, b"a|b", b"T" * 3_000, b"30.06.26",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 1e300, "", " ", "x" * 5_000, [], {}, [[]], [None], {"name": None}, [{"name": 5}],
    {"nodes": [None]}, "\ud800", "\0", "2026-02-30", 1788253200000, "1788253200000", "CLOSED", ["a", {"b": []}],
)  # fmt: skip


def damaged(seed: int) -> tuple[str, bytes]:
    """A file's name and content; the same for the same seed."""
    rng = Random(seed)
    path = rng.choice(SAMPLES)
    data = path.read_bytes()
    if path.suffix == ".json" and rng.random() < 0.6:
        data = json.dumps(replaced(json.loads(data), rng, rng.randint(1, 4))).encode("utf-8", "surrogatepass")
    data = changed(data, rng, least=0)
    if rng.random() < 0.2:
        data = gzip.compress(data)
        if rng.random() < 0.5:
            data = rng.choice(_WAYS)(data, rng)
    return f"{seed} {path.name}", data


def changed(data: bytes, rng: Random, least: int = 1) -> bytes:
    """The same bytes after up to five accidents."""
    for _ in range(rng.randint(least, 5)):
        data = rng.choice(_WAYS)(data, rng)
    return data


def replaced(document: Any, rng: Random, times: int) -> Any:
    """A JSON document with some values put in place of others, at any depth."""
    for _ in range(times):
        holder, key = _somewhere(document, rng)
        if holder is None:
            return deepcopy(rng.choice(_VALUES))
        if isinstance(holder, dict) and rng.random() < 0.3:
            del holder[key]
        else:
            holder[key] = deepcopy(rng.choice(_VALUES))
    return document


def _somewhere(document: Any, rng: Random) -> tuple[Any, Any]:
    holder, key, inside = None, None, document
    while isinstance(inside, dict | list) and inside and (holder is None or rng.random() < 0.8):
        holder = inside
        key = rng.choice(list(inside)) if isinstance(inside, dict) else rng.randrange(len(inside))
        inside = inside[key]
    return holder, key


def _flip(data: bytes, rng: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(data: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _without(data: bytes, rng: Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.randint(1, 60) :]


def _with(data: bytes, rng: Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + rng.choice(_PIECES) * rng.choice((1, 1, 1, 20)) + data[start:]


def _twice(data: bytes, rng: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    start = rng.randrange(len(lines) + 1)
    return b"".join(lines[:start] + lines[start : start + 3] * rng.choice((2, 50)) + lines[start + 3 :])


def _in_another_encoding(data: bytes, rng: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-16-le", "cp1252", "utf-8-sig", "utf-32", "cp437")), "replace")


def _with_another_cell(data: bytes, rng: Random) -> bytes:
    """One cell by another one of the same file, as a shifted column does."""
    cells = data.split(b",")
    if len(cells) > 2:
        cells[rng.randrange(len(cells))] = rng.choice(cells)
    return b",".join(cells)


_WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip, _cut, _without, _with, _with, _twice, _in_another_encoding, _with_another_cell, _with_another_cell,
)  # fmt: skip
