"""What the tests of datasets tell and ask: what students did, and the rows that come of it."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt
from pme.assessment.service import begin, finish_quiz
from pme.content.catalogue import current
from pme.enrolment.models import Enrolment
from pme.people.models import Academy, Person
from pme.progress.models import PageRead
from pme.reports.datasets.filters import Filters
from pme.reports.datasets.read import rows
from pme.reports.datasets.registry import DATASETS
from tests.support.cast import HOME, START
from tests.support.completed import Learner

NOW = START + timedelta(days=40)
PEOPLE = [
    Learner("Ana", unit="1st", nation="Nowhere", service="Army", cohort="Spring", after=1, percent=80),
    Learner("Ben", unit="2nd", nation="Elsewhere", service="Navy", cohort="Autumn", after=2, percent=90),
    Learner("Cai", rank="", unit="1st", nation="Nowhere", service="Navy", after=3, external_id="X-3"),
    Learner("Dor", course="other", after=4, percent=100),
    Learner("Eve", unit="2nd", after=None),
    Learner("Far", unit="2nd", after=None, is_withdrawn=True),
]


def home_of(session: Session, slug: str = HOME) -> int:
    return session.scalars(select(Academy.id).where(Academy.slug == slug)).one()


def told(session: Session, name: str, sort: str = "", **narrowed: Any) -> list[dict[str, Any]]:
    """The rows of a dataset at home, as dicts."""
    shape = DATASETS[name].shape
    found = rows(session, name, home_of(session), Filters(**narrowed), at=NOW, sort=sort)
    return [dict(zip(shape.keys, row, strict=True)) for row in found]


def names(session: Session, name: str = "completions", sort: str = "", **narrowed: Any) -> list[str]:
    return [row["name"] for row in told(session, name, sort, **narrowed)]


def enrolment(session: Session, name: str) -> Enrolment:
    number = next(n for n, learner in enumerate(PEOPLE) if learner.name == name)
    found = select(Enrolment).join(Person).where(Person.email == f"learner{number}@home.example")
    return session.scalars(found).one()


def sit(session: Session, name: str, at: datetime = START) -> Attempt:
    quiz = current(session).quizzes_by_slug["check"]
    attempt = begin(session, enrolment(session, name), quiz, module="basics", at=at, random=Random(1))
    finish_quiz(session, attempt, quiz.content, at=at)
    return attempt


def read(session: Session, name: str, at: datetime, page: str = "first") -> None:
    module = current(session).modules_by_slug["basics"].version_id
    place = {"enrolment_id": enrolment(session, name).id, "module": "basics", "page": page}
    session.add(PageRead(**place, version_id=module, read_at=at))
    session.flush()
