"""What the stories in the browser share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page

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


def is_wider(page: Page) -> bool:
    """Whether anything sticks out of the window sideways. Asked once the style sheet is there: what a page says can
    be read, and measured, before."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
