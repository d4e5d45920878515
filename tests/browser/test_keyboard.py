"""A registrar, an author and a verifier at work by keyboard alone: Tab, Enter, Space and arrows, the focus always seen.

The student's way is played in test_journeys, the marker's in test_marking; without JavaScript the registrar's day is
in test_registrars_day, the author's in test_review and test_page_editor, the verifier's in test_journeys.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect
from sqlalchemy import select

from pme.certificates.models import Certificate
from pme.content.render import Renderer
from pme.db import Database
from tests.authoring.test_drafting import title_of_quiz
from tests.browser.conftest import SignedIn, Tabs
from tests.browser.hands import Keyboard
from tests.conftest import Visits
from tests.content.small_library import Shelf
from tests.proving.conftest import DONE
from tests.support.graduates import graduate
from tests.support.panels import publish_files

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]


def at_the_keyboard(signed_in: SignedIn, who: str, **more: object) -> Keyboard:
    """Somebody signed in, who has no pointer."""
    pointer = signed_in(who, **more)
    return Keyboard(pointer.page, pointer.address)


def nothing_unseen(*hands: Keyboard) -> None:
    """Every stop on the way showed the focus, and there were stops."""
    assert [fault for each in hands for fault in each.faults] == []
    assert all(each.stops for each in hands)


def test_a_registrar_invites_corrects_and_makes_a_class(signed_in: SignedIn):
    irving = at_the_keyboard(signed_in, "irving")
    irving.open("/academy")
    irving.follow("People")
    irving.follow("Add a person")
    irving.press("Add and invite")
    expect(irving.page.get_by_role("heading", name="There is a problem")).to_be_visible()
    irving.write("E-mail address", "new@home.example")
    irving.write("Name", "Nia Newel")
    irving.press("Add and invite")
    irving.follow("Go on")
    irving.reads("Nia Newel")
    irving.follow("Correct the record")
    irving.write("Name", "Nia Newell")
    irving.write("Why it changes", "Misspelt.")
    irving.press("Save")
    irving.reads("Nia Newell")
    irving.open("/academy/people")
    irving.write("Name, address, number or unit", "newell")
    irving.pick("Order", "Newest.*")
    irving.press("Search")
    expect(irving.page.get_by_role("row", name=re.compile("Nia Newell.*Invited"))).to_be_visible()
    irving.open("/academy/cohorts")
    irving.write("Name of the cohort", "Class of the harbour")
    irving.press("Create the cohort")
    irving.reads("Class of the harbour")
    irving.open("/academy/reports/progress")
    irving.activate(irving.page.locator("summary", has_text="Filter this report"))
    irving.press("Show")
    irving.activate(irving.page.get_by_role("button", name="Sign out"))
    irving.is_at("/")
    nothing_unseen(irving)


def test_an_author_drafts_checks_and_publishes(signed_in: SignedIn, database: Database, tmp_path: Path):
    with Renderer() as renderer, database.writing() as session:
        publish_files(session, Shelf(tmp_path, renderer))
    clarke = at_the_keyboard(signed_in, "clarke")
    clarke.open("/teach")
    clarke.follow("Authoring")
    clarke.write("Name of the draft", "A clearer title")
    clarke.press("Begin")
    clarke.follow("Open the contents")
    clarke.follow("A check")
    clarke.write("Title", "A clearer check")
    clarke.press("Save in the draft")
    draft = clarke.page.url.partition("/questions")[0].removeprefix(clarke.address)
    clarke.open(draft)
    clarke.press("Check everything")
    clarke.activate(clarke.page.get_by_role("link", name=re.compile("^Publish")).first)
    clarke.press("Publish")
    clarke.sees("Students see it from now on")
    assert title_of_quiz(database) == "A clearer check"
    nothing_unseen(clarke)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_verifier_enters_a_code_and_sends_a_file(
    browse: Tabs, address: str, visit: Visits, database: Database, script: bool
):
    with database.writing() as session:
        graduate(session, "adams", at=DONE)
    with database.session() as session:
        code = session.scalars(select(Certificate.code)).one()
    text = visit("nobody").fetch(f"/verify/{code}/credential.json").get_data()
    anybody = Keyboard(browse(script=script, width=320), address)
    anybody.open("/")
    anybody.follow("Verify a certificate")
    anybody.write("Verification code", "ABCD")
    anybody.press("Verify")
    expect(anybody.page.locator("main")).to_contain_text("24 letters")
    anybody.write("Verification code", code.lower())
    anybody.press("Verify")
    anybody.sees("Adams Person")
    anybody.open("/verify")
    anybody.follow("Send it")
    with anybody.page.expect_file_chooser() as chooser:
        anybody.activate(anybody.page.locator("input[type=file]"))
    chooser.value.set_files(FilePayload(name="credential.json", mimeType="application/json", buffer=text))
    anybody.press("Verify")
    expect(anybody.page.get_by_role("heading", level=1)).to_contain_text("Valid")
    nothing_unseen(anybody)
