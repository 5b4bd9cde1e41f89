"""A page's requests with values that no page of ours sends: refused in words, and never anything "unexpected".

`--soak` tries thousands of them, by seeds.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from app.actions import sample
from app.context import Context
from app.factory import create_app
from app.network import Network
from app.pages import PAGES
from app.web.address import Choice
from tests.pages.sample import empty_context

pytestmark = pytest.mark.slow
_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, 1e30, "", " ", "x", "-1", "1e999", "NaN", "2026-02-30", "9999-12-31",
    "0001-01-01", [], {}, [None], [[]], {"a": 1}, ["a", 1, None], "\0", "x" * 20_000, "=1+1", "../..",
    "<script>", "type=Bug", "text=" + "(" * 500, "data:text/csv;base64,@@@", "data:;base64," + "A" * 5_001,
    "data:text/csv;base64,a2V5LGNyZWF0ZWQKQSwyMDI2LTAxLTA1Cg==", "data:text/calendar;base64,QkVHSU46VkNBTEVOREFSDQo=",
    "Europe/Nowhere", "1,5", "1.000.000", "2026-W53", {"type": "setting", "name": "deadline"},
    "http://127.0.0.1:1", "http://127.0.0.1:1/\\@x", "http://[::1", "postgresql://u:p@127.0.0.1:1/x", [[["a"]]], 10**30,
    {"at": 0, "by": "1"}, {"at": {}, "by": [1]}, "data:application/zip;base64,UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==",
)  # fmt: skip
# In the place of ALL in an id.
_NAMES: tuple[Any, ...] = (
    "deadline",
    "window",
    "time_zone",
    "holidays",
    "unit",
    "x",
    "0",
    0,
    7,
    "up",
    None,
    ["a"],
    "budget",
    "start",
    "currency",
)
# The end of the app is another matter.
_GO_OUT = ("quit",)


@pytest.fixture(scope="module")
def ctx() -> Context:
    context = empty_context()
    sample.load_sample(context)
    # Jira and a team's server are asked for by name: none of that leaves, whatever the switch on the page System says.
    context.network = Network(lambda: True)
    return context


@pytest.fixture(scope="module")
def app(ctx: Context) -> Any:
    return create_app(ctx)


class Calls:
    """Makes a request for a callback as the page does, with other values."""

    def __init__(self, app: Any, search: str, rng: Random) -> None:
        known = json.loads(app.server.test_client().get("/_dash-dependencies").text)
        of_the_server = [each for each in known if each["clientside_function"] is None]
        self._callbacks = [
            each for each in of_the_server if not any(out in json.dumps(each["inputs"]) for out in _GO_OUT)
        ]
        self._search, self._rng = search, rng

    def next_call(self) -> dict[str, Any]:
        callback = self._rng.choice(self._callbacks)
        inputs, state = ([self._part(each) for each in callback[name]] for name in ("inputs", "state"))
        flat = [part for each in inputs for part in (each if isinstance(each, list) else [each])]
        outputs = [_output(name) for name in _outputs(callback["output"])]
        return {
            "output": callback["output"],
            "outputs": outputs if callback["output"].startswith("..") else outputs[0],
            "inputs": inputs,
            "state": state,
            "changedPropIds": [_name(self._rng.choice(flat))] if flat else [],
        }

    def _part(self, wanted: Mapping[str, Any]) -> Any:
        if not wanted["id"].startswith("{"):
            return {**wanted, "value": self._value(wanted)}
        pattern = json.loads(wanted["id"])
        many = [self._filled(pattern) for _ in range(self._rng.randint(0, 3))]
        parts = [
            {"id": each, "property": wanted["property"], "value": each if wanted["property"] == "id" else None}
            for each in many
        ]
        return [each if each["value"] else {**each, "value": self._value(wanted)} for each in parts]

    def _filled(self, pattern: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._rng.choice(_NAMES) if isinstance(value, list) else value for name, value in pattern.items()}

    def _value(self, wanted: Mapping[str, Any]) -> Any:
        if wanted["property"] == "search" and self._rng.random() < 0.85:
            return self._search
        if wanted["property"] == "pathname" and self._rng.random() < 0.8:
            return self._rng.choice([page.path for page in PAGES])
        return 1 if wanted["property"] == "n_clicks" and self._rng.random() < 0.8 else self._rng.choice(_ODD)


def _outputs(text: str) -> list[str]:
    return text[2:-2].split("...") if text.startswith("..") else [text]


def _output(name: str) -> dict[str, Any]:
    id_, _, prop = name.rpartition(".")
    return {"id": id_, "property": prop}


def _name(part: Mapping[str, Any]) -> str:
    id_ = part["id"]
    text = json.dumps(dict(sorted(id_.items())), separators=(",", ":")) if isinstance(id_, dict) else id_
    return f"{text}.{part['property']}"


def test_what_no_page_of_ours_sends_is_refused_in_words(
    app: Any, ctx: Context, soak: bool, caplog: pytest.LogCaptureFixture
) -> None:
    ref = ctx.backend.active_query()
    assert ref is not None
    search = Choice(profile=ref.profile_id, query=ref.query_id).search()
    client, calls = app.server.test_client(), Calls(app, search, Random(8))
    app.server.config["PROPAGATE_EXCEPTIONS"] = False
    wrong = []
    for number in range(6_000 if soak else 500):
        call = calls.next_call()
        caplog.clear()
        with caplog.at_level(logging.ERROR):
            answer = client.post("/_dash-update-component", json=call)
        troubles = [record.exc_info[1] for record in caplog.records if record.exc_info]
        if answer.status_code >= 500 or "omething unexpected" in answer.get_data(as_text=True) or troubles:
            wrong.append((number, answer.status_code, troubles, json.dumps(call["inputs"])[:200]))
    assert wrong == []
