"""Burndown: when will it be done, and how sure is that."""

__version__ = "0.1.0"
