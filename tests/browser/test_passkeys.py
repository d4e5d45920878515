"""Passkeys in a real browser, with the virtual authenticator of Chromium: made, used, refused, and done without."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Line, Tabs
from tests.support.browser import accessibility_faults, live
from tests.support.cast import PASSWORD, email_of

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]


@pytest.fixture
def address(line: Line) -> Iterator[str]:
    """Where the application of this test is served: passkeys need a host with a name."""
    with live(line) as address:
        yield address.replace("127.0.0.1", "localhost")


def plug_in(page: Page) -> None:
    """A security key that is touched at once, for this page."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": False,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, address: str, where: str = "/sign-in") -> None:
    """Give the right password of Adams."""
    page.goto(address + where)
    page.get_by_label("E-mail address").fill(email_of("adams"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_passkey_is_made_and_takes_the_second_step(browse: Tabs, address: str):
    page = browse()
    plug_in(page)
    sign_in(page, address)
    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Set up").click()
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_hidden()
    page.get_by_label("Name of this passkey").fill("work laptop")
    page.get_by_label("Your password now").fill(PASSWORD)
    page.get_by_role("button", name="Create the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("main")).to_contain_text("work laptop")

    page.get_by_role("link", name="Add a passkey").click()  # the same device does not hold two
    page.get_by_label("Name of this passkey").fill("again")
    page.get_by_label("Your password now").fill(PASSWORD)
    page.get_by_role("button", name="Create the passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("holds a passkey of yours already")

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, address, "/learn/core")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(address + "/learn/core")

    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name=re.compile("Change ?: Second step")).click()
    expect(page.locator("main")).to_contain_text("last used")
    page.get_by_role("link", name=re.compile("Change ?: work laptop")).click()
    page.get_by_label("Your password now").fill(PASSWORD)
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.locator("main")).not_to_contain_text("work laptop")


def test_without_javascript_the_page_says_what_to_do_instead(browse: Tabs, address: str):
    page = browse(script=False)
    sign_in(page, address)
    page.goto(address + "/account/passkeys/new")
    expect(page.get_by_role("button", name="Create the passkey")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("Set up an authenticator app instead")
