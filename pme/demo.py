"""The demo academy: a small cast with one course, so that a first visitor sees everything at work.

Created once. Passwords are made for each installation and kept, for the owner's eyes, in the
instance folder; nothing that is there is ever overwritten.
"""

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from pme import audit, journeys
from pme.assessment.deciding import close_path, decide
from pme.assessment.draw import Draw
from pme.assessment.service import begin, save_answer
from pme.certificates.designs.demonstration import design_demonstration
from pme.config import Settings
from pme.content import catalogue as published
from pme.content.catalogue import Catalogue, Versioned
from pme.content.shapes import (
    Module,
)
from pme.crowd.names import ALDERMARK, CORVANE, Place
from pme.crowd.papers import right
from pme.crowd.service import make_academy
from pme.db import Database, wait_in_line
from pme.enrolment.cohorts import every_cohort
from pme.enrolment.models import Cohort, CohortInstructor, Enrolment
from pme.enrolment.service import choose_course, cohort_of_name, enrol
from pme.errors import Invalid
from pme.keys.keyring import Keyring
from pme.keys.queries import without_keys
from pme.keys.service import Acting, make
from pme.people.models import Academy, Role
from pme.people.passwords import Hashing
from pme.people.queries import academy_by_slug
from pme.people.service import add_academy, add_person, appoint, grant

ACADEMY, OTHER, COHORT = "demo", "northmere", "First class"
SUPPORT = (
    "Demo academy: here your academy lists its own support, for example the medical centre, the chaplain, "
    "a confidential telephone line and someone outside the chain of command."
)
CAST = (
    ("adams", "Robin Adams", "Captain", Role.STUDENT, ACADEMY),
    ("baker", "Sam Baker", "Lieutenant", Role.STUDENT, ACADEMY),
    ("clarke", "Alex Clarke", "Major", Role.INSTRUCTOR, ACADEMY),
    ("harper", "Kim Harper", "Captain", Role.REVIEWER, ACADEMY),
    ("evans", "Jo Evans", "Lieutenant Colonel", Role.ADMINISTRATOR, ACADEMY),
    ("frost", "Chris Frost", "Commander", Role.ADMINISTRATOR, OTHER),
)
FOR_INSTRUCTORS = ("for-those-who-teach",)
"""Courses that show the keys of others: no student of the demo is enrolled in them."""
PLACES: dict[Place, tuple[tuple[str, str, str, Role], ...]] = {
    ALDERMARK: (
        ("administrator", "Ingrid Vik", "Lieutenant Colonel", Role.ADMINISTRATOR),
        ("registrar", "Otto Brandt", "Warrant Officer", Role.REGISTRAR),
        ("director", "Ewa Górska", "Colonel", Role.DIRECTOR),
        ("auditor", "Harriet Whitaker", "Major", Role.AUDITOR),
        ("instructor", "Jānis Kalniņš", "Captain", Role.INSTRUCTOR),
        ("student", "Linnea Sandvik", "Sergeant", Role.STUDENT),
    ),
    CORVANE: (
        ("administrator", "Étienne Lefèvre", "Commander", Role.ADMINISTRATOR),
        ("registrar", "Rocío Lozano", "Chief Petty Officer", Role.REGISTRAR),
        ("director", "Giulia Conti", "Captain (Navy)", Role.DIRECTOR),
        ("auditor", "Nuno Teixeira", "Major", Role.AUDITOR),
        ("instructor", "Rania Haddad", "Lieutenant Commander", Role.INSTRUCTOR),
        ("student", "Petros Karras", "Corporal", Role.STUDENT),
    ),
}
"""Who can sign in at the academies of invented people."""
WORDS = (
    "harbour lantern willow granite meadow copper violin timber orchard compass saddle ribbon "
    "marble thistle anchor velvet kettle bridge pepper walnut canyon feather ladder mosaic "
    "garden pocket silver tunnel basket candle river window saffron pebble meteor cactus "
    "hammer blanket mirror turnip"
).split()
WORDS_OF_A_PASSWORD = 6  # of 40 words: over 30 bits
ONE_AT_A_TIME = 7_305_082  # any number but that of `pme.schema`, the same for every process


@dataclass(frozen=True)
class SignIn:
    """How one of the cast signs in."""

    email: str
    password: str
    who: str


def create_once(database: Database, settings: Settings, *, at: datetime) -> tuple[SignIn, ...]:
    """Create the demo academies and their cast unless they are there; gives the sign-ins."""
    kept = settings.instance_dir / "demo-sign-ins.json"
    with database.writing() as session:
        wait_in_line(session, ONE_AT_A_TIME)
        if academy_by_slug(session, ACADEMY) is not None:
            give_keys(session, settings, at=at)
            return _read(kept)
        catalogue = published.current(session)
        if not catalogue.courses:
            return ()  # a demo without a course would stay without one: wait for the first publication
        academies = {
            ACADEMY: _academy(session, ACADEMY, "Demo Academy for Joint Studies", "Demonstration", at),
            OTHER: _academy(session, OTHER, "Northmere Staff College", "Demonstration", at),
        }
        design_demonstration(session, academies[ACADEMY], at=at)
        for each in academies.values():
            for course in catalogue.courses:
                choose_course(session, each.id, course=course.content.slug, by_id=None, at=at)
        hashing, sign_ins = Hashing(settings.argon2), []
        for short, name, rank, role, slug in CAST:
            password = "-".join(secrets.choice(WORDS) for _ in range(WORDS_OF_A_PASSWORD))
            email = f"{short}@{slug}.example"
            person = add_person(session, hashing, email=email, name=name, rank=rank, password=password, at=at)
            academy = academies[slug]
            grant(session, person.id, academy.id, role)
            for course in catalogue.courses:
                if role is Role.INSTRUCTOR:
                    appoint(session, person.id, academy.id, course.content.slug)
                if role is Role.STUDENT and course.content.slug not in FOR_INSTRUCTORS:
                    taken = course.content.slug
                    enrolment = enrol(session, person.id, academy.id, course=taken, at=at)
                    cohort = cohort_of_name(session, academy.id, course=taken, name=COHORT, at=at)
                    enrolment.cohort_id = cohort.id
                    if short == "baker":
                        take_whole_course(session, catalogue, enrolment, at=at)
            sign_ins.append(SignIn(email, password, f"{rank} {name}, {role.value}, {academy.name}"))
        give_keys(session, settings, at=at)
        _write(kept, sign_ins)
    return tuple(sign_ins)


def give_keys(session: Session, settings: Settings, *, at: datetime) -> None:
    """Demo keys for every demonstration that lacks some: what they sign is marked DEMO."""
    for academy, kinds in without_keys(session):
        if academy.is_demo:
            make(session, Acting(academy, Keyring.of(settings), "command line", at), kinds)


def create_people(
    database: Database, settings: Settings, *, people: int, seed: str, at: datetime
) -> tuple[SignIn, ...]:
    """Create two academies of so many invented people each; gives the sign-ins of those who run them.

    Raises Conflict when they are there already, Invalid before anything is published.
    """
    kept = settings.instance_dir / "people-sign-ins.json"
    sign_ins: list[SignIn] = []
    hashing = Hashing(settings.argon2)
    nobody = hashing.hash(secrets.token_urlsafe(32))  # the others cannot sign in: nobody knows this password
    with database.writing() as session:
        wait_in_line(session, ONE_AT_A_TIME)
        catalogue = published.current(session)
        if not catalogue.courses:
            raise Invalid(
                "Publish the courses first (`pme publish`): people of a demo take what is published."
            )
        for place in PLACES:
            academy = make_academy(
                session,
                catalogue,
                place,
                people=people,
                seed=seed,
                password_hash=nobody,
                at=at,
                address=settings.public_url,
            )
            sign_ins += _staff(session, hashing, academy, place, catalogue, at=at)
            audit.record(
                session,
                "demo academy made",
                actor="command line",
                subject=f"academy {academy.id}",
                at=at,
                academy_id=academy.id,
                detail={"people": people, "seed": seed},
            )
        give_keys(session, settings, at=at)
        _write(kept, sign_ins)
    return tuple(sign_ins)


def _staff(
    session: Session, hashing: Hashing, academy: Academy, place: Place, catalogue: Catalogue, *, at: datetime
) -> Iterator[SignIn]:
    """Those who run an academy of invented people, and a student who can sign in: in the classes that run."""
    running = {each.course: each for each in every_cohort(session, academy.id) if _runs(each, at)}
    for short, name, rank, role in PLACES[place]:
        password = "-".join(secrets.choice(WORDS) for _ in range(WORDS_OF_A_PASSWORD))
        email = f"{short}@{place.slug}.example"
        person = add_person(session, hashing, email=email, name=name, rank=rank, password=password, at=at)
        grant(session, person.id, academy.id, role)
        for course in catalogue.courses:
            slug = course.content.slug
            cohort = running.get(slug)
            if role is Role.INSTRUCTOR:
                appoint(session, person.id, academy.id, slug)
                if cohort is not None:
                    teacher = {"cohort_id": cohort.id, "person_id": person.id}
                    session.add(CohortInstructor(academy_id=academy.id, **teacher))
            elif role is Role.STUDENT and slug not in FOR_INSTRUCTORS:
                enrolment = enrol(session, person.id, academy.id, course=slug, at=at)
                enrolment.cohort_id = cohort.id if cohort else None
        yield SignIn(email, password, f"{rank} {name}, {role.value}, {academy.name}")


def _runs(cohort: Cohort, at: datetime) -> bool:
    return bool(cohort.starts_on and cohort.due_on and cohort.starts_on <= at.date() <= cohort.due_on)


def take_whole_course(session: Session, catalogue: Catalogue, enrolment: Enrolment, *, at: datetime) -> None:
    """Take a course as a careful student would: read all, answer rightly, follow the expert path."""
    course = catalogue.course(enrolment.course)
    for slug in course.content.modules if course else ():
        module = catalogue.module(slug)
        if module is not None:
            _take_module(session, catalogue, enrolment, module, at=at)


def describe(sign_ins: tuple[SignIn, ...], address: str) -> str:
    """What `make run` prints: the address and who may sign in."""
    lines = [f"\nPME is at {address}\n"]
    if sign_ins:
        lines.append("Demo sign-ins (made for this installation only):")
        width = max(len(sign_in.email) for sign_in in sign_ins)
        lines += [f"  {s.email:<{width}}  {s.password}   {s.who}" for s in sign_ins]
    return "\n".join(lines) + "\n"


def _take_module(
    session: Session,
    catalogue: Catalogue,
    enrolment: Enrolment,
    module: Versioned[Module],
    *,
    at: datetime,
) -> None:
    for page in module.content.pages:
        journeys.read_page(session, catalogue, enrolment, module, page=page.slug, at=at)
    for slug in module.content.completion.quizzes:
        if quiz := catalogue.quiz(slug):
            attempt = begin(session, enrolment, quiz, module=module.content.slug, at=at)
            for item in map(quiz.content.item, Draw.from_json(attempt.draw).items):
                if item is not None:
                    save_answer(
                        session,
                        attempt,
                        quiz.content,
                        item_id=item.id,
                        answer=right(item),
                        confidence=None if item.confidence == "none" else 3,
                        at=at,
                    )
            journeys.finish_quiz(session, catalogue, enrolment, attempt, quiz.content, at=at)
    for slug in module.content.completion.scenarios:
        if scenario := catalogue.scenario(slug):
            content = scenario.content
            attempt = begin(session, enrolment, scenario, module=module.content.slug, at=at)
            for number, (node, choice) in enumerate(content.debrief.expert_path, start=1):
                position = list(Draw.from_json(attempt.draw).options[node]).index(choice) + 1
                decide(session, attempt, content, sequence=number, position=position, at=at)
            close_path(session, attempt, content)
            texts = {0: "Keep the road open, and help anyone who asks for help."}
            journeys.finish_scenario(
                session, catalogue, enrolment, attempt, content, texts=texts, seen_at=None, at=at
            )


def _academy(session: Session, slug: str, name: str, nation: str, at: datetime) -> Academy:
    academy = add_academy(session, slug=slug, name=name, nation=nation, at=at)
    academy.support, academy.is_demo = SUPPORT, True
    academy.signatory_name, academy.signatory_role = "Jo Evans", "Director of Studies"
    session.flush()
    return academy


def _read(kept: Path) -> tuple[SignIn, ...]:
    if not kept.is_file():
        return ()
    return tuple(SignIn(**each) for each in json.loads(kept.read_text(encoding="utf-8")))


def _write(kept: Path, sign_ins: list[SignIn]) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump([asdict(sign_in) for sign_in in sign_ins], file, indent=1)
