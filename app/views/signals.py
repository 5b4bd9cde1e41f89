"""What needs a look, each in a sentence with its number."""

from __future__ import annotations

from app.domain.scope import Scope
from app.domain.throughput import Throughput
from app.views.view import Number, Scene, Sentence
from app.words import _


def signals(scene: Scene) -> list[Sentence]:
    """What stands out, in the order of what it does to the answer; empty where nothing does."""
    analysis, write = scene.analysis, scene.formats.number
    throughput, scope, sentences = analysis.throughput, analysis.scope, []
    if isinstance(throughput, Throughput):
        more = [week for week in throughput.window if week.created > week.done]
        if len(more) * 4 >= len(throughput.window) * 3:
            weeks = Number(_("{count} of {all} weeks", count=len(more), all=len(throughput.window)), "pace")
            sentences.append(Sentence("More comes in than goes out in {weeks}.", {"weeks": weeks}))
        if throughput.sweeps:
            swept = Number(write(sum(sweep.finished for sweep in throughput.sweeps)), "sweep")
            sentences.append(Sentence("{swept} were closed in bulk: is that work?", {"swept": swept}))
    if isinstance(scope, Scope) and scope.unestimated:
        count = Number(write(scope.unestimated), "unestimated")
        sentences.append(Sentence("{count} open items have no points.", {"count": count}))
    return sentences
