"""Adams works while the link is down: what is decided is kept on the device, said to be, and sent once."""

import re

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pme.assessment.models import Attempt, Decision
from pme.db import Database
from tests.browser.conftest import SignedIn
from tests.browser.hands import Pointer
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.student import BASICS

pytestmark = pytest.mark.browser

SAVED = re.compile(r"Your last decision was saved at \d\d:\d\d:\d\d UTC by the server\.")
NOT_SENT = "saved on this device, not yet sent. It is sent when the connection is back."


def decisions(database: Database) -> list[tuple[int, str]]:
    with database.session() as session:
        rows = session.scalars(select(Decision).order_by(Decision.id))
        return [(row.sequence, row.choice) for row in rows]


def test_a_decision_without_a_link_is_kept_then_stored_once(signed_in: SignedIn, database: Database):
    adams = signed_in("adams")
    adams.open(f"{BASICS}/scenario/checkpoint")
    adams.press("Begin the scenario")
    second = adams.in_another_tab()  # it sends what the first tab kept, as the first does
    link = adams.page.context
    link.set_offline(True)
    adams.choose("Do listen")
    adams.press("Decide: this is final")
    adams.sees(f"“Do listen”: {NOT_SENT}")
    expect(adams.page.get_by_role("button", name="Decide: this is final")).to_have_count(0)
    expect(adams.page.get_by_role("link", name="Go on from there")).to_be_hidden()
    assert decisions(database) == []
    link.set_offline(False)
    adams.sees("Decision 2 of 2")
    expect(adams.page.get_by_text(SAVED)).to_be_visible()
    assert decisions(database) == [(1, "CANARY-listen")]
    second.page.close()  # it would be told, as well as the one that waits

    link.set_offline(True)
    adams.choose("Do help")
    adams.press("Decide: this is final")
    adams.sees(f"“Do help”: {NOT_SENT}")
    with database.writing() as session:  # on another machine
        attempt = session.scalars(select(Attempt)).one()
        taken = {"sequence": 2, "node": "d2", "choice": "CANARY-nothing", "decided_at": START}
        session.add(Decision(attempt_id=attempt.id, **taken))
    link.set_offline(False)
    adams.sees("you decided “Do nothing” here on another page or device, and that counts.")
    adams.sees("On this device you had chosen “Do help”, which was not used.")
    expect(adams.page.get_by_role("link", name="Go on from there")).to_be_focused()
    assert adams.page.evaluate("localStorage.length") == 0


def kept(page: Page) -> list[str]:
    """The addresses of the copies on the device."""
    found = page.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys())
                for (const {url} of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
            return found;
        }"""
    )
    return sorted(address for address in found if address.startswith(("/learn", "/attempts")))


def keeps(page: Page, *addresses: str) -> None:
    """Wait until just these pages are on the device."""
    for _ in range(100):
        if kept(page) == sorted(addresses):
            return
        page.wait_for_timeout(100)
    assert kept(page) == sorted(addresses)


def asks_to_keep(adams: Pointer) -> None:
    """Let this device keep modules, and wait for its worker."""
    adams.press("Keep opened modules on this device")
    adams.page.evaluate(
        """() => navigator.serviceWorker.controller ? null : new Promise(
            (done) => navigator.serviceWorker.addEventListener("controllerchange", () => done(null)))"""
    )


def test_opened_modules_are_read_without_a_link_and_gone_after_signing_out(signed_in: SignedIn):
    adams = signed_in("adams")
    page, link = adams.page, adams.page.context
    adams.open(f"{BASICS}/")
    adams.follow("Keep opened modules on this device for reading")
    asks_to_keep(adams)
    adams.open(f"{BASICS}/first")
    adams.open(f"{BASICS}/quiz/check")
    adams.press("Begin")
    adams.reads("Question 1 of 5")
    question = page.url
    keeps(page, f"{BASICS}/first")

    link.set_offline(True)
    adams.open(f"{BASICS}/first")
    adams.reads("Page first")
    adams.sees("You are offline. This page was kept on this device on ")
    page.goto(question)
    adams.reads("No connection just now")
    adams.follow("Page first")
    adams.reads("Page first")
    link.set_offline(False)

    adams.open("/device")
    adams.follow("Page first")
    expect(page.locator("main")).not_to_contain_text("You are offline")
    adams.press("Sign out")
    adams.is_at("/")
    keeps(page)
    link.set_offline(True)
    with pytest.raises(PlaywrightError, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"{adams.address}{BASICS}/first")


def test_what_is_kept_goes_when_the_session_ends_and_when_somebody_else_signs_in(
    signed_in: SignedIn, visit: Visits
):
    adams = signed_in("adams")
    page, link, first = adams.page, adams.page.context, f"{BASICS}/first"
    (own,) = (each for each in link.cookies() if each["name"] == "pme")
    adams.open("/device")
    asks_to_keep(adams)
    adams.open(first)
    keeps(page, first)

    link.clear_cookies(name="pme")  # the session has ended
    adams.open("/learn")
    adams.reads("Sign in")
    keeps(page)

    link.add_cookies([{name: own[name] for name in ("name", "value", "domain", "path")}])  # type: ignore[list-item]
    adams.open(first)
    keeps(page, first)
    other = visit("baker").http.get_cookie("pme")
    assert other is not None
    link.add_cookies([{"name": "pme", "value": other.value, "url": adams.address}])
    adams.open("/learn")
    keeps(page)
    link.set_offline(True)
    with pytest.raises(PlaywrightError, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"{adams.address}{first}")


def test_a_practice_that_is_carried_is_played_without_a_link_and_sent_once(
    signed_in: SignedIn, database: Database
):
    adams = signed_in("adams")
    page, link = adams.page, adams.page.context
    adams.open("/device")
    asks_to_keep(adams)
    adams.open(f"{BASICS}/scenario/practice")
    adams.press("Begin the scenario")
    page.get_by_text("Practise without a connection").click()
    adams.press("Carry this practice on this device")
    adams.sees("Practice, carried on this device")
    here = page.url
    keeps(page, here.removeprefix(adams.address))

    link.set_offline(True)
    page.goto(here)
    adams.sees("You are offline.")
    adams.choose("Do shout")
    adams.press("Decide and go on")
    adams.sees("CANARY feedback shout")
    adams.sees("CANARY-later: they turn away.")
    adams.press("Take this decision back")
    adams.choose("Do listen")
    adams.press("Decide and go on")
    adams.sees("CANARY-later: they stay.")
    page.goto(here)  # closed and opened again
    adams.sees("CANARY-later: they stay.")
    adams.sees(f"“Do listen”: {NOT_SENT}")
    adams.choose("Do help")
    adams.press("Decide and go on")
    adams.sees("CANARY-ending sound")
    adams.sees("“Do help”: saved on this device, not yet sent.")
    assert decisions(database) == []

    link.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")  # a page that was opened offline may not hear of it
    expect(
        page.get_by_text(re.compile(r"“Do help”: saved at \d\d:\d\d:\d\d UTC by the server"))
    ).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("You are offline.")
    shout, listen, give = (f"CANARY-{name}" for name in ("shout", "listen", "help"))
    assert decisions(database) == [(1, shout), (2, listen), (3, give)]
    adams.follow("Go on to the debrief")
    adams.sees("You chose: Do help")
    adams.press("Go on to the debrief")
    adams.reads("Debrief")


def test_what_waits_on_the_device_is_told_there_and_can_be_discarded(signed_in: SignedIn, database: Database):
    adams = signed_in("adams")
    page = adams.page
    adams.open("/device")
    adams.sees("it is not encrypted")
    adams.sees("Nothing waits at the moment.")
    adams.open(f"{BASICS}/scenario/checkpoint")
    adams.press("Begin the scenario")
    adams.sees("Decision 1 of 2")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    adams.choose("Do listen")
    adams.press("Decide: this is final")
    adams.sees(f"“Do listen”: {NOT_SENT}")
    page.context.route(
        "**/attempts/**", lambda route: route.fulfill(status=503, body="")
    )  # too busy to take it
    page.context.set_offline(False)
    adams.open("/device")
    adams.sees("Saved on this device, not yet sent")
    expect(page.locator("[data-unsent] li")).to_contain_text("Do listen")
    page.once("dialog", lambda dialog: dialog.dismiss())
    adams.press("Discard it now")
    assert page.evaluate("localStorage.length") > 0
    page.once("dialog", lambda dialog: dialog.accept())
    adams.press("Discard it now")
    adams.sees("Nothing waits at the moment.")
    assert page.evaluate("localStorage.length") == 0
    page.context.unroute("**/attempts/**")
    adams.open("/device")
    assert decisions(database) == []
