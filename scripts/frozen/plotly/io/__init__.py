"""Place of the JSON encoder."""
