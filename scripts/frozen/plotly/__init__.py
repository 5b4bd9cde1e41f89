"""The little of plotly that Dash needs when figures are plain dictionaries; see README.txt one folder up."""
