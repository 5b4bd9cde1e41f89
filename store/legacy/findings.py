"""What reading a legacy file came to: how many records it holds, how many were kept, and what was odd."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """`where` is the place in the file (a key, an index), `action` what was done about the problem."""

    where: str
    problem: str
    action: str


@dataclass(slots=True)
class FileNote:
    """Counts in the file's own unit: issues, single changes, rows, metric records, or 1 for a settings file.

    `path` is relative to the legacy root, with forward slashes. `read` is kept plus skipped.
    """

    path: str
    kind: str
    kept: int = 0
    skipped: int = 0
    findings: list[Finding] = field(default_factory=list)
    unlisted: int = 0

    @property
    def read(self) -> int:
        return self.kept + self.skipped

    def find(self, where: str, problem: str, action: str) -> None:
        """Note a finding; beyond `MOST_FINDINGS` they are only counted, so that a report stays readable."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(where[:200], problem[:400], action))
        else:
            self.unlisted += 1

    def skip(self, where: str, problem: str) -> None:
        """One record cannot be used."""
        self.skipped += 1
        self.find(where, problem, "skipped")

    def listed(self) -> list[Finding]:
        """The findings, with a last line for those that were only counted."""
        if not self.unlisted:
            return list(self.findings)
        return [*self.findings, Finding("", f"{self.unlisted} more of these", "handled in the same way")]


class Notes:
    """The notes of one takeover, one per file, in the order of reading."""

    def __init__(self) -> None:
        self._notes: dict[tuple[str, str], FileNote] = {}

    def file(self, path: str, kind: str) -> FileNote:
        """The note of this file, made when it is first asked for."""
        return self._notes.setdefault((path, kind), FileNote(path, kind))

    def all(self) -> list[FileNote]:
        return list(self._notes.values())
