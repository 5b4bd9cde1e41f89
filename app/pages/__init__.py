"""The pages, in the order of the navigation."""

from app.pages import burndown, dashboard, data, file, jira, mapping, settings, weeks
from app.web.page import Page

PAGES: tuple[Page, ...] = (
    dashboard.PAGE,
    burndown.PAGE,
    data.PAGE,
    settings.PAGE,
    jira.PAGE,
    mapping.PAGE,
    weeks.PAGE,
    file.PAGE,
)
