"""Whose signature under a server's certificate counts: those whom this computer trusts, in a file that libpq reads."""

from __future__ import annotations

import atexit
import os
import shutil
import ssl
import tempfile
from functools import cache
from pathlib import Path

from store import files

# Where systems keep them that have a file.
_KNOWN = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def trusted_certificates() -> str:
    """A file with those that this computer trusts; the word `system` where only libpq knows them.

    The library that comes with psycopg looks where its builder's computer kept them, and not at all into the store
    that Windows keeps.
    """
    own = ssl.get_default_verify_paths()
    known = (os.environ.get("SSL_CERT_FILE"), own.cafile, own.openssl_cafile, *_KNOWN)
    return next((path for path in known if path and Path(path).is_file()), None) or _written_out()


@cache
def _written_out() -> str:
    """A file of this process with what Python finds in the system's own store; `system` where that is nothing."""
    trusted = ssl.create_default_context().get_ca_certs(binary_form=True)
    if not trusted:
        return "system"
    folder = Path(tempfile.mkdtemp(prefix="burndown-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    written = folder / "trusted.pem"
    with files.new_file(written) as file:
        file.write("".join(map(ssl.DER_cert_to_PEM_cert, trusted)).encode())
    return str(written)
