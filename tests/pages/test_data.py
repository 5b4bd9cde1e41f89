"""Ways in, and reports of what became of a file."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator

import pytest

from app.actions import sample
from app.actions.files import ImportResult, RejectedRow, import_file
from app.errors import BadInput, UnclearDates
from app.jobs import JobState
from app.pages import data
from app.web import shell
from app.web.page import visit_of
from app.web.parts import files
from app.words.formats import formats_for
from store.records import ProjectData
from tests.pages.reading import properties, texts
from tests.pages.sample import NOW, REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def result(*rejected: RejectedRow) -> ImportResult:
    return ImportResult("issues", "Jira CSV export", 12, 12 - len(rejected), rejected, ("Odd.",), REF, {}, ())


def test_an_empty_folder_is_welcomed_with_its_ways_in() -> None:
    page_texts = texts(data.layout(visit_of(empty_context(), "", FORMATS)))
    assert [title for title in ("Sample project", "A file", "An old installation") if title in page_texts] == [
        "Sample project",
        "A file",
        "An old installation",
    ]
    assert "Welcome" in page_texts


def test_every_rejected_row_is_listed_with_its_column_value_and_reason() -> None:
    report_texts = texts(data.import_report(result(RejectedRow(7, "Created", "31/31/26", "is not a date")), FORMATS))
    assert "11 of 12 rows kept" in report_texts
    assert [text for text in report_texts if text in ("7", "Created", "31/31/26", "is not a date")] == [
        "7",
        "Created",
        "31/31/26",
        "is not a date",
    ]


def test_the_report_of_an_import_leads_to_its_query() -> None:
    assert "/?profile=p&query=q" in properties(data.import_report(result(), FORMATS), "href")


def test_a_broken_upload_is_refused_with_what_to_do() -> None:
    assert files.uploaded_bytes("data:text/csv;base64," + base64.b64encode(b"a,b").decode()) == b"a,b"
    with pytest.raises(BadInput, match="Choose it again"):
        files.uploaded_bytes("data:text/csv;base64,%%%")


def test_what_is_in_the_query_is_counted() -> None:
    text = " ".join(texts(data.record_layout(visit_of(sample_context(), "", FORMATS))))
    assert "Issues 38" in text
    assert "Changes of issues 28" in text


def test_issues_that_a_query_of_jira_no_longer_finds_are_counted_apart() -> None:
    ctx = sample_context()
    synced = {"synced_at": "2026-03-30T08:00:00Z", "jql": ""}
    ctx.backend.save_project_data(REF, ProjectData({"jira_sync": synced, "metadata": {"kept": 35}}, NOW))
    assert "Issues 38, 3 of them no longer in the work list" in " ".join(
        texts(data.record_layout(visit_of(ctx, "", FORMATS)))
    )


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This computer stands nine hours east of UTC."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of a process cannot be changed on this system")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "JST-9")
        time.tzset()
        yield
    time.tzset()


def test_an_import_is_the_last_change_and_listed_with_the_time_on_this_computers_clock(tokyo: None) -> None:
    ctx = empty_context()
    import_file(ctx, b"nr,created\nA-1,2026-01-05\n", "one.csv", query_name="Team")
    local = FORMATS.instant(NOW.astimezone())
    page_texts = texts(data.record_layout(visit_of(ctx, "", FORMATS)))
    assert page_texts[page_texts.index("Last change") + 1] == local
    assert page_texts[page_texts.index("one.csv") - 1] == local
    assert local != FORMATS.instant(NOW)


def test_the_sample_changed_last_when_it_came() -> None:
    """As the bar says above; its 800 changes did not come at no time at all."""
    ctx = empty_context()
    sample.load_sample(ctx)
    page_texts = texts(data.record_layout(visit_of(ctx, "", FORMATS)))
    assert page_texts[page_texts.index("Last change") + 1] == FORMATS.instant(NOW.astimezone())


def test_a_stopped_import_says_that_nothing_was_changed() -> None:
    ctx = empty_context()
    ctx.jobs.states["Import"] = JobState("Import", "cancelled", 50.0, "Stopped.")  # type: ignore[attr-defined]
    page_texts = texts(data.layout(visit_of(ctx, "", FORMATS)))
    assert "The import was stopped before anything was saved. Nothing was changed." in page_texts


def test_a_question_about_a_file_is_asked_without_calling_it_a_failure() -> None:
    ctx = empty_context()
    problem = UnclearDates("Opened: 03/04/2025 can be read in two ways.", "Say which.", "03/04/2025")
    failed = JobState("Import", "failed", 5.0, str(problem), problem=problem)
    ctx.jobs.states["Import"] = failed  # type: ignore[attr-defined]
    feedback = shell.follow_jobs(ctx, "Import", "/settings/project")
    assert feedback.toast == "The file leaves one question open. It stands on the Data page."
    assert not feedback.is_problem
