"""What a page sends along is what its scripts would be answered, and nothing of anybody's work."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient

from app.factory import create_app
from app.web import sent_along
from tests.pages.sample import sample_context

_ALONG = re.compile(r'<script type="application/json" data-answer="([^"]+)">(.*?)</script>', re.S)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    browser: FlaskClient = create_app(sample_context()).server.test_client()
    return browser


@pytest.mark.parametrize("address", ["/_dash-layout", "/_dash-dependencies"])
def test_what_is_sent_along_is_what_would_be_answered(client: FlaskClient, address: str) -> None:
    along = dict(_ALONG.findall(client.get("/").get_data(as_text=True)))
    assert json.loads(along[address]) == client.get(address).get_json() != []


def test_it_comes_before_the_script_that_asks_for_it(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert page.rindex("data-answer=") < page.index("new DashRenderer")


def test_nothing_of_the_work_is_in_it_and_nothing_of_it_ends_its_tag(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    answers = dict(_ALONG.findall(page))
    assert len(answers) == 2
    assert not [text for text in answers.values() if "Beta" in text or "<" in text]
    assert json.loads(sent_along._harmless('["</script>"]')) == ["</script>"]
    assert "<" not in sent_along._harmless('["</script><!--"]')
