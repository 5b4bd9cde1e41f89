"""The store in memory, under the name that tests import."""

from store.memory import MemoryBackend

__all__ = ["MemoryBackend"]
