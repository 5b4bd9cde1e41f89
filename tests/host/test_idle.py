"""Presence: when nobody has a page open any more."""

from __future__ import annotations

from app.host.idle import Presence


class FakeTicks:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def presence_at() -> tuple[Presence, FakeTicks, list[float]]:
    ticks = FakeTicks()
    changes: list[float] = []
    return Presence(ticks, 60, 75, 150, lambda: changes.append(ticks.now)), ticks, changes


def test_before_any_page_opened_nobody_is_missed() -> None:
    presence, ticks, _ = presence_at()
    ticks.now = 1000
    assert presence.seconds_left() is None


def test_sixty_seconds_after_the_last_goodbye_nobody_is_left() -> None:
    presence, ticks, _ = presence_at()
    presence.alive("a")
    ticks.now = 10
    presence.bye("a")
    ticks.now = 69
    assert presence.seconds_left() == 1
    ticks.now = 70
    assert presence.seconds_left() == 0


def test_a_goodbye_of_one_page_leaves_the_other() -> None:
    presence, ticks, _ = presence_at()
    presence.alive("a")
    presence.alive("b")
    presence.bye("a")
    ticks.now = 60
    assert presence.seconds_left() == 15


def test_a_reload_within_the_time_keeps_the_app() -> None:
    presence, ticks, _ = presence_at()
    presence.alive("a")
    presence.bye("a")
    ticks.now = 59
    presence.alive("b")
    ticks.now = 100
    assert presence.seconds_left() == 34


def test_a_hidden_page_that_speaks_once_a_minute_keeps_the_app() -> None:
    presence, ticks, _ = presence_at()
    for minute in range(10):
        ticks.now = minute * 60
        presence.alive("a", hidden=True)
    ticks.now += 59
    assert presence.seconds_left() == 91


def test_a_page_in_view_that_vanished_without_goodbye_counts_as_gone_after_two_missed_signs() -> None:
    presence, ticks, _ = presence_at()
    presence.alive("a")
    ticks.now = 74
    assert presence.seconds_left() == 1
    ticks.now = 75
    assert presence.seconds_left() == 0


def test_a_page_that_comes_back_into_view_has_the_shorter_time_again() -> None:
    presence, _, _ = presence_at()
    presence.alive("a", hidden=True)
    presence.alive("a")
    assert presence.seconds_left() == 75


def test_a_goodbye_counts_as_the_last_when_the_others_fell_silent_long_ago() -> None:
    presence, ticks, _ = presence_at()
    presence.alive("crashed")
    ticks.now = 100
    presence.alive("b")
    ticks.now = 200
    presence.bye("b")
    assert presence.seconds_left() == 60


def test_after_sleep_pages_get_their_time_again() -> None:
    presence, ticks, _ = presence_at()
    presence.alive("a")
    ticks.now = 40_000
    presence.slept()
    assert presence.seconds_left() == 75


def test_a_goodbye_of_an_unknown_page_changes_nothing() -> None:
    presence, _, _ = presence_at()
    presence.bye("never seen")
    assert presence.seconds_left() is None


def test_changes_are_told_when_the_first_comes_and_the_last_goes() -> None:
    presence, ticks, changes = presence_at()
    for now, act, page in (
        (1, presence.alive, "a"),
        (2, presence.alive, "b"),
        (3, presence.bye, "a"),
        (4, presence.bye, "b"),
    ):
        ticks.now = now
        act(page)
    assert changes == [1, 4]
