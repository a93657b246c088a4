"""What people are told about rosters and about the hours that came of them."""

from catalog.notices.letters import About, letter

ROSTER_DUE = letter(
    "roster.due",
    "A roster is to be closed",
    About.DESK,
    subject="Please close the roster: {course}",
    body="{name},\n\nThis session {was} {ago}, and its roster is still open, so people wait for their hours. Mark "
    "whoever is missing and close it here:\n{link}\n\n{course}\nLast meeting: {day}",
    sample={
        "course": "Reading the cues of babies",
        "was": "ended",
        "ago": "3 days ago",
        "day": "Wed 4 Mar 2026",
        "link": "https://learning.example.org/offerings/7/attendance",
    },
)
ROSTERS_OVERDUE = letter(
    "roster.overdue",
    "Rosters are overdue",
    About.DESK,
    subject="{how_many}",
    body="{name},\n\nNobody has closed these rosters yet, so people wait for their hours:\n\n{rosters}\n\n"
    "{in_all} All that are overdue:\n{link}",
    sample={
        "how_many": "3 rosters are overdue",
        "rosters": "- Reading the cues of babies, Wed 4 Mar 2026 (Ivo Sample)",
        "in_all": "In all 3 rosters have been open for 7 days or longer.",
        "link": "https://learning.example.org/rosters/overdue",
    },
)
HOURS = letter(
    "hours.given",
    "Hours were given or changed",
    About.BOOKING,
    subject="Your hours: {course}",
    body="{course}\n{what}\n\n{hours}\n\nYou find all your hours under My learning.",
    sample={
        "course": "Reading the cues of babies",
        "what": "Your hours are there.",
        "hours": "Training hours: 3 h. You were there for 3 h of 3 h. The rule: Full credit from 90 % of the time.",
    },
)
