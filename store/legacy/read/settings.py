"""Settings of every age brought into one shape: the nested one of the last JSON version.

Flat files (all keys at the top), the first versions' `jira_*` keys, flat field mappings and
`completion_statuses` all end up under the names that the last version used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from store import redaction
from store.legacy.findings import FileNote
from store.legacy.read import values
from store.legacy.read.text import unmangled

LISTS = (
    "devops_projects",
    "development_projects",
    "devops_task_types",
    "bug_types",
    "story_types",
    "task_types",
    "production_environment_values",
    "flow_end_statuses",
    "active_statuses",
    "flow_start_statuses",
    "wip_statuses",
)
_OBJECTS = ("jira_config", "field_mappings", "forecast_settings", "project_classification", "flow_type_mappings")
_FORECAST = ("pert_factor", "deadline", "milestone", "data_points_count")
_FLOW = frozenset({"flow_item_type", "status", "effort_category", "estimate", "completed_date"})
_JIRA_OLD = {
    "jira_story_points_field": "points_field",
    "jira_cache_max_size": "cache_size_mb",
    "jira_max_results": "max_results_per_call",
    "jira_url": "base_url",
    "jira_token": "token",
}
_READ = frozenset(
    {*_OBJECTS, *_FORECAST, *LISTS, *_JIRA_OLD, "jira_api_endpoint", "completion_statuses", "dora_flow_config",
     "production_environment_value", "id", "name", "description", "created_at", "last_used", "show_milestone",
     "show_points", "queries", "active_query_id"}
)  # fmt: skip
_ENDPOINT = re.compile(r"^(.*?)/rest/api/(\w+)(?:/.*)?$")


@dataclass(slots=True)
class Settings:
    """One profile's settings in the nested shape. `jira_config` has no token; `token` says one was found."""

    jira_config: dict[str, Any] = field(default_factory=dict)
    field_mappings: dict[str, Any] = field(default_factory=dict)
    forecast: dict[str, Any] = field(default_factory=dict)
    classification: dict[str, Any] = field(default_factory=dict)
    flow_types: dict[str, Any] = field(default_factory=dict)
    show_milestone: bool | None = None
    show_points: bool | None = None
    extras: dict[str, Any] = field(default_factory=dict)
    token: bool = False

    def fill(self, other: Settings) -> None:
        """Take from `other` what is empty here."""
        for name in ("jira_config", "field_mappings", "forecast", "classification", "flow_types", "extras"):
            mine, theirs = getattr(self, name), getattr(other, name)
            for key, value in theirs.items():
                if mine.get(key) in (None, "", [], {}):
                    mine[key] = value
        self.show_milestone = other.show_milestone if self.show_milestone is None else self.show_milestone
        self.show_points = other.show_points if self.show_points is None else self.show_points
        self.token = self.token or other.token


def settings_of(raw: Any, note: FileNote) -> Settings:
    """Read one settings file of any age; what has the wrong type is noted and left out."""
    if not isinstance(raw, dict):
        return Settings()
    raw = _unmangled(raw, note)
    jira, token = _jira(raw, note)
    return Settings(
        jira_config=jira,
        field_mappings=_mappings(raw, note),
        forecast=_forecast(raw, note),
        classification=_classification(raw, note),
        flow_types=_flow_types(_object(raw, "flow_type_mappings", note)),
        show_milestone=values.flag(raw["show_milestone"]) if "show_milestone" in raw else None,
        show_points=values.flag(raw["show_points"]) if "show_points" in raw else None,
        extras=values.clean({name: value for name, value in raw.items() if name not in _READ}),
        token=token,
    )


def _unmangled(raw: dict[str, Any], note: FileNote) -> dict[str, Any]:
    """Undo UTF-8 that Windows once read as cp1252 and wrote back."""
    mended = _each_text(raw, 0)
    if mended != raw:
        note.find("", "text garbled by a wrong encoding (such as GrÃ¶ÃŸe)", "repaired")
    return values.mapping(mended)


def _each_text(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return unmangled(value)
    if depth < values.DEEPEST and isinstance(value, dict):
        return {_each_text(name, depth): _each_text(member, depth + 1) for name, member in value.items()}
    if depth < values.DEEPEST and isinstance(value, list):
        return [_each_text(member, depth + 1) for member in value]
    return value


def _object(raw: Mapping[str, Any], name: str, note: FileNote) -> dict[str, Any]:
    value = raw.get(name)
    if value is not None and not isinstance(value, dict):
        note.find(name, "not an object", "left out")
    return values.mapping(value)


def _jira(raw: Mapping[str, Any], note: FileNote) -> tuple[dict[str, Any], bool]:
    config = dict(_object(raw, "jira_config", note))
    for old, new in _JIRA_OLD.items():
        if raw.get(old) not in (None, "") and not config.get(new):
            config[new] = raw[old]
    endpoint = raw.get("jira_api_endpoint")
    match = _ENDPOINT.match(endpoint) if isinstance(endpoint, str) else None
    if match and not config.get("base_url"):
        config |= {"base_url": match[1], "api_version": f"v{match[2]}" if match[2].isdigit() else "v2"}
    # Under whatever name, wherever in the file: it can be taken over, and has to be blanked.
    token = any(text.strip() for _, text in redaction.secrets_in({**raw, "jira_config": config}))
    cleaned = values.mapping(values.clean(config))
    if isinstance(cleaned.get("base_url"), str):
        cleaned["base_url"] = cleaned["base_url"].rstrip("/")
    if token:
        cleaned["token_in_legacy"] = True
        note.find("jira_config.token", "the old files hold a Jira token in clear text",
                  "not copied; it stays in the original file, which should be blanked or deleted")  # fmt: skip
    return cleaned, token


def _mappings(raw: Mapping[str, Any], note: FileNote) -> dict[str, Any]:
    mappings = _object(raw, "field_mappings", note)
    inner = values.mapping(values.mapping(raw.get("dora_flow_config")).get("field_mappings"))
    mappings = values.mapping(values.clean(mappings or inner))
    if not mappings or any(isinstance(value, dict) for value in mappings.values()):
        return mappings
    return {
        "dora": {name: value for name, value in mappings.items() if name not in _FLOW},
        "flow": {name: value for name, value in mappings.items() if name in _FLOW},
    }


def _forecast(raw: Mapping[str, Any], note: FileNote) -> dict[str, Any]:
    inner = _object(raw, "forecast_settings", note)
    merged = {name: raw[name] for name in _FORECAST if name in raw} | inner
    settings: dict[str, Any] = values.clean({name: value for name, value in merged.items() if name not in _FORECAST})
    for name, read in (("pert_factor", values.number), ("data_points_count", values.whole)):
        if merged.get(name) is not None:
            value = read(merged[name])
            if value is None:
                note.find(f"forecast_settings.{name}", f"not a number: {merged[name]!r:.60}", "left out")
            else:
                settings[name] = value
    for name in ("deadline", "milestone"):
        if name in merged:
            settings[name] = _day(name, merged[name], note)
    return settings


def _day(name: str, raw: Any, note: FileNote) -> str:
    day = values.day(raw)
    if day is None and raw not in (None, ""):
        note.find(f"forecast_settings.{name}", f"not a date: {raw!r:.60}", "left empty")
    return day.isoformat() if day else ""


def _classification(raw: Mapping[str, Any], note: FileNote) -> dict[str, Any]:
    inner = _object(raw, "project_classification", note)
    merged = {name: raw[name] for name in (*LISTS, "completion_statuses") if name in raw} | inner
    ended = merged.pop("completion_statuses", None)
    if ended and not merged.get("flow_end_statuses"):
        merged["flow_end_statuses"] = ended
    environment = raw.get("production_environment_value")
    if environment and not merged.get("production_environment_values"):
        merged["production_environment_values"] = [environment]
    settings: dict[str, Any] = values.clean({name: value for name, value in merged.items() if name not in LISTS})
    for name, value in merged.items():
        listed = [value] if isinstance(value, str) and value else value
        if name in LISTS and not isinstance(listed, list):
            note.find(f"project_classification.{name}", "not a list", "left out")
        elif name in LISTS:
            settings[name] = list(values.names(listed))
    return settings


def _flow_types(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Older files hold a plain list of issue types per flow type."""
    return {
        values.text(name): {"issue_types": list(values.names(value)), "effort_categories": []}
        if isinstance(value, list)
        else values.clean(value)
        for name, value in raw.items()
    }
