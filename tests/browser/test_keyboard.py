"""The keyboard reaches what is on a page, one can see where it is, and nothing covers the place."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.demo import Site

pytestmark = pytest.mark.browser

STEPS = 40
UNMARKED = """SELECT max(o.id) FROM offering o JOIN meeting m ON m.offering_id = o.id
  WHERE o.ends_at < CURRENT_TIMESTAMP AND o.state = 'scheduled' AND NOT EXISTS (
    SELECT 1 FROM mark WHERE mark.meeting_id = m.id) AND o.id NOT IN (SELECT offering_id FROM roster_closing)"""
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
    offering = demo.ids(UNMARKED)[0]
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


def test_up_and_down_lead_from_person_to_person_in_the_attendance_sheet(demo: Site, open_demo: Open) -> None:
    unmarked = demo.ids(UNMARKED)[0]
    page = open_demo("mira", f"/offerings/{unmarked}/attendance")
    rows = page.locator(".attendance tbody tr")
    rows.nth(0).get_by_label("Absent").focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1).get_by_label("Absent")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(rows.nth(0).get_by_label("Absent")).to_be_focused()
    expect(rows.nth(0).get_by_label("Absent")).not_to_be_checked()
    page.keyboard.press("Space")
    expect(page.get_by_text(re.compile(r"^1 of \d+ marked$"))).to_be_visible()
    expect(rows.nth(0).get_by_label("Absent")).to_be_focused()
