"""A name that Dash mentions for its MCP server; see README.txt beside this."""

core_schema = None
