"""Taking somebody's second step away, whoever calls for it."""

import pytest

from catalog.errors import ReasonNeeded
from catalog.extensions import db
from catalog.factors import services
from tests import factories as make
from tests.factors.keys import app_of, trail_of

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_an_administrator_says_why(reason: str | None) -> None:
    ana, ada = make.person("Ana Sample"), make.person("Ada Sample", is_administrator=True)
    app_of(ana)
    with pytest.raises(ReasonNeeded):
        services.forget_factors(ana, ada, reason)
    assert ana.second_step_since is not None
    assert "factor.forgotten" not in trail_of(ana.id)


def test_whoever_runs_the_site_need_not() -> None:
    ana = make.person("Ana Sample")
    app_of(ana)
    services.forget_factors(ana, None)
    db.session.flush()
    assert ana.second_step_since is None
    assert trail_of(ana.id)[-1] == "factor.forgotten"
