"""The certificate authorities that a connection trusts beside the computer's own: a file of the data folder.

Who can change the folder can put others there and name them. So a token is bound to what they were when it was entered,
by their whole hash: the file's name has a part of it, for which another content could be made with much patience.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from app.jira.errors import NotTrusted
from app.words import N_
from store import files

# By what it holds, so that no other can be put in its place.
_NAME = re.compile(r"jira-ca-([0-9a-f]{12})\.pem")


def kept_authorities(data_folder: Path, name: str) -> Path | None:
    """The file that was chosen; None without a name. Raises NotTrusted for one that is gone, or is another one by
    now: its name says its content."""
    return data_folder / name if hash_of(data_folder, name) else None


def hash_of(data_folder: Path, name: str) -> str:
    """SHA-256 of what the file holds, in hexadecimal digits; empty without a name. Raises NotTrusted as above."""
    if not name:
        return ""
    named = _NAME.fullmatch(name)
    try:
        content = files.read_small(data_folder / name) if named is not None else b""
    except OSError:
        content = b""
    digest = hashlib.sha256(content).hexdigest()
    if named is None or digest[:12] != named[1]:
        raise NotTrusted(
            N_(
                "The file {name} with the certificates that were chosen for this connection is not in the data folder "
                "any more, or was changed. Choose the file again.",
                name=name[:80],
            )
        )
    return digest
