"""What a user does on a page, as the requests that the browser would send for it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.running import Browser


class Clicks:
    """Asks a running app's callbacks, as its page does when a button is pressed."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._callbacks: list[dict[str, Any]] = json.loads(browser.get("/_dash-dependencies").text)
        # What the address names, as a page completes it by itself: a change is made to nothing else.
        self.search = ""

    def press(self, button: str, fields: Mapping[str, Any] | None = None, **settings: Any) -> str:
        """The answer to a click, as text; "" when nothing changes.

        `fields`: what stands in a field, by "id.property"; `settings`: in the fields of the settings form.
        Fails when the app does not answer with a result.
        """
        callback = next(each for each in self._callbacks if any(part["id"] == button for part in each["inputs"]))
        if not self.search and any(each["property"] == "search" for each in callback["state"]):
            self.search = self._address()
        fields = {"url.search": self.search, **(fields or {})}
        answer = self.browser.ask_json("/_dash-update-component", _body(callback, button, fields, settings))
        assert answer.status in (200, 204), answer
        return answer.text

    def open(self, path: str, search: str = "") -> str:
        """The page at this address, as the text of its components."""
        callback = next(
            each for each in self._callbacks if any(part["property"] == "pathname" for part in each["inputs"])
        )
        address = {"pathname": path, "search": search}
        inputs = [{**field, "value": address.get(field["property"])} for field in callback["inputs"]]
        outputs = [_output(name) for name in _outputs(callback["output"])]
        changed = [f"{field['id']}.{field['property']}" for field in inputs]
        state = [{**field, "value": None} for field in callback["state"]]
        body = {
            "output": callback["output"],
            "outputs": outputs,
            "inputs": inputs,
            "state": state,
            "changedPropIds": changed,
        }
        answer = self.browser.ask_json("/_dash-update-component", body)
        assert answer.status == 200, answer
        return answer.text

    def add_milestone(self, name: str, day: str) -> None:
        answer = self.press("add-milestone", {"milestone-name.value": name, "milestone-day.value": day})
        assert "Milestone added." in answer, answer

    def save_settings(self, **settings: Any) -> None:
        """Each field by itself, as it is left in the browser."""
        callback = next(each for each in self._callbacks if _is_setting(each["inputs"][0]["id"]))
        if not self.search:
            self.search = self._address()
        for name, value in settings.items():
            field = {"type": "setting", "name": name}
            body = {
                "output": callback["output"],
                "outputs": [],
                "inputs": [[{"id": field, "property": "value", "value": value}]],
                "state": [self._in_address(), _NOTHING_SEEN],
                "changedPropIds": [f"{json.dumps(dict(sorted(field.items())), separators=(',', ':'))}.value"],
            }
            answer = self.browser.ask_json("/_dash-update-component", body)
            assert answer.status in (200, 204), answer
            assert '"error":null' in answer.text.replace(" ", ""), answer.text

    def _address(self) -> str:
        """What the page says that it is about."""
        # JSON for a page writes some signs in another way.
        match = re.search(r'"data-address":\s*("[^"]*")', self.open("/"))
        return "?" + json.loads(match[1]).partition("?")[2] if match else ""

    def _in_address(self) -> dict[str, str]:
        return {"id": "url", "property": "search", "value": self.search}


# As a form has it that keeps nothing of what it shows.
_NOTHING_SEEN = {"id": "settings-seen", "property": "data", "value": None}


def _is_setting(id_: str) -> bool:
    return id_.startswith("{") and json.loads(id_).get("type") == "setting"


def _body(callback: Mapping[str, Any], button: str, fields: Mapping[str, Any], settings: Mapping[str, Any]) -> Any:
    outputs = [_output(name) for name in _outputs(callback["output"])]
    return {
        "output": callback["output"],
        "outputs": outputs if callback["output"].startswith("..") else outputs[0],
        "inputs": [_value(field, {f"{button}.n_clicks": 1}, {}) for field in callback["inputs"]],
        "state": [_value(field, fields, settings) for field in callback["state"]],
        "changedPropIds": [f"{button}.n_clicks"],
    }


def _outputs(text: str) -> list[str]:
    return text[2:-2].split("...") if text.startswith("..") else [text]


def _output(name: str) -> dict[str, str]:
    id_, _, prop = name.rpartition(".")
    return {"id": id_, "property": prop}


def _value(wanted: Mapping[str, str], fields: Mapping[str, Any], settings: Mapping[str, Any]) -> Any:
    if wanted["id"].startswith("{"):
        ids = [{"type": "setting", "name": name} for name in settings]
        values = settings.values() if wanted["property"] == "value" else ids
        return [
            {"id": id_, "property": wanted["property"], "value": value} for id_, value in zip(ids, values, strict=True)
        ]
    return {**wanted, "value": fields.get(f"{wanted['id']}.{wanted['property']}")}
