"""How a course's rules are said: on its page, on the attendance sheet, and beside every hour it gave."""

from catalog.courses.models import AgeBand, Course, CreditRule, Format, Kind
from catalog.wording import hours

KINDS = {
    Kind.IN_SERVICE: "In-service training",
    Kind.REFLECTIVE_GROUP: "Reflective practice group",
    Kind.CERTIFICATE_COURSE: "Certificate course",
}

FORMATS = {
    Format.IN_PERSON: "In person",
    Format.VIRTUAL: "Online",
    Format.HYBRID: "In person and online",
    Format.SELF_PACED: "Self-paced",
}

AGE_BANDS = {
    AgeBand.BIRTH_3: "Birth to 3 years",
    AgeBand.THREE_6: "3 up to 6 years",
    AgeBand.BIRTH_6: "Birth up to 6 years",
    AgeBand.UNKNOWN: "Age not stated",
}


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


def stated_length(minutes: int | None, most: int | None, is_about: bool) -> str:
    """The length as a listing states it: "about 18 h", "18 h to 24 h", "Length not stated"."""
    about = "about " if is_about and minutes is not None else ""
    return about + hours(minutes) + (f" to {hours(most)}" if most else "")
