from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dora import (
    Deployment,
    Dora,
    Figure,
    Position,
    deployment_weeks,
    figures,
    frequency_bucket,
    nearest_fail_rate,
)
from app.domain.missing import NotEnoughData
from store.records import Category, Issue
from tests.domain.build import CALENDAR, analysis, at, day, done, facts, issue, moves

# Eight deployments in three weeks, two of which broke something.
TIMES = [
    "03-02 10:00",
    "03-04 10:00",
    "03-04 15:00",
    "03-06 11:00",
    "03-10 09:00",
    "03-12 16:00",
    "03-13 10:00",
    "03-17 10:00",
]
LEADS = [24, 12, 48, 8, 48, 12, 48, 168]
FIRST, LAST = day("03-02"), day("03-22")


def deployments() -> list[Deployment]:
    result = [
        Deployment(f"D-{number}", at(text), changes=((f"C-{number}", at(text) - timedelta(hours=hours)),))
        for number, (text, hours) in enumerate(zip(TIMES, LEADS, strict=True))
    ]
    for number, restored, noticed in ((2, 3.5, 0.5), (5, 17, 1.5)):
        broken = result[number]
        result[number] = Deployment(
            broken.key, broken.at, True, broken.at + timedelta(hours=restored), broken.at + timedelta(hours=noticed),
            changes=broken.changes,
        )  # fmt: skip
    return result


@pytest.fixture
def eight_deployments() -> Dora:
    return figures(deployments(), CALENDAR, FIRST, LAST, "commits", "incidents")


def figure(result: Figure | NotEnoughData) -> Figure:
    assert isinstance(result, Figure)
    return result


def test_how_often_is_deployed(eight_deployments: Dora) -> None:
    often = figure(eight_deployments.deployment_frequency)
    assert often.value == pytest.approx(8 / 3)
    assert (often.n, often.bucket) == (8, "daily")
    assert often.interval90 == pytest.approx((1.326, 4.812), abs=5e-3)
    assert often.position == Position(2024, "high")


def test_the_lead_time_is_a_median(eight_deployments: Dora) -> None:
    lead = figure(eight_deployments.change_lead_time)
    assert (lead.value, lead.n, lead.unit, lead.bucket) == (36.0, 8, "hours", "week")
    # The second and the second last of eight: 8 and 168 are left out.
    assert (lead.interval90, lead.position) == ((12, 48), Position(2024, "high"))


def test_failures_are_a_share_of_the_deployments_each_counted_once(eight_deployments: Dora) -> None:
    share = figure(eight_deployments.change_fail_rate)
    assert (share.value, share.n, share.keys) == (0.25, 8, ("D-2", "D-5"))
    # Wilson, by hand: 0.31318 ± 0.22667.
    assert share.interval90 == pytest.approx((0.0865, 0.5399), abs=5e-5)


def test_recovery_is_told_from_the_deployment_and_from_the_incident_and_too_few_get_no_position(
    eight_deployments: Dora,
) -> None:
    recovery, incident = figure(eight_deployments.recovery_time), figure(eight_deployments.recovery_time_from_incident)
    assert (recovery.value, incident.value) == (10.25, 9.25)
    assert (recovery.n, recovery.is_too_few, recovery.position, recovery.interval90) == (2, True, None, None)


def test_rework_counts_what_was_not_planned_and_no_year_has_clusters_of_it() -> None:
    deployments = [Deployment(f"D-{number}", at("03-10"), unplanned=number < 2) for number in range(8)]
    rework = figure(figures(deployments, CALENDAR, FIRST, LAST, "", "").rework_rate)
    assert (rework.value, rework.keys, rework.position) == (0.25, ("D-0", "D-1"), None)


@pytest.mark.parametrize(
    ("rate", "cluster"),
    [(0.0, "elite"), (0.05, "elite"), (0.09, "medium"), (0.15, "medium or high"), (0.2, "high"), (0.9, "low")],
)
def test_clusters_are_centres_in_which_high_fails_more_often_than_medium(rate: float, cluster: str) -> None:
    assert nearest_fail_rate(rate).cluster == cluster


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(["03-02", "03-09", "03-16"], "weekly"), (["03-02", "03-20"], "weekly"), (["03-02"], "monthly"), ([], "yearly")],
)
def test_the_bucket_goes_by_days_with_a_deployment_in_the_middle_week(days: list[str], bucket: str) -> None:
    assert frequency_bucket([day(text) for text in days], CALENDAR, FIRST, LAST) == bucket


def test_without_deployments_each_figure_says_so() -> None:
    dora = figures([], CALENDAR, FIRST, LAST, "", "")
    assert isinstance(dora.rework_rate, NotEnoughData)
    nothing = analysis(facts([issue("A", "03-02")])).dora
    assert isinstance(nothing, Dora)
    assert isinstance(nothing.deployment_frequency, NotEnoughData)
    assert "Meaning" in nothing.deployment_frequency.reason


def test_deployments_outside_the_window_do_not_count() -> None:
    late = Deployment("D-9", at("03-23 00:00"))
    assert figure(figures([*deployments(), late], CALENDAR, FIRST, LAST, "", "").deployment_frequency).n == 8


def released(key: str, text: str, **other: Any) -> tuple[Issue, list[Any]]:
    return done(key, created=at("03-01"), type="Deployment", **other), moves(key, ("", "To Do"), (text, "Done"))


def test_issues_give_deployments_with_what_they_carried_and_what_they_broke() -> None:
    result = [released("OPS-1", "03-03"), released("OPS-2", "03-06", fix_versions=("1.1",)), released("OPS-3", "03-09")]
    issues, changes = [each for each, _ in result], [change for _, moved in result for change in moved]
    issues += [done("A", created=at("03-01")), done("B", created=at("03-01"), fix_versions=("1.1",))]
    changes += moves("A", ("", "To Do"), ("03-08 12:00", "Done")) + moves("B", ("", "To Do"), ("03-04 12:00", "Done"))
    issues.append(done("I", created=at("03-07"), type="Incident"))
    changes += moves("I", ("", "To Do"), ("03-07 18:00", "Done"))
    dora = analysis(facts(issues, changes, classification={"devops_projects": ["OPS"]}), as_of=day("03-20")).dora
    assert isinstance(dora, Dora)
    assert figure(dora.deployment_frequency).keys == ("OPS-1", "OPS-2", "OPS-3")
    # A waits a day for OPS-3, B two days for the deployment of its version.
    assert (figure(dora.change_lead_time).value, figure(dora.change_lead_time).keys) == (36.0, ("A", "B"))
    assert figure(dora.change_fail_rate).keys == ("OPS-2",)
    assert (figure(dora.recovery_time).value, figure(dora.recovery_time_from_incident).value) == (30.0, 6.0)
    assert "last one before" in figure(dora.change_fail_rate).source


def test_each_week_has_its_deployments_those_that_held_and_those_that_did_not() -> None:
    """OPS-2 broke something on the 7th; the third week has none."""
    result = [released("OPS-1", "03-03"), released("OPS-2", "03-06"), released("OPS-3", "03-09")]
    issues, changes = [each for each, _ in result], [change for _, moved in result for change in moved]
    issues.append(done("I", created=at("03-07"), type="Incident"))
    changes += moves("I", ("", "To Do"), ("03-07 18:00", "Done"))
    weeks = deployment_weeks(analysis(facts(issues, changes), as_of=day("03-20"), now=at("03-25")).known)
    assert [(week.start, week.successful, week.failed) for week in weeks] == [
        (day("03-02"), ("OPS-1",), ("OPS-2",)),
        (day("03-09"), ("OPS-3",), ()),
        (day("03-16"), (), ()),
    ]


def test_without_a_deployment_there_are_no_weeks_of_them() -> None:
    assert deployment_weeks(analysis(facts([issue("A-1", "03-01")])).known) == ()


def test_each_figure_stands_beside_that_of_the_days_before() -> None:
    result = [
        released(f"OPS-{number}", text) for number, text in enumerate(["03-03", "03-05", "06-02", "06-04", "06-09"])
    ]
    issues, changes = [each for each, _ in result], [change for _, moved in result for change in moved]
    dora = analysis(facts(issues, changes), as_of=day("07-01"), now=at("07-20")).dora
    assert isinstance(dora, Dora)
    often = figure(dora.deployment_frequency)
    # Three in the 90 days to 30 June; two in the 30 days from the first deployment, 3 March, to 1 April.
    assert often.n == 3
    assert (often.value, often.before) == pytest.approx((3 / (90 / 7), 2 / (30 / 7)))


def test_an_incident_that_names_its_deployment_is_held_against_that_one() -> None:
    result = [released("OPS-1", "03-03"), released("OPS-2", "03-06")]
    issues, changes = [each for each, _ in result], [change for _, moved in result for change in moved]
    issues.append(
        Issue("I", type="Incident", status="Open", category=Category.TODO, created=at("03-08"), parent="OPS-1")
    )
    dora = analysis(facts(issues, changes), as_of=day("03-20")).dora
    assert isinstance(dora, Dora)
    assert figure(dora.change_fail_rate).keys == ("OPS-1",)
    assert isinstance(dora.recovery_time, NotEnoughData)


def test_what_means_a_deployment_can_be_mapped() -> None:
    issues = [done("A", created=at("03-01"), labels=("prod",)), done("B", created=at("03-01"))]
    changes = moves("A", ("", "To Do"), ("03-03", "Done")) + moves("B", ("", "To Do"), ("03-04", "Done"))
    known = facts(issues, changes, mappings={"delivery": {"deployments": {"labels": ["PROD"]}}})
    dora = analysis(known, as_of=day("03-20")).dora
    assert isinstance(dora, Dora)
    assert figure(dora.deployment_frequency).keys == ("A",)


INSTANTS = st.integers(0, 20 * 24).map(lambda hours: at("03-02 00:00") + timedelta(hours=hours))


@given(st.lists(st.tuples(INSTANTS, st.booleans()), min_size=1, max_size=30), st.randoms())
def test_one_more_failure_never_makes_the_rate_better(outcomes: list[tuple[datetime, bool]], rng: Any) -> None:
    deployments = [Deployment(f"D-{number}", when, failed) for number, (when, failed) in enumerate(outcomes)]
    before = figure(figures(deployments, CALENDAR, FIRST, LAST, "", "").change_fail_rate)
    worse = [Deployment(each.key, each.at, True) if number == 0 else each for number, each in enumerate(deployments)]
    rng.shuffle(worse)
    after = figure(figures(worse, CALENDAR, FIRST, LAST, "", "").change_fail_rate)
    assert after.value >= before.value
    assert after.interval90 is not None
    assert after.interval90[0] <= after.value <= after.interval90[1]
