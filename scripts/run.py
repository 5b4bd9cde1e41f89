"""Start Burndown from its sources: `python3 scripts/run.py [arguments]`.

Makes `.venv` from the lock when it is missing or stale, then becomes launcher.py with the arguments.
"""

# Nothing newer than Python 2 above the check: an old Python must reach the sentence, not a syntax error.
import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(
        "Burndown needs Python 3.11, 3.12 or 3.13; this is %d.%d. "  # noqa: UP031
        "Install one from python.org or your system's packages, then for example: python3.12 scripts/run.py"
        % sys.version_info[:2]
    )

from _setup import ROOT, RUN_VENV, ensure, replace_process


def main() -> None:
    python = ensure(RUN_VENV, ["run"])
    replace_process(python, [str(ROOT / "launcher.py"), *sys.argv[1:]])


if __name__ == "__main__":
    main()
