"""Jira from the pages' side: what is tried, saved, fetched and told, in the worker, against a Jira on this computer."""

from __future__ import annotations

import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.actions import deleted, tokens
from app.actions import jira as syncing
from app.actions.jira import Fetched
from app.actions.projects import WORK_NAME
from app.actions.token_places import server_at, server_of
from app.context import Context
from app.errors import AppError, BadInput, Busy
from app.jira import errors
from app.jira.form import Checked, Examined, MissingLogin, Saved, Wish, field_of
from app.jobs import Jobs, JobState
from app.settings import changed
from app.web.parts import queries
from scripts.fake_jira import BOARD, EMAIL, FILTER, TOKEN, FakeJira, new_issue
from store.documents import board_order_of, boards_of
from store.errors import NoKeyring, WrongPassphrase
from store.opening import open_store
from store.records import Profile, Query, QueryRef
from store.secrets import Cost, Secrets
from store.sqlite import backup
from tests.fake_keyring import FakeKeyring
from tests.jira.test_errors import authority
from tests.jira.world import NOON, issues

__all__ = ["authority"]

ROOT = Path(__file__).parents[2]
PASSPHRASE = "four words of mine"
ENDED = ("completed", "failed", "cancelled")


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    folder = tmp_path / "data"
    backend = open_store(folder, mode="serve", clock=lambda: NOON).backend
    jobs = Jobs(backend)
    secrets = Secrets(folder, FakeKeyring(), Cost(operations=1, memory_bytes=8192))
    yield Context(backend, jobs, folder, lambda: NOON, secrets=secrets)
    jobs.close()
    backend.close()


# How they differ is the subject of tests/jira, where both are asked each time.
@pytest.fixture(params=["cloud", pytest.param("data-center", marks=pytest.mark.slow)])
def jira(request: pytest.FixtureRequest) -> Iterator[FakeJira]:
    with FakeJira(request.param, issues(7), page_size=3) as result:
        yield result


def wish(jira: FakeJira, **other: Any) -> Wish:
    form = Wish(jira.url, "Team", "All", "project = ABC", EMAIL if jira.cloud else "", TOKEN)
    return replace(form, **other)


def end_of(ctx: Context, job: str) -> JobState:
    """The job's last state, once it has one."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        state = ctx.jobs.state(job)
        if state is not None and state.status in ENDED:
            return state
        # Most of them take a few thousandths, and there are hundreds.
        time.sleep(0.003)
    raise AssertionError(f"{job} did not end")


def tried(ctx: Context, form: Wish) -> Any:
    syncing.test(ctx, form)
    return end_of(ctx, syncing.TEST_JOB)


def connected(ctx: Context, jira: FakeJira, **other: Any) -> QueryRef:
    """A profile whose first query is fetched."""
    syncing.connect(ctx, wish(jira, **other))
    state = end_of(ctx, syncing.CONNECT_JOB)
    assert isinstance(state.result, Saved), state.message
    assert end_of(ctx, syncing.SYNC_JOB).status == "completed"
    return state.result.leads_to


def synced(ctx: Context, *refs: QueryRef, full: bool = False) -> JobState:
    syncing.sync(ctx, refs, full)
    return end_of(ctx, syncing.SYNC_JOB)


@pytest.mark.slow
def test_the_pages_are_loaded_without_what_only_jira_needs() -> None:
    heavy = "{'requests', 'truststore', 'keyring', 'nacl'}"
    code = f"import sys, app.factory; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# -- trying ---------------------------------------------------------------------------------------------


def test_a_test_says_which_jira_it_is_who_we_are_and_how_much_matches_and_saves_nothing(
    ctx: Context, jira: FakeJira
) -> None:
    result = tried(ctx, wish(jira)).result
    assert isinstance(result, Examined)
    assert (result.is_cloud, result.user, result.matches, result.query_problem) == (jira.cloud, "Ann Example", 7, "")
    # The server gives three issues a page, and the newest of them are looked at: two of three have points.
    assert "Story Points: in 67% of issues of type Story, always 1" in result.evidence
    assert ctx.backend.list_profiles() == []
    assert ctx.secrets.entered_for("Team") == ""


def test_what_was_tried_is_known_without_its_secrets(ctx: Context, jira: FakeJira) -> None:
    form = wish(jira, where="stick", passphrase=PASSPHRASE)
    tried(ctx, form)
    assert ctx.attempt is not None
    assert (ctx.attempt.job, ctx.attempt.at) == (syncing.TEST_JOB, NOON)
    assert ctx.attempt.wish == replace(form, token="", passphrase="", where="memory")


def test_cloud_is_recognised_by_the_address_alone_and_then_asks_for_the_e_mail(ctx: Context) -> None:
    with FakeJira("cloud", issues(3)) as jira:
        result = tried(ctx, wish(jira, email="")).result
        assert (result.is_cloud, result.asks_for, result.matches) == (True, "email", None)
        assert set(jira.authorizations) == {""}
        assert tried(ctx, wish(jira, token="")).result.asks_for == "token"
        assert tried(ctx, wish(jira, token="", email="")).result.asks_for == "email"


def test_data_center_takes_the_token_alone_whatever_stands_in_the_e_mail_field(ctx: Context) -> None:
    with FakeJira("data-center", issues(3)) as jira:
        assert tried(ctx, wish(jira, email=EMAIL)).result.matches == 3


def test_without_a_query_the_connection_is_still_tested(ctx: Context, jira: FakeJira) -> None:
    result = tried(ctx, wish(jira, jql=" ")).result
    assert (result.user, result.matches, result.query_problem) == ("Ann Example", None, "")


def test_a_server_open_to_everybody_is_connected_without_a_token(ctx: Context) -> None:
    with FakeJira("data-center", issues(3), anonymous=True) as jira:
        ref = connected(ctx, jira, token="")
        assert ctx.backend.counts(ref).issues == 3
        assert synced(ctx, ref).status == "completed"


def test_a_second_test_while_one_runs_is_refused_in_words(ctx: Context) -> None:
    with FakeJira("cloud", issues(3)) as jira:
        jira.faults.silent = True
        syncing.test(ctx, wish(jira))
        with pytest.raises(Busy, match="already under way"):
            syncing.test(ctx, wish(jira))
        ctx.jobs.cancel(syncing.TEST_JOB)
        end_of(ctx, syncing.TEST_JOB)


# -- what goes wrong, each where it can be mended -------------------------------------------------------


def refused(ctx: Context, form: Wish) -> tuple[str, str]:
    """The field and the message of a connection that is refused; nothing of it was saved."""
    syncing.connect(ctx, form)
    state = end_of(ctx, syncing.CONNECT_JOB)
    assert state.status == "failed"
    assert ctx.backend.list_profiles() == []
    assert TOKEN not in state.message
    return field_of(state.problem), state.message


def test_wrong_url(ctx: Context, jira: FakeJira) -> None:
    jira.faults.html = True
    field, result = refused(ctx, wish(jira, url=f"{jira.url}/wiki"))
    assert (field, "There is no Jira at" in result) == ("url", True)
    field, result = refused(ctx, wish(jira, url="not an address"))
    assert (field, "Copy it from the browser" in result) == ("url", True)


def test_the_address_of_a_page_that_was_open_is_understood_and_not_kept(ctx: Context, jira: FakeJira) -> None:
    result = tried(ctx, wish(jira, url=f"{jira.url}/jira/for-you")).result
    assert (result.base_url, result.matches) == (jira.url, 7)
    ref = connected(ctx, jira, url=f"{jira.url}/jira/for-you")
    profile = ctx.backend.get_profile(ref.profile_id)
    assert profile is not None
    assert profile.jira_config["base_url"] == jira.url
    # The token that is kept for this Jira goes to it from such an address too.
    assert tried(ctx, wish(jira, url=f"{jira.url}/jira/for-you", token="")).result.matches == 7
    assert synced(ctx, ref).status == "completed"


def test_wrong_token(ctx: Context, jira: FakeJira) -> None:
    field, result = refused(ctx, wish(jira, token="mistyped"))
    assert (field, "does not accept the token" in result) == ("token", True)


@pytest.mark.parametrize("odd", ["\u2013", "\u200b", "\n"])
def test_a_login_that_holds_what_none_has_is_told_beside_its_own_field(ctx: Context, jira: FakeJira, odd: str) -> None:
    field, result = refused(ctx, wish(jira, token=f"fake{odd}{TOKEN}"))
    assert (field, "Copy it again" in result) == ("token", True)
    field, result = refused(ctx, wish(jira, email=f"ann{odd}@example.com"))
    assert (field, "no address has" in result) == ("email", True)
    assert jira.requests == 0


def test_what_nobody_sees_at_the_ends_of_a_login_does_no_harm(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira, token=f"\u200b{TOKEN}\u200b", email=f"{EMAIL}\u00a0" if jira.cloud else "")
    profile = ctx.backend.get_profile(ref.profile_id)
    assert profile is not None
    assert ctx.secrets.get(ref.profile_id, server_of(ctx, profile)) == TOKEN
    assert profile.jira_config["email"] == (EMAIL if jira.cloud else "")


def test_missing_e_mail(ctx: Context) -> None:
    with FakeJira("cloud", issues(3)) as jira:
        field, result = refused(ctx, wish(jira, email=""))
        assert (field, "needs your e-mail address" in result) == ("email", True)


def test_expired_token(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    jira.faults.expired = True
    state = synced(ctx, ref)
    assert isinstance(state.problem, errors.ExpiredToken)
    assert "worked before" in state.message
    assert field_of(state.problem) == "token"
    assert ctx.backend.counts(ref).issues == 7


def test_no_permission(ctx: Context, jira: FakeJira) -> None:
    jira.faults.forbidden = True
    field, result = refused(ctx, wish(jira))
    assert (field, "Ask a Jira administrator" in result) == ("token", True)


def test_bad_jql_is_told_in_the_servers_words_beside_the_query(ctx: Context, jira: FakeJira) -> None:
    field, result = refused(ctx, wish(jira, jql="colour = red"))
    assert field == "jql"
    assert "Field 'colour' does not exist" in result
    outcome = tried(ctx, wish(jira, jql="colour = red")).result
    assert (outcome.user, "Field 'colour'" in outcome.query_problem) == ("Ann Example", True)


def test_zero_issues_are_no_success(ctx: Context, jira: FakeJira) -> None:
    field, result = refused(ctx, wish(jira, jql="project = XYZ"))
    assert (field, "matches nothing" in result) == ("jql", True)
    assert "matches nothing" in tried(ctx, wish(jira, jql="project = XYZ")).result.query_problem


def test_jira_down(ctx: Context, jira: FakeJira) -> None:
    jira.faults.down = True
    field, result = refused(ctx, wish(jira))
    assert (field, "not working at the moment" in result) == ("url", True)


def test_never_answering_holds_up_nothing_and_can_be_stopped(ctx: Context, jira: FakeJira) -> None:
    jira.faults.silent = True
    syncing.connect(ctx, wish(jira))
    assert ctx.backend.list_profiles() == []
    ctx.jobs.cancel(syncing.CONNECT_JOB)
    assert end_of(ctx, syncing.CONNECT_JOB).status == "cancelled"
    jira.faults.silent = False
    assert tried(ctx, wish(jira)).result.matches == 7


def test_a_sync_of_a_jira_that_fell_silent_can_be_stopped(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    jira.faults.silent = True
    syncing.sync(ctx, [ref])
    ctx.jobs.cancel(syncing.SYNC_JOB)
    assert end_of(ctx, syncing.SYNC_JOB).status == "cancelled"
    assert ctx.backend.counts(ref).issues == 7


def test_a_sync_keeps_who_changed_something_once_that_was_chosen(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    profile = ctx.backend.get_profile(ref.profile_id)
    assert profile is not None
    ctx.backend.save_profile(changed(profile, {"authors": "keep"}))
    jira.set_status("10001", "Done")
    synced(ctx, ref)
    assert {change.author for change in ctx.backend.list_changes(ref)} == {"Ann Author"}


def test_a_silent_server_is_a_problem_of_the_address() -> None:
    assert field_of(errors.TimedOut("silence")) == "url"


def test_certificate_not_trusted_until_its_authority_is_chosen(
    ctx: Context, authority: tuple[Path, ssl.SSLContext]
) -> None:
    with FakeJira("cloud", issues(3), tls=authority[1]) as jira:
        field, result = refused(ctx, wish(jira))
        assert (field, "not trusted" in result) == ("ca", True)
        name = syncing.save_ca_file(ctx, authority[0].read_bytes())
        ref = connected(ctx, jira, ca_file=name)
        profile = ctx.backend.get_profile(ref.profile_id)
        assert profile is not None
        assert profile.jira_config["ca_file"] == name
        assert synced(ctx, ref).status == "completed"


@pytest.mark.slow
@pytest.mark.parametrize("where", [name for name, _ in tokens.WHERE])
def test_a_token_is_sent_to_nobody_whom_only_other_authorities_vouch_for(
    ctx: Context, authority: tuple[Path, ssl.SSLContext], where: str
) -> None:
    """Whoever has the folder in hand names other certificates, of which the file's name is right, and is in the way."""
    with FakeJira("cloud", issues(3), tls=authority[1]) as jira:
        name = syncing.save_ca_file(ctx, authority[0].read_bytes())
        ref = connected(ctx, jira, ca_file=name, where=where, passphrase=PASSPHRASE if where == "stick" else "")
        assert synced(ctx, ref).status == "completed"
        other = syncing.save_ca_file(ctx, authority[0].read_bytes() + b"\n")
        before, count = trusting(ctx, ref, other), jira.requests
        assert "not entered with the certificates" in str(synced(ctx, ref).problem)
        assert tokens.missing(ctx, profile_of(ctx, ref)) == "elsewhere"
        # Neither does the form send it, which holds whatever is kept.
        tried(ctx, wish(jira, token="", ca_file=other))
        assert set(jira.authorizations[count:]) == {""}
        ctx.backend.save_profile(before)
        assert synced(ctx, ref).status == "completed"
        trusting(ctx, ref, other)
        tokens.renew(ctx, profile_of(ctx, ref), TOKEN)
        assert synced(ctx, ref).status == "completed"


def test_a_token_that_was_entered_without_authorities_of_its_own_is_not_sent_to_whom_some_vouch_for(
    ctx: Context, authority: tuple[Path, ssl.SSLContext]
) -> None:
    with FakeJira("cloud", issues(3), tls=authority[1]) as jira:
        name = syncing.save_ca_file(ctx, authority[0].read_bytes())
        ref = connected(ctx, jira, ca_file=name)
        ctx.secrets.keep_in_memory(ref.profile_id, server_at(jira.url), TOKEN)
        count = jira.requests
        assert "not entered with the certificates" in str(synced(ctx, ref).problem)
        assert jira.requests == count


def test_authorities_that_are_gone_are_told_before_a_token_is_asked_for(
    ctx: Context, authority: tuple[Path, ssl.SSLContext]
) -> None:
    with FakeJira("cloud", issues(3), tls=authority[1]) as jira:
        name = syncing.save_ca_file(ctx, authority[0].read_bytes())
        ref = connected(ctx, jira, ca_file=name)
        (ctx.profiles_dir / name).unlink()
        assert "Choose the file again" in str(synced(ctx, ref).problem)


def trusting(ctx: Context, ref: QueryRef, name: str) -> Profile:
    """Another file of authorities is put into what is kept of the connection; the profile as it was."""
    profile = profile_of(ctx, ref)
    ctx.backend.save_profile(replace(profile, jira_config={**profile.jira_config, "ca_file": name}))
    return profile


def profile_of(ctx: Context, ref: QueryRef) -> Profile:
    profile = ctx.backend.get_profile(ref.profile_id)
    assert profile is not None
    return profile


def test_a_file_that_holds_no_certificate_is_refused(ctx: Context) -> None:
    with pytest.raises(BadInput, match="BEGIN CERTIFICATE"):
        syncing.save_ca_file(ctx, b"-----BEGIN PRIVATE KEY-----")
    assert list(ctx.profiles_dir.glob("*.pem")) == []


@pytest.mark.parametrize(
    ("problem", "field"),
    [
        (WrongPassphrase("no"), "passphrase"),
        (NoKeyring("no"), "passphrase"),
        (MissingLogin("no", "token"), "token"),
        (errors.Redirected("there"), "url"),
        (errors.RateLimited("later"), "url"),
        (AppError("else"), ""),
        (None, ""),
    ],
)
def test_a_problem_belongs_to_one_field_or_none(problem: Exception | None, field: str) -> None:
    assert field_of(problem) == field


# -- the token ------------------------------------------------------------------------------------------


def test_a_kept_token_goes_to_no_other_address_than_its_own(ctx: Context) -> None:
    with FakeJira("data-center", issues(3)) as jira, FakeJira("data-center", issues(3)) as stranger:
        connected(ctx, jira)
        assert tried(ctx, wish(jira, token="")).result.matches == 3
        state = tried(ctx, wish(jira, token="", url=stranger.url))
        assert isinstance(state.problem, errors.WrongToken)
        assert set(stranger.authorizations) == {""}


def test_the_token_is_sealed_on_the_stick_when_that_is_wanted(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira, where="stick", passphrase=PASSPHRASE)
    assert ctx.secrets.sealed_profiles() == (ref.profile_id,)


def test_a_kept_token_is_moved_to_another_place_without_being_entered_again(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    connected(ctx, jira, token="", where="stick", passphrase=PASSPHRASE)
    assert tokens.place_of(ctx, ref.profile_id) == "stick"
    connected(ctx, jira, token="", where="computer")
    assert (tokens.place_of(ctx, ref.profile_id), ctx.secrets.sealed_profiles()) == ("computer", ())
    connected(ctx, jira, token="", where="memory")
    assert tokens.place_of(ctx, ref.profile_id) == "memory"
    assert Secrets(ctx.profiles_dir, FakeKeyring()).get(ref.profile_id, server_at(jira.url)) is None
    assert synced(ctx, ref).status == "completed"


def test_a_passphrase_too_short_is_refused_before_jira_is_asked(ctx: Context, jira: FakeJira) -> None:
    field, result = refused(ctx, wish(jira, where="stick", passphrase="short"))
    assert "8 characters or more" in result
    assert field == "passphrase"
    assert jira.requests == 0


def test_a_keyring_that_refuses_leaves_the_token_for_now_and_says_so(tmp_path: Path, jira: FakeJira) -> None:
    class Refusing(FakeKeyring):
        def set_password(self, service: str, username: str, password: str) -> None:
            from keyring.errors import PasswordSetError

            raise PasswordSetError("locked")

    folder = tmp_path / "other"
    backend = open_store(folder, mode="serve", clock=lambda: NOON).backend
    ctx = Context(backend, Jobs(backend), folder, lambda: NOON, secrets=Secrets(folder, Refusing()))
    syncing.connect(ctx, wish(jira, where="computer"))
    saved = end_of(ctx, syncing.CONNECT_JOB).result
    assert saved.warning.startswith("The token is kept only until Burndown ends. The keyring")
    assert end_of(ctx, syncing.SYNC_JOB).status == "completed"
    ctx.jobs.close()
    backend.close()


def test_the_token_is_in_no_file_of_the_data_folder(ctx: Context, jira: FakeJira) -> None:
    connected(ctx, jira, where="stick", passphrase=PASSPHRASE)
    backup.snapshot_file(ctx.profiles_dir)
    files = [file for file in ctx.profiles_dir.rglob("*") if file.is_file()]
    assert len(files) > 2
    assert [file.name for file in files if TOKEN.encode() in file.read_bytes()] == []


def test_a_wish_shows_no_secret_when_it_is_printed() -> None:
    shown = repr(Wish("url", "p", "q", "jql", token=TOKEN, passphrase=PASSPHRASE))
    assert TOKEN not in shown
    assert PASSPHRASE not in shown


# -- syncing --------------------------------------------------------------------------------------------


def test_connecting_fetches_and_a_sync_brings_what_changed(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    assert ctx.backend.counts(ref).issues == 7
    jira.set_status("10001", "Done")
    fetched = synced(ctx, ref).result
    assert isinstance(fetched, Fetched)
    assert [(result.mode, result.changed, result.issue_changes) for result in fetched.results] == [("delta", 1, 1)]
    assert ctx.backend.list_forecasts(ref) or ctx.backend.list_snapshots(ref)
    assert [each.mode for each in synced(ctx, ref, full=True).result.results] == ["full"]


def test_a_sync_counts_its_requests_as_the_page_does_that_lists_them(ctx: Context, jira: FakeJira) -> None:
    connected(ctx, jira)
    state = ctx.jobs.state(syncing.SYNC_JOB)
    assert state is not None
    (listed,) = [traffic.requests for traffic in ctx.network.sums if traffic.why == syncing.SYNC_JOB]
    assert [result.requests for result in state.result.results] == [listed]


def test_when_a_query_was_synced_and_with_which_jql_is_told_from_its_facts(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    query = ctx.backend.get_query(ref)
    assert query is not None
    last = syncing.last_sync(ctx.backend.get_project_data(ref), query)
    assert last is not None
    assert (last.issues, last.is_current) == (7, True)
    changed = syncing.last_sync(ctx.backend.get_project_data(ref), replace(query, jql="type = Bug"))
    assert changed is not None
    assert not changed.is_current
    assert syncing.last_sync(None, query) is None


def test_one_query_that_jira_refuses_does_not_keep_the_others_from_being_synced(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    broken = Query(ref.profile_id, "q_broken", "Broken", NOON, NOON, jql="colour = red")
    ctx.backend.save_query(broken)
    fetched = synced(ctx, broken.ref, ref).result
    assert [result.query for result in fetched.results] == ["All"]
    assert [name for name, _ in fetched.failed] == ["Broken"]


def test_a_sync_without_its_token_says_that_it_is_not_at_hand(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    ctx.secrets.forget(ref.profile_id)
    state = synced(ctx, ref)
    assert isinstance(state.problem, BadInput)
    assert "not at hand" in state.message
    # Of variables and options only the command speaks.
    assert "BURNDOWN_" not in state.message


@pytest.mark.parametrize("where", ["memory", "computer", "stick"])
def test_a_kept_token_goes_to_no_other_server_and_it_is_said_why(ctx: Context, jira: FakeJira, where: str) -> None:
    ref = connected(ctx, jira, where=where, passphrase=PASSPHRASE)
    with FakeJira("data-center", issues(1)) as other:
        profile = ctx.backend.get_profile(ref.profile_id)
        assert profile is not None
        moved = {**profile.jira_config, "base_url": other.url}
        ctx.backend.save_profile(replace(profile, jira_config=moved))
        if where == "stick":
            tokens.unlock(ctx, PASSPHRASE)
        assert tokens.missing(ctx, replace(profile, jira_config=moved)) == "elsewhere"
        state = synced(ctx, ref)
        assert f"was entered for {jira.url}, and the project now asks {other.url}" in state.message
        tried(ctx, wish(jira, url=other.url, token="", jql=""))
        assert set(other.authorizations) <= {""}
    ctx.backend.save_profile(profile)
    assert synced(ctx, ref).status == "completed"


@pytest.mark.parametrize("where", ["computer", "stick"])
def test_a_token_that_an_earlier_version_kept_is_sent_nowhere_until_it_is_entered_again(
    ctx: Context, jira: FakeJira, where: str
) -> None:
    ref = connected(ctx, jira, where=where, passphrase=PASSPHRASE)
    profile = ctx.backend.get_profile(ref.profile_id)
    assert profile is not None
    tokens.forget(ctx, profile.id)
    # As it was kept before: without the server that it is for.
    if where == "stick":
        ctx.secrets.remember_on_stick(profile.id, "", TOKEN, PASSPHRASE)
        ctx.secrets = Secrets(ctx.profiles_dir, FakeKeyring(), Cost(1, 8192))
        tokens.unlock(ctx, PASSPHRASE)
    else:
        keyring = FakeKeyring()
        keyring.set_password("Burndown", profile.id, TOKEN)
        ctx.secrets = Secrets(ctx.profiles_dir, keyring, Cost(1, 8192))
        ctx.backend.set_state(f"token_place/{profile.id}", "computer")
    result = len(jira.authorizations)
    assert tokens.missing(ctx, profile) == "elsewhere"
    assert "of an earlier version" in synced(ctx, ref).message
    assert len(jira.authorizations) == result
    tokens.renew(ctx, profile, TOKEN)
    assert synced(ctx, ref).status == "completed"


# -- queries --------------------------------------------------------------------------------------------


def checked(ctx: Context, profile_id: str, jql: str) -> JobState:
    syncing.check_query(ctx, profile_id, jql)
    return end_of(ctx, syncing.CHECK_JOB)


def put(ctx: Context, ref: QueryRef, query_id: str | None, name: str, jql: str) -> JobState:
    syncing.save_query(ctx, ref.profile_id, query_id, name, jql)
    state = end_of(ctx, syncing.QUERY_JOB)
    if state.status == "completed":
        end_of(ctx, syncing.SYNC_JOB)
    return state


def test_a_query_is_checked_and_counted_before_it_is_saved(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    result = checked(ctx, ref.profile_id, "key in (ABC-1, ABC-2) ORDER BY key")
    assert result.result == Checked("key in (ABC-1, ABC-2) ORDER BY key", 2)
    assert "matches nothing" in checked(ctx, ref.profile_id, "key = ABC-99").message
    assert isinstance(checked(ctx, ref.profile_id, "colour = red").problem, errors.BadJql)
    assert len(ctx.backend.list_queries(ref.profile_id)) == 1


def test_a_second_query_is_saved_and_fetched(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    saved = put(ctx, ref, None, " Two  of them ", "key in (ABC-1, ABC-2)").result
    query = ctx.backend.get_query(saved.leads_to)
    assert query is not None
    assert (query.name, ctx.backend.counts(query.ref).issues) == ("Two of them", 2)
    assert ctx.backend.active_query() == query.ref


@pytest.mark.parametrize("entered", [f"board {BOARD}", "{url}/secure/RapidBoard.jspa?rapidView={number}"])
def test_a_board_is_entered_in_place_of_a_query_and_its_columns_are_the_order(
    ctx: Context, jira: FakeJira, entered: str
) -> None:
    ref = connected(ctx, jira)
    jira.boards[BOARD] = (("A", ("Done",)), ("B", ("In Review", "To Do")))
    text = entered.format(url=jira.url, number=BOARD)
    counted = checked(ctx, ref.profile_id, text).result
    assert (counted.jql, counted.boards) == (f"filter = {FILTER}", (BOARD,))
    query = ctx.backend.get_query(put(ctx, ref, None, "Board", text).result.leads_to)
    assert query is not None
    assert (query.jql, boards_of(query)) == (f"filter = {FILTER}", (BOARD,))
    order = ("Done", "In Review", "To Do")
    assert board_order_of(ctx.backend.get_project_data(query.ref)) == order
    # With another name it stays the board's; with another query it is no board's any more.
    put(ctx, ref, query.id, "Named", query.jql)
    assert boards_of(ctx.backend.work(query.ref)[1]) == (BOARD,)
    put(ctx, ref, query.id, "Named", "key = ABC-1")
    assert boards_of(ctx.backend.work(query.ref)[1]) == ()


def test_a_board_that_is_not_there_makes_no_work_list(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    state = put(ctx, ref, None, "Board", "board 99")
    assert "shows no board 99" in state.message
    assert field_of(state.problem) == "jql"
    assert len(ctx.backend.list_queries(ref.profile_id)) == 1


def test_a_query_that_is_wrong_is_not_saved(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    assert put(ctx, ref, None, "Red", "colour = red").status == "failed"
    assert "already" in put(ctx, ref, None, "ALL", "key = ABC-1").message
    assert "1 to 200" in put(ctx, ref, None, " ", "key = ABC-1").message
    assert "no longer exists" in put(ctx, ref, "q_gone", "Other", "key = ABC-1").message
    assert [query.jql for query in ctx.backend.list_queries(ref.profile_id)] == ["project = ABC"]


def test_a_changed_query_fetches_what_it_finds_now(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    assert put(ctx, ref, ref.query_id, "One", "key = ABC-1").result.leads_to == ref
    assert [issue.key for issue in ctx.backend.list_issues(ref) if issue.in_query] == ["ABC-1"]


def test_a_query_is_renamed_without_asking_jira_about_it(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    jira.add(new_issue(10_099, "ABC-99", NOON))
    assert put(ctx, ref, ref.query_id, "Everything", "project = ABC").status == "completed"
    query = ctx.backend.get_query(ref)
    assert query is not None
    assert query.name == "Everything"


def test_a_removed_query_can_be_brought_back_from_a_backup(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    assert syncing.remove_query(ctx, ref).name == "All"
    assert ctx.backend.get_query(ref) is None
    assert [snapshot.reason for snapshot in backup.snapshots(ctx.profiles_dir)].count("delete") == 1
    with pytest.raises(BadInput, match="no longer exists"):
        syncing.remove_query(ctx, ref)


def test_a_query_saved_while_another_sync_waits_says_that_it_is_not_fetched_yet(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    jira.faults.slow_seconds = 0.3
    syncing.save_query(ctx, ref.profile_id, None, "One", "key = ABC-1")
    syncing.sync(ctx, [ref])
    saved = end_of(ctx, syncing.QUERY_JOB).result
    assert "Sync this work list when that one is done" in saved.warning
    jira.faults.slow_seconds = 0
    assert end_of(ctx, syncing.SYNC_JOB).status == "completed"


def test_no_query_is_removed_while_jira_is_asked(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    jira.faults.silent = True
    syncing.check_query(ctx, ref.profile_id, "key = ABC-1")
    with pytest.raises(Busy, match="Wait until it is done"):
        syncing.remove_query(ctx, ref)
    ctx.jobs.cancel(syncing.CHECK_JOB)
    end_of(ctx, syncing.CHECK_JOB)
    assert ctx.backend.get_query(ref) is not None


def test_a_deleted_profile_takes_its_sealed_token_along(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira, where="stick", passphrase=PASSPHRASE)
    deleted.delete_project(ctx, ref.profile_id)
    assert ctx.backend.list_profiles() == []
    assert ctx.secrets.sealed_profiles() == ()
    assert not (ctx.profiles_dir / "secrets.json").exists()


def test_a_name_and_a_query_by_two_are_both_there_and_the_same_one_is_asked_about(ctx: Context, jira: FakeJira) -> None:
    ref = connected(ctx, jira)
    search = f"?profile={ref.profile_id}&query={ref.query_id}"
    _project, query = ctx.backend.work(ref)
    shown = [query.name, query.jql]
    ctx.change_query(ref, lambda result: replace(result, name="By Ben"), WORK_NAME)
    with Flask("test").test_request_context():
        effects = queries.save(ctx, ref.query_id, shown[0], "key in (ABC-1, ABC-2)", search, shown)
        assert effects.ask is None
        assert end_of(ctx, syncing.QUERY_JOB).status == "completed"
        end_of(ctx, syncing.SYNC_JOB)
        query = ctx.backend.work(ref)[1]
        assert (query.name, query.jql) == ("By Ben", "key in (ABC-1, ABC-2)")
        effects = queries.save(ctx, ref.query_id, "By Ann", query.jql, search, shown)
        assert "Work list: another window of yours chose “By Ben” at" in effects.toast
        assert "You chose “By Ann”. Put yours in its place?" in effects.toast
        assert ctx.backend.work(ref)[1].name == "By Ben"
        assert effects.ask is not None
        effects.ask()
        assert end_of(ctx, syncing.QUERY_JOB).status == "completed"
        end_of(ctx, syncing.SYNC_JOB)
    assert ctx.backend.work(ref)[1].name == "By Ann"
