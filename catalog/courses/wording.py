"""How a course's rules are said: on its page, on the attendance sheet, and beside every hour it gave."""

from catalog.courses.models import Course, CreditRule
from catalog.wording import hours


def credit_sentence(course: Course) -> str:
    """The written credit rule. It is stored with every credit as it stood on that day."""
    percent = course.credit_percent
    rules = {
        CreditRule.FULL_FROM_PERCENT: f"Full credit from {percent} % of the minutes, else none.",
        CreditRule.QUARTER_HOUR: "The minutes attended, rounded down to a quarter hour.",
        CreditRule.ALL_MEETINGS: f"Full credit for at least {percent} % of every meeting, else none.",
        CreditRule.PER_MEETING: "The minutes attended, meeting by meeting.",
    }
    cap = course.credit_cap_minutes
    return rules[course.credit_rule] + (f" At most {hours(cap)} count." if cap is not None else "")
