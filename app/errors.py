"""What can go wrong above the store, classed by what the user can do about it.

AppError               the message is one or two plain sentences: what is wrong and what to do
├── BadInput               a file, value or argument cannot be used as it is; nothing was changed
│   ├── UnreadableFile         the file as a whole cannot be understood
│   └── UnclearDates           day and month cannot be told apart; ask which is meant
├── Usage                  the command line was called wrongly
├── Offline                nothing may go out; the user said so, and can switch it off
├── Busy                   another job runs; try again when it is done
└── Cancelled              the user asked the job to stop

`store.errors.StoreError` stands beside it; both are shown as they are, anything else is "unexpected".
"""


class AppError(Exception):
    """Base of everything the app raises on purpose."""


class BadInput(AppError):
    """Nothing was changed; the message names the value and says what would be accepted.

    `by_command`: what to do about it on the command line, which pages leave out; they have buttons for it.
    """

    def __init__(self, message: str, by_command: str = "") -> None:
        super().__init__(message)
        self.by_command = by_command


class UnreadableFile(BadInput):
    """The file cannot be understood as any kind we read."""


class OnlyPullRequests(UnreadableFile):
    """A file, or a part of one, holds `count` pull requests and no items of work."""

    def __init__(self, message: str, count: int) -> None:
        super().__init__(message)
        self.count = count


class UnclearDates(BadInput):
    """Dates such as 03/04/2026 can be meant in two ways. `example` is one of them."""

    def __init__(self, message: str, by_command: str, example: str) -> None:
        super().__init__(message, by_command)
        self.example = example


class Usage(AppError):
    """Wrong arguments on the command line."""


class Offline(AppError):
    """Nothing was sent: the user wants no connection to be opened."""


class Busy(AppError):
    """The one worker is taken."""


class Cancelled(AppError):
    """The job was cancelled; what it had finished is kept."""
