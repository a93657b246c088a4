"""Who in the report is who on the roster. No database: names and addresses in, fits out.

An address decides. A name alone never does: it proposes somebody, and the trainer says whether it is them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from catalog.video.names import forms
from catalog.video.reading.people import Participant


class Kind(StrEnum):
    MATCHED = "matched"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"
    TRAINER = "trainer"


class Known(NamedTuple):
    """Somebody of ours; `key` is the number of their enrollment, or of the person where they teach."""

    key: int
    name: str
    email: str


class Fit(NamedTuple):
    """`key` is whom the report most likely means, None where nobody or more than one could be meant."""

    kind: Kind
    key: int | None = None
    why: str = ""


def match(
    participants: Sequence[Participant], roster: Sequence[Known], trainers: Sequence[Known]
) -> list[Fit]:
    """One fit for each participant, in their order."""
    people, teachers = _Index(roster), _Index(trainers)
    fits = [_fit(one, people, teachers) for one in participants]
    return _once_each(fits)


class _Index:
    """People by address, and by every form of their name."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_email: dict[str, int] = {}
        self.by_name: dict[str, set[int]] = defaultdict(set)
        for one in known:
            self.by_email[one.email.casefold()] = one.key
            for form in forms(one.name):
                self.by_name[form].add(one.key)

    def addressed(self, participant: Participant) -> int | None:
        return next((self.by_email[email] for email in participant.emails if email in self.by_email), None)

    def named(self, participant: Participant) -> set[int]:
        """Everybody whose name is among the participant's names."""
        names = [form for part in participant.name.split(" / ") for form in forms(part)]
        return {key for name in names for key in self.by_name.get(name, ())}


def _fit(participant: Participant, people: _Index, teachers: _Index) -> Fit:
    if (key := people.addressed(participant)) is not None:
        return Fit(Kind.MATCHED, key, "same email address")
    if teachers.addressed(participant) is not None:
        return Fit(Kind.TRAINER)
    named = people.named(participant)
    if len(named) > 1:
        return Fit(Kind.DOUBTFUL, None, f"{len(named)} people on the roster have this name")
    if named:
        why = "same name, another email address" if participant.emails else "same name, no email address"
        return Fit(Kind.DOUBTFUL, named.pop(), why)
    return Fit(Kind.TRAINER) if teachers.named(participant) else Fit(Kind.UNKNOWN)


def _once_each(fits: list[Fit]) -> list[Fit]:
    """Two participants that fit one person are two devices or two people: nobody is proposed for the later ones,
    and for none of them where only names speak."""
    sure = {fit.key for fit in fits if fit.kind == Kind.MATCHED}
    by_name = Counter(fit.key for fit in fits if fit.kind == Kind.DOUBTFUL)
    settled: list[Fit] = []
    seen: set[int] = set()
    for fit in fits:
        if fit.key is None:
            settled.append(fit)
        elif fit.kind == Kind.MATCHED:
            again = fit.key in seen
            why = "two addresses of one person"
            settled.append(Fit(Kind.DOUBTFUL, fit.key, why) if again else fit)
            seen.add(fit.key)
        elif fit.key in sure:
            settled.append(
                Fit(Kind.DOUBTFUL, None, "same name as somebody matched already: a second device?")
            )
        elif by_name[fit.key] > 1:
            settled.append(Fit(Kind.DOUBTFUL, None, "more than one in the report has this name"))
        else:
            settled.append(fit)
    return settled
