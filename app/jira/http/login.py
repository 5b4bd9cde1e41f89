"""E-mail and token as they were copied, made fit for a request, or refused before anything is sent.

What is copied from a wiki or a chat brings characters along that nobody sees. In a header they are an error of the
HTTP library, whose words would hold the token.
"""

from __future__ import annotations

import unicodedata

from app.errors import BadInput
from app.words import N_

# Format characters such as the zero-width space, controls such as line breaks, separators such as no-break spaces.
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


class BadLogin(BadInput):
    """What was entered cannot be a login. `field`: which of the form's fields is meant."""

    def __init__(self, text: str, field_name: str) -> None:
        super().__init__(text)
        self.field = field_name


def stripped(text: str) -> str:
    """Without what nobody sees at its ends."""
    start, end = 0, len(text)
    while start < end and _is_invisible(text[start]):
        start += 1
    while end > start and _is_invisible(text[end - 1]):
        end -= 1
    return text[start:end]


def clean_token(text: str) -> str:
    """Raises BadLogin for one that holds what no token has; the message does not hold it."""
    token = stripped(text)
    if any(unicodedata.category(each) in ("Cc", "Zl", "Zp") for each in token):
        raise BadLogin(
            N_(
                "The token holds a line break or a control character, which no token has. Copy it "
                "again, from where it was made, in one line."
            ),
            "token",
        )
    if not all("!" <= each <= "~" for each in token):
        raise BadLogin(
            N_(
                "The token holds a character that no token has, such as a blank, a long dash or one "
                "that nobody sees. Copy it again, from where it was made."
            ),
            "token",
        )
    return token


def clean_email(text: str) -> str:
    """Raises BadLogin for one that holds what no address has. Letters of any script are none of that."""
    email = stripped(text)
    if not all("!" <= each <= "~" or (each > "\x7f" and unicodedata.category(each)[0] in "LMN") for each in email):
        raise BadLogin(
            N_(
                "The e-mail address holds a character that no address has, such as a blank, a long "
                "dash or one that nobody sees. Type it instead of copying it."
            ),
            "email",
        )
    return email


def _is_invisible(each: str) -> bool:
    return unicodedata.category(each) in _INVISIBLE
