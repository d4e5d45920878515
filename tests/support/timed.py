"""What stories about time begin with: a timed quiz, what a person needs, the facts of an attempt, a question."""

from datetime import datetime

from sqlalchemy import select

from pme import invigilation
from pme.assessment.models import Attempt, RefusedResponse, Response
from pme.assessment.timing import Allowance
from pme.content.publish import publish
from pme.content.shapes import Quiz
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.people.models import Person
from tests.support.cast import START, email_of
from tests.support.client import Page
from tests.support.library import library, quiz


def timed(minutes: int | None = 30, *, attempts: int | None = None) -> Quiz:
    """The quiz of the library with a time limit."""
    return quiz(attempts=attempts).model_copy(update={"time_limit_minutes": minutes})


def publish_timed(database: Database, minutes: int | None = 30, *, attempts: int | None = None) -> None:
    """Publish the library with a timed quiz."""
    with database.writing() as session:
        publish(session, library(timed(minutes, attempts=attempts)), by_id=None, at=START, note="timed")


def arrange(database: Database, name: str, percent: int = 100, breaks: int = 0, *, at: datetime) -> None:
    """Set what a member of the cast needs in timed tasks."""
    with database.writing() as session:
        person = session.scalars(select(Person.id).where(Person.email == email_of(name))).one()
        academy = session.scalars(select(Enrolment.academy_id).where(Enrolment.person_id == person)).one()
        allowance = Allowance(time_percent=percent, break_minutes=breaks)
        invigilation.arrange(session, person, academy, allowance=allowance, by=person, at=at)


def the_attempt(database: Database) -> Attempt:
    """The only attempt there is."""
    with database.session() as session:
        return session.scalars(select(Attempt)).one()


def answers(database: Database) -> dict[str, list[str]]:
    """Every answer that is kept."""
    with database.session() as session:
        return {row.item: row.answer for row in session.scalars(select(Response))}


def refused(database: Database) -> list[RefusedResponse]:
    """Every answer that was refused, in order."""
    with database.session() as session:
        return list(session.scalars(select(RefusedResponse).order_by(RefusedResponse.id)))


def question_about(page: Page, stem: str) -> Page:
    """The question with this stem, wherever it was dealt."""
    for number in range(1, 6):
        found = page.visit.get(f"{page.path.rpartition('/')[0]}/{number}")
        if stem in found.words:
            return found
    raise AssertionError(stem)
