"""The application as data for typst; every text in it is ready."""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog import paper
from catalog.competencies.models import Ledger
from catalog.competencies.wording import LEDGERS
from catalog.config import Settings
from catalog.endorsement.application import Application, Counted, Line
from catalog.endorsement.figures import amount_said
from catalog.wording import day, hours

TEMPLATE = "endorsement/application.typ"
NO_RSC = "This category asks for none; they stand here because they were earned."


def pdf(of: Application, settings: Settings) -> bytes:
    return paper.pdf(TEMPLATE, sheet(of, settings))


def sheet(of: Application, settings: Settings) -> dict[str, Any]:
    printed = day(of.on)
    return {
        "title": f"Application of {of.person}, {of.category}, {printed}",
        "site": settings.site_name,
        "person": of.person,
        "category": of.category,
        "edition": of.edition,
        "printed": printed,
        "bars": list(_bars(of)),
        "figures": [
            {"label": one.label, "said": one.said, "answer": one.answer, "known": one.known(of.association)}
            for one in of.figures
        ],
        "parts": list(_parts(of)),
        "what_it_is_not": of.what_it_is_not,
    }


def _bars(of: Application) -> Iterator[dict[str, Any]]:
    """The two ledgers against their minimums, as parts of the bar's length."""
    for ledger in LEDGERS:
        check = of.readiness.check(ledger)
        if check is None or not check.line.minutes:
            continue
        whole = max(check.line.minutes, check.amount.expected)
        yield {
            "verified": check.amount.verified / whole,
            "expected": check.amount.expected / whole,
            "said": f"{LEDGERS[ledger]}: {hours(check.amount.verified)} verified of {hours(check.line.minutes)}",
        }


def _parts(of: Application) -> Iterator[dict[str, Any]]:
    """Tables under one another: each ledger by itself, and what does not count."""
    title, rsc = LEDGERS[Ledger.TRAINING], LEDGERS[Ledger.RSC]
    note = (
        NO_RSC
        if of.rsc and all(line.rsc and line.rsc.counted == Counted.NOT_ASKED for line in of.rsc)
        else ""
    )
    yield _part("trainings", f"{title}: {amount_said(of.training)}", of.trainings)
    yield _part("rsc", f"{rsc}: {amount_said(of.rsc_amount)}", of.rsc_that_counts, note)
    if of.rsc_that_does_not:
        yield _part("rsc", "RSC hours that do not count for this category", of.rsc_that_does_not)
    if of.left_out:
        yield _part("left_out", "What is left out, and why", of.left_out)


def _part(kind: str, title: str, lines: Sequence[Line], note: str = "") -> dict[str, Any]:
    return {"kind": kind, "title": title, "note": note, "lines": [_drawn(line) for line in lines]}


def _drawn(line: Line) -> dict[str, Any]:
    entry, said = line.entry, line.rsc
    drawn = {
        "dates": line.dates,
        "title": entry.title,
        "about": " · ".join(part for part in (entry.trainer, entry.provider) if part),
        "areas": "; ".join(line.areas),
        "topics": "; ".join(line.topics),
        "other_topics": "; ".join(line.other_topics),
        "tags": "; ".join(line.tags),
        "mapping": f"Mapping {line.mapping.lower()}" if line.mapping else "",
        "hours": f"{line.hours} h",
        "minutes": f"{entry.minutes:,} min",
        "known": line.verification,
        "certificate": line.certificate,
        "ledger": "RSC" if entry.ledger == Ledger.RSC else "Training",
        "reason": line.reason,
    }
    if said:
        drawn |= {
            "who": entry.trainer,
            "where": " · ".join(part for part in (entry.title, entry.provider) if part),
            "held": "; ".join(said.categories),
            "standing": said.standing,
            "form": said.form,
            "own": "About RSC one gives" if said.is_about_own else "",
            "counted": said.counted.value,
            "reason": said.why,
        }
    return drawn
