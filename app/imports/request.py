"""How a file is to be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from app.imports.columns import ColumnMapping

Recall = Callable[[tuple[str, ...]], ColumnMapping | None]


def nothing_recalled(columns: tuple[str, ...]) -> None:
    """For who remembers no mappings."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is said about a file. Dates without a zone are in the mapping's time zone, else in `zone`.

    `now` helps to tell day and month apart: what was created or finished does not lie in the future. `kind`: issues
    or weeks, where that is said beforehand. `recall` gives the mapping that was used for a file with the same columns.
    `key_as_before`: the column that was the key when the list was imported before, None in it where none was, and
    whether the titles were known then, of which keys are made.
    `with_project`: whether keys are made of project and number, see `whole_keys`; None: where they are needed.
    """

    mapping: ColumnMapping
    zone: tzinfo
    now: datetime
    kind: str | None = None
    recall: Recall = nothing_recalled
    with_project: bool | None = None
    key_as_before: tuple[str | None, bool] | None = None

    def about(self, columns: tuple[str, ...]) -> Request:
        """The same for a file with these columns: what was said about them before, where nothing is said now."""
        mapping = _recalled(self.mapping, columns, self.recall)
        if self.key_as_before is not None:
            mapping = replace(mapping, columns={**mapping.columns, "key": self.key_as_before[0]})
        zone = ZoneInfo(mapping.time_zone) if mapping.time_zone is not None else self.zone
        return replace(self, mapping=mapping, zone=zone, recall=nothing_recalled)


def _recalled(mapping: ColumnMapping, columns: tuple[str, ...], recall: Recall) -> ColumnMapping:
    if mapping.columns or mapping.statuses or (known := recall(columns)) is None:
        return mapping
    return replace(
        known,
        date_order=mapping.date_order or known.date_order,
        time_zone=mapping.time_zone or known.time_zone,
        kind=mapping.kind or known.kind,
        months=mapping.months or known.months,
        totals=known.totals if mapping.totals is None else mapping.totals,
    )
