"""What the stories in the browser share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from catalog.competencies import services as competencies
from catalog.extensions import db, writing

FRAMEWORK = Path(__file__).parents[2] / "data" / "framework.json"


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """What happens meanwhile, or happened before: services and factories, committed at the end."""
    with app.app_context():
        writing.set(True)
        yield
        db.session.commit()


def load_framework() -> None:
    competencies.load_framework(FRAMEWORK)
