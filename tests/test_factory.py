"""The app as a whole, without a browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.context import Context
from app.early import ASSETS
from app.factory import Built, build, create_app, show_page
from app.jobs import JobState
from app.pages import PAGES, SECTIONS
from app.web import former
from app.web.page import LANGUAGE_STATE
from app.web.shell import THEME_STATE, follow_jobs
from app.words import reader
from tests.pages.reading import components, links, properties, texts
from tests.pages.sample import NOW, REF, ImmediateJobs, empty_context, sample_context


def shown(ctx: Any, path: str, search: str = "", language: str = "en-GB") -> Built:
    server = create_app(ctx).server
    with server.test_request_context(path, headers={"Accept-Language": language}):
        server.preprocess_request()
        return build(ctx, path, search)


@pytest.fixture(scope="module")
def with_deadline() -> Context:
    """For tests that only look: what is computed for the first page serves the others."""
    return sample_context(deadline="2026-06-30")


@pytest.fixture(scope="module")
def server() -> Flask:
    flask_server: Flask = create_app(sample_context()).server
    return flask_server


@pytest.mark.slow
@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_every_page_is_built_in_one_answer_that_can_be_sent(path: str, with_deadline: Context) -> None:
    page = shown(with_deadline, path).page
    assert json.dumps(page, default=lambda part: part.to_plotly_json())
    assert texts(page)


@pytest.mark.parametrize("path", ["/", "/plan/progress", "/data/sources", "/nonsense"])
def test_an_empty_folder_leads_to_the_ways_in(path: str) -> None:
    assert "Welcome" in texts(shown(empty_context(), path).page)


@pytest.mark.parametrize("path", ["/", "/plan/progress", "/data/sources", "/nonsense"])
def test_in_an_empty_folder_the_entry_is_marked_whose_page_is_shown(path: str) -> None:
    entries = [part for part in components(shown(empty_context(), path).nav) if getattr(part, "href", None)]
    assert {part.href for part in entries if "here" in (part.className or "").split()} == {"/data"}


def test_an_unknown_address_is_not_found() -> None:
    assert "Not found" in texts(shown(sample_context(), "/nonsense").page)


def test_an_address_of_a_deleted_project_says_so_and_offers_what_is_there() -> None:
    page = shown(sample_context(), "/", "?profile=gone&query=gone").page
    assert "This project is not here" in texts(page)
    assert "/?profile=p&query=q" in properties(page, "href")


@pytest.mark.parametrize(
    ("path", "search", "address_now"),
    [
        ("/burndown", "?profile=p&query=q&chart=burndown&span=1y",
         ("/plan/progress", "?profile=p&query=q&days=1y&chart=burndown")),
        ("/settings", "", ("/settings/project", "")),
        ("/data", "", ("/data/sources", "")),
        ("/data/jira", "?profile=p", ("/data/sources/jira", "?profile=p")),
        ("/data/mapping", "", ("/data/meaning", "")),
        ("/plan", "", ("/plan/progress", "")),
    ],
)  # fmt: skip
def test_an_address_of_an_earlier_version_keeps_its_meaning(
    path: str, search: str, address_now: tuple[str, str]
) -> None:
    assert former.leads_to(path, search) == address_now


def test_no_page_has_more_than_seven_tabs_and_what_is_none_is_reached_all_the_same(with_deadline: Context) -> None:
    sections = [page.section for page in PAGES if page.path and not page.under]
    assert max(map(sections.count, sections)) <= 7
    for path in ("/plan/groups", "/plan/moved"):
        (page,) = (page for page in PAGES if page.path == path)
        above = shown(with_deadline, page.under).page
        assert any(link.startswith(path) for link in properties(above, "href"))
        (about,) = [part for part in components(above) if getattr(part, "id", "") == "about"]
        assert path in getattr(about, "data-commands")


def test_a_page_tells_its_whole_address_so_that_nothing_else_is_ever_changed_by_it() -> None:
    (about,) = [part for part in components(shown(sample_context(), "/").page) if getattr(part, "id", "") == "about"]
    assert getattr(about, "data-address") == "/?profile=p&query=q"


def test_the_browsers_tab_says_the_chance_and_whose_it_is(with_deadline: Context) -> None:
    (about,) = [part for part in components(shown(with_deadline, "/").page)
                if getattr(part, "id", "") == "about"]  # fmt: skip
    assert re.fullmatch(r".* by 30 Jun 2026 · All & more · Burndown", getattr(about, "data-title"))


@pytest.mark.slow
def test_every_page_has_a_title_of_its_own(with_deadline: Context) -> None:
    titles = [
        getattr(part, "data-title")
        for page in PAGES
        for part in components(shown(with_deadline, page.path + "S-1" * (page.path == "/issues/")).page)
        if getattr(part, "id", "") == "about"
    ]
    assert len(titles) == len(PAGES)
    assert len(set(titles)) == len(titles), sorted(titles)


@pytest.mark.parametrize(("path", "search"), [("/nonsense", ""), ("/", "?profile=gone&query=gone")])
def test_what_is_not_here_has_a_title_of_its_own_too(path: str, search: str, with_deadline: Context) -> None:
    (about,) = [
        part for part in components(shown(with_deadline, path, search).page) if getattr(part, "id", "") == "about"
    ]
    assert getattr(about, "data-title") == "Not found · Burndown"


@pytest.mark.parametrize(
    ("path", "search"),
    [
        ("/nonsense", ""),
        ("/nonsense", "?profile=p&query=q"),
        ("/", "?profile=p&query=gone"),
        ("/", "?profile=gone&query=gone"),
    ],
)
def test_what_is_not_here_leads_to_the_project_that_is_named_or_the_last_one(path: str, search: str) -> None:
    page = shown(sample_context(), path, search).page
    (button,) = [part for part in components(page) if "button" in str(getattr(part, "className", "")).split()]
    assert button.href == "/?profile=p&query=q"


def test_a_page_that_is_not_there_leads_to_the_same_work_seen_in_the_same_way() -> None:
    page = shown(sample_context(), "/nonsense", "?profile=p&query=q&as-of=2026-03-16").page
    assert "/?profile=p&query=q&as-of=2026-03-16" in links(page)


def test_days_follow_the_browsers_language(with_deadline: Context) -> None:
    field = {"en-US,en;q=0.9": "Jun 30, 2026", "de": "30. Juni 2026", "nl": "30 Jun 2026"}
    for language, day in field.items():
        page = shown(with_deadline, "/", language=language).page
        assert day in [part.value for part in components(page) if getattr(part, "id", "") == "deadline-day"]


def test_the_page_is_in_the_language_that_was_chosen_and_brings_its_scripts_words_along() -> None:
    ctx = sample_context()
    client = create_app(ctx).server.test_client()
    assert '<html lang="de" data-words="{' in client.get("/", headers={"Accept-Language": "de-AT"}).get_data(
        as_text=True
    )
    ctx.backend.set_state(LANGUAGE_STATE, "en")
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "de-AT"}).get_data(as_text=True)
    ctx.backend.set_state(LANGUAGE_STATE, "de")
    assert '<html lang="de"' in client.get("/", headers={"Accept-Language": "fr"}).get_data(as_text=True)


def test_what_is_made_after_a_request_is_for_nobody_in_particular() -> None:
    create_app(sample_context()).server.test_client().get("/", headers={"Accept-Language": "de"})
    assert reader().language == "en"


def test_navigation_keeps_the_query_and_the_unit() -> None:
    navigation = shown(sample_context(), "/plan/progress", "?unit=points&chart=burndown").nav
    assert properties(navigation, "href")[:7] == [f"{path}?profile=p&query=q&unit=points" for path, _ in SECTIONS]


def test_looking_at_a_query_makes_it_the_active_one() -> None:
    ctx = sample_context()
    shown(ctx, "/", f"?profile={REF.profile_id}&query={REF.query_id}")
    assert ctx.backend.active_query() == REF


def test_a_job_that_ends_while_the_page_is_built_is_followed_to_its_end() -> None:
    class EndingJobs(ImmediateJobs):
        """The import still runs when the page asks about it, and ends then."""

        runs = True

        def running(self) -> JobState | None:
            return JobState("Import", "running", 98.0, "Computing the forecast") if self.runs else None

        def state(self, name: str) -> JobState | None:
            job = self.running() if name == "Import" else None
            self.runs = self.runs and name != "Import"
            return job

    sample = sample_context()
    ctx = Context(sample.backend, EndingJobs(), Path("data folder"), lambda: NOW)
    job = shown(ctx, "/data/sources").job
    assert job is not None
    assert (job.name, job.message) == ("Import", "Computing the forecast")


class ReplayingJobs(ImmediateJobs):
    """The replay of the track record runs, which the answer asks for by itself."""

    def running(self) -> JobState | None:
        return JobState("Track record of All", "running", 10.0, "")


def synced(jobs: ImmediateJobs) -> Context:
    """A sync has come to its end, and nobody has looked since."""
    ctx = Context(sample_context().backend, jobs, Path("data folder"), lambda: NOW)
    jobs.states["Jira sync"] = JobState("Jira sync", "completed", 100.0, "")
    return ctx


@pytest.mark.parametrize("jobs", [ImmediateJobs, ReplayingJobs])
def test_the_end_of_a_sync_is_told_although_news_made_the_page_anew_just_then(jobs: type[ImmediateJobs]) -> None:
    """Another window's change, or the sync's own, comes between its end and the next look at how far it is."""
    ctx = synced(jobs())
    with create_app(ctx).server.test_request_context("/"):
        news = show_page(ctx, "/", "?profile=p&query=q", "news", "before", "Jira sync")
        assert news is not None
        assert "watched" not in news.put
        assert news.put["tick"] == {"disabled": False}
        feedback = follow_jobs(ctx, "Jira sync", "/")
    assert feedback.toast == "Jira sync is done."
    running = ctx.jobs.running()
    assert feedback.put["watched"] == {"data": running.name if running else None}
    assert feedback.put["tick"] == {"disabled": running is None}


def test_the_end_of_a_job_is_told_once_however_many_ticks_ask_for_it() -> None:
    jobs = ImmediateJobs()
    ctx = synced(jobs)
    with create_app(ctx).server.test_request_context("/"):
        first, second = (follow_jobs(ctx, "Jira sync", "/").once for _ in range(2))
        jobs.states["Jira sync"] = replace(jobs.states["Jira sync"], at=NOW)
        another_run = follow_jobs(ctx, "Jira sync", "/").once
    assert first == second
    assert another_run != first


def test_a_page_that_was_begun_before_a_click_does_not_end_the_following_of_what_it_started() -> None:
    ctx = sample_context()
    with create_app(ctx).server.test_request_context("/"):
        effects = show_page(ctx, "/data/sources", "?profile=p&query=q", None, None, None)
    assert effects is not None
    assert not {"tick", "watched"} & effects.put.keys()


def test_notices_stand_on_top_of_every_page() -> None:
    from app.context import Notice

    ctx = sample_context()
    ctx.notices = (Notice("warning", "This folder is read-only."),)
    assert texts(shown(ctx, "/settings/project").page)[0] == "This folder is read-only."


def test_the_index_loads_the_chart_library_deferred_and_nothing_from_elsewhere() -> None:
    html = create_app(sample_context()).server.test_client().get("/").get_data(as_text=True)
    assert '<script defer src="/assets/vendor/plotly.min.js"></script>' in html
    assert html.index("plotly-later.js") < html.index("plotly.min.js")
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    assert "package_data/plotly" not in html


def test_the_chosen_scheme_is_in_the_page_before_any_script_runs() -> None:
    ctx = sample_context()
    client = create_app(ctx).server.test_client()
    assert "data-mantine-color-scheme" not in client.get("/").get_data(as_text=True)
    ctx.backend.set_state(THEME_STATE, "dark")
    assert '<html lang="en" data-mantine-color-scheme="dark"' in client.get("/").get_data(as_text=True)


def test_every_inline_script_is_covered_by_a_hash() -> None:
    import base64
    import hashlib

    app = create_app(sample_context())
    html = app.server.test_client().get("/").get_data(as_text=True)
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", html, re.S)
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in inline]
    assert inline
    assert set(hashes) <= set(app.csp_hashes())


def test_two_apps_in_one_process_both_answer() -> None:
    apps = [create_app(sample_context()), create_app(sample_context())]
    counts = [len(app.server.test_client().get("/_dash-dependencies").get_json()) for app in apps]
    assert counts[0] == counts[1] > 10


def test_starting_notes_the_day_of_use_of_the_active_query() -> None:
    ctx = sample_context()
    create_app(ctx)
    assert [forecast.as_of for forecast in ctx.backend.list_forecasts(REF)] == [NOW.date()]
    assert ctx.backend.list_snapshots(REF)


def test_assets_are_local_and_the_library_has_its_licence() -> None:
    assert (ASSETS / "vendor" / "plotly-LICENSE.txt").read_text(encoding="utf-8").startswith("MIT License")
    # So marked, browsers compile it beside what the page does.
    charts = (ASSETS / "vendor" / "plotly.min.js").read_bytes()
    assert charts.startswith(b"//# allFunctionsCalledOnLoad\n/**\n* plotly.js")
    style = (ASSETS / "burndown.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize(
    "path", ["/_dash-component-suites/unknown/x.js", "/_dash-component-suites/dash/unknown.js", "/assets/unknown.js"]
)
def test_a_file_that_is_not_there_is_no_mistake_of_ours(path: str) -> None:
    assert create_app(sample_context()).server.test_client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/a%0ab", "/assets/../launcher.py", "/assets/%2e%2e/launcher.py", "/a/%0d%0aX: 1"])
def test_what_no_route_takes_is_answered_by_our_own_page(path: str, server: Flask) -> None:
    """Flask's own answer needs a part that the executable does not carry: it was a 500 with a traceback there."""
    answer = server.test_client().get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.get_data(as_text=True)


def test_a_question_for_another_protocol_is_answered_by_our_own_page(server: Flask) -> None:
    answer = server.test_client().get("/", headers={"Upgrade": "websocket", "Connection": "Upgrade"})
    assert answer.status_code == 400
    assert "There is nothing here" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["//", "//a", "/a//b", "/assets//burndown.css"])
def test_no_address_is_answered_by_a_redirect(path: str, server: Flask) -> None:
    assert server.test_client().get("/", environ_overrides={"PATH_INFO": path}).status_code in (200, 404)


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"null", b"[" * 100_000, b'{"output": "x.y", "inputs": []}', b'{"output": [], "inputs": 5}'],
)
def test_a_call_of_another_version_is_told_to_reload(body: bytes, server: Flask) -> None:
    answer = server.test_client().post("/_dash-update-component", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_data(as_text=True)) == (400, "Reload this page.")
