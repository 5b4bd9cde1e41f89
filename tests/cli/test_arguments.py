"""The grammar of the command line."""

import json
from datetime import date

import pytest

from app.cli.arguments import parse


def test_without_a_command_the_app_is_served() -> None:
    arguments = parse([])
    assert arguments.command == "serve"
    assert (arguments.port, arguments.no_browser, arguments.print_url) == (None, False, False)


def test_serve_options_may_stand_without_the_word_serve() -> None:
    arguments = parse(["--port", "0", "--no-browser", "--print-url"])
    assert (arguments.command, arguments.port, arguments.no_browser, arguments.print_url) == ("serve", 0, True, True)


@pytest.mark.parametrize(
    "argv",
    [
        ["--profiles", "d", "--json", "status"],
        ["status", "--profiles", "d", "--json"],
        ["--json", "status", "--profiles", "d"],
    ],
)
def test_global_options_stand_before_or_after_the_command(argv: list[str]) -> None:
    arguments = parse(argv)
    assert (arguments.command, arguments.profiles, arguments.json) == ("status", "d", True)


def test_a_forecast_takes_days_and_amounts() -> None:
    arguments = parse(["forecast", "--as-of", "2014-01-06", "--remaining", "40", "--by", "2014-06-01", "--weeks", "6"])
    assert (arguments.as_of, arguments.by) == (date(2014, 1, 6), date(2014, 6, 1))
    assert (arguments.remaining, arguments.weeks) == (40, 6)


SIZES = ("9" * 400, "1000001", "0", "0%", "101 %", "nan")
COUNTED = [
    ["forecast", "--weeks"], ["forecast", "--trials"], ["forecast", "--window"], ["metrics", "--window"],
    ["metrics", "--together"], ["data", "--window"], ["report", "--window"], ["calibration", "--trials"],
    ["calibration", "--every"],
]  # fmt: skip


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["forecast", "--as-of", "tomorrow"], "write it as 2026-03-31"),
        (["forecast", "--remaining", "nan"], "not an amount"),
        (["forecast", "--remaining", "-1"], "not an amount"),
        (["forecast", "--window", "0"], "whole number above 0"),
        (["forecast", "--as-of", "0001-01-01"], "not a date of the years 1900 to 2999"),
        (["metrics", "--as-of", "9999-12-31"], "not a date of the years 1900 to 2999"),
        (["serve", "--port", "70000"], "from 0 to 65535"),
        (["calibration", "--every", "x"], "whole number above 0"),
        *((["metrics", "--epic-size", size], "is no size") for size in SIZES),
        *(([*command, "9" * digits], "too large") for digits in (20, 400, 5000) for command in COUNTED),
        *(([*command, "nan"], "whole number above 0") for command in COUNTED),
        (["forecast", "--weeks", "1001"], "write at most 1,000"),
        (["migrate"], "FOLDER"),
        (["migrate", "old", "--merge", "--as-new-profile"], "not allowed with"),
        (["dance"], "invalid choice"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_would_do(
    argv: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(argv)
    assert caught.value.code == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["forecast", "--window", "0", "--json"], ["--json", "forecast", "--window", "0"]])
def test_wrong_usage_with_json_is_one_document_too(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(argv)
    printed = capsys.readouterr()
    assert caught.value.code == 2
    document = json.loads(printed.out)
    assert document["outcome"] == "wrong usage"
    assert "whole number above 0" in document["error"]
    assert document["error"] in printed.err


@pytest.mark.parametrize(
    "argv",
    [
        ["--project", "Team", "--work", "All", "metrics"],
        ["--project=Team", "--json", "--query=All", "--profiles", "d", "metrics"],
        ["--profiles", "d", "--profile", "Team", "metrics", "--work", "All"],
        ["metrics", "--profile", "Team", "--query", "All"],
    ],
)
def test_which_work_may_be_said_before_the_command(argv: list[str]) -> None:
    arguments = parse(argv)
    assert (arguments.command, arguments.profile, arguments.query) == ("metrics", "Team", "All")


def test_a_work_list_before_a_command_that_asks_of_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        parse(["--work", "All", "status"])
    assert refused.value.code == 2
    assert "--work" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv",
    [
        ["--profiles", "", "status"],
        ["import", "list.csv", "--profile", "", "--query", "Q"],
        ["import", "list.csv", "--profile", "P", "--query="],
        ["report", "--out", "r.html", "--query", "A", "--query", ""],
        ["backup", "--to", ""],
        ["undo", ""],
    ],
)
def test_what_is_named_by_nothing_is_not_taken_for_the_usual_one(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as wrong:
        parse(argv)
    assert wrong.value.code == 2
    assert "is empty" in capsys.readouterr().err


def test_no_email_is_no_email() -> None:
    argv = [
        "connect",
        "--url",
        "https://jira.example",
        "--profile",
        "P",
        "--query",
        "Q",
        "--jql",
        "a = b",
        "--email",
        "",
    ]
    assert parse(argv).email == ""
