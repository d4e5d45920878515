"""Making an academy of invented people: the academy, its cohorts, its students and all that they did."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from pme.certificates.levels import level_of
from pme.certificates.models import Cause, Certificate, CertificateCounter, CertificateNumber
from pme.certificates.service import ALPHABET, CODE_LENGTH, LIST_FULL, LIST_LENGTH
from pme.content.catalogue import Catalogue, Versioned
from pme.content.editions import current_edition
from pme.content.models import CourseEdition
from pme.content.shapes import Course, Quiz, Scenario
from pme.crowd.deeds import Deeds
from pme.crowd.desk import OUT, OUT_AFTER, WAIVED, Desk
from pme.crowd.lives import Clock, Study, Syllabus
from pme.crowd.names import Place
from pme.crowd.papers import Stock
from pme.crowd.post import post
from pme.crowd.roll import Soul, souls, staff
from pme.crowd.rows import Ledger
from pme.crowd.terms import FOR_TEACHERS, begins_of, in_order, intakes_of, term
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.enrolment.service import choose_course
from pme.people.models import Academy, Membership, Person, Personnel, Role, Teaching
from pme.people.service import add_academy
from pme.progress.completion import StepKind, places
from pme.sizes import count_all

YEARS = timedelta(days=730)
ALL, SOME, FEW = 1.0, 0.2, 0.035
"""What share takes the shortest course (of all), the longer ones and those for people who teach (of who may)."""
LATER = 0.03
"""The share of people who came for the intake that is still ahead."""
ASKED = 0.15
"""The share of those in a course beyond the first who asked for it themselves."""
FALTER = 2
"""So many in each class that ended lately did not come to its end: somebody is overdue in every academy."""
REGISTRARS = 2
AT_ONCE = 500
SUPPORT = (
    "An invented academy: here stand the medical centre, the chaplain, a confidential telephone line and someone "
    "outside the chain of command."
)


@dataclass(frozen=True)
class Taken:
    """A course as it is offered: what is in it, what it builds on, and the share of people who take it."""

    course: Versioned[Course]
    syllabus: Syllabus
    versions: dict[tuple[str, str], int]
    edition: CourseEdition | None
    first: str
    """The course that has to be completed before; "" for none."""
    share: float


@dataclass
class Academic:
    """One academy while it is made."""

    academy: Academy
    random: Random
    now: datetime
    intakes: int
    ledger: Ledger
    stock: Stock
    desk: Desk
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
    address: str = "",
) -> Academy:
    """An academy of so many students, with two years behind them. Raises Conflict where it is there already."""
    academy = add_academy(session, slug=place.slug, name=place.name, nation=place.nation, at=at - YEARS)
    academy.support, academy.is_demo = SUPPORT, True
    academy.signatory_name, academy.signatory_role = "Sigrid Vogt", "Director of Studies"
    session.flush()
    random, ledger = Random(f"{seed}/{place.slug}"), Ledger(session)  # noqa: S311  (invented people)
    desk = Desk(academy, ledger, random, at)
    made = Academic(academy, random, at, intakes_of(people), ledger, Stock(random), desk)
    offered = _offered(session, catalogue)
    for each in offered:
        slug = each.course.content.slug
        choose_course(session, academy.id, course=slug, by_id=None, at=at - YEARS)
        if each.first:
            desk.build_on(slug, each.first)
    _employ(made, place, offered, people, password_hash)
    for number, soul in enumerate(souls(place, people, random), start=1):
        _enter(made, soul, offered, password_hash)
        if number % AT_ONCE == 0:
            ledger.write()
    desk.hand_out_codes()
    for each in offered[1:2]:
        desk.settle_requests(each.course.content.slug, people)
    _certify(made)
    ledger.write()
    post(session, desk, catalogue, address=address)
    ledger.write()
    ledger.finish()
    desk.put_on_record(session)
    count_all(session.connection())  # so that both databases plan by what is there now
    return academy


def _offered(session: Session, catalogue: Catalogue) -> list[Taken]:
    ordered = in_order([each.content for each in catalogue.courses])
    known = {each.content.slug: each for each in catalogue.courses}
    first = ordered[0].slug
    return [
        _taken(session, catalogue, known[each.slug], "" if each.slug == first else first) for each in ordered
    ]


def _taken(session: Session, catalogue: Catalogue, course: Versioned[Course], first: str) -> Taken:
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
    share = FEW if course.content.slug == FOR_TEACHERS else SOME if first else ALL
    edition = current_edition(session, catalogue, course.content.slug)
    syllabus = Syllabus(course.content, modules, tasks)
    return Taken(course, syllabus, versions, edition, first, share)


def _employ(made: Academic, place: Place, offered: Sequence[Taken], people: int, password_hash: str) -> None:
    """Registrars, and instructors for as many classes as there will be."""
    teachers = min(12, max(3, people // 300))
    for number, soul in enumerate(staff(place, REGISTRARS + teachers, made.random)):
        role = Role.REGISTRAR if number < REGISTRARS else Role.INSTRUCTOR
        person = _write_down(made, soul, role, made.now - YEARS, password_hash)
        if role is Role.REGISTRAR:
            made.desk.registrars.append(person)
            continue
        made.desk.teachers.append(person)
        for each in offered:
            made.ledger.of(Teaching, "person_id", "academy_id", "course").add(
                person, made.academy.id, each.course.content.slug
            )


def _enter(made: Academic, soul: Soul, offered: Sequence[Taken], password_hash: str) -> None:
    """Write one person down, with all that they did."""
    random, desk = made.random, made.desk
    intake = made.intakes if random.random() < LATER else random.randrange(made.intakes)
    begins = begins_of(intake, made.intakes, made.now)
    joined = min(begins, made.now) - timedelta(days=random.randrange(16, 40))
    person = _write_down(made, soul, Role.STUDENT, joined, password_hash)
    if soul.standing == "invited":
        desk.invite(soul, person)
        return  # what is theirs begins when they accept
    completed: dict[str, datetime] = {}
    taken = set()
    for each in offered:
        slug = each.course.content.slug
        when: datetime | None = begins
        if random.random() >= each.share:
            continue
        if each.first in completed:
            when = _next_intake(made, completed[each.first])
        elif each.first and random.random() < WAIVED:
            desk.waive(person, slug, min(begins, made.now) - timedelta(days=random.randrange(16, 20)))
        elif each.first:
            continue
        if when is not None:
            taken.add(slug)
            if done := _take(made, soul, person, each, when):
                completed[slug] = done
    if soul.standing == "active" and len(offered) > 1 and offered[1].course.content.slug not in taken:
        has_first = offered[0].course.content.slug in completed
        (desk.fit if has_first else desk.unfit).append(person)


def _write_down(made: Academic, soul: Soul, role: Role, joined: datetime, password_hash: str) -> int:
    ledger, academy = made.ledger, made.academy
    person = ledger.of(Person, "email", "name", "rank", "password_hash", "created_at").add(
        soul.email, soul.name, soul.rank, password_hash, joined
    )
    ledger.of(
        Personnel, "person_id", "academy_id", "name", "rank", "nation", "service", "unit", "external_id", "language"
    ).add(
        person, academy.id, soul.name, soul.rank, soul.nation, soul.service, soul.unit, soul.external_id, soul.language
    )  # fmt: skip
    ended = made.now - timedelta(days=made.random.randrange(5, 200)) if soul.standing == "expired" else None
    ledger.of(Membership, "person_id", "academy_id", "role", "standing", "valid_until").add(
        person, academy.id, role, soul.standing, ended and ended.date()
    )
    return person


def _next_intake(made: Academic, since: datetime) -> datetime | None:
    """The first day of an intake into which people are enrolled after a moment; None where there is none yet."""
    begins = [begins_of(number, made.intakes, made.now) for number in range(made.intakes + 1)]
    ahead = [day for day in begins if min(term(day, 0, made.now).enrolled_at) > since]
    return ahead[min(made.random.choice((0, 0, 1, 2)), len(ahead) - 1)] if ahead else None


def _take(made: Academic, soul: Soul, person: int, taken: Taken, begins: datetime) -> datetime | None:
    """Take a course from a day on; gives when it was completed."""
    slug, random, desk = taken.course.content.slug, made.random, made.desk
    its = term(begins, taken.course.content.hours, made.now)
    group = desk.group(slug, its)
    enrolled_at = random.choice(its.enrolled_at)
    if group.size < FALTER and made.now - OUT_AFTER < its.ends < made.now:
        soul = replace(soul, keeps_on=0.5)
    life = Study(soul, taken.syllabus, made.stock, random, Clock(begins, soul.pace, random), made.now).go()
    is_long_over = its.ends + OUT_AFTER < made.now
    has_left = life.has_left or (life.completed_at is None and is_long_over and random.random() < OUT)
    status = EnrolmentStatus.WITHDRAWN if has_left else EnrolmentStatus.ACTIVE
    enrolment = made.ledger.of(
        Enrolment, "person_id", "academy_id", "course", "cohort_id", "status", "enrolled_at"
    ).add(person, made.academy.id, slug, group.id, status, enrolled_at)
    group.enrolled[enrolled_at].append(enrolment)
    deeds = Deeds(made.ledger, made.academy.id, slug, person, enrolment, taken.versions)
    edition_id = taken.edition.id if taken.edition else None
    deeds.keep(life, edition_id=edition_id, version_id=taken.course.version_id)
    if not has_left:
        desk.extend(group, enrolment, life.completed_at)
    if taken.first and random.random() < ASKED:
        desk.grant(person, slug, enrolled_at)
    if life.completed_at is not None:
        award = _award(made, soul, person, enrolment, taken, life.percent)
        made.awards.append((life.completed_at, award))
    return life.completed_at


def _award(
    made: Academic, soul: Soul, person: int, enrolment: int, taken: Taken, percent: float
) -> dict[str, Any]:
    course, edition, academy = taken.course, taken.edition, made.academy
    content = course.content
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
        "outcomes": json.dumps([[each.id, each.text, level_of(each)] for each in content.outcomes]),
        "hours": content.hours,
        "percent": percent,
        "language": content.language,
        "cause": Cause.EARNED,
        "reason": "",
        "is_demo": True,
        "edition_id": edition.id if edition else None,
        "edition": edition.label if edition else "",
        "edition_sha256": edition.digest if edition else "",
        "frameworks": "[]",
        "signatories": json.dumps([[academy.signatory_name, academy.signatory_role]]),
    }


def _certify(made: Academic) -> None:
    """Number the certificates in the order in which they were earned, year by year."""
    counted: dict[int, int] = {}
    kept = made.ledger.of(
        CertificateNumber, "academy_id", "year", "sequence", "number", "is_issued", "explanation", "drawn_at"
    )
    places: list[int] = []
    awards = sorted(made.awards, key=lambda each: (each[0], each[1]["enrolment_id"]))
    for position, (at, award) in enumerate(awards):
        moment = at.astimezone(UTC)
        year, place = moment.year, position % LIST_FULL
        if place == 0:
            places = made.random.sample(range(LIST_LENGTH), min(LIST_FULL, len(awards) - position))
        counted[year] = counted.get(year, 0) + 1
        number = f"{made.academy.slug.upper()}-{year}-{counted[year]:06d}"
        whole = award | {
            "number": number,
            "status_list": 1 + position // LIST_FULL,
            "status_index": places[place],
            "earned_on": moment.date(),
            "issued_on": moment.date(),
            "issued_at": moment,
        }
        made.ledger.of(Certificate, *whole).add(*whole.values())
        kept.add(made.academy.id, year, counted[year], number, 1, "", moment)
    for year, last in counted.items():
        made.ledger.of(CertificateCounter, "academy_id", "year", "last").add(made.academy.id, year, last)
