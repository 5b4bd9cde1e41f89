"""The pages, in the order of the navigation."""

from app.page import Page
from app.pages import burndown, dashboard, data, jira, settings

PAGES: tuple[Page, ...] = (dashboard.PAGE, burndown.PAGE, data.PAGE, settings.PAGE, jira.PAGE)
