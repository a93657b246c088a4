"""The facts of a certificate as lines of label and text. The paper and the public page print this one list, so
that they cannot say different things."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from catalog.certificates.facts import Facts
from catalog.certificates.models import Certificate
from catalog.competencies.models import Ledger
from catalog.competencies.wording import ledger_name, ledger_word
from catalog.wording import day, hours

WHO, HOURS, COVERS, ABOUT = "Who and what", "Hours", "What it covers", "About this certificate"


class Line(NamedTuple):
    label: str
    text: str


class Group(NamedTuple):
    title: str
    lines: list[Line]


def groups(certificate: Certificate, site_url: str) -> list[Group]:
    """Everything that stands on the paper, in its order. Lines without a text are left out."""
    facts = certificate.facts
    found = (
        (WHO, _who(facts)),
        (HOURS, [*_parts(facts), *_hours(facts)]),
        (COVERS, _covers(facts)),
        (ABOUT, _about(certificate, site_url)),
    )
    said = [Group(title, [Line(*one) for one in lines if one[1]]) for title, lines in found]
    return [group for group in said if group.lines]


def lines(certificate: Certificate, site_url: str) -> list[Line]:
    return [line for group in groups(certificate, site_url) for line in group.lines]


def link(certificate: Certificate, site_url: str) -> str:
    """What the QR code opens."""
    return f"{site_url.rstrip('/')}/c/{certificate.number}"


def clock_hours(minutes: int) -> str:
    """Clock hours are 60 minutes, so both are said: "3 h (180 minutes)"."""
    return f"{hours(minutes)} ({minutes:,} minute{'' if minutes == 1 else 's'})"


Pairs = list[tuple[str, str]]


def _who(facts: Facts) -> Pairs:
    return [
        ("Name", facts["person"]),
        ("Course", facts["course"]),
        ("Kind", facts["kind"]),
        ("Dates", "; ".join(facts.get("dates", []))),
        ("Format", facts.get("format", "")),
        ("Language", facts.get("language", "")),
        ("Provider", facts["provider"]),
        ("Sponsor", facts["sponsor"]),
        ("Trainer", _trainer(facts["trainer"]) if facts.get("trainer") else facts.get("named_trainers", "")),
        ("With", "; ".join(_trainer(one) for one in facts.get("co_trainers", []))),
    ]


def _trainer(trainer: Facts) -> str:
    held = ", ".join(trainer["held"]) or "no qualification is recorded for these days"
    return f"{trainer['name']} ({held})"


def _parts(facts: Facts) -> Pairs:
    """The parts of a certificate course, each with its own dates and hours."""
    return [
        (
            f"Part {number}",
            f"{part['course']}; {'; '.join(part['dates'])}; "
            + ", ".join(f"{_ledger(one)} {clock_hours(one['minutes'])}" for one in part["credits"]),
        )
        for number, part in enumerate(facts.get("components", []), 1)
    ]


def _hours(facts: Facts) -> Pairs:
    found: Pairs = []
    given = facts["credits"]
    for one in given:
        found += [
            (_ledger(one), clock_hours(one["minutes"])),
            ("Attended", f"{clock_hours(one['attended'])} of {clock_hours(one['held'])}"),
            ("By the rule", one["rule"]),
            ("Does not count", one["not_counted_because"]),
        ]
    if len(given) > 1:
        found.append(("Two ledgers", "Training hours and RSC hours are kept apart and never added together."))
    found += [
        (OWN_WORK[kind], f"{clock_hours(done)} of {clock_hours(worth)}, within the minutes attended")
        for kind, (done, worth) in facts["own_work"].items()
    ]
    found.append(("About", "; ".join(facts["tags"])))
    found += [("How it is known", known) for known in dict.fromkeys(_known(one) for one in given)]
    if facts["ce_number"]:
        number = f"Provider number {facts['ce_number']}"
        found.append(
            ("Continuing education", f"{facts['ce_credits']}. {number}" if facts["ce_credits"] else number)
        )
    return found


OWN_WORK = {"homework": "Homework", "practicum": "Practicum", "individual": "Individual hours"}


def _ledger(credit: Facts) -> str:
    if credit["ledger"] == Ledger.RSC and credit["not_counted_because"]:
        return "Group hours, not RSC hours"
    return ledger_name(credit["ledger"])


def _known(credit: Facts) -> str:
    known = str(credit["known_by"]).capitalize()
    return f"{known}: {credit['taken_by']}" if credit["taken_by"] else known


def _covers(facts: Facts) -> Pairs:
    return [(area["name"], _area(area)) for area in facts["areas"]]


def _area(area: Facts) -> str:
    return " ".join(f"{sentence.rstrip('.')}." for sentence in _sentences(area))


def _sentences(area: Facts) -> Iterator[str]:
    if area["minutes"]:
        both = len(area["minutes"]) > 1
        yield " and ".join(
            clock_hours(minutes) + (f" of {ledger_word(ledger)}" if both else "")
            for ledger, minutes in area["minutes"]
        )
    if area["topics"]:
        # Whatever is known otherwise than its area says so itself.
        yield "; ".join(
            topic["name"] + ("" if topic["mapping"] == area["mapping"] else f" ({_inside(topic['mapping'])})")
            for topic in area["topics"]
        )
    yield area["mapping"]


def _inside(said: str) -> str:
    return said[0].lower() + said[1:]


def _about(certificate: Certificate, site_url: str) -> Pairs:
    facts = certificate.facts
    return [
        ("Number", certificate.number),
        ("Issued on", day(date.fromisoformat(facts["issued_on"]))),
        ("Issued by", facts["site"]),
        ("Framework", facts["framework"]),
        (
            "What it is not",
            "This is neither a licence nor Endorsement®. "
            f"{facts['association']} decides what counts toward Endorsement.",
        ),
        ("Check it at", link(certificate, site_url)),
    ]
