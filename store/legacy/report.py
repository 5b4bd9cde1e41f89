"""What a takeover came to, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from store.legacy.findings import FileNote, Finding
from store.records import Counts

MIGRATED = "migrated"
NOTHING = "nothing to do"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file; the counts are in its own unit (issues, changes, rows, metric records, or 1 for settings)."""

    path: str
    kind: str
    read: int
    kept: int
    skipped: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """`counts` is what the store holds afterwards. `set_aside` is the originals' place within the data folder.

    `left_out`: records that a merge did not take, because other or newer ones are there. `profiles`: the ids of
    the profiles that the data went to.
    """

    outcome: str
    layouts: tuple[str, ...]
    files: tuple[FileReport, ...] = ()
    counts: Counts = field(default_factory=Counts)
    seconds: float = 0.0
    message: str = ""
    set_aside: str = ""
    left_out: int = 0
    profiles: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome,
            "layouts": list(self.layouts),
            "files": [_file_json(file) for file in self.files],
            "counts": asdict(self.counts),
            "seconds": round(self.seconds, 3),
            "message": self.message,
            "set_aside": self.set_aside,
            "left_out": self.left_out,
            "profiles": list(self.profiles),
        }

    def to_text(self) -> str:
        """Plain lines: the message, what there is now, then each file that has findings."""
        counts = self.counts
        lines = [self.message] if self.message else []
        if self.outcome != REFUSED:
            lines.append(
                f"There are now {counts.profiles} profiles, {counts.queries} queries, {counts.issues:,} issues, "
                f"{counts.issue_changes:,} changes, {counts.statistics:,} weekly rows and "
                f"{counts.snapshot_records:,} snapshot records."
            )
        if self.left_out:
            lines.append(
                f"{self.left_out:,} of the folder's records were not taken, because other or newer ones are here; they "
                "are listed below. --as-new-profile puts the folder's data beside what is here."
            )
        for file in self.files:
            if file.findings or file.skipped:
                lines.append(f"{file.path}: {file.kept} of {file.read} kept")
                lines += [
                    f"  {finding.where or 'file'}: {finding.problem} ({finding.action})" for finding in file.findings
                ]
        return "\n".join(lines)


def _file_json(report: FileReport) -> dict[str, Any]:
    return {
        "path": report.path,
        "kind": report.kind,
        "read": report.read,
        "kept": report.kept,
        "skipped": report.skipped,
        "findings": [{"where": f.where, "problem": f.problem, "action": f.action} for f in report.findings],
    }


def file_reports(notes: Iterable[FileNote]) -> tuple[FileReport, ...]:
    return tuple(
        FileReport(note.path, note.kind, note.read, note.kept, note.skipped, tuple(note.listed())) for note in notes
    )
