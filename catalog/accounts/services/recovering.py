"""What whoever runs the site does for somebody who cannot get in any more, from the shell."""

from collections.abc import Callable

from catalog.accounts.models import Person
from catalog.accounts.services.sign_ins import end_all

Recovery = Callable[[Person], str]
_recoveries: list[Recovery] = []


def on_recovery(recovery: Recovery) -> Recovery:
    """Said once, when the application starts, by a feature that keeps something else which one signs in with. It
    takes that away, and gives the words for what it did, or nothing."""
    _recoveries.append(recovery)
    return recovery


def recover(person: Person) -> list[str]:
    """Sign them out everywhere and take away what else they sign in with; what was done, in words.

    The password stays until they choose another one."""
    ended = end_all(person)
    done = [f"{ended} sign-in{'' if ended == 1 else 's'} ended"]
    return done + [words for recovery in _recoveries if (words := recovery(person))]
