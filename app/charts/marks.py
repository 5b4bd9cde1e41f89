"""Which days of an analysis are marked in its charts."""

from __future__ import annotations

from app.charts.burndown import Mark
from app.domain.analysis import Analysis
from app.formats import Formats


def marks_of(analysis: Analysis, formats: Formats) -> list[Mark]:
    """The deadline and the profile's milestones, with their dates."""
    deadline = analysis.params.deadline
    marks = [Mark(one.day, f"{one.name}, {formats.day(one.day, with_year=False)}") for one in analysis.facts.milestones]
    if deadline is not None:
        marks.append(Mark(deadline, f"Deadline, {formats.day(deadline, with_year=False)}", strong=True))
    return marks
