"""Keys of the app's state that the store knows, and whether a copy of the store takes them along.

What a user chose goes with every copy. All other keys are about one data folder or one computer (which takeover was
read about, where a token is kept, how far a sync came) or can be derived again, and would be wrong elsewhere.
"""

CHOICES = ("theme", "exit_when_idle")

# "on" while no connection may be opened; it stays so until the user switches it off.
OFFLINE = "offline"
# Of what is noted of a query, what belongs to the data and goes wherever they go.
NOTES = frozenset({"jira_sync"})
# In a snapshot of a team's data: whose they are.
ORIGIN = "team_store"
