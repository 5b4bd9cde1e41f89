"""Place of the encoder class that Dash names in its Celery manager; see README.txt one folder up."""
