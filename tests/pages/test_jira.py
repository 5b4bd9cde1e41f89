"""The Jira page: what it asks for, what it says of a test, of a sync and of what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.actions import jira as syncing
from app.actions.jira import Fetched
from app.actions.token_places import server_of
from app.context import Context
from app.errors import BadInput
from app.jira import errors
from app.jira.form import Attempt, Checked, Examined, Saved
from app.jira.sync.sync import SyncResult
from app.jobs import JobState
from app.pages import PAGES, data, jira
from app.web import bar, shell
from app.web.effects import Effects
from app.web.page import visit_of
from app.web.parts import queries, sync_line
from app.words.formats import formats_for
from store.records import ProjectData, Query
from store.secrets import Cost, Secrets
from tests.fake_keyring import FakeKeyring
from tests.pages.reading import Untouched, components, properties, put, texts
from tests.pages.sample import NOW, REF, ImmediateJobs, empty_context, sample_context

FORMATS = formats_for(["en-GB"])
TOKEN = "planted-Token-77d0"
CLOUD = Examined("https://team.atlassian.net", True, "1001.0.0", "Team", "Ann Example", 1234, ("Story Points: why",))


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    """A profile connected to Jira Cloud, one query of which was synced, its token in memory."""
    sample = sample_context()
    secrets = Secrets(tmp_path, FakeKeyring(), Cost(operations=1, memory_bytes=8192))
    connected = Context(sample.backend, ImmediateJobs(), tmp_path, lambda: NOW, secrets=secrets)
    profile = connected.backend.get_profile("p")
    assert profile is not None
    config = {"base_url": "https://team.atlassian.net", "deployment": "cloud", "email": "ann@example.com"}
    connected.backend.save_profile(replace(profile, jira_config=config))
    connected.backend.save_query(Query("p", "q", "All & more", NOW, NOW, jql="project = S"))
    facts = {"metadata": {"kept": 38}, "jira_sync": {"synced_at": "2026-03-30T09:30:00Z", "jql": "project = S"}}
    connected.backend.save_project_data(REF, ProjectData(facts, NOW))
    secrets.keep_in_memory("p", "https://team.atlassian.net", TOKEN)
    return connected


def page_of(ctx: Context) -> Any:
    return jira.layout(visit_of(ctx, "", FORMATS))


def text_of(part: Any) -> str:
    return " ".join(texts(part))


def by_id(part: Any, name: str) -> Any:
    return next(each for each in components(part) if getattr(each, "id", None) == name)


def ended(job: str, **state: Any) -> JobState:
    return replace(JobState(job, "completed", 100.0, ""), **state)


# -- before it is connected -----------------------------------------------------------------------------


def test_the_data_page_leads_to_jira_right_after_the_sample_project() -> None:
    page = data.layout(visit_of(empty_context(), "", FORMATS))
    titles = [text for text in texts(page) if text in ("Sample project", "Jira", "A file")]
    assert titles == ["Sample project", "Jira", "A file"]
    assert "/data/sources/jira" in properties(page, "href")
    jira_page = next(page for page in PAGES if page.path == "/data/sources/jira")
    assert (jira_page.under, jira_page.needs_data) == ("/data/sources", False)


def test_once_jira_is_connected_the_data_page_says_to_which_and_leads_to_its_queries(ctx: Context) -> None:
    shown = text_of(data.layout(visit_of(ctx, "", FORMATS)))
    assert "This project is connected to https://team.atlassian.net." in shown
    assert "Work lists and sync" in shown


def test_a_new_user_is_led_through_three_steps_and_told_whom_burndown_contacts() -> None:
    page = page_of(empty_context())
    assert [step for step in texts(page) if step[0].isdigit()] == [
        "1. Where Jira is",
        "2. Who you are",
        "3. Which work",
    ]
    assert "only when you press a button" in text_of(page)
    assert by_id(page, "jira-profile").value == "My project"


def test_every_field_has_a_label_and_secrets_are_not_shown() -> None:
    page = page_of(empty_context())
    for name in ("jira-url", "jira-email", "jira-token", "jira-where", "jira-passphrase", "jira-query", "jira-jql"):
        assert by_id(page, name).label
    hidden = {type(by_id(page, name)).__name__ for name in ("jira-token", "jira-passphrase")}
    assert hidden == {"PasswordInput"}


def test_the_made_up_project_is_not_offered_as_the_profile_to_connect() -> None:
    ctx = empty_context()
    from app.actions.sample import load_sample

    load_sample(ctx)
    assert by_id(page_of(ctx), "jira-profile").value == "My project"


@pytest.mark.parametrize(
    "address", ["https://team.atlassian.net/browse/ABC-1", "https://api.atlassian.com/ex/jira/1a2b-3c4d"]
)
def test_atlassians_own_addresses_ask_for_the_e_mail_at_once(address: str) -> None:
    ctx = empty_context()
    effects = jira.adapt_login(ctx, address, "", "")
    assert put(effects, "jira-email-row", "hidden") is False
    assert "API token" in put(effects, "jira-token", "description")
    other = "https://jira.example.com/.atlassian.net"
    assert jira.adapt_login(ctx, other, "", "").put == {}
    effects = jira.adapt_login(ctx, other, "eva@example.com", "")
    assert put(effects, "jira-email-row", "hidden") is False
    assert put(effects, "jira-token", "description") is Untouched


def test_a_server_of_ones_own_is_not_asked_for_an_account_of_atlassian() -> None:
    ctx = empty_context()
    cloud = put(jira.adapt_login(ctx, "https://team.atlassian.net", "", ""), "jira-token", "description")
    assert "Atlassian" in cloud
    own = put(jira.adapt_login(ctx, "https://jira.example.com", "", cloud), "jira-token", "description")
    assert "Atlassian" not in own
    assert "personal access token" in own
    assert "Atlassian" not in by_id(page_of(ctx), "jira-email").description


def test_the_keyring_is_offered_only_where_there_is_one(ctx: Context) -> None:
    places = put(come_back(ctx), "jira-where", "data")
    assert [place["value"] for place in places] == ["memory", "computer", "stick"]
    assert "computer" not in [place["value"] for place in by_id(page_of(ctx), "jira-where").data]


def test_the_form_becomes_a_wish_without_blanks_around() -> None:
    wish = jira.wish_of((" https://a ", None, TOKEN, "stick", "words", "Team", "All", " x = y "), "jira-ca-1.pem")
    assert (wish.url, wish.email, wish.where, wish.jql, wish.ca_file) == (
        "https://a",
        "",
        "stick",
        "x = y",
        "jira-ca-1.pem",
    )


# -- what a test says -----------------------------------------------------------------------------------


def test_a_test_names_the_kind_of_jira_who_we_are_and_how_much_matches() -> None:
    assert text_of(jira.tested(CLOUD, FORMATS)) == (
        "The connection works.  Jira Cloud, version 1001.0.0, signed in as Ann Example.  The query matches about "
        "1,234 issues. What Burndown found in it Story Points: why"
    )
    server = replace(CLOUD, is_cloud=False, version="9.12.4", user="", matches=1, evidence=())
    assert "Jira Data Center, version 9.12.4, not signed in, which it allows." in text_of(jira.tested(server, FORMATS))
    assert "matches 1 issue." in text_of(jira.tested(server, FORMATS))


def test_what_is_missing_is_asked_for() -> None:
    lacking = replace(CLOUD, matches=None, asks_for="email")
    assert "This is Jira Cloud, version 1001.0.0. Enter your e-mail address and an API token" in text_of(
        jira.tested(lacking, FORMATS)
    )
    assert "Enter a query next" in text_of(jira.tested(replace(CLOUD, matches=None), FORMATS))


def test_an_address_alone_is_not_called_a_connection_that_works() -> None:
    text = text_of(jira.tested(replace(CLOUD, user="", matches=None), FORMATS))
    assert "Jira Cloud, version 1001.0.0, at this address. Sign in next" in text
    assert "works" not in text


@pytest.mark.parametrize(
    ("problem", "field"),
    [
        (errors.WrongAddress("Wrong."), "url"),
        (errors.NotTrusted("Untrusted."), "url"),
        (errors.TimedOut("Silent."), "url"),
        (errors.WrongToken("Refused."), "token"),
        (errors.NoPermission("Forbidden."), "token"),
        (errors.BadJql("Unclear."), "jql"),
        (errors.NothingFound("Nothing."), "jql"),
    ],
)
def test_each_problem_is_told_beside_the_field_to_change(problem: errors.JiraError, field: str) -> None:
    messages = jira.messages(problem)
    assert {name: getattr(messages, name) for name in ("url", "email", "token", "passphrase", "jql")} == {
        "url": None,
        "email": None,
        "token": None,
        "passphrase": None,
        "jql": None,
        field: str(problem),
    }
    state = ended(syncing.CONNECT_JOB, status="failed", message=str(problem), problem=problem)
    assert "said above. Nothing was saved" in text_of(jira.outcome(state, FORMATS))


def test_a_problem_of_no_field_is_told_below_the_form() -> None:
    state = ended(syncing.CONNECT_JOB, status="failed", message="The disk is full.", problem=BadInput("x"))
    assert text_of(jira.outcome(state, FORMATS)) == "The disk is full.  Nothing was saved."
    stopped = ended(syncing.TEST_JOB, status="cancelled")
    assert text_of(jira.outcome(stopped, FORMATS)) == "Stopped. Nothing was saved."


# -- after a look at another page ----------------------------------------------------------------------


FORM = ("https://jira.example.com", "", "typed", "memory", "", "Team", "All", "project = S")


def come_back(ctx: Context, form: tuple[str, ...] = FORM) -> Effects:
    """With the texts still in the form, and without the token, which is gone with the page."""
    with Flask("browser").test_request_context():
        return jira.complete(ctx, "jira-test", *form[:2], None, *form[3:], None, "")


def attempted(ctx: Context, state: JobState) -> None:
    ctx.attempt = Attempt(state.name, jira.wish_of(FORM, None).without_secrets(), NOW)
    assert isinstance(ctx.jobs, ImmediateJobs)
    ctx.jobs.states[state.name] = state


def test_a_failed_test_is_still_told_after_a_look_at_another_page(ctx: Context) -> None:
    problem = errors.TimedOut("Jira did not answer in time.")
    attempted(ctx, ended(syncing.TEST_JOB, status="failed", message=str(problem), problem=problem))
    effects = come_back(ctx)
    message = put(effects, "jira-tested", "children")
    assert "It did not work; what to change is said above." in text_of(message)
    assert "Tried with https://jira.example.com, " in text_of(message)
    errors_shown = [put(effects, f"jira-{name}", "error") for name in ("url", "email", "token")]
    assert errors_shown == [str(problem), None, None]


def test_a_test_that_worked_is_still_told_and_asks_for_what_is_missing(ctx: Context) -> None:
    attempted(ctx, ended(syncing.TEST_JOB, result=replace(CLOUD, matches=None, asks_for="email")))
    effects = come_back(ctx)
    assert "Enter your e-mail address and an API token" in text_of(put(effects, "jira-tested", "children"))
    assert put(effects, "jira-email-row", "hidden") is False
    assert "API token" in put(effects, "jira-token", "description")


def test_a_test_that_still_runs_is_said_to_and_followed(ctx: Context) -> None:
    attempted(ctx, ended(syncing.TEST_JOB, status="running"))
    assert text_of(put(come_back(ctx), "jira-tested", "children")) == "Asking Jira …"
    page = page_of(ctx)
    assert (by_id(page, "jira-job").data, by_id(page, "jira-tick").disabled) == (syncing.TEST_JOB, False)


@pytest.mark.parametrize("changed", range(8))
def test_of_another_form_than_the_one_that_was_tested_nothing_is_said(ctx: Context, changed: int) -> None:
    attempted(ctx, ended(syncing.TEST_JOB, result=CLOUD))
    form = tuple(f"{value} else" if at == changed else value for at, value in enumerate(FORM))
    # The token, its place and its passphrase are no part of what comes back.
    is_told = changed in (2, 3, 4)
    assert ("jira-tested" in come_back(ctx, form).put) == is_told


def test_before_the_first_test_and_after_a_connection_that_was_saved_nothing_is_said(ctx: Context) -> None:
    assert set(come_back(ctx).put) == {"jira-where"}
    attempted(ctx, ended(syncing.CONNECT_JOB, result=Saved(REF)))
    assert set(come_back(ctx).put) == {"jira-where"}


# -- connected ------------------------------------------------------------------------------------------


def test_a_connected_profile_shows_its_queries_first_and_never_its_token(ctx: Context) -> None:
    page = page_of(ctx)
    assert "Work lists of “Team <b>”" in text_of(page)
    assert "project = S 38 issues, last synced " in text_of(page)
    assert "https://team.atlassian.net" in text_of(page)
    assert TOKEN not in str(page.to_plotly_json())
    assert TOKEN not in text_of(page)


def test_a_query_that_was_changed_or_never_fetched_says_so(ctx: Context) -> None:
    ctx.backend.save_query(Query("p", "q", "All & more", NOW, NOW, jql="project = T"))
    ctx.backend.save_query(Query("p", "q2", "New", NOW, NOW, jql="key = S-1"))
    shown = text_of(page_of(ctx))
    assert "The query was changed since" in shown
    assert "New key = S-1 Not synced yet." in shown
    assert "Sync all" in shown


def test_each_button_names_its_query_for_a_screen_reader(ctx: Context) -> None:
    labels = properties(queries.listed(ctx, ctx.backend.list_profiles()[0], FORMATS), "aria-label")
    assert labels == [
        "Sync All & more",
        "Fetch everything again: All & more",
        "Change: All & more",
        "Remove: All & more",
    ]


def test_a_token_that_is_gone_is_asked_for_in_place(ctx: Context) -> None:
    ctx.secrets.forget("p")
    page = page_of(ctx)
    assert "The token is not at hand. Enter it to sync. To keep" in text_of(page)
    assert by_id(page, "query-token").label == "Token"


def test_a_token_of_another_server_is_asked_for_again_and_it_is_said_why(ctx: Context) -> None:
    profile = ctx.backend.list_profiles()[0]
    config = {**profile.jira_config, "base_url": "https://other.example.com"}
    ctx.backend.save_profile(replace(profile, jira_config=config))
    page = page_of(ctx)
    assert "was entered for https://team.atlassian.net, and the project now asks https://other.example.com" in text_of(
        page
    )
    assert by_id(page, "query-token").label == "Token"


def test_a_sealed_token_asks_for_its_passphrase_in_place(ctx: Context, tmp_path: Path) -> None:
    ctx.secrets.remember_on_stick("p", "https://team.atlassian.net", TOKEN, "four words of mine")
    locked = Context(ctx.backend, ImmediateJobs(), tmp_path, lambda: NOW, secrets=Secrets(tmp_path, FakeKeyring()))
    page = page_of(locked)
    assert by_id(page, "query-token").label == "Passphrase"
    assert "Unlock and sync" in text_of(page)


def test_a_token_that_jira_does_not_accept_any_more_is_asked_for_anew(ctx: Context) -> None:
    state = ended(
        syncing.SYNC_JOB, status="failed", message="The token worked before.", problem=errors.ExpiredToken("")
    )
    assert isinstance(ctx.jobs, ImmediateJobs)
    ctx.jobs.states[syncing.SYNC_JOB] = state
    page = page_of(ctx)
    assert "Jira does not accept the token any more. Enter a new one." in text_of(page)
    assert "The sync did not work.  The token worked before. What was there before stays." in text_of(page)


def test_a_connection_of_the_old_app_shows_no_kind_that_nobody_knows(ctx: Context) -> None:
    profile = ctx.backend.list_profiles()[0]
    ctx.backend.save_profile(replace(profile, jira_config={"base_url": "https://jira.example.com"}))
    page = page_of(ctx)
    assert "Kind" not in texts(page)
    assert by_id(page, "jira-email-row").hidden
    ctx.backend.save_profile(replace(profile, jira_config={"base_url": "https://team.atlassian.net"}))
    assert not by_id(page_of(ctx), "jira-email-row").hidden


def test_the_form_of_a_connected_profile_holds_what_is_connected_but_no_token(ctx: Context) -> None:
    profile = ctx.backend.list_profiles()[0]
    authorities = syncing.save_ca_file(ctx, b"-----BEGIN CERTIFICATE-----")
    config = {**profile.jira_config, "ca_file": authorities}
    changed = replace(profile, jira_config=config)
    ctx.backend.save_profile(changed)
    ctx.secrets.remember_on_stick("p", server_of(ctx, changed), TOKEN, "four words of mine")
    page = page_of(ctx)
    values = {
        name: by_id(page, name).value for name in ("jira-url", "jira-email", "jira-query", "jira-jql", "jira-where")
    }
    assert values == {
        "jira-url": "https://team.atlassian.net",
        "jira-email": "ann@example.com",
        "jira-query": "All & more",
        "jira-jql": "project = S",
        "jira-where": "stick",
    }
    assert by_id(page, "jira-ca").data == authorities
    assert getattr(by_id(page, "jira-token"), "value", None) is None
    assert "Leave it empty to keep the present one." in by_id(page, "jira-token").description


# -- what a sync did ------------------------------------------------------------------------------------


def result(**other: Any) -> SyncResult:
    outcome = SyncResult(REF, "All", "delta", 1200, 1100, 3, 5000, 25, 4.25, ())
    return replace(outcome, **other)


def test_a_sync_says_what_it_brought_and_how_much_it_asked() -> None:
    state = ended(
        syncing.SYNC_JOB, result=Fetched((result(warnings=("Only part of a history.",)),), (("Red", "Why."),))
    )
    shown = text_of(queries.outcome(state, FORMATS))
    assert (
        "All:  1,200 issues fetched, 1,100 new or changed, 3 removed, 5,000 entries of history learned; 25 requests "
        "in 4.2 s."
    ) in shown
    assert "Only part of a history. Red was not synced. Why." in shown


def test_a_sync_that_brought_nothing_says_so() -> None:
    quiet = result(fetched=2, changed=0, removed=0, issue_changes=0)
    assert "nothing has changed since the last sync" in text_of(
        queries.outcome(ended(syncing.SYNC_JOB, result=Fetched((quiet,))), FORMATS)
    )


def test_a_stopped_sync_says_that_what_was_fetched_is_kept() -> None:
    for status in ("cancelled", "interrupted"):
        shown = text_of(queries.outcome(ended(syncing.SYNC_JOB, status=status), FORMATS))
        assert "What was fetched is kept" in shown
    assert queries.outcome(ended(syncing.SYNC_JOB, status="running"), FORMATS) is None
    assert queries.outcome(None, FORMATS) is None


def test_the_editor_says_what_a_check_found_or_what_is_wrong_with_the_query() -> None:
    good, error = queries.checked(ended(syncing.CHECK_JOB, result=Checked("x", 12)), FORMATS)
    assert (text_of(good), error) == ("Jira understands it. It matches 12 issues.", None)
    wrong = ended(syncing.CHECK_JOB, status="failed", message="Unclear.", problem=errors.BadJql("Unclear."))
    assert queries.checked(wrong, FORMATS) == (None, "Unclear.")
    down = ended(syncing.CHECK_JOB, status="failed", message="Down.", problem=errors.JiraDown("Down."))
    shown, error = queries.checked(down, FORMATS)
    assert (text_of(shown), error) == ("Down.", None)


def test_a_token_that_could_not_be_kept_as_wanted_is_told(ctx: Context) -> None:
    assert isinstance(ctx.jobs, ImmediateJobs)
    ctx.jobs.states[syncing.CONNECT_JOB] = ended(syncing.CONNECT_JOB, result=Saved(REF, "Kept only for now."))
    assert "Kept only for now." in text_of(page_of(ctx))


# -- everywhere else ------------------------------------------------------------------------------------


def test_pages_of_numbers_say_when_jira_was_synced_and_offer_to_sync(ctx: Context) -> None:
    at = datetime(2026, 3, 30, 9, 30, tzinfo=UTC).astimezone()
    shown = bar.build(visit_of(ctx, "", FORMATS))
    assert f"Data of today {at.strftime('%H:%M')} Sync" in text_of(shown)


def test_a_query_that_does_not_come_from_jira_offers_no_sync() -> None:
    assert sync_line.button(visit_of(sample_context(), "", FORMATS)) == []


def test_a_sync_that_waits_for_a_replay_to_give_way_is_followed_and_not_the_replay(ctx: Context) -> None:
    replay = JobState("Track record of All", "running", 10.0, "")
    assert isinstance(ctx.jobs, ImmediateJobs)
    ctx.jobs.states[syncing.SYNC_JOB] = JobState(syncing.SYNC_JOB, "waiting", 0.0, "")
    assert not shell.is_followed(ctx, replay, syncing.SYNC_JOB)
    ctx.jobs.states[syncing.SYNC_JOB] = ended(syncing.SYNC_JOB)
    assert shell.is_followed(ctx, replay, syncing.SYNC_JOB)
    assert not shell.is_followed(ctx, replay, replay.name)
    assert shell.is_followed(ctx, replay, None)


@pytest.mark.parametrize("wrong", [True, 5.5, ["x"], {"a": 1}])
@pytest.mark.parametrize("place", range(11))
def test_a_value_of_another_kind_is_refused_before_a_job_begins(ctx: Context, wrong: Any, place: int) -> None:
    form: list[Any] = [*FORM, "", "Team", ""]
    form[place] = wrong
    with pytest.raises(BadInput, match="cannot be used"):
        jira.test(ctx, *form)
    assert ctx.attempt is None
