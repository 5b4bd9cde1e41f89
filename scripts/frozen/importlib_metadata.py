"""Dash asks it for Flask's version, and Python's own module knows that as well; see README.txt beside this."""

from importlib.metadata import *  # noqa: F403 the same names
