"""Bytes to tables: whatever wrote the file, the cells come out whole, and nothing is lost without a word."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import UnreadableFile
from app.imports.json_lists import lists_left_out
from app.imports.source import decode
from app.imports.tables import Records, Table, read_table
from app.imports.trackers.answers import entries_of
from app.output.csv import to_csv

TEXT = "key,summary\nA-1,Größe – 小\n"
CELLS = [["A-1", "Größe – 小"]]


def table(text: str) -> Table:
    return read_table(text.encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_reads_the_same_with_and_without_a_mark(encoding: str) -> None:
    table = read_table(TEXT.encode(encoding))
    assert table.columns == ("key", "summary")
    assert table.rows == CELLS


def test_windows_1252_keeps_umlauts_dashes_and_the_euro() -> None:
    assert decode("Größe – 5 €".encode("cp1252")) == "Größe – 5 €"


def test_one_broken_byte_does_not_garble_the_other_names_of_a_utf_8_file() -> None:
    data = ("title\n" + "Müller\n" * 30).encode() + b"Mei\xdfner\n"
    table = read_table(data)
    assert table.rows[0] == ["Müller"]
    assert table.rows[-1] == ["Mei\ufffdner"]


def test_utf_8_cut_in_the_middle_of_a_character_loses_only_that_character() -> None:
    assert decode("Größe für alle ü".encode()[:-1]) == "Größe für alle "


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    text = delimiter.join(["date", "completed_items"]) + "\n" + delimiter.join(["2026-01-05", "3"]) + "\n"
    result = table(text)
    assert result.delimiter == delimiter
    assert result.rows == [["2026-01-05", "3"]]


def test_decimal_commas_do_not_make_the_comma_the_delimiter() -> None:
    result = table("date;completed_points\n2026-01-05;3,5\n2026-01-12;4,0\n")
    assert (result.delimiter, result.rows[0]) == (";", ["2026-01-05", "3,5"])


def test_the_line_by_which_excel_names_the_delimiter_is_no_header() -> None:
    result = table("sep=;\r\na;b,c\r\n1;2\r\n")
    assert result.columns == ("a", "b,c")
    assert result.numbers == [2]


@pytest.mark.parametrize(("line", "delimiter"), [("sep=:", ":"), ("SEP=#", "#"), ('"sep=;"', ";"), ("sep=\t", "\t")])
def test_a_named_delimiter_can_be_any(line: str, delimiter: str) -> None:
    result = table(f"{line}\r\na,x{delimiter}b\r\n1{delimiter}2\r\n")
    assert (result.columns, result.rows) == (("a,x", "b"), [["1", "2"]])


def test_a_first_column_called_sep_is_a_column() -> None:
    assert table("sep=a,b\n1,2\n").columns == ("sep=a", "b")


def test_quoted_cells_keep_commas_quotes_and_line_breaks() -> None:
    result = table('key,summary,type\nA-1,"one, ""two""\nthree",Bug\nA-2,four,Task\n')
    assert result.rows == [["A-1", 'one, "two"\nthree', "Bug"], ["A-2", "four", "Task"]]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(line_end: str) -> None:
    assert table(line_end.join(["a,b", "1,2", "3,4"])).rows == [["1", "2"], ["3", "4"]]


def test_repeated_column_names_keep_their_places() -> None:
    result = table("key,Sprint,Sprint,Labels\nA-1,S 1,S 2,x\n")
    assert result.columns == ("key", "Sprint", "Sprint", "Labels")
    assert result.rows == [["A-1", "S 1", "S 2", "x"]]


def test_short_rows_are_filled_up_and_empty_cells_beyond_the_header_dropped() -> None:
    assert table("a,b,c\n1,2\n3,4,5,,\n").rows == [["1", "2", ""], ["3", "4", "5"]]


def test_rows_with_filled_cells_beyond_the_header_are_named_and_left_out() -> None:
    result = table("a,b\n1,2\n3,4,5\n6,7\n")
    assert result.rows == [["1", "2"], ["6", "7"]]
    assert result.overlong == ((3, 3),)


def test_row_numbers_count_empty_lines_as_a_spreadsheet_does() -> None:
    result = table("a,b\n1,2\n\n , \n3,4\n")
    assert result.rows == [["1", "2"], ["3", "4"]]
    assert result.numbers == [2, 5]


def test_a_quote_that_is_never_closed_costs_its_row_and_is_named() -> None:
    result = table('a,b\n1,2\n3,"four\n5,6\n')
    assert result.rows == [["1", "2"]]
    assert result.unclosed == 3


def test_a_lone_inch_mark_in_the_middle_of_a_cell_is_no_open_quote() -> None:
    result = table('a,b\n1,24" screen\n2,"x\ny"')
    assert result.rows == [["1", '24" screen'], ["2", "x\ny"]]
    assert result.unclosed is None


def test_an_open_quote_in_the_header_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="header"):
        table('a,"b\n1,2\n')


def test_a_json_array_reads_as_the_same_table() -> None:
    document = [
        {"key": "A-1", "points": 2.5, "done": True, "labels": ["x", "y"]},
        {"key": "A-2", "points": None, "status": {"name": "Open", "id": 3}},
    ]
    table = read_table(json.dumps(document).encode())
    assert table.columns == ("key", "points", "done", "labels", "labels", "status")
    assert table.rows == [["A-1", "2.5", "true", "x", "y", ""], ["A-2", "", "", "", "", "Open"]]
    assert table.numbers == [1, 2]


def test_the_array_inside_a_json_object_is_found_and_its_fields_unfolded() -> None:
    result = table('{"total": 1, "issues": [{"key": "A-1", "fields": {"summary": "x"}}]}')
    assert (result.columns, result.rows) == (("key", "summary"), [["A-1", "x"]])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"PK\x03\x04rest", "Save as"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "end is missing"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(32)) * 9, "not a text file"),
        (b"[1, 2]", "no array of objects"),
        (b'[{"a": NaN}]', "damaged"),
        (b'[{"a": 1}', "damaged"),
        (b"[" * 100_000, "deeper in each other"),
        (b'[{"a": ' + b"9" * 5_000 + b"}]", "a number of thousands of digits"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        read_table(data)


@pytest.mark.parametrize(
    ("encoding", "status"),
    [("cp1251", "Готово"), ("shift_jis", "完了しました"), ("cp949", "완료되었습니다"), ("gb18030", "已经完成了"),
     ("cp1253", "Ολοκληρώθηκε"), ("cp1250", "rozwiązany przez ośrodek, ząb, błąd, książka, próżność, wąż, mąż")],
)  # fmt: skip
def test_letters_that_nobody_can_tell_are_refused_with_what_to_do_and_not_garbled(encoding: str, status: str) -> None:
    data = f"key;status;created\nA-1;{status};2026-02-03\nA-2;{status};2026-02-04\n".encode(encoding)
    for content in (data, data + b"A-3;Open;2026-02-04\n" * 9):
        with pytest.raises(UnreadableFile, match="Save it as CSV UTF-8"):
            read_table(content)


@pytest.mark.parametrize(
    "status", ["Erledigt – Größe geändert", "Résolution créée", "Solução", "Päätöksen jälkeen", "«Año» ¿qué?", "Über"]
)
def test_letters_of_western_europe_are_read_without_utf8(status: str) -> None:
    data = "key;status;created\n" + f"A-1;{status};2026-02-03\n" * 5
    assert table(data.encode("cp1252").decode("cp1252")).rows[0][1] == status
    assert read_table(data.encode("cp1252")).rows[4][1] == status


def test_half_characters_spelled_in_json_do_not_reach_the_store() -> None:
    result = table('[{"summary": "\\ud83d x \\u0000"}]')
    assert result.rows[0][0].encode() == b"? x "


@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_plain_refusal(data: bytes) -> None:
    try:
        table = read_table(data)
    except UnreadableFile:
        return
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert len(table.rows) == len(table.numbers)


_cell = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8)


@given(st.lists(st.lists(_cell.map(str.strip), min_size=3, max_size=3), max_size=6))
def test_a_table_written_as_csv_reads_back(rows: list[list[str]]) -> None:
    rows = [["row", *row] for row in rows]
    result = table(to_csv(["a", "b", "c", "d"], rows))
    # But for the apostrophes that disarm what a spreadsheet might run.
    plain = [[[cell.replace("'", "") for cell in row] for row in texts] for texts in (result.rows, rows)]
    assert plain[0] == plain[1]


def test_text_that_a_spreadsheet_would_run_is_disarmed_and_numbers_are_not() -> None:
    written = to_csv(["name", "amount"], [["=1+1", -2], ["@x", None], ["\tx", 0.5], ["a=b", 3]])
    assert list(csv.reader(io.StringIO(written))) == [
        ["name", "amount"],
        ["'=1+1", "-2"],
        ["'@x", ""],
        ["'\tx", "0.5"],
        ["a=b", "3"],
    ]


odd_marks = st.sampled_from(["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\n", "\r", "a", "ä"])


@given(st.lists(odd_marks, max_size=12))
def test_only_line_ends_part_the_rows(parts: list[str]) -> None:
    cell = "".join(parts)
    bare = cell.replace("\n", "").replace("\r", "")
    # The long row keeps the few odd characters from looking like a binary file.
    table = read_table(f'name,note\nx,"{cell}"\ny,{bare}\nz,{"long " * 2000}\n'.encode())
    assert [row[0] for row in table.rows] == ["x", "y", "z"]
    assert [row[1] for row in table.rows[:2]] == [cell, bare]


@given(
    st.lists(st.sampled_from(["a", " ", '"', '""', ",", ";", "\n", "\r\n", "\r", "é"]), max_size=40),
    st.sampled_from(",;"),
)
def test_rows_are_those_of_the_csv_module_whether_it_is_asked_or_not(parts: list[str], delimiter: str) -> None:
    lines = list(io.StringIO("".join(parts), newline=""))
    assert list(Records(lines, delimiter)) == list(csv.reader(lines, delimiter=delimiter))


def test_the_line_of_a_row_that_is_too_long_is_told() -> None:
    too_long = "x" * (64 * 1024 * 1024 + 1)
    lines = ["a,b\n", '"c\n', 'd",e\n', "f,g\n", f"{too_long}\n"]
    with pytest.raises(UnreadableFile, match=r"beyond line 5: field larger than field limit"):
        list(Records(lines, ","))


@pytest.mark.parametrize(
    ("encoding", "header", "row"),
    [
        ("cp932", "#,トラッカー,ステータス,題名,作成日,終了日", "1,バグ,終了,ログイン,2026/02/13,2026/02/20"),
        ("gb18030", "#,跟踪,状态,主题,创建于,结束日期", "1,错误,已关闭,登录,2026/02/13,2026/02/20"),
        ("big5", "#,追蹤標籤,狀態,主旨,建立日期,結束日期", "1,臭蟲,已結束,登入,2026/02/13,2026/02/20"),
        ("cp949", "#,유형,상태,제목,등록,완료일", "1,결함,완료,로그인,2026/02/13,2026/02/20"),
        ("cp1251", "#;Трекер;Статус;Тема;Создано;Закрыта", "1;Ошибка;Закрыта;Вход;13.02.2026;20.02.2026"),
        ("cp1250", "Klucz zgłoszenia;Rozwiązane;Utworzono;Status", "A-1;20.02.2026;13.02.2026;Ukończone"),
        ("cp1252", "Schlüssel;Titel;Status;Angelegt;Geändert", "A-1;Anmelden;Gelöst;13.02.2026;20.02.2026"),
    ],
)
def test_the_names_of_the_columns_tell_which_code_page_a_table_is_written_in(
    encoding: str, header: str, row: str
) -> None:
    delimiter = ";" if ";" in header else ","
    table = read_table(f"{header}\r\n{row}\r\n".encode(encoding))
    assert (table.columns, table.rows) == (tuple(header.split(delimiter)), [row.split(delimiter)])


def test_lines_about_a_plan_above_its_table_are_passed_over() -> None:
    result = table("Plan name,Shop\nPlan ID,a1\n\nTask ID,Task Name,Progress,Created Date\n1,Log in,Done,2026-02-13\n")
    assert (result.columns[0], result.rows, result.numbers) == ("Task ID", [["1", "Log in", "Done", "2026-02-13"]], [5])


def test_a_header_line_of_unknown_names_is_the_header_line_though_later_cells_are_known_names() -> None:
    assert table("a,b,c\nkey,title,status\n").columns == ("key", "title", "status")
    assert table("a,b,c\nkey,x,y\n").columns == ("a", "b", "c")


@pytest.mark.parametrize(
    "text", ['<?xml version="1.0"?>\n<rss><channel/></rss>', "<html><body><table>", "<!DOCTYPE html>", "<table id='x'>"]
)
def test_xml_and_web_pages_are_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(UnreadableFile, match="Export CSV or JSON"):
        read_table(text.encode())


def test_a_long_cell_of_blanks_and_brackets_above_the_header_takes_no_time() -> None:
    assert table("(" * 60_000 + " " * 60_000 + ",x\nkey,title,status\n").columns == ("key", "title", "status")


def test_the_histories_of_issues_by_their_keys_are_no_items() -> None:
    history = {"changelog": {"histories": [{"id": "1", "created": "2026-02-13T09:05:00Z", "items": []}]}}
    for cache in ({"A-1": history, "A-2": history}, {"issues_by_key": {"A-1": history}}):
        with pytest.raises(UnreadableFile, match="no array of objects"):
            read_table(json.dumps(cache).encode())


@given(st.lists(st.tuples(*[st.sampled_from(["", "a", " b "])] * 5)), st.lists(st.integers(0, 4)))
def test_columns_are_the_same_whatever_was_asked_for_before(rows: list[tuple[str, ...]], before: list[int]) -> None:
    table = Table(tuple("vwxyz"), [list(row) for row in rows], range(len(rows)), "CSV")
    table.by_column(before)
    texts, filled = table.by_column([0, 3], [(1, 3), (2, 5), (4, 5)])
    assert texts == {0: [row[0].strip() for row in rows], 3: [row[3].strip() for row in rows]}
    assert filled == {
        (first, end): [tuple(cell for cell in row[first:end] if cell) for row in rows]
        for first, end in ((1, 3), (2, 5), (4, 5))
    }


class _Row(list[str]):
    """A row that counts how often it is read."""

    reads = 0

    def __getitem__(self, place: int) -> str:  # type: ignore[override]
        _Row.reads += 1
        return super().__getitem__(place)


@given(st.lists(st.sampled_from(["", " ", "a", " b "])), st.lists(st.integers(0, 6)))
def test_the_first_cells_are_the_same_whatever_was_asked_for_before(cells: list[str], before: list[int]) -> None:
    table = Table(("a",), [[cell] for cell in cells], range(len(cells)), "CSV")
    filled = [cell.strip() for cell in cells if cell.strip()]
    for most in before:
        assert table.filled(0, most) == filled[:most]


def test_an_empty_column_is_read_once_whoever_asks_for_its_cells() -> None:
    table = Table(("a",), [_Row([""]) for _ in range(10)], range(10), "CSV")
    _Row.reads = 0
    assert [table.filled(0, most) for most in (1, 200, 500)] == [[]] * 3
    assert _Row.reads == 10
    assert table.texts(0) == table.texts(0) == [""] * 10
    assert _Row.reads == 20


@pytest.mark.parametrize(
    ("entry", "cell"),
    [
        ({"date": "2026-03-03"}, "2026-03-03"),
        ({"$date": "2026-03-03T10:00:00Z"}, "2026-03-03T10:00:00Z"),
        ({"$date": {"$numberLong": "1773050400000"}}, "1773050400000"),
        ({"_seconds": 1772496000, "_nanoseconds": 0}, "1772496000"),
        ({"dateTime": "2026-03-03T10:00:00", "timeZone": "Asia/Tokyo"}, "2026-03-03T10:00:00+09:00"),
        ({"date": "2026-07-03 10:00:00.000000", "timezone_type": 3, "timezone": "Europe/Berlin"},
         "2026-07-03T10:00:00+02:00"),
        ({"date": "2026-07-03 10:00:00", "timezone_type": 1, "timezone": "+02:00"}, "2026-07-03 10:00:00+02:00"),
        ({"dateTime": "2026-03-03T10:00:00", "timeZone": "Nowhere/There"}, "2026-03-03T10:00:00"),
        ({"seconds": 28800}, ""),
        ({"name": "Open", "date": "2026-03-03"}, "Open"),
    ],
)  # fmt: skip
def test_an_object_that_stands_for_an_instant_is_that(entry: dict[str, object], cell: str) -> None:
    assert read_table(json.dumps([{"key": "A-1", "created": entry}]).encode()).rows[0][1:] == ([cell] if cell else [""])


_TASK = {"id": 1, "title": "Roof", "created": "2026-09-01"}


def _read_keys(document: object) -> list[tuple[str, str]]:
    table = read_table(json.dumps(document).encode())
    where = "status" if "status" in table.columns else "parent"
    at = table.columns.index(where) if where in table.columns else None
    return [(row[0], "" if at is None else row[at]) for row in table.rows]


def test_lists_of_items_beside_each_other_are_one_and_their_names_the_status() -> None:
    lists = {"todo": [_TASK], "doing": [{**_TASK, "id": 2}], "done": [{**_TASK, "id": 3}, {**_TASK, "id": 4}]}
    assert _read_keys(lists) == [("1", "todo"), ("2", "doing"), ("3", "done"), ("4", "done")]
    assert _read_keys({"web": [_TASK], "app": [{**_TASK, "id": 2}]}) == [("1", ""), ("2", "")]
    assert _read_keys({"todo": [{**_TASK, "status": "Open"}], "done": [{**_TASK, "id": 2, "status": "Shut"}]}) == [
        ("1", "Open"),
        ("2", "Shut"),
    ]


def test_lists_of_other_things_are_not_joined() -> None:
    users = [{"id": 7, "name": "Ann", "mail": "a@b.c", "role": "x", "team": "y"}]
    assert _read_keys({"tasks": [{**_TASK, "status": "Open"}], "users": users}) == [("1", "Open")]


def test_items_within_an_item_are_items_with_that_one_as_parent() -> None:
    inner = [{**_TASK, "id": 2, "children": [{**_TASK, "id": 3}]}, {**_TASK, "id": 4}]
    assert _read_keys([{**_TASK, "children": inner}]) == [("1", ""), ("2", "1"), ("3", "2"), ("4", "1")]
    comments = [{"id": 9, "text": "fine", "created": "2026-09-02"}]
    assert _read_keys([{**_TASK, "comments": comments}]) == [("1", "")]


def test_lists_of_milestones_and_of_items_that_one_only_knows_are_no_items() -> None:
    tasks = [{**_TASK, "status": "Open", "linkedIssues": [{**_TASK, "id": 8, "status": "Open"}]}]
    milestones = [{**_TASK, "id": 9, "status": "Open"}, {**_TASK, "id": 10, "status": "Open"}]
    assert _read_keys({"tasks": tasks, "milestones": milestones}) == [("1", "Open")]
    assert _read_keys(tasks) == [("1", "Open")]


_OPEN, _SHUT = {**_TASK, "status": "Open"}, {**_TASK, "id": 2, "status": "Shut"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("backlog", "done"),
        ("product_backlog", "in_progress"),
        ("userStories", "bugs"),
        ("change_requests", "tasks"),
        ("team_tasks", "my_tasks"),
        ("Sprint 1", "Sprint 2"),
        ("Team A", "Team B"),
        ("backlog", "sprint"),
        ("current sprint", "Backlog"),
    ],
)
def test_lists_are_joined_whatever_word_stands_before_that_for_items(first: str, second: str) -> None:
    assert _read_keys({first: [_OPEN], second: [_SHUT]}) == [("1", "Open"), ("2", "Shut")]


@pytest.mark.parametrize(
    "name", ["worklog", "changelog", "release_notes", "epics", "sprints", "team", "archived_items"]
)
def test_lists_of_what_belongs_to_items_are_not_joined(name: str) -> None:
    assert _read_keys({"tasks": [_OPEN], name: [{**_SHUT, "hours": 3, "by": "Ann", "at": 1, "on": 2}]}) == [
        ("1", "Open")
    ]


def test_of_sprints_projects_and_columns_the_items_in_them_are_read() -> None:
    sprints = [{"name": "S1", "state": "closed", "issues": [_SHUT]}, {"name": "S2", "state": "open", "issues": [_OPEN]}]
    assert _read_keys({"sprints": sprints}) == [("2", "Shut"), ("1", "Open")]
    assert _read_keys([{"name": "Web", "tasks": [_OPEN]}, {"name": "App", "tasks": []}]) == [("1", "Open")]
    columns = [{"name": "To do", "cards": [_TASK]}, {"name": "Done", "cards": [{**_TASK, "id": 2}]}]
    assert _read_keys({"columns": columns}) == [("1", "To do"), ("2", "Done")]


def test_an_epic_with_its_stories_stays_beside_them() -> None:
    assert _read_keys({"epics": [{**_OPEN, "stories": [{**_SHUT}]}]}) == [("1", "Open"), ("2", "Shut")]


def test_a_list_of_items_that_is_not_read_is_named() -> None:
    archive = {"archive": [_SHUT], "items": [_OPEN], "labels": [{"name": "x", "state": "shown"}]}
    assert lists_left_out(archive) == (
        "The list archive with 1 entry was left out. If it holds items, import it as a file of its own.",
    )
    assert not lists_left_out({"open": [_OPEN], "closed": [_SHUT]})
    assert not lists_left_out({"items": 1, "first": [], "second": []})


def test_an_answer_that_asks_twice_for_issues_is_read_whole() -> None:
    answer = {"data": {"repository": {"openIssues": {"nodes": [_OPEN]}, "closedIssues": {"nodes": [_SHUT]}}}}
    assert entries_of(answer) == [_OPEN, _SHUT]
    labels = {"data": {"repository": {"labels": {"nodes": [_SHUT]}, "issues": {"nodes": [_OPEN]}}}}
    assert entries_of(labels) == [_OPEN]
