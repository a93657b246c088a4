"""Sign-ins: opening one on a device, noting that it is used, and ending it."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from catalog import clock
from catalog.accounts import mailing
from catalog.accounts.devices import in_words
from catalog.accounts.models import Person, SignIn
from catalog.accounts.queries import token_hash
from catalog.accounts.services.telling import tell
from catalog.config import Settings
from catalog.extensions import db, writing_beside
from catalog.wording import moment

TIME_FOR_THE_STEP = timedelta(minutes=10)
"""How long a sign-in stays half open after the password, waiting for its second step."""


def lasts() -> timedelta:
    """How long a sign-in may last, however much it is used."""
    settings: Settings = current_app.config["CATALOG"]
    return timedelta(days=settings.sign_in_days)


def begin_sign_in(
    person: Person, device: str = "", *, awaits_factor: bool = False, has_factor: bool = False
) -> str:
    """Open a sign-in and give its token, which is kept nowhere here. Each sign-in has a new one.

    One that awaits a factor is half open for ten minutes and opens nothing but the page of the second step."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    if not awaits_factor:
        _tell_of_new_device(person, device)
    db.session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person.id,
            began_at=now,
            last_seen_at=now,
            ends_at=now + (TIME_FOR_THE_STEP if awaits_factor else lasts()),
            device=device[:200],
            awaits_factor=awaits_factor,
            has_factor=has_factor,
            proved_at=now,
        )
    )
    _forget_half_open(SignIn.person_id == person.id, SignIn.ends_at <= now)
    db.session.flush()
    return token


def _tell_of_new_device(person: Person, device: str) -> None:
    """A letter, where none of their sign-ins came from a device like this one, be they open or over: those that ended
    by themselves, or by signing out, are kept for a while, as the retention of sign-ins says. Where there is no other
    to compare it with, as after an account was opened, there is nothing to tell; nor is an address told of somebody
    before it is proven."""
    others = sa.select(SignIn.device).where(SignIn.person_id == person.id, SignIn.awaits_factor.is_(False))
    known = {in_words(other) for other in db.session.scalars(others)}
    if not known or in_words(device) in known or person.email_verified_at is None:
        return
    settings: Settings = current_app.config["CATALOG"]
    mailing.post(
        "new_device",
        person.email,
        person,
        device=in_words(device),
        when=moment(clock.now(), person.zone or settings.site_zone),
        link=f"{settings.site_url}/account/sign-ins",
    )


def end_sign_in(token: str) -> None:
    """After this the cookie opens nothing, wherever a copy of it may be. The device stays known."""
    this, now = SignIn.token_hash == token_hash(token), clock.now()
    _forget_half_open(this)
    db.session.execute(sa.update(SignIn).where(this, SignIn.ends_at > now).values(ends_at=now))


def _forget_half_open(*which: sa.ColumnElement[bool]) -> None:
    """A password alone, without the second step, makes no device known."""
    db.session.execute(sa.delete(SignIn).where(SignIn.awaits_factor, *which))


def prove_again(sign_in: SignIn) -> None:
    """The person showed once more that it is them."""
    sign_in.proved_at = clock.now()
    db.session.flush()


def end_one(person: Person, sign_in_id: int) -> bool:
    """Whether it was one of theirs. The device is not known any more."""
    ended = db.session.scalars(
        sa.delete(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.person_id == person.id)
        .returning(SignIn.device)
    ).all()
    for device in ended:
        _forget_device(person, device)
        tell("person.sign_ins_ended", person, how_many=1)
    return bool(ended)


def _forget_device(person: Person, device: str) -> None:
    over = sa.select(SignIn).where(SignIn.person_id == person.id, SignIn.ends_at <= clock.now())
    for one in db.session.scalars(over):
        if in_words(one.device) == in_words(device):
            db.session.delete(one)
    db.session.flush()


def end_others(person: Person, token: str) -> int:
    """All but the one with this token; how many there were."""
    ended = end_all(person, but=token)
    if ended:
        tell("person.sign_ins_ended", person, how_many=ended)
    return ended


def end_all(person: Person, *, but: str = "", but_row: int | None = None) -> int:
    """How many there were. What follows from something else is told with that, so nothing is told here.

    Whoever ends them does not trust the devices, so those that are over are forgotten as well."""
    mine = [SignIn.person_id == person.id, SignIn.token_hash != token_hash(but)]
    if but_row is not None:
        mine.append(SignIn.id != but_row)
    now = clock.now()
    return sum(
        ends_at > now
        for ends_at in db.session.scalars(sa.delete(SignIn).where(*mine).returning(SignIn.ends_at))
    )


def note_use(sign_in_id: int) -> None:
    """Write down that a sign-in was used just now, beside whatever the request did, which may only have read.

    It hardly waits: where the database is busy, the next request will do."""
    statement = sa.update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=clock.now())
    try:
        with writing_beside() as connection:
            connection.execute(statement)
    except sa.exc.OperationalError as error:
        current_app.logger.info("use of a sign-in is written down later: %s", type(error.orig).__name__)
