"""What people are told about their plans."""

from flask import current_app

from catalog.endorsement.models import PlanStep
from catalog.notices.letters import About, letter
from catalog.notices.services import send
from catalog.wording import day

GAP = letter(
    "plan.gap",
    "A session of your plan is gone",
    About.REMINDER,
    subject="Your plan has a gap: {course}",
    body="{name},\n\nOne session of your plan is gone: {course}{begins}. {reason}\n\nYour other seats stay yours. To "
    "see what can take its place, open your plan and choose “Plan again”:\n{link}",
    sample={
        "course": "Reading the cues of babies",
        "begins": ", Tue 14 Jan 2027",
        "reason": "This session was cancelled.",
        "link": "https://learning.example.org/goal/7/plan/7",
    },
)


def gap(step: PlanStep) -> None:
    """By a mail of its own: that of the session says what happened, this one how to go on."""
    plan, offering = step.plan, step.offering
    values = {
        "course": offering.course.title,
        "begins": f", {day(offering.starts_at, offering.zone)}" if offering.starts_at else "",
        "reason": step.said,
        "link": f"{current_app.config['CATALOG'].site_url}/goal/{plan.goal_id}/plan/{plan.id}",
    }
    send(plan.goal.person, GAP, values, dedupe_key=f"plan step {step.id} is lost")
