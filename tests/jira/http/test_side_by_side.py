"""Several questions at a time, but no more than there is memory for their answers."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

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


@pytest.mark.parametrize(("parts", "room"), [(0, 2), (1_000, MOST), (150_000, MOST), (1_000_000, 2), (2_200_000, 1)])
def test_heavy_answers_are_fetched_fewer_at_a_time(parts: int, room: int) -> None:
    server = Transport(Connection("https://jira.example"), TESTING, Limits())
    with server.gathering():
        server._gathered.parts = parts
    assert max(1, server.room()) == room
    assert server.room() * parts <= Limits().gathered_parts
