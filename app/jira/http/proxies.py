"""What to say where the proxy is at fault that a request would go through, not the address of Jira.

A proxy's own address may hold a password: it is called by the variable that it stands in.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import requests
import urllib3
from requests.utils import select_proxy

from app.jira.errors import BadConnection, Unreachable
from app.words import N_

_VARIABLES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
# What is said of an address that cannot be used, whosever it is.
_ODD = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    urllib3.exceptions.LocationValueError,
    UnicodeError,
)


def odd_proxy(error: Exception, url: str, proxies: Mapping[str, str]) -> BadConnection | None:
    """What to say where it is the proxy's address that cannot be used, and not this one; else None."""
    if not isinstance(error, _ODD) or not select_proxy(url, dict(proxies)) or not _can_be_asked(url):
        return None
    return BadConnection(
        N_(
            "{source} names no proxy that can be used. Write it as http://proxy.example:8080, or take it away, and "
            "start Burndown again. Nothing was sent.",
            source=_source(url, proxies),
        )
    )


def refused_by_proxy(url: str, proxies: Mapping[str, str]) -> Unreachable:
    return Unreachable(N_("The proxy does not let us through to Jira. Check {source}.", source=_source(url, proxies)))


def _can_be_asked(url: str) -> bool:
    try:
        return bool(requests.Request("GET", url).prepare().url)
    except _ODD:
        return False


def _source(url: str, proxies: Mapping[str, str]) -> str:
    """What names the proxy: a variable, or on Windows and macOS the computer's own setting."""
    proxy = select_proxy(url, dict(proxies))
    name = next((name for name in _VARIABLES if proxy and os.environ.get(name) == proxy), None)
    return N_("the computer's proxy settings") if name is None else name
