"""The stand-ins that the executable carries do what the libraries of that name do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FROZEN = Path(__file__).parents[1] / "scripts" / "frozen"

_ROUND_TRIP = """
import sys
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
key, start = bytes(range(int(sys.argv[1]))), bytes(range(16, 32))
cipher = lambda: Cipher(algorithms.AES(key), modes.CBC(start), default_backend())
def through(direction, data):
    return direction.update(data) + direction.finalize()
packed = through(cipher().encryptor(), b"sixteen letters." * int(sys.argv[2]))
assert through(cipher().decryptor(), packed) == b"sixteen letters." * int(sys.argv[2])
try:
    through(cipher().encryptor(), b"too short")
except ValueError as exc:
    print(packed.hex(), exc)
"""


def told(where: str, *arguments: str) -> str:
    program = f"import sys; sys.path[:0] = [{where!r}] if {where!r} else []\n{_ROUND_TRIP}"
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only the keyring of Linux needs it")
@pytest.mark.parametrize("key_bytes", ["16", "32"])
@pytest.mark.parametrize("blocks", ["1", "700"])
def test_the_keyrings_cipher_gives_the_bytes_of_the_library_it_stands_for(key_bytes: str, blocks: str) -> None:
    assert told(str(FROZEN), key_bytes, blocks) == told("", key_bytes, blocks)


@pytest.mark.skipif(sys.platform != "linux", reason="only the keyring of Linux needs it")
def test_the_library_of_the_keyring_takes_the_stand_in_for_the_real_one() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(FROZEN)!r})\n"
        "import cryptography\nfrom secretstorage.dhcrypto import Session\n"
        "from secretstorage.util import format_secret\n"
        f"assert cryptography.__file__.startswith({str(FROZEN)!r})\n"
        "session = Session(); session.object_path = '/x'; session.set_server_public_key(5)\n"
        "path, start, packed, kind = format_secret(session, b'a token', 'text/plain')\n"
        "assert len(start) == len(packed) == 16 and b'token' not in packed\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
