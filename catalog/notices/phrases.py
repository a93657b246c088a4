"""How the audit trail is read: each action as a sentence, and its details as lines of before and after."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from catalog.wording import clock_time, day

PHRASES = {
    "attendance.marked": "marked {person} on {thing}",
    "checkin.changed": "changed what the door allows at {thing}",
    "checkin.closed": "closed the door of {thing}",
    "checkin.opened": "opened the door of {thing}",
    "checkin.refused": "tried a check-in code that is not valid",
    "checkin.renewed": "made new check-in codes for {thing}",
    "calendar.feed_made": "made an address for their calendar",
    "calendar.feed_revoked": "took back an address of their calendar",
    "certificate.issued": "issued a certificate to {person} for {thing}",
    "certificate.revoked": "revoked the certificate of {person} for {thing}",
    "certificate.superseded": "issued a corrected certificate to {person} for {thing}",
    "course.archived": "took {thing} out of the catalog",
    "course.changes_asked": "asked for changes to {thing}",
    "course.created": "created the course {thing}",
    "course.edited": "edited {thing}",
    "course.imported": "imported {thing} from a file",
    "course.imported_again": "brought {thing} up to date from a file",
    "course.mapped": "changed the mapping of {thing}",
    "course.mapping_reviewed": "reviewed the mapping of {thing}",
    "course.published": "published {thing}",
    "course.submitted": "sent {thing} for review",
    "course.unarchived": "brought {thing} back into the catalog",
    "credit.given": "gave their hours to those who had finished {thing}",
    "credit.changed": "changed the hours of {person} on {thing}",
    "role.ended": "ended the coordinator’s role of {person}",
    "role.granted": "gave {person} the coordinator’s role",
    "dispute.accepted": "said that the disputed mark on {thing} is settled",
    "dispute.answered": "answered about the disputed mark of {person} on {thing}",
    "dispute.decided": "decided about the disputed mark of {person} on {thing}",
    "dispute.opened": "disputed their mark on {thing}",
    "dispute.passed_on": "asked a coordinator about their disputed mark on {thing}",
    "education.added": "wrote down education",
    "education.changed": "changed their education",
    "education.checked": "has seen the education of {person}",
    "education.returned": "sent the education of {person} back",
    "education.withdrawn": "took back an entry of their education",
    "endorsed.added": "wrote down a category they hold",
    "endorsed.changed": "changed what they wrote of a category they hold",
    "endorsed.removed": "took a category off what they hold",
    "endorsed.renewed": "wrote down that a category was renewed",
    "enrollment.accepted": "took the seat that was kept on {thing}",
    "enrollment.added": "added {person} to {thing}",
    "enrollment.approved": "accepted {person} for {thing}",
    "enrollment.declined": "declined the seat that was kept on {thing}",
    "enrollment.kept": "kept {person} a seat in the next term, {thing}",
    "enrollment.held_longer": "held the seat on {thing} for {person} for longer, because its letter left late",
    "enrollment.lapsed": "ended the offer to {person} on {thing}, which nobody answered in time",
    "enrollment.moved_away": "moved {person} away from {thing}",
    "enrollment.moved_here": "moved {person} to {thing}",
    "enrollment.offered": "offered {person} a seat on {thing}",
    "enrollment.promoted": "gave {person} a seat on {thing}, from the waitlist",
    "enrollment.put_first": "put {person} first in the queue of {thing}",
    "enrollment.refused": "said no to {person} for {thing}",
    "enrollment.removed": "took {person} off {thing}",
    "enrollment.requested": "asked for a seat on {thing}",
    "enrollment.seated": "took a seat on {thing}",
    "enrollment.seated_out_of_turn": "seated {person} on {thing}, out of turn",
    "enrollment.waiting": "joined the waitlist of {thing}",
    "enrollment.waitlist_ended": "took {person} off the waitlist of {thing}, which is closed now",
    "enrollment.withdrawn": "withdrew from {thing}",
    "factor.app_added": "set up an app as their second step at sign-in",
    "factor.app_removed": "removed the app that was their second step at sign-in",
    "factor.code_used": "used a recovery code to sign in",
    "factor.codes_made": "made recovery codes for signing in",
    "factor.forgotten": "took the second step at sign-in away from {person}",
    "factor.passkey_added": "added a passkey",
    "factor.passkey_named": "named a passkey",
    "factor.passkey_refused": "refused a passkey of {person} that may have been copied",
    "factor.passkey_removed": "removed a passkey",
    "framework.loaded": "loaded an edition of the framework",
    "framework.area_edited": "edited an area of the framework",
    "framework.category_edited": "edited a category of the framework",
    "framework.policy_added": "added a policy to the framework",
    "framework.policy_edited": "edited a policy of the framework",
    "framework.rule_added": "added a rule to the framework",
    "framework.rule_edited": "edited a rule of the framework",
    "framework.tag_added": "added a tag to the framework",
    "framework.tag_edited": "edited a tag of the framework",
    "framework.topic_edited": "edited a topic of the framework",
    "goal.added": "works toward a category",
    "goal.dropped": "left a goal aside",
    "hours.added": "wrote down hours from elsewhere of {person}",
    "hours.corrected": "corrected hours from elsewhere of {person}",
    "hours.imported": "imported hours from elsewhere of {person}",
    "hours.put_back": "put hours from elsewhere of {person} back",
    "hours.returned": "sent hours from elsewhere of {person} back",
    "hours.verified": "verified hours from elsewhere of {person}",
    "hours.withdrawn": "took back hours from elsewhere of {person}",
    "identity.linked": "linked their account with their organisation's sign-in",
    "identity.unlinked": "ended the link with their organisation's sign-in",
    "letter.reworded": "changed the words of a letter",
    "letter.restored": "went back to the words that a letter came with",
    "mail.addresses_tried_again": "lets mail go again to addresses that were refused for the same reason",
    "mail.all_sent_again": "sent the mail again that had been given up",
    "work.tried_again": "let work be tried again that had been given up",
    "mail.refused": "learned that an address of {person} takes no mail",
    "mail.sent_again": "sent a letter to {person} again",
    "mail.tried_again": "lets mail go again to an address of {person}",
    "material.added": "added material to {thing}",
    "material.put_back": "put material of {thing} back",
    "material.removed": "removed material from {thing}",
    "offering.cancelled": "cancelled {thing}",
    "offering.capacity": "changed the number of seats of {thing}",
    "offering.edited": "edited the session {thing}",
    "offering.posted": "posted the session {thing}",
    "offering.substitute": "named {person} to stand in at a meeting of {thing}",
    "offering.substitute_gone": "let the trainer lead a meeting of {thing} again, instead of {person}",
    "person.account_edited": "changed their own account",
    "person.address_asked": "asked for another address for their account",
    "person.address_changed": "changed the address of their account",
    "person.address_revoked": "said that a change of their address was not theirs",
    "person.password_changed": "changed their password",
    "person.password_reset": "chose a new password by a link that was mailed",
    "person.recovered": "let {person} into their account again, from the shell",
    "person.sign_ins_ended": "ended sign-ins of theirs",
    "person.signed_out": "signed {person} out on every device",
    "person.verified": "confirmed their address",
    "person.added": "made an account for {person}",
    "person.claimed": "chose a password for the account that was made for them",
    "person.export_asked": "asked for a file of everything about them",
    "person.leaving": "asked for their account to be deleted",
    "person.left": "left; their account was deleted",
    "person.stays": "keeps their account after all",
    "person.licence": "changed the licence number of {person}",
    "person.merged": "joined the account of {thing} with that of {person}",
    "person.merge_undone": "took the account of {thing} apart from that of {person} again",
    "person.not_same": "said that {thing} and {person} are two people",
    "person.membership": "changed the membership of {person}",
    "person.qualification_added": "wrote down a qualification of {person}",
    "person.qualification_changed": "changed a qualification of {person}",
    "person.second_address": "changed their second address",
    "person.roles": "changed the roles of {person}",
    "person.signed_up": "opened an account",
    "roster.closed": "closed the roster of {thing}",
    "roster.written": "wrote to people on {thing}",
    "roster.reopened": "opened the roster of {thing} again",
    "rsc.asked": "wrote down an individual RSC session",
    "rsc.confirmed": "confirmed an individual RSC session of {person}",
    "rsc.declined": "did not confirm an individual RSC session of {person}",
    "rsc.withdrawn": "took back an individual RSC session",
    "share.made": "made a link that shows one of their goals",
    "share.revoked": "took back a link that showed one of their goals",
    "table.attendance": "brought in hours from before, from a table",
    "table.enrolling": "put people on {thing} from a list",
    "table.memberships": "brought in memberships from a table",
    "table.undone": "took back the hours that came from a table",
    "trail.purged": "forgot entries of the trail that were over their time",
    "video.read": "uploaded the report of a video meeting of {thing}",
    "video.saved": "saved the report of a video meeting as marks of {thing}",
}

GROUPS = {
    "attendance.": "Attendance",
    "checkin.": "Check-in",
    "certificate.": "Certificates",
    "course.": "Courses",
    "credit.": "Hours",
    "dispute.": "Disputes",
    "education.": "Education",
    "endorsed.": "Endorsement held",
    "enrollment.": "Seats and waitlists",
    "factor.": "Second step at sign-in",
    "framework.": "Framework",
    "goal.": "Goals",
    "hours.": "Hours from elsewhere",
    "identity.": "Sign-in through an organisation",
    "letter.": "Words of letters",
    "mail.": "Mail",
    "material.": "Materials",
    "offering.": "Sessions",
    "person.": "People",
    "role.": "Roles handed on",
    "roster.": "Rosters",
    "rsc.": "Individual RSC",
    "share.": "Links to goals",
    "table.": "Tables brought in",
    "trail.": "The trail itself",
    "video.": "Video meetings",
}
"""The first part of an action, and what the filter calls it."""

PRIVATE = frozenset(
    {"answer", "access_request", "online_link", "password", "password_hash", "token", "email"}
)
"""Details that are never shown here, however they came to be written down."""
NOISE = frozenset({"enrollment_id"})
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(\+00:00|Z)")


def phrase(action: str) -> str:
    """What was done, with places for {person} and {thing}. An action nobody has put into words names itself."""
    return PHRASES.get(action) or action.replace(".", ": ").replace("_", " ") + " ({thing})"


class Fact(NamedTuple):
    """One line of the details. `before` is None where there was nothing to compare."""

    name: str
    before: str | None
    value: str


def facts(details: Mapping[str, Any], zone: str) -> list[Fact]:
    """The details as lines, times on the zone's wall clock; what is private is left out, at any depth."""
    shown = {key: value for key, value in details.items() if key not in PRIVATE | NOISE}
    return list(_facts(_timed(shown, zone)))


def _timed(value: Any, zone: str) -> Any:
    """The same value with its instants, which JSON holds as text, said as people say them."""
    if isinstance(value, dict):
        return {key: _timed(one, zone) for key, one in value.items()}
    if isinstance(value, list):
        return [_timed(one, zone) for one in value]
    if isinstance(value, str) and INSTANT.fullmatch(value):
        instant = datetime.fromisoformat(value)
        return f"{day(instant, zone)}, {clock_time(instant, zone)}"
    return value


def _facts(details: dict[str, Any]) -> Iterator[Fact]:
    for old, new in (("before", "after"), ("was", "now")):
        if isinstance(details.get(old), dict) and isinstance(details.get(new), dict):
            before, after = details.pop(old), details.pop(new)
            yield from (
                Fact(_name(key), _said(before.get(key)), _said(after.get(key)))
                for key in {**before, **after}
                if key not in PRIVATE and before.get(key) != after.get(key)
            )
        elif old in details and new in details:
            yield Fact("", _said(details.pop(old)), _said(details.pop(new)))
    if isinstance(changed := details.pop("changed", None), dict):
        for key, value in changed.items():
            if key in PRIVATE:
                continue
            is_pair = isinstance(value, list) and len(value) == 2
            yield Fact(
                _name(key), _said(value[0]) if is_pair else None, _said(value[1] if is_pair else value)
            )
    for key, value in details.items():
        yield Fact(_name(key), None, _said(value))


def _name(key: str) -> str:
    return {"before": "was", "after": "now"}.get(key) or key.replace("_", " ")


def _said(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(
            key if one is None else f"{_name(key)} {_said(one)}"
            for key, one in value.items()
            if key not in PRIVATE
        )
    return str(value)
