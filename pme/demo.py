"""The demo academy: a small cast with one course, so that a first visitor sees everything at work.

Created once. Passwords are made for each installation and kept, for the owner's eyes, in the
instance folder; nothing that is there is ever overwritten.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from pme import journeys
from pme.assessment.draw import Draw
from pme.assessment.grading import JOIN
from pme.assessment.service import begin, close_path, decide, save_answer
from pme.config import Settings
from pme.content import catalogue as published
from pme.content.catalogue import Catalogue, Versioned
from pme.content.scoring import key_rating
from pme.content.shapes import (
    AnyItem,
    EssayItem,
    MatchingItem,
    Module,
    MultipleItem,
    NumericItem,
    OrderingItem,
    RatingItem,
    ShortTextItem,
    SingleItem,
)
from pme.db import Database, wait_in_line
from pme.enrolment.models import Enrolment
from pme.enrolment.service import choose_course, cohort_of_name, enrol
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
            return _read(kept)
        catalogue = published.current(session)
        if not catalogue.courses:
            return ()  # a demo without a course would stay without one: wait for the first publication
        academies = {
            ACADEMY: _academy(session, ACADEMY, "Demo Academy for Joint Studies", "Demonstration", at),
            OTHER: _academy(session, OTHER, "Northmere Staff College", "Demonstration", at),
        }
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
        _write(kept, sign_ins)
    return tuple(sign_ins)


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


def right_answer(item: AnyItem) -> list[str]:
    """The answer that earns the whole credit of an item."""
    match item:
        case MatchingItem():
            return [f"{pair.id}{JOIN}{pair.right_id}" for pair in item.pairs]
        case OrderingItem():
            return [step.id for step in item.sequence]
        case SingleItem() | MultipleItem():
            return [option.id for option in item.options if option.correct]
        case NumericItem():
            return [item.answer]
        case ShortTextItem():
            return [item.accepted[0]]
        case RatingItem():
            return [f"{option.id}{JOIN}{key_rating(option.key)}" for option in item.options]
        case EssayItem():
            return ["I would ask what the person needs, and tell them what I can and cannot promise."]


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
                        answer=right_answer(item),
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
    academy.support = SUPPORT
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
