"""flask catalog …: each command parses, calls a service and commits."""

from flask.cli import AppGroup

catalog = AppGroup("catalog", help="Everything that is done from a shell.")
