"""The mirror itself: it finds what is set by left and right, and lets pass what is set by start and end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.geometry import lost_in_larger_text, out_of_place, unseen_in_focus
from tests.browser.mirrored import unmirrored

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]

PAGE = """<html dir="ltr"><style>{}</style><body><nav><b>One</b> and <i>two, not three</i></nav>
<p id="it">Words, and <a href="#it">a link</a>. <bdi>HQ-7</bdi> <code>a = b</code></p><button>Go on</button>"""
FAULTY = (
    "#it{margin-left:2rem}",
    "#it{padding-right:5px}",
    "#it{text-align:left}",
    "#it{border-left:4px solid}",
    "#it{float:left}",
    "#it{border-top-left-radius:9px}",
    "#it{box-shadow:4px 0 red}",
    "nav{direction:ltr}",
    "button{position:absolute;left:9px}",
    "#it::before{content:'x';margin-right:9px}",
    "#it{position:relative}#it::after{content:'x';position:absolute;left:0}",
)
RIGHT = """#it{margin-inline-start:2rem;padding-inline:5px 9px;text-align:start;border-inline-end:4px solid;
float:inline-start;border-start-start-radius:9px;box-shadow:0 4px red} nav{display:flex;text-align:center}
#it::before{content:'x';margin-inline-end:9px}"""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """One page that is filled anew by each test."""
    page = chromium.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("sheet", FAULTY)
def test_what_is_set_by_left_and_right_is_found(page: Page, sheet: str):
    page.set_content(PAGE.format(sheet))
    assert list(unmirrored(page))
    assert page.evaluate("[document.documentElement.dir, document.adoptedStyleSheets.length]") == ["ltr", 0]


def test_what_is_set_by_start_and_end_passes(page: Page):
    page.set_content(PAGE.format(RIGHT))
    assert list(unmirrored(page)) == []


@pytest.mark.parametrize(
    ("sheet", "found"),
    [
        ("button{height:20px}", "under 24 px"),
        ("#it{width:2000px}", "too wide"),
        (".button{height:40px}", "lower than 44 px"),
    ],
)
def test_what_is_too_small_or_too_wide_is_found(page: Page, sheet: str, found: str):
    page.set_content(PAGE.format(sheet).replace("<button>", '<a class="button" href="#it">It</a><button>'))
    assert found in " ".join(out_of_place(page))


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ('<form><div style="width:4rem"><select><option>Every course</select></div></form>', "shows half"),
        ('<p style="width:3rem;overflow-wrap:anywhere">reasonable</p>', "breaks a word"),
        ('<table><td style="width:2rem"><span class="tag">Not begun</span></table>', "breaks a word"),
    ],
)
def test_words_that_are_cut_or_broken_though_there_is_room_are_found(page: Page, part: str, found: str):
    page.set_content(PAGE.format("select{width:100%}") + part)
    assert found in " ".join(out_of_place(page))


@pytest.mark.parametrize(
    "part",
    [
        "<form><select><option>Every course</select></form>",
        '<div style="width:4rem"><form><select><option>Every course</select></form></div>',
        '<p style="width:6rem">A name@academy.example of a-long-compound</p>',
        '<table><td style="width:2rem"><span class="tag" style="white-space:nowrap">Not begun</span></table>',
    ],
)
def test_words_that_have_their_room_or_can_have_no_more_pass(page: Page, part: str):
    page.set_content(PAGE.format("select{width:100%} select,button{height:3rem}") + part)
    assert list(out_of_place(page)) == []


def test_a_focus_that_is_not_seen_or_stands_under_something_is_found(page: Page):
    page.set_content(PAGE.format("nav{position:fixed;inset:0;background:#fff} button{outline:0 !important}"))
    found = " ".join(unseen_in_focus(page))
    assert "shows no focus: <button" in found
    assert "is covered: <a" in found


def test_text_that_is_cut_off_when_it_grows_is_found(page: Page):
    page.set_content(PAGE.format("nav{height:1.2em;overflow:hidden}"))
    assert any("cut off" in fault for fault in lost_in_larger_text(page))
