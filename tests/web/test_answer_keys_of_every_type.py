"""What is typed, rated and written keeps its key as well: accepted words, numbers, ratings, rubrics, models.

The crawl of test_answer_keys, over the quizzes of every type, in every state of an attempt.
"""

import re
from typing import Any

import pytest
from flask import Flask

from pme.content.publish import publish
from pme.db import Database
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import START
from tests.support.client import Page
from tests.support.every_type import NUMBERS, every_type, judgement, letter
from tests.support.student import FURTHER, RIGHT_JUDGED, WRONG_JUDGED
from tests.web.test_answer_keys import Watched, holds, secrets_in

pytestmark = pytest.mark.alike

JUDGEMENT, LETTER = f"{FURTHER}/quiz/judgement", f"{FURTHER}/quiz/letter"
LIBRARY = every_type(judgement(shuffle_items=False), letter(shuffle_items=False))
SECRETS = secrets_in(LIBRARY) | NUMBERS
NEVER = frozenset(secret for secret in SECRETS if re.fullmatch(r"CANARY[-_]\S+", secret))
RUBRIC = {"CANARY criterion", "CANARY level none", "CANARY level all", "CANARY model answer"}
CHOSEN_WRONG = {"CANARY feedback number wrong", "CANARY feedback word wrong", "CANARY feedback papa"}
CHOSEN_RIGHT = {
    f"CANARY feedback {name}"
    for name in ("number right", "word right", "oscar", "kilo", "lima", "mike", "november")
}
WHOLE_KEY = CHOSEN_RIGHT | {"CANARY feedback papa", "CANARY accepted word", "CANARY source"}
NUMBERS_TOLD = NUMBERS - {"23.42"}
KEY_OF_RATINGS = re.compile(r"The key:|Rated by|Not correct|\bClose\b")


@pytest.fixture
def adams(app: Flask, visit: Visits, database: Database) -> Watched:
    """Adams, watched, with every type to answer."""
    with database.writing() as session:
        publish(session, LIBRARY, by_id=None, at=START, note="every type")
    return Watched(app, visit("adams"))


def leaks(adams: Watched, earned: set[str] | frozenset[str] = frozenset()) -> set[str]:
    adams.crawl()
    return adams.leaks(set(earned), secrets=SECRETS, never=NEVER)


def tried(adams: Watched, quiz: str, answers: int) -> Page:
    """A quiz with this many answers, and before each what a curious student would try."""
    page = adams.visit.get(quiz).submit()
    for number in range(1, answers + 1):
        where = page.path.rpartition("/")[0] + f"/{number}"
        tries: tuple[dict[str, Any], ...] = (
            {"answer": "no number", "sure": "3"},
            {"answer": "word " * 30},
            {"answer": "99", "sure": "9"},
            {"rate-1": "9"},
            {"rate-9": "1", "rate-1": "1"},
        )
        for data in tries:
            adams.autosave(where, **data)
            adams.visit.send(where, **data)
        page = student.answer(adams.visit.get(where), RIGHT_JUDGED, sure="Very sure")
    return page


def test_the_secrets_of_every_type_are_known():
    assert SECRETS >= WHOLE_KEY | CHOSEN_WRONG | RUBRIC | NUMBERS
    assert {"CANARY-number", "CANARY-word", "CANARY-kilo", "CANARY-criterion", "CANARY-oscar-right"} <= NEVER


@pytest.mark.parametrize(("quiz", "answers"), [(JUDGEMENT, 0), (JUDGEMENT, 2), (JUDGEMENT, 4), (LETTER, 2)])
def test_while_a_quiz_is_open_nothing_of_its_key_is_told(adams: Watched, quiz: str, answers: int):
    tried(adams, quiz, answers)
    assert leaks(adams) == set()
    assert [
        (where, KEY_OF_RATINGS.findall(text)) for where, text in adams.seen if KEY_OF_RATINGS.search(text)
    ] == []


def test_after_a_failed_quiz_the_feedback_on_what_was_given_is_told_and_no_key(adams: Watched):
    student.answer_all(adams.visit, WRONG_JUDGED, quiz=JUDGEMENT, sure="Very sure").press("Hand in")
    assert leaks(adams, CHOSEN_WRONG) == set()
    assert not any(word in text for _, text in adams.seen for word in ("The key:", "Rated by"))
    assert all(any(holds(text, told) for _, text in adams.seen) for told in CHOSEN_WRONG)


def test_what_was_right_in_a_failed_quiz_is_explained_and_other_ways_to_be_right_are_not(adams: Watched):
    answers = RIGHT_JUDGED | {"What do you ask for?": "permission"}
    result = student.answer_all(adams.visit, answers, quiz=JUDGEMENT).press("Hand in")
    assert "Not passed yet" in result.words
    earned = CHOSEN_RIGHT - {"CANARY feedback word right"} | {"CANARY feedback word wrong"}
    assert leaks(adams, earned) == set()


def test_a_second_attempt_tells_no_more_than_the_first(adams: Watched):
    student.answer_all(adams.visit, WRONG_JUDGED, quiz=JUDGEMENT).press("Hand in")
    tried(adams, JUDGEMENT, 3)
    assert leaks(adams, CHOSEN_WRONG) == set()


def test_after_a_pass_the_key_is_told_and_the_authors_ids_are_not(adams: Watched):
    student.answer_all(adams.visit, RIGHT_JUDGED, quiz=JUDGEMENT, sure="Very sure").press("Hand in")
    assert leaks(adams, WHOLE_KEY | NUMBERS_TOLD) == set()
    text = "".join(text for _, text in adams.seen)
    assert all(holds(text, secret) for secret in WHOLE_KEY | NUMBERS_TOLD)


def test_while_an_essay_waits_neither_rubric_nor_model_is_told(adams: Watched):
    student.answer_all(adams.visit, RIGHT_JUDGED, quiz=LETTER).press("Hand in")
    assert leaks(adams) == set()
