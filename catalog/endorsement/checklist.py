"""What a category asks for beside hours and topics. The person ticks it; the catalog cannot know it."""

from typing import Any, NamedTuple

from catalog.competencies.models import Category


class Item(NamedTuple):
    """`text` is what the framework says of it, in its own short words."""

    name: str
    title: str
    text: str


def items(category: Category) -> list[Item]:
    """In the order in which people take care of them."""
    facts: dict[str, Any] = category.facts
    found = [Item("membership", "Membership", "A current membership in the association")]
    if bases := facts.get("prerequisite_categories"):
        found.append(Item("base", "Endorsement it is added to", f"One of {', '.join(bases)}"))
    if work := facts.get("education_or_work"):
        found.append(Item("work", "Education and work", str(work)))
    if references := facts.get("references"):
        found.append(Item("references", "References", str(references)))
    if facts.get("exam"):
        found.append(Item("exam", "Exam", "Written exam, taken after the application was reviewed"))
    return found
