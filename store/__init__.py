"""The store: facts on disk. It knows nothing of the app, Dash or Jira. Callers use `store.opening.open_store`."""
