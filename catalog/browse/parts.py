"""The parts of the catalog page that cost most to paint. Each follows from its row, or from the filters and the
picture, so it is painted once for each picture and then only put together."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import get_template_attribute, render_template
from markupsafe import Markup

from catalog.browse.choices import chips, choices, loosen
from catalog.browse.facets import Counts, Picture
from catalog.browse.filters import Filters
from catalog.browse.queries.listing import Page
from catalog.browse.rows import CourseRow, OfferingRow


@dataclass(frozen=True)
class Parts:
    picture: Picture
    filters: Filters
    counts: Counts

    def results(self, page: Page) -> Markup:
        """The list with its head. What was found and what was asked say all of it."""
        asked = (self.filters.query, self.filters.problems, page.expected)
        return self.picture.recall(("results", asked, page.found), lambda: self._results(page))

    def _results(self, page: Page) -> Markup:
        return Markup(  # noqa: S704 - it is what the template made
            render_template(
                "browse/_results.html",
                filters=self.filters,
                results=page,
                chips=chips(self.filters, self.picture.vocabulary),
                loosen=loosen(self.filters, self.counts) if not page.rows else None,
                parts=self,
            )
        )

    def line(self, row: OfferingRow | CourseRow) -> Markup:
        """One row of the list."""
        if isinstance(row, CourseRow):
            return self.picture.recall(
                ("course", row), lambda: _spare(_macro("course")(row, self.strip(row.areas)))
            )
        return self.picture.recall(
            ("offering", row),
            lambda: _spare(_macro("offering")(row, row.badge, row.action, self.strip(row.areas))),
        )

    def strip(self, codes: str | None) -> Markup:
        """The eight-area strip of a course that covers these codes."""
        strip = get_template_attribute("macros.html", "strip")
        covered = (codes or "").split()
        return self.picture.recall(
            ("strip", *sorted(covered)), lambda: _spare(strip(self.picture.vocabulary.strip, covered))
        )

    def panel(self) -> Markup:
        """All filters with their counts."""
        return self.picture.recall(("panel", self.filters.key), lambda: self._choices("browse/_filters.html"))

    def new_counts(self) -> Markup:
        """The choices alone with their new counts, for a page that is there already."""
        return self.picture.recall(("news", self.filters.key), lambda: self._choices("browse/_news.html"))

    def _choices(self, template: str) -> Markup:
        found = choices(self.filters, self.picture.vocabulary, self.counts)
        return _spare(render_template(template, filters=self.filters, choices=found))


def _spare(html: str) -> Markup:
    """The same to a browser in fewer bytes: 25 strips of eight cells are half the page.

    HTML lets an end tag of a list's item and the quotes around a plain value be left out. In a text there is no quote
    to be found, because escaping has made it an entity."""
    html = re.sub(r"</(?:li|option)>|\n\s*(?=\n)|(?<=\n) +", "", html)
    return Markup(re.sub(r'="([\w./#-]+)"', r"=\1", html))  # noqa: S704


def _macro(name: str) -> Callable[..., Markup]:
    macro: Callable[..., Markup] = get_template_attribute("browse/_lines.html", name)
    return macro
