"""the search index

Each database has its own kind of full-text table, so these stand outside the models; migrations/env.py leaves every
table that begins with `course_search` alone. A document goes when its course goes: by a trigger on SQLite, by the
foreign key on PostgreSQL. Whoever lets Alembic rebuild the table `course` on SQLite (batch mode) drops that trigger
with it and has to make it again; tests/courses/test_search.py notices.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Stems find a word in all its endings; the words as they were written find one that is still being typed.
SQLITE = (
    """CREATE VIRTUAL TABLE course_search USING fts5(
        title, words, body, tokenize = "porter unicode61 remove_diacritics 2")""",
    """CREATE VIRTUAL TABLE course_search_typed USING fts5(
        title, words, body, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3')""",
    """CREATE TRIGGER course_search_gone AFTER DELETE ON course BEGIN
        DELETE FROM course_search WHERE rowid = old.id;
        DELETE FROM course_search_typed WHERE rowid = old.id;
    END""",
)

POSTGRES = (
    """CREATE TABLE course_search (
        course_id integer PRIMARY KEY REFERENCES course (id) ON DELETE CASCADE,
        document tsvector NOT NULL)""",
    "CREATE INDEX course_search_document ON course_search USING gin (document)",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER course_search_gone")
        op.execute("DROP TABLE course_search_typed")
    op.execute("DROP TABLE course_search")
