"""The editor of pages in a real browser: with JavaScript and without, and two people at one page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pme.content.render import Renderer
from pme.db import Database
from tests.browser.conftest import SignedIn
from tests.browser.looking import faults_of
from tests.content.small_library import PAGE, Shelf
from tests.support.html import html_validate
from tests.support.panels import publish_files

pytestmark = pytest.mark.browser

SAVED = re.compile(r"^Saved at \d\d:\d\d:\d\d UTC by the server$")
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('pme:')).length"


@pytest.fixture(autouse=True)
def _files(database: Database, tmp_path: Path) -> None:
    """The small library of files, published."""
    with Renderer() as renderer, database.writing() as session:
        publish_files(session, Shelf(tmp_path, renderer))


def begun(page: Page, address: str) -> str:
    """Begin a draft; gives its address."""
    page.goto(f"{address}/author")
    page.get_by_label("Name of the draft").fill("Clearer words")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Clearer words")
    return page.url


def area(page: Page):
    return page.get_by_label("Text of the page")


def seen(page: Page):
    return page.locator("[data-seen]")


def saved(page: Page) -> None:
    """Wait until everything typed is with the server."""
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    page.wait_for_function(f"() => {KEPT} === 0")


def test_a_page_is_written_with_the_toolbar_seen_beside_and_saved_by_itself(
    signed_in: SignedIn, address: str
):
    page = signed_in("clarke").page
    draft = begun(page, address)
    page.goto(f"{draft}/page/{PAGE}")
    expect(seen(page)).to_contain_text("You ask for consent")
    expect(seen(page)).to_contain_text("No remarks")
    area(page).fill("# Steps\n\n")
    area(page).press("Control+End")
    page.get_by_role("button", name="Heading").click()
    page.keyboard.type("Listen")
    area(page).press("Control+End")
    page.keyboard.type("\n\nYou ")
    area(page).press("Control+b")
    page.keyboard.type("listen")
    area(page).press("Control+End")
    page.get_by_label("Search for a source, a term or a figure").fill("guide")
    expect(page.locator("[data-found]")).not_to_contain_text("[[consent]]")
    page.get_by_role("button", name="Insert GUIDE-2020").click()
    expect(area(page)).to_have_value("# Steps\n\n## Listen\n\n\n\nYou **listen**[@GUIDE-2020]")
    expect(seen(page).get_by_role("heading", name="Listen")).to_be_visible()
    expect(seen(page).locator("strong")).to_have_text("listen")
    expect(seen(page)).to_contain_text("A guide to listening")
    saved(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.type(".")
    saved(page)
    page.reload()
    expect(area(page)).to_have_value("# Steps\n\n## Listen\n\n\n\nYou **listen**[@GUIDE-2020].")
    area(page).press("Control+End")
    page.keyboard.type(" more [@NOWHERE]")
    expect(page.locator("[data-preview-says]")).to_contain_text("1 to put right")
    expect(page.locator(".margin span")).to_have_count(1)
    page.get_by_role("link", name="Line 7").click()
    assert (
        area(page)
        .evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
        .startswith("You **listen**")
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    expect(area(page)).to_have_value(re.compile("NOWHERE"))
    assert page.evaluate(KEPT) == 0


def test_two_people_at_one_page_put_their_texts_together(signed_in: SignedIn, address: str):
    clarke, davis = signed_in("clarke").page, signed_in("davis").page
    where = f"{begun(clarke, address)}/page/{PAGE}"
    clarke.goto(where)
    davis.goto(where)
    text = area(clarke).input_value()
    area(clarke).fill(text.replace("It calms", "It calms a person"))
    saved(clarke)
    area(davis).fill(text.replace("# First steps", "# The first steps"))
    expect(davis.locator("[data-saved]")).to_contain_text("Not saved. Somebody else has saved this file")
    davis.get_by_role("button", name="Compare the two versions").click()
    expect(davis.locator("main")).to_contain_text("everything could be put together")
    assert list(faults_of(davis)) == []
    davis.get_by_role("button", name="Save the merged text").click()
    expect(area(davis)).to_have_value(
        text.replace("It calms", "It calms a person").replace("# First steps", "# The first steps")
    )
    area(clarke).press("Control+End")
    clarke.keyboard.type("\nOne word more.\n")
    expect(clarke.locator("[data-saved]")).to_contain_text("Not saved.")
    clarke.get_by_role("button", name="Compare the two versions").click()
    merged = clarke.get_by_label("Merged text").input_value()
    assert merged.startswith("# The first steps")
    assert "One word more." in merged


def test_what_the_line_did_not_carry_comes_back(signed_in: SignedIn, address: str, line):
    page = signed_in("clarke").page
    page.goto(f"{begun(page, address)}/page/{PAGE}")
    expect(seen(page)).to_contain_text("You ask for consent")
    line.is_cut = True
    area(page).fill("# Typed on a train\n")
    expect(page.locator("[data-saved]")).to_contain_text("Saved on this device, not yet sent.")
    line.is_cut = False
    page.reload()
    expect(area(page)).to_have_value("# Typed on a train\n")
    saved(page)


def test_a_page_is_written_and_seen_with_javascript_off(signed_in: SignedIn, address: str):
    page = signed_in("clarke", script=False, width=320).page
    draft = begun(page, address)
    page.get_by_role("link", name="Open the contents").click()
    page.get_by_role("link", name="First steps").click()
    expect(page.get_by_role("button", name="Bold")).to_have_count(0)
    expect(page.get_by_role("button", name="Compare")).to_have_count(0)
    area(page).fill("# Steps\n\nYou ask for [[consent]].\n")
    page.get_by_role("button", name="Save and preview").click()
    expect(seen(page)).to_contain_text("A free and informed yes.")
    page.goto(f"{draft}/new-source/{PAGE}")
    for label, text in (
        ("Key", "NEW-1"),
        ("Title", "A book"),
        ("Who issued it", "A press"),
        ("Date", "2024"),
    ):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Add to the bibliography").click()
    expect(page.locator("main")).to_contain_text("[@NEW-1]")


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param((f"page/{PAGE}", f"page/{PAGE}?shown=1"), id="that a script fills"),
        # the album of the cast looks at these in every run
        pytest.param((f"inserts/{PAGE}", f"new-source/{PAGE}"), id="around it", marks=pytest.mark.soak),
    ],
)
def test_pages_of_the_editor_have_no_fault_in_any_look(
    signed_in: SignedIn, address: str, paths: tuple[str, ...]
):
    page = signed_in("clarke").page
    draft = begun(page, address)
    faults = []
    for path in paths:
        page.goto(f"{draft}/{path}")
        if path.startswith("page"):
            expect(seen(page)).to_contain_text("You ask for consent")
        none = html_validate({path: page.request.get(page.url).text()})
        faults += [f"{path}: {fault}" for fault in (*none, *faults_of(page))]
    assert faults == [], "\n".join(faults)
