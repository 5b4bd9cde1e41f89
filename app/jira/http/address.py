"""Where Jira is, made of what people copy: the address of whatever page was open in the browser.

Jira Cloud lies at the root of its site. Jira Data Center may lie under a path, such as `/jira`, and nothing in an
address says where that ends and the page begins. So an address means several places, the likeliest first.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from app.jira.errors import WrongAddress
from app.jira.http.login import stripped
from app.words import N_
from store.origins import origin_of

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CLOUD = ".atlassian.net"
# Takes the requests of tokens with scopes and of service accounts; the site's cloud id is part of the path.
_GATEWAY = "https://api.atlassian.com/ex/jira"
# First parts of the paths of Jira's own pages, wherever it lies.
_PAGES = frozenset({"browse", "dashboards", "issues", "login", "people", "plans", "plugins", "projects", "rest",
                    "secure", "servicedesk", "wiki"})  # fmt: skip
# Pages below /jira that only Cloud has: there that is no path of Jira's own.
_CLOUD_PAGES = frozenset({"apps", "core", "dashboards", "filters", "for-you", "goals", "people", "plans", "search",
                          "settings", "software", "what-matters", "your-work"})  # fmt: skip
_MOST_PLACES = 10


def is_gateway(base_url: str) -> bool:
    """Whether requests go past the site itself, so that no page of it is at this address."""
    return base_url.casefold().startswith(f"{_GATEWAY}/")


def is_atlassian(url: str) -> bool:
    """Whether the address alone says that it is Cloud."""
    host = (url.partition("://")[2] or url).partition("/")[0].strip().casefold()
    return host.endswith(_CLOUD) or host == "api.atlassian.com"


def plain_base_url(text: str) -> str:
    """The address as it is, without what is behind its path. Raises WrongAddress.

    https only, because the token travels with every request; http is accepted on this computer itself.
    """
    site, path = _site_and_path(text)
    return "/".join((site, *path))


def places(text: str) -> tuple[str, ...]:
    """Every place on its server that the address may mean, the likeliest first. Raises WrongAddress, as above.

    Known pages are cut off; then come shorter paths down to the root, and at last the longer ones: a path of Jira's
    own may be called like one of its pages.
    """
    site, path = _site_and_path(text)
    if site.endswith(_CLOUD):
        return (site,)
    cut = _length_without_page(path)
    lengths = (*range(cut, -1, -1), *range(cut + 1, len(path) + 1))
    return tuple("/".join((site, *path[:length])) for length in lengths[:_MOST_PLACES])


def _length_without_page(path: list[str]) -> int:
    for at, part in enumerate(path):
        if part == "jira" and at + 1 < len(path) and path[at + 1] in _CLOUD_PAGES:
            return at
        if part in _PAGES or part.endswith((".jsp", ".jspa")):
            return at
    return len(path)


def _site_and_path(text: str) -> tuple[str, list[str]]:
    text = stripped(text)
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
        _check(parts)
        # What two libraries could understand differently is no address.
        origin_of(text)
    except ValueError as exc:
        raise wrong_address() from exc
    host = parts.hostname or ""
    shown_host = f"[{host}]" if ":" in host else host
    netloc = shown_host if port is None else f"{shown_host}:{port}"
    return f"{parts.scheme}://{netloc}", [part for part in parts.path.split("/") if part]


def _check(parts: SplitResult) -> None:
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise wrong_address()
    if parts.username or parts.password:
        raise WrongAddress(N_("Leave name and password out of the address: they have their own fields."))
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise WrongAddress(N_("Use https://{host}: over http everybody on the way could read the token.", host=host))


def wrong_address() -> WrongAddress:
    return WrongAddress(
        N_(
            "This is not an address that can be used. Copy it from the browser while Jira is "
            "open, such as https://yourteam.atlassian.net."
        )
    )
