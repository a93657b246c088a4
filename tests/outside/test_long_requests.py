"""The server takes heads and lines of a sensible length; what is longer is refused before the application sees it."""

from catalog.cli.serve import server_command
from catalog.config import Settings


def test_lines_and_heads_have_their_limits(settings: Settings) -> None:
    words = server_command(settings)
    said = dict(zip(words, words[1:], strict=False))
    assert said["--limit-request-line"] == "8190"
    assert said["--limit-request-fields"] == "64"
    assert said["--limit-request-field_size"] == "8190"
