"""Mail over SMTP, to a real server on this machine; and a worker that is killed while it works."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask

from catalog import clock, config
from catalog.cli.work import handlers
from catalog.config import MailServer, Settings
from catalog.extensions import db, writing
from catalog.notices import mail, services, worker
from catalog.notices.models import AuditEntry, Bounce, Job, JobState
from tests import factories as make
from tests.notices.inbox import Inbox
from tests.notices.plain import PLAIN, tell
from tests.servers import ROOT, at_once, free_port


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, MailServer]]:
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, MailServer("127.0.0.1", port, "plain")
    controller.stop()


Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def start(database_url: str, _rows: None) -> Iterator[Start]:
    """`start(mail_url)` starts a worker; none outlives its test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(mail_url: str) -> subprocess.Popen[bytes]:
        environ = os.environ | {"DEMO": "1", "DATABASE_URL": database_url, "MAIL_URL": mail_url}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "catalog", "work"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environ))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


PAYLOAD = {"to": "ana@example.org", "name": "Ana Sample", "subject": "Añoranza", "text": "You have a seat."}


def test_a_message_arrives_whole(settings: Settings, inbox: tuple[Inbox, MailServer]) -> None:
    server = replace(settings, mail=inbox[1])
    mail.deliver(mail.message_of(7, PAYLOAD, server, clock.now()), server)
    (envelope,) = inbox[0].messages
    assert envelope.rcpt_tos == ["ana@example.org"]
    assert b"<job-7." in envelope.content
    assert b"You have a seat." in envelope.content


def test_a_server_that_is_away_is_an_error_to_try_again(settings: Settings) -> None:
    away = replace(settings, mail=MailServer("127.0.0.1", 1, "plain"))
    with pytest.raises(OSError, match="refused"):
        mail.deliver(mail.message_of(7, PAYLOAD, away, clock.now()), away)


# What a server can do to a worker.


class Moody(Inbox):
    """Answers each recipient as `says` tells, and takes its time."""

    def __init__(self, says: dict[str, str] | None = None, pause: float = 0) -> None:
        super().__init__()
        self.says = says or {}
        self.pause = pause
        self.asked = threading.Event()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked.set()
        await asyncio.sleep(self.pause)
        if address in self.says:
            return self.says[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"


@contextmanager
def serving(inbox: Inbox, port: int | None = None, **words: Any) -> Iterator[MailServer]:
    port = port or free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **words)
    controller.start()
    try:
        yield MailServer("127.0.0.1", port, "plain")
    finally:
        controller.stop()


def run(app: Flask, settings: Settings, server: MailServer) -> None:
    db.session.rollback()
    worker.work(app, handlers(replace(settings, mail=server)), stop=threading.Event(), once=True)
    db.session.rollback()
    db.session.expire_all()


def told(inbox: Inbox) -> list[str]:
    return [address for envelope in inbox.messages for address in envelope.rcpt_tos]


def the_job() -> Job:
    return db.session.scalars(sa.select(Job).where(Job.kind == "mail")).one()


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


@pytest.mark.usefixtures("context")
def test_a_server_that_dies_and_comes_back_gets_everything(app: Flask, settings: Settings) -> None:
    for number in range(5):
        tell(make.person(), f"Message {number}", "Text")
    db.session.commit()
    port, first, second = free_port(), Inbox(), Inbox()
    with serving(first, port) as server:
        run(app, settings, server)
    for number in range(5, 8):
        tell(make.person(), f"Message {number}", "Text")
    db.session.commit()
    run(app, settings, server)  # nobody is there
    assert (len(first.messages), len(second.messages)) == (5, 0)
    with (
        serving(second, port),
        time_machine.travel(clock.now() + services.RETRY_AFTER[0] + timedelta(seconds=1), tick=False),
    ):
        run(app, settings, server)
    assert (len(first.messages), len(second.messages)) == (5, 3)


@pytest.mark.usefixtures("context")
def test_while_the_server_is_away_other_work_is_done_and_letters_wait(app: Flask, settings: Settings) -> None:
    for number in range(5):
        tell(make.person(), f"Message {number}", "Text")
    services.queue("meetings_soon", {})
    db.session.commit()
    # The port is kept, so that no server of another test is found there.
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        run(app, settings, MailServer("127.0.0.1", nobody.getsockname()[1], "plain"))
    attempts = db.session.scalars(sa.select(Job.attempts).where(Job.kind == "mail").order_by(Job.id)).all()
    assert attempts == [0, 0, 0, 0, 0]
    assert db.session.scalars(sa.select(Job.state).where(Job.kind == "meetings_soon")).one() == JobState.DONE


@pytest.mark.usefixtures("context")
def test_a_server_that_is_away_for_days_gets_every_letter_afterwards(app: Flask, settings: Settings) -> None:
    for number in range(3):
        tell(make.person(), f"Message {number}", "Text")
    db.session.commit()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        for hour in range(60):
            with time_machine.travel(clock.now() + timedelta(hours=hour), tick=False):
                run(app, settings, MailServer("127.0.0.1", nobody.getsockname()[1], "plain"))
    with (
        serving(inbox := Inbox()) as server,
        time_machine.travel(clock.now() + timedelta(hours=61), tick=False),
    ):
        run(app, settings, server)
    assert len(inbox.messages) == 3


SECRET = "p@ss/word: 100%"
NOT_LET_IN = {"login": "535", "sender": "553"}
# That such a server should have TLS is right, and not what is tried here.
without_tls = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Doorkeeper(Inbox):
    """Lets nobody in without the password, and none but our own sender."""

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("stranger"):
            return "553 5.7.1 Not your address"
        envelope.mail_from = address
        return "250 OK"

    def lets_in(self, _server: Any, _session: Any, _envelope: Any, _how: str, shown: Any) -> AuthResult:
        is_ours = (shown.login, shown.password) == (b"ours@example.org", SECRET.encode())
        return AuthResult(success=is_ours, handled=False)


@pytest.fixture
def kept() -> Iterator[tuple[Doorkeeper, int]]:
    inbox, port = Doorkeeper(), free_port()
    words: dict[str, Any] = {"authenticator": inbox.lets_in, "auth_required": True, "auth_require_tls": False}
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **words)
    controller.start()
    yield inbox, port
    controller.stop()


def mail_url(port: int, password: str) -> MailServer:
    """As the setting names a server: its signs are escaped."""
    url = f"smtp://{quote('ours@example.org')}:{quote(password, safe='')}@127.0.0.1:{port}"
    read = config.read({"DEMO": "1", "MAIL_URL": url, "MAIL_FROM": "ours@example.org"}, Path())
    assert isinstance(read.mail, MailServer)
    return read.mail


@without_tls
@pytest.mark.usefixtures("context")
def test_a_server_that_asks_for_a_password_is_told_it(
    app: Flask, settings: Settings, kept: tuple[Doorkeeper, int]
) -> None:
    tell(make.person(), "A subject", "Text")
    db.session.commit()
    run(app, settings, mail_url(kept[1], SECRET))
    assert len(kept[0].messages) == 1


@without_tls
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("what", NOT_LET_IN)
def test_while_we_are_not_let_in_letters_wait_and_keep_their_attempts(
    app: Flask, settings: Settings, kept: tuple[Doorkeeper, int], what: str
) -> None:
    for number in range(3):
        tell(make.person(), f"Message {number}", "Text")
    db.session.commit()
    refused = settings if what == "login" else replace(settings, mail_from="stranger@example.org")
    run(app, refused, mail_url(kept[1], "wrong" if what == "login" else SECRET))
    assert db.session.scalars(sa.select(Job.attempts)).all() == [0, 0, 0]
    said = db.session.scalars(sa.select(Job.error).where(Job.error.is_not(None))).one() or ""
    assert said.startswith(f"The mail server takes nothing from us: {NOT_LET_IN[what]}")
    assert SECRET not in said
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        run(app, settings, mail_url(kept[1], SECRET))
    assert len(kept[0].messages) == 3


@pytest.mark.usefixtures("context")
def test_a_server_that_does_not_even_greet_us_lets_us_not_in(app: Flask, settings: Settings) -> None:
    tell(make.person(), "A subject", "Text")
    db.session.commit()
    with serving(Unfriendly()) as server:
        run(app, settings, server)
    assert (the_job().state, the_job().attempts) == (JobState.READY, 0)
    assert the_job().error == "The mail server takes nothing from us: 550 5.7.1 Client host blocked"


class Unfriendly(Inbox):
    async def handle_HELO(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, _envelope: Any, _hostname: str
    ) -> str:
        return "550 5.7.1 Client host blocked"

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, _envelope: Any, _hostname: str, _responses: list[str]
    ) -> list[str]:
        return ["550 5.7.1 Client host blocked"]


@pytest.mark.usefixtures("context")
def test_a_letter_that_is_too_large_keeps_no_other_waiting(app: Flask, settings: Settings) -> None:
    """A server is told the size together with the sender, and refuses either in the same answer."""
    tell(make.person(), "Large", "Text " * 10_000)
    tell(make.person(), "Small", "Text")
    db.session.commit()
    with serving(inbox := Inbox(), data_size_limit=20_000) as server:
        run(app, settings, server)
    assert len(inbox.messages) == 1
    attempts, error = db.session.execute(
        sa.select(Job.attempts, Job.error).where(Job.outcome.is_(None))
    ).one()
    assert (attempts, (error or "")[:31]) == (1, "The mail server answered: 552 E")


@pytest.mark.usefixtures("context")
def test_a_server_that_breaks_off_over_a_letter_used_up_an_attempt(app: Flask, settings: Settings) -> None:
    tell(make.person(), "A subject", "Text")
    db.session.commit()
    with serving(Abrupt()) as server:
        run(app, settings, server)
    assert (the_job().state, the_job().attempts) == (JobState.READY, 1)
    assert "broke off" in (the_job().error or "")


class Abrupt(Inbox):
    async def handle_DATA(self, server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        server.transport.abort()
        return "250 OK"


@pytest.mark.usefixtures("context")
def test_nobody_waits_for_a_lock_while_a_mail_server_takes_its_time(app: Flask, settings: Settings) -> None:
    """On SQLite there is one lock for all writers; on both no transaction is left open meanwhile."""
    tell(make.person(), "A subject", "Text")
    db.session.commit()
    slow = Moody(pause=4)
    with serving(slow) as server:
        sending = threading.Thread(target=run_alone, args=(app, settings, server))
        sending.start()
        assert slow.asked.wait(30)
        writing.set(True)
        make.person()
        db.session.commit()
        sent_by_then = len(slow.messages)
        sending.join()
    assert (sent_by_then, len(slow.messages)) == (0, 1)


def run_alone(app: Flask, settings: Settings, server: MailServer) -> None:
    with app.app_context():
        run(app, settings, server)


@pytest.mark.usefixtures("_rows")
def test_several_workers_send_each_letter_once(app: Flask, settings: Settings) -> None:
    with app.app_context():
        writing.set(True)
        for number in range(24):
            tell(make.person(), f"Message {number}", "Text")
        db.session.commit()
    with serving(inbox := Inbox()) as server:
        ours = replace(settings, mail=server)
        works = [lambda: worker.work(app, handlers(ours), stop=threading.Event(), once=True)] * 4
        assert at_once(works) == [None] * 4
    assert len(inbox.messages) == 24
    assert len({tuple(envelope.rcpt_tos) for envelope in inbox.messages}) == 24


@pytest.mark.serves
def test_workers_killed_while_a_server_dies_and_returns_lose_nothing(app: Flask, start: Start) -> None:
    """Over SMTP: two workers are killed, the server goes away and comes back, and in the end every letter is there;
    one that came twice is known by its Message-ID."""
    with app.app_context():
        writing.set(True)
        person = make.person()
        for number in range(40):
            tell(person, f"Message {number}", "Text")
        db.session.commit()
        wanted = {f"job-{job_id}" for job_id in db.session.scalars(sa.select(Job.id))}
    inbox, port = Moody(pause=0.02), free_port()
    url = f"smtp://127.0.0.1:{port}"
    with serving(inbox, port):
        workers = [start(url), start(url)]
        wait_until(lambda: len(inbox.messages) > 5)
        workers[0].kill()
        workers[0].wait()
    wait_until(lambda: any_waits_again(app))
    workers[1].kill()
    workers[1].wait()
    forget_leases(app)
    with serving(inbox, port):
        last = start(url)
        wait_until(lambda: message_ids(inbox) == wanted)
        wait_until(lambda: states(app) == {JobState.DONE})
        last.terminate()
        assert last.wait(timeout=20) == 0


def any_waits_again(app: Flask) -> bool:
    with app.app_context():
        writing.set(False)
        return bool(db.session.scalar(sa.select(sa.exists().where(Job.error.is_not(None)))))


def states(app: Flask) -> set[JobState]:
    with app.app_context():
        writing.set(False)
        return set(db.session.scalars(sa.select(Job.state).where(Job.kind == "mail")))


def message_ids(inbox: Inbox) -> set[str]:
    found = (re.search(rb"<(job-[0-9]+)\.", envelope.content) for envelope in inbox.messages)
    return {match[1].decode() for match in found if match}


@pytest.mark.serves
def test_a_killed_worker_loses_no_mail(app: Flask, start: Start, tmp_path: Path) -> None:
    """The worker is killed again and again; in the end every message is there, each under its own number."""
    with app.app_context():
        writing.set(True)
        person = make.person()
        for number in range(60):
            tell(person, f"Message {number}", "Text")
        db.session.commit()
        wanted = {f"job-{job_id}.eml" for job_id in db.session.scalars(sa.select(Job.id))}
    folder = tmp_path / "mail"
    for _ in range(3):
        process = start(f"file:{folder}")
        before = len(list(folder.glob("*.eml"))) if folder.exists() else 0
        wait_until(lambda before=before: folder.exists() and len(list(folder.glob("*.eml"))) > before)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        forget_leases(app)
    process = start(f"file:{folder}")
    wait_until(lambda: {path.name for path in folder.glob("*.eml")} == wanted)
    process.terminate()
    assert process.wait(timeout=20) == 0
    with app.app_context():
        states = set(db.session.scalars(sa.select(Job.state).where(Job.kind == "mail")))
    assert states == {JobState.DONE}


def forget_leases(app: Flask) -> None:
    """What some minutes do: the leases of the killed worker run out, and what failed has rested."""
    with app.app_context():
        writing.set(True)
        db.session.execute(
            sa.update(Job).where(Job.state == JobState.READY).values(leased_until=None, run_at=clock.now())
        )
        db.session.commit()


def wait_until(is_so: Any, seconds: float = 150) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
