"""Counties, and how far they are from one another."""

from catalog.places import counties, distance_km


def test_from_middle_to_middle_there_and_back_alike() -> None:
    """Montgomery to Pike is about 50 km, and the state is about 500 km long."""
    assert distance_km("01101", "01109") == distance_km("01109", "01101") == 53
    assert 440 < distance_km("01097", "01089") < 500


def test_within_a_county_and_where_one_is_not_known_it_is_nothing() -> None:
    assert distance_km("01101", "01101") == distance_km(None, "01101") == distance_km("01101", "99999") == 0


def test_every_county_has_its_place_in_alabama() -> None:
    for county in counties().values():
        assert 30 < (county.latitude or 0) < 35.1, county
        assert -88.6 < (county.longitude or 0) < -84.8, county
