"""The one way in: a source of bytes to records, part by part where it is large; a small file is one part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter

from app.errors import BadInput
from app.imports.reading import read, require_records
from app.imports.request import Request
from app.imports.results import Imported
from app.imports.source import LARGEST, Source, is_large, size_of, whole
from app.imports.statuses import require_few
from app.imports.streaming import parts_of
from app.imports.tables import read_content
from app.jobs import Progress
from app.words import N_

# Each is about a kilobyte of memory while it is looked at: with more, one page would take 300 MB and many seconds.
MOST_ITEMS = 250_000


def records(
    source: Source,
    request: Request,
    progress: Progress,
    most: int = MOST_ITEMS,
    *,
    leave: Callable[[object], object] = lambda content: None,
) -> Iterator[Imported]:
    """The records of a file. Nothing is read before the first part is asked for, but its beginning.

    `leave` gets the cells of a small file, for who has no time to take them apart one by one.
    Raises UnreadableFile for what makes no sense, and BadInput for what must be said in a mapping, for more than `most`
    items or of statuses beyond all reason, or where no row of a small file could be used.
    """
    if size_of(source) > LARGEST:
        raise BadInput(N_("The file is larger than 1 GB. Export fewer columns, or split it."))
    large = parts_of(source, request, progress) if is_large(source) else None
    if large is not None:
        return _within(most, large)
    content = read_content(whole(source))
    leave(content)
    imported = read(content, request)
    require_records(imported)
    return iter([imported])


def _within(most: int, parts: Iterator[Imported]) -> Iterator[Imported]:
    count, statuses = 0, set[str]()
    for part in parts:
        count += len(part.issues)
        statuses.update(map(attrgetter("status"), part.issues))
        require_few(statuses)
        if count > most:
            raise BadInput(
                N_(
                    "The file holds more than {most:,} items, more than one work list can carry. Export one team, or "
                    "the last years only. Nothing was changed.",
                    most=most,
                )
            )
        yield part
