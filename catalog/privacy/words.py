"""The words by which somebody can be recognised, and how they are taken out of what others keep."""

import re
from collections.abc import Collection
from typing import Any, NamedTuple

NOBODY = "Somebody who left"
NO_ADDRESS = "(address removed)"


class Words(NamedTuple):
    """Names are replaced as whole words only, and a name of a single word only where nothing else stands."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.names, *self.addresses)

    def without(self, value: Any) -> Any:
        """The same text, list or mapping without them, at any depth."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.without(one) for one in value]
        if isinstance(value, dict):
            return {self._text(key): self.without(one) for key, one in value.items()}
        return value

    def _text(self, text: str) -> str:
        for address in self.addresses:
            text = re.sub(
                rf"(?<![\w.+-]){re.escape(address)}(?![\w-])", NO_ADDRESS, text, flags=re.IGNORECASE
            )
        for name in self.names:
            if " " in name:
                text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", NOBODY, text, flags=re.IGNORECASE)
            elif text.strip().lower() == name.lower():
                text = NOBODY
        return text


def words_of(names: Collection[str], addresses: Collection[str]) -> Words:
    def longest_first(texts: Collection[str]) -> tuple[str, ...]:
        return tuple(sorted({text for text in texts if text}, key=lambda text: (-len(text), text)))

    return Words(longest_first(names), longest_first(addresses))
