"""Names that Dash and the Mantine components mention in annotations and never call."""


class Figure:
    """Stands in an annotation of `dcc.Graph`. Figures are dictionaries."""
