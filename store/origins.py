"""The origin of an address: scheme, host and port. What a secret is bound to, and what may ever get it."""

from __future__ import annotations

from urllib.parse import urlsplit

_DEFAULT_PORTS = {"https": 443, "http": 80}


def origin_of(address: str) -> str:
    """Such as "https://jira.example.com" or "http://127.0.0.1:8080"; a default port is left out.

    Raises ValueError for what two readers may understand differently: a name or password before the host, a
    backslash, a blank or anything that nobody sees, a port that is none.
    """
    if not address.isprintable() or any(each in " \\" or each.isspace() for each in address):
        raise ValueError("the address holds a character that no address has")
    parts = urlsplit(address)
    scheme, host = parts.scheme, parts.hostname or ""
    if scheme not in _DEFAULT_PORTS or not host or "@" in parts.netloc or "%" in host:
        raise ValueError("this is no address of a server")
    shown = f"[{host}]" if ":" in host else host
    port = parts.port
    return f"{scheme}://{shown}" if port in (None, _DEFAULT_PORTS[scheme]) else f"{scheme}://{shown}:{port}"
