"""The server takes heads and lines of a sensible length; what is longer is refused before the application sees it."""

from itertools import pairwise

from catalog.cli.serve import server_command
from catalog.config import Settings


def test_lines_and_heads_have_their_limits(settings: Settings) -> None:
    words = server_command(settings)
    said = dict(pairwise(words))
    assert said["--limit-request-line"] == "8190"
    assert said["--limit-request-fields"] == "64"
    assert said["--limit-request-field_size"] == "8190"
