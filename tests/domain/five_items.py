"""Five items whose every number is worked out in the documentation, as known on 13 March 2026.

X1 goes straight through. X2 is reopened. X3 goes straight to done. X4 goes back to the backlog and on again. X5 is
blocked for two days.
"""

from store.records import Category, Issue
from tests.domain.build import at, done, moves

ISSUES = [
    done("X1", created=at("03-02 09:00"), type="Story"),
    done("X2", created=at("03-02 09:00"), type="Story"),
    done("X3", created=at("03-03 09:00"), type="Bug"),
    Issue("X4", status="Review", category=Category.IN_PROGRESS, created=at("03-02 08:00"), type="Bug"),
    done("X5", created=at("03-06 14:00"), type="Bug"),
]
CHANGES = [
    *moves("X1", ("", "Backlog"), ("03-03 10:00", "In Progress"), ("03-05 16:00", "Review"), ("03-06 11:00", "Done")),
    *moves(
        "X2", ("", "Backlog"), ("03-04 10:00", "In Progress"), ("03-06 13:00", "Done"),
        ("03-09 10:00", "In Progress"), ("03-11 15:00", "Done"),
    ),
    *moves("X3", ("", "Backlog"), ("03-05 10:00", "Done")),
    *moves(
        "X4", ("", "Backlog"), ("03-02 12:00", "In Progress"), ("03-03 12:00", "Backlog"),
        ("03-09 09:00", "In Progress"), ("03-10 17:00", "Review"),
    ),
    *moves(
        "X5", ("", "Backlog"), ("03-06 15:00", "In Progress"), ("03-09 15:00", "Blocked"),
        ("03-11 15:00", "In Progress"), ("03-13 15:00", "Done"),
    ),
]  # fmt: skip
