"""Commands on hostile files, made from a seed: damaged exports, files made to fill memory or time, crafted bundles.

Beside `tests.imports.fuzzing`, whose files are what an accident leaves, these are what a hand makes.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.imports.fuzzing import SAMPLES, changed, damaged, replaced

SHARED = Path(__file__).parents[2] / ".." / "shared"
TINY = SHARED / "legacy" / "tiny"
# Of a real export so many rows, beside the first.
_PIECE_ROWS = 120


@dataclass(frozen=True, slots=True)
class Attempt:
    """Files by their name in an empty folder, and the command that is given them; `{}` stands for that folder.

    `then`: commands that come after it where it was accepted, and see what came in.
    """

    name: str
    files: Mapping[str, bytes]
    command: tuple[str, ...]
    then: tuple[tuple[str, ...], ...] = ()


def attempt(seed: int) -> Attempt:
    """The same for the same seed."""
    rng = Random(seed)
    way = rng.choices(_WAYS, [weight for _, weight in _SHARES])[0]
    crafted = way(rng)
    then = tuple(each for each in _SEEN_BY if rng.random() < _SHARE_SEEN)
    return Attempt(f"{seed} {crafted.name}", crafted.files, crafted.command, then)


_SEEN_BY = (
    ("status",),
    ("check",),
    ("undo",),
    ("forecast", "--trials", "50"),
    ("metrics",),
    ("metrics", "--subject", "track_record"),
    ("calibration",),
)
_SHARE_SEEN = 0.03


def _imported(name: str, data: bytes, *options: str) -> Attempt:
    return Attempt(name, {name: data}, ("import", f"{{}}/{name}", *options))


# -- tables and documents -------------------------------------------------------------------------------


def _export(rng: Random) -> Attempt:
    name, data = damaged(rng.randrange(1 << 30))
    kind = rng.choices((None, "issues", "weeks"), (8, 1, 1))[0]
    return _imported(name.partition(" ")[2], data, *(["--kind", kind] if kind else []))


def _dialect(rng: Random) -> Attempt:
    """A tracker's table as another program writes it: signs between cells, quotes, numbers, line ends, encoding."""
    path = rng.choice([path for path in SAMPLES if path.suffix in (".csv", ".tsv")])
    rows = _rows_of(path)
    for _ in range(rng.randint(0, 3)):
        _displaced(rows, rng)
    written = io.StringIO(newline="")
    delimiter = rng.choice((",", ";", "\t", "|", ":"))
    ends, dialect = rng.choice(("\r\n", "\n", "\r")), rng.choice(("excel", "unix"))
    csv.writer(written, dialect, delimiter=delimiter, lineterminator=ends).writerows(rows)
    text = rng.choice(("", "", f"sep={delimiter}\n", "Exported from a tracker\n\n")) + written.getvalue()
    encoding = rng.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1250", "utf-16-be", "mac_roman"))
    data = text.encode(encoding, "replace")
    return _imported(rng.choice((path.name, "export.txt")), changed(data, rng) if rng.random() < 0.5 else data)


@cache
def _table(path: Path) -> tuple[tuple[str, ...], ...]:
    text = path.read_text(encoding="utf-8", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    return tuple(tuple(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter))


def _rows_of(path: Path) -> list[list[str]]:
    return [list(row) for row in _table(path)]


def _displaced(rows: list[list[str]], rng: Random) -> None:
    """A column or row that is gone, moved, doubled, empty or full of something else."""
    column = rng.randrange(max(map(len, rows)))
    value = rng.choice(
        ("", "0", "-1", "1e999", "NaN", "2026-02-30", "31.12.9999", "01/02/03", "x" * 300, "Done", "=1+1")
    )
    match rng.randrange(6):
        case 0:
            rng.shuffle(rows)
        case 1:
            rows.append(list(rng.choice(rows)))
        case 2:
            del rows[rng.randrange(len(rows)) :]
            rows.append(["key", "created"])
        case _ if rng.random() < 0.5:
            rows[:] = [[*row[:column], value, *row[column + 1 :]] for row in rows[:1]] + rows[1:]
        case 3:
            rows[:] = [row[:column] + row[column + 1 :] for row in rows]
        case 4:
            rows[:] = [[*row, *row[column : column + 1]] for row in rows]
        case _:
            rows[1:] = [[*row[:column], value, *row[column + 1 :]] for row in rows[1:]]


def _lines_or_marks(rng: Random) -> Attempt:
    """A tracker's documents one to a line, as XML, or as a table in a page: read, or told in words what is read."""
    path = rng.choice([path for path in SAMPLES if path.suffix == ".json"])
    document = json.loads(path.read_bytes())
    listed = max((each for each in _lists(document)), key=len, default=[document])
    listed = [replaced(each, rng, 1) if rng.random() < 0.2 else each for each in listed] * rng.choice((1, 1, 30))
    lines = [json.dumps(each).encode("utf-8", "surrogatepass") for each in listed]
    match rng.randrange(3):
        case 0:
            marks = b"".join(b"<item><key>A</key><title>%s</title></item>" % line for line in lines)
            data = rng.choice((b"<rss><channel>%s</channel></rss>", b'<?xml version="1.0"?>\n<Project>%s</Project>'))
            entities = b'<!DOCTYPE a [<!ENTITY b "%s">%s]>' % (b"c" * 1_000, b'<!ENTITY d "&b;&b;&b;&b;">' * 200)
            return _imported("export.xml", changed(rng.choice((b"", entities)) + data % marks, rng))
        case 1:
            data = b"<html><table><tr><td>Key</td></tr>%s</table></html>" % b"".join(lines)
            return _imported("export.xls", changed(data, rng))
    data = rng.choice((b"\n", b"\r\n", b"\n\n", b"\x1e")).join(lines)
    return _imported("export.jsonl", gzip.compress(data) if rng.random() < 0.3 else changed(data, rng, least=0))


def _lists(document: Any) -> Iterator[list[Any]]:
    if isinstance(document, list):
        yield document
    inside = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    for each in inside:
        yield from _lists(each)


def _shared_file(rng: Random) -> Attempt:
    """One of the shared examples, or a piece of a real export, damaged as the samples are."""
    files = _shared_files()
    if not files:
        return _export(rng)
    path = rng.choice(files)
    data = _piece_of(path, rng)
    if path.suffix == ".json" and rng.random() < 0.5:
        data = json.dumps(replaced(json.loads(data), rng, rng.randint(1, 4))).encode("utf-8", "surrogatepass")
    return _imported(path.name.removesuffix(".gz"), changed(data, rng))


@cache
def _shared_files() -> tuple[Path, ...]:
    cases = [path for path in (SHARED / "cases").rglob("*.*") if path.suffix in (".csv", ".json")]
    return tuple(sorted([*cases, *(SHARED / "real-data").glob("*.csv*"), *(SHARED / "real-data").glob("*.jsonl.gz")]))


@cache
def _lines_of(path: Path) -> list[bytes]:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines(keepends=True)


def _piece_of(path: Path, rng: Random) -> bytes:
    """The first line and some others: whole where it is small. An export cut out of its middle is damaged already."""
    lines = _lines_of(path)
    if path.suffix == ".json" or len(lines) <= _PIECE_ROWS:
        return b"".join(lines)
    start = rng.randrange(1, len(lines))
    return b"".join([lines[0], *lines[start : start + _PIECE_ROWS]])


def _weeks(rng: Random) -> Attempt:
    lines = ["date,completed_items,completed_points,created_items,created_points"]
    for week in range(rng.randint(0, 30)):
        numbers = rng.choice(("3,5.5,2,1", "0,0,0,0", "-1,NaN,inf,1e400", "1e9,2,,", "1e309,1,1,1", "5,8,13,21"))
        lines.append(f"2026-{1 + week % 12:02}-{1 + week % 28:02},{numbers}")
    return _imported("weeks.csv", changed("\n".join(lines).encode(), rng))


def _with_mapping(rng: Random) -> Attempt:
    name, data = damaged(rng.randrange(1 << 30))
    mapping: Any = {"columns": {"key": "ID", "created": "Created", "finished": ["Done", "Closed"]}, "date_order": "day"}
    mapping = json.dumps(replaced(mapping, rng, rng.randint(1, 3))).encode("utf-8", "surrogatepass")
    name = name.partition(" ")[2]
    files = {name: data, "mapping.json": changed(mapping, rng) if rng.random() < 0.5 else mapping}
    return Attempt(f"mapping for {name}", files, ("import", f"{{}}/{name}", "--mapping", "{}/mapping.json"))


# -- made to fill memory or time ------------------------------------------------------------------------


def _exhausting(rng: Random) -> Attempt:
    name = rng.choice(sorted(_EXHAUSTING))
    data = _EXHAUSTING[name](rng)
    packed = rng.random() < 0.4
    return _imported(f"{name}{'.gz' if packed else ''}", gzip.compress(data, 1) if packed else data)


def _sized(rng: Random, most: int) -> int:
    """Small as often as large."""
    return int(10 ** rng.uniform(1, len(str(most)) - 1))


_EXHAUSTING: dict[str, Callable[[Random], bytes]] = {
    "deep.json": lambda rng: b"[" * _sized(rng, 10_000_000),
    "deep objects.json": lambda rng: b'{"a":' * _sized(rng, 1_000_000),
    "deep and closed.json": lambda rng: (lambda depth: b"[" * depth + b"]" * depth)(_sized(rng, 1_000_000)),
    "empty objects.json": lambda rng: b"[" + b"{}," * _sized(rng, 10_000_000) + b"{}]",
    "empty arrays.json": lambda rng: b"[" + b"[]," * _sized(rng, 10_000_000) + b"[]]",
    "zeros.json": lambda rng: b"[" + b"0," * _sized(rng, 10_000_000) + b"0]",
    "objects on lines.json": lambda rng: b"{}\n" * _sized(rng, 10_000_000),
    "huge number.json": lambda rng: b'[{"key": "A", "points": ' + b"9" * _sized(rng, 1_000_000) + b"}]",
    "huge text.json": lambda rng: b'[{"key": "' + b"x" * _sized(rng, 10_000_000) + b'", "created": "2026-01-05"}]',
    "many names.json": lambda rng: (
        b"[" + b",".join(b'{"n%d": 1}' % name for name in range(_sized(rng, 100_000))) + b"]"
    ),
    "huge cell.csv": lambda rng: b'key,created\n"' + b"x" * _sized(rng, 10_000_000) + b'",2026-01-05\n',
    "open quote.csv": lambda rng: b'key,created\nA,2026-01-05\n"' + b"x,y\n" * _sized(rng, 1_000_000),
    "many columns.csv": lambda rng: (
        (lambda width: b"key,created" + b",c" * width + b"\nA,2026-01-05" + b"," * width)(_sized(rng, 1_000_000))
    ),
    "wide and ragged.csv": lambda rng: b"key,created" + b",c" * 2_000 + b"\n" + b"A,2026-01-05\n" * _sized(rng, 10_000),
    "many labels.csv": lambda rng: b"key,created,labels\nA,2026-01-05,\"" + b"a b;" * _sized(rng, 1_000_000) + b'"\n',
    "one letter rows.csv": lambda rng: b"key,created\n" + b"a,2026-01-05\n" * _sized(rng, 1_000_000),
    "many keys.csv": lambda rng: (
        b"key,created\n" + b"".join(b"A-%d,2026-01-05\n" % row for row in range(_sized(rng, 100_000)))
    ),
    "line ends.csv": lambda rng: b"key,created\nA,2026-01-05\n" + b"\r\n" * _sized(rng, 10_000_000),
    "zero bytes.csv": lambda rng: b"key,created\nA,2026-01-05\n" + b"\0" * _sized(rng, 100_000_000),
    "blanks.csv": lambda rng: b" " * _sized(rng, 100_000_000),
    "long digits.csv": lambda rng: b"key,created,points\nA,2026-01-05," + b"9" * _sized(rng, 1_000_000) + b"\n",
    "long days.csv": lambda rng: (
        b"key,created\n" + b"".join(b"A%d,%s\n" % (row, b"1/" * rng.randint(1, 900)) for row in range(50))
    ),
    "far days.csv": lambda rng: (
        b"key,created,finished\nA,0001-01-01,9999-12-31\nB,1970-01-01,2200-01-01\nC,2026-01-05,2026-01-06\n"
    ),
    "brackets.csv": lambda rng: b"key,created,status\nA,2026-01-05," + b"(" * _sized(rng, 1_000_000) + b"\n",
    "blanks in a header.csv": lambda rng: b"key" + b" " * _sized(rng, 1_000_000) + b",created\nA,2026-01-05\n",
}  # fmt: skip


def _gzip(rng: Random) -> Attempt:
    data = rng.choice(_GZIPS)(rng)
    return _imported(rng.choice(("export.csv.gz", "export.json", "export.csv")), data)


def _bomb(rng: Random) -> bytes:
    """What unpacks to up to 3 GB, in one piece or in many."""
    begin = rng.choice((b"key,created\n", b"[", b'[{"key":"', b"", b'key,created\nA,"'))
    filling = rng.choice((b"\0", b" ", b"[", b"a,2026-01-05\n", b"{},", b"x", b"\n"))
    block = gzip.compress(filling * (10_000_000 // len(filling)), 9)
    return gzip.compress(begin) + block * rng.randint(1, 300)


def _just_below_the_limit(rng: Random) -> bytes:
    """Rows that pack well, but not too well to be honest."""
    rows = (
        b"K-%d,2026-01-%02d,%d\n" % (row, 1 + row % 28, rng.getrandbits(24)) for row in range(_sized(rng, 1_000_000))
    )
    return gzip.compress(b"key,created,points\n" + b"".join(rows), 6)


_GZIPS: tuple[Callable[[Random], bytes], ...] = (
    _bomb,
    _just_below_the_limit,
    lambda rng: gzip.compress(gzip.compress(gzip.compress(b"key,created\nA,2026-01-05\n"))),
    lambda rng: b"\x1f\x8b" + rng.randbytes(rng.randrange(3_000)),
    lambda rng: gzip.compress(damaged(rng.randrange(1 << 30))[1])[: -rng.randint(1, 12)],
    lambda rng: gzip.compress(damaged(rng.randrange(1 << 30))[1]) + rng.randbytes(rng.randint(1, 3_000)),
    lambda rng: gzip.compress(b"key,created\nA,2026-01-05\n")[:10] + b"\0" * rng.randrange(500),
    lambda rng: b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"n" * rng.randrange(2_000_000),
    lambda rng: changed(gzip.compress(damaged(rng.randrange(1 << 30))[1]), rng),
)


# -- bundles --------------------------------------------------------------------------------------------


def _bundle(rng: Random) -> Attempt:
    data = rng.choice(_BUNDLES)(rng)
    conflict = rng.choice(((), ("--conflict", "merge"), ("--conflict", "replace"), ("--conflict", "copy")))
    return _imported(rng.choice(("team.zip", "team.csv")), data, *conflict)


@cache
def whole_bundle() -> bytes:
    """A bundle with something of everything."""
    from tests.faults.bundled import bundle

    return bundle()


def _entries() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole_bundle())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _fitting(entries: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """With the sums made to fit, as somebody would who wants it to be believed."""
    manifest = json.loads(entries["bundle.json"])
    manifest["sha256"] = {
        name: hashlib.sha256(content).hexdigest() for name, content in entries.items() if name != "bundle.json"
    }
    return _zipped([*((n, c) for n, c in entries.items() if n != "bundle.json"),
                    ("bundle.json", json.dumps(manifest).encode())], packing)  # fmt: skip


def _zipped(entries: list[tuple[str | zipfile.ZipInfo, bytes]], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return packed.getvalue()


def _wounded_bundle(rng: Random) -> bytes:
    return changed(whole_bundle(), rng)


def _broken_records(rng: Random) -> bytes:
    entries = _entries()
    name = rng.choice([name for name in entries if name != "bundle.json"])
    if rng.random() < 0.4:
        entries[name] = changed(entries[name], rng)
    else:
        lines = entries[name].split(b"\n")
        at = rng.randrange(len(lines))
        document = replaced(json.loads(lines[at]), rng, rng.randint(1, 4))
        lines[at] = json.dumps(document).encode("utf-8", "surrogatepass")
        entries[name] = b"\n".join(lines)
    return _fitting(entries)


_ODD: tuple[Any, ...] = (
    None, True, -1, 0, 10**400, 1e308, "", "x", "\ud800", "9999-12-31", "0001-01-01", "2026-02-30T25:00:00", [], {},
    [[]], ["a", 1, None], {"a": {"b": []}}, "x" * 100_000, [1] * 5_000, "NaN", "Europe/Nowhere", "../..", 10**20,
)  # fmt: skip


def _odd_settings(rng: Random) -> bytes:
    """What stands in no column of its own, each value by itself: settings, meaning, scenarios, milestones."""
    entries = _entries()
    for name in ("profiles/0/profile.json", "profiles/0/queries/0/query.json", "profiles/0/milestones.0000.jsonl"):
        document = json.loads(entries[name])
        for key in rng.sample(sorted(document), rng.randint(0, min(3, len(document)))):
            if key not in ("id", "profile_id", "created_at", "last_used"):
                document[key] = _oddly(document[key], rng)
        entries[name] = json.dumps(document).encode("utf-8", "surrogatepass")
    return _fitting(entries)


def _oddly(value: Any, rng: Random) -> Any:
    """The same in its form, with one value in it that is none; or something else altogether."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(sorted(value))
        return {**value, key: _oddly(value[key], rng), rng.choice(("a", "\ud800", key)): rng.choice(_ODD)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        return [_oddly(value[0], rng), *value[1:]] * rng.choice((1, 1, 500))
    return rng.choice(_ODD)


def _odd_names(rng: Random) -> bytes:
    """Names that lead out of the folder, are the same, or are none."""
    names = (
        "../../outside.txt", "/tmp/outside.txt", "C:\\outside.txt", "..\\outside.txt", "profiles/../../outside.txt",
        "profiles/0/queries/../../../x", "profiles/x/profile.json", "profiles/٣/profile.json", "profiles//profile.json",
        "profiles/0/queries/0/issues.0000.jsonl/", "a" * 60_000, "profiles/" + "9" * 5_000 + "/profile.json",
        "\u202e.zip", "CON", "profiles/0/queries/-1/query.json", "burndown.db", "profiles", "bundle.json/x", " ",
    )  # fmt: skip
    entries = _entries()
    for name in rng.sample(names, rng.randint(1, 3)):
        entries[name] = rng.choice((b"", b"x", b"{}", entries["profiles/0/profile.json"]))
    return _fitting(entries)


def _twice(rng: Random) -> bytes:
    entries = _entries()
    name = rng.choice(sorted(entries))
    other = rng.choice((b"", b"{}", changed(entries[name], rng)))
    more: list[tuple[str | zipfile.ZipInfo, bytes]] = [(name, other)] * rng.randint(1, 3)
    whole: list[tuple[str | zipfile.ZipInfo, bytes]] = list(entries.items())
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _zipped([*more, *whole] if rng.random() < 0.5 else [*whole, *more])


def _links(rng: Random) -> bytes:
    entries: list[tuple[str | zipfile.ZipInfo, bytes]] = []
    for name, content in _entries().items():
        info = zipfile.ZipInfo(name)
        if rng.random() < 0.3:
            info.create_system = 3
            info.external_attr = (rng.choice((stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR)) | 0o777) << 16
            content = rng.choice((b"/etc/passwd", content))
        entries.append((info, content))
    return _zipped(entries)


def _lying(rng: Random) -> bytes:
    """Sizes, sums, offsets, flags or methods in the table of contents that are not those of the entries."""
    data = bytearray(whole_bundle())
    marks = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")
    places = [at for at in range(len(data) - 4) if bytes(data[at : at + 4]) in marks]
    for _ in range(rng.randint(1, 3)):
        at = rng.choice(places) + rng.choice((6, 8, 10, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 42))
        value = rng.choice((0, 1, 9, 12, 14, 99, 0x7FFF, 0xFFFF))
        data[at : at + 2] = struct.pack("<H", value)
        if rng.random() < 0.3:
            data[at : at + 4] = struct.pack("<I", rng.choice((0, 0xFFFFFFFF, 0x7FFFFFFF, 1 << 30, len(data))))
    return bytes(data)


def _swelling(rng: Random) -> bytes:
    """What unpacks to hundreds of megabytes, believed or not."""
    entries = _entries()
    filling = rng.choice((b"\0", b" ", b"\n", b"[", b"{}\n"))
    for number in range(rng.randint(1, 6)):
        name = rng.choice((f"filling.{number}", f"profiles/0/queries/0/issues.{5 + number:04d}.jsonl"))
        entries[name] = filling * (rng.choice((900_000, 9_000_000, 49_000_000)) // len(filling))
    return _fitting(entries)


def _overlapping(rng: Random) -> bytes:
    """Many names for the same packed bytes, as the bombs of a few kilobytes are made."""
    kernel = zipfile.ZipFile(io.BytesIO(_zipped([("a", b"0" * rng.choice((10_000, 40_000_000)))]))).infolist()[0]
    whole = _zipped([("a", b"0" * kernel.file_size)])
    begin = whole.index(b"PK\x01\x02")
    header = whole[begin : whole.index(b"PK\x05\x06")]
    count = rng.choice((3, 900, 5_000))
    table = b"".join(header[:46] + b"a" for _ in range(count))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(table), begin, 0)
    return whole[:begin] + table + end


def _crowded(rng: Random) -> bytes:
    return _zipped([(f"profiles/{n}/profile.json", b"{}") for n in range(rng.choice((900, 20_000)))])


def _odd_manifest(rng: Random) -> bytes:
    entries = _entries()
    manifest: Any = json.loads(entries["bundle.json"])
    odd: tuple[Any, ...] = (None, [], {}, "1", "x", 10**400, 1e308, True, -1, {"a": 1}, [["a", "b"]], "\ud800")
    for name in rng.sample(sorted(manifest), rng.randint(1, len(manifest))):
        manifest[name] = rng.choice(odd)
    text = json.dumps(rng.choice((manifest, manifest, [manifest], "bundle", None)))
    entries["bundle.json"] = rng.choice((text.encode(), b"[" * 100_000, b"\xff" * 50, text.encode("utf-16")))
    return _zipped(list(entries.items()))


def _with_more_around(rng: Random) -> bytes:
    around = rng.randbytes(rng.randint(1, 70_000))
    return around + whole_bundle() if rng.random() < 0.5 else whole_bundle() + around


def _packed_otherwise(rng: Random) -> bytes:
    return _fitting(_entries(), rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)))


_BUNDLES: tuple[Callable[[Random], bytes], ...] = (
    _wounded_bundle, _wounded_bundle, _odd_settings, _odd_settings, _odd_settings, _broken_records, _broken_records,
    _broken_records, _broken_records, _odd_names, _twice, _links, _lying, _lying, _swelling, _overlapping, _crowded,
    _odd_manifest, _with_more_around, _packed_otherwise,
)  # fmt: skip


# -- whole folders, and databases -------------------------------------------------------------------------


def _old_folder(rng: Random) -> Attempt:
    """An old installation with a few broken files."""
    if not TINY.is_dir():
        return _bundle(rng)
    files = {f"old/{path.relative_to(TINY)}": path.read_bytes() for path in TINY.rglob("*") if path.is_file()}
    for name in rng.sample(sorted(files), rng.randint(1, 3)):
        if name.endswith(".json") and rng.random() < 0.6:
            document = replaced(json.loads(files[name]), rng, rng.randint(1, 5))
            files[name] = json.dumps(document).encode("utf-8", "surrogatepass")
        else:
            files[name] = changed(files[name], rng)
    return Attempt("old folder", files, ("migrate", "{}/old", rng.choice(("--merge", "--as-new-profile"))))


def _backup(rng: Random) -> Attempt:
    from tests.faults.bundled import database

    data = changed(database(), rng)
    return Attempt("backup", {"burndown-20260302T090000Z.db": data}, ("restore", "{}/burndown-20260302T090000Z.db"))


_SHARES: tuple[tuple[Callable[[Random], Attempt], int], ...] = (
    (_export, 26), (_dialect, 10), (_lines_or_marks, 6), (_shared_file, 12), (_weeks, 4), (_with_mapping, 5),
    (_exhausting, 8), (_gzip, 6), (_bundle, 16), (_old_folder, 4), (_backup, 3),
)  # fmt: skip
_WAYS = tuple(way for way, _ in _SHARES)
