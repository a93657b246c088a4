"""A name is corrected while the certificates of a session are being issued."""

from flask import Flask

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.certificates import services
from catalog.extensions import db, writing
from tests.attendance.sheets import inside
from tests.certificates.papers import certificates, closed
from tests.coordinating.test_merge_race import overlapping
from tests.factories import Cast


def test_what_is_issued_under_the_old_name_is_issued_anew(app: Flask, cast: Cast) -> None:
    with inside(app):
        offering_id = closed("Ana Sampel").id
        ana_id = db.session.query(Person).filter_by(name="Ana Sampel").one().id

    def rename() -> None:
        ana = db.session.get_one(Person, ana_id)
        accounts.change_account(ana, name="Ana Sample", county=None, zone=None, licence=None)
        db.session.commit()
        # What the worker does for it, at once.
        writing.set(True)
        services.reissue_for_person(ana_id)

    overlapping(app, lambda: services.issue_for_offering(offering_id), rename)
    with inside(app):
        in_force = [one.facts["person"] for one in certificates() if one.is_in_force]
    assert in_force == ["Ana Sample"]
