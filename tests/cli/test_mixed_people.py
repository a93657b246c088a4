"""The demo's people, whose password everybody knows, and real people never share a running site."""

from dataclasses import replace

import pytest

from catalog.cli.serve import refuse_mixed_people
from catalog.config import ConfigError, Settings
from catalog.extensions import db
from tests import factories


@pytest.fixture
def sample(context: None) -> None:
    factories.person("Ana").is_sample = True
    db.session.flush()


@pytest.fixture
def real(context: None) -> None:
    factories.person("Olga").is_sample = False
    db.session.flush()


@pytest.mark.usefixtures("sample")
def test_the_demos_people_are_refused_outside_the_demo(settings: Settings) -> None:
    with pytest.raises(ConfigError, match=r"^DEMO is off"):
        refuse_mixed_people(replace(settings, demo=False))


@pytest.mark.usefixtures("real")
def test_real_people_are_refused_inside_the_demo(settings: Settings) -> None:
    with pytest.raises(ConfigError, match=r"^DEMO is on"):
        refuse_mixed_people(replace(settings, demo=True))


@pytest.mark.usefixtures("sample", "real")
def test_somebody_who_signed_up_in_the_demo_is_no_reason_to_refuse(settings: Settings) -> None:
    refuse_mixed_people(replace(settings, demo=True))


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("is_demo", [True, False])
def test_an_empty_catalog_may_become_either(settings: Settings, is_demo: bool) -> None:
    refuse_mixed_people(replace(settings, demo=is_demo))


@pytest.mark.usefixtures("real")
def test_real_people_are_at_home_outside_the_demo(settings: Settings) -> None:
    refuse_mixed_people(replace(settings, demo=False))
