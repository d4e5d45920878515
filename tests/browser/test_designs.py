"""The design of certificates in a real browser: the preview is drawn again while one chooses, and keeps nothing."""

import pytest
from playwright.sync_api import expect

from pme.certificates.designs.queries import find_draft
from pme.db import Database
from tests.browser.conftest import SignedIn

pytestmark = pytest.mark.browser


def test_the_preview_follows_what_is_chosen_says_what_is_wrong_and_keeps_nothing(
    signed_in: SignedIn, address: str, database: Database
):
    page = signed_in("evans").page
    page.goto(f"{address}/academy/certificate-design")
    expect(page.locator("img[data-shown]")).to_be_visible()
    page.get_by_label("Open").check()
    canvas = page.locator("canvas")
    expect(canvas).to_have_attribute("width", "1280")
    expect(canvas).to_have_attribute(
        "aria-label", "The draft as a certificate of an invented person, marked SPECIMEN"
    )
    picture = "() => document.querySelector('canvas').toDataURL().length"
    before = page.evaluate(picture)
    page.locator("#accent").fill("#5a1a2b")
    page.wait_for_function(f"before => ({picture})() !== before", arg=before)
    page.locator("#accent").fill("#ffee00")
    says = page.locator("[data-live-says]")
    expect(says).to_contain_text("The nearest that passes is #")
    page.locator("#accent").fill("#123a5a")
    expect(says).to_have_text("")
    with database.session() as session:
        assert find_draft(session, 1) is None
