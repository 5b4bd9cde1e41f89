"""Instead of the one that wants the package's own description: a stand-in has none."""
