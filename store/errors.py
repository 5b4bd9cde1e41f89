"""What can go wrong with the store, classed by what the user can do about it.

StoreError
├── Refused            nothing was changed; the message says what to do instead
│   ├── FolderInUse        another Burndown has the folder open
│   ├── NotWritable        the folder cannot be written
│   ├── NewerDatabase      made by a newer version: get that one
│   ├── DuplicateName      a profile or query of that name exists
│   ├── UnknownQuery       no such profile or query
│   ├── WrongPassphrase    the sealed tokens do not open with it
│   ├── NoKeyring          this computer has no store for secrets
│   ├── BadBundle          the zip file is not a bundle of ours, or damaged
│   └── BadLegacyFolder    nothing in the folder can be taken over
└── Damaged            the database cannot be trusted; the file is kept, a snapshot can be restored

Every message is one or two plain sentences for the user; details go to the log.
"""


class StoreError(Exception):
    """Base of everything the store raises on purpose."""


class Refused(StoreError):
    """The request was not carried out and nothing was changed."""


class FolderInUse(Refused):
    """Another instance holds the data folder."""


class NotWritable(Refused):
    """The data folder, or the disk, cannot be written."""


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


class Damaged(StoreError):
    """The database failed its checks or could not be read."""
