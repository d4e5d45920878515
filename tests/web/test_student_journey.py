"""Adams takes the core course from the first page to the certificate."""

from tests.conftest import Visits
from tests.support import student
from tests.support.client import Page
from tests.support.student import BASICS


def test_a_student_goes_all_the_way_to_a_certificate_that_a_stranger_can_verify(visit: Visits):
    adams = visit("adams")
    home = adams.get("/learn")
    assert "Page first" in home.words
    certificates = student.complete_course(adams)
    assert "Core course" in certificates.words
    assert "number HOME-" in certificates.words
    code = next(
        link.get("href").rsplit("/", 1)[1]
        for link in certificates.tree.xpath("//a")
        if "/verify/" in link.get("href", "")
    )
    stranger = visit("nobody").get(f"/verify/{code}")
    for printed in (
        "Adams Person",
        "Captain",
        "Core course",
        "2.5 hours",
        "100 %",
        "Home Academy",
        "Explain what matters.",
    ):
        assert printed in stranger.words


def test_begin_and_continue_lead_to_the_exact_next_step(visit: Visits):
    adams = visit("adams")
    assert adams.get("/learn").follow("Begin").path == f"{BASICS}/first"
    after = adams.get(f"{BASICS}/first").press("Mark as read and continue")
    assert after.path == f"{BASICS}/second"
    assert adams.get("/learn").follow("Continue").path == f"{BASICS}/second"
    after = after.press("Mark as read and continue")
    assert after.path == f"{BASICS}/quiz/check"


def test_a_failed_quiz_shows_feedback_on_what_was_chosen_and_keeps_the_key(visit: Visits):
    adams = visit("adams")
    result = student.answer_all(adams, student.WRONG).press("Hand in")
    assert "Not passed yet" in result.words
    assert "CANARY feedback bravo" in result.words
    assert "CANARY feedback alpha" not in result.words
    again = student.pass_quiz(adams)
    assert "Passed" in again.words
    assert "CANARY feedback bravo" in again.words


def test_a_critical_question_is_not_made_up_for_by_the_rest(visit: Visits):
    adams = visit("adams")
    answers = student.RIGHT | {"Which one?": ["Answer bravo"]}
    page = adams.get(f"{BASICS}/quiz/check").submit()
    while "Question" in page.title:
        page = student.answer(page, answers)
    result = page.press("Hand in")
    assert "a critical question is not right" in result.words


def test_a_critical_error_fails_the_scenario_and_the_debrief_names_it(visit: Visits):
    debrief = student.play(visit("adams"), "Do shout", "Do help")
    assert "Not passed yet" in debrief.words
    assert "CANARY: never shout." in debrief.words
    assert "CANARY-ending harm" in debrief.words


def test_the_debrief_asks_for_words_before_the_scenario_counts(visit: Visits):
    adams = visit("adams")
    debrief = student.play(adams)
    refused = debrief.press("Finish the debrief", prompt_0=" ")
    assert refused.status == 422
    assert "Write at least one answer" in refused.words
    assert "Begun" in adams.get(BASICS).words
    done = student.reflect(refused)
    assert "Your debrief is complete" in done.words
    assert adams.get(BASICS).words.count("Done") == 1


def test_a_reflection_is_still_there_after_saving_for_later(visit: Visits):
    adams = visit("adams")
    saved = student.play(adams).press("Save and finish later", prompt_1="The road was busy.")
    assert "The road was busy." in saved.text
    assert "The road was busy." in adams.get(saved.path).text


def test_in_practice_feedback_comes_at_once_and_a_decision_can_be_taken_back(visit: Visits):
    adams = visit("adams")
    page = student.decide(student.begin_scenario(adams, "practice"), "Do shout")
    assert "CANARY feedback shout" in page.words
    back = page.press("Take this decision back")
    assert "Decision 1 of 2" in back.words
    again = student.decide(back, "Do listen")
    assert "CANARY-later: they stay." in again.words
    end = student.decide(again, "Do help").press("Go on to the debrief")
    assert "Passed" in end.words


def test_in_a_summative_scenario_nothing_can_be_taken_back(visit: Visits):
    adams = visit("adams")
    page = student.decide(student.begin_scenario(adams), "Do shout")
    assert "feedback" not in page.words
    refused = adams.post(f"{page.path}/take-back")
    assert "your choices are final" in refused.words
    assert "Decision 2 of 2" in refused.words


def test_ordering_works_by_buttons_without_javascript(visit: Visits):
    adams = visit("adams")
    page = adams.get(f"{BASICS}/quiz/check").submit()
    while "In which order?" not in page.words:
        page = student.answer(page, student.RIGHT)
    before = [li.xpath("string(./span)") for li in page.tree.xpath("//li[input[@name='order']]")]
    form = page.form()
    moved = page.press("Save and continue", go="stay", move=f"down:{_positions(page)[0]}")
    after = [li.xpath("string(./span)") for li in moved.tree.xpath("//li[input[@name='order']]")]
    assert form is not None
    assert after == [before[1], before[0], before[2]]


def _positions(page: Page) -> list[str]:
    return [box.get("value") for box in page.tree.xpath("//input[@name='order']")]
