"""Sprint check: of a handful of issues the chance of finishing all of them in time, and which two to leave out."""

from __future__ import annotations

import re

from app.domain.missing import NotEnoughData
from app.domain.sprint_check import SprintCheck
from app.views.view import Behind, Number, Scene, Sentence
from app.words import _, n_

# The option under which the keys stand in the address, the number behind them, and for how long where none is said.
KEYS, SHOW, WEEKS = "keys", "checked", 2
_MOST_WEEKS = 26


def check_of(scene: Scene) -> SprintCheck | NotEnoughData | None:
    """None while no key is given."""
    keys = [key for key in re.split(r"[\s,;]+", scene.options.get(KEYS, "")) if key]
    return scene.analysis.sprint_check(keys, weeks_of(scene)) if keys else None


def weeks_of(scene: Scene) -> int:
    text = scene.options.get("weeks", "")
    return min(int(text), _MOST_WEEKS) if text.isdecimal() and int(text) else WEEKS


def sentences_of(result: SprintCheck | NotEnoughData, scene: Scene) -> list[Sentence | str]:
    """What is said of these issues, and of those that say nothing."""
    if isinstance(result, NotEnoughData):
        return [_(result.reason)]
    write = scene.formats.share
    values: dict[str, str | Number] = {
        "all": Number(scene.amount(round(result.size, 1)), SHOW),
        "weeks": n_("{count} week", "{count} weeks", result.weeks),
        "chance": write(result.chance),
        "keys": ", ".join(result.leave_out),
        "without": write(result.chance_without),
    }
    sentences: list[Sentence | str] = (
        [Sentence("All {all} finished in {weeks}: {chance}.", values)] if result.keys else []
    )
    if len(result.keys) > len(result.leave_out):
        sentences.append(Sentence("Without {keys}: {without}.", values))
    if result.done:
        sentences.append(_("Finished already: {keys}.", keys=", ".join(result.done)))
    if result.unknown:
        sentences.append(_("Not found: {keys}.", keys=", ".join(result.unknown)))
    if result.unestimated:
        sentences.append(_("Without an estimate: {keys}.", keys=", ".join(result.unestimated)))
    return sentences


def behind(scene: Scene, part: str) -> Behind:
    """The open ones of the issues that were asked about."""
    check, title = check_of(scene), _("Sprint check")
    if check is None or isinstance(check, NotEnoughData):
        return Behind(title, (_("Paste the keys first.") if check is None else _(check.reason),))
    how = (_("What the team finishes in so many weeks, in every simulated future, against the size of these issues."),)
    return Behind(title, how, (), check.keys, check.size, why=_("asked about"))
