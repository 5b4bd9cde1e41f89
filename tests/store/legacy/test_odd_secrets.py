"""Secrets of old folders under the names that people gave them: in no database, no bundle, no export; and blanked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from store import bundle
from store.legacy import blank, migrate
from store.legacy.tree.jsontree import export_tree
from store.sqlite.backend import SQLiteBackend
from tests.store.legacy.old_folder import write_folder
from tests.store.test_redaction import NAMES

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
PLANTED = "planted-Odd-Secret-5d20"


def changed(path: Path, change: Any) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def put(*path: str) -> Any:
    def change(document: dict[str, Any]) -> None:
        place = document
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = PLANTED

    return change


def address(*path: str, text: str) -> Any:
    def change(document: dict[str, Any]) -> None:
        place = document
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = text

    return change


PLACES = {
    **{f"profile {name}": ("profile.json", put(name)) for name in NAMES},
    **{f"jira_config {name}": ("profile.json", put("jira_config", name)) for name in NAMES},
    "deep": ("profile.json", put("jira_config", "http", "headers", "Authorization")),
    "below a name": ("profile.json", put("jira_config", "credentials", "value")),
    "field mappings": ("profile.json", put("field_mappings", "dora", "api_token")),
    "forecast": ("profile.json", put("forecast_settings", "webhook_secret")),
    "classification": ("profile.json", put("project_classification", "proxy", "password")),
    "query": ("queries/q_0123456789ab/query.json", put("jira_token_backup")),
    "data": ("queries/q_0123456789ab/project_data.json", put("metadata", "jiraToken")),
    "registry": ("../profiles.json", put("profiles", "p_0123456789ab", "jira_config", "accessToken")),
    "user in address": (
        "profile.json", address("jira_config", "base_url", text=f"https://ann:{PLANTED}@jira.example.com/jira"),
    ),
    "token in address": (
        "profile.json", address("jira_config", "base_url", text=f"https://jira.example.com/?os_password={PLANTED}"),
    ),
    "token in an address of a query": (
        "queries/q_0123456789ab/query.json", address("link", text=f"https://jira.example.com/#token={PLANTED}"),
    ),
    "header": ("profile.json", address("jira_config", "note", text=f"curl -H 'Authorization: Bearer {PLANTED}9'")),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_an_oddly_named_secret_reaches_neither_the_database_nor_what_is_handed_on(tmp_path: Path, place: str) -> None:
    write_folder(tmp_path / "old", 2)
    file, change = PLACES[place]
    changed(tmp_path / "old/profiles/p_0123456789ab" / file, change)
    backend = SQLiteBackend(tmp_path / "burndown.db")
    report = migrate.migrate_folder(backend, tmp_path / "old")
    assert report.to_json()["outcome"] == "migrated"
    bundle.write(backend, tmp_path / "team.zip")
    export_tree(backend, tmp_path / "tree")
    backend.close()
    written = (tmp_path / "burndown.db").read_bytes()
    written += b"".join(path.read_bytes() for path in (tmp_path / "tree").rglob("*") if path.is_file())
    assert PLANTED.encode() not in written
    assert PLANTED not in report.to_text() + json.dumps(report.to_json())


@pytest.mark.parametrize("place", ["profile jiraToken", "jira_config clientSecret", "deep", "below a name",
                                   "user in address", "token in address", "registry", "classification"])  # fmt: skip
def test_an_oddly_named_secret_is_found_for_blanking(tmp_path: Path, place: str) -> None:
    write_folder(tmp_path, 2)
    file, change = PLACES[place]
    changed(tmp_path / "profiles/p_0123456789ab" / file, change)
    assert blank.holding(tmp_path)
    done = blank.blank(tmp_path)
    assert done.left == ()
    assert not any(PLANTED.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for path in tmp_path.rglob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))


def test_a_token_goes_before_other_secrets_when_it_is_taken_over(tmp_path: Path) -> None:
    write_folder(tmp_path, 2)
    profile = tmp_path / "profiles/p_0123456789ab/profile.json"
    about = json.loads(profile.read_text(encoding="utf-8"))
    config = {"proxy_password": "planted-other", "token_type": "bearer", **about["jira_config"], "token": PLANTED}
    profile.write_text(json.dumps({"api_secret": "planted-third", **about, "jira_config": config}), encoding="utf-8")
    token = blank.token_of(tmp_path, "p_0123456789ab")
    assert token is not None
    assert (token.token, token.address) == (PLANTED, "https://jira.example.com")
