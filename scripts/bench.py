"""How large and how fast, against floors measured in the same run: `python3 scripts/bench.py [--json] [PART …]`.

`--against COMMIT` runs the parts three times of an earlier commit and of the present files in turn, and tells the least
of each row and the ratio; its executable is built where a part needs one.

Parts: size, start, import, page, use, crowd, store, sync, numbers, team; without a name all of them. Needs
dist/burndown (scripts/build.py), and Chromium for page, use and crowd. Ratios travel between machines, seconds do not:
both are told.
"""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("The benchmark needs Python 3.11, 3.12 or 3.13; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import os

from _setup import ROOT, RUN_VENV, ensure, replace_process


def main() -> None:
    python = ensure(RUN_VENV, ["run", "dev"])
    os.chdir(ROOT)
    replace_process(python, ["-m", "scripts.measure", *sys.argv[1:]])


if __name__ == "__main__":
    main()
