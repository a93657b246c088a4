"""What accounts have to say by mail. Mail stands above the accounts, so it is told what to write, and to whom."""

from collections.abc import Mapping
from typing import Protocol

from catalog.accounts.models import Person


class Post(Protocol):
    def __call__(
        self, kind: str, address: str, person: Person | None, values: Mapping[str, str], /
    ) -> None: ...


_posts: list[Post] = []


def by_mail(post: Post) -> Post:
    """Said once, when the application starts, by the feature that sends mail."""
    _posts.append(post)
    return post


def post(kind: str, address: str, person: Person | None = None, **values: str) -> None:
    """Ask for a letter to exactly this address, in the transaction of whoever calls."""
    for ask in _posts:
        ask(kind, address, person, values)
