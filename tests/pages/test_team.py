"""The page Team: what is asked, what is said, and that nothing happens before it was agreed to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.actions import membership, team
from app.context import Context
from app.errors import BadInput
from app.pages import team as page
from app.web import shell
from app.web.page import visit_of
from app.words.formats import formats_for
from store import team as kept
from store.data import open_data
from store.errors import BadAddress, StoreError, Unreachable, WrongPassphrase
from store.opening import open_store
from store.paths import DataFolder
from store.postgres.address import Address
from store.secrets import SEALED_FILE, Secrets
from tests import postgres
from tests.fake_keyring import FakeKeyring
from tests.pages.reading import texts
from tests.pages.sample import NOW, ImmediateJobs, sample_context
from tests.postgres import Server

# They start a server of PostgreSQL.
pytestmark = pytest.mark.slow

FORMATS = formats_for(["en-GB"])
SEARCH = ""


@pytest.fixture
def quits() -> list[str]:
    return []


@pytest.fixture
def ctx(tmp_path: Path, quits: list[str]) -> Iterator[Context]:
    """A folder with a project of its own."""
    folder = tmp_path / "data"
    opened = open_store(folder, mode="write")
    context = Context(opened.backend, ImmediateJobs(), folder, lambda: NOW, request_quit=lambda: quits.append("quit"))
    sample = sample_context()
    for profile in sample.backend.list_profiles():
        opened.backend.save_profile(profile)
        for query in sample.backend.list_queries(profile.id):
            opened.backend.save_query(query)
            facts = sample.backend.load_facts(query.ref)
            opened.backend.upsert_issues(query.ref, facts.issues, facts.changes)
    yield context
    opened.backend.close()


@pytest.fixture
def server() -> Iterator[Server]:
    """The shared one, with no data of a team in it."""
    database = postgres.shared_server("15")
    database.admin("DROP SCHEMA IF EXISTS burndown CASCADE")
    yield database
    database.admin("DROP SCHEMA IF EXISTS burndown CASCADE")


def typed(server: Server, password: str = "") -> tuple[str, ...]:
    return ("127.0.0.1", str(server.port), "owner", "team", "", password)


def shown(ctx: Context) -> str:
    return " ".join(texts(page.layout(visit_of(ctx, SEARCH, FORMATS, "/settings/team"))))


def text_of(effects: Any) -> str:
    return " ".join(text for part in effects.put.values() for text in texts(part["children"]))


def test_a_folder_by_itself_says_so_and_offers_to_test_share_and_join(ctx: Context) -> None:
    text = shown(ctx)
    assert "This folder works by itself" in text
    assert "Share this folder's projects" in text
    assert "Join" in text
    assert "PGPASSFILE" in str(page.layout(visit_of(ctx, SEARCH, FORMATS, "/settings/team")))
    assert "Leave" not in text.replace("Leave it empty", "")


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        (("", "", "ann", "team", ""), "which server"),
        (("db.example.com", "", "ann", "", ""), "which database"),
        (("db.example.com", "", "", "team", ""), "which user"),
        (("db.example.com", "no", "ann", "team", ""), "between 1 and 65535"),
        (("db.example.com", "70000", "ann", "team", ""), "between 1 and 65535"),
    ],
)
def test_what_is_missing_is_asked_for(fields: tuple[str, ...], part: str) -> None:
    with pytest.raises(BadInput, match=part):
        membership.place(*fields)


def test_a_whole_address_may_be_typed_but_none_with_a_password() -> None:
    assert membership.place("postgresql://ann@db.example.com/team").database == "team"
    with pytest.raises(BadAddress) as refused:
        membership.place("postgresql://ann:secret@db.example.com/team")
    assert "secret" not in str(refused.value)


def test_a_certificate_file_is_part_of_the_address() -> None:
    address = membership.place("db.example.com", "5433", "ann", "team", " /etc/team.pem ")
    assert address == Address("db.example.com", 5433, "ann", "team", (("sslrootcert", "/etc/team.pem"),))


def test_a_test_says_that_the_server_answers_and_has_no_data_yet(ctx: Context, server: Server) -> None:
    text = text_of(page.test(ctx, *typed(server)))
    assert "answers" in text
    assert "can be shared there" in text


def test_a_server_that_does_not_answer_is_said_by_the_test(ctx: Context) -> None:
    with pytest.raises(Unreachable, match="port is right"):
        page.test(ctx, "127.0.0.1", str(postgres.free_port()), "owner", "team", "", "")


def test_sharing_asks_first_with_counts_and_changes_nothing_by_that(
    ctx: Context, server: Server, quits: list[str]
) -> None:
    text = text_of(page.ask_to_share(ctx, *typed(server)))
    assert "Share with team on 127.0.0.1" in text
    assert FORMATS.number(ctx.backend.counts().issues) in text
    assert kept.membership(ctx.profiles_dir) is None
    assert quits == []


def test_sharing_copies_says_how_much_and_ends_the_program(ctx: Context, server: Server, quits: list[str]) -> None:
    counts = ctx.backend.counts()
    text = text_of(page.share(ctx, *typed(server)))
    assert "Everything was copied to team on 127.0.0.1" in text
    assert FORMATS.number(counts.issues) in text
    assert "Start it again" in text
    assert quits == ["quit"]
    joined = kept.membership(ctx.profiles_dir)
    assert joined is not None
    assert joined.address.port == server.port
    assert "This folder works with a team's data" in shown(ctx)


def test_who_joins_sees_what_is_there_before_agreeing(ctx: Context, server: Server, tmp_path: Path) -> None:
    page.share(ctx, *typed(server))
    other = Context(
        (opened := open_store(tmp_path / "other", mode="write")).backend,
        ImmediateJobs(),
        tmp_path / "other",
        lambda: NOW,
    )
    text = text_of(page.ask_to_join(other, *typed(server)))
    assert "Join team on 127.0.0.1" in text
    assert FORMATS.number(ctx.backend.counts().issues) in text
    assert kept.membership(other.profiles_dir) is None
    assert "works with team on 127.0.0.1" in text_of(page.join(other, *typed(server)))
    assert kept.membership(other.profiles_dir) is not None
    opened.backend.close()


def test_joining_where_nobody_shared_says_to_share_first(ctx: Context, server: Server) -> None:
    with pytest.raises(StoreError, match="Share a folder there first"):
        page.ask_to_join(ctx, *typed(server))


def test_a_look_says_version_role_and_counts(ctx: Context, server: Server) -> None:
    page.share(ctx, *typed(server))
    text = text_of(page.look(ctx))
    assert "answers: PostgreSQL 15" in text
    assert "as owner" in text
    assert FORMATS.number(ctx.backend.counts().issues) in text


def test_who_leaves_is_asked_and_keeps_everything(ctx: Context, server: Server, quits: list[str]) -> None:
    page.share(ctx, *typed(server))
    counts = ctx.backend.counts()
    assert "Leave the team?" in text_of(page.ask_to_leave(ctx))
    assert kept.membership(ctx.profiles_dir) is not None
    assert "works by itself again" in text_of(page.leave(ctx))
    assert kept.membership(ctx.profiles_dir) is None
    assert quits == ["quit", "quit"]
    again = open_store(ctx.profiles_dir, mode="read")
    assert replace(again.backend.counts(), forecasts=0) == replace(counts, forecasts=0)
    again.backend.close()


def in_a_team(ctx: Context, server: Server, quits: list[str]) -> Context:
    """The same folder at the next start, after it was shared."""
    page.share(ctx, *typed(server))
    ctx.backend.close()
    opened = open_data(ctx.profiles_dir, mode="serve", store=membership.place(*typed(server)[:-1]))
    return Context(
        opened.backend, ImmediateJobs(), ctx.profiles_dir, lambda: NOW, request_quit=lambda: quits.append("q")
    )


def test_the_running_program_of_a_member_leaves_and_ends_in_order(
    ctx: Context, server: Server, quits: list[str]
) -> None:
    counts = ctx.backend.counts()
    member = in_a_team(ctx, server, quits)
    assert "works by itself again" in text_of(page.leave(member))
    member.backend.close()
    again = open_store(ctx.profiles_dir, mode="write")
    assert again.notices == ()
    assert again.backend.counts().issues == counts.issues
    again.backend.close()


def test_while_the_server_is_away_every_page_says_so_and_of_when_the_data_are(ctx: Context, quits: list[str]) -> None:
    server = postgres.new_server("15", "-c", "fsync=off")
    member = in_a_team(ctx, server, quits)
    visit = visit_of(member, SEARCH, FORMATS, "/")
    assert shell.notices(member, "/", visit) == []
    server.stop()
    member.backend.list_profiles()
    (notice,) = [" ".join(texts(each)) for each in shell.notices(member, "/", visit)]
    assert "These are the data of " in notice
    assert "for reading only" in notice
    member.backend.close()
    postgres.drop(server)


def test_a_typed_password_is_in_the_keyring_and_in_no_file_and_no_text(
    ctx: Context, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = FakeKeyring()
    monkeypatch.setattr(ctx.secrets, "_host_keyring", lambda: keyring)
    text = text_of(page.share(ctx, *typed(server, "a typed secret")))
    assert "a typed secret" in keyring.kept.values()
    assert "a typed secret" not in text
    files = [path for path in ctx.profiles_dir.rglob("*") if path.is_file()]
    assert files
    assert not any(b"a typed secret" in path.read_bytes() for path in files)


def test_without_a_keyring_a_typed_password_is_refused_before_anything_is_done(
    ctx: Context, server: Server, quits: list[str]
) -> None:
    with pytest.raises(BadInput, match="no keyring"):
        page.share(ctx, *typed(server, "a typed secret"))
    assert kept.membership(ctx.profiles_dir) is None
    assert quits == []


def test_data_folder_never_shows_its_password() -> None:
    assert "hidden" not in repr(DataFolder(Path("x"), "argument", True, password="hidden"))


# -- the password sealed in the folder, where there is no keyring ----------------------------------------

PASSWORD, PASSPHRASE = "a typed secret", "seven small green frogs"
_HBA = "host all member 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"


@pytest.fixture(scope="module")
def asking() -> Iterator[Server]:
    """One that wants a password of its member."""
    database = postgres.new_server("15", "-c", "fsync=off")
    database.admin(f"CREATE ROLE member LOGIN PASSWORD '{PASSWORD}'", "GRANT CREATE ON DATABASE team TO member")
    (database.folder / "data" / "pg_hba.conf").write_text(_HBA)
    database.admin("SELECT pg_reload_conf()")
    yield database
    postgres.drop(database)


@pytest.fixture
def keyless(ctx: Context, asking: Server, monkeypatch: pytest.MonkeyPatch) -> Context:
    """On a computer without a keyring, and a server on which nobody shared yet."""
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr("keyring.core._keyring_backend", None)
    asking.admin("DROP SCHEMA IF EXISTS burndown CASCADE")
    return ctx


def sealed(server: Server, password: str = PASSWORD, passphrase: str = PASSPHRASE) -> tuple[str, ...]:
    return ("127.0.0.1", str(server.port), "member", "team", "", password, "stick", passphrase)


def started(folder: Path, address: Address, passphrase: str = "") -> Context:
    """As the program starts for a member, with what the environment gives."""
    secrets = Secrets(folder)
    named = DataFolder(folder, "argument", True, store=address, passphrase=passphrase)
    opened = open_data(folder, mode="serve", store=address, password=team.password_for(named, address, secrets))
    return Context(opened.backend, ImmediateJobs(), folder, lambda: NOW, secrets=secrets)


def wait_until_it_is_back(member: Context) -> None:
    end = time.monotonic() + 30
    while member.upkeep.notice:
        assert time.monotonic() < end, member.upkeep.notice
        time.sleep(0.1)


def test_without_a_keyring_the_page_offers_to_seal_the_password_in_the_folder(keyless: Context) -> None:
    text = str(page.layout(visit_of(keyless, SEARCH, FORMATS, "/settings/team")))
    assert "In this data folder, sealed with a passphrase" in text
    assert "In this computer's keyring" not in text


def test_a_sealed_password_is_unlocked_on_the_page_after_the_start_and_the_data_come_back(
    keyless: Context, asking: Server
) -> None:
    assert "Everything was copied" in text_of(page.share(keyless, *sealed(asking)))
    files = [path for path in keyless.profiles_dir.rglob("*") if path.is_file()]
    assert (keyless.profiles_dir / SEALED_FILE) in files
    assert not any(text.encode() in path.read_bytes() for path in files for text in (PASSWORD, PASSPHRASE))
    keyless.backend.close()

    address = membership.place(*sealed(asking)[:5])
    member = started(keyless.profiles_dir, address)
    assert "wants a password for member" in member.upkeep.notice
    visit = visit_of(member, SEARCH, FORMATS, "/")
    (notice,) = [" ".join(texts(each)) for each in shell.notices(member, "/", visit)]
    assert "Its password is sealed in this folder: give the passphrase." in notice
    assert "locked until the passphrase is given" in shown(member)
    assert member.backend.counts().issues == 38
    with pytest.raises(WrongPassphrase):
        page.unlock(member, "seven small green dogs")
    effects = page.unlock(member, PASSPHRASE)
    assert "The server is asked again by itself" in effects.toast
    wait_until_it_is_back(member)
    assert "sealed in this folder, and unlocked" in shown(member)
    assert "answers: PostgreSQL 15" in text_of(page.look(member))
    project = member.backend.list_profiles()[0]
    member.backend.save_profile(replace(project, description="written on the server"))
    # Who leaves needs the server once more, and no password of a team any longer.
    assert "works by itself again" in text_of(page.leave(member))
    member.backend.close()
    assert not (keyless.profiles_dir / SEALED_FILE).exists()
    again = open_store(keyless.profiles_dir, mode="read")
    assert again.backend.list_profiles()[0].description == "written on the server"
    again.backend.close()


def test_the_passphrase_of_the_environment_unlocks_it_at_the_start(keyless: Context, asking: Server) -> None:
    page.share(keyless, *sealed(asking))
    keyless.backend.close()
    address = membership.place(*sealed(asking)[:5])
    member = started(keyless.profiles_dir, address, PASSPHRASE)
    assert member.upkeep.notice == ""
    member.backend.close()
    named = DataFolder(keyless.profiles_dir, "argument", True, store=address, passphrase=PASSPHRASE)
    assert team.status(named).role == "member"
    assert "wants a password" in team.status(replace(named, passphrase="seven small green dogs")).problem


def test_it_opens_for_no_other_server_user_or_database(keyless: Context, asking: Server) -> None:
    page.share(keyless, *sealed(asking))
    address = membership.place(*sealed(asking)[:5])
    for other in (
        replace(address, host="localhost"),
        replace(address, port=(address.port or 0) + 1),
        replace(address, user="owner"),
        replace(address, database="postgres"),
    ):
        kept.remember(keyless.profiles_dir, other, NOW)
        secrets = Secrets(keyless.profiles_dir)
        elsewhere = Context(keyless.backend, ImmediateJobs(), keyless.profiles_dir, lambda: NOW, secrets=secrets)
        with pytest.raises(BadInput, match="belongs to another server, port, user or database"):
            page.unlock(elsewhere, PASSPHRASE)
        assert secrets.get("team", str(other)) is None
        # Nor when the file is made to say so.
        path = keyless.profiles_dir / SEALED_FILE
        text = path.read_text()
        path.write_text(text.replace(str(address), str(other)))
        with pytest.raises(WrongPassphrase):
            Secrets(keyless.profiles_dir).unlock(PASSPHRASE)
        path.write_text(text)


def test_what_was_typed_for_a_server_that_refuses_is_kept_nowhere(keyless: Context, asking: Server) -> None:
    with pytest.raises(Unreachable, match="does not know this password"):
        page.share(keyless, *sealed(asking, password="another one"))
    assert not (keyless.profiles_dir / SEALED_FILE).exists()
    with pytest.raises(BadInput, match="passphrase needs 8 characters"):
        page.share(keyless, *sealed(asking, passphrase="short"))
    assert kept.membership(keyless.profiles_dir) is None


def test_a_password_that_the_server_changed_is_typed_once_more(keyless: Context, asking: Server) -> None:
    page.share(keyless, *sealed(asking))
    keyless.backend.close()
    asking.admin("ALTER ROLE member PASSWORD 'the new one'")
    try:
        member = started(keyless.profiles_dir, membership.place(*sealed(asking)[:5]), PASSPHRASE)
        assert "does not know this password" in member.upkeep.notice
        with pytest.raises(BadInput, match="Type the password"):
            page.renew(member, "", "stick", PASSPHRASE)
        page.renew(member, "the new one", "stick", PASSPHRASE)
        wait_until_it_is_back(member)
        member.backend.close()
    finally:
        asking.admin(f"ALTER ROLE member PASSWORD '{PASSWORD}'")
