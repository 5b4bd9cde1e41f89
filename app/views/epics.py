"""Epics and versions with their progress and their dates, as the view of the milestones tells them by choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.charts.parts_of_work import Bar, parts_figure
from app.domain.epics import Epics, Whole
from app.domain.missing import NotEnoughData
from app.domain.ways import LEVEL
from app.views.view import Behind, Number, Rows, Scene, Sentence
from app.words import _, n_
from app.words.headings import header

SWITCH, EPICS, VERSIONS = "of", "epics", "versions"
_HEADER = header("name", "part_of", "total", "done", "in_progress", "left", "expected", "even_odds", "sure_85", "odd")
_MOST_BARS = 25


def is_chosen(scene: Scene) -> bool:
    return scene.options.get(SWITCH) in (EPICS, VERSIONS)


def _wholes(scene: Scene) -> Sequence[Whole]:
    """Those of an epic beside each other, open ones by their dates first."""
    epics = scene.analysis.epics
    if isinstance(epics, NotEnoughData):
        return ()
    wholes = epics.versions if scene.options.get(SWITCH) == VERSIONS else epics.epics
    names = {each.key: each.name for each in wholes}
    far = float("inf")
    return sorted(
        wholes,
        key=lambda each: (each.ahead is None, names.get(each.parent, ""), far if each.ahead is None else each.ahead),
    )


def _show(scene: Scene, each: Whole) -> str:
    return f"{'version' if scene.options.get(SWITCH) == VERSIONS else 'epic'}:{each.key}"


def sentence(scene: Scene) -> Sentence | str:
    epics, wholes = scene.analysis.epics, _wholes(scene)
    if isinstance(epics, NotEnoughData):
        return _(epics.reason)
    ahead = [each for each in wholes if each.ahead is not None]
    if not ahead:
        return _("None of them is open.")
    first = min(ahead, key=lambda each: each.ahead or 0.0)
    values: dict[str, str | Number] = {
        "count": scene.formats.number(len(ahead)),
        "name": Number(first.name, _show(scene, first)),
        "level": scene.formats.rate(LEVEL / 100),
        "day": scene.formats.short(first.dates.get(LEVEL)),
    }
    return Sentence(
        "{count} is open: {name}, {level} sure {day}.", values,
        "{count} are open. Done first: {name}, {level} sure {day}.", len(ahead),
    )  # fmt: skip


def figure(scene: Scene) -> dict[str, Any] | None:
    bars = [
        Bar(
            each.name, each.done, each.in_progress, each.remaining - each.in_progress, each.expected,
            (_show(scene, each),) * 4,
        )
        for each in _wholes(scene)
    ]  # fmt: skip
    return parts_figure(bars[:_MOST_BARS], scene.text)


def notes(scene: Scene) -> list[str]:
    epics = scene.analysis.epics
    if isinstance(epics, NotEnoughData):
        return []
    write, is_version = scene.formats, scene.options.get(SWITCH) == VERSIONS
    share = epics.versions_share if is_version else epics.share
    sentences = [
        n_(
            "They are worked on one after the other, what is under way first. How many at once is a setting.",
            "{count} of them are worked on at once, what is under way first.",
            epics.together,
        )
    ]
    if share is not None:
        sentences.append(_("They have {share} of the pace, as in the weeks learned from.", share=write.rate(share)))
    return [*sentences, *([_(epics.missing)] if epics.missing else [])]


def rows(scene: Scene) -> Rows:
    wholes = _wholes(scene)
    names = {each.key: each.name for each in wholes}
    return Rows.of(
        _HEADER,
        wholes,
        lambda each: (
            each.name, names.get(each.parent, each.parent), each.total, each.done, each.in_progress, each.remaining,
            each.expected, each.dates.get(50), each.dates.get(LEVEL), " ".join(map(_, each.odd)),
        ),
        lambda each: _show(scene, each),
    )  # fmt: skip


def _behind(epics: Epics | NotEnoughData, wholes: Sequence[Whole], key: str, scene: Scene) -> Behind:
    each = next((whole for whole in wholes if whole.key == key), None)
    if each is None or isinstance(epics, NotEnoughData):
        return Behind(_("Epic"), (_("There is no such epic or version."),))
    formats = scene.formats
    how = (
        _("Done when all of it is, in the order in which the work is taken, at the share of the pace it has had."),
        *map(_, each.odd),
    )
    inputs = [
        (_("In all"), scene.amount(each.total)),
        (_("Done"), scene.amount(each.done)),
        (_("In progress"), scene.amount(each.in_progress)),
    ]
    if each.expected:
        inputs.append((_("Expected"), scene.amount(round(each.expected, 1))))
    if each.ahead is not None:
        inputs.append((_("Of all work done until then"), scene.amount(round(each.ahead, 1))))
    for level, day in each.dates.items():
        inputs.append((scene.sureness(level), formats.short(day)))
    return Behind(each.name, how, tuple(inputs), each.remaining_keys, each.remaining, why=_("not done"))


def epic(scene: Scene, part: str) -> Behind:
    epics = scene.analysis.epics
    return _behind(epics, () if isinstance(epics, NotEnoughData) else epics.epics, part, scene)


def version(scene: Scene, part: str) -> Behind:
    epics = scene.analysis.epics
    return _behind(epics, () if isinstance(epics, NotEnoughData) else epics.versions, part, scene)
