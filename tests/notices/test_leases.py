"""Of several workers one is given a job, although none of their clocks is quite right."""

from datetime import timedelta

import pytest

from catalog import clock
from catalog.extensions import db
from catalog.notices import services

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize(
    "behind", [timedelta(0), timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=4)]
)
def test_a_worker_whose_clock_is_behind_is_not_given_what_another_has(behind: timedelta) -> None:
    services.queue("meetings_soon", {})
    db.session.commit()
    now = clock.now() + timedelta(minutes=10)
    with clock.at(now):
        assert len(services.lease("the first")) == 1
        db.session.commit()
    with clock.at(now - behind):
        assert services.lease("the second") == []


def test_a_clock_put_back_by_far_keeps_nobody_out() -> None:
    services.queue("meetings_soon", {})
    db.session.commit()
    with clock.at(clock.now() + timedelta(days=1)):
        assert len(services.lease("the first")) == 1
        db.session.commit()
    assert len(services.lease("the second")) == 1
