"""Makes databases as the old app's versions from 2.5 on kept them: their tables and columns, rows given here."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

PROFILE, QUERY = "p_0123456789ab", "q_0123456789ab"
STAMP = "2026-01-02T09:00:00.661980+00:00"
_OWNED = "profile_id TEXT NOT NULL, query_id TEXT NOT NULL"
_KEY = "id INTEGER PRIMARY KEY AUTOINCREMENT"
_QUERY_KEY = "FOREIGN KEY (profile_id, query_id) REFERENCES queries(profile_id, id) ON DELETE CASCADE"
TABLES = (
    "app_state (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "profiles (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT DEFAULT '', created_at TEXT NOT NULL,"
    " last_used TEXT NOT NULL, jira_config TEXT NOT NULL DEFAULT '{}', field_mappings TEXT NOT NULL DEFAULT '{}',"
    " forecast_settings TEXT NOT NULL DEFAULT '{}', project_classification TEXT NOT NULL DEFAULT '{}',"
    " flow_type_mappings TEXT NOT NULL DEFAULT '{}', show_milestone INTEGER DEFAULT 0, show_points INTEGER DEFAULT 0)",
    "queries (id TEXT NOT NULL, profile_id TEXT NOT NULL, name TEXT NOT NULL, jql TEXT NOT NULL,"
    " created_at TEXT NOT NULL, last_used TEXT NOT NULL, PRIMARY KEY (profile_id, id))",
    f"jira_issues ({_KEY}, {_OWNED}, cache_key TEXT NOT NULL, issue_key TEXT NOT NULL, summary TEXT, status TEXT,"
    " assignee TEXT, issue_type TEXT, priority TEXT, resolution TEXT, created TEXT, updated TEXT, resolved TEXT,"
    " points REAL, project_key TEXT, project_name TEXT, fix_versions TEXT, labels TEXT, components TEXT,"
    " custom_fields TEXT, expires_at TEXT NOT NULL, fetched_at TEXT NOT NULL,"
    f" {_QUERY_KEY}, UNIQUE(profile_id, query_id, issue_key))",
    f"jira_changelog_entries ({_KEY}, {_OWNED}, issue_key TEXT NOT NULL, change_date TEXT NOT NULL,"
    " author TEXT NOT NULL, field_name TEXT NOT NULL, field_type TEXT DEFAULT 'jira', old_value TEXT, new_value TEXT,"
    f" expires_at TEXT NOT NULL, {_QUERY_KEY})",
    f"project_statistics ({_KEY}, {_OWNED}, stat_date TEXT NOT NULL, week_label TEXT, remaining_items INTEGER,"
    " remaining_total_points REAL, items_added INTEGER DEFAULT 0, items_completed INTEGER DEFAULT 0,"
    " completed_items INTEGER DEFAULT 0, completed_points REAL DEFAULT 0.0, created_items INTEGER DEFAULT 0,"
    " created_points REAL DEFAULT 0.0, velocity_items REAL DEFAULT 0.0, velocity_points REAL DEFAULT 0.0,"
    f" recorded_at TEXT NOT NULL, {_QUERY_KEY}, UNIQUE(profile_id, query_id, stat_date))",
    f"project_scope ({_KEY}, {_OWNED}, scope_data TEXT NOT NULL, updated_at TEXT NOT NULL,"
    f" {_QUERY_KEY}, UNIQUE(profile_id, query_id))",
    f"metrics_data_points ({_KEY}, {_OWNED}, snapshot_date TEXT NOT NULL, metric_category TEXT NOT NULL,"
    " metric_name TEXT NOT NULL, metric_value REAL NOT NULL, metric_unit TEXT, excluded_issue_count INTEGER DEFAULT 0,"
    " calculation_metadata TEXT, forecast_value REAL, forecast_confidence_low REAL, forecast_confidence_high REAL,"
    f" calculated_at TEXT NOT NULL, {_QUERY_KEY},"
    " UNIQUE(profile_id, query_id, snapshot_date, metric_category, metric_name))",
    f"budget_settings ({_KEY}, profile_id TEXT NOT NULL UNIQUE, time_allocated_weeks INTEGER NOT NULL,"
    " team_cost_per_week_eur REAL, cost_rate_type TEXT DEFAULT 'weekly', currency_symbol TEXT DEFAULT '€',"
    " budget_total_eur REAL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL)",
)


def create(path: Path) -> sqlite3.Connection:
    """An empty database with all tables, open."""
    connection = sqlite3.connect(path)
    for table in TABLES:
        connection.execute(f"CREATE TABLE {table}")
    return connection


def insert(connection: sqlite3.Connection, table: str, **values: Any) -> None:
    cells = [json.dumps(value) if isinstance(value, dict | list) else value for value in values.values()]
    marks = ", ".join("?" * len(cells))
    connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", cells)


def insert_of_query(connection: sqlite3.Connection, table: str, **values: Any) -> None:
    insert(connection, table, profile_id=PROFILE, query_id=QUERY, **values)


def insert_issue(connection: sqlite3.Connection, key: str, **values: Any) -> None:
    fixed = {"cache_key": "k", "expires_at": STAMP, "fetched_at": STAMP, "project_key": key.rpartition("-")[0]}
    insert_of_query(connection, "jira_issues", issue_key=key, **fixed, **values)


def insert_change(connection: sqlite3.Connection, key: str, at: str, new: str, field: str = "status") -> None:
    insert_of_query(
        connection, "jira_changelog_entries", issue_key=key, change_date=at, author="Jo", field_name=field,
        old_value=None, new_value=new, expires_at=STAMP,
    )  # fmt: skip


def write_database(path: Path) -> None:
    """One profile, one query: two issues, three changes, two weeks, a scope, three metrics of one week, a budget."""
    connection = create(path)
    insert(
        connection, "profiles", id=PROFILE, name="Team – Größe 小", created_at=STAMP, last_used=STAMP, show_points=1,
        jira_config={"base_url": "https://jira.example.com", "token": "planted", "points_field": "customfield_10016"},
        forecast_settings={"pert_factor": 6, "deadline": "2026-03-31", "milestone": "2026-02-01"},
        project_classification={"flow_end_statuses": ["Closed"], "wip_statuses": ["Doing"]},
    )  # fmt: skip
    insert(connection, "queries", id=QUERY, profile_id=PROFILE, name="All", jql="project = T", created_at=STAMP,
           last_used=STAMP)  # fmt: skip
    insert(connection, "app_state", key="active_profile_id", value=PROFILE)
    insert(connection, "app_state", key="active_query_id", value=QUERY)
    insert_issue(
        connection, "T-1", summary="First", status="Closed", issue_type="Story", points=2.5, assignee="Jo",
        created="2025-12-01T10:00:00.000+0100", resolved="2025-12-09T10:00:00.000+0100", labels=["a"], components=None,
        fix_versions=[{"name": "R1", "released": True}], custom_fields={"customfield_10016": 2.5},
    )  # fmt: skip
    insert_issue(connection, "T-2", summary="Second", status="Doing", created="2025-12-02T10:00:00.000+0000")
    insert_change(connection, "T-1", "2025-12-09T10:00:00.000+0100", "Closed")
    insert_change(connection, "T-1", "2025-12-03T10:00:00.000+0100", "Doing")
    insert_change(connection, "T-2", "2025-12-05T10:00:00.000+0000", "Doing")
    for day, done in (("2025-12-01", 0), ("2025-12-08", 1)):
        insert_of_query(connection, "project_statistics", stat_date=day, completed_items=done, completed_points=2.5,
                        created_items=2, created_points=None, recorded_at=STAMP)  # fmt: skip
    insert_of_query(connection, "project_scope", scope_data={"total_items": 2, "remaining_items": 1}, updated_at=STAMP)
    _metrics(connection)
    insert(connection, "budget_settings", profile_id=PROFILE, time_allocated_weeks=12, budget_total_eur=5000.0,
           created_at=STAMP, updated_at=STAMP)  # fmt: skip
    connection.commit()
    connection.close()


def _metrics(connection: sqlite3.Connection) -> None:
    """A migrated one, one kept as text in the value's column, and one of a plain value with a forecast."""
    same = {"snapshot_date": "2025-W50", "calculated_at": STAMP}
    insert_of_query(
        connection, "metrics_data_points", **same, metric_category="flow", metric_name="flow_time", metric_value=1.0,
        calculation_metadata={"median_days": 8.0, "completed_count": 1, "timestamp": STAMP},
    )  # fmt: skip
    insert_of_query(
        connection, "metrics_data_points", **same, metric_category="flow", metric_name="flow_load",
        metric_value={"wip_count": 1},
    )  # fmt: skip
    insert_of_query(
        connection, "metrics_data_points", **same, metric_category="dora", metric_name="dora_mttr", metric_value=4.5,
        metric_unit="hours", forecast_value=5.0, forecast_confidence_low=4.0, forecast_confidence_high=6.0,
    )  # fmt: skip
