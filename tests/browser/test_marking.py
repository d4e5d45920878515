"""Marking in a real browser: by pointer and by keyboard, with JavaScript and without, saved while typing."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from pme.db import Database
from tests.browser.conftest import Tabs
from tests.browser.hands import Hands, Keyboard, Pointer
from tests.support.essays import Desk, more_markers, more_students, publish_written, set_up

pytestmark = pytest.mark.browser

NEXT = "Finish this mark and take the next"
SAVED = re.compile(r"^Saved at \d\d:\d\d:\d\d UTC by the server$")


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    """Two scripts to mark."""
    with database.writing() as session:
        publish_written(session)
        more_markers(session)
        names = more_students(session, 2)
    return set_up(database, *names)


def choose(hands: Hands, what: str) -> None:
    """Choose a level by the words of its row."""
    label = hands.page.locator("label.choice").filter(has_text=re.compile(f"^\\s*{what}"))
    hands.choose(" ".join(label.inner_text().split()))


def mark_everything(hands: Hands, desk: Desk) -> None:
    hands.sign_in("clarke")
    hands.open("/teach")
    hands.follow("Marking in Core course")
    hands.follow("In your own words, no cohort")
    hands.press("Mark the next script")
    for _ in desk.codes:
        hands.sees("Then we ask <b>whom</b> it concerns,")
        choose(hands, "Full care")
        choose(hands, "Some reason")
        hands.write("Comment on the whole answer (optional)", "You saw whom it concerns.")
        hands.press(NEXT)
    hands.sees("No script here waits for you now.")
    hands.follow("Release")
    hands.sees("attempts ready")
    hands.press("Release marks")
    hands.sees("The marks are released")


@pytest.mark.parametrize(
    ("kind", "script"),
    [
        pytest.param(Keyboard, True, id="Keyboard-with script"),
        pytest.param(Pointer, False, id="Pointer-without script"),
        pytest.param(Keyboard, False, id="Keyboard-without script", marks=pytest.mark.soak),
        pytest.param(Pointer, True, id="Pointer-with script", marks=pytest.mark.soak),
    ],
)
def test_two_scripts_are_marked_one_after_the_other_and_released(
    browse: Tabs, address: str, desk: Desk, kind: type[Hands], script: bool
):
    hands = kind(browse(script=script), address)
    mark_everything(hands, desk)
    if isinstance(hands, Keyboard):
        assert hands.faults == []


def test_a_mark_is_saved_within_two_seconds_and_the_total_follows(browse: Tabs, address: str, desk: Desk):
    hands = Pointer(browse(), address)
    hands.sign_in("clarke")
    hands.open(desk.script("s0"))
    hands.press("Mark this script")
    hands.sees("0 of 6 points so far")
    choose(hands, "Full care")
    saved = hands.page.locator("[data-saved]")
    expect(saved).to_have_text(SAVED, timeout=3_000)
    expect(hands.page.locator("[data-total]")).to_have_text("2 of 6 points so far")
    hands.write("Comment on the whole answer (optional)", "To be cleared.")
    expect(saved).to_have_text(SAVED)
    hands.page.wait_for_timeout(2_500)
    hands.write("Comment on the whole answer (optional)", "")
    hands.page.wait_for_timeout(2_500)
    hands.page.reload()
    expect(hands.page.get_by_label("Comment on the whole answer (optional)")).to_have_value("")
    expect(hands.page.locator("input[name=level_0]:checked")).to_have_value("3")


def test_two_markers_in_two_browsers_never_overwrite_each_other(browse: Tabs, address: str, desk: Desk):
    clarke, davis = Pointer(browse(), address), Pointer(browse(), address)
    for hands, name in ((clarke, "clarke"), (davis, "davis")):
        hands.sign_in(name)
        hands.open(desk.script("s0"))
    clarke.press("Mark this script")
    davis.press("Mark this script")
    davis.sees("Somebody else is marking this script now")
    clarke.write("Comment on the whole answer (optional)", "Only mine.")
    expect(clarke.page.locator("[data-saved]")).to_have_text(SAVED)
    davis.open(desk.script("s0"))
    expect(davis.page.locator("main")).not_to_contain_text("Only mine.")
