from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.analysis import Analysis
from app.domain.forecast import Forecast, HowMany
from app.domain.known import Method, Pace
from app.domain.missing import NotEnoughData
from app.domain.pace import PaceSource
from app.domain.selection import selection
from app.domain.throughput import Throughput
from store.records import Correction, Issue
from tests.domain.build import analysis, at, day, facts

MONDAY = date(2026, 1, 5)


def finished(weeks: dict[int, int], **fields: Any) -> list[Issue]:
    """So many finished in each of these weeks after 5 January 2026, created on its Monday."""
    issues = []
    for week, count in weeks.items():
        start = datetime.combine(MONDAY, datetime.min.time(), UTC) + timedelta(days=7 * week, hours=9)
        name = "-".join(map(str, fields.values()))
        issues += [
            Issue(f"{name}-{week}-{number}", created=start, resolved=start + timedelta(days=2), **fields)
            for number in range(count)
        ]
    return issues


# Nine weeks of three stories and one bug each; four bugs and six stories are left.
TEAM = [*finished(dict.fromkeys(range(9), 3), type="Story"), *finished(dict.fromkeys(range(9), 1), type="Bug")]
LEFT = [
    *(Issue(f"B-{number}", type="Bug", created=at("01-05")) for number in range(4)),
    *(Issue(f"S-{number}", type="Story", created=at("01-05")) for number in range(6)),
]


def part(*conditions: str, issues: list[Issue] | None = None, **params: Any) -> Analysis:
    known = facts(TEAM + LEFT if issues is None else issues)
    return analysis(known, selection=selection(conditions), method=Method.PLAIN, **params)


def source(analysis: Analysis) -> PaceSource:
    assert isinstance(analysis.pace, PaceSource)
    return analysis.pace


def weeks_85(analysis: Analysis) -> int | None:
    assert isinstance(analysis.forecast, Forecast)
    return analysis.forecast.weeks[85]


def test_a_part_has_its_share_of_the_pace_of_all_work() -> None:
    bugs = part("type=Bug")
    assert (source(bugs).kind, source(bugs).whole, source(bugs).share) == (Pace.SHARE, 4, 0.25)
    assert source(bugs).per_week == 1
    assert source(bugs).why == "its share in the last 9 weeks"
    assert weeks_85(bugs) == 4
    assert isinstance(bugs.learned, Throughput)
    assert bugs.learned.samples == (1.0,) * 9


def test_the_pace_of_all_work_and_the_parts_own_can_be_chosen() -> None:
    whole, own = part("type=Bug", pace=Pace.WHOLE), part("type=Bug", pace=Pace.OWN)
    assert (source(whole).per_week, weeks_85(whole)) == (4, 1)
    assert (source(own).per_week, weeks_85(own)) == (1, 4)


def test_without_a_part_the_pace_is_that_of_all_work_and_nothing_is_said() -> None:
    analysis = part()
    assert (source(analysis).share, source(analysis).why) == (1.0, "")
    assert analysis.learned is analysis.throughput


def test_new_work_comes_in_for_the_part_as_it_did_for_the_part() -> None:
    # Of 46 that came in 13 were bugs, but four of these in the first week.
    assert source(part("type=Bug")).created_share == pytest.approx(13 / 46)


def test_a_part_that_paused_is_told_by_all_weeks() -> None:
    issues = [*finished(dict.fromkeys(range(20), 1), type="Story"), *finished({0: 5}, type="Bug"), *LEFT]
    analysis = part("type=Bug", issues=issues, window=4, now=at("06-01"))
    assert source(analysis).why == "its share in all weeks"
    assert source(analysis).share == pytest.approx(5 / 25)


def test_a_part_of_which_nothing_was_ever_finished_has_no_share() -> None:
    analysis = part("type=Epic", issues=[*TEAM, Issue("E", type="Epic", created=at("01-05"))])
    assert isinstance(analysis.pace, NotEnoughData)
    assert isinstance(analysis.forecast, NotEnoughData)
    assert "type=Epic" in analysis.pace.reason


def test_a_version_not_begun_has_the_share_that_versions_had_while_they_were_worked_on() -> None:
    # 1.0 took half of the pace for four weeks, 1.1 all of it for two.
    issues = [
        *finished(dict.fromkeys(range(4), 2), fix_versions=("1.0",)),
        *finished(dict.fromkeys(range(4), 2), fix_versions=("",)),
        *finished({5: 4, 6: 4}, fix_versions=("1.1",)),
        Issue("N", created=at("01-05"), fix_versions=("1.2",)),
    ]
    analysis = part("version=1.2", issues=issues)
    assert source(analysis).share == pytest.approx(16 / 24)
    assert "each version" in source(analysis).why


def test_a_version_under_way_has_its_share_since_it_began() -> None:
    issues = [
        *finished(dict.fromkeys(range(9), 2), fix_versions=("",)),
        *finished({6: 2, 8: 4}, fix_versions=("1.2",)),
        Issue("N", created=at("01-05"), fix_versions=("1.2",)),
    ]
    # In the three weeks from its first finish on 12 were finished, 6 of them its own.
    assert source(part("version=1.2", issues=issues)).share == pytest.approx(0.5)


def test_the_first_version_of_all_is_told_as_if_the_team_worked_on_it_alone() -> None:
    analysis = part("version=1.0", issues=[*TEAM, Issue("N", created=at("01-05"), fix_versions=("1.0",))])
    assert (source(analysis).kind, source(analysis).share) == (Pace.WHOLE, 1.0)
    assert "no version was finished yet" in source(analysis).why


def test_of_a_part_whole_items_are_promised() -> None:
    how_many = part("type=Bug", issues=[*TEAM, *finished({8: 1}, type="Task"), *LEFT]).how_many(3)
    assert isinstance(how_many, HowMany)
    # Nine of 37 finished items were bugs: in three weeks 2.9 or a little more of what all finish.
    assert how_many.amounts[50] == 2


def test_a_sprint_draws_on_the_teams_usual_weeks() -> None:
    analysis = part(
        "sprint=S", issues=[*TEAM, *(Issue(f"N-{n}", created=at("01-05"), sprints=("S",)) for n in range(8))]
    )
    assert (source(analysis).kind, weeks_85(analysis)) == (Pace.WHOLE, 2)


def test_a_week_corrected_by_hand_says_nothing_of_a_part() -> None:
    known = facts(TEAM + LEFT, corrections=[Correction(day("03-02"), completed_items=40)])
    bugs = analysis(known, selection=selection(["type=Bug"]), window=1).throughput
    assert isinstance(bugs, Throughput)
    assert bugs.window[0].done == 1
