"""The names in an issue's `extras` of what is read by others than whoever put it there.

By themselves, so that who only writes them needs none of what is computed from them.
"""

from __future__ import annotations

# A list of the keys of what it waits for.
BLOCKED_BY = "blocked_by"
# The beginning of its history is missing, and only the later part is known.
HISTORY_CUT = "history_cut"
# All of its history is known and never names a status: it was in the present one from the beginning.
HISTORY_WHOLE = "history_whole"
# Whether it is flagged, and by the name of each of its versions the day on which that is to be released.
FLAGGED, RELEASES = "flagged", "releases"
# What the issue was called in a tracker of before; shown and searched like a field that only this source has.
EARLIER_KEY = "Earlier key"
# All others are fields that only this source has.
INTERNAL = frozenset({FLAGGED, RELEASES, BLOCKED_BY, HISTORY_CUT, HISTORY_WHOLE})
