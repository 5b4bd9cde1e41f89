"""Where a secret may go: scheme, host and port, and nothing that could be read in two ways."""

from __future__ import annotations

import pytest

from store.origins import origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Jira.Example.com", "https://jira.example.com"),
        ("https://jira.example.com:443/browse/A-1?x=1#y", "https://jira.example.com"),
        ("https://jira.example.com:8443/jira", "https://jira.example.com:8443"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_the_origin_is_scheme_host_and_port(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    "address",
    [
        "",
        "jira.example.com",
        "ftp://jira.example.com",
        "https://",
        "https://name@jira.example.com",
        "https://name:word@jira.example.com",
        "https://@jira.example.com",
        "https://evil.example\\@jira.example.com/",
        "https://jira.example.com\\.evil.example",
        "https://jira .example.com",
        "https://jira.example.com/\n",
        "https://jira.example.com/\u200b",
        "https://jira.example.com:port",
        "https://jira.example.com:99999",
        "https://jira%2eexample.com",
        "https://[::1",
    ],
)
def test_what_could_be_read_in_two_ways_is_no_origin(address: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        origin_of(address)
