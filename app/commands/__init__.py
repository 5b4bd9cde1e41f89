"""The commands that need no browser: one function each, from arguments and data folder to an answer."""
