"""Who in the report is who on the roster."""

import time
from collections.abc import Sequence

import pytest

from catalog.video.matching import Fit, Kind, Known, match
from catalog.video.reading import Participant

ANA, JOSE = Known(1, "Ana Sample", "ana@example.org"), Known(2, "José Marin-Sample", "jose@example.org")
TWO_EVAS = [Known(3, "Eva Sample", "eva1@example.org"), Known(4, "Eva Sample", "eva2@example.org")]
ROSTER = [ANA, JOSE, *TWO_EVAS]
IVO = Known(9, "Ivo Sample", "ivo@example.org")


def fits(*people: tuple[str, str]) -> Sequence[Fit]:
    return match([Participant(name, (email,) if email else ()) for name, email in people], ROSTER, [IVO])


def test_an_address_decides_whatever_the_name_is() -> None:
    [fit] = fits(("Ana's iPad", "ana@example.org"))
    assert (fit.kind, fit.key) == (Kind.MATCHED, 1)


def test_case_does_not_matter_in_an_address_and_a_plus_does() -> None:
    people = [Participant("A", ("ana@example.org",)), Participant("B", ("ana+work@example.org",))]
    roster = [Known(1, "Sample", "Ana@Example.org")]
    assert [fit.kind for fit in match(people, roster, [])] == [Kind.MATCHED, Kind.UNKNOWN]


@pytest.mark.parametrize(
    "name",
    [
        "jose marin-sample",
        "JOSÉ  MARIN SAMPLE",
        "Marin-Sample, José",
        "Jo (José Marin-Sample)",
        "José Marin-Sample (he/him)",
        "José Marin-Sample (Guest)",
        "iPhone / Jose Marin Sample",
    ],
)
def test_a_name_proposes_somebody_and_the_trainer_says(name: str) -> None:
    [fit] = fits((name, ""))
    assert (fit.kind, fit.key, fit.why) == (Kind.DOUBTFUL, 2, "same name, no email address")


def test_the_same_name_with_another_address_is_in_doubt() -> None:
    [fit] = fits(("Ana Sample", "other@example.org"))
    assert (fit.kind, fit.key, fit.why) == (Kind.DOUBTFUL, 1, "same name, another email address")


@pytest.mark.parametrize("name", ["Annie Sample", "Ana", "A. Sample", "iPhone", "", "()", ","])
def test_nicknames_and_parts_of_names_are_unknown(name: str) -> None:
    assert fits((name, ""))[0].kind == Kind.UNKNOWN


def test_a_name_that_two_people_have_proposes_neither() -> None:
    [fit] = fits(("Eva Sample", ""))
    assert (fit.kind, fit.key, fit.why) == (Kind.DOUBTFUL, None, "2 people on the roster have this name")


def test_two_participants_of_one_name_propose_nobody() -> None:
    found = fits(("Ana Sample", "one@example.org"), ("Sample, Ana", "two@example.org"))
    assert [(fit.kind, fit.key) for fit in found] == [(Kind.DOUBTFUL, None)] * 2


def test_the_name_of_somebody_matched_already_may_be_a_second_device() -> None:
    sure, doubt = fits(("Ana", "ana@example.org"), ("Ana Sample", ""))
    assert (sure.kind, doubt.kind, doubt.key) == (Kind.MATCHED, Kind.DOUBTFUL, None)
    assert "second device" in doubt.why


def test_those_who_led_it_are_known_by_address_and_by_name() -> None:
    assert [fit.kind for fit in fits(("Host", "ivo@example.org"), ("Ivo Sample", ""))] == [Kind.TRAINER] * 2


def test_five_hundred_by_five_hundred_takes_no_time() -> None:
    roster = [Known(number, f"Sample Number{number}", f"s{number}@example.org") for number in range(500)]
    people = [Participant(f"Number{number}, Sample", ()) for number in range(500)]
    began = time.process_time()
    assert all(fit.key == number for number, fit in enumerate(match(people, roster, [])))
    assert time.process_time() - began < 1
