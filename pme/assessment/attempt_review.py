"""A quiz attempt as its page shows it: the result in force, each question, and the corrections that reach it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pme.assessment import feedback
from pme.assessment.correction_words import ACTS, correction_html
from pme.assessment.corrections import corrected
from pme.assessment.draw import Draw
from pme.assessment.effective import EffectiveResult, effective_result
from pme.assessment.grading import Answer
from pme.assessment.models import Attempt
from pme.assessment.queries import answers_of, confidence_of
from pme.assessment.regrades import correction_of, in_force, scope_of
from pme.content.shapes import Quiz


@dataclass(frozen=True)
class Notice:
    """One correction of a question that this attempt was asked, as its `number`.

    `says` gives nothing of the key away; `reason` and `key` may, and are for those who may see right answers.
    """

    number: int
    says: str
    at: datetime
    reason: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class CorrectionsOn:
    """The corrections of an attempt, and the quiz with the keys by which it is marked."""

    quiz: Quiz
    notices: tuple[Notice, ...] = ()

    @property
    def notes(self) -> dict[int, list[str]]:
        """What was done, by the number of the question."""
        found: dict[int, list[str]] = {}
        for notice in self.notices:
            found.setdefault(notice.number, []).append(notice.says)
        return found


@dataclass(frozen=True)
class AttemptReview:
    """All of it; `mark` is None while nothing is marked."""

    mark: EffectiveResult | None
    corrections: CorrectionsOn
    questions: tuple[feedback.ItemReview, ...]


def review_attempt(session: Session, attempt: Attempt, quiz: Quiz, *, reveal: bool) -> AttemptReview:
    """Read an attempt for its page; `reveal` shows right answers and all feedback."""
    mark, answers = effective_result(session, attempt), answers_of(session, attempt.id)
    corrections = _corrections_on(session, attempt, quiz, answers)
    kept = (attempt.result or {}).get("items", {}) | (mark.result["items"] if mark else {})
    questions = feedback.review(
        corrections.quiz,
        Draw.from_json(attempt.draw),
        answers,
        reveal=reveal,
        confidence=confidence_of(session, attempt.id),
        kept=kept,
    )
    return AttemptReview(mark, corrections, questions)


def _corrections_on(
    session: Session, attempt: Attempt, quiz: Quiz, answers: Mapping[str, Answer]
) -> CorrectionsOn:
    """The corrections in force that reach a finished attempt."""
    asked = list(attempt.draw["items"])
    regrades = in_force(session, scope_of(attempt)) if attempt.finished_at else []
    reaching = [regrade for regrade in regrades if regrade.item in asked]
    if not reaching:
        return CorrectionsOn(quiz)
    items = {item.id: item for item in quiz.items}
    return CorrectionsOn(
        corrected(quiz, map(correction_of, regrades)).quiz_for(answers),
        tuple(
            Notice(
                number=asked.index(regrade.item) + 1,
                says=ACTS[regrade.kind],
                at=regrade.at,
                reason=regrade.reason,
                key=correction_html(items[regrade.item], correction_of(regrade)),
            )
            for regrade in reaching
        ),
    )
