"""The trackers whose exports are known, and whose export a file is."""

from __future__ import annotations

from app.errors import UnreadableFile
from app.imports.columns import plain_names
from app.imports.tables import Document, Table, table_of
from app.imports.trackers.answers import entries_of, inside, pages_of
from app.imports.trackers.asana import ASANA
from app.imports.trackers.azure import AZURE
from app.imports.trackers.clickup import CLICKUP
from app.imports.trackers.github import GITHUB, GITHUB_PROJECT
from app.imports.trackers.gitlab import GITLAB
from app.imports.trackers.jira import JIRA
from app.imports.trackers.linear import LINEAR
from app.imports.trackers.msproject import MSPROJECT, PLANNER
from app.imports.trackers.notion import NOTION
from app.imports.trackers.openproject import OPENPROJECT
from app.imports.trackers.others import BACKLOG, PIVOTAL, RALLY, TRAC
from app.imports.trackers.redmine import REDMINE
from app.imports.trackers.shortcut import SHORTCUT
from app.imports.trackers.taiga import TAIGA
from app.imports.trackers.tool import Content, Extract, Tool
from app.imports.trackers.trello import TRELLO
from app.imports.trackers.youtrack import YOUTRACK

# The surest first: columns of the later ones may stand in the export of an earlier one.
TOOLS: tuple[Tool, ...] = (
    JIRA, LINEAR, PLANNER, GITLAB, GITHUB, GITHUB_PROJECT, ASANA, AZURE, TRELLO, CLICKUP, SHORTCUT, TAIGA, YOUTRACK,
    REDMINE, OPENPROJECT, MSPROJECT, NOTION, PIVOTAL, RALLY, TRAC,
    BACKLOG,
)  # fmt: skip


def tool_of(content: Content) -> Tool | None:
    """The tracker whose export it is; None where it could be anybody's."""
    return next((tool for tool in TOOLS if tool.identify(content)), None)


def content_of(file: Table | Document) -> Content:
    if isinstance(file, Document):
        return Content(entries=entries_of(file.value))
    return Content(file, frozenset(plain_names(file)))


def extracted(file: Table | Document) -> Extract:
    """The items in a file as a table, prepared as the tracker asks whose export it is; any other as it is."""
    content = content_of(file)
    tool = tool_of(content)
    if tool is not None:
        return tool.extract(content)
    table = plain_table(file) if isinstance(file, Document) else file
    # What somebody made of a tracker's table is called as there.
    content = content_of(table)
    tool = tool_of(content)
    return Extract(table, None, columns=table.columns) if tool is None else tool.extract(content)


def plain_table(document: Document) -> Table:
    """The table of a document that is of no tool known here. Raises UnreadableFile where it has no array of objects."""
    if len(pages_of(document.value)) > 1:
        return table_of(Document(entries_of(document.value)))
    try:
        return table_of(document)
    except UnreadableFile:
        # Inside an answer's answer.
        if not isinstance(document.value, dict) or not inside(document.value):
            raise
        return table_of(Document(entries_of(document.value)))
