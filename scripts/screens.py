"""Pictures of every page, to be looked at: `python3 scripts/screens.py [OUTDIR] [option …]`.

Each page and tab in both themes, on a desk (1440 x 900) and a phone (390 x 844), in English and German, of the sample
project; then OUTDIR/index.html shows them beside each other. Without OUTDIR they go to a new temporary folder.

--profiles FOLDER   the data of this folder in place of the sample project
--address QUERY     the query part of every address, such as "profile=…&query=…&as-of=2026-01-31"
--only PATH         this page alone; may be given several times
--language CODE, --theme light|dark, --size desk|phone    these alone
--program FILE      the executable in place of the sources
"""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("The pictures need Python 3.11, 3.12 or 3.13; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import os

from _setup import ROOT, RUN_VENV, ensure, replace_process


def main() -> None:
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(__doc__)
        return
    python = ensure(RUN_VENV, ["run", "dev"])
    os.chdir(ROOT)
    replace_process(python, ["-m", "scripts.measure.screens", *sys.argv[1:]])


if __name__ == "__main__":
    main()
