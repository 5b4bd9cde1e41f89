"""The stand-ins that the executable carries do what the libraries of that name do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.host.instance import Instance

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


def output_of(where: str, *arguments: str) -> str:
    program = f"import sys; sys.path[:0] = [{where!r}] if {where!r} else []\n{_ROUND_TRIP}"
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only the keyring of Linux needs it")
@pytest.mark.parametrize("key_bytes", ["16", "32"])
@pytest.mark.parametrize("blocks", ["1", "700"])
def test_the_keyrings_cipher_gives_the_bytes_of_the_library_it_stands_for(key_bytes: str, blocks: str) -> None:
    assert output_of(str(FROZEN), key_bytes, blocks) == output_of("", key_bytes, blocks)


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


def test_a_version_is_what_the_library_would_say() -> None:
    program = (
        "import sys; sys.path.insert(0, {!r}); import importlib_metadata as it; print(it.version('flask'), it.__file__)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program.format(path)], capture_output=True, text=True, check=True).stdout
        for path in (str(FROZEN), "")
    ]
    assert str(FROZEN) in runs[0]
    assert runs[0].split()[0] == runs[1].split()[0] != ""


def test_requests_takes_the_stand_ins_without_a_warning_and_trusts_nobody_by_itself() -> None:
    program = (
        f"import sys, warnings; sys.path.insert(0, {str(FROZEN)!r}); warnings.simplefilter('error')\n"
        "import certifi, charset_normalizer, requests\n"
        f"assert all(module.__file__.startswith({str(FROZEN)!r}) for module in (certifi, charset_normalizer))\n"
        "answer = requests.Response(); answer._content = 'größer'.encode()\n"
        "assert answer.apparent_encoding == 'utf-8' and answer.text == 'größer'\n"
        "try:\n    requests.get('https://127.0.0.1:9')\n"
        "except OSError as exc:\n    assert 'CA certificate bundle' in str(exc), exc\n"
        "else:\n    raise SystemExit('it asked')\n"
    )
    plain = {name: value for name, value in os.environ.items() if not name.endswith("_CA_BUNDLE")}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=plain)
    assert done.returncode == 0, done.stderr


_RECORDS = """
import dataclasses, marshal, runpy, sys
sys._MEIPASS = sys.argv[1]
runpy.run_path(sys.argv[2])
found, loads = [], marshal.loads
marshal.loads = lambda code: found.append(code) or loads(code)
from app.host.instance import Instance
one, other = (Instance(7, "127.0.0.1", port, "n") for port in (1, 1))
assert one == other and hash(one) == hash(other) and one != Instance(7, "127.0.0.1", 2, "n")
try:
    one.port = 2
except dataclasses.FrozenInstanceError:
    pass
else:
    raise SystemExit("it can be changed")
assert found
found.clear()
@dataclasses.dataclass(order=True)
class Own:
    number: int
    words: list = dataclasses.field(default_factory=list)
assert Own(1) < Own(2) and repr(Own(1)) == "Own(number=1, words=[])" and Own(1).words is not Own(1).words
assert not found
print(repr(one))
"""


@pytest.mark.slow
def test_records_that_the_build_compiled_are_those_that_the_sources_make(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, str(FROZEN / "compile_records.py")], capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    (tmp_path / "records.bin").write_bytes(ended.stdout)
    command = [sys.executable, "-c", _RECORDS, str(tmp_path), str(FROZEN / "records.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=FROZEN.parents[1])
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == repr(Instance(7, "127.0.0.1", 1, "n"))
