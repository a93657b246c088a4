"""What a load did, said for people."""

from dataclasses import dataclass, field


@dataclass
class LoadReport:
    """The names of what changed, by what happened to it. `lines()` is what the command prints."""

    edition: str
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept_edits: list[str] = field(default_factory=list)
    replaced_edits: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    kept_keys: list[str] = field(default_factory=list)
    asked_changes: int = 0
    edition_changed: bool = False

    @property
    def changed(self) -> bool:
        facts = self.added or self.updated or self.replaced_edits or self.returned or self.retired
        return bool(facts or self.asked_changes or self.edition_changed)

    def lines(self) -> list[str]:
        told = [
            f"Edition {self.edition}: {len(self.added)} added, {len(self.updated)} updated, "
            f"{self.unchanged} unchanged, {len(self.retired)} retired."
        ]
        if self.asked_changes:
            told.append(f"Which category asks for which topic: {self.asked_changes} changes.")
        told += [f"Updated: {name}." for name in self.updated]
        told += [f"Kept as edited here, although the file differs: {name}." for name in self.kept_edits]
        told += [
            f"An edit made here was replaced by the new edition: {name}." for name in self.replaced_edits
        ]
        told += [f"Back in this edition: {name}." for name in self.returned]
        told += [f"No longer in this edition, kept as retired: {name}." for name in self.retired]
        told += [f"Kept, although nothing here reads it yet: {name}." for name in self.kept_keys]
        return told
