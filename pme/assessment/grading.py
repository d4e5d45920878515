"""How a quiz is marked: each item that was asked earns a credit, and the pass rule decides.

Pure. Where an item is marked by certainty, the total counts what certainty makes of the credit; critical
items are judged by the credit alone, so that being right and unsure is never a critical error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from pme.assessment.answers import JOIN, Answer, check_answer, is_complete
from pme.assessment.certainty import certain_credit
from pme.assessment.credit import exact_credit
from pme.assessment.levels import Level
from pme.content.shapes import AnyItem, EssayItem, Quiz

__all__ = [
    "JOIN",
    "Answer",
    "Corrections",
    "ItemMark",
    "OutcomeMark",
    "QuizMark",
    "check_answer",
    "credit",
    "is_complete",
    "mark",
]


@dataclass(frozen=True)
class ItemMark:
    """The credit of one item, 0-1; `certain`, -2 to 1, is what certainty makes of it where that counts."""

    item: str
    outcome: str
    credit: float
    certain: float | None = None

    @property
    def is_right(self) -> bool:
        """Whether the item is wholly right."""
        return self.credit == 1.0


@dataclass(frozen=True)
class OutcomeMark:
    """The mean credit over the items of one outcome, in percent (0-100)."""

    outcome: str
    percent: float
    items: int


@dataclass(frozen=True)
class Corrections:
    """What a regrade says of items: `voided` count for nobody, `given` earn everybody their full credit."""

    voided: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()


@dataclass(frozen=True)
class QuizMark:
    """The mark of an attempt; `percent` is 100 times the mean credit over the items that count, at least 0.

    `short_outcomes` are those under the least percentage that the author set for them; `unmarked` are the
    essays that still wait for a mark by hand, which count as nothing until they have one.
    """

    percent: float
    is_passed: bool
    level: Level
    items: tuple[ItemMark, ...]
    outcomes: tuple[OutcomeMark, ...]
    missed_critical: tuple[str, ...]
    short_outcomes: tuple[str, ...]
    unmarked: tuple[str, ...]

    def as_result(self) -> dict[str, Any]:
        """The form kept with the attempt."""
        return {
            "items": {item.item: item.credit for item in self.items},
            "certain": {item.item: item.certain for item in self.items if item.certain is not None},
            "outcomes": [asdict(outcome) for outcome in self.outcomes],
            "missed_critical": list(self.missed_critical),
            "short_outcomes": list(self.short_outcomes),
        }


def credit(item: AnyItem, answer: Answer) -> float:
    """The credit an answer earns, 0-1, by the item's scoring rule."""
    return float(exact_credit(item, answer))


def mark(
    quiz: Quiz,
    asked: Sequence[str],
    answers: Mapping[str, Answer],
    *,
    confidence: Mapping[str, int] | None = None,
    by_hand: Mapping[str, Fraction] | None = None,
    corrections: Corrections | None = None,
) -> QuizMark:
    """Mark a whole attempt: the items that were `asked`, from the answers that were given.

    `confidence` holds how sure the student said they are, 1-3, item by item; it counts for the items whose
    author wants it marked. `by_hand` holds the credit, 0-1, of each essay that a marker has marked. Critical
    items must be wholly right whatever the total is. Raises KeyError when an item was asked that the quiz
    does not have.
    """
    known, hand, corrected = (
        {item.id: item for item in quiz.items},
        by_hand or {},
        corrections or Corrections(),
    )
    items = [known[item_id] for item_id in asked if item_id not in corrected.voided]
    by_item = {item.id: _earned(item, answers.get(item.id, ()), hand, corrected) for item in items}
    unmarked = tuple(
        item.id
        for item in items
        if isinstance(item, EssayItem)
        and answers.get(item.id)
        and item.id not in hand
        and item.id not in corrected.given
    )
    certain = {
        item.id: certain_credit(by_item[item.id], (confidence or {}).get(item.id))
        for item in items
        if item.confidence == "marked"
        and answers.get(item.id)
        and item.id not in corrected.given
        and item.id not in unmarked
    }
    counted = by_item | certain
    total = max(Fraction(0), _percent(list(counted.values())))
    by_outcome = {
        outcome.id: earned
        for outcome in quiz.outcomes
        if (earned := [counted[item.id] for item in items if item.outcome == outcome.id])
    }
    outcomes = {name: max(Fraction(0), _percent(earned)) for name, earned in by_outcome.items()}
    missed = tuple(name for name in quiz.pass_rule.critical if name in by_item and by_item[name] < 1)
    short = tuple(
        name
        for name, least in quiz.pass_rule.min_by_outcome.items()
        if outcomes.get(name, Fraction(least)) < least
    )
    is_passed = total >= quiz.pass_rule.min_percent and not missed and not short
    return QuizMark(
        percent=float(total),
        is_passed=is_passed,
        level=_level(quiz, total, is_passed=is_passed),
        items=tuple(
            ItemMark(
                item.id,
                item.outcome,
                float(by_item[item.id]),
                float(certain[item.id]) if item.id in certain else None,
            )
            for item in items
        ),
        outcomes=tuple(OutcomeMark(name, float(outcomes[name]), len(by_outcome[name])) for name in outcomes),
        missed_critical=missed,
        short_outcomes=short,
        unmarked=unmarked,
    )


def _earned(
    item: AnyItem, answer: Answer, by_hand: Mapping[str, Fraction], corrections: Corrections
) -> Fraction:
    if item.id in corrections.given:
        return Fraction(1)
    if isinstance(item, EssayItem):
        return by_hand.get(item.id, Fraction(0)) if answer else Fraction(0)
    return exact_credit(item, answer)


def _level(quiz: Quiz, total: Fraction, *, is_passed: bool) -> Level:
    if not is_passed:
        return Level.FAIL
    success = quiz.pass_rule.success_percent
    return Level.SUCCESS if success is not None and total >= success else Level.ACCEPTABLE


def _percent(earned: Sequence[Fraction]) -> Fraction:
    whole = sum(
        credit.numerator for credit in earned if credit.denominator == 1
    )  # most are: no fractions added
    parts = (credit for credit in earned if credit.denominator != 1)
    return 100 * sum(parts, Fraction(whole)) / max(1, len(earned))
