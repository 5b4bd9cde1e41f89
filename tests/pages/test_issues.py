"""The list of issues, and an issue's own page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.actions import sample
from app.pages import issues
from app.web import fetched
from app.web.page import visit_of
from app.words.formats import formats_for
from store.records import Change
from tests.pages.reading import links, properties, texts
from tests.pages.sample import NOW, REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def page(search: str = "") -> Any:
    return issues.layout(visit_of(sample_context(), search, FORMATS, "/issues"))


def keys(search: str = "") -> list[str]:
    (table,) = [json.loads(text) for text in properties(page(search), "data-table")]
    return [row[0][0] for row in table["rows"]]


def test_open_issues_are_listed_unless_something_else_is_asked_for() -> None:
    assert set(keys()) == {f"S-{100 + at}" for at in range(10)}
    assert "Open: 10 of 38" in texts(page())


def test_the_list_of_a_number_holds_exactly_its_issues() -> None:
    assert set(keys("?show=week:2026-03-23")) == {"S-0", "S-1"}


def test_the_list_is_sorted_and_searched_by_the_address() -> None:
    assert keys("?list=scope&sort=key")[:3] == ["S-0", "S-1", "S-10"]
    assert keys("?list=scope&sort=-key")[0] == "S-9"
    assert keys("?list=scope&q=done+27") == ["S-27"]


def test_a_summary_that_looks_like_markup_stays_text() -> None:
    assert "<img src=x>" in texts(page())


def test_a_key_leads_to_the_issue_with_project_and_work_list() -> None:
    assert "/issues/S-100?profile=p&query=q" in links(page())


def test_an_issue_shows_its_way_through_the_statuses() -> None:
    shown = issues.issue(visit_of(sample_context(), "", FORMATS, "/issues/S-0"))
    text = " ".join(texts(shown))
    assert "Counts as done since 26 Mar 2026, because Done means done." in text
    assert "To Do" in text


def test_an_issue_that_never_moved_says_since_when_it_is_where_it_is() -> None:
    text = " ".join(texts(issues.issue(visit_of(sample_context(), "", FORMATS, "/issues/S-100"))))
    assert "In To Do since it was created on 15 Dec 2025, 105 days ago" in text
    assert re.search(r"In status 106\b", text)


def test_the_status_that_an_open_issue_is_in_counts_today_in_the_way_as_in_the_list() -> None:
    ctx = sample_context()
    moved = [replace(each, status="Doing") for each in ctx.backend.list_issues(REF) if each.key == "S-100"]
    ctx.backend.upsert_issues(REF, moved, [Change("S-100", NOW - timedelta(days=2), "status", "To Do", "Doing")])
    text = " ".join(texts(issues.issue(visit_of(ctx, "", FORMATS, "/issues/S-100"))))
    assert re.search(r"In status 3\b", text)
    assert re.search(r"Doing 3\b", text[text.index("Way through the statuses") :])


def test_an_issue_shows_its_points_and_sprints_over_time() -> None:
    ctx = empty_context()
    sample.load_sample(ctx)
    ref = ctx.backend.list_queries(ctx.backend.list_profiles()[0].id)[0].ref
    moved = next(
        change for change in ctx.backend.load_facts(ref).changes if change.field == "sprint" and change.to_value
    )
    shown = texts(issues.issue(visit_of(ctx, "", FORMATS, f"/issues/{moved.issue_key}")))
    assert "Points, sprints and versions over time" in shown
    assert str(moved.to_value) in shown


def test_an_issue_that_is_not_there_says_so() -> None:
    assert "Not in this work list" in texts(issues.issue(visit_of(sample_context(), "", FORMATS, "/issues/X-1")))


def test_only_a_plain_web_address_of_the_tracker_is_a_link() -> None:
    bad = issues.issue(visit_of(sample_context(), "", FORMATS, "/issues/S-100"))
    good = issues.issue(visit_of(sample_context(), "", FORMATS, "/issues/S-101"))
    assert not [link for link in links(bad) if link.startswith("javascript")]
    assert "https://jira.example/browse/S-101" in links(good)


def test_a_long_list_comes_in_pages() -> None:
    ctx = empty_context()
    ref = sample.load_sample(ctx)
    search = f"?profile={ref.profile_id}&query={ref.query_id}&list=scope"
    first = issues.layout(visit_of(ctx, search, FORMATS, "/issues"))
    count = sum(item.in_scope for item in ctx.analysis(ref).items)
    (table,) = [json.loads(text) for text in properties(first, "data-table")]
    assert len(table["rows"]) == min(200, count)


def epics_context() -> Any:
    """Two epics that are listed, the larger with points, one that is only named, and a story without any."""
    ctx = sample_context()
    there = {each.key: each for each in ctx.backend.list_issues(REF)}
    parents = {"S-101": "S-100", "S-102": "S-100", "S-103": "ABC-7", "S-104": "S-105"}
    changed = [replace(there[key], parent=parent, points=3.0 if parent == "S-100" else None)
               for key, parent in parents.items()]  # fmt: skip
    ctx.backend.upsert_issues(REF, [*changed, replace(there["S-100"], summary="Tickets", type="Epic")], [])
    return ctx


def grouped(search: str, ctx: Any = None) -> dict[str, list[str]]:
    """The keys below each line of a list, in their order."""
    shown = issues.layout(visit_of(ctx or epics_context(), search, FORMATS, "/issues"))
    (table,) = [json.loads(text) for text in properties(shown, "data-table")]
    groups: dict[str, list[str]] = {}
    for at, row in enumerate(table["rows"]):
        words = row[0][0] if isinstance(row[0], list) else row[0]
        if at in table["lines"]:
            groups[words] = []
        else:
            groups[list(groups)[-1]].append(words)
    return groups


def test_a_list_is_grouped_by_epic_with_count_and_points_in_the_line_of_each() -> None:
    groups = grouped("?list=open&group=epic&sort=-key")
    assert list(groups) == [
        "ABC-7 · 1 issue · 0 points",
        "S-100 Tickets · 2 issues · 6 points",
        "S-105 <img src=x> · 1 issue · 0 points",
        "Without a value · 4 issues · 0 points",
    ]
    assert groups["S-100 Tickets · 2 issues · 6 points"] == ["S-102", "S-101"]
    assert grouped("?list=open&group=epic&sort=key")["S-100 Tickets · 2 issues · 6 points"] == ["S-101", "S-102"]
    assert sum(map(len, groups.values())) == 8


def test_the_line_of_an_epic_leads_to_it_unless_it_is_not_here() -> None:
    shown = issues.layout(visit_of(epics_context(), "?group=epic", FORMATS, "/issues"))
    assert "/issues/S-100?profile=p&query=q" in links(shown)
    assert not any("ABC-7" in link for link in links(shown))


def test_a_list_behind_a_number_is_grouped_as_well() -> None:
    assert grouped("?show=week:2026-03-23&group=type") == {"Story · 2 issues · 6 points": ["S-0", "S-1"]}


def test_nothing_is_said_of_points_in_a_list_without_any() -> None:
    assert "Without a value · 10 issues" in grouped("?list=open&group=epic", sample_context())


def test_an_issue_of_two_versions_stands_below_each_and_counts_once_in_the_list() -> None:
    ctx = sample_context()
    there = {each.key: each for each in ctx.backend.list_issues(REF)}
    versions = {"S-101": ("1.4", "1.5"), "S-102": ("1.5",), "S-103": ("1.4", "1.4")}
    ctx.backend.upsert_issues(REF, [replace(there[key], fix_versions=of) for key, of in versions.items()], [])
    groups = grouped("?list=open&group=version&sort=key", ctx)
    assert {name: keys for name, keys in groups.items() if not name.startswith("Without")} == {
        "1.4 · 2 issues · 1 of them in another group too": ["S-101", "S-103"],
        "1.5 · 2 issues · 1 of them in another group too": ["S-101", "S-102"],
    }
    page = texts(issues.layout(visit_of(ctx, "?list=open&group=version", FORMATS, "/issues")))
    assert "Open: 10 of 38" in page
    assert "1 stands in several groups. In the number above it counts once." in page
    page = texts(issues.layout(visit_of(ctx, "?list=open&group=type", FORMATS, "/issues")))
    assert not any("several groups" in text for text in page)


def test_a_grouping_by_what_is_not_there_changes_nothing() -> None:
    assert keys("?list=scope&sort=key&group=nothing") == keys("?list=scope&sort=key")


def test_a_group_that_goes_on_has_its_line_on_the_next_page_too() -> None:
    ctx = sample_context()
    many = [replace(ctx.backend.list_issues(REF)[-1], key=f"T-{at}", priority="High") for at in range(230)]
    ctx.backend.upsert_issues(REF, many, [])
    first, second = (grouped("?list=open&group=priority" + page, ctx) for page in ("", "&page=2"))
    assert {name: len(keys) for name, keys in first.items()} == {"High · 230 issues": 200}
    assert {name: len(keys) for name, keys in second.items()} == {
        "High · 230 issues": 30,
        "Without a value · 10 issues": 10,
    }


def test_what_a_list_can_be_grouped_by_is_in_the_address() -> None:
    shown = links(issues.layout(visit_of(epics_context(), "?list=scope&sort=key&page=2", FORMATS, "/issues")))
    assert "/issues?profile=p&query=q&list=scope&sort=key&group=epic" in shown
    assert not any("group=sprint" in link for link in shown)


def test_the_csv_of_a_list_has_every_issue_and_every_column() -> None:
    rows = fetched.issues_of(visit_of(sample_context(), "", FORMATS).scene(), "week:2026-03-23")
    assert rows.header[:2] == ("key", "summary")
    assert {cells[0] for cells in rows.cells} == {"S-0", "S-1"}


def folds_of(search: str, ctx: Any = None) -> list[dict[str, Any]]:
    """Where each group of a list is folded or opened."""
    shown = issues.layout(visit_of(ctx or epics_context(), search, FORMATS, "/issues"))
    (table,) = [json.loads(text) for text in properties(shown, "data-table")]
    return [table["rows"][at][1] for at in table["lines"]]


def search_of(address: str) -> str:
    return "?" + address.partition("?")[2]


def test_a_group_is_folded_and_opened_by_its_line_which_goes_on_saying_what_it_comes_to() -> None:
    whole = grouped("?list=open&group=epic&sort=key")
    second = folds_of("?list=open&group=epic&sort=key")[1]
    assert (second["folded"], second["label"]) == (False, "Issues of S-100")
    folded = search_of(second["href"])
    assert grouped(folded) == whole | {"S-100 Tickets · 2 issues · 6 points": []}
    again = folds_of(folded)
    assert [each["folded"] for each in again] == [False, True, False, False]
    assert again[1]["label"] == second["label"]
    assert grouped(search_of(again[1]["href"])) == whole


def test_all_groups_are_folded_at_once_and_single_ones_opened_then() -> None:
    whole = grouped("?list=open&group=epic&sort=key")
    shown = links(issues.layout(visit_of(epics_context(), "?list=open&group=epic&sort=key", FORMATS, "/issues")))
    (every,) = [link for link in shown if link.endswith("folded=all")]
    assert grouped(search_of(every)) == {name: [] for name in whole}
    last = folds_of(search_of(every))[-1]
    assert last["label"] == "Issues of Without a value"
    without = "Without a value · 4 issues · 0 points"
    assert grouped(search_of(last["href"])) == {name: [] for name in whole} | {without: whole[without]}


def test_a_folded_group_takes_no_room_on_the_page_and_another_grouping_begins_open() -> None:
    ctx = sample_context()
    many = [replace(ctx.backend.list_issues(REF)[-1], key=f"T-{at}", priority="High") for at in range(230)]
    ctx.backend.upsert_issues(REF, many, [])
    folded = search_of(folds_of("?list=open&group=priority", ctx)[0]["href"])
    assert {name: len(keys) for name, keys in grouped(folded, ctx).items()} == {
        "High · 230 issues": 0,
        "Without a value · 10 issues": 10,
    }
    shown = links(issues.layout(visit_of(ctx, folded, FORMATS, "/issues")))
    assert not any("page=2" in link for link in shown)
    assert not any("folded" in link for link in shown if "group=type" in link)
