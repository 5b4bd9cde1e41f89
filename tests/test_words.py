"""The program's words in the reader's language: what marks them, how they are filled, and that none is missing."""

from __future__ import annotations

import ast
import errno
import importlib
import pickle
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.errors import BadInput
from app.views.view import Number, Sentence
from app.words import LANGUAGES, N_, Nn_, Reader, _, catalogue, n_, read_by, reader_of, recalled
from app.words.formats import THIN
from store import texts as store_texts
from store.errors import not_writable
from tests.running import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import words

GERMAN = reader_of(["de-DE", "en"])


@pytest.fixture
def german() -> Iterator[Reader]:
    with read_by(GERMAN):
        yield GERMAN


@pytest.mark.parametrize("language", words.languages())
@pytest.mark.parametrize("name", words.CATALOGUES)
class TestCatalogues:
    def test_translate_every_marked_text_and_keep_its_places(self, language: str, name: str) -> None:
        assert words.lacking(language, name) == [], (
            f"run scripts/words.py, then translate in {words.path_of(language, name)}"
        )

    def test_hold_nothing_that_is_said_no_more(self, language: str, name: str) -> None:
        is_current = words.path_of(language, name).read_bytes() == words.written(words.updated(language, name))
        assert is_current, "run scripts/words.py: it takes out what nothing says any more"

    def test_are_read_as_the_tools_of_translators_read_them(self, language: str, name: str) -> None:
        read = {}
        for entry in words.known(language, name):
            if entry.id:
                key = entry.id[0] if isinstance(entry.id, tuple) else entry.id
                forms = entry.string if isinstance(entry.string, tuple) else (entry.string, entry.string)
                read[f"{entry.context}\x04{key}" if entry.context else key] = forms
        assert dict(catalogue(language, name)) == read


def test_every_language_on_offer_has_its_catalogue() -> None:
    assert sorted(LANGUAGES) == sorted(["en", *words.languages()])


@pytest.mark.parametrize(
    ("languages", "chosen", "language", "number", "day"),
    [
        (["de-DE", "en"], None, "de", "1.234,5", "2. März 2027"),
        (["de-CH"], None, "de", "1’234.5", "2. März 2027"),
        (["en-US", "de"], None, "en", "1,234.5", "Mar 2, 2027"),
        (["fr", "de"], None, "de", f"1{THIN}234,5", "2. März 2027"),
        (["nl"], None, "en", "1.234,5", "2 Mar 2027"),
        ([], None, "en", "1,234.5", "2 Mar 2027"),
        (["de"], "en", "en", "1,234.5", "2 Mar 2027"),
        (["en-US"], "de", "de", "1.234,5", "2. März 2027"),
        (["de"], "xx", "de", "1.234,5", "2. März 2027"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_browsers(
    languages: list[str], chosen: str | None, language: str, number: str, day: str
) -> None:
    reader = reader_of(languages, chosen)
    assert (reader.language, reader.formats.number(1234.5, 1), reader.formats.short(date(2027, 3, 2))) == (
        language,
        number,
        day,
    )


def test_a_text_is_english_until_somebody_reads_it_in_german() -> None:
    marked = N_("Everything is done.")
    assert marked == "Everything is done." == _(marked)
    with read_by(GERMAN):
        assert _(marked) == _("Everything is done.") == "Alles ist erledigt."
    assert _(marked) == "Everything is done."


def test_what_a_text_is_made_of_survives_an_error_and_a_record(german: Reader) -> None:
    marked = N_("Everything is done.")
    assert _(str(BadInput(marked))) == "Alles ist erledigt."
    assert _(pickle.loads(pickle.dumps(marked))) == "Alles ist erledigt."


def test_places_are_filled_as_the_reader_writes() -> None:
    marked = N_("{a:.3g} and {b} on {c} with {d}", a=0.1234, b=1234, c=date(2027, 3, 2), d=N_("Everything is done."))
    assert marked == "0.123 and 1234 on 2027-03-02 with Everything is done."
    with read_by(GERMAN):
        assert _(marked) == "0,123 and 1.234 on 2. März 2027 with Alles ist erledigt."


def test_one_is_worded_apart() -> None:
    singular, many = "{count} zzz", "{count} zzzs"
    assert [str(Nn_(singular, many, count)) for count in (0, 1, 2)] == ["0 zzzs", "1 zzz", "2 zzzs"]
    assert [n_(singular, many, count) for count in (0, 1, 1234)] == ["0 zzzs", "1 zzz", "1,234 zzzs"]


def test_a_sentence_is_said_whole_with_its_numbers_in_place(german: Reader) -> None:
    sentence = Sentence("{level} sure by {day}.", {"level": "85 %", "day": Number("2. März 2027", "answer")})
    assert sentence.parts() == ["Zu ", "85 %", " sicher bis ", Number("2. März 2027", "answer"), "."]


def test_a_text_without_translation_stays_as_it_is(german: Reader) -> None:
    assert _("Nobody translated this.") == "Nobody translated this."
    assert n_("{count} of these", "{count} of those", 2) == "2 of those"


# A range is said only with the share that lies in it, or of days and weeks that it begins and ends with.
_BETWEEN = re.compile(r"between \{(?!first\}|low\} and \{high\} \(90 %)", re.IGNORECASE)
_OF_CHANCE = re.compile(r"percentile|\bp\d\d\b|\bin 100\b|\d in 10\b", re.IGNORECASE)
# Where the word is the subject: what a default size may be, and the levels of the answer, explained.
_EXPLAINED = ("a percentile of finished epics", "85 in 100", "percentiles of", "percentile of")
_SIGN_ALONE = re.compile(r"\d%")
_PRAISE = re.compile(r"\b(honest|great|excellent|perfect|well done|good job|congratulations)\b", re.IGNORECASE)


def test_all_texts_keep_to_the_words_of_the_screen() -> None:
    texts = {text for mark in words.marked() for text in (mark.message, mark.many) if text}
    assert len(texts) > 2000
    assert [text for text in sorted(texts) if _strays(text)] == []


def _strays(text: str) -> bool:
    if any(pattern.search(text) for pattern in (_BETWEEN, _PRAISE, _SIGN_ALONE)):
        return True
    return bool(_OF_CHANCE.search(text)) and not any(words in text for words in _EXPLAINED)


def _errors() -> set[str]:
    """The names of all errors whose message is for people, and of what makes one."""
    names, rooms = {"not_writable"}, ("app.errors", "store.errors", "app.jira.errors")
    for module in map(importlib.import_module, rooms):
        names |= {
            name for name, value in vars(module).items() if isinstance(value, type) and issubclass(value, Exception)
        }
    return names


def _bare(node: ast.AST) -> bool:
    """A text that stands there as it is, or is put together on the spot, and so is English for everybody."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_the_columns_of_a_view_are_texts() -> None:
    columns = {mark.message for mark in words.marked() if mark.where.startswith("app/views/")}
    assert {"Written down", "85 % sure", "Working days", "What it would take"} <= columns
    assert "Sure 85" not in columns


def test_every_error_that_a_page_may_tell_is_marked_to_be_translated() -> None:
    # What only the command line says is English, as it is.
    files = [file for file in _sources() if "app/cli/" not in file.as_posix()]
    errors, wrong = _errors(), []
    for file in files:
        for node in ast.walk(words.tree_of(file)):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if name in errors and isinstance(node, ast.Call) and node.args and _bare(node.args[0]):
                wrong.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


def _sources() -> list[Path]:
    return [*sorted((ROOT / "app").rglob("*.py")), *sorted((ROOT / "store").rglob("*.py"))]


def test_an_error_of_the_store_is_said_in_the_language_of_who_reads_it(german: Reader) -> None:
    why = OSError(errno.ENOSPC, "No space left on device")
    problem = not_writable(store_texts.N_("No backup could be written to {folder}", folder=Path("backups")), why)
    assert str(problem) == "No backup could be written to backups: the disk is full. Make room and try again."
    german_text = "In backups ließ sich keine Sicherung schreiben: Der Datenträger ist voll. "
    assert _(str(problem)).startswith(german_text)
    assert _(N_("{name} was not synced. {why}", name="Team", why=problem)).endswith(_(str(problem)))
    again = pickle.loads(pickle.dumps(str(problem)))
    assert _(again) == _(str(problem))


class TestWhatWasKeptInEnglish:
    """Notes of an import lie in the database as they were said then."""

    def test_is_said_in_german_with_its_numbers(self, german: Reader) -> None:
        kept = "1,499 done items have no finish date: the day of their last change was taken."
        german_text = "1.499 erledigte Vorgänge haben kein Enddatum: Genommen wurde der Tag ihrer letzten Änderung."
        assert recalled(kept) == german_text

    def test_is_said_sentence_by_sentence(self, german: Reader) -> None:
        kept = "Stopped as you asked; what was finished is kept. Nobody ever wrote this."
        assert recalled(kept) == "Wie gewünscht angehalten; was fertig war, bleibt. Nobody ever wrote this."

    def test_stays_as_it_is_where_it_is_none_of_ours(self, german: Reader) -> None:
        assert recalled("{odd} braces: 12 %, of {") == "{odd} braces: 12 %, of {"

    def test_stays_english_for_who_reads_english(self) -> None:
        assert recalled("1 issue") == "1 issue"
