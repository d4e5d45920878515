"""Scenarios and texts in a real browser with JavaScript: what is wrong is told while one types, and nothing is lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pme.content.render import Renderer
from pme.db import Database
from tests.browser.conftest import SignedIn
from tests.browser.looking import faults_of
from tests.browser.test_page_editor import SAVED, begun
from tests.content.small_library import SCENARIO, Shelf
from tests.support.panels import publish_files

pytestmark = pytest.mark.browser
SLOW = 15_000


@pytest.fixture(autouse=True)
def _files(database: Database, tmp_path: Path) -> None:
    """The small library of files, published."""
    with Renderer() as renderer, database.writing() as session:
        publish_files(session, Shelf(tmp_path, renderer))


def looked(page: Page):
    return page.locator("[data-looked=look]")


def test_a_scenario_is_begun_and_its_findings_follow_what_is_typed(signed_in: SignedIn, address: str):
    page = signed_in("clarke").page
    draft = begun(page, address)
    page.goto(f"{draft}/new-scenario")
    for label, text in (
        ("Title", "Night convoy"),
        ("For whom", "driver"),
        ("Level", "all"),
        ("Source that it is based on", "GUIDE-2020"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Begin it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Night convoy")
    expect(looked(page)).to_contain_text("1,024 paths", timeout=SLOW)
    page.get_by_role("link", name=re.compile("^d1:")).click()
    expect(looked(page)).to_contain_text("9 errors to correct here", timeout=SLOW)
    field = page.locator("#choices-0-text")
    field.fill("Wait for the others")
    expect(looked(page)).to_contain_text("8 errors to correct here", timeout=SLOW)
    expect(page.locator("[data-told=choices-0-text]")).to_have_count(0)
    expect(page.locator("[data-told=choices-1-text]")).to_contain_text("Still to be written")
    page.locator("#choices-0-goto").select_option("harm")
    page.get_by_text("The picture of the scenario").click()
    expect(page.locator("[data-looked=picture] svg").first).to_contain_text(
        "Wait for the others", timeout=SLOW
    )
    expect(field).to_have_value("Wait for the others")
    assert list(faults_of(page)) == []
    page.locator("#choices-0-goto").select_option("d2")
    page.get_by_role("button", name="Save in the draft").first.click()
    expect(page.locator("main")).to_contain_text("Saved in the draft")
    expect(field).to_have_value("Wait for the others")


def test_a_text_is_marked_at_its_line_and_saves_itself(signed_in: SignedIn, address: str):
    page = signed_in("clarke").page
    draft = begun(page, address)
    page.goto(f"{draft}/file/{SCENARIO}")
    area = page.get_by_label("Text of the file")
    expect(page.locator("[data-seen]")).to_contain_text("No remarks", timeout=SLOW)
    area.fill(area.input_value().replace("goto: d2", "goto: d9", 1))
    expect(page.locator("[data-seen]")).to_contain_text(
        "”, which is neither a node nor an ending", timeout=SLOW
    )
    expect(page.locator(".margin span").first).to_be_attached()
    expect(page.locator("[data-saved]")).to_have_text(SAVED, timeout=SLOW)
    page.locator("[data-seen] [data-line]").first.click()
    chosen = area.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    assert "goto: d9" in chosen
    page.reload()
    expect(area).to_have_value(re.compile("goto: d9"))
    assert list(faults_of(page)) == []
