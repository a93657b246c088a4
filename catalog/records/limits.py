"""What days and lengths can be right for hours from elsewhere. Each gives the sentence why not, or nothing."""

from datetime import date

from catalog.wording import day, hours

LONG_AGO = 1930
MOST_A_DAY = 16 * 60
MOST_MINUTES = 2_000 * 60


def day_refused(began: date, ended: date, today: date) -> str:
    if began.year < LONG_AGO or ended.year < LONG_AGO:
        return f"Choose a day after {LONG_AGO}."
    if ended > today or began > today:
        return "This day is still to come. Write hours down when they are over."
    if ended < began:
        return "The last day is before the first day."
    return ""


def length_refused(minutes: int, began: date, ended: date) -> str:
    if minutes <= 0:
        return "The hours have to be more than 0."
    if minutes > MOST_MINUTES:
        return f"{hours(minutes)} are more than any training has. Write hours of 60 minutes."
    span = (ended - began).days + 1
    if minutes > span * MOST_A_DAY:
        when = f"on {day(began)}" if span == 1 else f"from {day(began)} to {day(ended)}"
        return (
            f"{hours(minutes)} {when} are more than {MOST_A_DAY // 60} hours a day. Give its first and its last day, "
            "or correct the hours."
        )
    return ""
