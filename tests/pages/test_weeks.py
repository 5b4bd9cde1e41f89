"""The page of weeks: what it says of where they come from, and what the browser gets."""

from __future__ import annotations

from typing import Any

from app.actions import files
from app.pages import weeks
from app.web.page import visit_of
from app.words.formats import formats_for
from store.records import Correction, Week
from tests.pages.reading import components, properties, texts
from tests.pages.sample import NOW, REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def state_of(page: Any) -> dict[str, Any]:
    return next(part.data for part in components(page) if getattr(part, "id", "") == "weeks-state")


def test_without_any_data_the_page_asks_for_names_only() -> None:
    page = weeks.layout(visit_of(empty_context(), "", FORMATS))
    assert "begin-weeks" in properties(page, "id")
    assert "weeks-table" not in properties(page, "id")
    assert [part.value for part in components(page) if getattr(part, "id", "") == "weeks-profile"] == ["My project"]


def test_counted_weeks_say_that_what_is_typed_is_a_correction() -> None:
    ctx = sample_context()
    ctx.backend.replace_corrections(REF, [Correction(NOW.date(), completed_items=3)])
    page = weeks.layout(visit_of(ctx, "", FORMATS))
    assert "counted from the issues" in " ".join(texts(page))
    hidden = [part for part in components(page) if getattr(part, "style", None) == {"display": "none"}]
    assert "left-items" in properties(hidden, "id")
    state = state_of(page)
    assert state["typed"] is False
    assert state["rows"][-1][0] == "2026-03-23"


def test_typed_weeks_ask_what_is_left_and_say_what_is_missing_for_a_forecast() -> None:
    ctx = empty_context()
    ref = files.begin_query(ctx.backend, "Team", "Weeks", NOW)
    ctx.backend.replace_weeks(ref, [Week(NOW.date().replace(day=9), 3, source="manual")])
    page = weeks.layout(visit_of(ctx, "", FORMATS))
    assert {"left-items", "left-points"} <= {name for name in properties(page, "id") if isinstance(name, str)}
    assert "enter it below" in " ".join(texts(page))
    assert state_of(page)["typed"] is True


def test_weeks_of_a_file_are_corrected_not_overwritten() -> None:
    ctx = empty_context()
    ref = files.begin_query(ctx.backend, "Team", "Weeks", NOW)
    ctx.backend.replace_weeks(ref, [Week(NOW.date().replace(day=9), 3, 2.0, 5, source="csv_import")])
    page = weeks.layout(visit_of(ctx, "", FORMATS))
    assert "come from a file" in " ".join(texts(page))
    assert state_of(page)["rows"][0][3] == [["3", None], ["5", None], ["2", None], ["", None]]
