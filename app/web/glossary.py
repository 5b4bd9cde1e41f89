"""The words of the field and of this program, each with its meaning: for the help, and beside the numbers."""

from __future__ import annotations

import re

from app.words import N_, _
from app.words.formats import THIN

TERMS = (
    (
        N_("Project"),
        N_("A team or a product: its settings and its work lists. In files and on the command line a profile."),
    ),
    (N_("Work list"), N_("A body of work that is forecast, done and open. In files and on the command line a query.")),
    (
        N_("85 % sure"),
        N_("In 85 of 100 simulated futures it is done by then: a promise that is kept six times in seven."),
    ),
    (N_("Even odds"), N_("Half of the simulated futures are done by then, half are not.")),
    (N_("Deadline"), N_("The day by which all of the work should be done, and the chance that it is.")),
    (N_("Milestone"), N_("A day that matters, with the chance that all of the work is done by then.")),
    (N_("As of"), N_("The day whose beginning bounds what is known. Without one it is now.")),
    (N_("Scope"), N_("The amount of work, done and open.")),
    (N_("Left"), N_("Scope less what is done.")),
    (N_("Pace"), N_("Throughput in plain words: how much is finished in a week.")),
    (N_("Throughput"), N_("How much was finished in each week.")),
    (N_("Cycle time"), N_("Days from the first start of an item to its last finish, both counted.")),
    (N_("Lead time"), N_("Days from the creation of an item to its last finish, both counted.")),
    (N_("Age"), N_("Days since an item in progress was first started, the first and the last counted.")),
    (N_("Service level"), N_("So many days, within which such a share of items is to be finished once started.")),
    (N_("Work in progress"), N_("Items that were started and are not finished.")),
    (N_("Cumulative flow"), N_("How many items had been started and finished by each day, one line above the other.")),
    (N_("Efficiency"), N_("The share of the time from start to finish in which somebody worked.")),
    (N_("Blocked"), N_("From the flag, or a status that says so, until it is cleared, while in progress.")),
    (N_("Sent back"), N_("Started once, and in a to-do status again: no work in progress, and without an age.")),
    (
        N_("Natural limits"),
        N_("How far a series strays by itself. A point beyond, or a run of eight on one side, says that it changed."),
    ),
    (N_("Velocity"), N_("How much was finished in each of the last closed sprints.")),
    (N_("Carried over"), N_("Open when its sprint was closed.")),
    (N_("Re-estimated"), N_("By how much estimates were changed, up and down together.")),
    (N_("Reopened"), N_("Was done, and is open again.")),
    (N_("Closed in bulk"), N_("Finished on a day with far more than is ever finished: an import or a tidying up.")),
    (N_("Drift"), N_("How far a team's pace moves between one period and the next, beyond chance.")),
    (N_("Usual method"), N_("The last twelve weeks drawn at random, as most tools do it, without drift.")),
    (N_("Finished"), N_("Done, and not opened again since: counted on the day of its last finish.")),
    (N_("Added"), N_("Came into the work after its beginning.")),
    (N_("Removed"), N_("Left the work without being finished: given up, moved elsewhere, or deleted.")),
    (N_("In progress"), N_("Items that were started and are not finished.")),
    (N_("In status"), N_("Days since an item came into the status in which it is now.")),
    (N_("Points"), N_("How large an item is, as the team estimated it.")),
    (N_("Checkpoint"), N_("So much has to be finished by that day for the deadline to stay at even odds.")),
    (N_("Half within"), N_("The median: half of the finished items took no longer.")),
    (N_("85 % within"), N_("85 of 100 finished items took no longer.")),
    (N_("Deployments"), N_("How often something is put into use, by the rule under Data › Meaning.")),
    (N_("Lead time for changes"), N_("From ready or done to in use.")),
    (N_("Change fail rate"), N_("The share of deployments after which something had to be mended.")),
    (N_("Signals"), N_("Checks that found something past their threshold, what moves the date most first.")),
    (N_("Doubts"), N_("What in the data contradicts itself or is missing, and what the forecast says of itself.")),
    (N_("Track record"), N_("How many of the dates that promised so much held, replayed over the past.")),
)


def meaning_of(label: str) -> str | None:
    """What a label means, in the reader's language; None for one that is no term, or explains itself."""
    wanted = _plain(label)
    return next((_(meaning) for term, meaning in TERMS if wanted in (_plain(term), _plain(_(term)))), None)


def _plain(text: str) -> str:
    return text.replace(THIN, " ").casefold()


def words_in(*texts: str) -> list[tuple[str, str]]:
    """The terms that occur in these texts, each with its meaning, in the reader's language."""
    whole = " ".join(texts).casefold()
    translated_terms = [(_(term), _(meaning)) for term, meaning in TERMS]
    return [
        (term, meaning) for term, meaning in translated_terms if re.search(rf"\b{re.escape(term.casefold())}\b", whole)
    ]
