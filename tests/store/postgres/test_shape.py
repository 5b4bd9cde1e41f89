"""What somebody else put into the schema of a team is said, and what says of which version the data are is believed
only where it is ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from store.errors import Damaged, Refused, StoreError
from store.postgres.backend import open_sessions
from store.postgres.shape import foreign_in
from store.postgres.team import TeamBackend
from store.records import Issue, QueryRef
from store.sql.schema import SCHEMA_VERSION
from tests.postgres import Server, opened, own_schema, shared_server
from tests.store.contract.filling import profile, query

# They start a server of PostgreSQL.
pytestmark = pytest.mark.slow

_FUNCTION = "CREATE FUNCTION {s}.odd() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$"
_YES = "CREATE FUNCTION {s}.yes() RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN true; END$$"
PUT_IN = {
    "trigger odd (issues)": (
        _FUNCTION,
        "CREATE TRIGGER odd BEFORE INSERT ON {s}.issues FOR EACH ROW EXECUTE FUNCTION {s}.odd()",
    ),
    "function odd": (_FUNCTION,),
    "rule odd (issues)": ("CREATE RULE odd AS ON INSERT TO {s}.issues DO INSTEAD NOTHING",),
    "row security issues": ("ALTER TABLE {s}.issues ENABLE ROW LEVEL SECURITY",),
    "condition odd (queries)": (_YES, "ALTER TABLE {s}.queries ADD CONSTRAINT odd CHECK ({s}.yes())"),
    "default extras (queries)": (_YES, "ALTER TABLE {s}.queries ALTER extras SET DEFAULT {s}.yes()::text"),
    "index odd (issues)": (_YES, "CREATE INDEX odd ON {s}.issues (({s}.yes()))"),
    "operator #+#": (
        _YES.replace("yes()", "yes(bigint)"),
        "CREATE OPERATOR {s}.#+# (RIGHTARG = bigint, PROCEDURE = {s}.yes)",
    ),
    "table invoices": ("CREATE TABLE {s}.invoices (id int)",),
    "inherited by": ("CREATE TABLE {s}.more () INHERITS ({s}.weeks)",),
    "view weeks": ("ALTER TABLE {s}.weeks RENAME TO elsewhere", "CREATE VIEW {s}.weeks AS SELECT * FROM {s}.elsewhere"),
    "no table forecasts": ("DROP TABLE {s}.forecasts",),
    "column more (issues)": ("ALTER TABLE {s}.issues ADD more text",),
    "column summary (issues)": ("ALTER TABLE {s}.issues DROP summary",),
    "column name (profiles)": ("ALTER TABLE {s}.profiles ALTER name DROP NOT NULL",),
    "column rank (milestones)": ("ALTER TABLE {s}.milestones ALTER rank TYPE text",),
}  # fmt: skip


@pytest.fixture
def server() -> Server:
    return shared_server("15")


@pytest.fixture
def schema(server: Server) -> Iterator[str]:
    with own_schema(server) as name:
        yield name


@pytest.fixture
def backend(server: Server, schema: str, tmp_path: Path) -> Iterator[TeamBackend]:
    with opened(server, tmp_path, schema) as result:
        yield result


def put_in(server: Server, schema: str, *statements: str) -> None:
    server.admin(*(statement.format(s=f'"{schema}"') for statement in statements))


def test_of_a_store_that_we_made_nothing_is_said(backend: TeamBackend, tmp_path: Path) -> None:
    assert foreign_in(backend.sessions.server) == []
    assert backend.upkeep(tmp_path).check() == []


@pytest.mark.parametrize("name", PUT_IN)
def test_what_somebody_else_put_there_is_named(server: Server, schema: str, backend: TeamBackend, name: str) -> None:
    put_in(server, schema, *PUT_IN[name])
    (sentence,) = foreign_in(backend.sessions.server)
    assert f"{schema} of the team's database holds what Burndown did not make" in sentence
    assert name in sentence


def test_the_check_of_a_team_says_it(server: Server, schema: str, backend: TeamBackend, tmp_path: Path) -> None:
    put_in(server, schema, *PUT_IN["trigger odd (issues)"])
    (sentence,) = backend.upkeep(tmp_path).check()
    assert "function odd, trigger odd (issues)" in sentence


def test_of_many_names_the_first_are_said_and_how_many_more(server: Server, schema: str, backend: TeamBackend) -> None:
    put_in(server, schema, *(f"CREATE TABLE {{s}}.other{number:02} (id int)" for number in range(14)))
    (sentence,) = foreign_in(backend.sessions.server)
    assert "table other09, … (+4)" in sentence


def test_rows_that_the_server_hides_from_a_user_are_refused_and_not_missing(
    server: Server, schema: str, backend: TeamBackend
) -> None:
    backend.save_profile(profile())
    backend.save_query(query())
    backend.upsert_issues(QueryRef("p", "q"), [Issue("A-1"), Issue("A-2")])
    guest = f"guest_{schema[-6:]}"
    put_in(
        server,
        schema,
        f"CREATE ROLE {guest} LOGIN",
        f"GRANT USAGE ON SCHEMA {{s}} TO {guest}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA {{s}} TO {guest}",
        "ALTER TABLE {s}.issues ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY few ON {s}.issues USING (key = 'A-1')",
    )
    try:
        sessions = open_sessions(replace(server.address, user=guest), schema=schema)
        with pytest.raises(Refused, match="row-level security"):
            sessions.rows("SELECT key FROM issues")
        sessions.close()
    finally:
        put_in(server, schema, f"DROP OWNED BY {guest}", f"DROP ROLE {guest}")


NO_VERSIONS = {
    "nothing": ("ALTER TABLE {s}.about ALTER version DROP NOT NULL", "UPDATE {s}.about SET version = NULL"),
    "words": ("ALTER TABLE {s}.about ALTER version TYPE text USING 'new'",),
    "a number below all": ("UPDATE {s}.about SET version = -5",),
    "none yet": ("UPDATE {s}.about SET version = 0",),
    "two": ("INSERT INTO {s}.about SELECT application_id, 1, 'x' FROM {s}.about",),
}


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("kind", NO_VERSIONS)
def test_data_that_do_not_say_of_which_version_they_are_are_left_alone(
    server: Server, schema: str, backend: TeamBackend, kind: str, *, read_only: bool
) -> None:
    put_in(server, schema, *NO_VERSIONS[kind])
    for make in (True, False):
        with pytest.raises(Damaged, match="do not say of which version they are"):
            open_sessions(server.address, schema=schema, read_only=read_only, make=make)
    assert backend.list_profiles() == []


@pytest.mark.parametrize("kind", ["nothing", "words", "a number below all"])
def test_a_change_is_refused_where_the_version_went_meanwhile(
    server: Server, schema: str, backend: TeamBackend, kind: str
) -> None:
    backend.save_profile(profile())
    put_in(server, schema, *NO_VERSIONS[kind])
    with pytest.raises(StoreError, match="do not say of which version they are"):
        backend.delete_profile("p")
    assert len(backend.list_profiles()) == 1
    # The connection is as good as before.
    assert backend.sessions.rows("SELECT 1") == [(1,)]


def test_our_own_number_is_the_one_that_is_written(backend: TeamBackend) -> None:
    assert backend.sessions.rows("SELECT version FROM about") == [(SCHEMA_VERSION,)]


STRANGE_ROWS = {
    "nothing": ("ALTER TABLE {s}.profiles ALTER name DROP NOT NULL", "UPDATE {s}.profiles SET name = NULL"),
    "a document": ("ALTER TABLE {s}.profiles ALTER jira_config TYPE jsonb USING jira_config::jsonb",),
    "a list": ("ALTER TABLE {s}.profiles ALTER name TYPE text[] USING ARRAY[name]",),
    "a time": (
        "ALTER TABLE {s}.profiles DROP CONSTRAINT profiles_created_at_check",
        "ALTER TABLE {s}.profiles ALTER created_at TYPE timestamptz USING created_at::timestamptz",
    ),
    "a year beyond every calendar": (
        "ALTER TABLE {s}.profiles DROP CONSTRAINT profiles_created_at_check",
        "ALTER TABLE {s}.profiles ALTER created_at TYPE timestamptz USING '20000-01-01'::timestamptz",
    ),
    "one row twice": (
        "ALTER TABLE {s}.profiles RENAME TO elsewhere",
        "CREATE VIEW {s}.profiles AS SELECT * FROM {s}.elsewhere UNION ALL SELECT * FROM {s}.elsewhere",
    ),
}


@pytest.mark.parametrize("kind", STRANGE_ROWS)
def test_rows_that_are_none_of_ours_are_damage_to_a_copy_and_the_check_names_where(
    server: Server, schema: str, backend: TeamBackend, tmp_path: Path, kind: str
) -> None:
    backend.save_profile(profile())
    put_in(server, schema, *STRANGE_ROWS[kind])
    with pytest.raises(Damaged, match=r"not as Burndown keeps them|are damaged"):
        backend.upkeep(tmp_path).snapshot()
    assert not list((tmp_path / "backups").glob("*"))
    assert any("profiles" in sentence for sentence in foreign_in(backend.sessions.server))
