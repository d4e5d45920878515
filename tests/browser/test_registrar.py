"""A morning of the registrar in a real browser without JavaScript, on a narrow screen: invite, correct, shut out."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedIn, Tabs

pytestmark = pytest.mark.browser

FRESH = "harbour lantern willow granite"


def press(page: Page, button: str) -> None:
    page.locator("main").get_by_role("button", name=button, exact=True).click()


def sees(page: Page, text: str) -> None:
    expect(page.locator("main")).to_contain_text(text)


def choose_password(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Password", exact=True).fill(FRESH)
    page.get_by_label("The same password again").fill(FRESH)
    press(page, "Accept")


def test_somebody_is_invited_comes_in_is_corrected_and_shut_out(signed_in: SignedIn, browse: Tabs):
    irving = signed_in("irving", script=False, width=320)
    page = irving.page
    irving.open("/academy/people")
    irving.follow("Add a person")
    page.get_by_label("E-mail address").fill("new@home.example")
    page.get_by_label("Name", exact=True).fill("Nia Newel")
    press(page, "Add and invite")
    link = page.locator("p.code a").get_attribute("href") or ""
    irving.follow("Go on")
    sees(page, "Invited")
    guest = browse(script=False, width=320)
    choose_password(guest, irving.address + re.sub(r"^https?://[^/]+", "", link))
    sees(guest, "Your account is ready")
    page.reload()
    irving.follow("Correct the record")
    page.get_by_label("Name", exact=True).fill("Nia Newell")
    press(page, "Save")
    sees(page, "Say why the name changes")
    page.get_by_label("Why it changes").fill("Misspelt.")
    press(page, "Save")
    irving.reads("Nia Newell")
    press(page, "Suspend")
    sees(page, "signed out everywhere")
    irving.open("/academy/people?words=newell")
    expect(page.get_by_role("row", name=re.compile("Nia Newell.*Suspended"))).to_be_visible()
