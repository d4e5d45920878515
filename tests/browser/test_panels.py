"""A panel in a real browser: its pages in every look, and the whole of it with JavaScript off."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from pme.content.catalogue import current
from pme.content.render import Renderer
from pme.db import Database
from tests.browser import panel_story
from tests.browser.album import SEEN, Album
from tests.browser.conftest import SignedIn, Tabs
from tests.browser.looking import faults_of
from tests.browser.test_every_page import looking_at, none_of
from tests.content.small_library import Shelf
from tests.support.client import Visit
from tests.support.html import html_validate
from tests.support.panels import DUE, LINK, PANELS, SECOND_DUE, all_answer, publish_files, seated

pytestmark = pytest.mark.browser

BEST = ("Listen", "Offer help", "Hand over")
SUBJECTS = ("rating/scenario/gate", "angoff/quiz/listening-check")


@pytest.fixture
def _files(database: Database, tmp_path: Path) -> None:
    """The small library of files, published."""
    with Renderer() as renderer, database.writing() as session:
        publish_files(session, Shelf(tmp_path, renderer))


@pytest.mark.soak  # the album of the cast looks at these pages in every run
@pytest.mark.usefixtures("_files")
def test_pages_of_a_panel_have_no_fault_in_any_look(app: Flask, database: Database, chromium: Browser):
    album = Album(app)
    panel_story.played(album, Visit(app, "clarke"), database, subjects=SUBJECTS, count=10)
    assert {"panel.start", "panel.rate", "panel.save", "panel.send"} <= {p.endpoint for p in album.pictures}
    none_of(album.dead_ends)
    none_of(html_validate({picture.name: picture.html for picture in album.pictures}))
    faults = []
    with looking_at(album, chromium) as (page, address, watch):
        for number, picture in enumerate(album.pictures):
            page.goto(f"{address}{SEEN}{number}")
            faults += [f"{picture.name}: {fault}" for fault in (*faults_of(page), *watch.faults)]
            watch.faults.clear()
    none_of(faults)


def rate_everything(page: Page, number: int) -> None:
    """A panellist presses through all decisions and sends the round."""
    page.locator("ol.tasks a").first.click()
    for _ in range(3):
        for option in page.locator("fieldset fieldset").all():
            text = option.locator("legend").inner_text()
            option.get_by_label("4, best" if text.startswith(BEST) else "1, harmful").check()
        page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name=f"Send round {number}").click()
    expect(page.locator("main")).to_contain_text("Sent. Thank you")


@pytest.mark.usefixtures("_files")
def test_a_panel_goes_from_invitation_to_adoption_with_javascript_off(
    browse: Tabs, signed_in: SignedIn, address: str, database: Database, app: Flask
):
    clarke = signed_in("clarke", script=False).page
    clarke.goto(f"{address}{PANELS}")
    clarke.get_by_role("link", name="Open a panel").click()
    clarke.get_by_label("The options of the scenario “At the gate”").check()
    clarke.get_by_label("Title").fill("The gate")
    clarke.get_by_label("What you ask for").fill("To check the key.")
    clarke.get_by_label("Round one ends on").fill(DUE)
    clarke.get_by_role("button", name="Open round one").click()
    panel = clarke.url
    clarke.get_by_label("Name", exact=True).fill("Kim")
    clarke.get_by_label("E-mail address").fill("kim@panel.example")
    clarke.get_by_label("What this person knows about").select_option(label="Survivor adviser")
    clarke.get_by_role("button", name="Invite and show the link").click()
    found = LINK.search(clarke.locator("main").inner_text())
    assert found
    page = Visit(app, "clarke").get(panel.removeprefix(address))
    others = seated(database, page, 9)

    kim = browse(script=False, width=320)
    for number in (1, 2):
        kim.goto(address + found[0])
        rate_everything(kim, number)
        all_answer(database, others, lambda text: "4" if text in BEST else "1")
        clarke.goto(panel)
        clarke.get_by_text("Close this round").click()
        clarke.get_by_role("button", name=f"Close round {number}").click()
        if number == 1:
            clarke.get_by_label("Round two ends on").fill(SECOND_DUE)
            clarke.get_by_role("button", name="Open round two").click()

    clarke.get_by_role("link", name="Figures of round 2").click()
    with clarke.expect_download() as download:
        clarke.get_by_role("link", name="Download the file").click()
    assert "panel:\n  n: 10\n" in download.value.path().read_text(encoding="utf-8")
    clarke.get_by_role("button", name="Publish it").click()
    expect(clarke.locator("main")).to_contain_text("Adopted")
    with database.session() as session:
        scenario = current(session).scenario("gate")
    assert scenario is not None
    assert scenario.content.panel is not None
    assert scenario.content.panel.n == 10
