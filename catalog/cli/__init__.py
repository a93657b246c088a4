"""flask catalog …: each command parses, calls a service and commits."""

from flask.cli import AppGroup

from catalog.cli.backup import backup, restore
from catalog.cli.bounces import read_bounces
from catalog.cli.check import check
from catalog.cli.load import export_framework, fetch_htmx, import_courses, load_demo, load_framework
from catalog.cli.people import administrator, make_administrator, recover
from catalog.cli.purge import purge
from catalog.cli.serve import prepare, serve
from catalog.cli.shapes import make_shapes
from catalog.cli.work import work

catalog = AppGroup("catalog", help="Everything that is done from a shell.")
for command in (
    serve,
    prepare,
    work,
    check,
    backup,
    restore,
    load_framework,
    export_framework,
    import_courses,
    load_demo,
    fetch_htmx,
    administrator,
    make_administrator,
    recover,
    read_bounces,
    make_shapes,
    purge,
):
    catalog.add_command(command)
