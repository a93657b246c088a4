"""An address that a server refuses for good is marked and written to no more; any other answer is tried again."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from catalog import clock
from catalog.config import Settings
from catalog.extensions import db, writing
from catalog.notices import services
from catalog.notices.models import AuditEntry, Bounce, Job, JobState
from tests import factories as make
from tests.notices.inbox import Inbox, Moody, serving, told
from tests.notices.plain import PLAIN, tell
from tests.notices.sending import run, the_job


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "answer",
    [
        "550 5.1.1 No such user",
        # The number says it, whatever the words are.
        "550 5.1.1 User unknown in relay recipient table",
        "550 5.1.2 Bad destination host",
        "501 5.1.3 Bad recipient address syntax",
        "550 5.1.6 Mailbox has moved",
        "550 5.1.10 Recipient not found",
        "550 5.2.1 Mailbox disabled",
        "550 no",
        "551 User not local",
        "553 no",
    ],
)
def test_an_address_that_is_refused_for_good_is_marked_and_the_second_is_used(
    app: Flask, settings: Settings, answer: str
) -> None:
    ana = make.person(email="work@example.org", second_email="home@example.org")
    tell(ana, "A subject", "Text")
    db.session.commit()
    with serving(inbox := Moody({"work@example.org": answer})) as server:
        run(app, settings, server)
    assert told(inbox) == ["home@example.org"]
    assert the_job().outcome == "sent to home@example.org"
    (bounce,) = db.session.scalars(sa.select(Bounce))
    assert (bounce.address, bounce.is_permanent, bounce.reason) == ("work@example.org", True, answer)


@pytest.mark.usefixtures("context")
def test_refused_everywhere_it_is_not_sent_and_says_so(app: Flask, settings: Settings) -> None:
    tell(make.person(email="work@example.org"), "A subject", "Text")
    db.session.commit()
    with serving(Moody({"work@example.org": "550 no"})) as server:
        run(app, settings, server)
    assert (the_job().state, the_job().outcome) == (JobState.DONE, "no address takes mail")


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("second", [None, "home@example.org"])
@pytest.mark.parametrize("to", ["work@example.org", "nobody@example.org"])
def test_a_letter_to_exactly_one_address_ends_when_that_is_refused(
    app: Flask, settings: Settings, second: str | None, to: str
) -> None:
    """A link for a new password goes to no other address, whoever's it is, so there is nothing to try again."""
    person = make.person(email="work@example.org", second_email=second)
    services.send_to(to, PLAIN, {"subject": "A subject", "text": "Text"}, person=person)
    db.session.commit()
    with serving(moody := Refusing(most=3)) as server:
        run(app, settings, server)
    assert moody.refused == [to]
    assert (the_job().state, the_job().outcome) == (JobState.DONE, "no address takes mail")
    marks, refusals = (db.session.scalars(sa.select(table)).all() for table in (Bounce, AuditEntry))
    assert len(marks) == len(refusals) == (to == person.email)


class Refusing(Inbox):
    """Has no such user, and after `most` letters loses its patience, so that no test goes on for ever."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.refused: list[str] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, _envelope: Any, address: str, _options: Any
    ) -> str:
        self.refused.append(address)
        return "550 5.1.1 No such user" if len(self.refused) <= self.most else "450 4.2.1 Come back later"


@pytest.mark.usefixtures("context")
def test_an_address_that_is_tried_again_and_refused_again_is_marked_again(
    app: Flask, settings: Settings
) -> None:
    ana = make.person(email="work@example.org")
    tell(ana, "A subject", "Text")
    db.session.commit()
    with serving(Moody({"work@example.org": "550 no"})) as server:
        run(app, settings, server)
        writing.set(True)
        services.try_again(ana, "work@example.org", by=ana)
        services.send_again(the_job().id, by=ana)
        db.session.commit()
        run(app, settings, server)
    marks = db.session.scalars(sa.select(Bounce.cleared_at).order_by(Bounce.id)).all()
    assert [cleared is None for cleared in marks] == [False, True]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "answer",
    [
        "450 4.2.1 Come back later",
        "530 Authentication required",
        "550 5.4.5 Daily user sending limit exceeded",
        "550 5.7.1 Blocked by policy",
        "550 5.7.54 Unable to relay recipient in non-accepted domain",
        "552 5.2.2 mailbox full",
        "553 5.7.1 <from@example.org>: Sender address rejected: not owned by user x",
        "554 5.7.1 Client host blocked using zen.example",
        "554 5.7.1 Relay access denied",
        # Without a number it is the words that count.
        *(f"550 {word} no" for word in ("Sender", "Client", "Host", "Blocked", "Spam", "Quota", "Limit")),
        *(f"550 {word} no" for word in ("Policy", "Relay", "Authentication", "4.7.1")),
        "552 Too much",
        "554 Transaction failed",
    ],
)
def test_what_is_not_the_fault_of_the_address_is_tried_again(
    app: Flask, settings: Settings, answer: str
) -> None:
    tell(make.person(email="work@example.org"), "A subject", "Text")
    db.session.commit()
    moody = Moody({"work@example.org": answer})
    with serving(moody) as server:
        run(app, settings, server)
        assert (the_job().state, the_job().attempts) == (JobState.READY, 1)
        assert answer[:3] in (the_job().error or "")
        assert db.session.scalars(sa.select(Bounce)).all() == []
        moody.says = {}
        with time_machine.travel(clock.now() + services.RETRY_AFTER[0] + timedelta(seconds=1), tick=False):
            run(app, settings, server)
    assert told(moody) == ["work@example.org"]


@pytest.mark.usefixtures("context")
def test_a_recipient_that_no_relay_takes_keeps_no_other_letter_waiting(
    app: Flask, settings: Settings
) -> None:
    """Some take only addresses of their own house: of others every letter is told so, and the rest goes out."""
    outside = [f"outside{number}@example.org" for number in range(3)]
    for address in [*outside, "inside@example.org"]:
        tell(make.person(email=address), "A subject", "Text")
    db.session.commit()
    said = "550 5.7.54 Unable to relay recipient in non-accepted domain"
    began = clock.now()
    with serving(moody := Moody(dict.fromkeys(outside, said))) as server:
        run(app, settings, server)
        assert told(moody) == ["inside@example.org"]
        for hours in range(1, 12):
            with time_machine.travel(began + timedelta(hours=hours), tick=False):
                run(app, settings, server)
    rows = db.session.execute(sa.select(Job.state, Job.error).where(Job.outcome.is_(None))).tuples().all()
    assert rows == [(JobState.DEAD, f"The mail server answered: {said}")] * 3
