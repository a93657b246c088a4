"""Which topics are covered, counted by hand in the framework: how many a category asks for, and what is left."""

from typing import Any

import pytest

from catalog.endorsement.rules import AreaCover, Readiness, TopicState
from catalog.records.ledger import Sure
from tests.endorsement.examples import Rows, monthly, r, reckoned, t
from tests.endorsement.framework import asked, topic_ids
from tests.endorsement.people import PENDING, PLANNED

BY_REFERENCES = ("WWO", "THK", "REF")


def state(of: Readiness, code: str) -> str:
    return next(topic.state.value for area in of.areas for topic in area.topics if topic.topic.code == code)


def area(of: Readiness, code: str) -> AreaCover:
    return next(one for one in of.areas if one.area.code == code)


def of_trainings(code: str) -> list[str]:
    """The topics that trainings are to cover: those of the areas that references do not show."""
    return [topic for topic in asked(code) if topic.partition(".")[0] not in BY_REFERENCES]


# Each: the category, how many topics it asks for, and how many of those references show. Of the 37 of Family
# Specialist 8 are Theoretical Foundations, 3 Law, 2 Systems, 6 Direct Service, 3 Communicating: 22; and 5 Working
# with Others, 5 Thinking, 5 Reflection: 15.
ASKED = [
    ("IFA", 36, 15),
    ("ECFA", 36, 15),
    ("IFS", 37, 15),
    ("ECFS", 37, 15),
    ("IMHS", 46, 18),
    ("ECMHS", 46, 18),
    ("IMHM-C", 55, 18),
    ("ECMHM-C", 55, 18),
    ("IMHM-P", 56, 18),
    ("ECMHM-P", 56, 18),
    ("IMHM-R/F", 58, 18),
    ("ECMHM-R/F", 58, 18),
    ("ERS", 0, 0),
]


@pytest.mark.parametrize(("code", "topics", "by_references"), ASKED, ids=[one[0] for one in ASKED])
def test_without_hours_all_is_missing_but_what_references_show(
    code: str, topics: int, by_references: int
) -> None:
    found = reckoned(code, [])
    states = [topic.state for one in found.areas for topic in one.topics]
    assert (len(states), states.count(TopicState.REFERENCES)) == (topics, by_references)
    assert len(found.missing) == topics - by_references


@pytest.mark.parametrize("code", [one[0] for one in ASKED])
def test_one_training_of_every_topic_covers_the_category(code: str) -> None:
    found = reckoned(code, [t("2024-01-09", 1, topics=of_trainings(code))])
    assert (found.missing, found.has_topics, found.is_complete) == ([], True, False)


# Each: what somebody did, and the state of the topic of attachment.
HOW_FAR: list[tuple[str, Rows, str]] = [
    ("nothing", [], "missing"),
    ("a training", [t("2024-01-09", 1, topics=["TF.attachment"])], "covered"),
    ("a training of another topic", [t("2024-01-09", 9, topics=["TF.pregnancy"])], "missing"),
    ("an hour that waits", [t("2024-01-09", 1, topics=["TF.attachment"], **PENDING)], "pending"),
    ("a seat", [t("2027-01-09", 1, topics=["TF.attachment"], **PLANNED)], "planned"),
    (
        "a seat, and an hour that waits",
        [
            t("2024-01-09", 1, topics=["TF.attachment"], **PENDING),
            t("2027-01-09", 1, topics=["TF.attachment"], **PLANNED),
        ],
        "pending",
    ),
    (
        "all three",
        [
            t("2024-01-09", 1, topics=["TF.attachment"]),
            t("2024-01-09", 1, topics=["TF.attachment"], **PENDING),
            t("2027-01-09", 1, topics=["TF.attachment"], **PLANNED),
        ],
        "covered",
    ),
    (
        "what does not count",
        [t("2024-01-09", 1, topics=["TF.attachment"], not_counted="Sent back.")],
        "missing",
    ),
    ("tomorrow", [t("2026-11-29", 1, topics=["TF.attachment"])], "missing"),
    ("RSC", [r("2024-01-09", 1, topics=frozenset({topic_ids()["TF.attachment"]}))], "missing"),
]


@pytest.mark.parametrize(("rows", "answer"), [one[1:] for one in HOW_FAR], ids=[one[0] for one in HOW_FAR])
def test_how_far_a_topic_is(rows: Rows, answer: str) -> None:
    assert state(reckoned("IFS", rows), "TF.attachment") == answer


def test_a_training_may_cover_what_references_show_and_need_not() -> None:
    found = reckoned("IFS", [t("2024-01-09", 1, topics=["REF.curiosity"])])
    assert state(found, "REF.curiosity") == "covered"
    assert state(found, "REF.contemplation") == "references"
    assert area(found, "REF").state == TopicState.REFERENCES


def test_a_training_of_several_areas_counts_once_and_touches_each() -> None:
    """3 h in Systems and in Communicating: 3 h in all; one training in each area and none in Law."""
    found = reckoned("IFS", [t("2024-01-09", 3, topics=["SE.service_systems", "COM.speaking"])])
    assert found.training.verified == 3 * 60
    assert [area(found, code).trainings for code in ("SE", "COM", "LRAP")] == [1, 1, 0]


def test_an_area_is_as_far_as_its_topic_that_is_least_far() -> None:
    """The three of Law: one covered, one pending, one planned."""
    law = [topic for topic in asked("IFS") if topic.startswith("LRAP.")]
    how: list[dict[str, Any]] = [{}, PENDING, PLANNED]
    rows = [t("2024-01-09", 1, topics=[topic], **more) for topic, more in zip(law, how, strict=True)]
    assert area(reckoned("IFS", rows), "LRAP").state == TopicState.PLANNED
    assert area(reckoned("IFS", rows[:2]), "LRAP").state == TopicState.MISSING
    assert area(reckoned("IFS", [*rows[1:2], t("2024-01-10", 1, topics=law[::2])]), "LRAP").state == "pending"


def test_the_entries_behind_a_topic_are_named() -> None:
    rows = [
        t("2024-01-09", 1, topics=["TF.attachment"]),
        t("2024-01-10", 1, topics=["TF.attachment"], **PENDING),
        t("2024-01-11", 1, topics=["TF.attachment"]),
    ]
    [found] = [one for one in area(reckoned("IFS", rows), "TF").topics if one.topic.code == "TF.attachment"]
    assert found.keys == {Sure.VERIFIED: ("entry-1", "entry-3"), Sure.PENDING: ("entry-2",)}


def test_a_topic_has_the_name_of_its_age_band() -> None:
    def name(code: str) -> str:
        return next(
            one.topic.name for one in area(reckoned(code, []), "TF").topics if one.topic.code == CHILD
        )

    assert (name("IFS"), name("ECFS")) == (
        "Infant/very young child development & behavior",
        "Young child development & behavior",
    )


CHILD = "TF.child_dev"


def test_an_area_of_mentors_is_asked_of_mentors_alone() -> None:
    def areas(code: str) -> set[str]:
        return {one.area.code for one in reckoned(code, []).areas}

    assert {"ADM", "LEAD"} <= areas("IMHM-C")
    assert "RES" in areas("ECMHM-R/F") - areas("ECMHM-P")
    assert not {"ADM", "LEAD", "RES"} & areas("IMHS")


def test_an_area_is_confirmed_only_when_each_of_its_topics_is() -> None:
    found = reckoned("IFS", [])
    assert {one.area.code: one.is_confirmed for one in found.areas} == {
        one.area.code: all(topic.topic.is_confirmed for topic in one.topics) for one in found.areas
    }
    assert not area(found, "TF").is_confirmed


def test_all_hours_and_all_topics_are_complete() -> None:
    """30 of 30, RSC 12 x 2 = 24 of 24, and the 22 topics that trainings are to cover."""
    rows = [t("2024-01-09", 30, topics=of_trainings("IFS")), monthly("2025-01", 12, 2)]
    assert len(of_trainings("IFS")) == 22
    assert reckoned("IFS", rows).is_complete
    assert not reckoned("IFS", [*rows[1:], t("2024-01-09", 30, topics=of_trainings("IFS")[1:])]).is_complete
    assert not reckoned("IFS", rows[:1]).is_complete


def test_the_summary_says_what_lists_need() -> None:
    rows = [t("2024-01-09", 30, topics=of_trainings("IFS")[3:]), monthly("2025-01", 11, 2)]
    found = reckoned("IFS", rows).summary()
    assert (found["on"], found["topics"], len(found["missing"])) == ("2026-11-28", 37, 3)
    assert (found["is_complete"], found["has_hours"]) == (False, False)
    assert found["rsc"] == {"window": "not yet", "sources": "met", "providers": "met"}
    assert [(one["ledger"], one["kind"], one["minutes"], one["verdict"]) for one in found["hours"]] == [
        ("training", "minimum", 1800, "met"),
        ("training", "typical", 3000, "not yet"),
        ("rsc", "minimum", 1440, "not yet"),
    ]
