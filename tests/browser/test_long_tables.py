"""Long tables while they are scrolled: the head and the name of each row stay, and what has the focus is in sight."""

from typing import Any

import pytest
from playwright.sync_api import Page

from pme.db import Database
from tests.browser.conftest import SignedIn
from tests.browser.hands import FOCUS
from tests.support.completed import Learner, bring

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]

LISTS = ("/academy/enrolments", "/academy/reports/completions")
MANY = 40
SCROLLED = """() => {
    const region = [...document.querySelectorAll("main .scroll")].at(-1), table = region.querySelector("table");
    const rows = [...table.querySelectorAll("tbody tr")], away = document.dir === "rtl" ? -1 : 1;
    rows[rows.length >> 1].scrollIntoView({block: "center"});
    const outer = region.getBoundingClientRect();
    if (outer.top < 0) scrollBy(0, outer.top - 5);  // a region that scrolls by itself, as far as it is seen
    if (region.scrollHeight > region.clientHeight + 1 && getComputedStyle(region).overflowY === "auto")
        region.scrollTop = region.scrollHeight / 2;
    else rows[rows.length >> 1].scrollIntoView({block: "center"});
    region.scrollLeft = away * 1e4;
    const box = region.getBoundingClientRect(), start = Math.max(0, box.top);
    const inside = (rect) => rect.left >= box.left - 2 && rect.right <= box.right + 2;
    const seen = (cell) => {
        const rect = cell.getBoundingClientRect();
        const found = document.elementFromPoint(rect.left + rect.width / 2, rect.top + Math.min(rect.height - 4, 12));
        return inside(rect) && !!found && (cell === found || cell.contains(found));
    };
    const heads = [...table.querySelectorAll("thead th")], corner = heads.find((th) => !th.matches(".pick"));
    const middle = box.top + (Math.min(innerHeight, box.bottom) - start) / 2 + Math.max(0, start - box.top);
    const row = rows.find((each) => each.getBoundingClientRect().bottom > middle);
    return {
        wide: region.scrollWidth > region.clientWidth + 40,
        below: Math.round(corner.getBoundingClientRect().top - start),
        corner: seen(corner),
        last: seen(heads.at(-1)),
        name: seen(row.querySelector("th")),
        apart: Math.round(Math.abs(
            corner.getBoundingClientRect().left - row.querySelector("th").getBoundingClientRect().left)),
    };
}"""
LINKS = "main .scroll tbody :is(a, input)"
BESIDE = """(links) => {
    links[links.length >> 1].focus({preventScroll: true});
    document.querySelector("main .scroll").scrollLeft = 0;
}"""


@pytest.fixture
def many(database: Database) -> None:
    """Dozens of students, each with a completion."""
    with database.writing() as session:
        bring(
            session,
            [
                Learner(f"Learner Number {number:02}", unit="Harbour Engineer Group", cohort="Spring")
                for number in range(MANY)
            ],
        )


def scrolled(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(SCROLLED)
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", LISTS)
def test_the_head_and_the_names_stay_in_sight_however_a_table_is_scrolled(
    signed_in: SignedIn, many: None, path: str, width: int, language: str
):
    irving = signed_in("irving", width=width)
    irving.open("/academy")
    if language != "en":
        irving.page.locator(f"footer button[value={language}]").click()
    irving.open(path)
    assert (irving.page.locator("html").get_attribute("dir") == "rtl") == (language == "ar")
    found = scrolled(irving.page)
    assert found["wide"] == (width == 320 or "reports" in path)
    assert 0 <= found["below"] <= 60, "the head stands at the top of what is seen of the table"
    assert found["corner"], "the heading of the names is covered or out of sight"
    assert found["last"], "the heading of the last column is covered or out of sight"
    assert found["name"], "the name of a row is covered or out of sight"
    assert found["apart"] <= 1, "the heading of the names stands over the names"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_no_stop_of_tab_within_a_long_table_is_under_its_head_or_its_names(
    signed_in: SignedIn, many: None, width: int, key: str
):
    irving = signed_in("irving", width=width)
    irving.open("/academy/enrolments")
    irving.page.locator(LINKS).evaluate_all(BESIDE)
    covered = []
    for _ in range(24):
        irving.page.keyboard.press(key)
        focus = irving.page.evaluate(FOCUS)
        if not focus["free"]:
            covered.append(focus["html"])
    assert covered == []
