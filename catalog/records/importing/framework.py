"""The names that tables may use: those of the framework as it stands."""

from catalog.competencies import queries as competencies
from catalog.records.importing.cells import plain
from catalog.records.importing.rows import Known


def known_names() -> Known:
    """Codes and names, made plain. Where a topic is called like an area, in its own column it is found first."""
    groups = competencies.topics_by_area()
    return Known(
        areas={plain(word): group.area.id for group in groups for word in (group.area.code, group.area.name)},
        topics={
            plain(word): topic.id
            for group in groups
            for topic in group.topics
            for word in (topic.code, topic.name, topic.name_ecmh or topic.name)
        },
        tags={plain(word): tag.id for tag in competencies.tags() for word in (tag.code, tag.label)},
    )
