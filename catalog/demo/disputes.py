"""Two marks that Ana disputed: one waits for the trainer, one was put right."""

from collections.abc import Callable
from datetime import datetime, timedelta

from catalog.accounts.models import Person
from catalog.attendance import queries as attendance
from catalog.courses.models import Offering
from catalog.disputes import services
from catalog.disputes.models import Dispute
from catalog.enrollment.queries import live_enrollment

Plan = Callable[[datetime, Callable[[], object]], None]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def plan_dispute(how: str, offering: Offering, ana: Person, plan: Plan, until: datetime) -> None:
    """`how` is "open", asked a day ago and not answered yet, or "settled", soon after the roster was closed."""
    if offering.ends_at is None or offering.trainer is None:
        return
    made: list[Dispute] = []
    trainer = offering.trainer

    def ask() -> None:
        enrolled = live_enrollment(ana, offering)
        cell = attendance.cell(offering.meetings[0].id, enrolled.id) if enrolled else None
        if cell:
            made.append(services.dispute(cell, SENTENCES[how], by=ana))

    def put_right() -> None:
        for one in made:
            text = "You are right, I mixed up two rows of the list (sample answer)."
            services.answer(one, one.entries[-1].id, text, one.meeting.minutes, by=trainer)

    def accept() -> None:
        for one in made:
            services.accept(one, one.entries[-1].id, by=ana)

    if how == "open":
        plan(max(until - 30 * HOUR, offering.ends_at + DAY), ask)
        return
    for days, step in ((3, ask), (4, put_right), (5, accept)):
        plan(offering.ends_at + days * DAY, step)


SENTENCES = {
    "open": "I joined from a second computer after the break and stayed to the end (sample sentence).",
    "settled": "I was there from the beginning and signed the list at the door (sample sentence).",
}
