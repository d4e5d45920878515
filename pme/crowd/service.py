"""Making an academy of invented people: the academy, its cohorts, its students and all that they did."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from pme.certificates.models import Certificate, CertificateCounter
from pme.certificates.service import ALPHABET, CODE_LENGTH
from pme.content.catalogue import Catalogue, Versioned
from pme.content.editions import current_edition
from pme.content.shapes import Course, Quiz, Scenario
from pme.crowd.deeds import Deeds
from pme.crowd.lives import Clock, Study, Syllabus
from pme.crowd.names import Place
from pme.crowd.papers import Stock
from pme.crowd.roll import Soul, souls
from pme.crowd.rows import Ledger
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.enrolment.service import choose_course
from pme.people.models import Academy, Membership, Person, Personnel, Role
from pme.people.service import add_academy
from pme.progress.completion import StepKind, places

YEARS = timedelta(days=730)
EVERY = timedelta(days=91)
"""A new intake of every course begins so often."""
INTAKES = 8
CLASS = 60
FOR_TEACHERS = "for-those-who-teach"
SEASONS = ("Winter", "Winter", "Spring", "Spring", "Spring", "Summer", "Summer", "Summer", "Autumn", "Autumn",
           "Autumn", "Winter")  # fmt: skip
ALL, SOME, FEW = 1.0, 0.2, 0.03
"""What share of all people takes the shortest course, the longer ones, and those for people who teach."""
AT_ONCE = 500
SUPPORT = (
    "An invented academy: here stand the medical centre, the chaplain, a confidential telephone line and someone "
    "outside the chain of command."
)


@dataclass(frozen=True)
class Taken:
    """A course as it is offered: what is in it, its intakes, and the share of people who take it."""

    course: Versioned[Course]
    syllabus: Syllabus
    versions: dict[tuple[str, str], int]
    edition_id: int | None
    share: float


@dataclass
class Academic:
    """One academy while it is made."""

    academy: Academy
    random: Random
    now: datetime
    ledger: Ledger
    stock: Stock
    classes: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    """(course, intake) -> the cohort that is being filled and how many are in it."""
    awards: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)


def make_academy(
    session: Session,
    catalogue: Catalogue,
    place: Place,
    *,
    people: int,
    seed: str,
    password_hash: str,
    at: datetime,
) -> Academy:
    """An academy of so many students, with two years behind them. Raises Conflict where it is there already."""
    academy = add_academy(session, slug=place.slug, name=place.name, nation=place.nation, at=at - YEARS)
    academy.support, academy.is_demo = SUPPORT, True
    academy.signatory_name, academy.signatory_role = "Sigrid Vogt", "Director of Studies"
    session.flush()
    random, ledger = Random(f"{seed}/{place.slug}"), Ledger(session)  # noqa: S311  (invented people)
    made = Academic(academy, random, at, ledger, Stock(random))
    offered = [_taken(session, catalogue, course) for course in catalogue.courses]
    for each in offered:
        slug = each.course.content.slug
        choose_course(session, academy.id, course=slug, by_id=None, at=at - YEARS)
    for number, soul in enumerate(souls(place, people, random), start=1):
        _enter(made, soul, offered, password_hash)
        if number % AT_ONCE == 0:
            ledger.write()
    _certify(made)
    ledger.write()
    ledger.finish()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))
    return academy


def _taken(session: Session, catalogue: Catalogue, course: Versioned[Course]) -> Taken:
    found = [module for slug in course.content.modules if (module := catalogue.module(slug))]
    modules = [module.content for module in found]
    versions = {("module", module.content.slug): module.version_id for module in found}
    tasks: dict[tuple[StepKind, str], Quiz | Scenario] = {}
    for place in (place for module in modules for place in places(module)):
        if place.kind is StepKind.PAGE:
            continue
        task = catalogue.quiz(place.slug) if place.kind is StepKind.QUIZ else catalogue.scenario(place.slug)
        if task is not None:
            tasks[place.kind, place.slug] = task.content
            versions[place.kind.value, place.slug] = task.version_id
    ordinary = [each for each in catalogue.courses if each.content.slug != FOR_TEACHERS]
    shortest = min(ordinary, key=lambda each: (each.content.hours, each.content.slug), default=course)
    share = FEW if course.content.slug == FOR_TEACHERS else ALL if course == shortest else SOME
    edition = current_edition(session, catalogue, course.content.slug)
    syllabus = Syllabus(course.content, modules, tasks)
    return Taken(course, syllabus, versions, edition.id if edition else None, share)


def _enter(made: Academic, soul: Soul, offered: Sequence[Taken], password_hash: str) -> None:
    """Write one person down, with all that they did."""
    ledger, random, academy = made.ledger, made.random, made.academy
    intake = random.randrange(INTAKES)
    joined = made.now - YEARS + EVERY * intake - timedelta(days=random.randrange(16, 40))
    person = ledger.of(Person, "email", "name", "rank", "password_hash", "created_at").add(
        soul.email, soul.name, soul.rank, password_hash, joined
    )
    known = (
        "person_id",
        "academy_id",
        "name",
        "rank",
        "nation",
        "service",
        "unit",
        "external_id",
        "language",
    )
    ledger.of(Personnel, *known).add(
        person,
        academy.id,
        soul.name,
        soul.rank,
        soul.nation,
        soul.service,
        soul.unit,
        soul.external_id,
        soul.language,
    )
    ended = (
        (made.now - timedelta(days=random.randrange(5, 200))).date() if soul.standing == "expired" else None
    )
    ledger.of(Membership, "person_id", "academy_id", "role", "standing", "valid_until").add(
        person, academy.id, Role.STUDENT, soul.standing, ended
    )
    if soul.standing == "invited":
        return  # an invitation is not answered yet
    for each in offered:
        if random.random() < each.share:
            _take(made, soul, person, each, intake)


def _take(made: Academic, soul: Soul, person: int, taken: Taken, intake: int) -> None:
    slug, random = taken.course.content.slug, made.random
    intake = min(INTAKES - 1, intake + (random.randrange(4) if taken.share < ALL else 0))
    begins = (made.now - YEARS + EVERY * intake).replace(hour=6, minute=0, second=0, microsecond=0)
    cohort = _cohort(made, slug, begins)
    enrolled_at = begins - timedelta(days=random.randrange(1, 15), minutes=random.randrange(500))
    life = Study(soul, taken.syllabus, made.stock, random, Clock(begins, soul.pace, random), made.now).go()
    status = EnrolmentStatus.WITHDRAWN if life.has_left else EnrolmentStatus.ACTIVE
    enrolment = made.ledger.of(
        Enrolment, "person_id", "academy_id", "course", "cohort_id", "status", "enrolled_at"
    ).add(person, made.academy.id, slug, cohort, status, enrolled_at)
    deeds = Deeds(made.ledger, made.academy.id, slug, person, enrolment, taken.versions)
    deeds.keep(life, edition_id=taken.edition_id, version_id=taken.course.version_id)
    if life.completed_at is not None:
        made.awards.append(
            (life.completed_at, _award(made, soul, person, enrolment, taken.course, life.percent))
        )


def _cohort(made: Academic, course: str, begins: datetime) -> int:
    """The class of an intake that has room."""
    season = SEASONS[begins.month - 1]
    year = begins.year + (begins.month == 12)  # noqa: PLR2004  (a winter is named after its January)
    intake = f"{season} {year}"
    cohort, inside = made.classes.get((course, intake), (0, CLASS))
    if inside >= CLASS:
        count = 1 + sum(
            1 for key in made.classes if key[0] == course and key[1].startswith(f"{intake}, class")
        )
        name = f"{intake}, class {count}"
        made.classes[course, name] = (0, 0)
        cohort, inside = _keep_cohort(made, course, name, begins), 0
    made.classes[course, intake] = (cohort, inside + 1)
    return cohort


def _keep_cohort(made: Academic, course: str, name: str, begins: datetime) -> int:
    return made.ledger.of(Cohort, "academy_id", "course", "name", "created_at").add(
        made.academy.id, course, name, begins - timedelta(days=30)
    )


def _award(
    made: Academic, soul: Soul, person: int, enrolment: int, course: Versioned[Course], percent: float
) -> dict[str, Any]:
    content, academy = course.content, made.academy
    return {
        "enrolment_id": enrolment,
        "person_id": person,
        "academy_id": academy.id,
        "code": "".join(made.random.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        "holder_name": soul.name,
        "holder_rank": soul.rank,
        "academy_name": academy.name,
        "academy_nation": academy.nation,
        "course": content.slug,
        "course_title": content.title,
        "course_sha256": course.sha256,
        "certificate_title": content.certificate.title,
        "statement": content.certificate.statement,
        "outcomes": json.dumps([outcome.text for outcome in content.outcomes]),
        "hours": content.hours,
        "percent": percent,
        "language": content.language,
        "signatories": json.dumps([[academy.signatory_name, academy.signatory_role]]),
    }


def _certify(made: Academic) -> None:
    """Number the certificates in the order in which they were earned, year by year."""
    counted: dict[int, int] = {}
    for at, award in sorted(made.awards, key=lambda each: (each[0], each[1]["enrolment_id"])):
        moment = at.astimezone(UTC)
        counted[moment.year] = counted.get(moment.year, 0) + 1
        whole = award | {
            "number": f"{made.academy.slug.upper()}-{moment.year}-{counted[moment.year]:06d}",
            "issued_on": moment.date(),
            "issued_at": moment,
        }
        made.ledger.of(Certificate, *whole).add(*whole.values())
    for year, last in counted.items():
        made.ledger.of(CertificateCounter, "academy_id", "year", "last").add(made.academy.id, year, last)
