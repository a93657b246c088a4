"""A letter's plain text as HTML: for the mail's second half, and for the preview of a coordinator."""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

LINK = re.compile(r"https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]]")
STYLE = (
    "body{margin:0 auto;padding:1.5rem 1rem;max-width:38rem;font:1rem/1.55 system-ui,sans-serif}"
    "a{overflow-wrap:anywhere}hr{border:0;border-top:1px solid;opacity:.3;margin:1.5rem 0}"
)


def blocks(text: str) -> Markup:
    """Paragraphs, lists of lines that begin with "- ", and links; everything else means what it says."""
    return Markup("\n").join(_block(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())


def page(subject: str, text: str, footer: str) -> str:
    """A whole page that brings along all it needs, and takes its colours from whoever reads it, light or dark."""
    whole = Markup(
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<title>{subject}</title>\n<style>{style}</style>\n'
        "</head>\n<body>\n{text}\n<hr>\n{footer}\n</body>\n</html>\n"
    )
    style = Markup(":root{{color-scheme:light dark}}{}").format(Markup(STYLE))  # noqa: S704 - written above
    return str(whole.format(subject=subject, style=style, text=blocks(text), footer=blocks(footer)))


def _block(part: str) -> Markup:
    """Lines and items as they come: a list may follow a sentence without a blank line."""
    return Markup("\n").join(_runs(part.splitlines()))


def _runs(lines: list[str]) -> Iterator[Markup]:
    run: list[Markup] = []
    was_item = False
    for line in lines:
        is_item = line.startswith("- ")
        if run and is_item != was_item:
            yield _run(run, was_item)
            run = []
        run.append(_linked(line.removeprefix("- ") if is_item else line))
        was_item = is_item
    yield _run(run, was_item)


def _run(lines: list[Markup], is_list: bool) -> Markup:
    if is_list:
        items = Markup("\n").join(Markup("<li>{}</li>").format(line) for line in lines)
        return Markup("<ul>\n{}\n</ul>").format(items)
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(lines))


def _linked(line: str) -> Markup:
    done, last = Markup(""), 0
    for found in LINK.finditer(line):
        done += escape(line[last : found.start()])
        done += Markup('<a href="{0}">{0}</a>').format(found[0])
        last = found.end()
    return done + escape(line[last:])
