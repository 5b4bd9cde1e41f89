"""Trust: every doubt about the data as a sentence with its number, what it does to the answer, and its issues."""

from __future__ import annotations

from app.domain.analysis import Analysis
from app.domain.data_quality import Doubt
from app.domain.forecast import unestimated_warning
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.views.view import Behind, Number, Place, Rows, Scene, Sentence, View, needs
from app.words import N_, _
from app.words.headings import header

DOUBT = "doubt"
SWEPT = "closed_in_bulk"


def doubts(analysis: Analysis) -> tuple[Doubt, ...]:
    """Those about the data that hold for any item, the most frequent first."""
    quality = analysis.data_quality
    return () if isinstance(quality, NotEnoughData) else tuple(doubt for doubt in quality if doubt.n)


def about_the_answer(analysis: Analysis) -> tuple[str, ...]:
    """What the forecast says about how firmly it stands, but for what a doubt about the data says already."""
    rules = {doubt.rule for doubt in doubts(analysis)}
    elsewhere: set[str] = set()
    if SWEPT in rules and not isinstance(analysis.throughput, NotEnoughData):
        elsewhere |= set(analysis.throughput.warnings)
    if "without_points" in rules and isinstance(analysis.scope, Scope):
        elsewhere |= set(unestimated_warning(analysis.scope.unestimated))
    return tuple(text for text in getattr(analysis.forecast, "warnings", ()) if text not in elsewhere)


def count(analysis: Analysis) -> int:
    """Of all doubts, those about the data and those about the answer: the number that the bar shows."""
    return len(doubts(analysis)) + len(about_the_answer(analysis))


def fine(scene: Scene) -> tuple[Doubt, ...]:
    """What was looked for and holds for no item."""
    quality = scene.analysis.data_quality
    return () if isinstance(quality, NotEnoughData) else tuple(doubt for doubt in quality if not doubt.n)


def sentence_of(doubt: Doubt, scene: Scene) -> Sentence:
    """A doubt in words, its number leading to the issues."""
    write = scene.formats.number
    count = Number(write(doubt.n), f"{DOUBT}:{doubt.rule}") if doubt.keys else write(doubt.n)
    return Sentence("{count} of {all}: {what}.", {"count": count, "all": write(doubt.of), "what": _(doubt.text)})


def _sentence(scene: Scene) -> Sentence | str:
    all_doubts, more, number = doubts(scene.analysis), about_the_answer(scene.analysis), count(scene.analysis)
    if not number:
        return _("All {count} checks of the data are fine.", count=len(fine(scene)))
    values: dict[str, str | Number] = {
        "count": scene.formats.number(number),
        "first": _first(all_doubts[0], scene) if all_doubts else _(more[0]).rstrip("."),
    }
    return Sentence("{count} doubt: {first}.", values, "{count} doubts, the first: {first}.", number)


def _first(doubt: Doubt, scene: Scene) -> Number | str:
    words = f"{scene.formats.number(doubt.n)} {_(doubt.text)}"
    return Number(words, f"{DOUBT}:{doubt.rule}") if doubt.keys else words


def _behind(scene: Scene, part: str) -> Behind:
    doubt = next((doubt for doubt in doubts(scene.analysis) if doubt.rule == part), None)
    if doubt is None:
        nothing = _("This check is fine, or there is no such check.")
        return Behind(_("Nothing doubtful"), (nothing,))
    title, write = _(doubt.text), scene.formats.number
    how = (_("{count} of {all}.", count=write(doubt.n), all=write(doubt.of)), _(doubt.effect))
    # They are counted, not weighed, whatever unit the forecast has.
    each = (1.0,) * len(doubt.keys)
    return Behind(
        f"{title[:1].upper()}{title[1:]}",
        how,
        (),
        doubt.keys or None,
        float(len(doubt.keys)) or None,
        each,
        _(doubt.text),
    )


def _rows(scene: Scene) -> Rows:
    return Rows.of(
        header("check", "issues", "of", "what", "effect"),
        (*doubts(scene.analysis), *fine(scene)),
        lambda doubt: (doubt.rule, doubt.n, doubt.of, doubt.text, doubt.effect),
        lambda doubt: f"{DOUBT}:{doubt.rule}" if doubt.keys else "",
    )


TRUST = View(
    at=Place("/data/trust", N_("Trust")),
    help=N_(
        "What in the data contradicts itself or is missing, how often, and what that does to the numbers. A doubt is "
        "no error: the forecast stands, and this says how firmly."
    ),
    needs=needs("data_quality"),
    sentence=_sentence,
    numbers={DOUBT: _behind},
    rows=_rows,
    is_table=True,
)
