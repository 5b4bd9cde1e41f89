"""Vectors of peers' own tests, put in as a log or as weeks and asked for with the commands. Traps are told as ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.jira_log import FIELDS, Move, instant, issue
from tests.cli.test_cli import SHARED, Burndown

PEERS = SHARED / "forecast-oracles" / "peer-vectors.json"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PEERS.exists(), reason="the vectors lie beside the repository only"),
]
VECTORS: Mapping[str, Any] = (
    {each["id"]: each for each in json.loads(PEERS.read_text(encoding="utf-8"))} if PEERS.exists() else {}
)
MONDAY = date(2024, 1, 1)
LEVELS = ("50", "70", "85", "95")


def inputs_of(name: str) -> Any:
    return VECTORS[name]["inputs"]


def expected(name: str) -> Any:
    return VECTORS[name]["expected"]


# -- what is put in ----------------------------------------------------------------------------------------------------


class FilledFolder:
    """A data folder of its own, filled and asked with the commands."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        folder.mkdir()
        self._folder = folder
        self.run = Burndown(folder / "profiles", capsys)

    def weekly(self, samples: Sequence[int]) -> date:
        """Weeks with so much finished; the day after them."""
        rows = [f"{MONDAY + timedelta(weeks=at)},{done},0" for at, done in enumerate(samples)]
        file, mapping = self._folder / "weeks.csv", self._folder / "mapping.json"
        file.write_text("\n".join(["date,completed_items,created_items", *rows]), encoding="utf-8")
        # Numbers that never fall could be sums so far.
        mapping.write_text('{"totals": false}', encoding="utf-8")
        self.run("import", str(file), "--kind", "weeks", "--mapping", str(mapping))
        return MONDAY + timedelta(weeks=len(samples))

    def logged(self, issues: Iterable[dict[str, Any]]) -> None:
        file = self._folder / "log.json"
        file.write_text(json.dumps({"names": FIELDS, "issues": list(issues)}), encoding="utf-8")
        self.run("import", str(file), "--query", "All")

    def metrics(self, subject: str, as_of: object, *more: str) -> Any:
        return self.run("metrics", "--subject", subject, "--as-of", str(as_of), "--window", "all", *more)[subject]


InFolder = Callable[[str], FilledFolder]


@pytest.fixture
def in_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> InFolder:
    return lambda name: FilledFolder(tmp_path / name, capsys)


@pytest.fixture
def here(in_folder: InFolder) -> FilledFolder:
    return in_folder("here")


def days(number: int) -> str:
    return str(MONDAY + timedelta(days=number))


def done_in(key: str, took: int, **more: Any) -> dict[str, Any]:
    """An issue that took so many days, first and last counted."""
    return issue(key, days(0), [(days(0), "Backlog"), (days(0), "In Progress"), (days(took - 1), "Done")], **more)


# -- when and how many -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in VECTORS if name.startswith("when-31d") or "when-const" in name])
def test_when(name: str, here: FilledFolder) -> None:
    asked_for, right, own = inputs_of(name), expected(name), VECTORS[name]["own_arithmetic"]
    as_of = here.weekly(asked_for["samples"])
    by = asked_for.get("by", 1)
    ends = [str(as_of + timedelta(weeks=weeks)) for weeks in (by if isinstance(by, list) else [by])]
    answer = here.run(
        "forecast", "--as-of", str(as_of), "--method", "plain", "--window", str(len(asked_for["samples"])),
        "--remaining", str(asked_for["remaining"]), *(part for end in ends for part in ("--by", end)),
    )  # fmt: skip
    if "by" in asked_for:
        chances = [100 * answer["chance"][end] for end in ends if end in answer["chance"]]
        assert chances
        assert chances == pytest.approx(own[-len(chances) :] if isinstance(own, list) else [own], abs=1e-3)
        return
    weeks = {level: each["weeks"] for level, each in answer["percentiles"].items()}
    assert weeks == own
    for level in LEVELS:
        low, high = right[level]["range"] if isinstance(right[level], dict) else (right[level], right[level])
        assert low <= weeks[level] <= high


@pytest.mark.parametrize("name", [name for name in VECTORS if name.startswith(("howmany-31d", "howmany-const"))])
def test_how_many(name: str, here: FilledFolder) -> None:
    as_of = here.weekly(inputs_of(name)["samples"])
    window = str(len(inputs_of(name)["samples"]))
    more = ("--weeks", str(inputs_of(name)["periods"]), "--remaining", "1", "--window", window, "--method", "plain")
    how_many = here.run("forecast", "--as-of", str(as_of), *more)["how_many"]
    assert {level: how_many[level] for level in LEVELS} == VECTORS[name]["own_arithmetic"]


# -- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in VECTORS if name.startswith("xmr-") and name != "xmr-single"])
def test_natural_process_limits(name: str, here: FilledFolder) -> None:
    as_of = here.weekly(inputs_of(name)["baseline"])
    limits, right = here.metrics("throughput", as_of)["limits"], expected(name)
    ours = {"average": limits["mean"], "upper": limits["upper"], "lower": limits["lower"]}
    assert ours == pytest.approx(right, abs=1e-9)


# -- times and ages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in VECTORS if name.startswith("pct-")])
def test_percentiles_are_nearest_ranks_whatever_a_peer_rounds(name: str, here: FilledFolder) -> None:
    values = inputs_of(name)["values"]
    here.logged((done_in(f"A-{at}", took) for at, took in enumerate(values)))
    cycle_time = here.metrics("flow", days(60))["cycle_time"]
    assert sorted(item["days"] for item in cycle_time["items"]) == values
    # At 50 % of 1 to 5 a peer says 2: the median is 3.
    right = (
        {"50": 3}
        if name == "pct-floor-peer"
        else {each: expected(name)[each] for each in LEVELS if each in expected(name)}
    )
    assert {level: cycle_time["percentiles"][level] for level in right} == right
    assert cycle_time["percentiles"] == {each: values[-(-len(values) * int(each) // 100) - 1] for each in LEVELS}


@pytest.mark.parametrize("name", ["ct-4", "ct-midnight", "ct-zone"])
def test_cycle_times_count_the_first_and_the_last_day(name: str, here: FilledFolder) -> None:
    peer = inputs_of(name)
    stays = [(peer["started"], "Backlog"), (peer["started"], "In Progress"), (peer["done"], "Done")]
    here.logged([issue("A-1", peer.get("created", peer["started"]), stays)])
    right = expected(name)[1] if name == "ct-zone" else expected(name)
    assert here.metrics("flow", "2027-01-01")["cycle_time"]["items"][0]["days"] == right


def test_ages_are_those_at_the_end_of_the_day_before(here: FilledFolder) -> None:
    items, day = inputs_of("age-set-as-of")["items"], date.fromisoformat(inputs_of("age-set-as-of")["day"])
    here.logged((
        issue(f"A-{at}", start, [(start, "Backlog"), (start, "In Progress"), *([(end, "Done")] if end else [])])
        for at, (start, end) in enumerate(items)
    ))  # fmt: skip
    then = here.metrics("flow", day + timedelta(days=1))
    assert sorted(each["days"] for each in then["age"]) == expected("age-set-as-of")
    assert then["age"][0]["days"] == expected("age-as-of")
    assert then["wip"]["total_age"] == sum(expected("age-set-as-of"))
    # What is finished on the day itself is not in progress at its end.
    later = here.metrics("flow", "2026-07-07")
    assert "A-0" not in [each["key"] for each in later["age"]]


def test_ages_count_the_first_day_where_a_peer_leaves_it_out(here: FilledFolder) -> None:
    peer = inputs_of("age-jam")
    here.logged((
        issue(f"A-{at}", start, [(start, "Backlog"), (start, "Committed")])
        for at, start in enumerate(peer["committed"])
    ))  # fmt: skip
    assert [each["days"] for each in here.metrics("flow", "2018-01-11")["age"]] == [
        age + 1 for age in expected("age-jam")
    ]


def test_pace_is_the_age_at_which_a_status_was_left_for_the_last_time(here: FilledFolder) -> None:
    here.logged(
        issue(f"A-{at}", days(0), [
            (days(0), "Backlog"), (days(0), "In Progress"), (days(at), "Review"), (days(at + 20), "Test"),
            (days(at + 40), "Done"),
        ])
        for at in range(20)
    )  # fmt: skip
    pace = {each["status"]: each for each in here.metrics("flow", days(100))["pace"]}
    for status, name in (("In Progress", "pace-in-progress"), ("Review", "pace-review"), ("Test", "pace-test")):
        assert {level: pace[status]["percentiles"][level] for level in LEVELS} == expected(name)


def test_a_status_that_is_left_several_times_counts_by_the_last(here: FilledFolder) -> None:
    left = inputs_of("pace-revisit")["left Review on days"]
    stays = [(days(0), "Backlog"), (days(0), "Review"), (days(left[0]), "Test"), (days(left[0] + 1), "Review")]
    stays += [(days(left[1]), "Test"), (days(left[1] + 1), "Review"), (days(left[2]), "Done")]
    here.logged([issue("A-1", days(0), stays)])
    (pace,) = [each for each in here.metrics("flow", days(60))["pace"] if each["status"] == "Review"]
    assert set(pace["percentiles"].values()) == {expected("pace-revisit")}


def test_blocked_days_are_those_of_flags_set_while_it_was_worked_on(here: FilledFolder) -> None:
    def flags(*spells: tuple[str, str | None]) -> list[Move]:
        set_ = [(start, "Flagged", "", "Impediment") for start, _ in spells]
        return [*set_, *((end, "Flagged", "Impediment", "") for _, end in spells if end)]

    opened = [(start, end) for start, end, _ in inputs_of("blocked-open-flag")["flags"]]
    resolved = inputs_of("blocked-resolved")
    back = [(start, end) for start, end, _ in inputs_of("blocked-back")["flags"]]
    here.logged([
        issue("A-1", "2018-01-01", [("2018-01-01", "Backlog"), ("2018-01-03T12:00", "Committed")], *flags(*opened),
              customfield_3=[{"value": "Impediment"}]),
        issue("A-2", "2018-01-01", [("2018-01-01", "Backlog"), ("2018-01-02", "Build"), (resolved["resolved"], "Done")],
              *flags(*((start, end) for start, end, _ in resolved["flags"])), customfield_3=[{"value": "Impediment"}]),
        issue("A-3", "2018-01-01", [("2018-01-01", "Backlog"), ("2018-01-02", "Committed")], *flags(*back)),
    ])  # fmt: skip
    spells = here.metrics("flow", inputs_of("blocked-open-flag")["today"])["blocked_spells"]
    blocked: dict[str, float] = {}
    for spell in spells:
        blocked[spell["key"]] = blocked.get(spell["key"], 0) + spell["days"]
    assert blocked == pytest.approx({
        "A-1": expected("blocked-open-flag"), "A-2": expected("blocked-resolved"), "A-3": expected("blocked-back"),
    })  # fmt: skip


# -- estimates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "rho"), [
    ("spearman-green", 1.0), ("spearman-red", -0.6), ("spearman-amber", 0.4), ("spearman-ties", 0.5443),
    ("corr-plus1", 1.0), ("corr-minus1", -1.0), ("corr-none", None),
])  # fmt: skip
def test_estimates_are_compared_by_average_ranks(name: str, rho: float | None, in_folder: InFolder) -> None:
    for order in (1, -1):
        pairs = inputs_of(name)["pairs"][::order]
        asked_of = in_folder(f"in order {order}")
        asked_of.logged(
            done_in(f"A-{at}", took, customfield_1=float(points)) for at, (points, took) in enumerate(pairs)
        )
        estimates = asked_of.metrics("flow", days(60))["estimates"]
        # Whatever the order of the items, which with ties moves a peer's.
        assert estimates["n"] == len(pairs)
        assert estimates["rho"] == (None if rho is None else pytest.approx(rho, abs=5e-5))


# -- sprints -----------------------------------------------------------------------------------------------------------

SPRINT = {"id": 7, "name": "S", "state": "closed", "boardId": 1}


@pytest.mark.parametrize("name", [
    "sprint-removed", "sprint-completed", "sprint-zero-points", "sprint-estimate-after-done", "sprint-after-end",
    "sprint-at-start-instant",
])  # fmt: skip
def test_sprints_are_frozen_at_their_start_and_their_end(name: str, here: FilledFolder) -> None:
    peer = inputs_of(name)
    start, end = f"2022-{peer['start']}", f"2022-{peer['end'] or '04-10'}"
    sprint = SPRINT | {"startDate": instant(start), "endDate": instant(end), "completeDate": instant(end)}
    issues: dict[str, Any] = {}
    for day, what, points in peer["events"]:
        key, _, event = what.partition(" ")
        issues.setdefault(key, []).append((f"2022-{day}", event, float(points)))
    here.logged([in_sprint(key, events, sprint) for key, events in issues.items()])
    sprint = here.metrics("sprints", "2022-05-01", "--unit", "points")["sprints"][0]
    right = expected(name)
    names = {"started": "committed", "added": "added", "removed": "removed", "completed": "completed"}
    remaining = sprint["committed"] + sprint["added"] + sprint["reestimated"] - sprint["removed"] - sprint["completed"]
    if name == "sprint-at-start-instant":
        # The peer's chart ends before it adds what came at the first instant; its sum is then not its line.
        right = right | {"remaining": 5}
    assert {**{ours: sprint[theirs] for ours, theirs in names.items()}, "remaining": remaining} == right


def in_sprint(key: str, events: Sequence[tuple[str, str, float]], sprint: dict[str, Any]) -> dict[str, Any]:
    moves: list[Move] = []
    stays = [("2022-03-01", "Backlog")]
    points = events[0][2]
    for day, event, amount in events:
        if event in ("in", "out"):
            moves.append((day, "Sprint", "" if event == "in" else "S", "S" if event == "in" else ""))
        elif event == "done":
            stays.append((day, "Done"))
        else:
            moves.append((day, "Story Points", str(points), str(amount)))
            points = amount
    return issue(key, "2022-03-01", stays, *moves, customfield_1=points, customfield_2=[sprint])


# -- flow --------------------------------------------------------------------------------------------------------------


def test_arrivals_never_fall_and_skipped_columns_are_not_entered(here: FilledFolder) -> None:
    columns = ("Backlog", "Committed", "Build", "Test", "Done")
    firsts = inputs_of("cfd-jam")["first dates per column (Jan 2018)"]
    here.logged((
        issue(f"A-{at}", f"2018-01-{dates[0]}", [
            (f"2018-01-{day}", column) for day, column in zip(dates, columns, strict=True) if day
        ])
        for at, dates in enumerate(firsts)
    ))  # fmt: skip
    arrivals = {each["day"]: each for each in here.metrics("flow", "2018-01-07")["cfd"]["arrivals"]}
    for day, counts in zip(inputs_of("cfd-jam")["days"], expected("cfd-jam"), strict=True):
        statuses = arrivals[f"2018-01-{day}"]["statuses"]
        assert [statuses.get(column, 0) for column in columns] == counts
