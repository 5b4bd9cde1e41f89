"""Bring the catalogues of translations up to date: `.venv/bin/python scripts/words.py [--check]`. For developers.

Collects the texts that app/ and store/ mark (see app/words), the columns of views, the terms of app/locale/terms.txt,
and those that the scripts of the pages mark by `burndownWords(…)`, puts new ones into the catalogues of every language
and takes out those that nothing says any more.
What is left to translate is printed; then the translations are written by hand, in app/locale/*/LC_MESSAGES/*.po.
`--check` changes nothing and fails where a text has no translation, or one with other places than the text.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.web.glossary import terms  # noqa: E402
from app.words.headings import english_heading  # noqa: E402

LOCALE = ROOT / "app" / "locale"
# Of each function that marks a text: where in its arguments the text stands, its other wording, and its context.
_MARKS: dict[str, tuple[int, int | None, int | None]] = {
    "_": (0, None, None),
    "N_": (0, None, None),
    "n_": (0, 1, None),
    "Nn_": (0, 1, None),
    "p_": (1, None, 0),
    "Np_": (1, None, 0),
    "Sentence": (0, 2, None),
}
_IN_SCRIPTS = re.compile(r'\bburndownWords\(\s*"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Marked:
    """A text as the source marks it; `where` for messages to developers."""

    message: str
    many: str = ""
    context: str = ""
    where: str = ""


@cache
def marked() -> list[Marked]:
    """Every text that Python code marks, in the order of the files, and the terms with what they mean."""
    files = [*sorted((ROOT / "app").rglob("*.py")), *sorted((ROOT / "store").rglob("*.py"))]
    in_code = [mark for file in files for mark in _marked_in(file)]
    return [*in_code, *(Marked(text, where="terms.txt") for pair in terms() for text in pair)]


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _marked_in(file: Path) -> Iterator[Marked]:
    for node in ast.walk(tree_of(file)):
        if not isinstance(node, ast.Call):
            continue
        where = f"{file.relative_to(ROOT).as_posix()}:{node.lineno}"
        if isinstance(node.func, ast.Name) and node.func.id in _MARKS:
            text = _text_of(node, where)
            if text is not None:
                yield text
        elif _names_columns(node.func):
            names = filter(None, map(_literal, node.args))
            yield from (Marked(english_heading(name), where=where) for name in names)


def _names_columns(called: ast.expr) -> bool:
    """`header("start", "done")` and `@_MINE.rows("start", "done")` of the views."""
    if isinstance(called, ast.Name):
        return called.id == "header"
    return isinstance(called, ast.Attribute) and called.attr == "rows" and ast.unparse(called.value).isupper()


def _text_of(call: ast.Call, where: str) -> Marked | None:
    assert isinstance(call.func, ast.Name)
    at, many, context = _MARKS[call.func.id]
    message = _literal(call.args[at]) if len(call.args) > at else None
    if message is None:
        return None
    other = call.args[many] if many is not None and len(call.args) > many else None
    return Marked(
        message,
        (_literal(other) or "") if other is not None else "",
        (_literal(call.args[context]) or "") if context is not None else "",
        where,
    )


def _literal(node: ast.expr) -> str | None:
    """A text that stands there as it is; one that is made at run time (a name, an f-string) was marked elsewhere."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def marked_in_scripts() -> list[Marked]:
    """Every text that the scripts of the pages mark."""
    files = [file for file in sorted((ROOT / "app" / "assets").rglob("*.js")) if "vendor" not in file.parts]
    return [
        Marked(match[1].replace('\\"', '"'), where=file.name)
        for file in files
        for match in _IN_SCRIPTS.finditer(file.read_text(encoding="utf-8"))
    ]


_HEAD = """\
# Made by scripts/words.py; the translations are written by hand.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
CATALOGUES: dict[str, Callable[[], list[Marked]]] = {"burndown": marked, "scripts": marked_in_scripts}


def languages() -> list[str]:
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def path_of(language: str, name: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{name}.po"


def known(language: str, name: str) -> Catalog:
    """The catalogue as it lies there; an empty one where there is none yet."""
    path = path_of(language, name)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def updated(language: str, name: str) -> Catalog:
    """The translations that are there, for the texts that are marked now."""
    before = known(language, name)
    after = Catalog(locale=language, fuzzy=False)
    for mark in CATALOGUES[name]():
        old = before.get(mark.message, mark.context or None)
        present = after.get(mark.message, mark.context or None)
        if present is not None and present.pluralizable:
            continue
        message = (mark.message, mark.many) if mark.many else mark.message
        after.add(message, _kept(old, bool(mark.many)), context=mark.context or None)
    return after


def _forms(entry: Message) -> tuple[str, ...]:
    return tuple(entry.string) if isinstance(entry.string, tuple | list) else (entry.string or "",)


def _kept(old: Message | None, is_plural: bool) -> str | tuple[str, ...]:
    if old is None or old.fuzzy:
        return ("", "") if is_plural else ""
    forms = _forms(old)
    return (forms[0], forms[1] if len(forms) > 1 else "") if is_plural else forms[0]


def written(catalog: Catalog) -> bytes:
    """As the file stands in the repository: sorted, so that two people's texts meet seldom; no dates, no lines."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    head = _HEAD.format(language=catalog.locale, plural_forms=catalog.plural_forms)
    return head.encode() + buffer.getvalue()


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def lacking(language: str, name: str) -> list[str]:
    """What is wrong with a catalogue, a line for each text; empty: nothing is."""
    have = known(language, name)
    problems = {}
    for mark in CATALOGUES[name]():
        entry = have.get(mark.message, mark.context or None)
        problems[mark.message, mark.context] = _problem(mark, entry)
    return [f"{language}: {problem}" for problem in problems.values() if problem]


def _problem(mark: Marked, entry: Message | None) -> str:
    forms = () if entry is None else _forms(entry)
    if len(forms) < (2 if mark.many else 1) or not all(forms) or (entry is not None and entry.fuzzy):
        return f"no translation of {mark.message!r} ({mark.where})"
    # The wording for one may leave the number out in any language.
    named = places(mark.message) | places(mark.many)
    if not all(places(form) <= named for form in forms) or not places(mark.many or mark.message) <= places(forms[-1]):
        return f"other places in {forms!r} than in {mark.message!r} ({mark.where})"
    return ""


def main() -> None:
    problems = []
    for language in languages():
        for name in CATALOGUES:
            if "--check" not in sys.argv:
                path_of(language, name).write_bytes(written(updated(language, name)))
            problems += lacking(language, name)
    for problem in problems:
        print(problem)
    if "--check" in sys.argv and problems:
        sys.exit(1)


if __name__ == "__main__":
    main()
