"""In the place of werkzeug's own: without its client for tests and its server; see README.txt two folders above."""

from werkzeug.wrappers import Request as Request
from werkzeug.wrappers import Response as Response
