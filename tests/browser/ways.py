"""Ways that journeys share: to a quiz, to a scenario, to its debrief, and to an answer that was kept."""

from sqlalchemy import select

from pme.assessment.models import Response as Answer
from pme.db import Database
from tests.browser.hands import Hands
from tests.support.student import BASICS


def begin_quiz(adams: Hands) -> None:
    adams.open(f"{BASICS}/quiz/check")
    adams.press("Begin")
    adams.reads("Question 1 of 5")


def begin_scenario(adams: Hands, slug: str = "checkpoint") -> None:
    adams.open(f"{BASICS}/scenario/{slug}")
    adams.press("Begin the scenario")
    adams.sees("Decision 1 of 2")


def reach_debrief(adams: Hands) -> None:
    begin_scenario(adams)
    adams.decide("Do listen")
    adams.sees("Decision 2 of 2")
    adams.decide("Do help")
    adams.reads("Debrief")


def answer_to(database: Database, item: str) -> list[str] | None:
    with database.session() as session:
        return session.scalar(select(Answer.answer).where(Answer.item == item))
