"""The name that Dash's Celery manager imports. Burndown's jobs run in its own worker."""

import json

PlotlyJSONEncoder = json.JSONEncoder
