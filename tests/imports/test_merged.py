"""What "merged" means: tickets that went into others were not done, code that was merged was."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.statuses import given_up
from app.imports.columns import ColumnMapping
from app.imports.reading import read_file
from app.imports.report import sentences
from app.imports.results import Imported

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def read(text: str) -> Imported:
    return read_file(text.encode(), ColumnMapping(), ZoneInfo("UTC"), NOW)


def sentences_about(imported: Imported) -> str:
    return " ".join(sentences(imported.guesses, imported.recognised_as))


OTRS = (
    "Ticket#;Created;Closed;State;Queue;Title\n"
    "2026010110000011;2026-05-04 10:00:00;2026-05-06 10:00:00;closed successful;Raw;One\n"
    "2026010110000012;2026-05-04 10:00:00;2026-05-06 10:00:00;closed unsuccessful;Raw;Two\n"
    "2026010110000013;2026-05-04 10:00:00;2026-05-06 10:00:00;merged;Raw;Three\n"
    "2026010110000014;2026-05-04 10:00:00;;pending auto close+;Raw;Four\n"
)


def test_merged_tickets_of_a_help_desk_were_given_up_and_counted() -> None:
    imported = read(OTRS)
    ended = {issue.summary: given_up(issue.status, issue.resolution) for issue in imported.issues}
    assert ended == {"One": "", "Two": "closed unsuccessful", "Three": "merged into another ticket", "Four": ""}
    assert sentences_about(imported).startswith(
        "2 items were given up (closed unsuccessful 1, merged into another ticket 1). They leave the work"
    )


@pytest.mark.parametrize(
    ("merged", "other"),
    [("zusammengefasst", "erfolgreich geschlossen"), ("fusionné", "clos avec succès"), ("unito", "chiuso con successo"),
     ("samengevoegd", "succesvol gesloten"), ("объединен", "закрыт успешно"), ("已合并", "成功关闭")],
)  # fmt: skip
def test_the_states_of_a_help_desk_tell_it_in_other_languages(merged: str, other: str) -> None:
    rows = f"1;{other};2026-05-04;2026-05-06\n2;{merged};2026-05-04;2026-05-06\n"
    first, second = read(f"id;status;created;closed\n{rows}").issues
    assert (given_up(first.status, first.resolution), given_up(second.status, second.resolution)) == (
        "", "merged into another ticket",
    )  # fmt: skip


def test_elsewhere_merged_is_done_and_that_guess_is_said_until_a_reason_stands_there() -> None:
    rows = "1,Merged,{0},2026-05-04,2026-05-06\n2,Open,,2026-05-04,\n"
    file = f"id,status,resolution,created,closed\n{rows}"
    imported = read(file.format(""))
    assert [given_up(issue.status, issue.resolution) for issue in imported.issues] == ["", ""]
    assert sentences_about(imported).startswith(
        "1 item was merged (Merged 1): it counts as finished, as merged code does."
    )
    assert "was given up (Duplicate 1)" in sentences_about(read(file.format("Duplicate")))


def test_the_number_of_a_ticket_is_its_key() -> None:
    assert [issue.key[-2:] for issue in read(OTRS).issues] == ["11", "12", "13", "14"]


@pytest.mark.parametrize(
    "text",
    [
        "iid,title,state,created_at,merged_at,closed_at,web_url\n"
        "1,A,merged,2026-05-01,2026-05-02,,https://gitlab.com/g/p/-/merge_requests/1\n"
        "2,B,opened,2026-05-01,,,https://gitlab.com/g/p/-/merge_requests/2\n",
        '[{"iid": 1, "title": "A", "state": "merged", "created_at": "2026-05-01T00:00:00Z", "closed_at": null, '
        '"merged_at": "2026-05-02T00:00:00Z", "web_url": "https://gitlab.com/g/p/-/merge_requests/1"}, '
        '{"iid": 2, "title": "B", "state": "opened", "created_at": "2026-05-01T00:00:00Z", "closed_at": null, '
        '"merged_at": null, "web_url": "https://gitlab.com/g/p/-/merge_requests/2"}]',
        "number,title,state,createdAt,mergedAt\n1,A,MERGED,2026-05-01,2026-05-02\n2,B,OPEN,2026-05-01,\n",
    ],
)
def test_a_merge_request_that_was_merged_is_done_on_that_day(text: str) -> None:
    imported = read(text)
    days = [(str(issue.category), f"{issue.resolved:%m-%d}" if issue.resolved else "") for issue in imported.issues]
    assert [day for category, day in days if category == "done"] == ["05-02"]
    assert "merged" not in sentences_about(imported)


def test_of_a_tracker_of_code_nothing_need_be_said() -> None:
    imported = read("Issue key,Summary,Status,Created,Resolved\nK-1,One,Merged,2026-05-04,2026-05-06\n")
    assert sentences_about(imported) == ""
