"""What a regrade of many attempts costs: time, statements and memory of its dry run, and time to apply it."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from pme import schema
from pme.assessment.corrections import Correction, CorrectionKind
from pme.assessment.draw import deal_quiz
from pme.assessment.grading import mark
from pme.assessment.levels import Level
from pme.assessment.models import Attempt, AttemptStatus, Response, Task
from pme.assessment.regrades import Scope
from pme.content.catalogue import current
from pme.content.library import Entry, Library
from pme.content.publish import publish
from pme.content.shapes import (
    CertificateWording,
    Completion,
    Course,
    Module,
    Option,
    Outcome,
    Quiz,
    QuizPass,
    SingleItem,
)
from pme.db import Database
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.journeys_regrade import apply_correction
from pme.people.models import Person
from pme.people.service import add_academy
from pme.reports.regrade_dry_run import try_correction

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ITEMS, OPTIONS = 20, 4
SURE_OF = 0.7
"""The chance that a student of the bench knows the answer."""


@dataclass(frozen=True)
class Cost:
    """Seconds and statements of the dry run, MB (1,000,000 bytes) that it added, seconds of applying it."""

    seconds: float
    statements: int
    megabytes: float
    applying: float
    changed: int


def cost_of(url: str, *, attempts: int) -> Cost:
    """Lay out so many finished attempts of 20 questions in an empty database, then correct one key."""
    database = Database(url)
    schema.upgrade(database)
    with database.writing() as session:
        scope = _lay_out(session, attempts)
    new = Correction("q1", CorrectionKind.KEY, {"right": ["o1"]})
    with database.session() as session:
        quiz = current(session).quizzes_by_slug["many"].content
        before = _peak()
        with _counted(database) as sent:
            began = time.perf_counter()
            dry = try_correction(session, current(session), scope, quiz, new)
            seconds = time.perf_counter() - began
        megabytes, statements = _peak() - before, len(sent)
    began = time.perf_counter()
    with database.writing() as session:
        apply_correction(
            session, current(session), scope, quiz, new, reason="Bench.", seal=dry.seal, by=1, at=AT
        )
    applying = time.perf_counter() - began
    database.dispose()
    return Cost(seconds, statements, megabytes, applying, len(dry.effects))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def _lay_out(session: Session, attempts: int) -> Scope:
    publish(session, _library(), by_id=None, at=AT, note="")
    version, random = current(session).quizzes_by_slug["many"], Random(1)
    academy = add_academy(session, slug="bench", name="Bench Academy", nation="Nowhere", at=AT)
    numbers = range(1, attempts + 1)
    people = [
        {
            "id": n,
            "email": f"s{n}@bench.example",
            "name": f"Student {n}",
            "rank": "",
            "password_hash": "-",
            "created_at": AT,
        }
        for n in numbers
    ]
    session.execute(insert(Person), people)
    enrolled = {
        "academy_id": academy.id,
        "course": "bench",
        "status": EnrolmentStatus.ACTIVE,
        "enrolled_at": AT,
    }
    session.execute(insert(Enrolment), [{"id": n, "person_id": n} | enrolled for n in numbers])
    for n in numbers:
        _finish(session, version.content, version.version_id, n, academy.id, random)
    session.flush()
    return Scope(academy.id, "bench", "many", version.version_id)


def _finish(session: Session, quiz: Quiz, version_id: int, n: int, academy_id: int, random: Random) -> None:
    draw = deal_quiz(quiz, random)
    answers = {
        item.id: ("o0" if random.random() < SURE_OF else f"o{random.randrange(1, OPTIONS)}",)
        for item in quiz.items
    }
    marks = mark(quiz, draw.items, answers)
    session.execute(
        insert(Attempt),
        [
            {
                "id": n, "enrolment_id": n, "person_id": n, "academy_id": academy_id, "task": Task.QUIZ,
                "course": "bench", "module": "bench", "slug": "many", "version_id": version_id, "number": 1,
                "status": AttemptStatus.FINISHED, "draw": draw.as_json(), "started_at": AT, "finished_at": AT,
                "percent": marks.percent, "is_passed": marks.is_passed, "level": Level(marks.level),
                "result": marks.as_result(),
            }
        ],
    )  # fmt: skip
    session.execute(
        insert(Response),
        [
            {"attempt_id": n, "item": item, "answer": list(answer), "seconds": 0.0, "saved_at": AT}
            for item, answer in answers.items()
        ],
    )


def _library() -> Library:
    outcome = Outcome(id="LO1", text="Know it")
    options = tuple(
        Option(id=f"o{n}", text_html=f"Answer {n}", correct=n == 0, feedback_html="") for n in range(OPTIONS)
    )
    items = tuple(
        SingleItem(
            id=f"q{n}", type="single", outcome="LO1", difficulty="easy", stem_html="Which?", options=options
        )
        for n in range(ITEMS)
    )
    quiz = Quiz(
        slug="many", title="Many", summary="", language="en", module="bench", minutes=20,
        pass_rule=QuizPass(min_percent=70), outcomes=(outcome,), items=items,
    )  # fmt: skip
    module = Module(
        slug="bench", title="Bench", summary="", language="en", minutes=20, level="All", outcomes=(outcome,),
        completion=Completion(pages="none", quizzes=("many",)), authors=(), reviewer="", review_date="2027-01-01",
        intro_html="", pages=(),
    )  # fmt: skip
    course = Course(
        slug="bench", title="Bench", summary="", language="en", hours=1, level="All", modules=("bench",),
        outcomes=(outcome,), certificate=CertificateWording(title="C", statement="s"), authors=(),
        review_date="2027-01-01",
    )  # fmt: skip
    return Library(entries=tuple(Entry(content, {"file": "bench"}) for content in (course, module, quiz)))
