"""What corrections of questions do to a quiz and to the marking of an attempt at it.

Pure. Corrections are applied in the order in which they were made, always to the quiz as it was published:
the same corrections give the same marks, whatever was in force in between.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from pme.assessment import grading
from pme.assessment.correction_keys import with_accepted, with_key
from pme.assessment.grading import Answer, Marking, QuizMark
from pme.content.shapes import AnyItem, EssayItem, Quiz, RatingItem, ShortTextItem
from pme.errors import Invalid
from pme.words.speech import _

DENOMINATOR = 10_000
"""Credits given by hand are fractions of a few points; kept as floats, they are read back as such."""


class CorrectionKind(StrEnum):
    """What is done about a question: another key, an answer accepted beside the key, the question not
    counted, or its whole credit given to everybody.
    """

    KEY = "key"
    ACCEPT = "accept"
    VOID = "void"
    FULL_CREDIT = "full-credit"


@dataclass(frozen=True)
class Correction:
    """One correction of one item; `detail` holds the key or answer it speaks of, in the form that is kept."""

    item: str
    kind: CorrectionKind
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Corrected:
    """A quiz under corrections. `quiz` has the corrected keys; `accepted` holds for an item the same item
    with each further key: an answer that is wholly right by one of them has its whole credit.
    """

    quiz: Quiz
    voided: frozenset[str]
    given: frozenset[str]
    accepted: Mapping[str, tuple[AnyItem, ...]]
    items: frozenset[str]
    """Every item that is corrected in any way."""

    def quiz_for(self, answers: Mapping[str, Answer]) -> Quiz:
        """The quiz by which an attempt with these answers is marked: a further key counts where it fits."""
        fitting = {
            item: key
            for item, keys in self.accepted.items()
            for key in keys
            if grading.credit(key, answers.get(item, ())) == 1
        }
        if not fitting:
            return self.quiz
        items = tuple(fitting.get(item.id, item) for item in self.quiz.items)
        return self.quiz.model_copy(update={"items": items})

    @cached_property
    def marking(self) -> Marking:
        """What marks attempts under the corrections."""
        return Marking(self.quiz, grading.Corrections(self.voided, self.given), self.accepted)

    def mark(
        self,
        asked: Sequence[str],
        answers: Mapping[str, Answer],
        *,
        confidence: Mapping[str, int],
        by_hand: Mapping[str, Fraction],
    ) -> QuizMark:
        """The mark of an attempt under the corrections."""
        return self.marking.mark(asked, answers, confidence=confidence, by_hand=by_hand)


def kinds_for(item: AnyItem) -> tuple[CorrectionKind, ...]:
    """What may be done about an item: an essay has no key, and of a rating only the key can be corrected."""
    match item:
        case EssayItem():
            return (CorrectionKind.VOID, CorrectionKind.FULL_CREDIT)
        case RatingItem():
            return (CorrectionKind.KEY, CorrectionKind.VOID, CorrectionKind.FULL_CREDIT)
        case _:
            return tuple(CorrectionKind)


def corrected(quiz: Quiz, corrections: Iterable[Correction]) -> Corrected:
    """The quiz under these corrections. Raises Invalid for one that does not fit its item."""
    items = {item.id: item for item in quiz.items}
    voided, given, touched = set(), set(), set()
    accepted: dict[str, tuple[AnyItem, ...]] = {}
    for correction in corrections:
        item = items.get(correction.item)
        if item is None or correction.kind not in kinds_for(item):
            raise Invalid(_("This cannot be done about this question."))
        touched.add(item.id)
        match correction.kind:
            case CorrectionKind.VOID:
                voided.add(item.id)
            case CorrectionKind.FULL_CREDIT:
                given.add(item.id)
            case CorrectionKind.KEY:
                items[item.id] = with_key(item, correction.detail)
            case CorrectionKind.ACCEPT if isinstance(item, ShortTextItem):
                items[item.id] = with_accepted(item, correction.detail)
            case CorrectionKind.ACCEPT:
                accepted[item.id] = (*accepted.get(item.id, ()), with_key(item, correction.detail))
    shape = quiz.model_copy(update={"items": tuple(items[item.id] for item in quiz.items)})
    return Corrected(shape, frozenset(voided), frozenset(given), accepted, frozenset(touched))


def check_new(quiz: Quiz, in_force: Sequence[Correction], new: Correction) -> None:
    """Refuse a correction that does not fit, or that changes nothing. Raises Invalid with what to do."""
    before, after = corrected(quiz, in_force), corrected(quiz, (*in_force, new))
    if new.item in before.voided:
        raise Invalid(_("This question does not count already. Undo that correction first."))
    if new.item in before.given and new.kind is not CorrectionKind.VOID:
        raise Invalid(_("Everybody has full credit for this question already. Undo that correction first."))
    if after.voided >= {item.id for item in quiz.items}:
        raise Invalid(_("At least one question must count. Give everybody full credit for it instead."))
    is_same_key = after.quiz == before.quiz and after.accepted == before.accepted
    if new.kind is CorrectionKind.KEY and is_same_key:
        raise Invalid(_("This is the key that is in force already. Change it, or go back."), field="key")
    if new.kind is CorrectionKind.ACCEPT and (is_same_key or _is_right_already(before, after, new.item)):
        raise Invalid(_("This answer is right already. Name another one, or go back."), field="key")


def by_hand_in(quiz: Quiz, result: Mapping[str, Any]) -> dict[str, Fraction]:
    """The credits that a marker gave to essays, read from the result of the day."""
    earned = result["items"]
    return {
        item.id: Fraction(earned[item.id]).limit_denominator(DENOMINATOR)
        for item in quiz.items
        if isinstance(item, EssayItem) and item.id in earned
    }


def _is_right_already(before: Corrected, after: Corrected, item: str) -> bool:
    further = after.accepted.get(item, ())
    if not further:
        return False
    return further[-1] in (before.quiz.item(item), *further[:-1])
