"""A quiz with a written answer, students who hand it in, and instructors who mark it.

What must not reach a student before release (levels, model answer) or ever (authors' ids) carries CANARY.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import journeys
from pme.assessment.draw import Draw
from pme.assessment.models import Attempt, Response, Task
from pme.content.catalogue import current
from pme.content.publish import publish
from pme.content.shapes import (
    Completion,
    Course,
    Criterion,
    EssayItem,
    Module,
    Quiz,
    QuizPass,
    RubricLevel,
    SingleItem,
)
from pme.content.shapes_quiz import Confidence
from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment
from pme.enrolment.service import enrol
from pme.marking.models import Script
from pme.marking.plan import Plan
from pme.marking.planning import set_plan
from pme.marking.queries import Group
from pme.people.models import Academy, Person, Role
from pme.people.passwords import Hashing
from pme.people.service import add_person, appoint, grant
from tests.support.cast import CHEAP, HOME, PASSWORD, START, email_of
from tests.support.library import OUTCOMES, course, library, module, option

SLUG = "written"
HANDED_IN = START + timedelta(days=1)
MARKED = START + timedelta(days=2)
TEXT = "First we listen.\n\nThen we ask <b>whom</b> it concerns,\nand act."
ESSAY, OTHER_ESSAY = "CANARY-essay", "CANARY-other-essay"


def essay(name: str = ESSAY, stem: str = "What do you do first, and why?") -> EssayItem:
    """An essay of two criteria, 0 to 6 points."""
    return EssayItem(
        id=name,
        type="essay",
        outcome="LO2",
        difficulty="medium",
        stem_html=stem,
        rubric=(
            Criterion(id="CANARY-care", title="Care", levels=_levels("care", (0, 1, 2))),
            Criterion(id="CANARY-reasons", title="Reasons", levels=_levels("reason", (0, 2, 4))),
        ),
        most_words=300,
        model_html="<p>CANARY model answer.</p>",
    )


def _levels(what: str, points: Sequence[int]) -> tuple[RubricLevel, ...]:
    words = ("No", "Some", "Full")
    return tuple(
        RubricLevel(points=earned, text=f"{word} {what} CANARY-level")
        for word, earned in zip(words, points, strict=True)
    )


def written_quiz(*, essays: int = 1, min_percent: int = 75, confidence: Confidence = "none") -> Quiz:
    """One question with a key and one or two essays."""
    return Quiz(
        slug=SLUG,
        title="In your own words",
        summary="A question and a written answer.",
        language="en",
        module="basics",
        minutes=20,
        pass_rule=QuizPass(min_percent=min_percent),
        outcomes=OUTCOMES,
        items=(
            SingleItem(
                id="CANARY-first",
                type="single",
                outcome="LO1",
                difficulty="easy",
                stem_html="Which one comes first?",
                confidence=confidence,
                options=(option("golf", correct=True), option("hotel")),
            ),
            *(essay(), essay(OTHER_ESSAY, "And what would you never do?"))[:essays],
        ),
    )


def publish_written(session: Session, *, essays: int = 1, asked: bool = False) -> None:
    """Publish the quiz; `asked` makes it a step of the core course, whose only other step is reading."""
    more: list[Quiz | Course | Module] = [written_quiz(essays=essays)]
    if asked:
        more += [
            course("core", "Core course", ("basics",)),
            module("basics", "The basics", Completion(quizzes=(SLUG,))),
        ]
    publish(session, library(*more), by_id=None, at=START, note="with a written answer")


def hand_in(
    session: Session,
    name: str,
    *,
    text: str = TEXT,
    other: str = "",
    is_right: bool = True,
    sure: int | None = None,
    at: datetime = HANDED_IN,
) -> Attempt:
    """Let a student answer the quiz and hand it in; an empty text is no answer."""
    person = person_of(session, name)
    enrolment = session.scalars(
        select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.course == "core")
    ).one()
    catalogue = current(session)
    quiz = catalogue.quizzes_by_slug[SLUG]
    draw = Draw(
        [item.id for item in quiz.content.items],
        {
            item.id: [one.id for one in item.options] if isinstance(item, SingleItem) else []
            for item in quiz.content.items
        },
    )
    first = quiz.content.items[0]
    assert isinstance(first, SingleItem)
    attempt = Attempt(
        enrolment_id=enrolment.id,
        person_id=person.id,
        academy_id=enrolment.academy_id,
        task=Task.QUIZ,
        course="core",
        module="basics",
        slug=SLUG,
        version_id=quiz.version_id,
        number=1,
        draw=draw.as_json(),
        started_at=at - timedelta(minutes=20),
    )
    session.add(attempt)
    session.flush()
    given = {first.id: first.options[0 if is_right else 1].id, ESSAY: text, OTHER_ESSAY: other}
    for item, answer in given.items():
        if answer and item in draw.items:
            said = sure if item == first.id else None
            session.add(
                Response(attempt_id=attempt.id, item=item, answer=[answer], confidence=said, saved_at=at)
            )
    session.flush()
    journeys.finish_quiz(session, catalogue, enrolment, attempt, quiz.content, at=at)
    return attempt


def person_of(session: Session, name: str) -> Person:
    """A member of the cast, or of the people added here."""
    address = email_of(name) if name in CAST_NAMES else f"{name}@home.example"
    return session.scalars(select(Person).where(Person.email == address)).one()


CAST_NAMES = ("adams", "baker", "clarke", "davis", "evans", "frost", "gray", "hayes")


def home(session: Session) -> Academy:
    """The academy of most of the cast."""
    return session.scalars(select(Academy).where(Academy.slug == HOME)).one()


def more_markers(session: Session) -> None:
    """Davis teaches the core course too, and so does Evans."""
    academy = home(session)
    for name in ("davis", "evans"):
        person = person_of(session, name)
        grant(session, person.id, academy.id, Role.INSTRUCTOR)
        appoint(session, person.id, academy.id, "core")


def more_students(session: Session, many: int) -> list[str]:
    """So many more students of the core course at home."""
    academy, hashing, names = home(session), Hashing(CHEAP), []
    for number in range(many):
        name = f"s{number}"
        person = add_person(
            session,
            hashing,
            email=f"{name}@home.example",
            name=f"Student {number}",
            rank="Cadet",
            password=PASSWORD,
            at=START,
        )
        grant(session, person.id, academy.id, Role.STUDENT)
        enrol(session, person.id, academy.id, course="core", at=START)
        names.append(name)
    return names


def put_into_cohort(session: Session, name: str, cohort: str) -> int:
    """Put a student of the core course into a cohort, which is made if need be; gives its id."""
    academy = home(session)
    found = session.scalar(
        select(Cohort).where(Cohort.academy_id == academy.id, Cohort.course == "core", Cohort.name == cohort)
    )
    if found is None:
        found = Cohort(academy_id=academy.id, course="core", name=cohort, created_at=START)
        session.add(found)
        session.flush()
    enrolment = session.scalars(
        select(Enrolment).where(
            Enrolment.person_id == person_of(session, name).id, Enrolment.course == "core"
        )
    ).one()
    enrolment.cohort_id = found.id
    session.flush()
    return found.id


@dataclass(frozen=True)
class Desk:
    """Where the essays of students without a cohort are marked at the home academy."""

    group: Group
    codes: Mapping[str, str]
    """The code of each student's first essay."""

    @property
    def address(self) -> str:
        """The group's address."""
        return f"/teach/core/marking/{SLUG}/{self.group.number}"

    def script(self, name: str) -> str:
        """The address of a student's script."""
        return f"/teach/core/scripts/{self.codes[name]}"


def give_script(database: Database, name: str) -> str:
    """Let a student of the core course own a script; gives its code."""
    with database.writing() as session:
        publish_written(session)
        attempt = hand_in(session, name)
        return session.scalars(select(Script.code).where(Script.attempt_id == attempt.id)).one()


def set_up(
    database: Database,
    *names: str,
    plan: Plan | None = None,
    essays: int = 1,
    asked: bool = False,
    text: str = TEXT,
    other: str = "",
) -> Desk:
    """Publish the quiz, let these students hand it in, and set a plan if one is given."""
    with database.writing() as session:
        publish_written(session, essays=essays, asked=asked)
        more_markers(session)
        group = Group(home(session).id, "core", SLUG, None)
        if plan is not None:
            set_plan(session, group, plan, by=person_of(session, "clarke").id, at=START)
        attempts = {name: hand_in(session, name, text=text, other=other).id for name in names}
        rows = session.execute(
            select(Script.attempt_id, Script.code).where(Script.item == ESSAY).order_by(Script.id)
        ).all()
        codes = {row[0]: row[1] for row in rows}
    return Desk(group, {name: codes[number] for name, number in attempts.items() if number in codes})
