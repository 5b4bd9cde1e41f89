"""Lists that bring next to nothing, page after page, have an end, and are told of until then."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from app.jira.client import JiraClient
from app.jira.errors import BrokenOff, Endless
from app.jira.http.transport import Answer, Connection, Transport
from app.jira.http.waits import Attentive, Pausing
from app.jira.paging import Paging
from app.jira.sync.sweep import sweep
from tests.jira.world import QUICK, TESTING


class _Pages(Transport):
    """A Cloud that answers every search with what `page` makes of its number, and always names a next one."""

    def __init__(self, page: Any) -> None:
        super().__init__(Connection("https://jira.example"), TESTING, QUICK, lambda seconds: None)
        self._page, self._numbers = page, itertools.count(1)
        self.texts: list[str] = []

    def get(self, path: str, **parameters: Any) -> Answer:
        return Answer(200, {}, {"version": "1001", "deploymentType": "Cloud"})

    def post(self, path: str, document: Any) -> Answer:
        number = next(self._numbers)
        self.texts.append(self.doing)
        return Answer(200, {}, {"issues": self._page(number), "nextPageToken": f"t{number}"})


def _listed(page: Any) -> _Pages:
    pages = _Pages(page)
    with pytest.raises(Endless, match="do not end"):
        sweep(JiraClient(pages, has_token=True), "project = A", lambda count: None)
    return pages


@pytest.mark.parametrize(
    "page",
    [
        lambda number: [],
        lambda number: [{"id": str(number), "key": f"A-{number}"}],
        lambda number: [{"id": str(each), "key": f"A-{each}"} for each in range(50)],
    ],
    ids=["empty pages", "an issue a page", "the same issues again and again"],
)
def test_a_list_of_pages_that_bring_nothing_ends_soon_and_is_not_begun_anew(page: Any) -> None:
    assert len(_listed(page).texts) <= 201


def test_it_is_told_that_no_end_is_in_sight_while_they_come() -> None:
    texts = _listed(lambda number: []).texts
    assert texts[:20] == [""] * 20
    assert texts[120] == "Page 120 of Jira's list with 0 entries so far, and no end in sight"


def test_pages_that_are_short_now_and_then_are_no_endless_list() -> None:
    paging = Paging()
    for number in range(5_000):
        paging.turn(100 if number % 20 == 0 else 0)


def test_whoever_waits_hears_what_is_out_of_the_ordinary_about_it() -> None:
    steps: list[tuple[int, int, str]] = []

    class Noting:
        def step(self, done: int, total: int, text: str = "") -> None:
            steps.append((done, total, text))

    heard = Attentive(Noting(), lambda: "Page 120")
    heard.step(1, 10, "Listing")
    heard.wait()
    assert steps == [(1, 10, "Listing"), (1, 10, "Page 120")]


def test_the_pause_before_another_try_says_why_and_which() -> None:
    texts: list[str] = []

    class Noting:
        def step(self, done: int, total: int, text: str = "") -> None:
            texts.append(text)

    class Broken(Transport):
        def _follow(self, method: str, url: str, content: dict[str, Any]) -> Answer:
            raise BrokenOff("damaged")

    transport = Broken(Connection("https://jira.example"), TESTING, wait=Pausing(Noting(), sleep=lambda seconds: None))
    transport.answered = 1
    with pytest.raises(BrokenOff):
        transport.get("/x")
    assert list(dict.fromkeys(texts)) == [f"The connection broke; trying again, {number} of 4" for number in (2, 3, 4)]
