"""Draw the executable's icon anew: `python3 scripts/icon.py`. For developers; standard library only.

A burndown: bars that grow shorter, in a rounded square. Written to scripts/frozen/burndown.ico in the sizes that
Windows asks for.
"""

from __future__ import annotations

import struct
import zlib

from _setup import ROOT, say

_SIZES = (16, 24, 32, 48, 64, 256)
_GROUND = (31, 78, 121)
_BAR = (255, 255, 255)
_LAST = (242, 169, 59)
# Left edge and top of each bar, in parts of the width; all end at the same foot.
_BARS = ((0.17, 0.20), (0.34, 0.36), (0.51, 0.50), (0.68, 0.66))
_BAR_WIDTH, _FOOT, _CORNER = 0.13, 0.80, 0.2
_SAMPLES = 4


def main() -> None:
    pictures = [_png(size) for size in _SIZES]
    target = ROOT / "scripts" / "frozen" / "burndown.ico"
    target.write_bytes(_ico(pictures))
    say(f"{target.name}: {target.stat().st_size} bytes")


def _ico(pictures: list[bytes]) -> bytes:
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    for size, picture in zip(_SIZES, pictures, strict=True):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return head + b"".join(pictures)


def _png(size: int) -> bytes:
    rows = b"".join(b"\0" + b"".join(_pixel(x, y, size) for x in range(size)) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _pixel(x: int, y: int, size: int) -> bytes:
    """Red, green, blue and cover: the mean of the samples within it."""
    steps = [(2 * at + 1) / (2 * _SAMPLES) for at in range(_SAMPLES)]
    samples = [_colour((x + right) / size, (y + down) / size) for down in steps for right in steps]
    seen = [colour for colour in samples if colour is not None]
    if not seen:
        return bytes(4)
    mean = [round(sum(colour[part] for colour in seen) / len(seen)) for part in range(3)]
    return bytes([*mean, round(255 * len(seen) / len(samples))])


def _colour(x: float, y: float) -> tuple[int, int, int] | None:
    """At a place given in parts of the width and height; None outside the rounded square."""
    across, down = (max(_CORNER - at, at - 1 + _CORNER, 0.0) for at in (x, y))
    if across**2 + down**2 > _CORNER**2:
        return None
    for left, top in _BARS:
        if left <= x < left + _BAR_WIDTH and top <= y < _FOOT:
            return _LAST if (left, top) == _BARS[-1] else _BAR
    return _GROUND


if __name__ == "__main__":
    main()
