"""The report of one or more work lists as a file."""

from __future__ import annotations

import time
from argparse import Namespace
from pathlib import Path

from app.cli.answer import Answer
from app.cli.folder import chosen_query, reading
from app.cli.which_work import analysis_of
from app.context import Context
from app.domain.track_record import Outlook, stored
from app.errors import BadInput
from app.output.report import Work, chosen, report
from app.output.sections import Contents
from app.views.days import default_days, first_drawn
from app.views.view import Scene
from app.words.formats import Formats
from store import files
from store.errors import not_writable
from store.paths import DataFolder
from store.records import Query


def write(arguments: Namespace, folder: DataFolder) -> Answer:
    begun = time.monotonic()
    target = Path(arguments.out)
    if target.suffix.lower() not in (".html", ".htm"):
        raise BadInput(f"{target} would not open in a browser. Give the report a name that ends in .html.")
    which_work = Contents(chosen((arguments.sections or "").split(",")), not arguments.no_summaries)
    with reading(folder) as ctx:
        queries = [chosen_query(ctx, arguments.profile, name) for name in arguments.query or [None]]
        works = [_work(ctx, query, arguments) for query in {each.ref: each for each in queries}.values()]
        content = report(works, which_work).encode()
    try:
        with files.replacing(target, private=False, is_text=True) as stream:
            stream.write(content)
    except OSError as exc:
        raise not_writable(f"The report could not be written to {target}", exc) from exc
    seconds = round(time.monotonic() - begun, 3)
    document = {"file": str(target), "bytes": len(content), "sections": list(which_work.sections), "seconds": seconds}
    names, as_of = ", ".join(work.name for work in works), works[0].as_of
    return Answer(document, f"{target} is written: {names}, {as_of[:1].lower()}{as_of[1:]}.")


def _work(ctx: Context, query: Query, arguments: Namespace) -> Work:
    profile = ctx.backend.get_profile(query.profile_id)
    analysis = analysis_of(ctx, query, arguments)

    def outlooks() -> tuple[Outlook, ...]:
        return stored(ctx.snapshots(query.ref), analysis.params.unit)

    scene = Scene(analysis, Formats(), first_drawn(default_days(analysis), analysis), outlooks=outlooks)
    return Work(profile.name if profile is not None else "", query.name, scene)
