"""Students who have completed the core course, by the rooms' own acts and without a browser."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import journeys
from pme.assessment.deciding import close_path, decide
from pme.assessment.models import Attempt
from pme.assessment.service import begin, save_answer
from pme.content.catalogue import current, pinned
from pme.content.shapes import Quiz, Scenario
from pme.enrolment.models import Enrolment
from pme.people.models import Person
from pme.progress.completion import StepKind, places
from tests.support.cast import email_of

RIGHT: dict[str, tuple[str, ...]] = {
    "CANARY-single": ("CANARY-alpha-right",),
    "CANARY-truth": ("false",),
    "CANARY-many": ("CANARY-delta-right", "CANARY-echo-right"),
    "CANARY-match": ("CANARY-sun=CANARY-day", "CANARY-moon=CANARY-night"),
    "CANARY-order": ("CANARY-1", "CANARY-2", "CANARY-3"),
}


def enrolment_of(session: Session, name: str, course: str = "core") -> Enrolment:
    """The enrolment of one of the cast."""
    return session.scalars(
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Person.email == email_of(name), Enrolment.course == course)
    ).one()


def sit_quiz(session: Session, enrolment: Enrolment, *, at: datetime, right: bool = True) -> Attempt:
    """Sit the quiz of the library, all right or left empty."""
    catalogue = current(session)
    attempt = begin(session, enrolment, catalogue.quizzes_by_slug["check"], module="basics", at=at)
    content = pinned(session, attempt.version_id, Quiz).content
    for item, given in RIGHT.items() if right else ():
        save_answer(session, attempt, content, item_id=item, answer=given, at=at)
    journeys.finish_quiz(session, catalogue, enrolment, attempt, content, at=at)
    return attempt


def play(session: Session, enrolment: Enrolment, slug: str, *, at: datetime) -> Attempt:
    """Play a scenario of the library well, to the end of its debrief."""
    catalogue = current(session)
    attempt = begin(session, enrolment, catalogue.scenarios_by_slug[slug], module="basics", at=at)
    content = pinned(session, attempt.version_id, Scenario).content
    for sequence, choice in enumerate(("CANARY-listen", "CANARY-help"), start=1):
        dealt = list(attempt.draw["options"][f"d{sequence}"])
        decide(session, attempt, content, sequence=sequence, position=dealt.index(choice) + 1, at=at)
    close_path(session, attempt, content)
    journeys.finish_scenario(
        session, catalogue, enrolment, attempt, content, texts={0: "I would listen."}, seen_at=None, at=at
    )
    return attempt


def graduate(session: Session, name: str, *, at: datetime) -> Enrolment:
    """Let one of the cast complete the core course."""
    enrolment, catalogue = enrolment_of(session, name), current(session)
    for slug in catalogue.courses_by_slug["core"].content.modules:
        module = catalogue.modules_by_slug[slug]
        for place in places(module.content):
            if place.kind is StepKind.PAGE:
                journeys.read_page(session, catalogue, enrolment, module, page=place.slug, at=at)
    sit_quiz(session, enrolment, at=at)
    for slug in ("checkpoint", "practice"):
        play(session, enrolment, slug, at=at)
    return enrolment
