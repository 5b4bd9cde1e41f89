"""What is said about weeks that were corrected by hand, wherever their numbers count, and about issues left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.context import Context
from app.views import behind
from app.views.throughput import THROUGHPUT
from app.views.view import Behind, Scene
from app.words.formats import formats_for
from store.records import Correction, Issue
from tests.pages.sample import NOW, REF, sample_context

FORMATS = formats_for(["en-GB"])


def corrected_context() -> Context:
    """The sample, whose week from 23 March finished 2; somebody says that it was 12."""
    ctx = sample_context()
    ctx.backend.replace_corrections(REF, [Correction(date(2026, 3, 23), completed_items=12, created_items=1)])
    return ctx


def opened(ctx: Context, show: str) -> Behind:
    result = behind(Scene(ctx.analysis(REF), FORMATS), show)
    assert result is not None
    return result


def test_a_corrected_week_says_what_was_counted_instead() -> None:
    behind = opened(corrected_context(), "week:2026-03-23")
    assert "Corrected by hand: 12 finished instead of 2, 1 new instead of 0." in behind.how
    assert dict(behind.inputs)["Finished"] == "12 items"
    assert set(behind.keys or ()) == {"S-0", "S-1"}
    assert behind.number == 2


def test_the_pace_names_the_corrected_week_among_its_numbers() -> None:
    behind = opened(corrected_context(), "pace")
    assert dict(behind.inputs)["Week from 23 March 2026"] == "12 items, corrected by hand: 2 counted"
    assert dict(behind.inputs)["Week from 16 March 2026"] == "2 items"


def test_the_answer_says_how_many_of_its_weeks_were_corrected() -> None:
    text = " ".join(opened(corrected_context(), "answer").how)
    assert "1 of these weeks was corrected by hand; Data › Weeks shows which." in text
    assert "corrected" not in " ".join(opened(sample_context(), "answer").how)


def test_what_is_left_says_which_issues_do_not_count() -> None:
    ctx = sample_context()
    profile = ctx.backend.get_profile(REF.profile_id)
    assert profile is not None
    assert "operations" not in " ".join(opened(ctx, "remaining").how)
    ctx.backend.save_profile(replace(profile, project_classification={"devops_projects": ["OPS"]}))
    ops = [Issue(f"OPS-{at}", status="To Do", created=NOW) for at in range(2)]
    ctx.backend.upsert_issues(REF, ops)
    behind = opened(ctx, "remaining")
    assert "2 issues of OPS do not count: that is operations, not project work." in behind.how
    assert not {"OPS-0", "OPS-1"} & set(behind.keys or ())


def test_the_weekly_chart_says_how_many_weeks_are_framed() -> None:
    notes = THROUGHPUT.notes(Scene(corrected_context().analysis(REF), FORMATS))
    assert notes[0] == "1 week was corrected by hand (framed)."
    assert "learned from agree" in notes[1]
    assert "differ by 17\u202f% of their span" in notes[1]


def test_the_pace_stands_in_the_sentence_with_the_weeks_it_is_of() -> None:
    text = str(THROUGHPUT.sentence(Scene(sample_context().analysis(REF), FORMATS)))
    assert text == "2 items finished and 0 new a week, over the last 12 weeks."


def test_whether_a_change_helped_is_told_beside_the_pace() -> None:
    """One of 15 weeks is empty and lies among the 7 before: as far apart are the deals that put it there, 7 of 15."""
    plain = Scene(sample_context().analysis(REF), formats_for(["en-GB"]))
    weeks = plain.analysis.throughput.weeks  # type: ignore[union-attr]
    chosen = replace(plain, options={"event": weeks[len(weeks) // 2].start.isoformat()})
    fact = THROUGHPUT.facts(chosen)[-1]
    assert (fact.value, fact.note, fact.show) == ("1.7 → 2", "cannot be told from luck", "helped")
    opened = behind(chosen, "helped")
    assert opened is not None
    assert dict(opened.inputs)["Share of deals"] == f"{7 / 15:.3f}"
    assert [control.name for control in THROUGHPUT.controls(chosen)] == ["event"]
    assert all(fact.show != "helped" for fact in THROUGHPUT.facts(plain))
    # A day with too few weeks on one side says so.
    late = replace(plain, options={"event": plain.analysis.as_of.isoformat()})
    missing = THROUGHPUT.facts(late)[-1]
    assert missing.value == "–"
    assert "weeks" in missing.note
