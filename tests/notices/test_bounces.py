"""Reports of mail servers mark the addresses that take no mail. Strangers can write such reports too."""

import random

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices import dsn, queries, services
from catalog.notices.models import AuditEntry, Bounce, Job, JobState
from tests import factories as make
from tests.notices.plain import tell
from tests.notices.reports import report

pytestmark = pytest.mark.usefixtures("context")
HOST = "127.0.0.1"


@pytest.fixture
def ana() -> Person:
    return make.person("Ana Sample", email="ana@work.example.org")


@pytest.fixture
def sent(ana: Person) -> int:
    """The number of a letter that was sent to her."""
    tell(ana, "A subject", "Text")
    job = db.session.scalars(sa.select(Job).order_by(Job.id)).one()
    job.state, job.outcome, job.done_at = JobState.DONE, f"sent to {ana.email}", clock.now()
    db.session.flush()
    return job.id


def bounces() -> list[Bounce]:
    return list(db.session.scalars(sa.select(Bounce).order_by(Bounce.id)))


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_failure_marks_the_address(ana: Person, sent: int, returned: str) -> None:
    assert services.read(report(ana.email, job_id=sent, returned=returned), HOST) == 1
    (bounce,) = bounces()
    assert (bounce.address, bounce.is_permanent, bounce.job_id) == (ana.email, True, sent)
    assert bounce.reason == "550 5.1.1 User unknown"
    assert queries.address_of(ana) is None


@pytest.mark.parametrize(
    ("action", "status"), [("failed", "4.2.2"), ("delayed", "4.4.1"), ("delayed", "5.0.0")]
)
def test_what_is_late_or_may_pass_is_only_noted(ana: Person, sent: int, action: str, status: str) -> None:
    raw = report(ana.email, job_id=sent, action=action, status=status, said="Try later")
    assert services.read(raw, HOST) == 1
    assert not bounces()[0].is_permanent
    assert queries.address_of(ana) == ana.email


@pytest.mark.parametrize(
    ("status", "said", "is_permanent"),
    [
        ("5.1.1", "550 5.1.1 Message blocked", True),
        ("5.7.1", "550 5.7.1 Blocked by policy", False),
        ("5.2.2", "552 5.2.2 Mailbox full", False),
        # A number that says nothing: then the words count.
        ("5.0.0", "550 User unknown", True),
        ("5.0.0", "554 Sender address rejected", False),
    ],
)
def test_only_that_there_is_no_such_address_marks_it(
    ana: Person, sent: int, status: str, said: str, is_permanent: bool
) -> None:
    services.read(report(ana.email, job_id=sent, status=status, said=said), HOST)
    assert [bounce.is_permanent for bounce in bounces()] == [is_permanent]


def test_the_trail_says_that_an_address_was_marked_and_not_which(ana: Person, sent: int) -> None:
    services.read(report(ana.email, job_id=sent), HOST)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "mail.refused")).one()
    assert (entry.person_id, entry.details) == (ana.id, {})


def test_a_report_that_comes_twice_counts_once(ana: Person, sent: int) -> None:
    raw = report(ana.email, job_id=sent)
    assert [services.read(raw, HOST), services.read(raw, HOST)] == [1, 0]
    assert len(bounces()) == 1


def test_a_report_read_again_does_not_mark_what_is_tried_again(ana: Person, sent: int) -> None:
    services.read(report(ana.email, job_id=sent), HOST)
    services.try_again(ana, ana.email, by=ana)
    services.read(report(ana.email, job_id=sent), HOST)
    assert queries.address_of(ana) == ana.email


def test_letters_in_capitals_are_the_same_address(ana: Person, sent: int) -> None:
    assert services.read(report("Ana@Work.Example.org", job_id=sent), HOST) == 1


def test_a_second_address_is_marked_too(ana: Person, sent: int) -> None:
    ana.second_email = "home@example.org"
    db.session.get_one(Job, sent).outcome = "sent to home@example.org"
    assert services.read(report("home@example.org", job_id=sent), HOST) == 1
    assert queries.address_of(ana) == ana.email


# What is not believed.


def test_about_a_letter_that_was_not_sent_to_this_address(ana: Person, sent: int) -> None:
    otto = make.person("Otto Sample")
    assert services.read(report(otto.email, job_id=sent), HOST) == 0


@pytest.mark.parametrize("more", [{"job_id": 999_999}, {"host": "elsewhere.example.org"}])
def test_about_a_letter_that_is_none_of_ours(ana: Person, sent: int, more: dict[str, int | str]) -> None:
    assert services.read(report(ana.email, **{"job_id": sent, **more}), HOST) == 0  # type: ignore[arg-type]


def test_about_an_address_of_nobody_here(sent: int) -> None:
    db.session.get_one(Job, sent).outcome = "sent to nobody@example.org"
    assert services.read(report("nobody@example.org", job_id=sent), HOST) == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: Hello\n\nI am on holiday until Monday.\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\n\n--x--",
        b"Content-Type: multipart/report; report-type=delivery-status\n\nno boundary",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n\n--x--",
        b"Content-Type: =?x?q?=00?=; boundary==\n\n" + b"--=\n" * 1000,
        b"Content-Type: multipart/report; boundary=a\n\n" * 2000,
        report("ana@work.example.org", job_id=1, status="six"),
        report("ana@work.example.org", job_id=1, status="2.0.0", action="delivered"),
        report("", job_id=1),
    ],
    ids=range(11),
)
def test_what_is_no_such_report_is_passed_over(
    sent: int, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert services.read(raw, HOST) == 0
    assert bounces() == []
    assert len(caplog.records) == 1


def test_a_report_larger_than_any_about_our_letters_is_passed_over(ana: Person, sent: int) -> None:
    assert services.read(report(ana.email, job_id=sent) + b"x" * dsn.LARGEST, HOST) == 0


def test_a_report_with_broken_bytes_is_never_an_error(ana: Person, sent: int) -> None:
    sound = bytearray(report(ana.email, job_id=sent))
    some = random.Random(7)
    for _ in range(300):
        broken = bytearray(sound)
        for _ in range(some.randint(1, 30)):
            broken[some.randrange(len(broken))] = some.randrange(256)
        services.read(bytes(broken[: some.randint(1, len(broken))]), HOST)
    assert len(bounces()) <= 300


def test_a_reason_that_no_database_holds_is_never_an_error(ana: Person, sent: int) -> None:
    assert services.read(report(ana.email, job_id=sent, said="550 \x00 \udcff 5.1.1 no"), HOST) == 1


def test_a_report_names_only_so_many_addresses(ana: Person, sent: int) -> None:
    names = [f"a{number}@example.org" for number in range(500)]
    assert len(dsn.reports(report(*names, job_id=sent))) == dsn.MOST_RECIPIENTS


# Trying again.


def test_only_ones_own_address_is_tried_again(ana: Person, sent: int) -> None:
    services.read(report(ana.email, job_id=sent), HOST)
    assert not services.try_again(make.person("Otto Sample"), ana.email, by=ana)
    assert queries.address_of(ana) is None
