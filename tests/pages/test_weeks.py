"""The page of weeks: what it says of where they come from, and what the browser gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.actions import deleted, files
from app.context import Context
from app.errors import BadInput
from app.pages import weeks
from app.web.address import Choice
from app.web.effects import Effects
from app.web.page import visit_of
from app.words.formats import formats_for
from store.records import Correction, QueryRef, Week
from tests.charts.made import forecast
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


def begun(ctx: Context, name: str) -> QueryRef:
    return files.begin_query(ctx.backend, "Team", name, NOW)


def numbers_of(ctx: Context, ref: QueryRef) -> list[float | None]:
    return [week.completed_items for week in ctx.backend.list_weeks(ref)]


def test_what_was_typed_for_one_list_is_saved_in_it_whatever_page_is_open_by_then() -> None:
    ctx = empty_context()
    mine, other = begun(ctx, "Mine"), begun(ctx, "Other")
    state = state_of(weeks.layout(visit_of(ctx, Choice(*mine).search(), FORMATS)))
    assert state["of"] == [*mine]
    edit = {"id": 1, "cells": [[state["rows"][-2][0], "completed_items", "7"]], "of": state["of"]}
    effects = weeks.edit(ctx, edit, Choice(*other).search(), state_of(weeks.layout(visit_of(ctx, "", FORMATS))))
    assert effects is not None
    assert (effects.toast, effects.put) == ("Saved in Team › Mine.", {})
    assert (numbers_of(ctx, mine), numbers_of(ctx, other)) == ([7.0], [])
    refused = edit | {"cells": [[state["rows"][-2][0], "completed_items", "x"]]}
    with pytest.raises(BadInput, match="Not saved in Team › Mine: "):
        weeks.edit(ctx, refused, Choice(*other).search())
    deleted.delete_work(ctx, mine)
    with pytest.raises(BadInput, match=r"is not here any more\. Nothing was saved"):
        weeks.edit(ctx, edit, Choice(*other).search())
    assert numbers_of(ctx, other) == []


def test_a_block_that_was_pasted_into_a_table_left_since_goes_to_that_one() -> None:
    ctx = empty_context()
    mine, other = begun(ctx, "Mine"), begun(ctx, "Other")
    start = state_of(weeks.layout(visit_of(ctx, Choice(*mine).search(), FORMATS)))["rows"][2][0]
    paste = {"text": "1\n2\n3", "start": start, "name": "completed_items"}
    weeks.edit(ctx, {"id": 1, "paste": paste, "of": [*mine]}, Choice(*other).search())
    assert (numbers_of(ctx, mine), numbers_of(ctx, other)) == ([1.0, 2.0, 3.0], [])


def test_what_the_page_itself_sent_before_it_was_left_is_no_other_windows() -> None:
    ctx = empty_context()
    mine = begun(ctx, "Mine")
    search = Choice(*mine).search()
    state = state_of(weeks.layout(visit_of(ctx, search, FORMATS)))
    start = state["rows"][-2][0]
    first = {"id": 1, "cells": [[start, "completed_items", "301"]], "of": [*mine]}
    weeks.edit(ctx, first, search, state)
    again = {
        "id": 2,
        "cells": [[start, "completed_items", "302"]],
        "of": [*mine],
        "left": True,
        "under": first["cells"],
    }
    assert weeks.edit(ctx, again, search, state) == Effects(toast="Saved in Team › Mine.")
    assert numbers_of(ctx, mine) == [302.0]
    # What somebody else put there meanwhile stays, as anywhere.
    with pytest.raises(BadInput, match="Another window has put 302 here"):
        weeks.edit(ctx, again | {"cells": [[start, "completed_items", "5"]], "under": []}, search, state)


def test_of_what_was_left_behind_the_right_numbers_are_saved_beside_a_wrong_one() -> None:
    ctx = empty_context()
    mine = begun(ctx, "Mine")
    search = Choice(*mine).search()
    state = state_of(weeks.layout(visit_of(ctx, search, FORMATS)))
    cells = [[state["rows"][at][0], "completed_items", text] for at, text in ((-3, "zzz"), (-2, "4"))]
    with pytest.raises(BadInput, match="zzz is not a number"):
        weeks.edit(ctx, {"id": 1, "cells": cells, "of": [*mine], "left": True}, search, state)
    assert numbers_of(ctx, mine) == [4.0]


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({50: date(2026, 5, 4), 85: None}, "Even odds by 4 May 2026, but how much later is open."),
        (
            {50: None, 85: None},
            "No date can be given: the chance that the work is not done within two years is 10\u202f%.",
        ),
    ],
)
def test_without_a_sure_date_the_even_odds_are_told(dates: dict[int, date | None], words: str) -> None:
    ctx = sample_context()
    analysis = ctx.analysis(REF)
    analysis.__dict__["forecast"] = replace(forecast(), dates=dates)
    assert words in texts(weeks._forecast(analysis, formats_for(["en-GB"]), Choice()))
