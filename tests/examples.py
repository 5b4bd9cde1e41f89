"""How many examples hypothesis looks at, where a test names a number of its own."""

import os


def examples(all_of_them: int) -> int:
    """That many; a fifth of them, and five at least, in the lane that runs after every change."""
    return max(5, all_of_them // 5) if os.environ.get("BURNDOWN_QUICK") else all_of_them
