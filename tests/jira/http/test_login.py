"""Tokens and addresses as they are copied: what nobody sees is taken off, what cannot be one is refused."""

from __future__ import annotations

import pytest

from app.jira.connect import Request, open_client
from app.jira.form import field_of
from app.jira.http.address import places
from app.jira.http.login import BadLogin, clean_email, clean_token
from app.jira.http.transport import Connection
from scripts.fake_jira import EMAIL, TOKEN, FakeJira
from tests.jira.world import TESTING, issues

ZERO_WIDTH, NO_BREAK, EN_DASH = "\u200b", "\u00a0", "\u2013"


@pytest.mark.parametrize("around", [" ", "\r\n", "\t", ZERO_WIDTH, NO_BREAK, "\ufeff", f"\n{ZERO_WIDTH} "])
def test_what_nobody_sees_at_the_ends_is_taken_off(around: str) -> None:
    assert clean_token(f"{around}{TOKEN}{around}") == TOKEN
    assert clean_email(f"{around}{EMAIL}{around}") == EMAIL
    assert places(f"{around}https://team.atlassian.net{around}") == ("https://team.atlassian.net",)
    assert clean_token(around) == ""


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("tok\nSECRET-8876", "line break or a control character"),
        ("tok\r\nSECRET-8876", "line break"),
        ("tok\x00SECRET-8876", "control character"),
        (f"SECRET{EN_DASH}8876", "a character that no token has"),
        (f"SECRET{ZERO_WIDTH}8876", "a character that no token has"),
        ("SECRET 8876", "a character that no token has"),
    ],
)
def test_a_token_that_cannot_be_one_is_refused_beside_its_field_without_being_shown(token: str, words: str) -> None:
    with FakeJira("data-center", issues(1)) as jira:
        with pytest.raises(BadLogin, match=words) as failure:
            open_client(Connection(jira.url, "", token), TESTING)
        with pytest.raises(BadLogin):
            _ = Request(jira.url, "Team", "All", "project = ABC", token=token).connection
        assert jira.requests == 0
    assert field_of(failure.value) == "token"
    assert "SECRET" not in f"{failure.value} {failure.getrepr(chain=True).reprcrash}"
    assert "Copy it again" in str(failure.value)


@pytest.mark.parametrize("email", ["ann@exam\nple.com", f"ann{EN_DASH}b@example.com", f"ann{ZERO_WIDTH}@example.com"])
def test_an_e_mail_address_that_cannot_be_one_is_refused_beside_its_field(email: str) -> None:
    with pytest.raises(BadLogin, match="no address has") as failure:
        open_client(Connection("https://team.atlassian.net", email, TOKEN), TESTING)
    assert field_of(failure.value) == "email"


def test_an_e_mail_address_may_have_letters_of_any_script() -> None:
    assert clean_email("zoë.ünser@bücher.example") == "zoë.ünser@bücher.example"
