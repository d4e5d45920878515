"""A quiz with a question of every type, answers that are right and wrong, and a correction of each kind.

For each type `WRONG` names an answer that the key calls wrong and that `KEYS` makes right.
"""

from datetime import timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment.corrections import Correction, CorrectionKind
from pme.assessment.draw import Draw
from pme.assessment.grading import mark
from pme.assessment.models import Attempt, AttemptStatus
from pme.assessment.queries import answers_of, confidence_of
from pme.assessment.regrades import Scope
from pme.assessment.service import begin, close_marked, finish_quiz, save_answer
from pme.content.catalogue import Versioned, current, pinned
from pme.content.publish import publish
from pme.content.shapes import (
    AnyItem,
    Criterion,
    Distractor,
    EssayItem,
    Key,
    MatchingItem,
    MultipleItem,
    NumericItem,
    OrderingItem,
    Pair,
    Quiz,
    QuizPass,
    RatedOption,
    RatingItem,
    RubricLevel,
    SequenceStep,
    ShortTextItem,
    SingleItem,
)
from pme.enrolment.models import Enrolment
from pme.enrolment.service import enrol
from pme.people.models import Academy, Person, Role
from pme.people.queries import person_by_email
from pme.people.service import grant
from tests.support.cast import HOME, START, email_of
from tests.support.library import OUTCOMES, library, option

LATER = START + timedelta(hours=1)
NOW = START + timedelta(days=1)
COMMON: dict[str, Any] = {"outcome": "LO1", "difficulty": "easy"}
TOLD: dict[str, Any] = {
    "right_feedback_html": "CANARY feedback right",
    "wrong_feedback_html": "CANARY feedback wrong",
}
ALPHA, BRAVO, CHARLIE = "CANARY-alpha-right", "CANARY-bravo-wrong", "CANARY-charlie-wrong"
ITEMS: tuple[AnyItem, ...] = (
    SingleItem(
        id="single", type="single", stem_html="Which one?",
        options=(option("alpha", correct=True), option("bravo"), option("charlie")), **COMMON,
    ),
    SingleItem(
        id="truth", type="true-false", stem_html="Is it so?",
        options=(option("true", correct=True), option("false")), **COMMON,
    ),
    MultipleItem(
        id="many", type="multiple", scoring="per-option", stem_html="Which ones?",
        options=(option("delta", correct=True), option("echo", correct=True), option("foxtrot")), **COMMON,
    ),
    MatchingItem(
        id="match", type="matching", scoring="per-option", stem_html="What belongs together?",
        pairs=tuple(
            Pair(id=left, left_html=left, right_html=right, right_id=f"CANARY-{right}", feedback_html="")
            for left, right in (("sun", "day"), ("moon", "night"))
        ),
        distractors=(Distractor(right_id="CANARY-noon", right_html="noon"),), **COMMON,
    ),
    OrderingItem(
        id="order", type="ordering", scoring="per-option", stem_html="In which order?",
        sequence=tuple(
            SequenceStep(id=name, text_html=f"Step {name}", feedback_html="") for name in ("golf", "hotel", "india")
        ), **COMMON,
    ),
    NumericItem(
        id="number", type="numeric", stem_html="How far?", answer="12", tolerance="0.5", unit="km",
        **COMMON, **TOLD,
    ),
    ShortTextItem(
        id="word", type="short-text", stem_html="What is it called?", accepted=("refuge",), **COMMON, **TOLD
    ),
    RatingItem(
        id="rate", type="rating", stem_html="How good is it?",
        options=tuple(
            RatedOption(id=name, text_html=f"Do {name}", key=Key(by="author", rating=key), feedback_html="")
            for name, key in (("kilo", 4), ("lima", 1))
        ), **COMMON,
    ),
    EssayItem(
        id="essay", type="essay", stem_html="Tell of it.", most_words=200, model_html="A model.",
        rubric=(
            Criterion(
                id="c1", title="Clear",
                levels=tuple(RubricLevel(points=points, text=f"Level {points}") for points in range(4)),
            ),
        ), **COMMON,
    ),
)  # fmt: skip
BY_ID = {item.id: item for item in ITEMS}
RIGHT: dict[str, tuple[str, ...]] = {
    "single": (ALPHA,),
    "truth": ("CANARY-true-right",),
    "many": ("CANARY-delta-right", "CANARY-echo-right"),
    "match": ("moon=CANARY-night", "sun=CANARY-day"),
    "order": ("golf", "hotel", "india"),
    "number": ("12",),
    "word": ("refuge",),
    "rate": ("kilo=4", "lima=1"),
    "essay": ("Words.",),
}
WRONG: dict[str, tuple[str, ...]] = {
    "single": (BRAVO,),
    "truth": ("CANARY-false-wrong",),
    "many": ("CANARY-foxtrot-wrong",),
    "match": ("moon=CANARY-noon", "sun=CANARY-night"),
    "order": ("india", "hotel", "golf"),
    "number": ("20",),
    "word": ("shelter",),
    "rate": ("kilo=1", "lima=4"),
    "essay": (),
}
KEYS: dict[str, dict[str, Any]] = {
    "single": {"right": [BRAVO]},
    "truth": {"right": ["CANARY-false-wrong"]},
    "many": {"right": ["CANARY-foxtrot-wrong"]},
    "match": {"pairs": {"sun": "CANARY-night", "moon": "CANARY-noon"}},
    "order": {"sequence": ["india", "hotel", "golf"]},
    "number": {"answer": "20", "tolerance": "0", "tolerance_is_percent": False},
    "word": {"accepted": ["shelter"]},
    "rate": {"ratings": {"kilo": 1, "lima": 4}},
}


def quiz(*, min_percent: int = 75, critical: tuple[str, ...] = (), essay: bool = True) -> Quiz:
    """A quiz of one question of every type; without the essay it is marked at once."""
    return Quiz(
        slug="check",
        title="A short check",
        summary="Every kind of question.",
        language="en",
        module="basics",
        minutes=5,
        pass_rule=QuizPass(min_percent=min_percent, critical=critical, success_percent=90),
        outcomes=OUTCOMES,
        items=ITEMS if essay else ITEMS[:-1],
    )


def answers(**wrong: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Right answers but for these."""
    return RIGHT | wrong


def publish_quiz(session: Session, content: Quiz) -> Versioned[Quiz]:
    """Publish the library with this quiz in the place of its own."""
    publish(session, library(content), by_id=None, at=START, note="every type")
    found = current(session).quiz("check")
    assert found is not None
    return found


def enrolment_of(session: Session, name: str) -> Enrolment:
    """The enrolment of a member of the cast in the core course."""
    person = person_by_email(session, email_of(name))
    assert person is not None
    return session.scalars(
        select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.course == "core")
    ).one()


def student(session: Session, number: int) -> Enrolment:
    """One more student of the core course, without a password."""
    academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
    person = Person(
        email=f"s{number}@home.example",
        name=f"Student {number}",
        rank="Cadet",
        password_hash="-",
        created_at=START,
    )
    session.add(person)
    session.flush()
    grant(session, person.id, academy, Role.STUDENT)
    return enrol(session, person.id, academy, course="core", at=START)


def sit(
    session: Session,
    enrolment: Enrolment,
    version: Versioned[Quiz],
    given: dict[str, tuple[str, ...]],
    *,
    sure: int | None = None,
    points: int = 3,
    hand_in: bool = True,
) -> Attempt:
    """Sit the quiz with these answers and hand it in; an essay is marked with so many of 3 points."""
    attempt = begin(session, enrolment, version, module="basics", at=START)
    for item, answer in given.items():
        if answer and version.content.item(item):
            save_answer(
                session, attempt, version.content, item_id=item, answer=answer, confidence=sure, at=LATER
            )
    if hand_in:
        finish(session, attempt, points=points)
    return attempt


def finish(session: Session, attempt: Attempt, *, points: int = 3) -> None:
    """Hand an attempt in, and mark its essay."""
    content = pinned(session, attempt.version_id, Quiz).content
    finish_quiz(session, attempt, content, at=LATER)
    if attempt.status is AttemptStatus.MARKING:
        marks = mark(
            content,
            Draw.from_json(attempt.draw).items,
            answers_of(session, attempt.id),
            confidence=confidence_of(session, attempt.id),
            by_hand={"essay": Fraction(points, 3)},
        )
        close_marked(attempt, marks, at=LATER)
        session.flush()


def scope(session: Session, version: Versioned[Quiz], *, academy: str = HOME) -> Scope:
    """The scope of the core course at an academy."""
    number = session.scalars(select(Academy.id).where(Academy.slug == academy)).one()
    return Scope(number, "core", "check", version.version_id)


def correction(kind: CorrectionKind, item: str) -> Correction:
    """A correction that makes the wrong answer to an item right."""
    needs_key = kind in (CorrectionKind.KEY, CorrectionKind.ACCEPT)
    return Correction(item, kind, KEYS[item] if needs_key else {})
