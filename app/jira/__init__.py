"""Jira: `client` asks the server, `fields` and `mapping` understand it, `sync` brings it into the store."""
