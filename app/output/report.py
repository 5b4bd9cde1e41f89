"""The report: one HTML file that needs nothing but a browser. It asks nothing of any network, and forbids it.

The charts answer to the pointer, by the same library as in the app, which travels in the file once. It is always light,
on paper too, where every page carries the project, the work list, the day and its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from app.errors import Usage
from app.output.answer_text import answer_text
from app.output.html import Html, css_string, joined, tag
from app.output.report_scripts import ASSETS, script_hashes, scripts
from app.output.sections import USUAL, Contents, Section, sections
from app.views.view import Scene
from app.words import N_, _, reader


@dataclass(frozen=True, slots=True)
class Work:
    """A work list as a report tells of it."""

    project: str
    name: str
    scene: Scene

    @property
    def as_of(self) -> str:
        return _("As of {as_of}", as_of=self.scene.formats.short(self.scene.analysis.as_of))


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """The sections of these names, in the order given, each once; the usual ones for none. Raises Usage."""
    wanted = tuple(dict.fromkeys(name.strip().casefold() for name in names if name.strip())) or USUAL
    known = sections()
    unknown = next((name for name in wanted if name not in known), None)
    if unknown is not None:
        raise Usage(N_("There is no section {unknown!r}. There are: {known}.", unknown=unknown, known=", ".join(known)))
    return wanted


def report(works: Sequence[Work], contents: Contents) -> str:
    """The whole file. Raises Usage for a section that there is not."""
    known = sections()
    parts = [known[name] for name in chosen(contents.sections)]
    articles = [_article(at, work, parts, contents) for at, work in enumerate(works)]
    title = f"{', '.join(work.name for work in works)} · {works[0].as_of} · Burndown"
    is_drawn = any("data-chart" in article for article in articles)
    head = joined(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", joined(_style(), *(_paper(at, work) for at, work in enumerate(works)))),
    )
    drawing = [tag("script", text) for text in scripts()] if is_drawn else []
    body = tag("body", tag("main", *articles), *drawing)
    return f"<!DOCTYPE html>\n{tag('html', tag('head', head), body, lang=reader().language)}\n"


def _article(at: int, work: Work, parts: Sequence[Section], contents: Contents) -> Html:
    where = tag("p", joined(work.project, " › ", work.name, " · ", work.as_of), class_="where")
    head = tag("header", where, tag("h1", answer_text(work.name, work.scene)))
    sections = [
        tag("section", tag("h2", part.title), part.body(work.scene, contents), data_section=part.name) for part in parts
    ]
    return tag("article", head, *sections, class_=f"work-{at}")


def _paper(at: int, work: Work) -> Html:
    """What stands at the foot of each printed page of this work list."""
    left = css_string(f"{work.project} › {work.name} · {work.as_of}")
    count = _('"Page " counter(page) " of " counter(pages)')
    margins = f"@bottom-left {{ content: {left} }} @bottom-right {{ content: {count} }}"
    return Html(f"\n.work-{at} {{ page: work-{at} }}\n@page work-{at} {{ {margins} }}")


@cache
def _style() -> Html:
    return joined(*(Html((ASSETS / name).read_text(encoding="utf-8")) for name in ("chart.css", "report/report.css")))


def _policy() -> str:
    """Nothing is loaded from anywhere, and no script runs but those that we put in."""
    rules = ("default-src 'none'", f"script-src {' '.join(script_hashes())}", "style-src 'unsafe-inline'",
             "img-src data: blob:", "base-uri 'none'", "form-action 'none'")  # fmt: skip
    return "; ".join(rules)
