"""The bar: what is looked at, and what that does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.actions import sample
from app.web import bar
from app.web.page import Visit, visit_of
from app.words.formats import formats_for
from tests.pages.reading import links, texts
from tests.pages.sample import REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def visit(search: str = "", path: str = "/flow/throughput") -> Visit:
    ctx = empty_context()
    sample.load_sample(ctx)
    return visit_of(ctx, search, FORMATS, path)


def text_of(part: Any) -> str:
    return " ".join(" ".join(texts(part)).split())


def test_all_work_is_looked_at_unless_something_is_chosen() -> None:
    assert "All work + Filter" in text_of(bar.build(visit()))


def test_a_filter_is_a_chip_that_can_be_taken_away_and_says_what_it_does() -> None:
    shown = bar.build(visit("?where=type%3DBug&where=type%3DTask&where=status!%3DDone"))
    text = text_of(shown)
    assert "Type: Bug, Task ✕" in text
    assert "Status: not Done ✕" in text
    assert "Seen through a filter:" in text
    assert any("where=status%21%3DDone" in link and "type" not in link for link in links(shown))


def test_a_filter_says_whose_pace_its_forecast_has() -> None:
    shared, own = (text_of(bar.build(visit(f"?where=type%3DBug{more}"))) for more in ("", "&pace=own"))
    assert "Pace of all work: 4.8 a week, its share" in shared
    assert "Use its own" in shared
    assert "Its pace is that of its own weeks. Use all work's" in own


def test_a_day_that_is_past_is_a_chip_with_the_way_back() -> None:
    shown = bar.build(visit("?as-of=2026-03-02"))
    assert "You look at 2 Mar 2026 as it was known then. Back to today" in text_of(shown)
    assert any("as-of" not in link for link in links(shown))


@pytest.mark.parametrize("path", ["/data/sources", "/data/meaning", "/data/weeks", "/data/record"])
def test_a_page_of_what_is_kept_says_that_a_filter_and_a_past_day_do_not_change_it(path: str) -> None:
    text = text_of(bar.build(visit("?as-of=2026-03-02&where=type%3DBug", path)))
    assert "This page is of all work as it is today" in text
    assert "as it was known then" not in text
    assert "Seen through" not in text
    assert "This page is of all work" not in text_of(bar.build(visit("", path)))
    assert "as it was known then" in text_of(bar.build(visit("?as-of=2026-03-02", "/data/trust")))


def test_weeks_that_are_tried_out_are_a_chip_on_every_page_until_they_are_taken_away() -> None:
    shown = bar.build(visit("?window=52"))
    assert "Learns from 52 weeks ✕" in text_of(shown)
    assert any("window" not in link for link in links(shown))
    assert "window=52" in visit("?window=52").href("/plan/progress")


def test_points_are_not_offered_where_nothing_is_estimated() -> None:
    ctx = sample_context()
    issues = [issue for issue in ctx.backend.list_issues(("p", "q")) if issue.points is None]  # type: ignore[arg-type]
    empty = empty_context()
    sample_of = ctx.backend.get_query(("p", "q"))  # type: ignore[arg-type]
    profile = ctx.backend.get_profile("p")
    assert sample_of is not None
    assert profile is not None
    empty.backend.save_profile(profile)
    empty.backend.save_query(sample_of)
    empty.backend.upsert_issues(sample_of.ref, issues)
    assert "Points" not in text_of(bar.build(visit_of(empty, "", FORMATS)))


def test_every_field_with_a_value_can_be_filtered_by() -> None:
    result = {field["name"]: dict(field["values"]) for field in bar.fields(visit())}
    assert {"Bug", "Story", "Task"} <= set(result["type"])
    assert "component" not in result or result["component"]
    assert sum(result["type"].values()) == len(visit().analysis.items)


def test_assignees_can_be_filtered_by_only_where_their_names_are_kept() -> None:
    ctx = sample_context()
    assert "assignee" not in {field["name"] for field in bar.fields(visit_of(ctx, "", FORMATS))}
    issues = ctx.backend.list_issues(REF)
    ctx.backend.upsert_issues(REF, [replace(issue, assignee="Ada") for issue in issues[:3]])
    (field,) = [field for field in bar.fields(visit_of(ctx, "", FORMATS)) if field["name"] == "assignee"]
    assert (field["label"], field["values"]) == ("Assignee", [("Ada", 3)])


def test_the_bar_says_from_when_the_data_are() -> None:
    assert "Data of " in text_of(bar.build(visit()))
