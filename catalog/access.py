"""Who may do what: one line for every route, and what the others are told. The views are held against this table by
tests/access, with real requests: each line as each kind of person, on what is theirs and on what is somebody else's.

A new route is one line: its endpoint, and a rule. The rules:

    everybody                  also without a sign-in; or whoever has the link, where the address is a secret
    signed_in                  everybody with an account, each for themself
    by_role(MAY)               the role is asked before anything is looked at: 403 to the others, whatever the number;
                               `unseen` pass by their role and get 404, as of_public and hidden give it
    of_public(MAY)             the thing itself is public, as a posted session is: 403 to the others
    hidden(MAY, sees=OTHERS)   404 to the others, exactly as if there were no such thing; 403 to those who may see it
                               and not do this

Whoever is not signed in is asked to sign in by all but the first. A session or a course that is not public is as
hidden as anything else."""

from dataclasses import dataclass
from enum import StrEnum


class Who(StrEnum):
    """What somebody is to the thing they ask for. OWNER: whose seat, goal, hours or search it is. TRAINER: who
    teaches the session or keeps the course. HELPER, SUBSTITUTE: who helps at, or leads, one of its meetings."""

    STRANGER = "not signed in"
    PROFESSIONAL = "a professional it does not concern"
    OWNER = "whose it is"
    TRAINER = "the trainer"
    HELPER = "a trainer who helps at a meeting"
    SUBSTITUTE = "a trainer who stands in at a meeting"
    OTHER_TRAINER = "another trainer"
    COORDINATOR = "a coordinator"
    COORDINATES_IT = "a coordinator of the session's county or provider"
    COORDINATES_OTHERS = "a coordinator of other counties or providers"
    ADMINISTRATOR = "an administrator"


class Others(StrEnum):
    """What those are told who may not."""

    SIGN_IN = "are asked to sign in"
    BY_ROLE = "are refused, whatever they ask for"
    OF_PUBLIC = "are refused, though the thing is public"
    HIDDEN = "are told that there is no such thing"


People = frozenset[Who]


@dataclass(frozen=True)
class Rule:
    """`may`: those who may. `sees`: those who may not, and may know that it is there. `unseen`: those who pass by
    their role and are told then that there is no such thing, because it is not of their part."""

    may: People
    others: Others = Others.SIGN_IN
    sees: People = frozenset()
    unseen: People = frozenset()


ALL = frozenset(Who)
PEOPLE = ALL - {Who.STRANGER}
OWNER = frozenset({Who.OWNER})
TRAINER = frozenset({Who.TRAINER})
TEACHES = TRAINER | {Who.HELPER}
ADMINISTRATORS = frozenset({Who.ADMINISTRATOR})
COORDINATORS = ADMINISTRATORS | {Who.COORDINATOR}
IN_PART = frozenset({Who.COORDINATES_IT, Who.COORDINATES_OTHERS})
COORDINATE_IT = COORDINATORS | {Who.COORDINATES_IT}
AUTHORS = COORDINATORS | {Who.TRAINER, Who.HELPER, Who.SUBSTITUTE, Who.OTHER_TRAINER}
KEEPS = COORDINATORS | TRAINER
LEADS = COORDINATE_IT | TRAINER
RUNS = LEADS | {Who.HELPER}
MARKS = RUNS | {Who.SUBSTITUTE}

everybody = Rule(ALL)
signed_in = Rule(PEOPLE)


def by_role(may: People, unseen: People = frozenset()) -> Rule:
    return Rule(may, Others.BY_ROLE, unseen=unseen)


def of_public(may: People) -> Rule:
    return Rule(may, Others.OF_PUBLIC)


def hidden(may: People, sees: People = frozenset()) -> Rule:
    return Rule(may, Others.HIDDEN, sees - may)


coordinators = by_role(COORDINATORS)
each_their_part = by_role(COORDINATORS | IN_PART)
administrators = by_role(ADMINISTRATORS)
own = hidden(OWNER)
read_by_coordinators = hidden(OWNER | COORDINATORS)

RULES: dict[str, Rule] = {
    "static": everybody,
    "htmx": everybody,
    "health": everybody,
    "ready": everybody,
    "accounts.account": signed_in,
    "accounts.ask_to_reset": everybody,
    "accounts.ask_to_verify": signed_in,
    "accounts.begin": everybody,
    "accounts.change_address": signed_in,
    "accounts.change_password": signed_in,
    "accounts.claim": everybody,
    "accounts.confirm": everybody,
    "accounts.confirm_address": everybody,
    "accounts.create": everybody,
    "accounts.edit_address": signed_in,
    "accounts.edit_password": signed_in,
    "accounts.end_other_sign_ins": signed_in,
    "accounts.end_sign_in": own,
    "accounts.forgot": everybody,
    "accounts.keep_address": everybody,
    "accounts.new_address": everybody,
    "accounts.not_me": everybody,
    "accounts.open_account": everybody,
    "accounts.people": coordinators,
    "accounts.reset": everybody,
    "accounts.save_account": everybody,
    "accounts.save_reset": everybody,
    "accounts.sent": everybody,
    "accounts.sign_in": everybody,
    "accounts.sign_ins": signed_in,
    "accounts.sign_out": everybody,
    "accounts.sign_up": everybody,
    "accounts.take_over": everybody,
    "accounts.unverified": signed_in,
    "accounts.update": signed_in,
    "accounts.verify": everybody,
    "attendance.close": of_public(RUNS),
    "attendance.closing": of_public(RUNS),
    "attendance.give_hours": of_public(RUNS),
    "attendance.mark": of_public(MARKS),
    "attendance.overdue": each_their_part,
    "attendance.paper": of_public(MARKS),
    "attendance.recordings": of_public(MARKS),
    "attendance.reopen": of_public(RUNS),
    "attendance.save": of_public(MARKS),
    "attendance.save_paper": of_public(MARKS),
    "attendance.sheet": of_public(MARKS),
    "attendance.sign_in_sheet": of_public(MARKS),
    "attendance.take_in": of_public(RUNS),
    "attendance.take_in_new": of_public(RUNS),
    "attendance.walk_ins": of_public(RUNS),
    "browse.calendar": everybody,
    "browse.course": everybody,
    "browse.feed": everybody,
    "browse.index": everybody,
    "browse.offering": everybody,
    "browse.subscribe": everybody,
    "calendars.create_feed": signed_in,
    "calendars.feed": everybody,
    "calendars.index": signed_in,
    "calendars.months": everybody,
    "calendars.revoke_feed": own,
    "certificates.ask_batch": of_public(RUNS),
    "certificates.ask_revoke": coordinators,
    "certificates.batch": of_public(RUNS),
    "certificates.batch_pdf": of_public(RUNS),
    "certificates.batch_zip": of_public(RUNS),
    "certificates.look_up": everybody,
    "certificates.make_again": of_public(RUNS),
    "certificates.making": of_public(OWNER | RUNS),
    "certificates.pdf": of_public(OWNER | RUNS),
    "certificates.revoke": coordinators,
    "certificates.show": everybody,
    "checkin.close_door": of_public(MARKS),
    "checkin.come": signed_in,
    "checkin.door": of_public(MARKS),
    "checkin.enter": everybody,
    "checkin.new_codes": of_public(MARKS),
    "checkin.open_door": of_public(MARKS),
    "checkin.printed": of_public(MARKS),
    "checkin.read_code": everybody,
    "checkin.scan": everybody,
    "checkin.settings": of_public(MARKS),
    "checkin.show": signed_in,
    "competencies.begin_policy": coordinators,
    "competencies.begin_rule": coordinators,
    "competencies.choose_file": administrators,
    "competencies.create_policy": coordinators,
    "competencies.create_rule": coordinators,
    "competencies.create_tag": coordinators,
    "competencies.download": coordinators,
    "competencies.edit_area": coordinators,
    "competencies.edit_category": coordinators,
    "competencies.edit_policy": coordinators,
    "competencies.edit_rule": coordinators,
    "competencies.edit_tag": coordinators,
    "competencies.edit_topic": coordinators,
    "competencies.index": everybody,
    "competencies.load_file": administrators,
    "competencies.new_policy": coordinators,
    "competencies.new_rule": coordinators,
    "competencies.new_tag": coordinators,
    "competencies.next_policy": coordinators,
    "competencies.next_rule": coordinators,
    "competencies.update_area": coordinators,
    "competencies.update_category": coordinators,
    "competencies.update_policy": coordinators,
    "competencies.update_rule": coordinators,
    "competencies.update_tag": coordinators,
    "competencies.update_topic": coordinators,
    "coordinating.attendance_example": coordinators,
    "coordinating.choose_other": coordinators,
    "coordinating.create_grant": each_their_part,
    "coordinating.end_grant": hidden(COORDINATE_IT),
    "coordinating.grants": each_their_part,
    "coordinating.desk": each_their_part,
    "coordinating.duplicates": coordinators,
    "coordinating.enroll_list": by_role(COORDINATE_IT),
    "coordinating.import_attendance": coordinators,
    "coordinating.import_memberships": coordinators,
    "coordinating.imports": coordinators,
    "coordinating.list_example": each_their_part,
    "coordinating.look_at_both": coordinators,
    "coordinating.members": coordinators,
    "coordinating.members_csv": coordinators,
    "coordinating.memberships_example": coordinators,
    "coordinating.merge": coordinators,
    "coordinating.merges": coordinators,
    "coordinating.not_the_same": coordinators,
    "coordinating.qualifications": coordinators,
    "coordinating.read_attendance": coordinators,
    "coordinating.read_list": by_role(COORDINATE_IT),
    "coordinating.read_memberships": coordinators,
    "coordinating.save_table": by_role(COORDINATE_IT, unseen=IN_PART),
    "coordinating.show_merge": coordinators,
    "coordinating.show_table": by_role(COORDINATE_IT, unseen=IN_PART),
    "coordinating.undo_merge": coordinators,
    "coordinating.undo_table": by_role(COORDINATE_IT, unseen=IN_PART),
    "coordinating.waiting": each_their_part,
    "courses.archive": of_public(KEEPS),
    "courses.ask_changes": coordinators,
    "courses.create": by_role(AUTHORS),
    "courses.edit": of_public(KEEPS),
    "courses.edit_offering": of_public(LEADS),
    "courses.mapping": of_public(KEEPS),
    "courses.new": by_role(AUTHORS),
    "courses.new_offering": of_public(AUTHORS),
    "courses.post_offering": of_public(AUTHORS),
    "courses.publish": coordinators,
    "courses.review": coordinators,
    "courses.review_course": of_public(KEEPS),
    "courses.review_mapping": coordinators,
    "courses.save_mapping": of_public(KEEPS),
    "courses.submit": of_public(KEEPS),
    "courses.unarchive": of_public(KEEPS),
    "courses.update": of_public(KEEPS),
    "courses.update_offering": of_public(LEADS),
    "disputes.accept": hidden(OWNER, sees=RUNS),
    "disputes.answer": hidden(TEACHES, sees=OWNER | COORDINATE_IT),
    "disputes.create": hidden(OWNER, sees=RUNS),
    "disputes.decide": hidden(COORDINATE_IT, sees=OWNER | TEACHES),
    "disputes.index": signed_in,
    "disputes.new": hidden(OWNER, sees=RUNS),
    "disputes.pass_on": hidden(OWNER, sees=RUNS),
    "disputes.show": hidden(OWNER | RUNS),
    "endorsement.area": read_by_coordinators,
    "endorsement.create_endorsed": signed_in,
    "endorsement.create_goal": signed_in,
    "endorsement.create_plan": own,
    "endorsement.create_share": own,
    "endorsement.drop_goal": own,
    "endorsement.edit_endorsed": own,
    "endorsement.export": read_by_coordinators,
    "endorsement.export_csv": read_by_coordinators,
    "endorsement.export_pdf": read_by_coordinators,
    "endorsement.export_rsc_csv": read_by_coordinators,
    "endorsement.export_xlsx": read_by_coordinators,
    "endorsement.export_zip": read_by_coordinators,
    "endorsement.goal": read_by_coordinators,
    "endorsement.goal_hours": read_by_coordinators,
    "endorsement.index": signed_in,
    "endorsement.join_plan": own,
    "endorsement.new_endorsed": signed_in,
    "endorsement.new_plan": own,
    "endorsement.person_goals": coordinators,
    "endorsement.plan": own,
    "endorsement.recount": coordinators,
    "endorsement.remove_endorsed": own,
    "endorsement.renew": own,
    "endorsement.renewal": own,
    "endorsement.replan": own,
    "endorsement.revoke_share": own,
    "endorsement.seats": read_by_coordinators,
    "endorsement.share": own,
    "endorsement.shared": everybody,
    "endorsement.shared_pdf": everybody,
    "endorsement.shared_xlsx": everybody,
    "endorsement.update_checklist": own,
    "endorsement.update_endorsed": own,
    "enrollment.accept": hidden(OWNER, sees=RUNS),
    "enrollment.add": by_role(COORDINATE_IT),
    "enrollment.approve": hidden(RUNS, sees=OWNER),
    "enrollment.cancel": of_public(LEADS),
    "enrollment.change_capacity": by_role(COORDINATE_IT),
    "enrollment.create": signed_in,
    "enrollment.decline": hidden(OWNER, sees=RUNS),
    "enrollment.instead": hidden(OWNER, sees=RUNS),
    "enrollment.move": by_role(COORDINATE_IT, unseen=IN_PART),
    "enrollment.new": signed_in,
    "enrollment.put_first": by_role(COORDINATE_IT, unseen=IN_PART),
    "enrollment.refuse": hidden(RUNS, sees=OWNER),
    "enrollment.remove": by_role(COORDINATE_IT, unseen=IN_PART),
    "enrollment.roster": of_public(RUNS),
    "enrollment.rosters": each_their_part,
    "enrollment.seat_now": by_role(COORDINATE_IT, unseen=IN_PART),
    "enrollment.show": hidden(RUNS, sees=OWNER),
    "enrollment.switch": hidden(OWNER, sees=RUNS),
    "enrollment.withdraw": hidden(OWNER, sees=RUNS),
    "evaluation.create": of_public(OWNER),
    "evaluation.download": of_public(COORDINATE_IT),
    "evaluation.index": coordinators,
    "evaluation.new": of_public(OWNER | RUNS),
    "evaluation.results": of_public(RUNS),
    # Whoever is signed in half-way, and nobody else, gets on with the second step; others are led where they belong.
    "factors.second_step": signed_in,
    "factors.enter_code": signed_in,
    "factors.ask_for_passkey": signed_in,
    "factors.enter_passkey": signed_in,
    "factors.ask_whose_passkey": everybody,
    "factors.sign_in_with_passkey": everybody,
    "factors.add_app": signed_in,
    "factors.add_passkey": signed_in,
    "factors.app": signed_in,
    "factors.ask_for_new_passkey": signed_in,
    "factors.ask_to_confirm": signed_in,
    "factors.ask_to_forget": administrators,
    "factors.confirm": signed_in,
    "factors.confirm_code": signed_in,
    "factors.confirm_passkey": signed_in,
    "factors.confirm_password": signed_in,
    "factors.forget": administrators,
    "factors.index": signed_in,
    "factors.make_codes": signed_in,
    "factors.remove_app": signed_in,
    "factors.remove_passkey": own,
    "factors.rename_passkey": own,
    "organisation.back": everybody,
    "organisation.begin": everybody,
    "organisation.index": signed_in,
    "organisation.link": signed_in,
    "organisation.unlink": own,
    "following.create": signed_in,
    "following.delete": own,
    "following.edit": own,
    "following.end_interest": signed_in,
    "following.index": signed_in,
    "following.interest": coordinators,
    "following.new": signed_in,
    "following.new_interest": signed_in,
    "following.show_interest": signed_in,
    "following.undo": signed_in,
    "following.update": own,
    "following.wanted": coordinators,
    "groups.can_come": hidden(OWNER, sees=MARKS),
    "groups.cannot_come": hidden(OWNER, sees=MARKS),
    "groups.confirm": hidden(TRAINER),
    "groups.decline": hidden(TRAINER),
    "groups.index": signed_in,
    "groups.log": signed_in,
    "groups.name_substitute": hidden(LEADS, sees=OWNER | MARKS),
    "groups.new_session": signed_in,
    "groups.new_term": hidden(LEADS, sees=OWNER | MARKS),
    "groups.plan_next": hidden(LEADS, sees=OWNER | MARKS),
    "groups.show": hidden(OWNER | MARKS),
    "groups.withdraw_session": own,
    "groups.write_down": signed_in,
    "notices.change_second_address": signed_in,
    "notices.choose": signed_in,
    "notices.edit_letter": coordinators,
    "notices.end": everybody,
    "notices.index": coordinators,
    "notices.letters": coordinators,
    "notices.outgoing": coordinators,
    "notices.person_mail": coordinators,
    "notices.preferences": signed_in,
    "notices.preview_letter": coordinators,
    "notices.report": everybody,
    "notices.restore_letter": coordinators,
    "notices.send_again": coordinators,
    "notices.send_all_again": coordinators,
    "notices.trail_csv": coordinators,
    "notices.trail_xlsx": coordinators,
    "notices.try_again": coordinators,
    "notices.try_alike_again": coordinators,
    "notices.try_own_again": signed_in,
    "notices.unwanted": everybody,
    "notices.update_letter": coordinators,
    "notices.want_again": everybody,
    "privacy.ask_for_export": signed_in,
    "privacy.ask_for_leave_link": signed_in,
    "privacy.ask_to_leave": signed_in,
    "privacy.call_off": everybody,
    "privacy.choose": signed_in,
    "privacy.export_file": own,
    "privacy.leave": signed_in,
    "privacy.leave_by_link": signed_in,
    "privacy.leave_link": signed_in,
    "privacy.show": signed_in,
    "privacy.stay": everybody,
    "records.add_qualification": coordinators,
    "records.change_qualification": coordinators,
    "records.change_roles": administrators,
    "records.check_education": coordinators,
    "records.claim": signed_in,
    "records.create_education": signed_in,
    "records.create_hours": signed_in,
    "records.create_person_hours": coordinators,
    "records.edit_education": hidden(OWNER, sees=COORDINATORS),
    "records.edit_hours": hidden(OWNER, sees=COORDINATORS),
    "records.education": signed_in,
    "records.end_sign_ins": coordinators,
    "records.evidence_file": read_by_coordinators,
    "records.hours": signed_in,
    "records.hours_evidence": read_by_coordinators,
    "records.import_example": signed_in,
    "records.import_hours": signed_in,
    "records.import_person_hours": coordinators,
    "records.learning": signed_in,
    "records.new_education": signed_in,
    "records.new_hours": signed_in,
    "records.new_person_hours": coordinators,
    "records.person": coordinators,
    "records.person_hours": coordinators,
    "records.person_transcript": coordinators,
    "records.person_transcript_csv": coordinators,
    "records.person_transcript_pdf": coordinators,
    "records.progress": signed_in,
    "records.put_back_hours": hidden(OWNER, sees=COORDINATORS),
    "records.read_hours": signed_in,
    "records.read_person_hours": coordinators,
    "records.return_education": coordinators,
    "records.return_hours": coordinators,
    "records.review_education": coordinators,
    "records.review_hours": coordinators,
    "records.save_import": read_by_coordinators,
    "records.set_licence": coordinators,
    "records.set_membership": coordinators,
    "records.show_education": read_by_coordinators,
    "records.show_hours": read_by_coordinators,
    "records.show_import": read_by_coordinators,
    "records.transcript": signed_in,
    "records.transcript_csv": signed_in,
    "records.transcript_pdf": signed_in,
    "records.update_education": hidden(OWNER, sees=COORDINATORS),
    "records.update_hours": hidden(OWNER, sees=COORDINATORS),
    "records.verify_hours": coordinators,
    "records.withdraw_education": hidden(OWNER, sees=COORDINATORS),
    "records.withdraw_hours": hidden(OWNER, sees=COORDINATORS),
    "reports.count": coordinators,
    "reports.csv": coordinators,
    "reports.index": coordinators,
    "reports.rows": coordinators,
    "reports.show": coordinators,
    "reports.topic_map": coordinators,
    "reports.xlsx": coordinators,
    "teaching.add_material": hidden(RUNS, sees=OWNER),
    "teaching.copy": of_public(KEEPS),
    "teaching.edit_meeting": of_public(LEADS),
    "teaching.index": by_role(AUTHORS),
    "teaching.material_file": hidden(OWNER | RUNS),
    "teaching.material_list": hidden(OWNER | RUNS),
    "teaching.message_list": of_public(RUNS),
    "teaching.new_message": of_public(RUNS),
    "teaching.preview_message": of_public(RUNS),
    "teaching.put_back_material": hidden(RUNS, sees=OWNER),
    "teaching.remove_material": hidden(RUNS, sees=OWNER),
    "teaching.send_message": of_public(RUNS),
    "teaching.update_meeting": of_public(LEADS),
    "video.change_zone": hidden(RUNS),
    "video.create": of_public(RUNS),
    "video.discard": hidden(RUNS),
    "video.new": of_public(RUNS),
    "video.save": hidden(RUNS),
    "video.show": hidden(RUNS),
    "watching.figures": everybody,
    "watching.show": administrators,
    "watching.try_again": administrators,
}
