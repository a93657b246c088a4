"""What readiness says of a few entries; the worked examples of whole people stand beside it."""

from datetime import date

from catalog.competencies.models import Ledger, RuleKind
from catalog.endorsement.rules import Amount, TopicState, Verdict, readiness
from catalog.endorsement.rules.rsc import About
from catalog.records.models import Standing
from tests.endorsement.people import PENDING, PLANNED, book, line, rsc, training

ON = date(2026, 11, 28)
RSC_24 = line(24, Ledger.RSC, months=(12, 24))


def test_only_verified_hours_meet_a_minimum() -> None:
    entries = [training(1, date(2025, 3, 1), 20, 11), training(2, date(2026, 3, 1), 10, 11, **PENDING)]
    found = readiness(entries, book(line(30)), ON)
    check = found.check(Ledger.TRAINING)
    assert check
    assert (check.amount, check.verdict, check.missing, check.still_open) == (
        Amount(1200, 600, 0),
        Verdict.NOT_YET,
        600,
        0,
    )


def test_a_topic_is_as_far_as_its_best_entry() -> None:
    entries = [training(1, date(2025, 3, 1), 3, 11), training(2, date(2027, 1, 9), 3, 11, 12, **PLANNED)]
    states = {t.topic.code: t.state for a in readiness(entries, book(), ON).areas for t in a.topics}
    assert states == {
        "TF.attachment": TopicState.COVERED,
        "TF.pregnancy": TopicState.PLANNED,
        "SE.systems": TopicState.MISSING,
        "REF.self": TopicState.REFERENCES,
    }


def test_what_references_show_is_never_missing() -> None:
    assert [topic.code for topic in readiness([], book(), ON).missing] == [
        "TF.attachment",
        "TF.pregnancy",
        "SE.systems",
    ]


def test_the_typical_amount_is_no_minimum() -> None:
    rules = book(line(30), line(50, kind=RuleKind.TYPICAL))
    found = readiness([training(1, date(2025, 1, 1), 30, 11, 12, 21)], rules, ON)
    typical = found.check(Ledger.TRAINING, RuleKind.TYPICAL)
    assert typical
    assert typical.verdict == Verdict.NOT_YET
    assert found.is_complete


def test_hours_of_the_other_ledger_add_nothing() -> None:
    found = readiness([rsc(1, date(2025, 1, 1), 40)], book(line(30)), ON)
    check = found.check(Ledger.TRAINING)
    assert check
    assert check.amount == Amount()


def test_twelve_monthly_meetings_fill_the_window() -> None:
    entries = [rsc(month, date(2025, month, 14), 2) for month in range(1, 13)]
    found = readiness(entries, book(RSC_24), ON)
    assert [check.verdict for check in found.rsc.checks] == [Verdict.MET] * 3
    assert [check.verdict for check in found.rsc.hours] == [Verdict.MET]


def test_hours_outside_the_best_window_are_left_out() -> None:
    entries = [rsc(1, date(2021, 1, 1), 5), *(rsc(n, date(2025, n, 1), 2) for n in range(2, 13))]
    found = readiness(entries, book(RSC_24), ON)
    check = found.check(Ledger.RSC)
    assert check
    assert (check.amount.verified, found.rsc.left_out) == (
        22 * 60,
        {"entry-1": "It lies outside the 24 months that hold most of your hours."},
    )


def test_a_third_provider_is_left_out() -> None:
    entries = [
        *(rsc(n, date(2025, n, 1), 2) for n in range(1, 9)),
        rsc(20, date(2025, 10, 1), 4, "tess"),
        rsc(21, date(2025, 12, 1), 3, "nils"),
    ]
    found = readiness(entries, book(RSC_24), ON)
    check = found.check(Ledger.RSC)
    assert check
    assert check.amount.verified == 20 * 60
    assert list(found.rsc.left_out) == ["entry-21"]


def test_two_providers_who_gave_the_same_are_for_the_association_to_judge() -> None:
    entries = [rsc(1, date(2025, 1, 1), 12), rsc(2, date(2025, 12, 1), 12, "tess")]
    checks = {check.about: check.verdict for check in readiness(entries, book(RSC_24), ON).rsc.checks}
    assert checks == {
        About.WINDOW: Verdict.MET,
        About.SOURCES: Verdict.UNSURE,
        About.PROVIDERS: Verdict.MET,
    }


def test_of_two_who_gave_the_same_one_alone_may_be_enough() -> None:
    entries = [
        *(rsc(n, date(2025, n, 1), 2) for n in range(1, 13)),
        *(rsc(20 + n, date(2025, n, 2), 2, "tess") for n in range(1, 13)),
    ]
    found = readiness(entries, book(RSC_24), ON)
    assert [check.verdict for check in found.rsc.hours] == [Verdict.MET]
    assert [check.verdict for check in found.rsc.checks] == [Verdict.MET] * 3


def test_an_unknown_provider_makes_the_answer_unsure() -> None:
    entries = [
        rsc(1, date(2025, 1, 1), 20),
        rsc(2, date(2025, 12, 1), 4, standing=Standing.UNKNOWN),
    ]
    found = readiness(entries, book(RSC_24), ON)
    assert [check.verdict for check in found.rsc.hours] == [Verdict.UNSURE]
    assert found.rsc.left_out == {"entry-2": "It is not known how the provider stood on that day."}


def test_peers_and_the_unqualified_do_not_count() -> None:
    entries = [
        rsc(1, date(2025, 1, 1), 24, standing=Standing.PEERS),
        rsc(2, date(2025, 12, 1), 24, held={"IFS"}),
    ]
    found = readiness(entries, book(RSC_24), ON)
    check = found.check(Ledger.RSC)
    assert check
    assert (check.amount.verified, check.verdict) == (0, Verdict.NOT_YET)
    assert "IFS" in found.rsc.left_out["entry-2"]


def test_nothing_is_asked_where_the_minimum_is_none() -> None:
    found = readiness([rsc(1, date(2025, 1, 1), 2)], book(line(0, Ledger.RSC)), ON)
    assert (found.rsc.hours, found.rsc.checks) == ([], [])
