"""In German a page says nothing in English but what came with the data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

import pytest

from app.actions import licences, sample, system
from app.context import Context
from app.factory import Built, build, create_app
from app.output.sections import sections
from app.pages import PAGES
from app.pages.data import _values
from app.web import panel
from app.web.page import visit_of
from app.web.translated import translated
from app.words import Reader, catalogue, read_by, reader_of
from tests.pages.sample import empty_context

# Properties of components, and of what our scripts draw from data, that people read or hear; and what these lie in.
_READ = frozenset(
    ("children", "title", "label", "placeholder", "description", "message", "error", "caption", "name", "unit",
     "data-label", "data-unit", "data-table", "head", "data-copy", "data-paper", "data-source", "data-heading",
     "data-title", "data-commands",
     "aria-label", "text", "hovertemplate", "ticktext", "data-report", "sections", "rows", "body", "data-kinds")
)  # fmt: skip
_AROUND = frozenset(("props", "figure", "layout", "data", "xaxis", "yaxis", "xaxis2", "yaxis2", "annotations"))
# Words that no German text has and most English ones do.
_ENGLISH = re.compile(
    r"\b(the|of|and|are|were|is|with|by|for|not|no|from|than|this|that|which|it|its|has|have|to|or|as|at|be|days?|weeks?"
    r"|items?|issues?|points|open|done|finished|started|left|sure|added|removed|between|since)\b",
    re.IGNORECASE,
)
# What a figure fills in, and kinds of files.
_NO_WORDS = re.compile(r"%\{[^}]*\}|<[^>]*>|\b(Burndown|CSV|PNG|SVG|Jira|DORA|HTML|PDF|Data Center|IT)\b")
_BETWEEN = re.compile(" [›·] |✓ ")
_IDS = re.compile(r"/.*|[A-Z]:\\.*|https://.*|[a-z0-9]+([-_:][a-z0-9]+)+")
TRANSLATED = tuple(page.path for page in PAGES)


@pytest.fixture(scope="module")
def ctx() -> Context:
    result = empty_context()
    sample.load_sample(result)
    return result


def shown(ctx: Context, path: str, reader: Reader, search: str = "") -> list[Any]:
    with create_app(ctx).server.test_request_context(path), read_by(reader):
        built: Built = build(ctx, path, search)
        visit = visit_of(ctx, search, reader.formats, path)
        parts = [built.page, built.nav, built.pickers, built.bar, built.gear, built.share, *panel.build(visit)]
        result: list[Any] = json.loads(json.dumps(translated(parts), default=lambda part: part.to_plotly_json()))
        return result


def texts_in(part: Any, is_read: bool = True) -> Iterator[str]:
    """Every text that a person reads or hears, of what is sent to the browser."""
    if isinstance(part, str) and is_read:
        yield from texts_in(json.loads(part)) if part[:2] in ('{"', "[[", '["') else [part]
    elif isinstance(part, list):
        for each in part:
            yield from texts_in(each, is_read)
    # What a page keeps for itself is read by nobody.
    elif isinstance(part, dict) and part.get("type") != "Store":
        for name, each in part.items():
            if name in _READ or name in _AROUND:
                yield from texts_in(each, name in _READ or is_read)


def data_of(ctx: Context) -> set[str]:
    """All that came with the data, and so is in the language in which it came."""
    texts: set[str] = {str(ctx.profiles_dir)}
    for profile in ctx.backend.list_profiles():
        texts.add(profile.name)
        for query in ctx.backend.list_queries(profile.id):
            facts = ctx.backend.load_facts(query.ref)
            texts |= {
                query.name,
                *(sprint.name for sprint in facts.sprints),
                *(milestone.name for milestone in facts.milestones),
            }
            for issue in facts.issues:
                texts |= {
                    issue.key,
                    issue.key.partition("-")[0],
                    issue.summary,
                    issue.type,
                    issue.status,
                    issue.parent,
                    issue.priority,
                }
                texts |= {issue.assignee, *issue.labels, *issue.components, *issue.fix_versions, *issue.sprints}
    return {text for text in texts if text}


def as_stored(ctx: Context, path: str) -> set[str]:
    """What a page shows as it is kept: the record the names of its numbers, the system the names of its parts."""
    if path == "/settings/system":
        carried = {text for part in licences.parts() for text in (part.name, part.version, part.licence)}
        return {*carried, system.program(ctx).system}
    if path != "/data/record":
        return set()
    refs = [query.ref for profile in ctx.backend.list_profiles() for query in ctx.backend.list_queries(profile.id)]
    kept = [snapshot for ref in refs for snapshot in ctx.backend.list_snapshots(ref)]
    values = {_values(snapshot, reader_of([language]).formats) for snapshot in kept for language in ("de", "en-GB")}
    return values | {snapshot.metric for snapshot in kept}


def english_in(texts: list[str], english: set[str], data: set[str]) -> list[str]:
    """Those of the texts that are not German: the same as in English, or with words that are."""
    same = (
        {text for text, (each, many) in catalogue("de").items() if text in (each, many)}
        | set(sections())
        | data
        | {"Burndown", "db.example.com", "team", ""}
    )
    data = data | {zone.replace("_", " ") for zone in available_timezones()}
    names = re.compile("|".join(re.escape(result) for result in sorted(data, key=len, reverse=True)))
    wrong = []
    for text in texts:
        bare = _NO_WORDS.sub("", names.sub("", text))
        is_same = text in english and not set(_BETWEEN.split(text)) <= same and re.search("[A-Za-z]{3}", bare)
        if not _IDS.fullmatch(text) and (is_same or _ENGLISH.search(bare)):
            wrong.append(text)
    return sorted(set(wrong))


def wrong_on(ctx: Context, path: str, search: str = "") -> list[str]:
    german = list(texts_in(shown(ctx, path, reader_of(["de"]), search)))
    english = set(texts_in(shown(ctx, path, reader_of(["en-GB"]), search)))
    kept = as_stored(ctx, path)
    return [text for text in english_in(german, english, data_of(ctx)) if text not in kept]


@pytest.mark.slow
@pytest.mark.parametrize("path", TRANSLATED)
def test_a_page_in_german_says_nothing_in_english(ctx: Context, path: str) -> None:
    assert wrong_on(ctx, path) == [], "each of these is English on the German page: mark it by a function of app/words"


@pytest.mark.parametrize(
    ("path", "search"),
    [
        ("/", "?profile=gone&query=gone"),
        ("/", f"?profile={sample.REF.profile_id}&query=gone"),
        ("/nonsense", ""),
        ("/flow/throughput", "?where=type%3DBug&as-of=2026-02-02&window=26"),
        ("/projects", "?do=new-work"),
        ("/projects", "?do=delete-project"),
    ],
)
def test_what_is_not_there_or_asked_about_is_said_in_german_too(ctx: Context, path: str, search: str) -> None:
    assert wrong_on(ctx, path, search) == []


def test_a_folder_without_data_welcomes_in_german() -> None:
    assert wrong_on(empty_context(), "/") == []


def test_english_is_noticed(ctx: Context) -> None:
    german = ["3 of them", "Share", "Alles fertig", "Story"]
    assert english_in(german, {"Share", "Story"}, {"Story"}) == ["3 of them", "Share"]
