"""A quiz of what is typed, rated and written, from its rule to its result, without JavaScript."""

import pytest
from sqlalchemy import select

from pme.assessment.models import Attempt, AttemptStatus, Response
from pme.content.publish import publish
from pme.content.shapes import BlueprintLine, QuizPass
from pme.db import Database
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import START
from tests.support.client import Page, Visit
from tests.support.every_type import NUMBER, RATING, SURE, WORD, every_type, judgement
from tests.support.student import FURTHER, RIGHT_JUDGED, WRONG_JUDGED

JUDGEMENT, LETTER = f"{FURTHER}/quiz/judgement", f"{FURTHER}/quiz/letter"
JSON = {"Accept": "application/json"}
IN_ORDER = {"shuffle_items": False, "shuffle_options": False}


def published(database: Database, **more: object) -> None:
    """The library of every type; `more` changes the quiz that is marked by itself."""
    with database.writing() as session:
        publish(session, every_type(judgement(**(IN_ORDER | more))), by_id=None, at=START, note="every type")


@pytest.fixture
def adams(visit: Visits, database: Database) -> Visit:
    """Adams, with every type to answer."""
    published(database)
    return visit("adams")


def at(adams: Visit, number: int) -> Page:
    """Question `number` of an attempt that is open."""
    page = adams.get(JUDGEMENT).submit()
    return adams.get(page.path.rpartition("/")[0] + f"/{number}")


def field(page: Page, name: str) -> str:
    assert page.tree is not None
    (found,) = page.tree.xpath(f"//*[@name='{name}']")
    return str(found.get("value") if found.tag == "input" else (found.text or ""))


def chosen(page: Page, name: str) -> list[str]:
    assert page.tree is not None
    return [str(value) for value in page.tree.xpath(f"//input[@name='{name}'][@checked]/@value")]


def refuses(page: Page, says: str) -> Page:
    """Refused in a sentence, in the summary and beside the field that the summary leads to."""
    assert page.status == 422
    assert page.tree is not None
    assert page.words.count(says) == 2, page.words
    (link,) = page.tree.xpath("//section[@role='alert']//a/@href")
    (led_to,) = page.tree.xpath(f"//*[@id='{link[1:]}']")
    described = led_to if led_to.get("aria-describedby") else led_to.xpath("./ancestor::fieldset[1]")[0]
    (error,) = page.tree.xpath(f"//p[@id='{link[1:]}-error']")
    assert says in " ".join(error.xpath("string()").split())
    assert f"{link[1:]}-error" in described.get("aria-describedby").split()
    return page


def test_the_whole_rule_is_told_before_the_quiz_begins(adams: Visit):
    words = adams.get(JUDGEMENT).words
    for told in (
        "Questions 4",
        "About 5 min",
        "75 %, and at least 60 % in “Respond with care”. From 90 % on a pass is a success",
        "Some questions ask, and it counts for your mark",
        "Very sure 3 −6",
        "The whole quiz is never under 0",
    ):
        assert told in words
    assert "A person reads what you write" in adams.get(LETTER).words


def test_how_sure_one_is_may_be_asked_for_the_record_only(visit: Visits, database: Database):
    published(database, items=(WORD,), pass_rule=QuizPass(min_percent=75))
    words = visit("adams").get(JUDGEMENT).words
    assert "It does not change your mark" in words
    assert "points" not in words
    question = at(visit("adams"), 1)
    assert "How sure are you?" in question.words
    assert "This does not change your mark." in question.words


def test_everything_right_is_a_success(adams: Visit):
    result = student.answer_all(adams, RIGHT_JUDGED, quiz=JUDGEMENT, sure="Very sure").press("Hand in")
    assert "Passed: success" in result.words
    assert "You reached 100 %" in result.words
    for told in (
        "Answer: 4 800 litres , read as 4800 l",
        "Right: 4815.16 l (from 4791.74 to 4838.58 is right)",
        "You rated it 4, best Correct",
        "Rated by its author.",
        "How sure: Very sure . Counted: 3 of 3 points.",
        "Right: consent · CANARY accepted word",
        "How it was marked how sure you were",
    ):
        assert told in result.words, told


def test_right_and_not_sure_passes_by_less(visit: Visits, database: Database):
    published(database, pass_rule=QuizPass(min_percent=60, success_percent=90))
    result = student.answer_all(visit("adams"), RIGHT_JUDGED, quiz=JUDGEMENT).press("Hand in")
    assert "Passed: acceptable" in result.words
    assert "You reached 66 %" in result.words
    assert "How sure: not said, so “Not sure” counted: 1 of 3 points." in result.words


def test_wrong_and_very_sure_is_nothing_and_everything_that_is_missing_is_named(
    visit: Visits, database: Database
):
    rule = QuizPass(min_percent=75, success_percent=90, critical=(SURE.id,), min_by_outcome={"LO2": 60})
    published(database, pass_rule=rule)
    result = student.answer_all(visit("adams"), WRONG_JUDGED, quiz=JUDGEMENT, sure="Very sure").press(
        "Hand in"
    )
    for told in (
        "Not passed yet",
        "You reached 0 %; 75 % are needed. Level: fail.",
        "Question 4 is critical",
        "“Respond with care”: 0 %, and at least 60 % are needed.",
        "How sure: Very sure . Counted: −6 of 3 points.",
    ):
        assert told in result.words, told
    assert result.tree is not None
    assert result.tree.xpath("//a[@href='#question-4']")
    assert "The key:" not in result.words


def test_an_outcome_that_falls_short_fails_a_quiz_that_reached_enough(visit: Visits, database: Database):
    published(database, pass_rule=QuizPass(min_percent=50, min_by_outcome={"LO2": 60}))
    answers = RIGHT_JUDGED | {"What do you ask for?": "permission"}
    result = student.answer_all(visit("adams"), answers, quiz=JUDGEMENT, sure="Very sure").press("Hand in")
    assert "You reached 75 %, which is enough for the whole, but not in every outcome." in result.words
    assert "“Respond with care”: 50 %" in result.words


def test_a_number_that_is_none_is_refused_beside_its_field_and_stays_in_it(adams: Visit, database: Database):
    page = at(adams, 1).press("Save and continue", answer="about <five>", sure="2")
    says = "“about <five>” cannot be read as a number. Write it in digits, like 12 500 or 2.5"
    page = refuses(page, says)
    assert field(page, "answer") == "about <five>"
    assert chosen(page, "sure") == ["2"]
    told = adams.send(page.path, headers=JSON, answer="five")
    assert (told.status_code, "cannot be read" in told.get_json()["error"]) == (422, True)
    with database.session() as session:
        assert session.scalars(select(Response)).all() == []
    assert page.press("Save and continue", answer="5").title == "Question 2 of 4"


def test_how_a_number_was_read_is_said_where_it_was_typed_and_before_handing_in(adams: Visit):
    at(adams, 1).press("Save and continue", answer="1,234")
    assert "Saved as 1.234 l." in at(adams, 1).words
    check = at(adams, 1).press("Save and check all answers")
    assert "Read as 1.234 l." in check.words


def test_a_certainty_that_nobody_offered_is_refused_and_the_answer_kept_on_the_page(adams: Visit):
    page = at(adams, 4)
    page = refuses(page.press("Save and continue", answer="2", sure="9"), "Choose how sure you are")
    assert chosen(page, "answer") == ["2"]


def test_a_rating_that_nobody_offered_is_refused_and_the_others_stay(adams: Visit):
    page = at(adams, 3).press("Save and continue", **{"rate-1": "4", "rate-2": "7"})
    page = refuses(page, "does not belong to this question")
    assert (chosen(page, "rate-1"), chosen(page, "rate-2")) == (["4"], [])


def test_a_few_ratings_are_kept_and_the_question_counts_as_begun(adams: Visit):
    page = at(adams, 3).press("Save and check all answers", **{"rate-2": "3"})
    assert "Question 3 How well does each serve? Partly answered" in page.words
    assert chosen(at(adams, 3), "rate-2") == ["3"]


def test_an_essay_is_kept_to_the_letter_and_refused_beyond_its_words(adams: Visit, database: Database):
    page = adams.get(LETTER).submit()
    while "How would you prepare?" not in page.words:
        page = student.answer(page, RIGHT_JUDGED)
    text = "\n  First <b>listen</b>.\r\n\r\nThen act.  "
    page.press("Save and continue", answer=text)
    with database.session() as session:
        (kept,) = [r.answer for r in session.scalars(select(Response)) if r.item == "CANARY-essay"]
    assert kept == ["\n  First <b>listen</b>.\n\nThen act.  "]
    assert field(adams.get(page.path), "answer") == kept[0]
    too_long = refuses(
        adams.get(page.path).press("Save and continue", answer="word " * 22),
        "This is 22 words long, and at most 20 are read. Shorten it by 2 words, then save it.",
    )
    assert field(too_long, "answer") == "word " * 22
    assert field(adams.get(page.path), "answer") == kept[0]


def test_signs_that_nobody_types_are_taken_out_and_told_of(adams: Visit):
    page = refuses(
        at(adams, 2).press("Save and continue", answer="con\x00sent"), "characters that cannot be kept"
    )
    assert field(page, "answer") == "consent"


def test_an_essay_waits_for_its_marker(adams: Visit, database: Database):
    waiting = student.answer_all(adams, RIGHT_JUDGED, quiz=LETTER).press("Hand in")
    assert "Waiting for marks" in waiting.words
    with database.session() as session:
        assert session.scalars(select(Attempt.status)).all() == [AttemptStatus.MARKING]


def test_the_last_certainty_saved_counts_and_may_be_taken_back(adams: Visit, database: Database):
    for sure in ("3", "1", ""):
        at(adams, 4).press("Save and continue", answer="1", sure=sure)
        with database.session() as session:
            assert session.scalars(select(Response.confidence)).all() == [int(sure) if sure else None]


def test_a_drawn_quiz_tells_and_asks_what_was_drawn(visit: Visits, database: Database):
    line = BlueprintLine(bank="b", outcome="LO2", count=1, items=(WORD.id, RATING.id))
    published(database, blueprint=(line,))
    adams = visit("adams")
    assert "Questions 3, chosen at random from 4" in adams.get(JUDGEMENT).words
    result = student.answer_all(adams, RIGHT_JUDGED, quiz=JUDGEMENT, sure="Very sure").press("Hand in")
    assert "You reached 100 %" in result.words
    assert "Question 3" in result.words
    assert "Question 4" not in result.words
    with database.session() as session:
        (draw,) = session.scalars(select(Attempt.draw)).all()
    assert {NUMBER.id, SURE.id} < set(draw["items"])


def test_the_instructor_reads_every_answer_and_how_sure_it_was(adams: Visit, visit: Visits):
    student.answer_all(adams, WRONG_JUDGED, quiz=JUDGEMENT, sure="Fairly sure").press("Hand in")
    page = visit("clarke").get("/teach/attempts/1")
    for told in (
        "Answer: 12,5 , read as 12.5 l",
        "Right: 4815.16 l",
        "The student rated it 1, harmful Not correct",
        "The key: 4, best",
        "How sure: Fairly sure . Counted: −2 of 3 points.",
        "Level: fail.",
    ):
        assert told in page.words, told
