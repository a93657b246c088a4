"""Reports in the layouts of the products, with sample people. The meeting is on Monday, 2 February 2026, 9 to 12."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from catalog.courses.models import Meeting, Offering
from catalog.video import reading
from catalog.video.reading import Join, Participant

wall = datetime.fromisoformat
"""A time of the wall clock, from its ISO form."""
NINE = wall("2026-02-02T09:00")
CHICAGO = "America/Chicago"

ZOOM_SUMMARY = (
    "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n"
    '812 0000 0001,"Attachment, at home",02/02/2026 08:55:00 AM,02/02/2026 12:01:00 PM,ivo@example.org,186,3\n\n'
)
ZOOM_HEAD = (
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent,"
    "In Waiting Room\n"
)


def zoom(*rows: str, summary: str = ZOOM_SUMMARY) -> bytes:
    """Rows as "Ana Sample,ana@example.org,09:00:00 AM,12:00:00 PM,180,No,,No"; days are put before the times."""
    return (summary + ZOOM_HEAD + "".join(f"{row}\n" for row in rows)).encode()


def zoom_row(
    name: str, email: str = "", came: str = "09:00:00", left: str = "12:00:00", waiting: str = "No"
) -> str:
    """One join on the day of the meeting; times are on the 24 hours' clock."""
    begins, ends = (wall(f"2026-02-02 {at}") for at in (came, left))
    minutes = round((ends - begins).total_seconds() / 60)
    times = ",".join(f"{at:%m/%d/%Y %I:%M:%S %p}" for at in (begins, ends))
    return f"{name},{email},{times},{minutes},Yes,,{waiting}"


TEAMS_ROWS = (
    ("Ana Sample", "2/2/26, 9:00:11 AM", "2/2/26, 10:30:11 AM", "1h 30m", "ana@example.org"),
    ("Ana Sample", "2/2/26, 10:40:00 AM", "2/2/26, 12:00:00 PM", "1h 20m", "ana@example.org"),
    ("Otto Sample (Guest)", "2/2/26, 9:05:00 AM", "2/2/26, 12:00:00 PM", "2h 55m", ""),
)


def teams(rows: Sequence[tuple[str, str, str, str, str]] = TEAMS_ROWS) -> str:
    """The report in three sections, as it is before it is encoded."""
    activities = "".join("\t".join((*row, "Attendee")) + "\r\n" for row in rows)
    return (
        "1. Summary\r\nMeeting title\tAttachment at home\r\nAttended participants\t2\r\n"
        "Start time\t2/2/26, 8:55:00 AM\r\nEnd time\t2/2/26, 12:01:00 PM\r\nMeeting duration\t3h 6m\r\n\r\n"
        "2. Participants\r\n"
        "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\r\n"
        "Ana Sample\t2/2/26, 9:00:11 AM\t2/2/26, 12:00:00 PM\t2h 50m\t"
        "ana@example.org\tana.s@work.example\tAttendee\r\n"
        "Otto Sample (Guest)\t2/2/26, 9:05:00 AM\t2/2/26, 12:00:00 PM\t2h 55m\t\t\tAttendee\r\n\r\n"
        "3. In-Meeting Activities\r\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\r\n" + activities
    )


def utf16(text: str) -> bytes:
    """As Teams writes it: small end first, with its mark."""
    return text.encode("utf-16")


MEET_HEAD = "First name,Last name,Email,Duration,Time joined,Time exited\n"


def meet(*rows: str) -> bytes:
    return (MEET_HEAD + "".join(f"{row}\n" for row in rows)).encode()


def read(data: bytes, near: datetime = NINE) -> dict[str, Participant]:
    """Participants by name."""
    return {one.name: one for one in reading.read(data, near).participants}


def times(participant: Participant) -> list[tuple[str, str]]:
    return [
        (f"{join.came:%d %H:%M:%S}", f"{join.left:%d %H:%M:%S}" if join.left else "")
        for join in participant.joins
    ]


def meeting(
    starts: datetime = datetime(2026, 2, 2, 15, tzinfo=UTC), hours: float = 3, rest: int = 0
) -> Meeting:
    """A meeting that is in no database; it begins at 9 in Alabama."""
    ends = starts + timedelta(hours=hours)
    return Meeting(
        number=1,
        starts_at=starts,
        ends_at=ends,
        break_minutes=rest,
        minutes=int(hours * 60) - rest,
        offering=Offering(zone=CHICAGO),
    )


def joined(
    *spans: tuple[str, str], lasted: Sequence[int] = (), total: timedelta | None = None
) -> Participant:
    """A participant with joins at ISO wall-clock times."""
    known: list[timedelta | None] = [timedelta(minutes=minutes) for minutes in lasted]
    known = known or [None] * len(spans)
    joins = tuple(
        Join(
            line,
            wall(came),
            wall(left),
            known[line],
        )
        for line, (came, left) in enumerate(spans)
    )
    return Participant("Ana Sample", joins=joins, total=total)
