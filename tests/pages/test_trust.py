"""Trust: each doubt says how many, what it does, and leads to its issues."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.actions.files import import_file
from app.domain.agreement import Agreement
from app.pages import trust
from app.views import behind
from app.views import trust as trust_view
from app.web import bar
from app.web.page import visit_of
from app.words.formats import formats_for
from store.records import Category, Issue
from tests.pages.reading import components, links, texts
from tests.pages.sample import NOW, REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def test_a_doubt_is_a_sentence_with_its_count_its_effect_and_its_issues() -> None:
    ctx = sample_context()
    born = NOW - timedelta(days=3)
    ctx.backend.upsert_issues(REF, [
        Issue("S-900", "Odd", "Story", "Done", Category.DONE, born, born, resolved=born - timedelta(days=9))
    ])  # fmt: skip
    visit = visit_of(ctx, "", FORMATS, "/data/trust")
    page = trust.layout(visit)
    text = " ".join(" ".join(texts(page)).split())
    assert "1 of 29 : finished before being created ." in text
    assert "Such issues have no lead time" in text
    assert any("show=doubt%3Afinished_before_created" in link for link in links(page))
    explanation = behind(visit.scene(), "doubt:finished_before_created")
    assert explanation is not None
    assert (explanation.keys, explanation.number) == (("S-900",), 1.0)


def test_days_of_tidying_up_can_be_left_out_of_the_pace_right_there() -> None:
    ctx = sample_context()
    day = NOW - timedelta(days=8)
    born = day - timedelta(days=90)
    swept = [Issue(f"S-{at}", "Old", "Story", "Done", Category.DONE, born, day, resolved=day) for at in range(500, 580)]
    ctx.backend.upsert_issues(REF, swept)
    text = " ".join(texts(trust.layout(visit_of(ctx, "", FORMATS, "/data/trust"))))
    assert "closed in bulk" in text
    assert "Always leave it out" in text


def test_the_bar_and_the_page_count_the_same_doubts_those_about_the_answer_among_them() -> None:
    ctx = sample_context()
    day = NOW - timedelta(days=8)
    born = day - timedelta(days=90)
    swept = [Issue(f"S-{at}", "Old", "", "Done", Category.DONE, born, day, resolved=day) for at in range(500, 580)]
    ctx.backend.upsert_issues(REF, swept)
    visit = visit_of(ctx, "", FORMATS, "/data/trust")
    # Closed in bulk and without a type; and the forecast says that its range is wide. What it says of the bulk as
    # well is no further doubt.
    page = trust.layout(visit)
    listed = next(part for part in components(page) if getattr(part, "className", "") == "rows doubts-list").children
    assert len(listed) == trust_view.count(visit.analysis)
    assert " ".join(texts(listed)).count("closed in bulk") == 1
    assert "finished on 2026-03-22" not in " ".join(texts(listed))
    words = f"{len(listed)} doubts"
    assert words in " ".join(texts(bar.build(visit)))
    assert words in " ".join(" ".join(texts(page)).split())


def test_columns_of_which_nothing_was_taken_are_named() -> None:
    ctx = empty_context()
    # Colour is a field of its own; remarks are none.
    head = b"Key,Created,Finished,Colour,Environment,Notes\n"
    data = head + b"A-1,2026-03-02,2026-03-10,red,good,well\nA-2,2026-03-02,,blue,bad,ill\n"
    ref = import_file(ctx, data, "team.csv", query_name="Team").ref
    search = f"?profile={ref.profile_id}&query={ref.query_id}"
    page_texts = texts(trust.layout(visit_of(ctx, search, FORMATS, "/data/trust")))
    assert "Environment, Notes." in page_texts


def test_a_folder_without_issues_says_what_it_lacks() -> None:
    ctx = empty_context()
    ref = import_file(ctx, b"date,completed_items\n2026-03-02,3\n2026-03-09,4\n", "w.csv", query_name="W").ref
    search = f"?profile={ref.profile_id}&query={ref.query_id}"
    assert "Add data" in texts(trust.layout(visit_of(ctx, search, FORMATS, "/data/trust")))


def test_sprints_and_versions_of_which_the_tracker_says_otherwise_are_named_with_the_rule() -> None:
    ctx = sample_context()
    issues = [replace(issue, fix_versions=("1.0",)) for issue in ctx.backend.list_issues(REF)]
    # The tracker calls it open, what the project says of the status calls it done.
    issues[0] = replace(issues[0], category=Category.TODO)
    ctx.backend.upsert_issues(REF, issues, [])
    ctx.change_profile(
        REF, lambda profile: replace(profile, project_classification={"flow_end_statuses": [issues[0].status]})
    )
    agreement = ctx.analysis(REF).agreement
    page = " ".join(texts(trust.layout(visit_of(ctx, "", FORMATS, "/data/trust"))))
    assert "Compared with the tracker" in page
    assert isinstance(agreement, Agreement)
    for compared in agreement.compared:
        assert (compared.name in page) is not compared.agrees
        assert all(difference.rule in page for difference in compared.differences)
    assert "counts as done here, and not in the tracker (1)" in page
