"""flask catalog …: each command parses, calls a service and commits."""

from flask.cli import AppGroup

from catalog.cli.check import check
from catalog.cli.serve import serve
from catalog.cli.work import work

catalog = AppGroup("catalog", help="Everything that is done from a shell.")
for command in (serve, work, check):
    catalog.add_command(command)
