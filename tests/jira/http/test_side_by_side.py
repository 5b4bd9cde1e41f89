"""Several questions at a time, but no more than there is memory for their answers."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from app.jira.errors import JiraDown
from app.jira.http.side_by_side import MOST, side_by_side
from app.jira.http.transport import Connection, Limits, Transport
from tests.jira.world import TESTING


def _nothing() -> None:
    return None


class Kept:
    """Counts the answers that were asked for and are not used yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now = self.most = 0

    def ask(self, question: int) -> int:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        return question

    def use(self) -> None:
        with self._lock:
            self.now -= 1


@pytest.mark.parametrize(("room", "most"), [(lambda: 1, 1), (lambda: 3, 3), (lambda: 0, 1), (lambda: MOST, MOST)])
def test_no_more_answers_are_kept_than_there_is_room_for(room: Callable[[], int], most: int) -> None:
    kept = Kept()
    answers = []
    for answer in side_by_side(kept.ask, range(50), _nothing, room):
        answers.append(answer)
        kept.use()
    assert sorted(answers) == list(range(50))
    # What is just being used is one more.
    assert kept.most <= most + 1


def test_a_server_that_answers_at_once_is_asked_in_turn_and_by_several_as_soon_as_it_does_not() -> None:
    threads, near = list[str](), [True]

    def ask(question: int) -> int:
        threads.append(threading.current_thread().name)
        return question

    answers = []
    for answer in side_by_side(ask, range(40), _nothing, at_once=lambda: near[0]):
        answers.append(answer)
        near[0] = not 9 <= len(answers) < 20
    here = threading.current_thread().name
    assert sorted(answers) == list(range(40))
    assert answers[:9] == list(range(9))
    assert threads[:9] == [here] * 9
    assert here not in threads[9:20]
    # And here again once it does, when those that were open have come.
    assert threads[-1] == here
    first = threads.index(here, 9)
    assert set(threads[first:]) == {here}


def test_what_fails_where_a_server_answers_at_once_is_told_after_what_came_before() -> None:
    def ask(question: int) -> int:
        if question == 3:
            raise JiraDown("not working")
        return question

    answers = side_by_side(ask, range(9), _nothing, at_once=lambda: True)
    assert [next(answers) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(JiraDown):
        next(answers)


@pytest.mark.parametrize(
    ("lasted", "at_once"),
    [
        ([0.003] * 7, False),
        ([0.003] * 8, True),
        # One or the other is late where the computer is busy.
        ([0.3, *[0.003] * 5, 0.04, 0.02, 0.01], True),
        ([*[0.003] * 7, 0.3], False),
        # Lists of thousands of ids come later than what follows on them.
        ([*[0.003] * 3, *[0.02] * 5], True),
        ([*[0.003] * 2, *[0.02] * 6], False),
    ],
)
def test_a_server_answers_at_once_where_its_last_answers_came_so(lasted: list[float], at_once: bool) -> None:
    server = Transport(Connection("https://jira.example"), TESTING)
    server._lasted.extend(lasted)
    assert server.answers_at_once() is at_once


@pytest.mark.parametrize(("parts", "room"), [(0, 2), (1_000, MOST), (150_000, MOST), (1_000_000, 2), (2_200_000, 1)])
def test_heavy_answers_are_fetched_fewer_at_a_time(parts: int, room: int) -> None:
    server = Transport(Connection("https://jira.example"), TESTING, Limits())
    with server.gathering():
        server._gathered.parts = parts
    assert max(1, server.room()) == room
    assert server.room() * parts <= Limits().gathered_parts
