"""Adams goes all the way in a real browser: with and without JavaScript, wide and narrow, by keyboard alone,
with two clicks for one, with two tabs, with the network gone."""

import io
import re

import pytest
from playwright.sync_api import Page, Response, expect
from pypdf import PdfReader
from sqlalchemy import func, select

from pme.assessment.models import Attempt, AttemptStatus, Decision, Task
from pme.db import Database
from pme.progress.models import CourseCompletion
from tests.browser.conftest import Line, SignedIn, Tabs
from tests.browser.hands import Hands, Keyboard, Pointer
from tests.browser.ways import answer_to, begin_quiz, begin_scenario, reach_debrief
from tests.conftest import Visits
from tests.support import student
from tests.support.student import BASICS, COURSE

pytestmark = pytest.mark.browser
BEGIN = re.compile("^(Begin the scenario|Go on with your attempt)$")
with_script_in_each_run = pytest.mark.parametrize(
    "script",
    [pytest.param(True, id="script"), pytest.param(False, id="no-script", marks=pytest.mark.soak)],
)
"""Without a script the same forms are sent twice, and left and found again, by tests/web/test_resilience.py."""


def read_module(adams: Hands) -> None:
    adams.reads("Page first")
    adams.press("Mark as read and continue")
    adams.reads("Page second")
    adams.press("Mark as read and continue")


def go_home_and_continue(adams: Hands) -> None:
    adams.follow("Home")
    adams.follow("Continue")


def go_all_the_way(adams: Hands) -> str:
    """From the first page to the certificates; gives the address of the page that verifies the first."""
    adams.sign_in("adams")
    adams.is_at("/learn")
    adams.follow("Begin")
    read_module(adams)
    adams.press("Begin")
    adams.answer_all()
    adams.press("Hand in")
    adams.sees("Passed")
    adams.follow("Back to the module")

    go_home_and_continue(adams)
    adams.press("Begin the scenario")
    adams.sees("Someone waits.")
    adams.decide("Do listen")
    adams.sees("they stay")
    adams.decide("Do help")
    adams.reads("Debrief")
    adams.write("What happened?", "I listened, and I did not ask.")
    adams.press("Finish the debrief")
    adams.sees("Your debrief is complete.")

    go_home_and_continue(adams)
    adams.press("Begin the scenario")
    adams.decide("Do wait", button="Decide and go on")
    adams.press("Take this decision back")
    adams.decide("Do listen", button="Decide and go on")
    adams.sees("You chose: Do listen")
    adams.decide("Do help", button="Decide and go on")
    adams.press("Go on to the debrief")
    adams.write("What happened?", "I took one decision back.")
    adams.press("Finish the debrief")
    adams.sees("Your debrief is complete.")

    go_home_and_continue(adams)
    read_module(adams)
    adams.reads("Further on")
    adams.follow("Certificates")
    adams.sees("Core course")
    link = adams.page.get_by_role("link", name="See what others see")
    return str(link.get_attribute("href"))


def is_a_certificate_with_its_supplement(answer: Response, page: Page) -> None:
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    again = page.context.request.get(answer.url)
    sheets = PdfReader(io.BytesIO(again.body())).pages
    assert len(sheets) == 2  # the certificate and its supplement
    assert "Adams Person" in sheets[0].extract_text()


def verifies(stranger: Hands, address: str) -> None:
    """A stranger types the code of the certificate and finds it valid."""
    code = address.rpartition("/")[2]
    stranger.open("/")
    stranger.follow("Verify a certificate")
    stranger.write("Verification code", code.lower())
    stranger.press("Verify")
    stranger.sees("Valid")
    for printed in ("Adams Person", "Captain", "Core course", "2.5 hours", "Home Academy", code):
        stranger.sees(printed)


@pytest.mark.parametrize(
    ("script", "width"),
    [
        pytest.param(True, 320, id="script-320"),
        pytest.param(False, 1280, id="no-script-1280"),
        pytest.param(True, 1280, id="script-1280", marks=pytest.mark.soak),
        pytest.param(False, 320, id="no-script-320", marks=pytest.mark.soak),
    ],
)
def test_adams_goes_all_the_way(browse: Tabs, address: str, script: bool, width: int):
    page = browse(script=script, width=width)
    adams = Pointer(page, address)
    verify = go_all_the_way(adams)
    with page.expect_response(re.compile(r"\.pdf$")) as opened:
        adams.follow("Open the PDF")
    is_a_certificate_with_its_supplement(opened.value, page)
    verifies(Pointer(browse(script=script, width=width), address), verify)
    adams.open("/learn")
    adams.press("Sign out")
    adams.is_at("/")
    adams.open("/learn")
    adams.reads("Sign in")


def test_adams_goes_all_the_way_by_keyboard_alone(browse: Tabs, address: str):
    adams = Keyboard(browse(), address)
    verify = go_all_the_way(adams)
    with adams.page.expect_response(re.compile(r"\.pdf$")) as opened:
        adams.follow("Open the PDF")
    is_a_certificate_with_its_supplement(opened.value, adams.page)
    verifies(Keyboard(browse(), address), verify)
    assert adams.stops > 100
    assert adams.faults == []


def test_the_first_stop_of_the_keyboard_skips_to_the_main_content(browse: Tabs, address: str):
    adams = Keyboard(browse(width=320), address)
    adams.sign_in("adams")
    adams.open(f"{BASICS}/first")
    adams.page.keyboard.press("Tab")
    skip = adams.page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    adams.page.keyboard.press("Enter")
    expect(adams.page.locator("main")).to_be_focused()
    adams.page.keyboard.press("Tab")
    assert adams.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_term_is_explained_in_place_by_keyboard_and_closes_again(browse: Tabs, address: str):
    adams = Keyboard(browse(), address)
    adams.sign_in("adams")
    adams.open(f"{BASICS}/first")
    term = adams.page.get_by_role("button", name="word")
    adams.reach(term)
    adams.page.keyboard.press("Space")
    note = adams.page.get_by_role("dialog")
    expect(note).to_contain_text("Help that is given.")
    expect(term).to_have_attribute("aria-expanded", "true")
    adams.page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(term).to_have_attribute("aria-expanded", "false")


@with_script_in_each_run
def test_a_double_click_decides_once(signed_in: SignedIn, database: Database, script: bool):
    adams = signed_in("adams", script=script)
    begin_scenario(adams)
    adams.choose("Do listen")
    adams.page.get_by_role("button", name="Decide: this is final").dblclick()
    adams.sees("Decision 2 of 2")
    adams.sees("they stay")
    assert decisions(database) == ["CANARY-listen"]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_second_click_while_the_server_is_slow_decides_once(
    signed_in: SignedIn, line: Line, database: Database, script: bool
):
    adams = signed_in("adams", script=script)
    begin_scenario(adams)
    adams.choose("Do listen")
    sent = forms_sent_by(adams.page)
    box = adams.page.get_by_role("button", name="Decide: this is final").bounding_box()
    assert box is not None
    line.delay = 1.0
    for _ in range(2):
        adams.page.mouse.click(box["x"] + 9, box["y"] + 9)
        adams.page.wait_for_timeout(300)
    adams.sees("Decision 2 of 2")
    assert decisions(database) == ["CANARY-listen"]
    assert len(sent) == (1 if script else 2)


@with_script_in_each_run
def test_a_double_click_hands_in_once(signed_in: SignedIn, database: Database, script: bool):
    adams = signed_in("adams", script=script)
    begin_quiz(adams)
    adams.answer_all()
    adams.page.get_by_role("button", name="Hand in").dblclick()
    adams.sees("Passed")
    adams.reads("A short check")
    with database.session() as session:
        attempts = session.scalars(select(Attempt)).all()
    assert [attempt.status for attempt in attempts] == [AttemptStatus.FINISHED]


def test_a_double_click_on_the_last_debrief_completes_the_course_once(
    visit: Visits, signed_in: SignedIn, database: Database
):
    known = visit("adams")
    student.read_module(known, f"{COURSE}/further")
    student.read_module(known, BASICS)
    student.pass_quiz(known)
    student.reflect(student.play(known, slug="practice"))
    adams = signed_in(known, script=False)
    reach_debrief(adams)
    adams.write("What happened?", "All went well.")
    adams.page.get_by_role("button", name="Finish the debrief").dblclick()
    adams.sees("Your debrief is complete.")
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(CourseCompletion)) == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_the_back_button_changes_no_decision(signed_in: SignedIn, database: Database, script: bool):
    adams = signed_in("adams", script=script)
    begin_scenario(adams)
    adams.decide("Do listen")
    adams.sees("Decision 2 of 2")
    adams.page.go_back()
    shown = adams.page.locator("main").inner_text()
    if "Decision 1 of 2" in shown:  # the page as the browser kept it
        adams.decide("Do shout")
        if script:
            adams.sees("you decided “Do listen” here on another page or device, and that counts.")
            adams.follow("Go on from there")
        else:
            adams.sees("This decision was already taken. You are where it led.")
    elif "Decision 2 of 2" not in shown:  # the page before the first decision
        adams.page.get_by_role("button", name=BEGIN).click()
    adams.sees("Decision 2 of 2")
    assert decisions(database) == ["CANARY-listen"]
    adams.decide("Do help")
    adams.reads("Debrief")
    adams.page.go_back()
    adams.reads("Debrief")
    assert decisions(database) == ["CANARY-listen", "CANARY-help"]


def test_the_back_button_after_handing_in_leads_to_the_result(signed_in: SignedIn):
    adams = signed_in("adams")
    begin_quiz(adams)
    adams.press("Save and check all answers")
    adams.press("Hand in")
    adams.sees("Not passed yet")
    adams.page.go_back()
    adams.page.reload()
    adams.reads("A short check")
    adams.sees("Not passed yet")


def test_the_second_of_two_tabs_is_told_where_the_first_has_led(signed_in: SignedIn, database: Database):
    first = signed_in("adams")
    begin_scenario(first)
    second = first.in_another_tab()
    second.sees("Decision 1 of 2")
    first.decide("Do listen")
    first.sees("Decision 2 of 2")
    second.decide("Do shout")
    second.sees("you decided “Do listen” here on another page or device, and that counts.")
    second.follow("Go on from there")
    second.sees("Decision 2 of 2")
    assert decisions(database) == ["CANARY-listen"]


def test_of_two_tabs_the_last_saved_answer_counts_until_one_hands_in(signed_in: SignedIn, database: Database):
    first = signed_in("adams", script=False)
    begin_quiz(first)
    while first.page.locator("legend").first.inner_text() != "Which one?":
        first.answer()
    second = first.in_another_tab()
    first.choose("Answer bravo")
    first.press("Save and check all answers")
    second.choose("Answer alpha")
    second.press("Save and check all answers")
    second.reads("Check your answers")
    assert answer_to(database, "CANARY-single") == ["CANARY-alpha-right"]
    third = first.in_another_tab()
    third.open(question_address(database))
    first.press("Hand in")
    first.sees("Result by learning outcome")
    third.press("Save and continue")
    third.sees("This attempt is finished. Your answers are as you left them.")
    assert answer_to(database, "CANARY-single") == ["CANARY-alpha-right"]


@with_script_in_each_run
def test_adams_leaves_a_scenario_and_returns_to_the_same_decision(signed_in: SignedIn, script: bool):
    adams = signed_in("adams", script=script)
    begin_scenario(adams)
    adams.decide("Do listen")
    adams.sees("Decision 2 of 2")
    here = adams.page.url
    adams.follow("Pause and leave")
    adams.reads("The basics")
    adams.press("Sign out")
    again = signed_in("adams", script=script, width=320)
    again.open(f"{BASICS}/scenario/checkpoint")
    again.press("Go on with your attempt")
    again.sees("Decision 2 of 2")
    assert again.page.url == here


def test_adams_leaves_a_quiz_and_returns_to_the_first_open_question(signed_in: SignedIn):
    adams = signed_in("adams")
    begin_quiz(adams)
    adams.answer()
    adams.answer()
    adams.reads("Question 3 of 5")
    adams.follow("Home")
    adams.open(f"{BASICS}/quiz/check")
    adams.press("Go on with your attempt")
    adams.reads("Question 3 of 5")


def test_adams_returns_to_the_debrief_with_the_reflection_begun(signed_in: SignedIn):
    adams = signed_in("adams", script=False)
    reach_debrief(adams)
    adams.write("What will you say?", "That I listen.")
    adams.press("Save and finish later")
    adams.follow("Back to the module")
    adams.open(f"{BASICS}/scenario/checkpoint")
    adams.press("Go on with your attempt")
    adams.reads("Debrief")
    expect(adams.page.get_by_label("What will you say?")).to_have_value("That I listen.")


def decisions(database: Database) -> list[str]:
    with database.session() as session:
        return list(session.scalars(select(Decision.choice).order_by(Decision.attempt_id, Decision.sequence)))


def forms_sent_by(page: Page) -> list[str]:
    """The addresses to which the page sends forms from now on."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    return sent


def question_address(database: Database) -> str:
    with database.session() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.task == Task.QUIZ)).one()
    return f"/attempts/quiz/{attempt.id}/questions/1"
