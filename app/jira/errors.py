"""What can go wrong with Jira, classed by what the user can do about it.

JiraError
├── BadConnection          the connection's settings need a change
│   ├── WrongAddress           there is no Jira at this address
│   ├── Redirected             the address leads to another server
│   ├── NotTrusted             the server's certificate is not trusted
│   ├── WrongToken             Jira does not accept the token
│   │   └── ExpiredToken           it did before
│   └── NoPermission           the account may not do this
├── BadJql                 Jira does not understand the query; its own words are in the message
├── NothingFound           the query matches no issue
└── NoAnswer               try again later; what was fetched is kept
    ├── Unreachable            no connection at all
    │   └── BrokenOff              it answers, and no answer is whole
    ├── TimedOut               connected, but no answer in time
    ├── JiraDown               the server says that it cannot work
    ├── RateLimited            it asks to wait longer than is sensible
    └── BadAnswer              what it answers cannot be understood, or is endless
        ├── Endless                page after page of next to nothing
        └── TooLarge               it is more than the memory has room for
            └── TooMuch            all that is kept together is, however small each answer

No message ever holds the token or anything else that was sent.
"""

from __future__ import annotations

from app.errors import AppError


class JiraError(AppError):
    """Base of everything that the Jira client and sync raise on purpose."""


class BadConnection(JiraError):
    """Address, token, certificate or rights: the user changes the connection."""


class WrongAddress(BadConnection):
    """Something else answers there, or nothing has that name."""


class Redirected(BadConnection):
    """Followed only within the same scheme, host and port: elsewhere the token would go to strangers."""


class NotTrusted(BadConnection):
    """The certificate could not be verified."""


class WrongToken(BadConnection):
    """401, or an answer that Jira gives to nobody in particular."""


class ExpiredToken(WrongToken):
    """The same after a sync that worked."""


class NoPermission(BadConnection):
    """403."""


class BadJql(JiraError):
    """400 with Jira's messages."""


class NothingFound(JiraError):
    """An answer, but no success: nothing was changed."""


class NoAnswer(JiraError):
    """Not the user's fault."""


class Unreachable(NoAnswer):
    """Refused, no route, no such name, connection lost."""


class BrokenOff(Unreachable):
    """What began as an answer ended in the middle, or could not be unpacked."""


class TimedOut(NoAnswer):
    """Silence."""


class JiraDown(NoAnswer):
    """5xx."""


class RateLimited(NoAnswer):
    """429 beyond our patience."""


class BadAnswer(NoAnswer):
    """No JSON, the wrong JSON, too much of it, or pages without end."""


class Endless(BadAnswer):
    """To ask again from the beginning would take as long once more."""


class TooLarge(BadAnswer):
    """More bytes, or more parts, than Jira gives out at once: where fewer issues were asked for there may be less."""


class TooMuch(TooLarge):
    """More than there is room for in all answers that are kept together: less comes of fewer issues only."""
