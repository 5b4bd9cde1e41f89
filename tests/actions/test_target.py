"""Where a file or a pasted table goes when nobody says, and that nothing counts for nothing without a word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.actions.files import ImportResult, import_bytes
from app.errors import BadInput
from tests.memory_backend import MemoryBackend

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
WEEKS = b"date,completed_items\n2026-03-02,3\n2026-03-09,5\n"


def put(backend: MemoryBackend, data: bytes, name: str = "Pasted table", query: str | None = None) -> ImportResult:
    return import_bytes(backend, data, name, now=NOW, query_name=query, zone_name=lambda: "UTC")


def listed(*numbers: int, title: str = "Work", day: str = "2026-01-05") -> bytes:
    rows = (f"{number},{title} {number},Open,{day}\n" for number in numbers)
    return ("key,title,status,created\n" + "".join(rows)).encode()


def names(backend: MemoryBackend) -> list[str]:
    return sorted(query.name for profile in backend.list_profiles() for query in backend.list_queries(profile.id))


def test_a_second_list_with_nothing_in_common_does_not_join_the_first() -> None:
    backend = MemoryBackend()
    first = put(backend, listed(1, 2, 3))
    second = put(backend, listed(1, 2, 3, title="Other", day="2026-02-05"))
    assert names(backend) == ["Pasted table", "Pasted table 2"]
    assert len(backend.list_issues(first.ref)) == len(backend.list_issues(second.ref)) == 3
    assert second.warnings[0].startswith(
        "Hardly anything in it is in “Pasted table”, so it went into a work list of its own, “Pasted table 2”."
    )


def test_each_list_is_updated_by_its_own_next_one() -> None:
    backend = MemoryBackend()
    first = put(backend, listed(1, 2, 3))
    second = put(backend, listed(11, 12, 13))
    assert put(backend, listed(13, 14, 15)).ref == second.ref
    assert put(backend, listed(1, 2, 4, title="Renamed")).ref == first.ref
    assert put(backend, listed(21)).ref not in (first.ref, second.ref)
    assert names(backend) == ["Pasted table", "Pasted table 2", "Pasted table 3"]


def test_a_list_whose_dates_were_read_wrongly_is_mended_by_pasting_it_again() -> None:
    backend = MemoryBackend()
    first = put(backend, b"key,created\nA-1,2026-02-03\n")
    again = put(backend, b"key,created\nA-1,2026-03-02\n")
    assert again.ref == first.ref
    assert [issue.created for issue in backend.list_issues(first.ref)] == [datetime(2026, 3, 2, tzinfo=UTC)]


def test_open_items_that_the_next_pasted_list_lacks_are_told() -> None:
    backend = MemoryBackend()
    put(backend, listed(1, 2, 3))
    (text,) = put(backend, listed(1, 2)).warnings
    assert text.startswith("1 open item that is known here is not in this file; it still counts.")


def test_a_list_that_names_its_query_joins_it_whatever_is_in_it() -> None:
    backend = MemoryBackend()
    first = put(backend, listed(1, 2, 3), query="Team")
    assert put(backend, listed(7, 8), query="team").ref == first.ref


def test_of_long_lists_some_items_tell_whether_they_are_the_same() -> None:
    backend = MemoryBackend()
    first = put(backend, listed(*range(5_000)), "all.csv")
    assert put(backend, listed(*range(4_000, 9_000)), "all.csv").ref == first.ref
    assert put(backend, listed(*range(20_000, 25_000)), "all.csv").ref != first.ref


def test_weeks_do_not_go_where_issues_would_make_them_count_for_nothing() -> None:
    backend = MemoryBackend()
    issues = put(backend, listed(1, 2))
    weeks = put(backend, WEEKS)
    assert names(backend) == ["Pasted table", "Pasted table (weeks)"]
    assert backend.list_weeks(issues.ref) == []
    assert weeks.warnings == (
        "“Pasted table” has issues, and its forecast counts those and no weekly numbers. So these weeks are in a work "
        "list of their own, “Pasted table (weeks)”.",
    )
    assert put(backend, WEEKS).ref == weeks.ref
    assert put(backend, listed(1, 2)).ref == issues.ref


def test_weeks_for_a_named_query_with_issues_are_refused_with_what_to_do() -> None:
    backend = MemoryBackend()
    issues = put(backend, listed(1, 2), query="Team")
    with pytest.raises(BadInput, match=r"“Team” has issues, .*Name another work list, or none\.") as raised:
        put(backend, WEEKS, query="team")
    assert "--query" in raised.value.by_command
    assert backend.list_weeks(issues.ref) == []


def test_issues_do_not_silence_weekly_numbers_unless_the_query_was_named() -> None:
    backend = MemoryBackend()
    weeks = put(backend, WEEKS)
    apart = put(backend, listed(1, 2))
    assert apart.ref != weeks.ref
    assert "“Pasted table” has weekly numbers" in apart.warnings[0]
    named = put(backend, listed(1, 2), query="Pasted table")
    assert named.ref == weeks.ref
    assert "the forecast counts the issues from now on" in named.warnings[0]


def test_an_empty_query_of_that_name_takes_anything() -> None:
    backend = MemoryBackend()
    ref = put(backend, listed(1)).ref
    backend.delete_issues(ref, ["1"])
    assert put(backend, WEEKS).ref == ref
