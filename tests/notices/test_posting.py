"""What a letter becomes when it is sent: whose words, which address, or why it is not sent."""

import threading
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.cli.work import handlers
from catalog.config import MailFolder, Settings
from catalog.extensions import db
from catalog.notices import attaching, muting, services, worker
from catalog.notices.attaching import Attached
from catalog.notices.letters import About, find, letter
from catalog.notices.models import Bounce, Job, LetterTemplate
from tests import factories as make
from tests.notices.plain import PLAIN, tell

pytestmark = pytest.mark.usefixtures("context")

ALWAYS = find("test.always") or letter(
    "test.always", "Always", About.BOOKING, subject="A seat", body="{name},\n\nyou have a seat."
)
FALSE = find("test.false") or letter(
    "test.false", "False", About.BOOKING, subject="A", body="B", holds=lambda about: bool(about["so"])
)
Post = Callable[[], list[EmailMessage]]


@pytest.fixture
def post(app: Flask, settings: Settings, tmp_path: Path) -> Post:
    """Send what is due; gives the messages in their order."""

    def post() -> list[EmailMessage]:
        db.session.commit()
        ours = replace(settings, mail=MailFolder(tmp_path))
        worker.work(app, handlers(ours), stop=threading.Event(), once=True)
        db.session.expire_all()
        found = sorted(tmp_path.glob("*.eml"), key=lambda path: int(path.stem.partition("-")[2]))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]

    return post


def outcome() -> str | None:
    return db.session.scalars(sa.select(Job.outcome).order_by(Job.id.desc()).limit(1)).one()


def words(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def bounced(address: str, **fields: Any) -> None:
    defaults = {"is_permanent": True, "digest": address, "came_at": clock.now()}
    db.session.add(Bounce(address=address, **{**defaults, **fields}))


def test_it_is_sent_in_the_words_it_comes_with(post: Post) -> None:
    ana = make.person("Ana Sample")
    services.send(ana, ALWAYS, {})
    (message,) = post()
    assert message["Subject"] == "A seat"
    assert words(message).startswith("Ana Sample,\n\nyou have a seat.\n\n-- \n")
    assert outcome() == f"sent to {ana.email}"


def test_the_words_a_coordinator_chose_meanwhile_are_taken(post: Post) -> None:
    services.send(make.person("Ana Sample"), ALWAYS, {})
    chosen = LetterTemplate(kind="test.always", subject="Hi {name}", body="Come.", changed_at=clock.now())
    db.session.add(chosen)
    (message,) = post()
    assert (message["Subject"], words(message)[:5]) == ("Hi Ana Sample", "Come.")


def test_it_says_the_same_in_html(post: Post) -> None:
    tell(make.person(), "A subject", "One <b>\n\nhttps://learning.example.org/x")
    (message,) = post()
    assert "<p>One &lt;b&gt;</p>" in words(message, "html")
    assert '<a href="https://learning.example.org/x">' in words(message, "html")


def test_it_says_why_one_gets_it_and_where_one_chooses(post: Post) -> None:
    services.send(make.person(), ALWAYS, {})
    (message,) = post()
    for kind in ("plain", "html"):
        assert "about your own seat, hours" in words(message, kind)
        assert "http://127.0.0.1:8000/account/mail" in words(message, kind)


def test_its_headers_say_what_it_is(post: Post) -> None:
    services.send(make.person(), ALWAYS, {}, reply_to="ivo@example.org")
    (message,) = post()
    assert message["List-Id"] == "<test.always.127.0.0.1>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "ivo@example.org"


def test_only_what_one_can_do_without_can_be_ended_at_once(post: Post) -> None:
    services.send(make.person(), ALWAYS, {})
    tell(make.person(), "A subject", "Text")
    always, plain = post()
    assert "List-Unsubscribe" not in always
    assert plain["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert plain["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/mail/unwanted/")


def test_the_link_that_ends_letters_stays_whole_however_long(app: Flask, post: Post, tmp_path: Path) -> None:
    tell(make.person(), "A subject", "Text")
    post()
    (path,) = tmp_path.glob("*.eml")
    [line] = [line for line in path.read_bytes().split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert len(line) > 78
    assert line.endswith(b">")


def test_what_is_not_wanted_is_not_sent(post: Post) -> None:
    ana = make.person()
    services.mute(ana, PLAIN)
    tell(ana, "A subject", "Text")
    assert (post(), outcome()) == ([], "not wanted")


def test_what_one_cannot_do_without_is_sent_all_the_same(post: Post) -> None:
    ana = make.person()
    services.mute(ana, ALWAYS)
    services.send(ana, ALWAYS, {})
    assert len(post()) == 1


def test_what_is_no_longer_so_is_not_sent(post: Post) -> None:
    services.send(make.person(), FALSE, {}, about={"so": True})
    services.send(make.person(), FALSE, {}, about={"so": False})
    assert (len(post()), outcome()) == (1, "no longer so")


def test_it_goes_to_the_second_address_when_the_first_takes_none(post: Post) -> None:
    ana = make.person(second_email="home@example.org")
    bounced(ana.email)
    services.send(ana, ALWAYS, {})
    (message,) = post()
    assert message["To"].addresses[0].addr_spec == "home@example.org"


@pytest.mark.parametrize("fields", [{"is_permanent": False}, {"cleared_at": clock.now()}])
def test_an_address_that_was_only_late_or_is_tried_again_is_used(post: Post, fields: dict[str, Any]) -> None:
    ana = make.person(second_email="home@example.org")
    bounced(ana.email, **fields)
    services.send(ana, ALWAYS, {})
    (message,) = post()
    assert message["To"].addresses[0].addr_spec == ana.email


def test_without_an_address_that_takes_mail_it_is_not_sent_and_says_so(post: Post) -> None:
    ana = make.person()
    bounced(ana.email)
    services.send(ana, ALWAYS, {})
    assert (post(), outcome()) == ([], "no address takes mail")


def test_it_goes_to_the_address_of_now(post: Post) -> None:
    ana = make.person()
    services.send(ana, ALWAYS, {})
    ana.email = "new@example.org"
    (message,) = post()
    assert message["To"].addresses[0].addr_spec == "new@example.org"


def test_for_an_account_that_was_merged_it_goes_to_whom_it_belongs(post: Post) -> None:
    kept, other = make.person("Ana Sample"), make.person("A. Sample")
    services.send(other, ALWAYS, {})
    other.merged_into_id = kept.id
    (message,) = post()
    assert message["To"].addresses[0].addr_spec == kept.email
    assert words(message).startswith("Ana Sample,")


def test_accounts_merged_in_a_circle_do_not_hang_the_worker(post: Post) -> None:
    one, two = make.person(), make.person()
    one.merged_into_id, two.merged_into_id = two.id, one.id
    services.send(one, ALWAYS, {})
    assert len(post()) == 1


def test_for_nobody_it_is_not_sent(post: Post) -> None:
    services.queue("mail", {"person_id": 999_999, "kind": "test.always", "values": {}})
    assert (post(), outcome()) == ([], "nobody has this account any more")


def test_a_kind_that_is_gone_is_sent_as_it_was_written(post: Post) -> None:
    ana = make.person()
    old = {"person_id": ana.id, "kind": "gone", "subject": "Old", "text": "Still true.", "values": {}}
    services.queue("mail", old)
    (message,) = post()
    assert (message["Subject"], words(message)[:11]) == ("Old", "Still true.")


def test_the_calendar_comes_twice_as_another_reading_and_as_a_file(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, Any]] = []

    def maker(person: Person, payload: Any) -> list[Attached]:
        asked.append((person.id, payload["calendar"]))
        return [Attached("REQUEST", b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")]

    monkeypatch.setattr(attaching, "_makers", [])
    attaching.register(maker)
    ana = make.person()
    services.send(ana, ALWAYS, {}, calendar=7)
    (message,) = post()
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    [reading] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert reading.get_param("method") == "REQUEST"
    [file] = list(message.iter_attachments())
    assert file.get_filename() == "invite.ics"
    assert asked == [(ana.id, 7)]


def test_a_link_is_signed_for_one_person_and_one_kind() -> None:
    ana, otto = make.person(), make.person()
    token = muting.signed(ana.id, PLAIN.kind)
    found = muting.of(token)
    assert found
    assert (found.person, found.letter) == (ana, PLAIN)
    assert muting.of(muting.signed(otto.id, PLAIN.kind)) != found
    assert muting.of(token[:-1]) is None
    assert muting.of(muting.signed(ana.id, ALWAYS.kind)) is None
