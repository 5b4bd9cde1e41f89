import pytest

from app.domain.work_mix import DEBT, DEFECT, FEATURE, OTHER, RISK, WorkClasses, work_mix
from tests.domain.build import done, facts, items_of


@pytest.mark.parametrize(
    ("issue_type", "work_class"),
    [("Bug", DEFECT), ("Security", RISK), ("Task", DEBT), ("Story", FEATURE), ("Sub-task", OTHER), ("Ritual", OTHER)],
)
def test_a_type_nobody_mapped_goes_by_its_name(issue_type: str, work_class: str) -> None:
    assert WorkClasses(facts().profile).of(issue_type) == work_class


def test_the_mapping_of_the_profile_wins_whichever_way_it_is_kept() -> None:
    profile = facts(
        types={"Feature": {"issue_types": ["Bug"]}, "Risk": ["Story"]}, classification={"unclassed_types": ["Task"]}
    ).profile
    classes = WorkClasses(profile)
    assert [classes.of(name) for name in ("bug", "STORY", "Task")] == [FEATURE, RISK, OTHER]


def test_the_mix_shares_out_what_was_finished() -> None:
    items = items_of([done("A", type="Bug"), done("B", type="Story"), done("C", type="Story"), done("D", type="Story")])
    mix = work_mix(items, WorkClasses(facts().profile))
    assert [(part.class_, part.done, part.share, part.keys) for part in mix] == [
        (FEATURE, 3, 0.75, ("B", "C", "D")),
        (DEFECT, 1, 0.25, ("A",)),
    ]
    assert work_mix([], WorkClasses(facts().profile)) == ()
