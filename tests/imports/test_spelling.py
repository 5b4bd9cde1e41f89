"""Files of old programs: the encoding in which words are spelled right."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.source import decode

GERMAN = "Nr;Titel;Status;Erstellt\n1;Müller prüft Größe;Läuft;06.04.2026\n2;Öl für Züge;Zurückgestellt;07.04.2026\n"
FRENCH = "N°;Titre;État;Créé\n1;Vérifier la clé;Terminé;06/04/2026\n2;Prêt à déployer;À faire;17/04/2026\n"
SPANISH = "Clave;Título;Estado;Creada\n1;Añadir botón;En curso;06/04/2026\n2;Diseño de sesión;Hecho;17/04/2026\n"
SWEDISH = "Nyckel;Titel;Status;Skapad\n1;Lägg till kö;Pågår;2026-04-06\n2;Förbättra sök;Klar;2026-04-07\n"


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp1252", "utf-8"])
@pytest.mark.parametrize("text", [GERMAN, FRENCH, SPANISH, SWEDISH])
def test_words_are_read_as_they_are_spelled(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850"])
def test_a_status_of_an_old_program_is_understood(encoding: str) -> None:
    result = read_file(GERMAN.encode(encoding), mapping_of(None), ZoneInfo("UTC"), datetime(2026, 6, 1, tzinfo=UTC))
    assert [issue.status for issue in result.issues] == ["Läuft", "Zurückgestellt"]


@pytest.mark.parametrize(
    "text",
    [
        "Key;Title\n1;Price 5 € – “quoted” … and ‘so’ on\n2;Œuvre, naïve café\n",
        "Key;Title\n1;Zürich™ and §5\n2;ÜBERSICHT DER ÄNDERUNGEN\n",
        "Key;Title\n1;Škoda für Žižkov\n2;Größe über Überlauf\n",
    ],
)
def test_what_is_of_western_europe_stays_so(text: str) -> None:
    assert decode(text.encode("cp1252")) == text
