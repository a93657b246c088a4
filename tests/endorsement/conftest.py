"""One goal that everybody here knows: Ana works toward Infant Family Specialist."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.courses.services.meetings import sum_up
from catalog.extensions import db, writing
from tests import factories as make
from tests.endorsement import goals
from tests.factories import Cast


class Scene(NamedTuple):
    """The numbers of what is there."""

    goal_id: int
    category_id: int
    area_id: int
    covered_id: int
    missing_id: int
    offering_id: int


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    """30 h of training and 24 h of RSC are asked; Ana has 3 h that cover one topic, and one open session covers the
    other."""
    with app.app_context():
        writing.set(True)
        ana = db.session.get_one(Person, cast.ana.id)
        attachment, pregnancy = make.topic("TF.attachment"), make.topic("TF.pregnancy")
        make.area("REF", by_references=True)
        self_awareness = make.topic("REF.self")
        category = make.category(
            "IFS", asks=(attachment, pregnancy, self_awareness), name="Infant Family Specialist"
        )
        goals.rule(category, 30)
        goals.rule(category, 24, ledger=Ledger.RSC, window_months={"min": 12, "max": 24})
        past = make.offering(
            make.course("Ties", topics=("TF.attachment",)), starts=clock.now() - timedelta(days=90)
        )
        goals.credit(ana, past, topics=(attachment,))
        open_ = make.offering(make.course("Before birth", topics=("TF.pregnancy",)), price_cents=0)
        sum_up(open_)
        goal = goals.goal(ana, category, added_at=open_.created_at)
        db.session.commit()
        return Scene(goal.id, category.id, attachment.area_id, attachment.id, pregnancy.id, open_.id)
