"""A secret that a server repeats is told in no way of writing it."""

from __future__ import annotations

import base64
import html
import json
import re
import textwrap
from collections.abc import Callable
from functools import partial
from urllib.parse import quote, quote_plus

import pytest

from store import echoes

SECRET = "p1anted+Tok/en=9c&41 ä"


def behind(user: str, secret: str) -> str:
    return base64.b64encode(f"{user}:{secret}".encode()).decode()


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda secret: f"bad {secret} here",
    "JSON": lambda secret: json.dumps(f"bad {secret}"),
    "JSON escapes for each letter": lambda secret: "".join(f"\\u{ord(each):04x}" for each in secret),
    "JSON escapes in capitals": lambda secret: "".join(f"\\u{ord(each):04X}" for each in secret),
    "address": lambda secret: f"https://x/?t={quote(secret, safe='')}",
    "address of a form": lambda secret: f"t={quote_plus(secret)}&",
    "address in small letters": lambda secret: quote(secret, safe="").lower().replace("tok", "Tok"),
    "each byte as in an address": lambda secret: "".join(f"%{byte:02x}" for byte in secret.encode()),
    "HTML": lambda secret: html.escape(f"<b>{secret}</b>"),
    "bytes": lambda secret: repr(secret),
    "hex": lambda secret: secret.encode().hex(),
    "Base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    **{f"Base64 behind {user!r}": partial(behind, user) for user in ("a", "an", "ann", "ann@example.com")},
    "Base64 of addresses": lambda secret: base64.urlsafe_b64encode(f"Basic {secret} and more".encode()).decode(),
    "Base64 behind a user's name, its beginning": lambda secret: behind("ann@example.com", secret)[:40],
    "Base64 behind a user's name, its end": lambda secret: "…" + behind("ann@example.com", secret)[-16:],
    "Base64 of addresses, broken off": lambda secret: base64.urlsafe_b64encode(f"x{secret}".encode()).decode()[5:21],
    "Base64 in lines": lambda secret: "\n".join(textwrap.wrap(behind("ann", secret), 14)),
    "hex, its beginning": lambda secret: secret.encode().hex()[:23],
    "hex in capitals, its end": lambda secret: secret.encode().hex().upper()[-19:],
    "each byte as in an address, its beginning": lambda secret: re.sub("..", r"%\g<0>", secret.encode().hex())[:40],
    "JSON escapes, their beginning": lambda secret: "".join(f"\\u{ord(each):04x}" for each in secret)[:60],
    "its beginning": lambda secret: f"bad {secret[:14]}…",
    "its end": lambda secret: f"bad …{secret[6:]}",
}


def parts(secret: str) -> list[str]:
    """What must not be left of it: any nine characters in a row, as text or in Base64."""
    coded = [base64.b64encode(b" " * before + secret.encode()).decode()[4:-4] for before in range(3)]
    return [text[at : at + 9] for text in (secret, *coded) for at in range(len(text) - 8)]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_writing_it_is_told(way: str) -> None:
    text = WAYS[way](SECRET)
    clean = echoes.without(text, SECRET)
    assert "***" in clean
    assert not [part for part in parts(SECRET) if part in clean]


def test_letters_that_have_no_short_escape_are_hidden_too() -> None:
    secret = "\U0001d51e\U0001d51f" * 6
    assert echoes.without(f"bad {secret[:9]}", secret) == "bad ***"


def test_every_text_of_a_document_is_cleaned() -> None:
    document = {"errors": {SECRET: ["x", {"deep": f"say {SECRET}"}]}, "count": 3}
    assert echoes.in_document(document, partial(echoes.without, secret=SECRET)) == {
        "errors": {"***": ["x", {"deep": "say ***"}]},
        "count": 3,
    }


@pytest.mark.parametrize("secret", ["geheim", "abc", "p-4"])
def test_a_short_one_is_hidden_where_it_is_a_word_of_its_own(secret: str) -> None:
    assert echoes.without(f"no entry for {secret}, sorry", secret) == "no entry for ***, sorry"
    assert echoes.without(f"x{secret}y", secret) == f"x{secret}y"


def test_a_part_that_is_a_word_is_none() -> None:
    text = "Look whether the password file has the right one."
    assert echoes.without(text, "my-password-9c41") is text


def test_what_is_in_use_is_known_until_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echoes, "_in_use", frozenset())
    echoes.hide("planted-Team-9c41")
    echoes.hide("")
    echoes.hide(None)
    assert echoes.in_whole("for planted-Team-9c41!") == "for ***!"
    assert echoes.in_whole("for planted-Tea") == "for planted-Tea"
    assert echoes.of_a_server("for planted-Team-9") == "for ***"


def test_of_our_own_sentences_no_word_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echoes, "_in_use", frozenset({"password"}))
    assert echoes.in_whole("Look at the password file.") == "Look at the password file."
    assert echoes.of_a_server("no password") == "no ***"
