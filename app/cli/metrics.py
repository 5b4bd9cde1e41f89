"""Every derived number of a query, and the rows behind one subject as CSV."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.answer import Answer
from app.cli.folder import chosen_query, reading
from app.cli.which_work import analysis_of
from app.domain.analysis import ASKED_FOR, SUBJECTS, Analysis
from app.errors import BadInput, Usage
from app.output.csv import to_csv
from app.output.document import document, outline, rows
from app.words.formats import plural
from store import files
from store.errors import not_writable
from store.paths import DataFolder

if TYPE_CHECKING:
    from app.views.view import View

_KNOWN = (*SUBJECTS, *ASKED_FOR)


def metrics(arguments: Namespace, folder: DataFolder) -> Answer:
    names = tuple(dict.fromkeys(arguments.subject or SUBJECTS))
    for name in names:
        _known(name)
    # Nothing else tells of the forecasts that were made.
    with reading(folder, recorded="track_record" in names) as ctx:
        query = chosen_query(ctx, arguments.profile, arguments.query)
        analysis = analysis_of(ctx, query, arguments)
        documents = {name: outline(getattr(analysis, name)) for name in names}
    if not arguments.subject:
        documents |= {
            name: {"not_enough_data": f"This takes long: ask for it with --subject {name}."} for name in ASKED_FOR
        }
    return Answer(documents, "\n\n".join(_text(name, result) for name, result in documents.items()))


def data(arguments: Namespace, folder: DataFolder) -> Answer:
    """The rows of a subject (`burndown`), of one list in it (`flow.age`), or of a view of the pages (`age`)."""
    with reading(folder) as ctx:
        query = chosen_query(ctx, arguments.profile, arguments.query)
        columns, table = _table(analysis_of(ctx, query, arguments), arguments.panel)
    text = to_csv(columns, table)
    if arguments.out == "-":
        return Answer({"file": "-", "rows": len(table), "csv": text}, text.rstrip(), is_data=True)
    target = Path(arguments.out)
    try:
        with files.replacing(target, private=False, is_text=True) as stream:
            # With a mark, so that spreadsheets see that it is UTF-8.
            stream.write(text.encode("utf-8-sig"))
    except OSError as exc:
        raise not_writable(f"The rows could not be written to {target}", exc) from exc
    return Answer(
        {"file": str(target), "rows": len(table)}, f"{len(table)} {plural(len(table), 'row')} written to {target}"
    )


def _known(subject: str) -> str:
    if subject not in _KNOWN:
        raise Usage(f"There is no subject {subject!r}. There are: {', '.join(_KNOWN)}.")
    return subject


def _table(analysis: Analysis, panel: str) -> tuple[list[str], list[list[Any]]]:
    """Columns and rows."""
    subject, _, way = panel.partition(".")
    if subject not in _KNOWN and not way:
        return _view(analysis, panel)
    result = document(getattr(analysis, _known(subject)))
    if isinstance(result, dict) and "not_enough_data" in result:
        raise BadInput(f"There are no rows: {result['not_enough_data']}")
    tables = rows(result)
    table = tables.get(way) or (next(iter(tables.values())) if not way and len(tables) == 1 else None)
    if table is not None:
        columns = list(dict.fromkeys(name for row in table for name in row))
        return columns, [[_cell(row.get(name)) for name in columns] for row in table]
    if not tables and not way and any(view.id == subject and view.rows for view in _views()):
        # A subject of single numbers only: the view of the same name may have rows all the same.
        return _view(analysis, panel)
    names = ", ".join(f"{subject}.{name}" if name else subject for name in tables)
    raise BadInput(f"{panel!r} names no list. There are: {names}." if names else f"There are no rows in {panel!r}.")


def _view(analysis: Analysis, name: str) -> tuple[list[str], list[list[Any]]]:
    from app.views.view import Scene  # noqa: PLC0415 as below

    tables = {view.id: (view.needs, view.rows) for view in _views() if view.rows is not None}
    if name not in tables:
        raise Usage(f"There is no panel {name!r}. There are: {', '.join(dict.fromkeys([*_KNOWN, *tables]))}.")
    needs, rows_of = tables[name]
    reason = needs(analysis)
    if reason is not None:
        raise BadInput(f"There are no rows: {reason}")
    table = rows_of(Scene(analysis))
    return list(table.header), [list(cells) for cells in table.cells]


def _views() -> tuple[View, ...]:
    # Only here: views bring all charts along, which no other command has a use for.
    from app.views import VIEWS  # noqa: PLC0415

    return VIEWS


def _cell(value: Any) -> Any:
    """Keys stand in one cell, parted by spaces; other parts of a row as they are told."""
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return str(value) if isinstance(value, dict) else value


def _text(name: str, document: Any) -> str:
    """For people: the single numbers, and how long the lists are."""
    return "\n".join([name, *(f"  {line}" for line in _lines(document))])


def _lines(document: Any, way: str = "") -> list[str]:
    if isinstance(document, dict):
        return [line for key, part in document.items() for line in _lines(part, f"{way}{' ' if way else ''}{key}")]
    if isinstance(document, list):
        return [f"{way}: {len(document)} {plural(len(document), 'entry', 'entries')}"]
    return [f"{way.replace('_', ' ')}: {'–' if document is None else document}"]
