"""What a status' name says by itself."""

import pytest

from app.domain.statuses import guessed, named
from store.records import Category


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Done", Category.DONE),
        ("WON'T_DO", Category.DONE),
        ("In-Review", Category.IN_PROGRESS),
        ("in Prüfung", Category.IN_PROGRESS),
        ("Backlog", Category.TODO),
        ("", None),
        ("Parking lot", None),
    ],
)
def test_usual_names_are_known_in_whatever_case_and_with_hyphens(status: str, expected: Category | None) -> None:
    assert named(status) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Not started yet", Category.TODO),
        ("Closed by support", Category.DONE),
        ("Customer acceptance testing", Category.IN_PROGRESS),
        ("Parking lot", None),
    ],
)
def test_other_names_are_guessed_by_a_telling_word(status: str, expected: Category | None) -> None:
    assert guessed(status) == expected
