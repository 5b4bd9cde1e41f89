"""What stands beside the answer comes after it where there are many issues, the first time that it is asked for.

What moved, and the signals, take half as long again to derive as the answer and its chart, and are read after them.
"""

from __future__ import annotations

from app.domain.analysis import Analysis

# Of fewer all of it is there in a moment: one page in one go.
MANY = 5_000
MOVED, SIGNALS = "last_week", "insights"


def is_awaited(analysis: Analysis, name: str) -> bool:
    """Whether the page is to be shown without it. What the answer itself tells of last week has derived it already."""
    return len(analysis.facts.issues) > MANY and not analysis.has(name)


def derive_beside(analysis: Analysis) -> None:
    """From then on it is there."""
    _ = analysis.last_week, analysis.insights
