from catalog.following.models import HowOften

HOW_OFTEN = {
    HowOften.AT_ONCE: "At once",
    HowOften.DAILY: "Once a day, in the morning",
    HowOften.WEEKLY: "Once a week, on Monday morning",
}
