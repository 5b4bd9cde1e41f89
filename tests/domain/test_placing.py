from datetime import timedelta
from itertools import pairwise

from app.domain.placing import placements
from app.domain.statuses import guessed
from store.records import Category, Change, Issue
from tests.domain.build import analysis, at, day, facts, issue, items_of, moves
from tests.steps import steps_of

# Names that say nothing in any language: an item is entered, weighed, carried over and put down.
WAY = ("Grisu", "Balor", "Corvo", "Delph")


def walk(key: str, *statuses: str) -> list[Change]:
    steps = [(f"03-{3 + number:02d}", status) for number, status in enumerate(statuses[1:])]
    return moves(key, ("", statuses[0]), *steps)


def placed(issues: list[Issue], changes: list[Change]) -> dict[str, Category]:
    return {each.status: each.category for each in placements(issues, changes, guessed).values()}


def test_where_no_name_says_anything_the_way_does() -> None:
    issues = [issue(f"A-{number}", "03-01", "03-09") for number in range(4)]
    changes = [change for each in issues for change in walk(each.key, *WAY)]
    assert placed(issues, changes) == {
        "Grisu": Category.TODO,
        "Balor": Category.IN_PROGRESS,
        "Corvo": Category.IN_PROGRESS,
        "Delph": Category.DONE,
    }


def test_the_last_queue_before_work_is_still_to_do() -> None:
    issues = [issue(f"A-{number}", "03-01", "03-09") for number in range(4)]
    changes = [change for each in issues for change in walk(each.key, "Open", "Corvo", "In Progress", "Delph", "Done")]
    result = placements(issues, changes, guessed)
    assert (result["corvo"].category, result["delph"].category) == (Category.TODO, Category.IN_PROGRESS)
    assert result["corvo"].evidence == "4 of 4 items went on from it to work, and had not begun before."
    assert result["delph"].keys == ("A-0", "A-1", "A-2", "A-3")


def test_where_items_rest_without_a_finish_is_no_end() -> None:
    issues = [issue("A", "03-01"), issue("B", "03-01"), issue("C", "03-01", "03-09")]
    changes = [*walk("A", "Open", "Corvo"), *walk("B", "Open", "Corvo"), *walk("C", "Open", "Done")]
    assert placed(issues, changes) == {"Corvo": Category.IN_PROGRESS}
    assert placed(issues[:2], changes[:2]) == {"Corvo": Category.DONE}


def test_names_that_are_known_are_not_placed() -> None:
    assert placements([issue("A", "03-01")], walk("A", "Open", "Done"), guessed) == {}


def test_items_go_by_it_and_the_doubt_says_so() -> None:
    changes = [change for key in ("A", "B") for change in walk(key, "Open", "Corvo", "Done")]
    issues = [Issue(key, status="Done", category=Category.DONE, created=at("03-01")) for key in ("A", "B")]
    assert [item.started for item in items_of(issues, changes)] == [at("03-03"), at("03-03")]
    result = analysis(facts(issues, changes), as_of=day("03-20"))
    doubts = {doubt.rule: doubt for doubt in result.data_quality} if isinstance(result.data_quality, tuple) else {}
    assert (doubts["status_without_a_meaning"].n, doubts["status_without_a_meaning"].keys) == (2, ("A", "B"))
    assert "Corvo" in doubts["status_without_a_meaning"].text
    mapped = analysis(facts(issues, changes), as_of=day("03-20"), todo_statuses=frozenset({"corvo"}))
    assert mapped.known.placed_statuses == {}
    assert [item.started for item in mapped.items] == [at("03-04"), at("03-04")]


def test_what_stands_between_two_unknown_statuses_is_judged_by_the_nearest_known_ones() -> None:
    issues = [issue("A-1", "03-01"), issue("A-2", "03-01")]
    way = ("Open", "Corvo", "Delph", "In Progress", "Corvo", "Delph", "Done")
    changes = [change for each in issues for change in walk(each.key, *way)]
    result = placements(issues, changes, guessed)
    assert (result["corvo"].visits, result["corvo"].category) == (4, Category.IN_PROGRESS)
    assert result["delph"].evidence == "4 items went through it between their beginning and their end."


def test_an_item_that_moved_without_end_takes_steps_by_its_moves_not_by_their_square() -> None:
    assert _steps(1_600) < 3 * _steps(800)


def _steps(visits: int) -> int:
    statuses = ["Open", *("Corvo", "Delph") * (visits // 2)]
    changes = [
        Change("A", at("03-01") + timedelta(minutes=number), "status", *move)
        for number, move in enumerate(pairwise(statuses))
    ]
    return steps_of(lambda: placements([issue("A", "03-01")], changes, guessed))
