"""What Adams writes is saved while it is written, kept on the device without a link, and put back: in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from pme.assessment.models import Reflection
from pme.assessment.models import Response as Answer
from pme.db import Database
from tests.browser.conftest import Line, SignedIn
from tests.browser.hands import STEPS
from tests.browser.ways import answer_to, begin_quiz, reach_debrief

pytestmark = pytest.mark.browser
SAVED = re.compile(r"^Saved at \d\d:\d\d:\d\d")
SAVED_WITHIN = 4_000  # ms: 1.5 s of idleness and the way to the server, on a busy machine
KEPT = "Saved on this device, not yet sent. It is sent when the connection is back."
PUT_BACK = "Text kept on this device was put back and will be sent."


def test_a_reflection_is_saved_while_adams_writes(signed_in: SignedIn, database: Database):
    adams = signed_in("adams")
    reach_debrief(adams)
    note = adams.page.locator("[data-saved]")
    adams.page.get_by_label("What was planned?").press_sequentially("To keep the road open.")
    expect(note).to_have_text(SAVED, timeout=SAVED_WITHIN)
    with database.session() as session:
        kept = session.scalars(select(Reflection.text).where(Reflection.text != "")).all()
    assert kept == ["To keep the road open."]
    adams.page.reload()
    expect(adams.page.get_by_label("What was planned?")).to_have_value("To keep the road open.")
    assert kept_on_device(adams.page) == {}


def test_every_kind_of_answer_is_saved_when_it_is_given(signed_in: SignedIn, database: Database):
    adams = signed_in("adams")
    begin_quiz(adams)
    for number in range(1, 6):
        adams.reads(f"Question {number} of 5")
        stem = adams.page.locator("legend").first.inner_text()
        match stem:
            case "Which one?":
                adams.choose("Answer alpha")
            case "Is it so?":
                adams.choose("False")
            case "Which ones?":
                adams.choose("Answer delta")
            case "What belongs together?":
                adams.pick("sun", r"[A-C]\. day")
            case _:
                adams.move(adams.page.locator(STEPS).first.inner_text(), "Down")
        expect(adams.page.locator("[data-saved]")).to_have_text(SAVED, timeout=SAVED_WITHIN)
        before = form_of(adams.page)
        adams.page.reload()
        assert form_of(adams.page) == before, stem
        if number < 5:
            adams.page.get_by_role("link", name=f"Question {number + 1}").click()
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 5


def test_text_written_while_the_server_is_out_of_reach_is_kept_on_the_device_and_put_back(
    signed_in: SignedIn, line: Line, database: Database
):
    adams = signed_in("adams")
    reach_debrief(adams)
    page, debrief = adams.page, adams.page.url
    line.is_cut = True
    adams.write("What was planned?", "Written in a tunnel.")
    expect(page.locator("[data-saved]")).to_have_text(KEPT)
    page.close()
    line.wait_for_another_refusal()  # the page's last try, on closing
    line.is_cut = False
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Reflection)) == 0
    page = page.context.new_page()
    page.goto(debrief)
    expect(page.get_by_label("What was planned?")).to_have_value("Written in a tunnel.")
    expect(page.locator("[data-saved]")).to_have_text(PUT_BACK)
    expect(page.locator("[data-saved]")).to_have_text(SAVED, timeout=SAVED_WITHIN)
    with database.session() as session:
        assert "Written in a tunnel." in session.scalars(select(Reflection.text)).all()
    assert kept_on_device(page) == {}


def test_an_answer_given_without_a_network_is_sent_when_it_is_back(signed_in: SignedIn, database: Database):
    adams = signed_in("adams")
    begin_quiz(adams)
    while adams.page.locator("legend").first.inner_text() != "Which one?":
        adams.answer()
    adams.page.context.set_offline(True)
    adams.choose("Answer charlie")
    expect(adams.page.locator("[data-saved]")).to_have_text(KEPT)
    assert answer_to(database, "CANARY-single") is None
    adams.page.context.set_offline(False)
    expect(adams.page.locator("[data-saved]")).to_have_text(SAVED, timeout=SAVED_WITHIN)
    assert answer_to(database, "CANARY-single") == ["CANARY-charlie-wrong"]


def test_leaving_at_once_loses_nothing(signed_in: SignedIn):
    adams = signed_in("adams")
    reach_debrief(adams)
    debrief = adams.page.url
    adams.page.get_by_label("What was planned?").press_sequentially("Left in haste.")
    adams.follow("Home")
    adams.is_at("/learn")
    adams.page.goto(debrief)
    expect(adams.page.get_by_label("What was planned?")).to_have_value("Left in haste.")


def test_signing_out_leaves_nothing_of_adams_on_the_device(signed_in: SignedIn):
    adams = signed_in("adams")
    reach_debrief(adams)
    adams.page.context.set_offline(True)
    adams.write("What was planned?", "Only for me.")
    expect(adams.page.locator("[data-saved]")).to_have_text(KEPT)
    assert len(kept_on_device(adams.page)) == 1
    adams.page.context.set_offline(False)
    adams.page.on("dialog", lambda dialog: dialog.accept())  # asked where it is not sent by then
    adams.press("Sign out")
    adams.is_at("/")
    assert kept_on_device(adams.page) == {}


def test_text_that_is_refused_stays_in_its_field_with_the_reason(signed_in: SignedIn):
    adams = signed_in("adams")
    reach_debrief(adams)
    adams.write("What was planned?", "x" * 5_001)
    note = adams.page.locator("[data-saved]")
    expect(note).to_have_text(re.compile("^Not saved. Keep .* under 5,000 characters."))
    adams.press("Finish the debrief")
    adams.sees("There is a problem")
    expect(adams.page.get_by_label("What was planned?")).to_have_value("x" * 5_001)
    expect(adams.page.get_by_role("alert")).to_be_focused()


def form_of(page: Page) -> list[list[str]]:
    """What the form would send, its token and what the page says of itself left out."""
    found: list[list[str]] = page.evaluate(
        """[...new FormData(document.querySelector('form[data-autosave]'))]
            .filter(([name]) => !['csrf_token', 'form', 'turn', 'seen', 'late'].includes(name))"""
    )
    return found


def kept_on_device(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate("({...localStorage})")
    return found
