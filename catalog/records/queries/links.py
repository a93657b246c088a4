"""Reads: what a person can do next about their sessions, from all the features below."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from catalog.accounts.models import Person
from catalog.certificates import queries as certificates
from catalog.certificates.models import Certificate
from catalog.checkin import queries as checkin
from catalog.courses.models import Meeting
from catalog.disputes import queries as disputes
from catalog.disputes.models import Dispute
from catalog.enrollment.models import Enrollment
from catalog.evaluation import queries as evaluation


@dataclass(frozen=True)
class Links:
    """What leads on from the person's sessions. Another person who reads them has the certificates only."""

    certificates: Sequence[Certificate] = ()
    """Those in force."""
    is_mine: bool = False
    doors: set[int] = field(default_factory=set)
    """Offerings whose door is open now."""
    to_give: set[int] = field(default_factory=set)
    """Offerings about which the person may still say what they think."""
    disputes: dict[tuple[int, int], Dispute] = field(default_factory=dict)

    def certificate(self, enrolled: Enrollment) -> Certificate | None:
        return next((one for one in self.certificates if one.offering_id == enrolled.offering_id), None)

    def dispute(self, enrolled: Enrollment, meeting: Meeting) -> Dispute | None:
        return self.disputes.get((enrolled.id, meeting.id))


def own_links(person: Person, at: datetime) -> Links:
    return Links(
        certificates=certificates.of_person(person),
        is_mine=True,
        doors={meeting.offering_id for meeting in checkin.open_now(person, at)},
        to_give={offering.id for offering in evaluation.to_give(person)},
        disputes=disputes.of_person(person),
    )


def links_of(person: Person) -> Links:
    """For coordinators."""
    return Links(certificates=certificates.of_person(person))
