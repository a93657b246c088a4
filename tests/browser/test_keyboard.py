"""The keyboard reaches what is on a page, one can see where it is, and nothing covers the place."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.demo import Site

pytestmark = pytest.mark.browser

STEPS = 40
WHERE = """() => {
  const it = document.activeElement;
  if (it === document.body) return null;
  const ringed = it.closest(".marks > *") ?? it;
  const style = getComputedStyle(ringed);
  const box = ringed.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  const name = `${it.tagName} ${it.id} "${(it.textContent || it.name || "").trim().slice(0, 30)}"`;
  return {
    name: name,
    is_ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    is_covered: top === null || !(ringed.contains(top) || top.contains(ringed)),
  };
}"""


def stops(page: Page) -> list[dict[str, str]]:
    """Where the tab key leads, from the top of the page on."""
    found = []
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if (where := page.evaluate(WHERE)) is None:
            break
        found.append(where)
    return found


@pytest.mark.parametrize("role", ["stranger", "ana", "ivo", "mira"])
def test_the_place_of_the_keyboard_is_seen(demo: Site, open_demo: Open, role: str) -> None:
    offering = demo.ids("SELECT max(id) FROM offering WHERE ends_at < CURRENT_TIMESTAMP AND id NOT IN "
                        "(SELECT offering_id FROM roster_closing)")[0]  # fmt: skip
    paths = {
        "stranger": ["/", "/sign-in"],
        "ana": ["/learning", f"/offerings/{offering}"],
        "ivo": ["/courses/new", "/teaching"],
        "mira": [f"/offerings/{offering}/attendance", "/review"],
    }
    page = open_demo(role)
    for path in paths[role]:
        page.goto(path)
        found = stops(page)
        assert len(found) > 6, path
        assert [stop["name"] for stop in found if not stop["is_ringed"]] == [], path
        assert [stop["name"] for stop in found if stop["is_covered"]] == [], path
