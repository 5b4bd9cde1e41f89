"""What can go wrong above the store, classed by what the user can do about it.

AppError               the message is one or two plain sentences: what is wrong and what to do
├── BadInput               a file, value or argument cannot be used as it is; nothing was changed
│   └── UnreadableFile         the file as a whole cannot be understood
├── Usage                  the command line was called wrongly
├── Busy                   another job runs; try again when it is done
└── Cancelled              the user asked the job to stop

`store.errors.StoreError` stands beside it; both are shown as they are, anything else is "unexpected".
"""


class AppError(Exception):
    """Base of everything the app raises on purpose."""


class BadInput(AppError):
    """Nothing was changed; the message names the value and says what would be accepted."""


class UnreadableFile(BadInput):
    """The file cannot be understood as any kind we read."""


class Usage(AppError):
    """Wrong arguments on the command line."""


class Busy(AppError):
    """The one worker is taken."""


class Cancelled(AppError):
    """The job was cancelled; what it had finished is kept."""
