"""What Dash's part of a page asks for before it draws anything, sent along with the page: two questions less.

It is the frame and which part fills which, the same for everybody; what is shown within the frame is asked for, with
the key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# By the address that is asked for. The script in app.host.starting answers with what stands in these.
_TAG = '<script type="application/json" data-answer="{address}">{content}</script>'


def tags(app: Any) -> str:
    """For the body of a page, before the scripts. Within a request."""
    answers: dict[str, Callable[[], Any]] = {"/_dash-layout": app.serve_layout, "/_dash-dependencies": app.dependencies}
    return "".join(
        _TAG.format(address=address, content=_harmless(answer().get_data(as_text=True)))
        for address, answer in answers.items()
    )


def _harmless(json: str) -> str:
    """The same JSON, in which nothing can end the tag that it stands in."""
    return json.replace("<", "\\u003c")
