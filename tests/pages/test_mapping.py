"""The mapping page: what is found is shown with its evidence, and what a choice would change before it is saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.actions import mapping as remap
from app.actions.mapping import Effect, FieldOption, FieldRow, Proposal
from app.domain.items import Unit
from app.errors import BadInput
from app.pages import PAGES, mapping
from app.web.effects import id_of
from app.web.page import visit_of
from app.words.formats import formats_for
from store.records import Category, ProjectData, Week
from tests.pages.reading import components, properties, put, texts
from tests.pages.sample import REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])
NOW = Effect(
    12, 24.0, 2.0, None, 5, 1, 10.0, Unit.ITEMS, date(2026, 5, 4), date(2026, 5, 18), (("Feature", 24),), 3, 0, 0
)
IDS = ([{"noun": "points"}], [{"name": "To Do"}, {"name": "Done"}], [{"name": "Story"}])
POINTS = FieldRow(
    "points", "cf_1", "cf_1", (FieldOption("cf_1", "Size", "Size: always 1"), FieldOption("", "None", ""))
)


def text_of(part: Any) -> str:
    return " ".join(texts(part))


def page_of(ctx: Any) -> Any:
    return mapping.layout(visit_of(ctx, "", FORMATS))


def test_the_page_is_a_tab_of_the_data() -> None:
    meaning_page = next(page for page in PAGES if page.path == "/data/meaning")
    assert (meaning_page.section, meaning_page.under, meaning_page.needs_data) == ("/data", "", True)


def test_every_status_and_type_of_a_file_has_a_named_picker() -> None:
    page = page_of(sample_context())
    labels = properties(page, "aria-label")
    assert [label for label in labels if "counts as" in label] == ["To Do counts as", "Done counts as"]
    assert "Story is work of the class" in labels
    assert "10 issues now; the data say: to do" in texts(page)
    assert "Fields" not in texts(page)


def test_weekly_numbers_have_nothing_to_map() -> None:
    ctx = sample_context()
    ctx.backend.delete_issues(REF, [issue.key for issue in ctx.backend.list_issues(REF)])
    ctx.backend.replace_weeks(REF, [Week(date(2026, 3, 2), completed_items=3)])
    assert "Nothing to map" in texts(page_of(ctx))
    assert "Nothing to map" in texts(page_of(empty_context()))


def test_why_a_field_was_chosen_stands_below_its_picker() -> None:
    assert mapping.evidence_of(POINTS) == {"cf_1": "Size: always 1.", "none": "Nothing is read from a field."}
    missing = replace(POINTS, chosen="", options=(FieldOption("", "None", ""),))
    assert mapping.evidence_of(missing) == {"none": "No field of this Jira holds it."}


def test_without_a_change_only_what_is_is_shown() -> None:
    shown = mapping.effect_table(NOW, NOW, FORMATS)
    assert "Change something, and see here what it would do." in text_of(shown)
    assert "Then" not in texts(shown)
    assert "Median cycle time 5 days" in text_of(shown)
    assert "85 % sure by 18 May 2026" in text_of(shown)
    assert "Points a week –" in text_of(shown)


def test_each_number_that_would_change_is_shown_beside_the_present_one() -> None:
    then = replace(NOW, pace=1.5, cycle_days=1, date_85=None, sprints=0, by_class=(("Feature", 20), ("", 4)))
    shown = text_of(mapping.effect_table(NOW, then, FORMATS))
    for row in (
        "Items a week 2 1.5",
        "Median cycle time 5 days 1 day",
        "85 % sure by 18 May 2026 –",
        "Even odds by 4 May 2026 same",
        "Sprints 3 0",
        "Finished: Feature 24 20",
        "Finished: none of the classes 0 4",
    ):
        assert row in shown
    assert "Flagged" not in shown


def test_the_pickers_become_a_proposal() -> None:
    assert mapping.proposal_of(["none"], ["todo", "done"], ["Feature"], IDS) == Proposal(
        {"points": ""}, {"To Do": Category.TODO, "Done": Category.DONE}, {"Story": "Feature"}
    )
    no_fields = mapping.proposal_of([], ["todo", "done"], ["none"], ([], *IDS[1:]))
    assert (no_fields.fields, no_fields.types) == (None, {"Story": ""})
    with pytest.raises(BadInput, match="must count as"):
        mapping.proposal_of([], ["todo", "blue"], ["none"], ([], *IDS[1:]))


def test_the_way_back_leads_to_what_was_found_not_to_what_was_saved() -> None:
    ctx = sample_context()
    proposal = Proposal(None, {"To Do": Category.IN_PROGRESS, "Done": Category.DONE}, {"Story": "Risk"})
    remap.save(ctx, REF, proposal)
    page = page_of(ctx)
    store = next(part for part in components(page) if getattr(part, "id", None) == "found")
    pickers = [
        part.value
        for part in components(page)
        if isinstance(getattr(part, "id", None), dict) and part.id["type"].startswith("map-") and hasattr(part, "value")
    ]
    assert pickers == ["in_progress", "done", "Risk"]
    named = [which for which in properties(page, "id") if isinstance(which, dict)]
    ids = [[which for which in named if which["type"] == kind] for kind in ("map-field", "map-status", "map-type")]
    effects = mapping.back(ctx, 1, store.data, *ids)
    assert [put(effects, id_of(which), "value") for of_kind in ids for which in of_kind] == ["todo", "done", "Feature"]


def test_what_looks_odd_stands_first_with_its_evidence() -> None:
    ctx = sample_context()
    assert "What to check" in texts(page_of(ctx))
    assert any("No status counts as in progress" in text for text in texts(page_of(ctx)))
    remap.save(ctx, REF, Proposal(None, {"To Do": Category.IN_PROGRESS, "Done": Category.DONE}, {}))
    assert not any("No status counts as in progress" in text for text in texts(page_of(ctx)))


def test_no_two_tables_of_the_page_are_called_the_same() -> None:
    page = mapping.layout(visit_of(sample_context(), "?profile=p&query=q", FORMATS))
    names = [getattr(part, "aria-label") for part in components(page) if getattr(part, "role", "") == "region"]
    assert len(names) == len(set(names)) > 1


def test_the_statuses_are_listed_as_the_board_has_them() -> None:
    ctx = sample_context()
    ctx.backend.save_project_data(REF, ProjectData({"jira_sync": {"statuses": ["Done", "To Do"]}}, ctx.clock()))
    labels = properties(page_of(ctx), "aria-label")
    assert [label for label in labels if "counts as" in label] == ["Done counts as", "To Do counts as"]


def _of_many_names(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A list with more statuses and types than are listed."""
    monkeypatch.setattr(remap, "MOST_ROWS", 3)
    ctx = sample_context()
    issues = ctx.backend.list_issues(REF)
    named = [replace(each, status=f"Step {at // 2}", type=f"Kind {at // 2}") for at, each in enumerate(issues)]
    ctx.backend.upsert_issues(REF, named)
    return ctx


def test_of_very_many_names_the_most_used_are_listed_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = _of_many_names(monkeypatch)
    whole = remap.mapped(ctx, REF)
    page = page_of(ctx)
    labels = properties(page, "aria-label")
    assert len([label for label in labels if "counts as" in label]) == 3 < len(whole.statuses)
    assert len([label for label in labels if "is work of the class" in label]) == 3 < len(whole.types)
    assert f"{len(whole.statuses) - 3} more are not listed" in text_of(page)
    waiting = next(part for part in components(page) if getattr(part, "label", "") == "Statuses in which work waits")
    assert len(waiting.data) == 3


def test_what_is_chosen_of_a_long_list_leaves_alone_what_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = _of_many_names(monkeypatch)
    whole = remap.mapped(ctx, REF)
    first = remap.shown(whole).statuses[0].name
    proposal = remap.completed(ctx, REF, Proposal(None, {first: Category.DONE}, {}))
    assert {name for name, category in proposal.statuses.items() if category is Category.DONE} >= {first}
    assert len(proposal.statuses) == len(whole.statuses)
    remap.save_picked(ctx, REF, {f"status/{first}": "done"}, remap.picks_of(remap.shown(whole)))
    after = {row.name: row.category for row in remap.mapped(ctx, REF).statuses}
    assert after == {row.name: row.category for row in whole.statuses} | {first: Category.DONE}
    assert first in {row.name for row in remap.shown(remap.mapped(ctx, REF)).statuses}
