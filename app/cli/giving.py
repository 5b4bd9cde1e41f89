"""Data out: a bundle to hand on, the old app's folder layout, tables."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from app.actions.export import export_csv
from app.cli.answer import Answer
from app.cli.folder import chosen_profiles, reading
from app.context import Context
from app.errors import BadInput
from app.words.formats import plural
from store import bundle
from store.legacy.tree.jsontree import export_tree
from store.paths import DataFolder
from store.records import Counts, Profile


def export(arguments: Namespace, folder: DataFolder) -> Answer:
    with reading(folder) as ctx:
        if arguments.bundle is not None:
            return _bundle(ctx, Path(arguments.bundle), arguments.profile)
        if arguments.csv is not None:
            return _tables(ctx, Path(arguments.csv), arguments.profile)
        return _tree(ctx, Path(arguments.json_tree), arguments.profile)


def _bundle(ctx: Context, file: Path, profile: str | None) -> Answer:
    chosen = chosen_profiles(ctx, profile)
    written = bundle.write(ctx.backend, file, [each.id for each in chosen])
    return _answer([str(written.file)], _counts(ctx, chosen))


def _tree(ctx: Context, target: Path, profile: str | None) -> Answer:
    if profile is not None:
        raise BadInput("--json-tree writes all profiles. Leave out --profile, or export a --bundle.")
    result = export_tree(ctx.backend, target)
    return _answer([str(target / name) for name in result.files], result.counts)


def _tables(ctx: Context, target: Path, profile: str | None) -> Answer:
    if profile is not None:
        raise BadInput("--csv writes all profiles, a folder each. Leave out --profile.")
    result = export_csv(ctx.backend, target)
    return _answer([str(target / name) for name in result.files], result.counts)


def _counts(ctx: Context, profiles: Sequence[Profile]) -> Counts:
    parts = [ctx.backend.counts(query.ref) for each in profiles for query in ctx.backend.list_queries(each.id)]
    sums = {each.name: sum(getattr(part, each.name) for part in parts) for each in fields(Counts)}
    return Counts(**(sums | {"profiles": len(profiles)}))


def _answer(files: Sequence[str], counts: Counts) -> Answer:
    what = files[0] if len(files) == 1 else f"{len(files)} files"
    counted = [
        f"{counts.profiles} {plural(counts.profiles, 'profile')}",
        f"{counts.queries} {plural(counts.queries, 'query', 'queries')}",
        f"{counts.issues} {plural(counts.issues, 'issue')}",
    ]
    text = f"Exported {', '.join(counted)}: {what}"
    return Answer({"files": list(files), "counts": asdict(counts)}, text)
