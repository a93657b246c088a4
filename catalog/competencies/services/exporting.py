"""The whole framework as it stands here, a coordinator's edits included, as a file that `load_framework` reads.

Loading it into an empty catalog and exporting again gives the same bytes; loading it here changes nothing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from catalog.competencies import queries
from catalog.competencies.models import (
    Area,
    Category,
    Credential,
    HourRule,
    HourTag,
    Policy,
    Sourced,
    Topic,
    TopicAsked,
)
from catalog.competencies.refusals import NothingLoaded
from catalog.competencies.services.dated import POLICIES, RULES, Dated
from catalog.extensions import db

Entry = dict[str, Any]


def exported() -> bytes:
    """Raises NothingLoaded before there is an edition."""
    edition = queries.edition_in_force()
    if edition is None:
        raise NothingLoaded
    said = dict(edition.statements)
    more = said.pop("more", {})
    categories = queries.every_category()
    rules = _in_order(HourRule)
    whole = {
        "title": edition.title,
        "compiled_on": edition.compiled_on.isoformat(),
        "edition": edition.code,
        "credentials": _coded("credentials", _in_order(Credential), more),
        "areas": _coded("areas", _in_order(Area, Area.mentors_only, Area.position), more),
        "topics": _topics(categories, more),
        "categories": [_category(one, place) for place, one in enumerate(categories, 1)],
        "hour_tags": _coded("hour_tags", _tags(rules), more),
        "rules": _dated(RULES, [one for one in rules if one.category in categories], more.get("rules", {})),
        "policies": _policies(edition.code, categories, more.get("policies", {})),
        **said,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _in_order(model: type[Any], *order: Any) -> Sequence[Any]:
    return db.session.scalars(
        sa.select(model).where(model.retired_in.is_(None)).order_by(*order, model.id)
    ).all()


def _tags(rules: Iterable[HourRule]) -> Sequence[HourTag]:
    """Also a retired one that a rule still names; a file that does not define it would be refused."""
    used = {rule.tag_id for rule in rules if rule.tag_id}
    return db.session.scalars(
        sa.select(HourTag)
        .where(sa.or_(HourTag.retired_in.is_(None), HourTag.id.in_(used)))
        .order_by(HourTag.id)
    ).all()


def _coded(section: str, facts: Iterable[Any], more: Mapping[str, Mapping[str, Entry]]) -> list[Entry]:
    rest = more.get(section, {})
    return [_said(fact, {**_columns(fact, rest), **_sourced(fact)}, rest) for fact in facts]


def _said(fact: Any, columns: Entry, rest: Mapping[str, Entry]) -> Entry:
    """What was found beside it in the file stands beside it again."""
    return {**_given(columns), **rest.get(fact.code, {})}


def _given(columns: Mapping[str, Any]) -> Entry:
    return {key: value for key, value in columns.items() if value is not None}


def _columns(fact: Credential | Area | HourTag, rest: Mapping[str, Any]) -> Entry:
    match fact:
        case Credential():
            return {"code": fact.code, "name": fact.name, "mark": fact.mark, "age_band": fact.age_band}
        case Area():
            shown = "reference ratings" if fact.by_references else rest.get(f"{fact.code}.mainly_shown_by")
            return {
                "code": fact.code,
                "name": fact.name,
                "short": fact.short,
                "order": fact.position,
                "mentors_only": fact.mentors_only,
                "mainly_shown_by": shown,
            }
        case HourTag():
            return {"tag": fact.code, "label": fact.label}


def _sourced(fact: Sourced) -> Entry:
    confidence = fact.confidence.value if fact.confidence else None
    return {"confidence": confidence, "source": fact.source, "note": fact.note}


def _topics(categories: Sequence[Category], more: Mapping[str, Any]) -> list[Entry]:
    rest = more.get("topics", {})
    codes = {one.id: one.code for one in categories}
    asked: dict[int, dict[str, str]] = {}
    for one in db.session.scalars(sa.select(TopicAsked)):
        if one.category_id in codes:
            asked.setdefault(one.topic_id, {})[codes[one.category_id]] = one.confidence.value
    area_codes = {area.id: area.code for area in queries.areas()}
    topics = [one for one in _in_order(Topic, Topic.position) if one.area_id in area_codes]
    return [
        _said(
            topic,
            {
                "code": topic.code,
                "area": area_codes[topic.area_id],
                "name": topic.name,
                "name_ecmh": topic.name_ecmh,
                "position": _position(topic, place),
                **_sourced(topic),
                "asked_by": _in_their_order(codes.values(), asked.get(topic.id)),
            },
            rest,
        )
        for place, topic in enumerate(topics, 1)
    ]


def _in_their_order(codes: Iterable[str], asked: Mapping[str, str] | None) -> Entry | None:
    return {code: asked[code] for code in codes if code in asked} if asked else None


def _position(fact: Topic | Category, place: int) -> int | None:
    """Said only where it is not what the list itself says."""
    return fact.position if fact.position != place else None


def _category(one: Category, place: int) -> Entry:
    return _given(
        {
            "code": one.code,
            "name": one.name,
            "credential": one.credential,
            "age_band": one.age_band,
            "kind": "add_on" if one.is_add_on else "category",
            "status": "current" if one.is_current else "superseded",
            "position": _position(one, place),
        }
    ) | {**one.facts, **_given(_sourced(one))}


def _dated(of: Dated, found: Iterable[Any], rest: Mapping[str, Entry]) -> list[Entry]:
    return [{**_in_force(of, one), **rest.get(one.file_key or "", {})} for one in found]


def _in_force(of: Dated, one: HourRule | Policy) -> Entry:
    about = _rule(one) if isinstance(one, HourRule) else _policy(one)
    row = {part: about.get(part) for part in of.key} | {
        "effective_from": one.effective_from,
        "effective_until": one.effective_until,
    }
    plain = of.key_of(row)
    return _given(
        {
            **about,
            "effective_from": _day(one.effective_from),
            "effective_until": _day(one.effective_until),
            **_sourced(one),
            "enabled": None if one.is_enabled else False,
            "why_disabled": one.why_disabled,
            "key": one.file_key if one.file_key not in (None, plain) else None,
        }
    )


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _rule(rule: HourRule) -> Entry:
    return {
        "category": rule.category.code,
        "purpose": rule.purpose.value,
        "ledger": rule.ledger.value,
        "kind": rule.kind.value,
        "tag": rule.tag.code if rule.tag else None,
        "minutes": rule.minutes,
        "window_months": rule.window_months,
        "applies_when": rule.applies_when,
        "condition": rule.condition.value if rule.condition else None,
    }


def _policies(edition: str, categories: Iterable[Category], rest: Mapping[str, Entry]) -> list[Entry]:
    found = [one for one in _in_order(Policy) if one.category is None or one.category in categories]
    return [
        said | ({"edition": one.edition} if one.edition != edition else {})
        for one, said in zip(found, _dated(POLICIES, found, rest), strict=True)
    ]


def _policy(policy: Policy) -> Entry:
    return {
        "kind": policy.kind.value,
        "category": policy.category.code if policy.category else None,
        "facts": policy.facts,
    }
