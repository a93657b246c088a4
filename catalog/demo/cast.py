"""Sample people. Each is called Sample and has an address that reaches nobody."""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from catalog import clock
from catalog.accounts import passwords, services
from catalog.accounts.models import Person, Qualification
from catalog.extensions import db
from catalog.places import counties

PASSWORD = "sample password"  # noqa: S105 - it is printed at every start of the demo

LEARNERS = (
    "Abena", "Alicia", "Amara", "Beatriz", "Ben", "Carmen", "Cedric", "Chloe", "Dalia", "Darius",
    "Elena", "Emeka", "Fatima", "Felix", "Grace", "Hana", "Henry", "Imani", "Isaac", "Jolene", "Kai",
    "Keisha", "Leon", "Lucia", "Malik", "Marta", "Naomi", "Nico", "Olive", "Omar", "Paloma", "Quinn",
    "Rosa", "Samir", "Selma", "Theo", "Uma", "Viola", "Walt", "Zora",
)  # fmt: skip

NEAR = ("01131", "01025", "01047", "01105", "01119", "01063", "01109", "01013", "01035", "01099")
"""Rural counties, where most of the sample people work."""


class Cast(NamedTuple):
    ana: Person
    ivo: Person
    mira: Person
    otto: Person
    ada: Person
    tess: Person
    noor: Person
    hugo: Person
    learners: list[Person]

    @property
    def trainers(self) -> list[Person]:
        return [self.ivo, self.tess, self.noor, self.hugo]


def make_cast(at: datetime, rng: Random) -> Cast:
    """Everybody, with accounts that were opened over the last year."""
    # Once for all of them: the hash is made to be slow.
    hashed = passwords.hash_of(PASSWORD)

    def person(name: str, **fields: object) -> Person:
        with clock.at(at - timedelta(days=rng.randint(301, 360), hours=rng.randint(0, 23))):
            made = services.add_person(
                f"{name} Sample", f"{name.lower()}@example.org", hashed, is_verified=True
            )
        made.is_sample = True
        for column, value in fields.items():
            setattr(made, column, value)
        return made

    until = at.date().replace(month=12, day=31)
    everywhere = list(counties())
    cast = Cast(
        ana=person("Ana", county="01131", member_until=until),
        ivo=person("Ivo", county="01101", is_trainer=True, member_until=until),
        mira=person("Mira", county="01101", coordinates=True),
        otto=person("Otto", county="01089"),
        ada=person("Ada", county="01101", is_administrator=True),
        tess=person("Tess", county="01073", is_trainer=True),
        noor=person("Noor", county="01097", is_trainer=True, zone="America/New_York"),
        hugo=person("Hugo", county="01069", is_trainer=True),
        learners=[
            person(
                name,
                county=rng.choice(NEAR) if rng.random() < 0.6 else rng.choice(everywhere),
                member_until=until if rng.random() < 0.4 else None,
            )
            for name in LEARNERS
        ],
    )
    db.session.flush()
    _qualify(cast, at)
    return cast


def _qualify(cast: Cast, at: datetime) -> None:
    """Ivo and Tess provide reflective supervision that counts; Noor and Hugo teach."""
    since = at.date() - timedelta(days=3 * 365)
    for person, code, label, provides_rsc in (
        (cast.ivo, "IFS", "Infant Family Specialist (sample)", False),
        (cast.ivo, "ERS", "Endorsed Reflective Supervisor (sample)", True),
        (cast.tess, "IMHM-C", "Infant Mental Health Mentor - Clinical (sample)", True),
        (cast.noor, "IMHS", "Infant Mental Health Specialist (sample)", False),
        (cast.hugo, "ECFS", "Early Childhood Family Specialist (sample)", False),
    ):
        db.session.add(
            Qualification(
                person_id=person.id,
                label=label,
                category_code=code,
                provides_rsc=provides_rsc,
                held_from=since,
            )
        )
    db.session.flush()
