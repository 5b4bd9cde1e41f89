"""A form on a page writes to the project that its address names; where that is gone or another one by now, it says so
and changes nothing. Two windows are open: what one of them does to projects, the other does not know."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.actions import deleted, files
from app.context import Context
from app.errors import BadInput
from app.pages import file, jira, mapping, weeks
from app.web.address import Choice
from app.web.page import project_meant, visit_of
from app.web.parts import files as file_parts
from app.web.parts import paste
from app.web.shell import browser_formats
from store.opening import open_store
from store.records import QueryRef
from tests.pages.sample import NOW, ImmediateJobs

CSV = b"key,created,finished\nA-1,2026-01-05,2026-01-12\nA-2,2026-01-06,\n"


@pytest.fixture(autouse=True)
def request_of_a_browser() -> Iterator[None]:
    with Flask(__name__).test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


def opened(folder: Path) -> Context:
    return Context(open_store(folder, mode="write").backend, ImmediateJobs(), folder, lambda: NOW)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    context = opened(folder)
    for name in ("Alpha", "Beta"):
        files.import_file(context, CSV, "list.csv", profile_name=name, query_name="All")
    context.backend.close()
    return folder


@pytest.fixture
def ctx(tmp_path: Path, filled: Path) -> Iterator[Context]:
    """Two projects; the other window looks at the second one, so that it is the active one."""
    context = opened(Path(shutil.copytree(filled, tmp_path / "data")))
    yield context
    context.backend.close()


def named(ctx: Context, name: str) -> QueryRef:
    profile = next(profile for profile in ctx.backend.list_profiles() if profile.name == name)
    return ctx.backend.list_queries(profile.id)[0].ref


def address(ctx: Context, name: str) -> str:
    ref = named(ctx, name)
    return Choice(ref.profile_id, ref.query_id).search()


def rename(ctx: Context, name: str, to: str) -> None:
    profile = ctx.backend.get_profile(named(ctx, name).profile_id)
    assert profile is not None
    ctx.backend.save_profile(replace(profile, name=to))


def names(ctx: Context) -> dict[str, list[str]]:
    return {
        profile.name: sorted(query.name for query in ctx.backend.list_queries(profile.id))
        for profile in ctx.backend.list_profiles()
    }


# -- each form, done on the page of Alpha while Beta is looked at elsewhere ---------------------------------


def from_file(ctx: Context, search: str, typed: str = "Alpha") -> None:
    file_parts._go_on(ctx, "more.csv", CSV, typed, "More", None, False, "/data/sources", search, "Alpha")


def from_file_page(ctx: Context, search: str, typed: str = "Alpha") -> None:
    token = ctx.pending.hold("more.csv", CSV).token
    fields = ("key", "created", "resolved")
    form = [
        token,
        "issues",
        [{"name": field} for field in fields],
        ["key", "created", "finished"],
        [],
        [],
        "auto",
        "UTC",
    ]
    file.start_import(ctx, typed, "More", "Alpha", search, *form, "", "auto")


def pasted(ctx: Context, search: str) -> None:
    paste.import_pasted(ctx, CSV.decode(), "More", None, "Alpha", search)


def table_begun(ctx: Context, search: str, typed: str = "Alpha") -> None:
    weeks.begin(ctx, typed, "More", "Alpha", search)


FORMS = (from_file, from_file_page, pasted, table_begun)


def done(ctx: Context) -> None:
    state = ctx.jobs.wait(files.JOB, 20) if hasattr(ctx.jobs, "wait") else ctx.jobs.state(files.JOB)
    assert state is None or state.status in ("done", "waiting", "running"), state


@pytest.mark.parametrize("form", FORMS)
def test_a_form_writes_to_the_project_of_its_address(ctx: Context, form: Any) -> None:
    form(ctx, address(ctx, "Alpha"))
    assert names(ctx) == {"Alpha": ["All", "More"], "Beta": ["All"]}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_a_deleted_project_is_refused_and_makes_no_other_one(ctx: Context, form: Any) -> None:
    search = address(ctx, "Alpha")
    deleted.delete_project(ctx, named(ctx, "Alpha").profile_id)
    with pytest.raises(BadInput, match="no longer here"):
        form(ctx, search)
    assert names(ctx) == {"Beta": ["All"]}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_whose_project_is_called_otherwise_by_now_is_refused(ctx: Context, form: Any) -> None:
    search = address(ctx, "Alpha")
    rename(ctx, "Alpha", "Gamma")
    rename(ctx, "Beta", "Alpha")
    with pytest.raises(BadInput, match="called “Gamma” by now"):
        form(ctx, search)
    assert names(ctx) == {"Gamma": ["All"], "Alpha": ["All"]}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_without_an_address_writes_nowhere(ctx: Context, form: Any) -> None:
    with pytest.raises(BadInput, match="does not say which work"):
        form(ctx, "")
    assert names(ctx) == {"Alpha": ["All"], "Beta": ["All"]}


@pytest.mark.parametrize("form", [from_file, from_file_page, table_begun])
def test_another_project_can_still_be_named_by_hand(ctx: Context, form: Any) -> None:
    form(ctx, address(ctx, "Alpha"), typed="Delta")
    assert names(ctx) == {"Alpha": ["All"], "Beta": ["All"], "Delta": ["More"]}


def test_an_import_whose_project_is_deleted_while_it_waits_makes_no_other_one(ctx: Context) -> None:
    ref = named(ctx, "Alpha")
    deleted.delete_project(ctx, ref.profile_id)
    with pytest.raises(BadInput, match="deleted meanwhile"):
        files.import_file(ctx, CSV, "more.csv", profile_name="Alpha", profile_id=ref.profile_id)
    assert names(ctx) == {"Beta": ["All"]}


def test_connecting_is_about_the_project_of_the_address(ctx: Context) -> None:
    search = address(ctx, "Alpha")
    fields = ("https://jira.example.org", "", "", "memory", "", "Alpha", "All", "project = A", None)
    assert jira._wish_of(ctx, (*fields, "Alpha", search)).profile_id == named(ctx, "Alpha").profile_id
    rename(ctx, "Alpha", "Gamma")
    rename(ctx, "Beta", "Alpha")
    with pytest.raises(BadInput, match="called “Gamma” by now"):
        jira._wish_of(ctx, (*fields, "Alpha", search))
    deleted.delete_project(ctx, named(ctx, "Gamma").profile_id)
    with pytest.raises(BadInput, match="no longer here"):
        jira._wish_of(ctx, (*fields, "Alpha", search))


@pytest.mark.parametrize(
    "write",
    [
        lambda ctx, search: mapping.save(ctx, [], [], [], None, [], [], [], search),
        lambda ctx, search: weeks.edit(ctx, {"cells": []}, search),
        lambda ctx, search: weeks.save_left(ctx, "3", "", search),
    ],
    ids=["mapping", "weeks", "what is left"],
)
def test_a_write_to_a_deleted_work_list_is_refused_in_words(ctx: Context, write: Any) -> None:
    search = address(ctx, "Alpha")
    deleted.delete_work(ctx, named(ctx, "Alpha"))
    with pytest.raises(BadInput, match="no longer here; it was deleted"):
        write(ctx, search)


def test_a_name_is_the_same_whatever_its_case_and_blanks(ctx: Context) -> None:
    project = project_meant(ctx, address(ctx, "Alpha"), "  alpha ", "Alpha")
    assert project == named(ctx, "Alpha").profile_id
    assert visit_of(ctx, address(ctx, "Beta"), browser_formats()).ref.profile_id != project
