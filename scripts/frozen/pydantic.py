"""Names that Dash mentions in annotations for its MCP server; see README.txt beside this."""

GetCoreSchemaHandler = GetJsonSchemaHandler = object


def Field(**_description: object) -> None:  # noqa: N802 the library's own name
    """What Dash would tell an MCP client about a value. Nobody asks."""
