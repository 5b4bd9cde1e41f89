"""Weekly metric snapshots: one record per week and metric, as it was written then."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from store.legacy.findings import FileNote
from store.legacy.read import jsonfile, values
from store.legacy.read.text import Readable
from store.records import Snapshot

_FORECAST = ("forecast", "trend_vs_forecast")
_NUMBERS = ("_count", "_days", "_pct", "_hours", "_percent", "_deployments", "_releases")
# Not a metric, and so not counted: the old app kept it among them.
TRENDS = "trends"


def read(path: Readable, zone: tzinfo, note: FileNote) -> list[Snapshot]:
    """Every usable record; of two for the same week and metric the later one in the file."""
    snapshots: dict[tuple[str, str], Snapshot] = {}
    for item in jsonfile.walk(path, frozenset(), note):
        if item.damaged:
            where = ", ".join(part for part in (item.name, item.where) if part)
            note.find(where, item.damaged, "kept what of it is whole" if item.value else "left out")
        _take(snapshots, item.name, item.value, zone, note)
    note.kept = len(snapshots)
    return list(snapshots.values())


def of_document(document: Mapping[str, Any], zone: tzinfo, note: FileNote) -> list[Snapshot]:
    """The usable records of a file's content."""
    snapshots: dict[tuple[str, str], Snapshot] = {}
    for name, metrics in document.items():
        _take(snapshots, name, metrics, zone, note)
    note.kept += len(snapshots)
    return list(snapshots.values())


def _take(snapshots: dict[tuple[str, str], Snapshot], name: str, metrics: Any, zone: tzinfo, note: FileNote) -> None:
    label = _label(name, metrics, note)
    if label is None or not isinstance(metrics, dict):
        note.skip(name, "no week of a year" if label is None else "not an object")
        return
    for metric, raw in metrics.items():
        snapshot = _snapshot(label, metric, raw, zone, note)
        if snapshot:
            _put(snapshots, snapshot, note)


def _label(name: str, metrics: Any, note: FileNote) -> str | None:
    """The week: by the label if it is well-formed, else by what the metrics themselves say, else by a guess."""
    label = values.week_label(name)
    if label == name or not isinstance(metrics, dict):
        return label
    labels = {
        values.week_label(values.text(metric.get("week"))) for metric in metrics.values() if isinstance(metric, dict)
    }
    labels.discard(None)
    if len(labels) == 1:
        label = labels.pop()
    if label:
        note.find(name, "an odd week label", f"taken as {label}")
    return label


def _put(snapshots: dict[tuple[str, str], Snapshot], snapshot: Snapshot, note: FileNote) -> None:
    place = (snapshot.week, snapshot.metric)
    if place in snapshots:
        note.skip(
            f"{snapshot.week}.{snapshot.metric}", "that week and metric stand in the file twice; the later is kept"
        )
    snapshots[place] = snapshot


def _snapshot(label: str, metric: str, raw: Any, zone: tzinfo, note: FileNote) -> Snapshot | None:
    if not isinstance(raw, dict):
        note.skip(f"{label}.{metric}", "not an object")
        return None
    content = {
        values.text(name): _value(label, metric, name, value, note)
        for name, value in raw.items()
        if name not in _FORECAST
    }
    forecast = {name: values.clean(raw[name]) for name in _FORECAST if name in raw}
    moment = values.instant(raw.get("timestamp"), zone) or values.end_of_week(label)
    return Snapshot(label, values.text(metric), content, moment, forecast or None)


def _value(label: str, metric: str, name: str, raw: Any, note: FileNote) -> Any:
    if isinstance(raw, str) and name.endswith(_NUMBERS):
        number = values.number(raw)
        note.find(f"{label}.{metric}.{name}", f"text instead of a number: {raw!r:.60}", f"taken as {number}")
        return number
    if isinstance(raw, float) and not math.isfinite(raw):
        note.find(f"{label}.{metric}.{name}", "not a finite number", "taken as not known")
    return values.clean(raw)


def counted(snapshots: Mapping[Any, Snapshot] | list[Snapshot]) -> tuple[int, int]:
    """Weeks and records, as `store.records.Counts` counts them."""
    records = [snapshot for snapshot in snapshots if isinstance(snapshot, Snapshot) and snapshot.metric != TRENDS]
    return len({record.week for record in records}), len(records)
