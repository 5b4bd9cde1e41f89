"""The pages, in the order of the navigation and its tabs. A page of views is a list of their names, made from them."""

from __future__ import annotations

from app.pages import (
    answer,
    data,
    file,
    helping,
    issues,
    jira,
    mapping,
    projects,
    settings,
    signals,
    system,
    team,
    trust,
    weeks,
)
from app.web import view_page
from app.web.page import Page
from app.words import N_

# The navigation: always these, always in this order.
SECTIONS = (
    ("/", N_("Answer")),
    ("/plan", N_("Plan")),
    ("/flow", N_("Flow")),
    ("/sprints", N_("Sprints")),
    ("/quality", N_("Quality")),
    ("/issues", N_("Issues")),
    ("/data", N_("Data")),
)
# Shown in place of a page that needs data while there are none.
WELCOME = data.PAGE.path

PAGES: tuple[Page, ...] = (
    answer.PAGE,
    signals.PAGE,
    # The page of data is made of more than views.
    *view_page.pages(tuple(path for path, _ in SECTIONS if path != "/data")),
    issues.PAGE,
    issues.ISSUE,
    data.PAGE,
    mapping.PAGE,
    weeks.PAGE,
    trust.PAGE,
    data.RECORD,
    jira.PAGE,
    file.PAGE,
    projects.PAGE,
    settings.PAGE,
    settings.BACKUPS,
    settings.PROGRAM,
    team.PAGE,
    system.PAGE,
    helping.PAGE,
)
