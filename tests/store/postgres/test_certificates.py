"""The certificates that a computer trusts, where it keeps them in no file."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest

from store.postgres import certificates

_NOWHERE = ssl.DefaultVerifyPaths("", "", "", "", "", "")


@pytest.fixture
def no_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on Windows: no file of the system has them."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: _NOWHERE)
    monkeypatch.setattr(certificates, "_KNOWN", ())
    certificates._written_out.cache_clear()
    yield
    certificates._written_out.cache_clear()


def having(*files: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for file in files:
        context.load_verify_locations(file)
    return context


def test_they_are_written_to_a_file_once(no_file: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl, "create_default_context", lambda: having(certifi.where()))
    written = certificates.trusted_certificates()
    assert having(written).get_ca_certs(binary_form=True) == having(certifi.where()).get_ca_certs(binary_form=True)
    assert certificates.trusted_certificates() == written
    if os.name == "posix":
        assert Path(written).stat().st_mode & 0o077 == 0


def test_a_system_that_tells_of_none_is_left_to_libpq(no_file: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl, "create_default_context", having)
    assert certificates.trusted_certificates() == "system"


def test_a_named_file_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
    assert certificates.trusted_certificates() == certifi.where()
