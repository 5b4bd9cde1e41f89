"""What can go wrong with the store, classed by what the user can do about it.

StoreError
├── Refused            nothing was changed; the message says what to do instead
│   ├── FolderInUse        another Burndown has the folder open
│   ├── NotWritable        the folder cannot be written
│   │   └── DiskFull           there is too little room: make some
│   ├── NewerDatabase      made by a newer version: get that one
│   ├── DuplicateName      a profile or query of that name exists
│   ├── UnknownQuery       no such profile or query
│   ├── WrongPassphrase    the sealed tokens do not open with it
│   ├── NoKeyring          this computer has no store for secrets
│   ├── BadBundle          the zip file is not a bundle of ours, or damaged
│   ├── BadLegacyFolder    nothing in the folder can be taken over
│   ├── Occupied           somebody else who shares the data is doing the same: wait until that is done
│   ├── BadAddress         the address of a team's store cannot be used as it is written
│   └── Unreachable        the team's server does not answer, or not to us: what to look at is said
│       └── Unsettled          it went away while it was told to keep a change: look whether it did
└── Damaged            the database cannot be trusted; the file is kept, a snapshot can be restored
    ├── DamagedBackup      the backup cannot be trusted: choose another one
    └── Replaced           another file lies in the place of the open database: load that one, or put back what was

Every message is one or two plain sentences for the user; details go to the log.
"""

from __future__ import annotations

import errno
import sys
from datetime import datetime

from store.texts import N_

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
_PROTECTED = (errno.EROFS, errno.EACCES, errno.EPERM)
# The name cannot be that of a file: a folder, a device or a pipe has it, or no system would take it.
_NO_NAME = (errno.EINVAL, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)
# Windows' own numbers: the file, or a part of it, is open in another program that does not share it.
_IN_USE = (32, 33)


class StoreError(Exception):
    """Base of everything the store raises on purpose."""


class Refused(StoreError):
    """The request was not carried out and nothing was changed."""


class NothingShared(Refused):
    """There are no data of a team at that address."""


class FolderInUse(Refused):
    """Another instance holds the data folder."""


class NotWritable(Refused):
    """The data folder, or the disk, cannot be written."""


class DiskFull(NotWritable):
    """There is too little room left."""


class NewerDatabase(Refused):
    """The database has a schema number above ours; it was left untouched."""


class DuplicateName(Refused):
    """The name is taken."""


class UnknownQuery(Refused):
    """The profile or query does not exist."""


class WrongPassphrase(Refused):
    """The passphrase does not open what is sealed, or that was tampered with."""


class NoKeyring(Refused):
    """The computer offers no keyring."""


class BadBundle(Refused):
    """The bundle cannot be read or written; nothing was imported."""


class BadLegacyFolder(Refused):
    """The folder holds nothing that can be taken over."""


class Occupied(Refused):
    """Somebody else is at it. `who`, as they are to be told of; `since`: None where that is not known."""

    def __init__(self, who: str, since: datetime | None) -> None:
        super().__init__(N_("{who} is at it. Nothing was changed; try again when that is done.", who=who))
        self.who, self.since = who, since


class BadAddress(Refused):
    """The address of a team's store cannot be used as it is written."""


class Unreachable(Refused):
    """The server of a team's store does not answer, or does not let us in. Nothing was changed."""


class Unsettled(Unreachable):
    """The server went away while it was told to keep a change: it may have kept it, or nothing of it."""


class Damaged(StoreError):
    """The database failed its checks or could not be read."""


class DamagedBackup(Damaged):
    """The backup that was named; the database itself is as it was."""


class Replaced(Damaged):
    """Another file took the database's name while it was open; what was saved before is in a snapshot."""


def not_writable(what: str, error: OSError) -> NotWritable:
    """What the system refused, in words that say what to do: `what` is the beginning of the sentence."""
    if error.errno in _NO_ROOM:
        return DiskFull(N_("{what}: the disk is full. Make room and try again.", what=what))
    if is_held(error):
        return NotWritable(N_("{what}: {in_use}", what=what, in_use=IN_USE))
    if error.errno in _NO_NAME:
        return NotWritable(N_("{what}: {reason}. Choose another name.", what=what, reason=error.strerror))
    if error.errno in _PROTECTED:
        return NotWritable(
            N_(
                "{what}: it is write-protected. Choose another folder, or take the write protection off, and "
                "try again.",
                what=what,
            )
        )
    return NotWritable(
        N_(
            "{what}: {reason}. Is the drive still there? If so, choose another folder.",
            what=what,
            reason=error.strerror or error,
        )
    )


def is_full(error: OSError) -> bool:
    """Whether the system says that there is no room left."""
    return error.errno in _NO_ROOM


IN_USE = N_("another program has it open (a virus scanner, a sync program, an editor). Close it there and try again.")


def is_held(error: OSError) -> bool:
    """Whether another program has the file open and does not share it. Only Windows knows of that."""
    number = getattr(error, "winerror", None)
    if number is None and isinstance(error, PermissionError) and isinstance(error.filename, str):
        # Who opens a file is told no more than that it may not be: the system is asked once more.
        number = _refusal(error.filename)
    return number in _IN_USE


def _refusal(path: str) -> int | None:
    """Windows' own number for why the file cannot be opened for reading; None where it can be, and elsewhere."""
    if sys.platform == "win32":
        import _winapi  # noqa: PLC0415 Windows only

        share_all, open_existing = 7, 3
        try:
            handle = _winapi.CreateFile(path, _winapi.GENERIC_READ, share_all, 0, open_existing, 0, 0)
        except OSError as exc:
            return exc.winerror
        _winapi.CloseHandle(handle)
    return None


def reason(error: Exception) -> str:
    """Why something failed that was not the user's wish itself, as the end of a sentence: what that was is done."""
    if isinstance(error, DiskFull) or (isinstance(error, OSError) and is_full(error)):
        return N_("the disk is too full for it; make room")
    if isinstance(error, Damaged):
        return N_("the database is damaged")
    if isinstance(error, OSError) and is_held(error):
        return N_("another program has a file open that it needs")
    return N_("the data folder cannot be written; see that it is still there and not write-protected")
