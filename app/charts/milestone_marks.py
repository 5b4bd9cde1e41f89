"""Which days of an analysis are marked in its charts."""

from __future__ import annotations

from datetime import date

from app.charts.burndown import Mark
from app.domain.analysis import Analysis
from app.words import _
from app.words.formats import Formats


def marks_of(analysis: Analysis, formats: Formats) -> list[Mark]:
    """The deadline and the profile's milestones, with their dates."""
    deadline, this_year = analysis.params.deadline, analysis.as_of.year

    def day(when: date) -> str:
        return formats.day(when, with_year=when.year != this_year)

    marks = [
        Mark(milestone.day, f"{milestone.name}, {day(milestone.day)}")
        for milestone in analysis.facts.milestones
        if milestone.closed is None
    ]
    if deadline is not None:
        marks.append(Mark(deadline, _("Deadline, {deadline}", deadline=day(deadline)), strong=True))
    return marks
