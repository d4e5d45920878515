"""Adams types, rates, writes and says how sure: with and without JavaScript, wide and narrow, by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from pme.assessment.models import Response as Answer
from pme.content.publish import publish
from pme.db import Database
from tests.browser.conftest import SignedIn
from tests.browser.hands import Hands, Keyboard
from tests.browser.test_saving import SAVED, SAVED_WITHIN
from tests.support.cast import START
from tests.support.every_type import ESSAY, NUMBER, RATING, WORD, every_type, judgement, letter
from tests.support.student import FURTHER

pytestmark = pytest.mark.browser

VERY = re.compile("Very sure")
SURE = "How sure are you?"
RATINGS = {"Way kilo": "4, best", "Way lima": "3, good", "Way mike": "2, poor", "Way november": "1, harmful"}
IN_ORDER = {"shuffle_items": False, "shuffle_options": False}


@pytest.fixture(autouse=True)
def _published(database: Database) -> None:
    with database.writing() as session:
        found = every_type(judgement(**IN_ORDER), letter(**IN_ORDER))
        publish(session, found, by_id=None, at=START, note="every type")


def begin(adams: Hands, slug: str, of: int) -> None:
    adams.open(f"{FURTHER}/quiz/{slug}")
    adams.press("Begin")
    adams.reads(f"Question 1 of {of}")


def answer_everything(adams: Hands) -> None:
    """A number that is none, then right answers of every type, to the result."""
    begin(adams, "judgement", 4)
    adams.write("Your answer, in l", "about 4 800")
    adams.choose(VERY, within=SURE)
    adams.press("Save and continue")
    adams.sees("“about 4 800” cannot be read as a number.")
    expect(adams.labelled("Your answer, in l")).to_have_value("about 4 800")
    expect(adams.labelled(VERY, SURE)).to_be_checked()
    adams.write("Your answer, in l", "4 800,5 litres")
    adams.press("Save and continue")
    adams.reads("Question 2 of 4")
    adams.write("Your answer, in a few words", "Consent")
    adams.choose(VERY, within=SURE)
    adams.press("Save and continue")
    adams.reads("Question 3 of 4")
    for way, rating in RATINGS.items():
        adams.choose(rating, within=way)
    adams.press("Save and continue")
    adams.reads("Question 4 of 4")
    adams.choose("Answer oscar")
    adams.choose(VERY, within=SURE)
    adams.press("Save and continue")
    adams.reads("Check your answers")
    adams.sees("Read as 4800.5 litres.")
    adams.press("Hand in")
    adams.sees("Passed: success")
    adams.sees("You rated it 4, best")


def write_an_essay(adams: Hands) -> None:
    """Too much, then enough; it waits for its marker."""
    begin(adams, "letter", 2)
    label = "Your answer, in up to 20 words"
    adams.write(label, "word " * 21)
    adams.press("Save and continue")
    adams.sees("This is 21 words long, and at most 20 are read.")
    expect(adams.labelled(label)).to_have_value("word " * 21)
    adams.write(label, "I would listen first.")
    adams.press("Save and continue")
    adams.reads("Question 2 of 2")
    adams.press("Save and check all answers")
    adams.press("Hand in")
    adams.sees("Waiting for marks")


@pytest.mark.parametrize(
    ("script", "width"),
    [
        pytest.param(True, 320, id="script", marks=pytest.mark.soak),  # by keyboard in each run
        pytest.param(False, 1280, id="no-script"),
    ],
)
def test_adams_answers_every_type(signed_in: SignedIn, script: bool, width: int):
    adams = signed_in("adams", script=script, width=width)
    answer_everything(adams)
    write_an_essay(adams)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(True, id="script"),
        pytest.param(False, id="no-script", marks=pytest.mark.soak),  # by pointer in each run
    ],
)
def test_adams_answers_every_type_by_keyboard_alone(signed_in: SignedIn, script: bool):
    pointer = signed_in("adams", script=script)
    adams = Keyboard(pointer.page, pointer.address)
    answer_everything(adams)
    write_an_essay(adams)
    assert adams.faults == []
    assert adams.stops > 40


def test_every_type_is_saved_when_typing_rests(signed_in: SignedIn, database: Database):
    adams = signed_in("adams")
    saved = adams.page.locator("[data-saved]")
    begin(adams, "judgement", 4)
    adams.write("Your answer, in l", "12,5")
    expect(saved).to_have_text(SAVED, timeout=SAVED_WITHIN)
    adams.write("Your answer, in l", "12,5 what")
    expect(saved).to_contain_text("Not saved. “12,5 what” cannot be read as a number.")
    adams.page.get_by_role("link", name="Question 2").click()
    adams.write("Your answer, in a few words", "con")
    expect(saved).to_have_text(SAVED, timeout=SAVED_WITHIN)
    adams.page.get_by_role("link", name="Question 3").click()
    adams.choose("3, good", within="Way mike")
    expect(saved).to_have_text(SAVED, timeout=SAVED_WITHIN)
    begin(adams, "letter", 2)
    adams.write("Your answer, in up to 20 words", "One two three")
    adams.sees("3 of up to 20 words.")
    expect(saved).to_have_text(SAVED, timeout=SAVED_WITHIN)
    with database.session() as session:
        kept = {answer.item: answer.answer for answer in session.scalars(select(Answer))}
    assert kept == {
        NUMBER.id: ["12,5"],
        WORD.id: ["con"],
        RATING.id: ["CANARY-mike=3"],
        ESSAY.id: ["One two three"],
    }
