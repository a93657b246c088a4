"""How a course's rules are said: on its page, on the attendance sheet, and beside every hour it gave."""

from catalog.courses.models import AgeBand, Asking, Course, CreditRule, Format, Kind, Meeting, MeetingKind
from catalog.wording import day, hours, when

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


OWN_WORK = {
    MeetingKind.HOMEWORK: "Homework",
    MeetingKind.PRACTICUM: "Practicum",
    MeetingKind.INDIVIDUAL: "Individual hours",
}


def meeting_said(meeting: Meeting, zone: str) -> str:
    """When a meeting is; of work of one's own what it is worth, and its last day: "Homework, 6 h, due …"."""
    if meeting.kind == MeetingKind.SITTING:
        return when(meeting.starts_at, meeting.ends_at, zone)
    return f"{OWN_WORK[meeting.kind]}, {hours(meeting.minutes)}, due {day(meeting.ends_wall)}"


def work_said(meeting: Meeting) -> str:
    """ "6 h of homework, due Fri 30 Apr 2027"."""
    return f"{hours(meeting.minutes)} of {OWN_WORK[meeting.kind].lower()}, due {day(meeting.ends_wall)}"


def meeting_name(meeting: Meeting, zone: str) -> str:
    """A meeting by its day: "Tue 14 Jan 2027", or "Homework, due Fri 30 Apr 2027"."""
    if meeting.kind == MeetingKind.SITTING:
        return day(meeting.starts_at, zone)
    return f"{OWN_WORK[meeting.kind]}, due {day(meeting.ends_wall)}"


def credit_sentence(course: Course, feeds_both: bool | None = None) -> str:
    """The written credit rule. It is stored with every credit as it stood on that day.

    `feeds_both` is whether one session gives both kinds of hours; without it the course's listing decides."""
    percent = course.credit_percent
    rules = {
        CreditRule.FULL_FROM_PERCENT: f"Full credit from {percent} % of the minutes, else none.",
        CreditRule.QUARTER_HOUR: "The minutes attended, rounded down to a quarter hour.",
        CreditRule.ALL_MEETINGS: f"Full credit for at least {percent} % of every meeting, else none.",
        CreditRule.PER_MEETING: "The minutes attended, meeting by meeting.",
    }
    cap = course.credit_cap_minutes
    sentence = rules[course.credit_rule] + (f" At most {hours(cap)} count." if cap is not None else "")
    if course.feeds_both_ledgers if feeds_both is None else feeds_both:
        sentence += " Training hours and RSC hours are reckoned each by itself."
    return sentence


def asking_sentence(course: Course) -> str:
    """Whether people are asked what they think of it; empty where they are not."""
    return {
        Asking.NONE: "",
        Asking.OPTIONAL: "Afterwards you may say what you think of it, without your name.",
        Asking.BEFORE_CERTIFICATE: (
            "The certificate follows once you have answered a few questions about it, without your name."
        ),
    }[course.asking]


def stated_length(minutes: int | None, most: int | None, is_about: bool) -> str:
    """The length as a listing states it: "about 18 h", "18 h to 24 h", "Length not stated"."""
    about = "about " if is_about and minutes is not None else ""
    return about + hours(minutes) + (f" to {hours(most)}" if most else "")
