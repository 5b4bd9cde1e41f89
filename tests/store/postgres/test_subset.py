"""Our SQL keeps to what the record of decisions says that databases spread over several computers take."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.postgres.dialect import POSTGRES
from store.sql.schema import MIGRATIONS

ROOT = Path(__file__).resolve().parents[3]
RECORD = (ROOT / "docs" / "decisions" / "0020-beyond-one-server.md").read_text(encoding="utf-8")
VERBS = (
    "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT",
    "RELEASE", "SET", "COPY", "LISTEN", "UNLISTEN", "NOTIFY", "WITH", "LOCK", "GRANT", "TRUNCATE", "EXPLAIN", "DO",
)  # fmt: skip
STATEMENT = re.compile(rf"\s*\(?({'|'.join(VERBS)})\b")
WORD = re.compile(r"\b[A-Z]{2,}\b")
CALL = re.compile(r"\b([a-z_]+)\s?\(")
# Before a parenthesis, but the name of a table or of an index's table: `INSERT INTO issues (…`.
NOT_CALLED = re.compile(r"\b(?:INTO|TABLE|REFERENCES|ON|COPY|FROM|JOIN)\s+[a-z_.]+\s?\(")


def listed(name: str) -> set[str]:
    lines = re.findall(rf"^    {name}: (.+)$", RECORD, re.MULTILINE)
    assert lines, f"the record lists no {name}"
    return {word for line in lines for word in line.split()}


SHARED, SHARED_FUNCTIONS = listed("words"), listed("functions")
OWN, OWN_FUNCTIONS = SHARED | listed("own"), SHARED_FUNCTIONS | listed("own functions")


def texts(module: Path) -> Iterator[str]:
    """Every text in the module that is not a docstring, as one with its parts where it has some."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef)
    first = [node.body[0] for node in ast.walk(tree) if isinstance(node, holders) and node.body]
    seen = {id(node.value) for node in first if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            seen |= {id(part) for part in node.values}
            yield "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)  # type: ignore[misc]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in seen:
            yield node.value


def without_values(text: str) -> str:
    return re.sub(r"""'[^']*'|"[^"]*\"""", "''", text)


def strange(text: str, words: set[str], functions: set[str]) -> set[str]:
    plain = without_values(text)
    calls = set(CALL.findall(NOT_CALLED.sub("0 (", plain)))
    return (set(WORD.findall(plain)) - words) | (calls - functions)


@pytest.mark.parametrize("module", sorted((ROOT / "store" / "sql").glob("*.py")), ids=lambda path: path.stem)
def test_the_texts_of_all_engines_use_the_listed_words(module: Path) -> None:
    # The one pragma is SQLite's word of its dialect.
    names = [text for text in texts(module) if WORD.search(without_values(text)) and not text.startswith("PRAGMA")]
    assert {word for text in names for word in set(WORD.findall(without_values(text))) - SHARED} == set()
    statements = [text for text in names if STATEMENT.match(text)]
    assert {word for text in statements for word in strange(text, SHARED, SHARED_FUNCTIONS)} == set()


@pytest.mark.parametrize("module", sorted((ROOT / "store" / "postgres").glob("*.py")), ids=lambda path: path.stem)
def test_what_postgres_adds_is_listed(module: Path) -> None:
    statements = [text for text in texts(module) if STATEMENT.match(text)]
    assert {word for text in statements for word in strange(text, OWN, OWN_FUNCTIONS)} == set()


def test_the_schema_as_postgres_is_given_it_uses_the_listed_words() -> None:
    texts = [POSTGRES.defined(statement) for step in MIGRATIONS for statement in step]
    # Steps that change rows are for stores that were made before them, and on a server there are none.
    names = [statement for statement in texts if not statement.lstrip().startswith("UPDATE")]
    assert {word for statement in names for word in set(WORD.findall(without_values(statement))) - OWN} == set()
    assert not any(word in " ".join(names) for word in ("GLOB", "STRICT", "ROWID", "BLOB"))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER one AFTER INSERT ON issues",
        "SELECT key, row_number() OVER (ORDER BY no) FROM issues",
        "WITH RECURSIVE up AS (SELECT 1) SELECT * FROM up",
        "SELECT key FROM issues FOR UPDATE",
        "SELECT array_agg(key) FROM issues",
    ],
)
def test_what_does_not_go_everywhere_is_found(statement: str) -> None:
    assert strange(statement, SHARED, SHARED_FUNCTIONS)
