"""Whether there are weeks enough to draw from, by the weeks themselves: Magennis' test of samples.

They are ranked and dealt in turn to two halves. Where both halves have much the same mean, more weeks like these would
change little; where one half says something else than the other, so may the next weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain import ranks

# Of two or three weeks each half is hardly a mean.
_FEWEST = 4
# Below these.
GREAT, GOOD = 0.10, 0.25


class Verdict(StrEnum):
    GREAT = "great"
    GOOD = "good"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Stability:
    """`difference` of the halves' means as a share of the span from the smallest to the largest of the `n` weeks."""

    n: int
    difference: float
    verdict: Verdict


def stability(samples: Sequence[float]) -> Stability | None:
    """None below four weeks. Weeks that are all alike are as stable as can be."""
    if len(samples) < _FEWEST:
        return None
    ranked = sorted(samples)
    span = ranked[-1] - ranked[0]
    first, second = (ranks.mean(half) or 0.0 for half in (ranked[::2], ranked[1::2]))
    difference = abs(first - second) / span if span > 0 else 0.0
    verdict = Verdict.GREAT if difference < GREAT else Verdict.GOOD if difference < GOOD else Verdict.POOR
    return Stability(len(ranked), difference, verdict)
