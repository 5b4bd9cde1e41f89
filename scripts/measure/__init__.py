"""The measurements of scripts/bench.py; each part yields rows."""
