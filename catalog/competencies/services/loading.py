"""Loading a framework file: what is new comes in, what people changed stays, nothing is ever deleted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies import queries
from catalog.competencies.models import (
    Area,
    Category,
    Credential,
    Edition,
    HourRule,
    HourTag,
    Policy,
    Topic,
    TopicAsked,
)
from catalog.competencies.services.dated import Row
from catalog.competencies.services.framework import Framework, read_framework
from catalog.competencies.services.report import LoadReport
from catalog.errors import DataRefused
from catalog.extensions import db
from catalog.notices import audit
from catalog.wording import hours

KNOWN_STATEMENTS = {"read_me", "renewal", "rsc_rules", "training_eligibility", "unknowns", "more"}


def load_framework(path: str | Path, by: Person | None = None, content: bytes | None = None) -> LoadReport:
    """Bring the file's facts in, all or none: those of the path, or the content that was sent under that name.

    Raises DataRefused with the file, the entries and the reasons. Loading the same file again changes nothing. The
    same edition leaves alone what a coordinator edited; a newer edition replaces it. Facts that are no longer in the
    file are retired, not deleted, because courses may be mapped to them. A file that does not speak of policies
    leaves them as they are."""
    framework = read_framework(path, content)
    in_force = queries.edition_in_force()
    _refuse_older(framework, in_force)
    report = LoadReport(framework.code)
    merge = _Merge(framework.code, in_force is None or in_force.code != framework.code, report)

    merge.all(Credential, "credential", framework.credentials)
    merge.all(HourTag, "hour tag", framework.hour_tags)
    areas = merge.all(Area, "area", framework.areas)
    categories = merge.all(Category, "category", framework.categories)
    tags = {tag.code: tag.id for tag in db.session.scalars(sa.select(HourTag))}
    topics = merge.all(Topic, "topic", _with_area(framework.topics, areas))
    merge.all(HourRule, "rule", _with_ids(framework.rules, categories, tags), "file_key")
    if framework.policies is not None:
        merge.all(Policy, "policy", _with_ids(framework.policies, categories, tags), "file_key")
    else:
        merge.retire_policies_without(categories)
    report.asked_changes = _ask(framework, topics, categories)

    edition = _record(framework, report)
    if report.changed:
        audit.note("framework.loaded", "framework", edition.id, by=by, told=report.lines()[0])
    db.session.flush()
    return report


def _refuse_older(framework: Framework, in_force: Edition | None) -> None:
    if in_force is None:
        return

    def refused(reason: str) -> DataRefused:
        return DataRefused(framework.source, [f"the file: {reason}"])

    known = db.session.scalar(sa.select(Edition).where(Edition.code == framework.code))
    ours = f"edition {in_force.code}, compiled on {in_force.compiled_on}, is in force"
    if framework.compiled_on < in_force.compiled_on:
        raise refused(
            f"edition {framework.code}, compiled on {framework.compiled_on}, is older than what is here; {ours}."
        )
    if known and known.id != in_force.id:
        raise refused(f"edition {framework.code} was replaced here already; {ours}.")
    if framework.code != in_force.code and framework.compiled_on == in_force.compiled_on:
        raise refused(
            f"edition {framework.code} has the same compiled_on as what is here, so nobody can say "
            f"which is newer; {ours}."
        )


Fact = Credential | HourTag | Area | Category | Topic | HourRule | Policy


class _Merge:
    def __init__(self, edition: str, is_newer: bool, report: LoadReport) -> None:
        self.edition = edition
        self.is_newer = is_newer
        self.report = report

    def all(self, model: type[Fact], word: str, rows: Mapping[str, Row], key: str = "code") -> dict[str, int]:
        """Bring one table in line with the file. Returns the ids of the file's facts by their key."""
        there: dict[str, Fact] = {}
        facts: Sequence[Any] = db.session.scalars(sa.select(model).order_by(model.id)).all()
        for fact in facts:
            code = getattr(fact, key)
            if code in rows:
                there[code] = fact
            else:
                self._retire(fact, _named(word, code, fact))
        for code, row in rows.items():
            if code in there:
                self._bring_up_to_date(there[code], row, _named(word, code, there[code]))
            else:
                there[code] = model(**{**row, key: code, "edition": row.get("edition") or self.edition})
                db.session.add(there[code])
                self.report.added.append(_named(word, code, there[code]))
        db.session.flush()
        return {code: fact.id for code, fact in there.items()}

    def retire_policies_without(self, categories: Mapping[str, int]) -> None:
        """The file says nothing of policies; those that name what it no longer has cannot stay."""
        for policy in db.session.scalars(sa.select(Policy).order_by(Policy.id)):
            pairs = policy.facts.get("any_of", ())
            named = {pair[part] for pair in pairs for part in ("category", "add_on") if pair.get(part)}
            is_known = policy.category_id is None or policy.category_id in categories.values()
            if not (is_known and named <= categories.keys()):
                self._retire(policy, _named("policy", policy.file_key, policy))

    def _bring_up_to_date(self, fact: Fact, row: Row, name: str) -> None:
        edition = row.get("edition") or self.edition
        row = {column: value for column, value in row.items() if column != "edition"}
        differs = [column for column, value in row.items() if getattr(fact, column) != value]
        if fact.edited_at and not self.is_newer:
            if differs:
                self.report.kept_edits.append(name)
            else:
                self.report.unchanged += 1
            return
        if fact.retired_in:
            self.report.returned.append(name)
        elif differs and fact.edited_at:
            self.report.replaced_edits.append(name)
        elif differs:
            told = ", ".join(_change(column, getattr(fact, column), row[column]) for column in differs)
            self.report.updated.append(f"{name}: {told}")
        else:
            self.report.unchanged += 1
        for column in differs:
            setattr(fact, column, row[column])
        fact.edition, fact.edited_at, fact.retired_in = edition, None, None

    def _retire(self, fact: Fact, name: str) -> None:
        if fact.retired_in:
            return
        if fact.edited_at and not self.is_newer:
            self.report.kept_edits.append(name)
            return
        fact.retired_in = self.edition
        self.report.retired.append(name)


def _named(word: str, code: str | None, fact: Fact) -> str:
    """ "topic TF.attachment (Attachment)", so that nobody needs to know codes by heart."""
    if isinstance(fact, Policy):
        return f"{word} {(code or 'made here').replace('|', ' ').strip()}"
    if isinstance(fact, HourRule):
        return f"{word} {(code or 'made here').replace('|', ' ').strip()} ({hours(fact.minutes)})"
    label = fact.label if isinstance(fact, HourTag) else fact.name
    return f"{word} {code} ({label})"


def _change(column: str, before: Any, after: Any) -> str:
    """ "minutes 1800 became 2400"; long texts and ids are only named."""
    if column.endswith("_id") or max(len(str(before)), len(str(after))) > 60:
        return column.removesuffix("_id")
    return (
        f"{column} {'nothing' if before is None else before} became {'nothing' if after is None else after}"
    )


def _with_area(topics: Mapping[str, Row], areas: Mapping[str, int]) -> dict[str, Row]:
    return {code: _renamed(row, {"area": ("area_id", areas.__getitem__)}) for code, row in topics.items()}


def _with_ids(
    rules: Mapping[str, Row], categories: Mapping[str, int], tags: Mapping[str, int]
) -> dict[str, Row]:
    resolve: dict[str, tuple[str, Callable[[str], int | None]]] = {
        "category": ("category_id", lambda code: categories[code] if code else None),
        "tag": ("tag_id", lambda code: tags[code] if code else None),
    }
    return {key: _renamed(row, resolve) for key, row in rules.items()}


def _renamed(row: Row, resolve: Mapping[str, tuple[str, Callable[[str], int | None]]]) -> Row:
    """The row with its codes replaced by ids."""
    found: Row = {}
    for column, value in row.items():
        name, look_up = resolve.get(column, (column, None))
        found[name] = look_up(value) if look_up else value
    return found


def _ask(framework: Framework, topics: Mapping[str, int], categories: Mapping[str, int]) -> int:
    """Bring the table of who asks for what in line; returns how many rows are different now."""
    wanted = {
        (topics[topic], categories[category]): confidence
        for (topic, category), confidence in framework.asked.items()
    }
    changes = 0
    for asked in db.session.scalars(sa.select(TopicAsked)).all():
        confidence = wanted.pop((asked.topic_id, asked.category_id), None)
        if confidence is None:
            db.session.delete(asked)
            changes += 1
        else:
            changes += confidence != asked.confidence
            asked.confidence, asked.edition = confidence, framework.code
    db.session.add_all(_new_asked(wanted, framework.code))
    return changes + len(wanted)


def _new_asked(wanted: Mapping[tuple[int, int], Any], edition: str) -> Iterable[TopicAsked]:
    for (topic_id, category_id), confidence in wanted.items():
        yield TopicAsked(topic_id=topic_id, category_id=category_id, confidence=confidence, edition=edition)


def _record(framework: Framework, report: LoadReport) -> Edition:
    """Write the edition down; it is in force from now on."""
    edition = db.session.scalar(sa.select(Edition).where(Edition.code == framework.code))
    said: dict[str, Any] = {
        "title": framework.title,
        "compiled_on": framework.compiled_on,
        "statements": framework.statements,
    }
    if edition is None:
        edition = Edition(code=framework.code, **said, loaded_at=clock.now())
        db.session.add(edition)
        report.edition_changed = True
    elif any(getattr(edition, column) != value for column, value in said.items()):
        for column, value in said.items():
            setattr(edition, column, value)
        report.edition_changed = True
    if report.changed:
        edition.loaded_at = clock.now()
    unread = [key for key in framework.statements if key not in KNOWN_STATEMENTS]
    for section, found in framework.statements.get("more", {}).items():
        unread += [f"{section} {code}: {', '.join(rest)}" for code, rest in found.items()]
    report.kept_keys = unread
    db.session.flush()
    return edition
