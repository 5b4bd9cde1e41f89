"""The starting page speaks the language that the browser asks for, before anything of the program is loaded."""

from __future__ import annotations

from app.host.starting import STEPS, Offer, Starting
from app.words import Text, catalogue

GERMAN = "de-DE,de;q=0.9,en;q=0.8"


def page_of(starting: Starting, languages: str) -> str:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": languages}
    return b"".join(starting(environ, lambda status, headers, problem=None: lambda data: None)).decode()


def test_the_page_is_in_german_for_who_reads_german() -> None:
    text = page_of(Starting(), GERMAN)
    assert '<html lang="de">' in text
    assert "Burndown startet" in text
    assert "Burndown is starting" not in text


def test_the_page_is_in_english_for_who_reads_neither() -> None:
    assert "Burndown is starting" in page_of(Starting(), "fr-FR")


def test_its_script_is_the_same_in_every_language_as_the_policy_knows_it_by_its_hash() -> None:
    scripts = {page_of(Starting(), languages).partition("<script>")[2] for languages in (GERMAN, "en")}
    assert len(scripts) == 1


def test_what_goes_on_is_said_in_the_language_of_who_asks() -> None:
    starting = Starting()
    starting.step(0, 0, "Opening your data.")
    assert starting.status(GERMAN)["text"] == "Ihre Daten werden geöffnet."
    assert starting.status("en")["text"] == "Opening your data."


def test_each_step_and_the_way_back_have_a_translation() -> None:
    assert [step for step in STEPS if isinstance(step, Text) and step not in catalogue("de")] == []
    starting = Starting()
    starting.offer(Offer(STEPS[2], lambda: None))
    assert starting.status(GERMAN)["offer"] == "Die Sicherung wird zurückgespielt."
