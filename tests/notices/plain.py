"""A letter that says whatever a test wants it to."""

from typing import Any

from catalog.accounts.models import Person
from catalog.notices import services
from catalog.notices.letters import About, letter

PLAIN = letter(
    "test.plain",
    "A letter of the tests",
    About.REMINDER,
    subject="{subject}",
    body="{text}",
    sample={"subject": "A subject", "text": "A text"},
)
PAYLOAD = {"to": "ana@example.org", "name": "Ana Sample", "subject": "Añoranza", "text": "You have a seat."}


def tell(person: Person, subject: str, text: str, **more: Any) -> None:
    services.send(person, PLAIN, {"subject": subject, "text": text}, **more)
