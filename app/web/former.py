"""Addresses of earlier versions, and short ones: what they meant is found where it is now."""

from __future__ import annotations

from app.views import views_of
from app.web.address import choice_of

_PAGES = {
    "/burndown": "/plan/progress",
    "/settings": "/settings/project",
    "/data": "/data/sources",
    "/data/jira": "/data/sources/jira",
    "/data/file": "/data/sources/file",
    "/data/mapping": "/data/meaning",
}


def leads_to(path: str, search: str | None) -> tuple[str, str]:
    """The address that is meant: of a page that moved its new place, of one with tabs the first of them."""
    plain = "/" + path.strip("/")
    moved = _PAGES.get(plain, plain)
    first = views_of(moved.strip("/")) if moved.count("/") == 1 and moved != "/" else ()
    return (first[0].path if first else moved), choice_of(search).search()
