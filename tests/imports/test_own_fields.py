"""Columns that no rule knows are fields of the source, and what is no property of an item is none."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.own_fields import own_fields
from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.results import Imported
from app.imports.successive import Successor
from store.records import Issue
from tests.cli.test_cli import Burndown

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
FILE = """\
Key,Type,Status,Created,Resolved,Custom field (Customer),Risk  Class,Risk  Class,Reviewer,Comment,Rank,Address
A-1,Bug,Done,2026-01-05,2026-01-09,Miller & Sons,high,legal,Ann,looks good,0|i00a:,https://example.org/1
A-2,Bug,Open,2026-01-05,,Miller & Sons,low,,Bob,,0|i00b:,https://example.org/2
A-3,Story,Open,2026-01-06,,Adler,,,,,0|i00c:,https://example.org/3
"""


def read(text: str) -> Imported:
    return read_file(text.encode(), mapping_of(None), ZoneInfo("UTC"), NOW)


def test_a_column_that_no_rule_knows_is_a_field_under_its_own_name() -> None:
    imported = read(FILE)
    assert imported.fields == ("Customer", "Risk Class", "Reviewer", "Rank", "Address")
    first, second, third = imported.issues
    assert first.extras["Customer"] == "Miller & Sons"
    assert first.extras["Risk Class"] == ["high", "legal"]
    assert second.extras["Risk Class"] == "low"
    assert "Comment" not in first.extras
    assert "Risk Class" not in third.extras
    assert own_fields(imported.issues)["risk class"] == "Risk Class"


def test_long_texts_and_what_names_the_row_are_no_fields_but_a_rank_is_one() -> None:
    rows = "".join(
        f"A-{at},2026-01-05,{'word ' * 40},https://example.org/issue/{at},0|hzzz{at:04},{at % 3}\n" for at in range(40)
    )
    assert read(f"Key,Created,Story,Reference,Rank,Lane\n{rows}").fields == ("Rank", "Lane")


def test_what_is_kept_beside_the_fields_is_none_of_them() -> None:
    assert read("Key,Created,Releases,Flagged\nA-1,2026-01-05,x,yes\n").fields == ()


def test_a_later_file_without_the_column_keeps_what_is_known_and_one_with_it_says_it_anew() -> None:
    present = [
        Issue("A-1", created=NOW, extras={"Customer": "Adler", "flagged": True}),
        Issue("A-2", created=NOW, extras={"Customer": "Adler", "Lane": "1"}),
    ]

    def merged(text: str) -> dict[str, object]:
        result = Successor(present, (), is_older=False, as_of=None, now=NOW).merge(read(text))
        return {issue.key: dict(issue.extras) for issue in (*result.plain, *result.with_history)}

    kept = merged("Key,Created,Lane\nA-1,2026-01-05,7\nA-2,2026-01-05,\n")
    assert kept == {"A-1": {"Customer": "Adler", "flagged": True, "Lane": "7"}, "A-2": {"Customer": "Adler"}}
    flags = merged("Key,Created,Flagged\nA-1,2026-01-05,\nA-2,2026-01-05,yes\n")
    assert flags == {"A-1": {"Customer": "Adler"}, "A-2": {"Customer": "Adler", "Lane": "1", "flagged": True}}


@pytest.fixture
def burndown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Burndown:
    return Burndown(tmp_path / "profiles", capsys)


def test_such_a_field_filters_groups_and_is_a_column_of_the_rows(burndown: Burndown, tmp_path: Path) -> None:
    file = tmp_path / "work.csv"
    file.write_text(FILE, encoding="utf-8")
    assert burndown("import", str(file))["fields"] == ["Customer", "Risk Class", "Reviewer", "Rank", "Address"]

    def total(*where: str) -> int:
        texts = [part for each in where for part in ("--where", each)]
        count: int = burndown("metrics", "--subject", "scope", *texts)["scope"]["total"]
        return count

    # Is, is not, contains, lacks, empty, filled; whatever the case and the spaces.
    assert [total(each) for each in ("customer=miller & sons", "customer!=Adler", "Customer~mill")] == [2, 2, 2]
    assert [total(each) for each in ("reviewer=", "reviewer!=", "risk class=legal", "risk  class!~leg")] == [1, 2, 1, 2]
    result = burndown("metrics", "--subject", "groups", "--group-by", "Customer")["groups"]
    assert result["field"] == "customer"
    assert [(each["value"], each["total"], each["done"], each["remaining"]) for each in result["groups"]] == [
        ("Miller & Sons", 2, 1, 1),
        ("Adler", 1, 0, 1),
    ]
    burndown("data", "--panel", "groups", "--group-by", "reviewer", "--out", str(tmp_path / "rows.csv"))
    rows = (tmp_path / "rows.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith("value,items,total,done")
    assert {row.split(",")[0] for row in rows[1:]} == {"", "Ann", "Bob"}
    burndown("data", "--panel", "throughput", "--group-by", "reviewer", "--out", str(tmp_path / "weeks.csv"))


def test_a_field_that_nothing_has_is_refused_with_those_that_are_there(burndown: Burndown, tmp_path: Path) -> None:
    file = tmp_path / "work.csv"
    file.write_text(FILE, encoding="utf-8")
    burndown("import", str(file))
    burndown.text("status")
    assert "Risk Class" in burndown.refused("metrics", "--where", "colour=red")
