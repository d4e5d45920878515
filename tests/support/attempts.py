"""Synthetic attempts by the hundred, for pages of statistics and for the bench: students of a simple model
of knowing answer a quiz or walk through a scenario. Written straight into tables; never part of the product.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from pme.assessment import grading
from pme.assessment.draw import deal_quiz
from pme.assessment.levels import Level
from pme.assessment.models import Attempt, AttemptStatus, Decision, Response, Task
from pme.content.catalogue import Versioned
from pme.content.play import follow
from pme.content.scoring import key_rating, scenario_result
from pme.content.shapes import (
    AnyItem,
    EssayItem,
    MatchingItem,
    MultipleItem,
    NumericItem,
    OrderingItem,
    Quiz,
    RatingItem,
    Scenario,
    ShortTextItem,
    SingleItem,
)
from pme.enrolment.models import Cohort, Enrolment
from pme.people.models import Academy, Person


@dataclass(frozen=True)
class Class:
    """Students who sit together: at which academy, in which course and module, in which cohorts (dealt in turn)."""

    academy: Academy
    course: str
    module: str
    at: datetime
    cohorts: Sequence[Cohort] = ()


def enrol_many(session: Session, together: Class, number: int, *, prefix: str = "sitter") -> list[int]:
    """Enrol so many new students; gives the ids of their enrolments."""
    many = range(number)
    people = [
        {
            "email": f"{prefix}{n}@{together.academy.slug}.example",
            "name": f"Student {n}",
            "rank": "",
            "password_hash": "none",
            "created_at": together.at,
        }
        for n in many
    ]
    ids = list(session.scalars(insert(Person).returning(Person.id), people))
    cohorts: list[int | None] = [*(cohort.id for cohort in together.cohorts)] or [None]
    rows = [
        {
            "person_id": person,
            "academy_id": together.academy.id,
            "course": together.course,
            "cohort_id": cohorts[n % len(cohorts)],
            "enrolled_at": together.at,
        }
        for n, person in enumerate(ids)
    ]
    return list(session.scalars(insert(Enrolment).returning(Enrolment.id), rows))


def sit_quiz(
    session: Session,
    quiz: Versioned[Quiz],
    together: Class,
    enrolments: Sequence[int],
    *,
    random: Random,
    number: int = 1,
    confidence: bool = False,
) -> None:
    """Let these students sit a quiz once, each in 20 to 60 seconds a question."""
    people = _people(session, enrolments)
    attempts, answers, told = [], [], []
    for enrolment in enrolments:
        knows = random.gauss(0.6, 1.0)
        dealt = frozenset(deal_quiz(quiz.content, random).items)
        given = {
            item.id: _answer(item, knows, place, random)
            for place, item in enumerate(quiz.content.items)
            if item.id in dealt
        }
        marks = grading.mark(quiz.content, list(given), given)
        attempts.append(
            _attempt(together, enrolment, people[enrolment], Task.QUIZ, quiz, number)
            | {"percent": marks.percent, "is_passed": marks.is_passed, "level": marks.level}
            | {"result": marks.as_result(), "status": AttemptStatus.FINISHED, "finished_at": together.at}
        )
        answers.append(given)
        told.append({mark.item: _sure(mark.credit, random) if confidence else None for mark in marks.items})
    ids = session.scalars(insert(Attempt).returning(Attempt.id, sort_by_parameter_order=True), attempts)
    rows = [
        {
            "attempt_id": attempt_id,
            "item": item,
            "answer": list(answer),
            "confidence": sure[item],
            "seconds": round(random.lognormvariate(3.4, 0.5), 1),
            "saved_at": together.at,
        }
        for attempt_id, given, sure in zip(ids.all(), answers, told, strict=True)
        for item, answer in given.items()
    ]
    session.execute(insert(Response), rows)


def play_scenario(
    session: Session,
    scenario: Versioned[Scenario],
    together: Class,
    enrolments: Sequence[int],
    *,
    random: Random,
) -> None:
    """Let these students take every decision of a scenario, about half a minute each, up to the debrief."""
    people = _people(session, enrolments)
    attempts, paths = [], []
    for enrolment in enrolments:
        path = _walk(scenario.content, random)
        played = follow(scenario.content, path)
        score = scenario_result(scenario.content, played.steps)
        assert played.ending is not None
        attempts.append(
            _attempt(together, enrolment, people[enrolment], Task.SCENARIO, scenario, 1)
            | {"percent": score.percent, "is_passed": score.passed}
            | {"level": Level.ACCEPTABLE if score.passed else Level.FAIL, "status": AttemptStatus.DEBRIEF}
            | {"result": {"ending": played.ending.id, "broken": score.broken, "missed": score.missed}}
        )
        paths.append(path)
    ids = session.scalars(insert(Attempt).returning(Attempt.id, sort_by_parameter_order=True), attempts)
    rows = [
        {
            "attempt_id": attempt_id,
            "sequence": sequence,
            "node": node,
            "choice": choice,
            "decided_at": together.at + timedelta(seconds=sequence * random.uniform(20, 40)),
        }
        for attempt_id, path in zip(ids.all(), paths, strict=True)
        for sequence, (node, choice) in enumerate(path, start=1)
    ]
    session.execute(insert(Decision), rows)


def _people(session: Session, enrolments: Sequence[int]) -> Mapping[int, int]:
    rows = session.execute(select(Enrolment.id, Enrolment.person_id)).all()
    wanted = set(enrolments)
    return {row[0]: row[1] for row in rows if row[0] in wanted}


def _attempt(
    together: Class,
    enrolment: int,
    person: int,
    task: Task,
    version: Versioned[Quiz] | Versioned[Scenario],
    number: int,
) -> dict[str, Any]:
    return {
        "enrolment_id": enrolment,
        "person_id": person,
        "academy_id": together.academy.id,
        "task": task,
        "course": together.course,
        "module": together.module,
        "slug": version.content.slug,
        "version_id": version.version_id,
        "number": number,
        "draw": {"items": [], "options": {}},
        "started_at": together.at,
    }


def _answer(item: AnyItem, knows: float, place: int, random: Random) -> tuple[str, ...]:
    hardness = (place * 7 % 5) / 2 - 1.2
    is_right = random.random() < 1 / (1 + exp(hardness - 1.2 * knows))
    match item:
        case SingleItem():
            wrong = [option.id for option in item.options if not option.correct]
            favourite = random.choices(wrong, weights=[1 / (1 + 3 * n) for n in range(len(wrong))])
            return tuple(o.id for o in item.options if o.correct) if is_right else tuple(favourite)
        case MultipleItem():
            right = {option.id for option in item.options if option.correct}
            toggled = set() if is_right else set(random.sample([o.id for o in item.options], 1))
            return tuple(sorted(right ^ toggled))
        case MatchingItem():
            rights = [pair.right_id for pair in item.pairs]
            dealt = rights if is_right else rights[1:] + rights[:1]
            return tuple(f"{pair.id}={right}" for pair, right in zip(item.pairs, dealt, strict=True))
        case OrderingItem():
            steps = [step.id for step in item.sequence]
            return tuple(steps if is_right else random.sample(steps, len(steps)))
        case RatingItem():
            off = 0 if is_right else random.choice((1, 2))
            rated = ((option.id, (key_rating(option.key) - 1 + off) % 4 + 1) for option in item.options)
            return tuple(sorted(f"{name}={rating}" for name, rating in rated))
        case NumericItem():
            return (item.answer if is_right else str(random.randint(1, 5)),)
        case ShortTextItem():
            return (item.accepted[0] if is_right else random.choice(("something else", "no idea")),)
        case EssayItem():
            return ()


def _sure(credit: float, random: Random) -> int:
    return random.choices((1, 2, 3), weights=(1, 2, 4) if credit == 1 else (3, 2, 1))[0]


def _walk(scenario: Scenario, random: Random) -> list[tuple[str, str]]:
    return list(_steps(scenario, random.gauss(0.8, 0.7), random))


def _steps(scenario: Scenario, knows: float, random: Random) -> Iterator[tuple[str, str]]:
    path: list[tuple[str, str]] = []
    while (waiting := follow(scenario, path).waiting) is not None:
        weights = [exp(knows * choice.key.mean) for choice in waiting.choices]
        choice = random.choices(waiting.choices, weights=weights)[0]
        path.append((waiting.id, choice.id))
        yield path[-1]
