"""How the rows of an account are called where two are joined."""

from collections.abc import Mapping

KINDS = {
    "enrollment.person_id": ("place on a session", "places on sessions, now and before"),
    "credit.person_id": ("line of hours earned here", "lines of hours earned here"),
    "hour_entry.person_id": ("line of hours from elsewhere", "lines of hours from elsewhere"),
    "certificate.person_id": ("certificate", "certificates"),
    "education.person_id": ("entry of education", "entries of education"),
    "goal.person_id": ("goal", "goals"),
    "endorsed.person_id": ("category that is held", "categories that are held"),
    "qualification.person_id": ("qualification", "qualifications"),
    "rsc_session.person_id": ("individual RSC meeting", "individual RSC meetings"),
    "rsc_session.provider_id": ("individual RSC meeting provided", "individual RSC meetings provided"),
    "hour_entry.provider_id": ("entry of RSC provided", "entries of RSC provided"),
    "course.owner_id": ("course", "courses"),
    "offering.trainer_id": ("session taught", "sessions taught"),
    "meeting_trainer.person_id": ("meeting helped at", "meetings helped at"),
    "meeting_substitute.person_id": ("meeting led for somebody", "meetings led for somebody"),
    "interest.person_id": ("course waited for", "courses waited for"),
    "saved_search.person_id": ("saved search", "saved searches"),
    "calendar_entry.person_id": ("calendar entry", "calendar entries"),
    "calendar_feed.person_id": ("calendar link", "calendar links"),
    "evidence.person_id": ("file", "files"),
    "hour_import.person_id": ("table of past trainings", "tables of past trainings"),
    "job.person_id": ("letter sent or waiting", "letters sent or waiting"),
    "person.merged_into_id": ("account joined before", "accounts joined before"),
    "roster_message_person.person_id": ("message from a trainer", "messages from trainers"),
}
REST = ("thing written down or decided for others", "things written down or decided for others")


def counted(counts: Mapping[str, int]) -> list[str]:
    """`3 certificates`, a line for each kind, in the order above; what somebody did for others comes last."""
    lines = [_said(counts[key], *words) for key, words in KINDS.items() if counts.get(key)]
    rest = sum(count for key, count in counts.items() if key not in KINDS)
    return [*lines, _said(rest, *REST)] if rest else lines


def _said(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
