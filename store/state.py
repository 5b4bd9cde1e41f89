"""Keys of the app's state that the store knows, and whether a copy of the store takes them along.

What a user chose goes with every copy. All other keys are about one data folder or one computer (which takeover was
read about, where a token is kept, how far a sync came) or can be derived again, and would be wrong elsewhere.
"""

CHOICES = ("theme", "exit_when_idle")

# "on" while no connection may be opened; it stays so until the user switches it off.
OFFLINE = "offline"
# Who chose each setting of a work list, or of a project under a query without an id, and when.
CHOSEN = "chosen"
# Of what is noted of a query, what belongs to the data and goes wherever they go.
NOTES = frozenset({"jira_sync", CHOSEN})
# In a snapshot of a team's data: whose they are.
ORIGIN = "team_store"
