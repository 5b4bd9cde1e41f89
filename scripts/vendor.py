"""Fetch the chart library that the pages load: the basic bundle, a quarter of the one in the plotly package.

Run it when the pinned plotly package changes. The version is read from that package's own bundle, so that what Dash
expects and what is served stay the same. Needs npm, which checks the archive against the registry's hash; the hash
is checked here once more. Writes `app/assets/vendor/`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "plotly.js-basic-dist-min"
TARGET = Path(__file__).parents[1] / "app" / "assets" / "vendor"
SCRIPT = "plotly.min.js"
# All of it runs at once: browsers that know the mark compile it while it is being loaded, beside what the page does.
COMPILED_AT_ONCE = b"//# allFunctionsCalledOnLoad\n"
MEMBERS = {"package/plotly-basic.min.js": SCRIPT, "package/LICENSE": "plotly-LICENSE.txt"}


def pinned_version() -> str:
    """The version of plotly.js inside the installed plotly package."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise SystemExit("The plotly package is not installed here. Run this with the project's environment.")
    head = (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")[:400]
    match = re.search(r"plotly\.js v(\d+\.\d+\.\d+)", head)
    if match is None:
        raise SystemExit("The plotly package's bundle does not name its version.")
    return match.group(1)


def fetch(version: str, folder: Path) -> Path:
    """The package's archive, its content equal to the hash that the registry names."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch the chart library. Install Node.js first.")
    done = subprocess.run(
        [npm, "pack", "--json", "--pack-destination", str(folder), f"{PACKAGE}@{version}"],
        check=True,
        capture_output=True,
        text=True,
    )
    answer = json.loads(done.stdout)[0]
    archive: Path = folder / answer["filename"]
    check(archive.read_bytes(), answer["integrity"])
    return archive


def check(content: bytes, integrity: str) -> None:
    """Stops unless `content` has the hash `integrity` (such as sha512-…, base64)."""
    name, _, wanted = integrity.partition("-")
    if name not in ("sha384", "sha512") or base64.b64encode(hashlib.new(name, content).digest()).decode() != wanted:
        raise SystemExit("The archive does not have the hash that the registry names. Nothing was written.")


def unpack(archive: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        for member, name in MEMBERS.items():
            content = tar.extractfile(member)
            if content is None:
                raise SystemExit(f"{member} is missing in the archive.")
            mark = COMPILED_AT_ONCE if name == SCRIPT else b""
            (target / name).write_bytes(mark + content.read())


def main() -> None:
    version = pinned_version()
    with tempfile.TemporaryDirectory() as folder:
        unpack(fetch(version, Path(folder)), TARGET)
    size = (TARGET / SCRIPT).stat().st_size
    print(f"plotly.js {version}: {size / 1e6:.2f} MB in {TARGET}", file=sys.stderr)


if __name__ == "__main__":
    main()
