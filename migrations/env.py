"""Runs the migrations inside the application, on whichever database it is set to."""

from alembic import context
from flask import current_app

from catalog.extensions import UtcDateTime

database = current_app.extensions["migrate"].db

# The search index is made by hand in a migration: each database has its own kind of full-text table.
BY_HAND = ("course_search",)


def include_name(name, kind, _parents):
    return kind != "table" or not (name or "").startswith(BY_HAND)


def render_item(kind, item, _context):
    """Migrations stand alone: they name the plain column type, not the catalog's own."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def leave_out_empty(_context, _revision, directives):
    """`flask db migrate` with nothing to do writes no file; `flask db check` wants the empty one."""
    is_writing = getattr(context.config.cmd_opts, "autogenerate", False)
    if is_writing and directives and directives[0].upgrade_ops.is_empty():
        directives[:] = []


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        include_name=include_name,
        render_item=render_item,
        process_revision_directives=leave_out_empty,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
