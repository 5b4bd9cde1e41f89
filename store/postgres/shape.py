"""Whether the schema on the server is built as ours are: what somebody else put into it is named, and left alone.

In a file of ours such a thing never runs, because the file is made anew. A team's server belongs to its administrator,
who may have put a trigger there for good reason, such as a log of changes. So it is said, wherever somebody looks: what
runs with each change may alter, hide or throw away what a member was told is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import cache

from store.errors import StoreError, Unreachable
from store.postgres.connections import PostgresSessions
from store.postgres.dialect import POSTGRES
from store.sql.session import Session
from store.sqlite.shape import column_forms
from store.texts import N_

_log = logging.getLogger(__name__)

_TABLE = "r"
_KINDS = {_TABLE: "table", "p": "table in parts", "v": "view", "m": "view", "f": "table elsewhere"}
# The type of a column, and whether it has a value in every row.
_Form = tuple[str, bool]
# Whether something stands in it is looked at before.
_MARK: dict[str, _Form] = {
    "application_id": ("bigint", False),
    "version": ("bigint", False),
    "made_by": ("text", False),
}
_FOREIGN = N_(
    "The schema {name} of the team's database holds what Burndown did not make: {names}. It may change, hide or throw "
    "away what is kept there. Ask the administrator what it is for, and to take it away where nobody knows."
)
_MOST_NAMES = 10
# Every relation that can be read, with its columns. Sequences and indexes answer nothing.
_COLUMNS = (
    "SELECT c.relname, c.relkind, a.attname, pg_catalog.format_type(a.atttypid, NULL), a.attnotnull "
    "FROM pg_catalog.pg_class AS c "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute AS a "
    "ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
)
_OF_TABLE = (
    "JOIN pg_catalog.pg_class AS c ON c.oid = {table} JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "WHERE n.nspname = ?"
)
# What runs or decides with a statement: its name, and the table that it is about. The server's own functions are in no
# list of what depends on what.
_RUNNING = {
    "trigger": "SELECT t.tgname, c.relname FROM pg_catalog.pg_trigger AS t "
    + _OF_TABLE.format(table="t.tgrelid")
    + " AND NOT t.tgisinternal",
    "rule": "SELECT r.rulename, c.relname FROM pg_catalog.pg_rewrite AS r "
    + _OF_TABLE.format(table="r.ev_class")
    + " AND r.rulename <> '_RETURN'",
    "row security": "SELECT '', c.relname FROM pg_catalog.pg_class AS s "
    + _OF_TABLE.format(table="s.oid")
    + " AND s.relrowsecurity",
    "inherited by": "SELECT i.inhrelid::pg_catalog.regclass::text, c.relname FROM pg_catalog.pg_inherits AS i "
    + _OF_TABLE.format(table="i.inhparent"),
    "function": "SELECT p.proname, '' FROM pg_catalog.pg_proc AS p "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname = ?",
    "operator": "SELECT o.oprname, '' FROM pg_catalog.pg_operator AS o "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = o.oprnamespace WHERE n.nspname = ?",
    "condition": "SELECT k.conname, c.relname FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_depend AS d "
    "ON d.objid = k.oid AND d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass "
    "AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass " + _OF_TABLE.format(table="k.conrelid"),
    "default": "SELECT a.attname, c.relname FROM pg_catalog.pg_attrdef AS f JOIN pg_catalog.pg_depend AS d "
    "ON d.objid = f.oid AND d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass "
    "AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass JOIN pg_catalog.pg_attribute AS a "
    "ON a.attrelid = f.adrelid AND a.attnum = f.adnum " + _OF_TABLE.format(table="f.adrelid"),
    "index": "SELECT x.relname, c.relname FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS x "
    "ON x.oid = i.indexrelid JOIN pg_catalog.pg_depend AS d ON d.objid = x.oid "
    "AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass "
    "AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass " + _OF_TABLE.format(table="i.indrelid"),
}


def problems_in(session: Session, schema: str) -> list[str]:
    """A sentence where something is there, or is not as ours, in the schema of a store of our version."""
    questions = [(statement, (schema,)) for statement in (_COLUMNS, *_RUNNING.values())]
    columns, *running = session.together(*questions)
    names = sorted({*_of_form(columns), *_of_running(running)})
    if not names:
        return []
    more = [f"… (+{len(names) - _MOST_NAMES})"] if len(names) > _MOST_NAMES else []
    return [N_(_FOREIGN, name=schema, names=", ".join([*names[:_MOST_NAMES], *more]))]


def foreign_in(sessions: PostgresSessions) -> list[str]:
    """The same. Where a server that speaks PostgreSQL's language has no such lists, nothing can be said."""
    try:
        with sessions.reading() as session:
            return problems_in(session, sessions.schema)
    except Unreachable:
        raise
    except StoreError:
        _log.warning("what else is in the schema on the server cannot be told", exc_info=True)
        return []


def _of_running(running: Iterable[Iterable[tuple[str, str]]]) -> Iterator[str]:
    for kind, rows in zip(_RUNNING, running, strict=True):
        for name, table in rows:
            yield f"{kind} {name or table}{f' ({table})' if name and table else ''}"


def _of_form(columns: Iterable[tuple[str, str, str, str, bool]]) -> Iterator[str]:
    """Relations that are none of ours or lack, and columns that are more, fewer, of another type or may be empty."""
    there: dict[str, dict[str, _Form]] = {}
    for table, kind, column, column_type, is_required in columns:
        if table not in _expected() or kind != _TABLE:
            yield f"{_KINDS[kind]} {table}"
        there.setdefault(table, {})[column] = column_type, is_required
    for table, wanted in _expected().items():
        if table not in there:
            yield f"no table {table}"
            continue
        for name in wanted.keys() | there[table].keys():
            if not _is_as(wanted.get(name), there[table].get(name)):
                yield f"column {name} ({table})"


def _is_as(wanted: _Form | None, there: _Form | None) -> bool:
    return wanted is not None and there is not None and wanted[0] == there[0] and wanted[1] <= there[1]


@cache
def _expected() -> dict[str, dict[str, _Form]]:
    """The columns of our tables, as they are on the server."""
    ours = {table: {name: _on_server(form) for name, form in forms.items()} for table, forms in column_forms().items()}
    return ours | {"about": _MARK}


def _on_server(form: _Form) -> _Form:
    kind, is_required = form
    return POSTGRES.defined(kind).partition(" COLLATE")[0], is_required
