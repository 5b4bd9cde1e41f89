"""The page that says what a file's columns are, before anything is imported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.actions.files import import_file
from app.actions.import_log import remember_mapping, remembered_mapping
from app.context import Context
from app.errors import BadInput, UnclearDates
from app.imports import source
from app.imports.columns import ColumnMapping
from app.imports.dates import DayOrder
from app.imports.inspection import inspect
from app.jobs import JobState
from app.pages import data, file
from app.web.effects import Effects, id_of
from app.web.page import visit_of
from app.web.parts import files
from app.words.formats import formats_for
from store.records import Category
from tests.imports import exports
from tests.pages.reading import components, properties, put, texts
from tests.pages.sample import NOW, empty_context

FORMATS = formats_for(["en-GB"])
ODD = b"nr;what;begun;over;where\nA-1;One;2026-01-05;2026-01-12;Shipped\nA-2;Two;2026-01-06;;Parked\n"
NAMES = [name for name, _ in file._FIELDS["issues"]]


@pytest.fixture(autouse=True)
def request_of_a_browser() -> Iterator[None]:
    with Flask(__name__).test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


def held_context(content: bytes = ODD, name: str = "odd.csv") -> tuple[Context, str]:
    ctx = empty_context()
    return ctx, ctx.pending.hold(name, content).token


def shown(ctx: Context) -> Any:
    return file.layout(visit_of(ctx, "", FORMATS))


def chosen(token: str, statuses: dict[str, str] | None = None, order: str = "auto", **columns: str) -> list[Any]:
    """What the browser sends, in the order of the page's states."""
    categories = statuses or {}
    return [
        token,
        "issues",
        [{"name": name} for name in NAMES],
        [columns.get(name, "") for name in NAMES],
        [{"name": name} for name in categories],
        list(categories.values()),
        order,
        "UTC",
    ]


def previewed(ctx: Context, *form: Any) -> list[str]:
    return texts(put(file.show_preview(ctx, *form), "file-preview", "children"))


BOXES = ("order", "zone", "dates")


def hidden(effects: Effects, *boxes: str) -> tuple[bool, ...]:
    return tuple(put(effects, f"file-{name}-box", "hidden") for name in boxes)


def not_asked(ctx: Context, *form: Any) -> tuple[bool, ...]:
    """Of the names of months, of totals, of anything."""
    return hidden(file.show_questions(ctx, *form), "months", "totals", "questions")


def test_without_a_file_at_hand_one_is_asked_for() -> None:
    page_texts = texts(shown(empty_context()))
    assert "Which file?" in page_texts
    assert properties(shown(empty_context()), "checked") == [True]


def test_every_column_is_shown_with_three_of_its_values() -> None:
    ctx, _ = held_context(b"nr;made\n" + b"".join(b"A-%d;2026-01-%02d\n" % (n, n) for n in range(1, 9)))
    page_texts = texts(shown(ctx))
    at = page_texts.index("made", page_texts.index("Values in it"))
    assert page_texts[at : at + 4] == ["made", "2026-01-01", "2026-01-02", "2026-01-03"]


def test_columns_with_usual_names_are_filled_in() -> None:
    ctx, _ = held_context(exports.LINEAR_CSV.encode(), "linear.csv")
    fields = {
        part.id["name"]: part.value
        for part in components(shown(ctx))
        if isinstance(getattr(part, "id", None), dict) and part.id.get("type") == "file-field"
    }
    assert (fields["key"], fields["created"], fields["resolved"], fields["points"]) == (
        "ID", "Created", "Finished", "Estimate",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "cells", "name"),
    [("Progress", ("100%", "20%"), "percent"), ("Abgehakt", ("x", ""), "is_done"),
     ("Stand", ("Erledigt", "Offen"), "status")],
)  # fmt: skip
def test_what_tells_that_an_item_is_done_is_filled_in_and_can_be_refused(
    column: str, cells: tuple[str, str], name: str
) -> None:
    rows = "".join(f"A-{n};2026-01-0{n};{cell}\n" for n, cell in enumerate(cells, 1))
    ctx, token = held_context(f"nr;created;{column}\n{rows}".encode())
    values = {
        part.id["name"]: part.value
        for part in components(shown(ctx))
        if isinstance(getattr(part, "id", None), dict) and part.id.get("type") == "file-field"
    }
    assert values[name] == column
    form = chosen(token)
    for answer, kept in ((column, Category.DONE), ("", Category.TODO)):
        form[2:4] = [[{"name": each} for each in values], [*({**values, name: answer}).values()]]
        inspection = file._Chosen.of(form).pending(ctx).inspection
        outcome = inspection.outcome(file._Chosen.of(form).columns_said(inspection), UTC, NOW)
        assert outcome.issues[0].category is kept


def test_the_preview_shows_the_rows_as_they_would_be_kept() -> None:
    ctx, token = held_context()
    columns: dict[str, Any] = {
        "key": "nr",
        "summary": "what",
        "created": "begun",
        "resolved": "over",
        "status": "where",
    }
    effects = file.show_preview(ctx, *chosen(token, **columns))
    page_texts = texts(put(effects, "file-preview", "children"))
    assert page_texts[0] == "2 of 2 rows would be kept."
    row = page_texts[page_texts.index("A-1") :]
    assert row[:4] == ["A-1", "One", "Shipped (done)", "5 January 2026"]
    assert put(effects, '{"name":"status","type":"file-sample"}', "children") == "Shipped · Parked"
    assert hidden(effects, *BOXES) == (True, True, True)


def test_what_is_missing_is_said_in_place_of_the_preview() -> None:
    ctx, token = held_context()
    assert previewed(ctx, *chosen(token, key="nr")) == [file._NEEDED["issues"]]
    assert "--mapping" not in file._NEEDED["issues"]


LUNAR = b"nr;created\nA-1;05/Qaf/25\nA-2;07/Wex/25\n"
MONTHS = "Qaf, Wex, c, d, e, f, g, h, i, j, k, l"


def test_names_of_months_that_are_not_known_are_asked_for_and_then_read() -> None:
    ctx, token = held_context(LUNAR)
    form = chosen(token, key="nr", created="created")
    assert not_asked(ctx, *form, "", "auto") == (False, True, False)
    preview = previewed(ctx, *form, MONTHS, "auto")
    assert "2 of 2 rows would be kept." in preview
    assert "5 January 2025" in preview
    assert not_asked(ctx, *form, MONTHS, "auto") == (False, True, False)


def test_numbers_that_may_be_totals_are_asked_about() -> None:
    ctx, token = held_context(b"week;done\n2025-01-06;2\n2025-01-13;3\n2025-01-20;5\n2025-01-27;6\n")
    weeks = [token, "weeks", [{"name": "date"}, {"name": "completed_items"}], ["week", "done"], [], [], "auto", "UTC"]
    assert not_asked(ctx, *weeks, "", "auto") == (True, False, False)
    assert previewed(ctx, *weeks, "", "totals")[:1] == ["4 of 4 rows would be kept."]
    assert not_asked(ctx, *weeks, "", "totals") == (True, False, False)


def test_a_file_without_open_questions_is_asked_none() -> None:
    ctx, token = held_context()
    assert not_asked(ctx, *chosen(token, created="begun"), "", "auto") == (True, True, True)


def test_date_order_and_time_zone_are_asked_only_where_the_file_leaves_them_open() -> None:
    ctx, token = held_context(b"nr;begun\nA-1;03/04/2025\n")
    assert hidden(file.show_preview(ctx, *chosen(token, created="begun")), *BOXES) == (False, True, False)
    ctx, token = held_context(b"nr;begun\nA-1;2025-04-03 10:00\n")
    assert hidden(file.show_preview(ctx, *chosen(token, created="begun")), *BOXES) == (True, False, False)
    ctx, token = held_context(b"nr;begun\nA-1;2025-04-03T10:00:00Z\n")
    assert hidden(file.show_preview(ctx, *chosen(token, created="begun")), *BOXES) == (True, True, True)


def test_nothing_is_asked_before_it_is_known_what_the_file_leaves_open() -> None:
    ctx = empty_context()
    ctx.pending.hold("team.csv", b"Key,Created,Finished\nA-1,2026-03-02,2026-03-10\n")
    page = file.layout(visit_of(ctx, "", FORMATS, "/data/sources/file"))
    boxes = [part for part in components(page) if getattr(part, "id", "") in ("file-dates-box", "file-questions-box")]
    assert [box.hidden for box in boxes] == [True, True]


def test_a_chosen_date_order_is_kept_on_show() -> None:
    ctx, token = held_context(b"nr;begun\nA-1;03/04/2025\n")
    effects = file.show_preview(ctx, *chosen(token, order="mdy", created="begun"))
    assert hidden(effects, "order") == (False,)
    assert "4 March 2025" in texts(put(effects, "file-preview", "children"))


def test_a_board_is_asked_only_which_lists_mean_done() -> None:
    board = json.dumps(exports.TRELLO_JSON).replace('"Done"', '"Moved in"').encode()
    ctx, _ = held_context(board, "board.json")
    page = shown(ctx)
    lists = [part.id["name"] for part in components(page) if getattr(part, "id", None).__class__ is dict
             and part.id.get("type") == "file-status"]  # fmt: skip
    assert sorted(lists) == ["Ideas", "Moved in"]
    assert "Columns" not in texts(page)


def test_importing_takes_the_choices_and_remembers_them_for_the_next_file() -> None:
    ctx, token = held_context()
    columns = {"key": "nr", "created": "begun", "status": "where"}
    form = chosen(token, {"Shipped": "done", "Parked": "in_progress"}, **columns)
    effects = file.start_import(ctx, "Shop", "", None, "", *form)
    assert (effects.go.partition("?")[0], effects.follow) == ("/data/sources", "Import")
    (query,) = ctx.backend.list_queries(ctx.backend.list_profiles()[0].id)
    assert query.name == "odd"
    categories = {issue.key: issue.category for issue in ctx.backend.list_issues(query.ref)}
    assert categories == {"A-1": Category.DONE, "A-2": Category.IN_PROGRESS}
    known = remembered_mapping(ctx.backend, ("nr", "what", "begun", "over", "where"))
    assert known is not None
    assert known.columns["created"] == "begun"
    assert ctx.pending.current() is None


def test_what_was_said_before_is_filled_in_and_can_be_forgotten() -> None:
    ctx, token = held_context()
    columns = ("nr", "what", "begun", "over", "where")
    remember_mapping(ctx.backend, columns, ColumnMapping({"created": "over"}, DayOrder.DMY))
    assert "Filled in as for the last file with these columns. " in texts(shown(ctx))
    file.forget_mapping(ctx, token)
    assert remembered_mapping(ctx.backend, columns) is None


def test_the_saved_choices_are_what_the_command_reads() -> None:
    ctx, token = held_context()
    categories = {"Shipped": "todo", "Parked": "todo"}
    answer = file.save_choices(ctx, *chosen(token, categories, order="dmy", created="begun", status="where"))
    document = json.loads(put(answer, "file-download", "data")["content"])
    mapping = ColumnMapping.from_json(document)
    assert (mapping.columns["created"], mapping.columns["type"]) == ("begun", None)
    assert (mapping.date_order, mapping.statuses) == (DayOrder.DMY, {"shipped": Category.TODO})


def test_a_status_that_holds_done_and_open_items_by_their_dates_keeps_doing_so() -> None:
    text = exports.ASANA_CSV.replace(",To do,", ",Doing,").encode()
    ctx, token = held_context(text, "asana.csv")
    _, columns = ctx.pending.current().inspection.proposed(ColumnMapping())  # type: ignore[union-attr]
    form = chosen(token, {"Doing": "done", "Done": "in_progress"}, **columns)
    file.start_import(ctx, "Shop", "", None, "", *form)
    (query,) = ctx.backend.list_queries(ctx.backend.list_profiles()[0].id)
    categories = {issue.key: issue.category for issue in ctx.backend.list_issues(query.ref)}
    assert categories == {"120001": Category.DONE, "120002": Category.IN_PROGRESS, "120003": Category.IN_PROGRESS}


def test_statuses_follow_the_chosen_column_and_keep_what_was_said() -> None:
    ctx, token = held_context()
    form = chosen(token, created="begun", status="where")
    statuses = put(file.show_statuses(ctx, [], "auto", *form), "file-statuses", "children")
    assert [text for text in texts(statuses) if text in ("Shipped", "Parked")] == ["Shipped", "Parked"]
    same = chosen(token, {"Shipped": "todo", "Parked": "done"}, created="begun", status="where")
    assert file.show_statuses(ctx, [], "auto", *same) is None


def test_another_kind_of_file_has_other_columns_to_choose() -> None:
    ctx, token = held_context(b"week;closed;points\n2026-01-05;4;9\n")
    effects = file.change_kind(ctx, "weeks", token, "issues")
    fields = components(put(effects, "file-fields", "children"))
    values = {field.id["name"]: field.value for field in fields if getattr(field, "data", None)}
    assert put(effects, "file-shown", "data") == "weeks"
    assert (values["date"], values["completed_items"], values["completed_points"]) == ("week", "closed", "points")


def test_weekly_numbers_are_shown_as_weeks() -> None:
    ctx, token = held_context(b"w;shut\n2026-01-05;4\n2026-01-12;6\n")
    names = [name for name, _ in file._FIELDS["weeks"]]
    form = [token, "weeks", [{"name": name} for name in names], ["w", "shut", "", "", ""], [], [], "auto", "UTC"]
    preview = previewed(ctx, *form)
    assert preview[0] == "2 of 2 rows would be kept."
    assert preview[preview.index("5 Jan 2026") + 1] == "4"
    file.start_import(ctx, "Shop", "", None, "", *form)
    (query,) = ctx.backend.list_queries(ctx.backend.list_profiles()[0].id)
    assert [week.completed_items for week in ctx.backend.list_weeks(query.ref)] == [4, 6]


def test_a_file_that_another_one_replaced_must_be_chosen_again() -> None:
    ctx, token = held_context()
    ctx.pending.hold("other.csv", ODD)
    with pytest.raises(BadInput, match="no longer at hand"):
        file.show_preview(ctx, *chosen(token))


def test_what_is_no_table_is_said_and_another_file_can_be_chosen() -> None:
    ctx, token = held_context(b"%PDF-1.7")
    assert "PDF" in " ".join(texts(shown(ctx)))
    file.drop_file(ctx, token)
    assert ctx.pending.current() is None


# -- on the Data page -----------------------------------------------------------------------------------


def test_a_path_is_read_as_people_paste_it(tmp_path: Path) -> None:
    path = tmp_path / "my export.csv"
    path.write_bytes(ODD)
    assert files.file_at(f'  "{path}" ') == path


@pytest.mark.parametrize("text", ["", "   ", ".", "/no/such/file.csv", "x" * 5000])
def test_a_path_without_a_file_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput):
        files.file_at(text)


def test_a_file_that_was_not_understood_leads_to_its_columns() -> None:
    ctx, _ = held_context(b"shopping;list\nmilk;2\n")
    ctx.jobs.states["Import"] = JobState("Import", "failed", 0.0, "The file cannot be understood.")  # type: ignore[attr-defined]
    page = data.layout(visit_of(ctx, "", FORMATS))
    assert "Choose the columns" in texts(page)
    assert "/data/sources/file" in properties(page, "href")


def test_imports_are_listed_with_what_they_brought() -> None:
    ctx, _ = held_context()
    rows = "nr,status,created,updated\nA-1,{},2026-01-05,{}\n"
    for status, day in (("Open", "2026-01-06"), ("Done", "2026-01-13")):
        result = import_file(ctx, rows.format(status, day).encode(), f"{day}.csv", query_name="Team")
    page_texts = texts(data.record_layout(visit_of(ctx, "", FORMATS)))
    at = page_texts.index("2026-01-13.csv")
    assert page_texts[at : at + 8] == [
        "2026-01-13.csv",
        "CSV of items with created and finished dates",
        "1",
        "1",
        "0",
        "0",
        "1",
        "1",
    ]
    assert page_texts.index("2026-01-06.csv") > at
    assert "0 new, 1 changed since the last import; 1 change of status, points or sprint noted." in texts(
        data.import_report(result, FORMATS)
    )


def test_a_large_file_is_looked_into_by_its_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_LARGE", 0)
    path = tmp_path / "big.csv"
    path.write_bytes(ODD)
    inspection = inspect(path)
    assert inspection.is_part
    assert [column.name for column in inspection.columns] == ["nr", "what", "begun", "over", "where"]
    outcome = inspection.outcome(ColumnMapping({"created": "begun"}), UTC, NOW)
    assert (outcome.kept, outcome.is_part) == (2, True)


def test_the_fields_of_jiras_json_are_asked_with_what_is_in_them() -> None:
    fields = {"status": {"name": "Open"}, "created": "2026-01-05T00:00:00.000+0000"}
    issues = [{"key": f"A-{n}", "fields": {**fields, "customfield_1": n, "customfield_2": n + 1}} for n in (1, 2)]
    ctx, token = held_context(json.dumps({"issues": issues}).encode(), "search.json")
    page = shown(ctx)
    names = [part.id["name"] for part in components(page) if getattr(part, "id", None).__class__ is dict
             and part.id.get("type") == "file-field"]  # fmt: skip
    assert names == [name for name, _ in file._JIRA_FIELDS]
    assert "One row per week" not in str(page)
    form = chosen(token)
    form[2:4] = [[{"name": name} for name in names], ["customfield_2", *[""] * 3, "created", "", ""]]
    effects = file.show_preview(ctx, *form)
    assert "2 of 2 rows would be kept." in texts(put(effects, "file-preview", "children"))
    assert put(effects, id_of({"type": "file-sample", "name": names[0]}), "children").startswith("2 · 3 (may be points")
    file.start_import(ctx, "Shop", "", None, "", *form)
    (query,) = ctx.backend.list_queries(ctx.backend.list_profiles()[0].id)
    assert [issue.points for issue in ctx.backend.list_issues(query.ref)] == [2.0, 3.0]


UNCLEAR = b"Key,Created,Resolved\nA-1,02/03/2025,03/04/2025\nA-2,04/03/2025,\n"


def failed_import(ctx: Context) -> None:
    """The held file tried as the worker tries it."""
    pending = ctx.pending.current()
    assert pending is not None
    with pytest.raises(UnclearDates) as raised:
        files.submit(ctx, pending, None)
    problem = raised.value
    ctx.jobs.states["Import"] = JobState("Import", "failed", 0.0, str(problem), problem=problem)  # type: ignore[attr-defined]


def test_dates_that_can_be_meant_in_two_ways_are_asked_by_two_buttons() -> None:
    ctx, token = held_context(UNCLEAR, "list.csv")
    failed_import(ctx)
    page = data.layout(visit_of(ctx, "", FORMATS))
    page_texts = texts(page)
    assert "The day comes first: 2 March 2025" in page_texts
    assert "The month comes first: 3 February 2025" in page_texts
    assert "--mapping" not in " ".join(page_texts)
    files.import_again(ctx, token, DayOrder.MDY)
    (query,) = ctx.backend.list_queries(ctx.backend.list_profiles()[0].id)
    created = {issue.key: issue.created for issue in ctx.backend.list_issues(query.ref)}
    assert created["A-2"] == datetime(2025, 4, 3, tzinfo=UTC)


def test_what_was_said_about_the_columns_holds_when_the_dates_are_asked_after() -> None:
    ctx, token = held_context(b"nr,begun\nA-1,02/03/2026\n")
    pending = ctx.pending.current()
    assert pending is not None
    with pytest.raises(UnclearDates):
        files.submit(ctx, pending, ColumnMapping({"key": "nr", "created": "begun"}))
    files.import_again(ctx, token, DayOrder.DMY)
    (query,) = ctx.backend.list_queries(ctx.backend.list_profiles()[0].id)
    assert [issue.key for issue in ctx.backend.list_issues(query.ref)] == ["A-1"]


def test_the_question_of_a_file_that_another_one_replaced_is_answered_in_words() -> None:
    ctx, token = held_context(UNCLEAR)
    ctx.pending.hold("next.csv", ODD)
    with pytest.raises(BadInput, match="Choose it again"):
        files.import_again(ctx, token, DayOrder.DMY)


def test_no_page_of_files_speaks_of_options_of_the_command_line() -> None:
    ctx, _ = held_context()
    for page in (shown(ctx), shown(empty_context()), data.layout(visit_of(ctx, "", FORMATS))):
        assert "--" not in " ".join(texts(page))
