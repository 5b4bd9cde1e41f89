"""The report: whole in one file, asking nothing of anybody, and saying what the pages say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from app.actions import sample, scenarios
from app.domain.analysis import Analysis
from app.domain.forecast import Forecast
from app.domain.what_if import WhatIf
from app.errors import Usage
from app.output.answer_text import answer_text
from app.output.html import css_string, json_text, tag
from app.output.report import Work, chosen, report
from app.output.report_scripts import script_hashes
from app.output.sections import USUAL, Contents, sections
from app.settings import Overrides
from app.views import VIEWS
from app.views.view import Scene
from app.words.formats import Formats, formats_for
from tests.pages.sample import NOW, REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])
EVERYTHING = tuple(sections())


@dataclass
class Read(HTMLParser):
    """What a browser would find: elements with their attributes, and the text of each section."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._section, self._is_script = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._section = dict(attrs).get("data-section") or ("" if tag == "article" else self._section)
        self._is_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._is_script = False

    def handle_data(self, data: str) -> None:
        if self._is_script:
            self.scripts.append(data)
        else:
            self.texts[self._section] = self.texts.get(self._section, "") + data


def read(text: str) -> Read:
    report = Read()
    report.feed(text)
    return report


@pytest.fixture(scope="module")
def demo() -> Analysis:
    ctx = empty_context()
    return ctx.analysis(sample.load_sample(ctx))


@pytest.fixture(scope="module")
def hostile() -> Work:
    analysis = sample_context(deadline="2026-05-31").analysis(REF)
    return Work("Team <b>", 'All & "more" </style><script>', Scene(analysis, FORMATS))


@pytest.fixture(scope="module")
def whole(demo: Analysis) -> str:
    return report([Work("Project", "Demo", Scene(demo, FORMATS))], Contents(EVERYTHING))


@pytest.mark.slow
def test_nothing_in_it_leads_out_of_it(whole: str) -> None:
    report = read(whole)
    references = {"src", "href", "action", "data", "srcset", "poster", "formaction", "background"}
    assert [(name, texts) for name, texts in report.elements if references & texts.keys()] == []
    assert not {"link", "img", "iframe", "object", "embed", "base", "form", "a"} & {name for name, _ in report.elements}
    assert "@import" not in whole
    assert re.findall(r"""url\(\s*["']?(?!data:|#|["']?\s*\+)(?:https?:)?//""", whole) == []
    addresses = re.findall(r"""["'](?:https?:)?//(?!www\.w3\.org/)[a-z][^"' ]*""", whole)
    assert addresses == []


def test_a_browser_is_told_to_ask_nothing_and_to_run_only_what_we_put_in(whole: str) -> None:
    metas = [texts for name, texts in read(whole).elements if name == "meta"]
    policy = next(meta["content"] or "" for meta in metas if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "http" not in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert all(digest in policy for digest in script_hashes())


def test_each_chosen_section_is_there_and_no_other(hostile: Work) -> None:
    text = report([hostile], Contents(("signals", "throughput", "answer")))
    assert re.findall(r'data-section="([^"]+)"', text) == ["signals", "throughput", "answer"]


def test_without_a_choice_the_usual_sections_are_there_in_their_order(hostile: Work) -> None:
    assert re.findall(r'data-section="([^"]+)"', report([hostile], Contents())) == list(USUAL)


def test_every_view_can_be_a_section(whole: str) -> None:
    assert {view.id for view in VIEWS} <= set(EVERYTHING)
    assert re.findall(r'data-section="([^"]+)"', whole) == list(EVERYTHING)


def test_a_section_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(Usage, match=r"no section 'wether'.*answer, milestones"):
        chosen(["Answer", "wether"])
    assert chosen([" Signals", "answer", "signals", ""]) == ("signals", "answer")


def test_what_was_read_cannot_act(hostile: Work) -> None:
    text = report([hostile], Contents(EVERYTHING))
    result = read(text)
    ours = {"html", "head", "meta", "title", "style", "body", "main", "article", "header", "section", "h1", "h2", "h3",
            "p", "ul", "li", "dl", "dt", "dd", "div", "span", "i", "figure", "script", "details", "summary", "table",
            "thead", "tbody", "tr", "th", "td"}  # fmt: skip
    assert {name for name, _ in result.elements} <= ours
    assert not any(key.startswith("on") for _, texts in result.elements for key in texts)
    assert "<img src=x>" in result.texts["lists"]
    assert "Beta <script>" in result.texts["milestones"]
    assert text.count("</style>") == 1
    # The data of charts beside the two scripts: none of them can end its element or open another.
    data = [script for script in result.scripts if script.lstrip().startswith("{")]
    assert data
    assert not any("<" in each for each in data)


def test_json_in_a_page_cannot_end_its_element() -> None:
    assert json_text({"a": "</script><!--\u2028&"}) == '{"a":"\\u003c/script\\u003e\\u003c!--\\u2028\\u0026"}'


def test_a_name_in_a_style_sheet_stays_a_string() -> None:
    assert css_string('A "b" \\ </style>\n') == '"A \\22 b\\22  \\5c  \\3c \\2f style\\3e \\a "'


def test_text_and_attributes_are_escaped_and_html_is_not_twice() -> None:
    assert tag("p", tag("b", "1 < 2"), " & ", None, class_='a"b') == '<p class="a&quot;b"><b>1 &lt; 2</b> &amp; </p>'


@pytest.mark.parametrize("name", EVERYTHING)
def test_without_summaries_no_title_of_an_issue_is_in_any_section(name: str, demo: Analysis) -> None:
    titles = {item.issue.summary for item in demo.items if len(item.issue.summary) > 12}
    assert titles
    text = report([Work("Project", "Demo", Scene(demo, FORMATS))], Contents((name,), summaries=False))
    assert [title for title in titles if title in text] == []


def test_with_summaries_the_open_issues_have_their_titles(demo: Analysis) -> None:
    item = max((each for each in demo.items if each.done is None), key=lambda result: result.issue.key)
    text = read(report([Work("Project", "Demo", Scene(demo, FORMATS))], Contents(("lists",)))).texts["lists"]
    assert item.issue.key in text
    assert item.issue.summary in text


def test_it_says_the_numbers_that_the_views_say(whole: str, demo: Analysis) -> None:
    scene, texts = Scene(demo, FORMATS), read(whole).texts
    assert isinstance(scene.analysis.forecast, Forecast)
    for level, day in scene.analysis.forecast.dates.items():
        sure = "Even odds" if level == 50 else f"{FORMATS.rate(level / 100)} sure"
        assert f"{sure}{FORMATS.short(day)}" in texts["answer"]
    for view in VIEWS:
        if view.id != "answer" and view.needs(scene.analysis) is None:
            assert str(view.sentence(scene)) in texts[view.id]
            assert all(fact.label + fact.value in texts[view.id] for fact in view.facts(scene))


def test_scenarios_that_were_kept_stand_beside_how_it_is() -> None:
    ctx = sample_context(method="plain")
    for name, what in (("Twice as fast", WhatIf(pace=2.0)), ("Two <weeks> away", WhatIf(away=2))):
        scenarios.keep(ctx, REF, name, what)
    text = report([Work("Team", "All", Scene(ctx.analysis(REF), FORMATS))], Contents(("what-if",)))
    shown = read(text).texts["what-if"]
    assert "Weeks movedTwice as fastTwo <weeks> away" in shown
    # Ten left at two a week are done on 4 May, at four a week on 20 April, after two weeks off on 18 May.
    assert "854 May 20264 May 2026020 Apr 202618 May 2026" in shown


def test_it_begins_with_the_answer_as_text(hostile: Work) -> None:
    assert answer_text(hostile.name, hostile.scene) in read(report([hostile], Contents())).texts[""]


def test_several_work_lists_stand_one_after_the_other_each_with_its_name_on_paper(demo: Analysis) -> None:
    works = [Work("P", name, Scene(demo, FORMATS)) for name in ("Alpha", "Beta")]
    text = report(works, Contents(("answer",)))
    assert text.count("<article") == 2
    assert text.count("counter(pages)") == 2
    assert text.index("@page work-0") < text.index("@page work-1")
    assert re.search(r"@page work-1 .*Beta", text)


def test_the_chart_library_is_there_once_and_only_where_something_is_drawn(hostile: Work) -> None:
    drawn, words = (
        report([hostile, hostile], Contents(("progress", "throughput"))),
        report([hostile], Contents(("signals",))),
    )
    assert drawn.count("newPlot(place") == 1
    assert len(drawn.encode()) < 3_000_000
    assert len(words.encode()) < 30_000


def test_too_little_data_is_said_and_not_drawn() -> None:
    ctx = empty_context()
    ctx.backend.save_profile(sample_context().backend.list_profiles()[0])
    (query,) = sample_context().backend.list_queries("p")
    ctx.backend.save_query(query)
    analysis = ctx.analysis(REF)
    texts = read(report([Work("P", "Q", Scene(analysis, FORMATS))], Contents(EVERYTHING))).texts
    for view in VIEWS:
        if view.id != "answer":
            assert str(view.needs(analysis)) in texts[view.id]
    assert "No issues are" in texts["lists"]


# -- the answer as text ----------------------------------------------------------------------------------


def text_of(deadline: str | None = None, **chosen: Any) -> str:
    settings = {"deadline": deadline} if deadline else {}
    return answer_text("Alloy", Scene(sample_context(**settings).analysis(REF, Overrides(**chosen)), Formats()))


def dates(text: str) -> Sequence[str]:
    return re.findall(r"\d+ \w{3} \d{4}", text)


def test_the_answer_as_text_has_the_date_the_deadline_and_what_it_was_a_week_ago() -> None:
    text = text_of("2026-05-31")
    sure, deadline, as_of = dates(text)
    assert text.startswith(f"Alloy: 85\u202f% sure by {sure}; deadline 31 May 2026: ")
    assert (deadline, as_of) == ("31 May 2026", Formats().short(NOW.date()))
    assert re.search(r"; deadline 31 May 2026: [^(;]*% \([^)]*% last week\)\. As of", text)


def test_without_a_deadline_the_answer_as_text_says_none() -> None:
    assert "deadline" not in text_of()


def test_without_a_forecast_the_answer_as_text_says_why() -> None:
    text = text_of(as_of=date(2025, 1, 6))
    assert text.startswith("Alloy: ")
    assert "sure by" not in text
    assert text.endswith("As of 6 Jan 2025.")
