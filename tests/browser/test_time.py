"""Time in a browser: a countdown that says little, answers saved to the last second, a page that hands itself in."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from pme.db import Database
from tests.browser.conftest import SignedIn
from tests.browser.hands import Pointer
from tests.support.clock import Clock
from tests.support.student import BASICS
from tests.support.timed import answers, arrange, publish_timed, the_attempt

pytestmark = pytest.mark.browser

SAVED = re.compile(r"^Saved at \d\d:\d\d:\d\d UTC")
Pass = Callable[..., None]


@pytest.fixture(autouse=True)
def _timed(database: Database, clock: Clock) -> None:
    publish_timed(database)


def sit(adams: Pointer, clock: Clock) -> Pass:
    """Begin the quiz on the question “Which one?”; gives the way to let time pass for both sides."""
    page = adams.page
    page.clock.install(time=clock.at)
    page.goto(f"{adams.address}{BASICS}/quiz/check")
    adams.press("Begin")
    base = page.url.rpartition("/")[0]
    for number in range(1, 6):
        page.goto(f"{base}/{number}")
        if page.locator("legend").first.inner_text() == "Which one?":
            break

    def passes(seconds: float) -> None:
        clock.move(seconds=seconds)
        page.clock.run_for(int(seconds * 1000))

    return passes


def shown(page: Page) -> str:
    return page.locator("[data-clock]").inner_text()


def heard(page: Page) -> str:
    return page.get_by_role("status").filter(has_text="left").inner_text() if heard_any(page) else ""


def heard_any(page: Page) -> bool:
    return page.locator("[data-clock-says]").inner_text() != ""


def test_the_clock_counts_down_and_tells_a_screen_reader_twice(signed_in: SignedIn, clock: Clock):
    adams = signed_in("adams")
    passes = sit(adams, clock)
    page = adams.page
    assert shown(page) == "(30 min left)"
    assert page.locator("[data-clock]").get_attribute("aria-hidden") == "true"
    passes(60)
    assert shown(page) == "(29 min left)"
    assert not heard_any(page)
    passes(24 * 60)
    assert heard(page) == "5 minutes left."
    passes(61)
    assert shown(page) == "(3:59 left)"
    assert heard(page) == "5 minutes left."
    passes(179)
    assert heard(page) == "1 minute left."


def test_the_last_answer_is_saved_and_the_page_hands_itself_in(
    signed_in: SignedIn, database: Database, clock: Clock
):
    adams = signed_in("adams")
    passes = sit(adams, clock)
    passes(30 * 60 - 3)
    adams.choose("Answer alpha")
    passes(1)
    expect(adams.page.locator("[data-saved]")).to_have_text(SAVED)
    assert answers(database) == {"CANARY-single": ["CANARY-alpha-right"]}
    passes(2.2)
    expect(adams.page.get_by_role("heading", level=1)).to_have_text("A short check")
    expect(adams.page.locator("main")).to_contain_text("Your last saved answers are handed in.")
    done = the_attempt(database)
    assert done.handed_in_at == done.ends_at


def test_time_added_meanwhile_shows_with_the_next_answer_and_holds_the_page_back(
    signed_in: SignedIn, database: Database, clock: Clock
):
    adams = signed_in("adams")
    passes = sit(adams, clock)
    passes(20 * 60)
    arrange(database, "adams", 200, at=clock.at)
    adams.choose("Answer alpha")
    passes(2)
    expect(adams.page.locator("[data-saved]")).to_have_text(SAVED)
    expect(adams.page.locator("[data-ends]")).to_have_text(clock.time(40 - 2 / 60))
    passes(1)
    assert shown(adams.page) == "(40 min left)"
    arrange(database, "adams", 300, at=clock.at)
    where = adams.page.url
    passes(40 * 60)
    expect(adams.page).to_have_url(where)
    expect(adams.page.locator("[data-clock]")).to_have_text("(30 min left)")
    expect(adams.page.get_by_label("Answer alpha")).to_be_checked()


def test_a_break_that_is_used_up_shows_the_questions_again(
    signed_in: SignedIn, database: Database, clock: Clock
):
    arrange(database, "adams", 100, 10, at=clock.at)
    adams = signed_in("adams")
    passes = sit(adams, clock)
    adams.choose("Answer charlie")
    adams.press("Save and take a break")
    adams.reads("You are on a break")
    assert answers(database) == {"CANARY-single": ["CANARY-charlie-wrong"]}
    passes(10 * 60 + 1)
    expect(adams.page.locator("legend").first).to_be_visible()
    assert shown(adams.page) == "(30 min left)"


def test_without_a_script_the_next_press_hands_in(signed_in: SignedIn, database: Database, clock: Clock):
    adams = signed_in("adams", script=False)
    adams.page.goto(f"{adams.address}{BASICS}/quiz/check")
    adams.press("Begin")
    expect(adams.page.locator("main")).to_contain_text(f"Ends at {clock.time(30)}")
    expect(adams.page.get_by_role("button", name="Time is over: hand in")).to_be_hidden()
    clock.move(minutes=30, seconds=1)
    adams.press("Save and continue")
    expect(adams.page.locator("main")).to_contain_text("The time of this attempt was over at")
    done = the_attempt(database)
    assert done.handed_in_at == done.ends_at == clock.at - timedelta(seconds=1)


def test_another_device_goes_on_exactly_where_the_first_was(
    signed_in: SignedIn, database: Database, clock: Clock
):
    adams = signed_in("adams")
    passes = sit(adams, clock)
    adams.choose("Answer alpha")
    passes(2)
    expect(adams.page.locator("[data-saved]")).to_have_text(SAVED)
    asked = adams.page.locator("form .choice").all_inner_texts()
    there = signed_in("adams")
    there.page.goto(adams.page.url)
    expect(there.page.get_by_label("Answer alpha")).to_be_checked()
    assert there.page.locator("form .choice").all_inner_texts() == asked
    assert there.page.locator("[data-ends]").inner_text() == adams.page.locator("[data-ends]").inner_text()
