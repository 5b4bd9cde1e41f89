"""How many examples are looked at, where a test names a number of its own."""

import os


def examples(all_of_them: int) -> int:
    """That many; a tenth of them, and four at least, in the lane that runs after every change."""
    return max(4, all_of_them // 10) if os.environ.get("BURNDOWN_QUICK") else all_of_them
