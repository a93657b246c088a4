"""The sabotages: each takes one guard away, and names the tests that have to notice.

`was` stands exactly once in its file; a test holds that, so that none is left behind when the code moves on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Patch:
    """`engine` is the database on which the tests `noticed_by` are run."""

    name: str
    file: str
    was: str
    becomes: str
    noticed_by: tuple[str, ...]
    engine: Literal["sqlite", "postgresql"] = "sqlite"


def apply(patch: Patch, folder: Path) -> None:
    """Make the change in the project at `folder`. Raises ValueError where its place is not found once."""
    file = folder / patch.file
    text = file.read_text(encoding="utf-8")
    if text.count(patch.was) != 1:
        raise ValueError(f"{patch.name}: its place stands {text.count(patch.was)} times in {patch.file}")
    file.write_text(text.replace(patch.was, patch.becomes), encoding="utf-8")


SEATS = (
    Patch(
        "no-seat-lock-sqlite",
        "catalog/extensions.py",
        """        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except""",
        """        connection.exec_driver_sql("BEGIN")
    except""",
        ("tests/enrollment/test_race.py", "tests/test_write_lock.py"),
    ),
    Patch(
        "no-seat-lock-postgresql",
        "catalog/enrollment/seats.py",
        "in_order.with_for_update(skip_locked=not waits).scalar_subquery()",
        "in_order.scalar_subquery()",
        ("tests/enrollment/test_race.py", "tests/enrollment/test_missed_each_other.py"),
        "postgresql",
    ),
    Patch(
        "check-outside-the-lock",
        "catalog/enrollment/services/queue.py",
        '    seats.lock(enrollment.offering)\n    db.session.refresh(enrollment, ["state", "seat_id", "offer_ends_at", "queued_at"])\n',
        "",
        ("tests/enrollment/test_race.py", "tests/enrollment/test_missed_each_other.py"),
        "postgresql",
    ),
    Patch(
        "joined-as-it-was-read",
        "catalog/enrollment/seats.py",
        "held = sa.exists(_as_read(offering_id, version).with_for_update(read=True))",
        "held = sa.exists(_as_read(offering_id, version))",
        ("tests/enrollment/test_read_before.py",),
        "postgresql",
    ),
    Patch(
        "backup-without-the-password",
        "catalog/cli/copying.py",
        'os.environ | ({"PGPASSWORD": str(password)} if password else {})',
        "os.environ.copy()",
        ("tests/deploy/test_backup.py",),
        "postgresql",
    ),
    Patch(
        "many-leased-at-once",
        "catalog/notices/services/leasing.py",
        ".where(Job.id == due)",
        ".where(Job.id.in_(due))",
        ("tests/notices/test_leases.py",),
        "postgresql",
    ),
    Patch(
        "seat-index-dropped",
        "migrations/versions/0001_the_main_job.py",
        'batch_op.create_index("uq_enrollment_seat_id", ["seat_id"], unique=True)',
        'batch_op.create_index("uq_enrollment_seat_id", ["seat_id"], unique=False)',
        ("tests/enrollment/test_enroll.py",),
    ),
    Patch(
        "twice-on-one-session",
        "migrations/versions/0001_the_main_job.py",
        """            ["offering_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('requested', 'waiting', 'offered', 'seated')"),
""",
        """            ["offering_id", "person_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('requested', 'waiting', 'offered', 'seated')"),
""",
        ("tests/enrollment/test_enroll.py", "tests/enrollment/test_race.py"),
    ),
    Patch(
        "promotion-outside-the-withdrawal",
        "catalog/enrollment/services/joining.py",
        "    letters.withdrawn(enrollment)\n    move_queue(enrollment.offering)\n",
        "    letters.withdrawn(enrollment)\n    db.session.commit()\n    move_queue(enrollment.offering)\n",
        ("tests/enrollment/test_queue.py", "tests/test_architecture.py"),
    ),
    Patch(
        "queue-jumped",
        "catalog/enrollment/services/joining.py",
        "behind_queue = not offering.rests(clock.now())",
        "behind_queue = False",
        ("tests/enrollment/test_queue.py", "tests/enrollment/test_enroll.py"),
    ),
    Patch(
        "late-offer-taken",
        "catalog/enrollment/services/queue.py",
        "return enrollment.offer_ends_at is not None and enrollment.offer_ends_at <= clock.now()",
        "return False",
        ("tests/enrollment/test_queue.py",),
    ),
)

LETTERS = (
    Patch(
        "outbox-after-the-commit",
        "catalog/notices/services/outbox.py",
        "    db.session.connection().execute(_insert(dedupe_key is not None), made)\n",
        """    later = _insert(dedupe_key is not None)

    def after(_session: Any) -> None:
        sa.event.remove(db.session, "after_commit", after)
        with db.engine.begin() as connection:
            connection.execute(later, made)

    sa.event.listen(db.session, "after_commit", after)
""",
        ("tests/notices/test_outbox.py",),
    ),
    Patch(
        "sent-before-sending",
        "catalog/notices/worker.py",
        "        outcome = handlers[job.kind](job.id, job.payload)\n        services.finish(job.id, name, outcome)\n",
        "        services.finish(job.id, name, None)\n        db.session.commit()\n        outcome = handlers[job.kind](job.id, job.payload)\n",
        ("tests/notices/test_workers.py",),
    ),
    Patch(
        "lease-given-to-two",
        "catalog/notices/services/leasing.py",
        "        .with_for_update(skip_locked=True)\n",
        "",
        ("tests/notices/test_workers.py",),
        "postgresql",
    ),
    Patch(
        "message-id-of-each-attempt",
        "catalog/notices/mail.py",
        'numbering.message_id(job_id, host or "", settings.secret_key)',
        'numbering.message_id(job_id + at.microsecond, host or "", settings.secret_key)',
        ("tests/outside/test_forged_reports.py",),
    ),
    Patch(
        "mail-within-the-transaction",
        "catalog/notices/worker.py",
        "        mail.deliver(made.message, settings)\n",
        "        db.session.execute(sa.select(Job.id).where(Job.id == job_id).with_for_update())\n        mail.deliver(made.message, settings)\n",
        ("tests/failures/test_mail_hangs.py",),
    ),
)

WHO = (
    Patch(
        "owner-dropped-on-a-read",
        "catalog/records/access.py",
        """    found = queries.education(education_id)
    if found is None or not (found.person_id == person.id or person.is_coordinator):
        abort(404)
""",
        "    found = queries.education(education_id) or abort(404)\n",
        ("tests/records/test_education.py",),
    ),
    Patch(
        "owner-dropped-on-a-write",
        "catalog/enrollment/access.py",
        """    if enrollment.person_id != person.id:
        abort(403 if may_run(person, enrollment.offering) else 404)
""",
        "",
        ("tests/enrollment/test_joining_pages.py",),
    ),
    Patch(
        "owner-dropped-on-a-fragment",
        "catalog/groups/access.py",
        """    if not may_coordinate(person, group):
        abort(404)
""",
        "",
        ("tests/groups/test_confidential.py",),
    ),
    Patch(
        "post-under-the-permission-of-the-page",
        "catalog/records/access.py",
        "    return found if may_write(person, found) else abort(403)\n",
        "    return found\n",
        ("tests/records/test_correct_hours.py",),
    ),
    Patch(
        "a-field-unescaped",
        "templates/enrollment/roster.html",
        """{{ row.person.name }}</a>{% if e.access_request %}""",
        """{{ row.person.name|safe }}</a>{% if e.access_request %}""",
        ("tests/enrollment/test_roster_pages.py",),
    ),
    Patch(
        "roster-for-everybody",
        "catalog/enrollment/access.py",
        """    offering = queries.offering_with_meetings(offering_id) or abort(404)
    if not may_run(person, offering):
        abort(refusal(offering))
""",
        "    offering = queries.offering_with_meetings(offering_id) or abort(404)\n",
        ("tests/enrollment/test_roster_pages.py",),
    ),
)

ACCOUNTS = (
    Patch(
        "role-cached-in-the-session",
        "catalog/web/guards.py",
        "            if not getattr(current_user, may):\n                abort(403)\n",
        """            if not __import__("flask").session.setdefault(f"may {may}", bool(getattr(current_user, may))):
                abort(403)
""",
        ("tests/coordinating/test_grants.py",),
    ),
    Patch(
        "host-in-the-reset-link",
        "catalog/accounts/links.py",
        'url = f"{settings.site_url}{self.path}{self.key_for(*says)}"',
        "url = f\"{__import__('flask').request.host_url.rstrip('/')}{self.path}{self.key_for(*says)}\"",
        ("tests/accounts/test_reset.py", "tests/accounts/test_sign_up.py"),
    ),
    Patch(
        "forwarded-for-believed",
        "catalog/__init__.py",
        """    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies,""",
        """    if True:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=1,""",
        ("tests/accounts/test_tries.py",),
    ),
    Patch(
        "reset-link-used-twice",
        "catalog/accounts/proofs.py",
        "if person and not person.is_closed and as_it_was == _as_it_is(person):",
        "if person and not person.is_closed and as_it_was:",
        ("tests/accounts/test_reset.py",),
    ),
    Patch(
        "sign-ins-survive-a-reset",
        "catalog/accounts/services/choosing.py",
        "    end_all(person)\n",
        "",
        ("tests/accounts/test_reset.py",),
    ),
    Patch(
        "half-open-sign-in-opens",
        "catalog/accounts/queries.py",
        """            SignIn.ends_at > sa.bindparam("now"),
            SignIn.awaits_factor.is_(False),
""",
        """            SignIn.ends_at > sa.bindparam("now"),
""",
        ("tests/factors/test_second_step.py",),
    ),
    Patch(
        "app-code-reused",
        "catalog/factors/services/apps.py",
        "AuthenticatorApp.person_id == person.id, AuthenticatorApp.last_step < step)",
        "AuthenticatorApp.person_id == person.id)",
        ("tests/factors/test_app.py",),
    ),
    Patch(
        "recovery-code-reused",
        "catalog/factors/services/codes.py",
        "RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))",
        "RecoveryCode.person_id == person.id)",
        ("tests/factors/test_codes.py",),
    ),
    Patch(
        "tries-not-counted",
        "catalog/limits.py",
        "    failures, until = _count(key, window)\n    if failures > most:\n",
        "    failures, until = _count(key, window)\n    if failures > most * 100:\n",
        ("tests/accounts/test_tries.py",),
    ),
    Patch(
        "trail-can-be-changed",
        "migrations/versions/0016_roles.py",
        '        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry "',
        '        "CREATE TRIGGER audit_entry_no_change BEFORE TRUNCATE ON audit_entry "',
        ("tests/notices/test_append_only.py",),
        "postgresql",
    ),
    Patch(
        "export-for-anybody",
        "catalog/privacy/views.py",
        "if found is None or found.person_id != current_user.id or not found.is_there(clock.now()):",
        "if found is None or not found.is_there(clock.now()):",
        ("tests/privacy/test_leave_pages.py",),
    ),
    Patch(
        "values-in-the-log",
        "catalog/config/settings.py",
        'if self.database_url.startswith("sqlite"):\n            return {"hide_parameters": True}\n',
        'if self.database_url.startswith("sqlite"):\n            return {}\n',
        ("tests/operations/test_logs.py",),
    ),
)

OUTSIDE = (
    Patch(
        "formula-runs",
        "catalog/sheets.py",
        """return "'" + value if runs(value) else value""",
        "return value",
        ("tests/test_sheets.py",),
    ),
    Patch(
        "open-redirect",
        "catalog/web/answers.py",
        "    return target if is_path_of_ours(target) else default\n",
        "    return target or default\n",
        ("tests/accounts/test_sign_in.py",),
    ),
    Patch(
        "private-pages-cached",
        "catalog/web/around.py",
        'headers.setdefault("Cache-Control", "no-store")',
        'headers.setdefault("Cache-Control", "no-cache")',
        ("tests/test_every_page.py",),
    ),
    Patch(
        "a-persons-page-shared",
        "catalog/web/around.py",
        """        request.method in READS
        and not current_user.is_authenticated
""",
        """        request.method in READS
""",
        ("tests/outside/test_shared_caches.py",),
    ),
    Patch(
        "any-host-answered",
        "catalog/web/around.py",
        'if named is None or named[1] not in current_app.config["CATALOG"].answered_hosts:',
        "if named is None:",
        ("tests/outside/test_host.py",),
    ),
    Patch(
        "forged-bounce-believed",
        "catalog/notices/numbering.py",
        "return job_id if hmac.compare_digest(found[2], _signature(job_id, key)) else None",
        "return job_id",
        ("tests/outside/test_forged_reports.py",),
    ),
    Patch(
        "csrf-skipped-for-htmx",
        "catalog/__init__.py",
        "    csrf.init_app(app)\n",
        """    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    csrf.init_app(app)
    from flask import request

    is_checked = lambda: app.config["WTF_CSRF_ENABLED"] and "HX-Request" not in request.headers
    app.before_request(lambda: csrf.protect() if is_checked() else None)
""",
        ("tests/accounts/test_sign_in.py",),
    ),
)

ALL: tuple[Patch, ...] = (*SEATS, *LETTERS, *WHO, *ACCOUNTS, *OUTSIDE)
