"""How a quiz is marked: each item that was asked earns a credit, and the pass rule decides.

Pure. Where an item is marked by certainty, the total counts what certainty makes of the credit; critical
items are judged by the credit alone, so that being right and unsure is never a critical error.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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
    "Marking",
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
            "outcomes": [
                {"outcome": each.outcome, "percent": each.percent, "items": each.items}
                for each in self.outcomes
            ],
            "missed_critical": list(self.missed_critical),
            "short_outcomes": list(self.short_outcomes),
        }


def credit(item: AnyItem, answer: Answer) -> float:
    """The credit an answer earns, 0-1, by the item's scoring rule."""
    return float(exact_credit(item, answer))


class Marking:
    """A quiz and what regrades say of it, made ready once to mark however many attempts.

    `further` holds for an item the same item with each further key: an answer that is wholly right by one of them
    has its whole credit. What an answer earns is worked out once, since the same few are given again and again.
    """

    def __init__(
        self,
        quiz: Quiz,
        corrections: Corrections | None = None,
        further: Mapping[str, Sequence[AnyItem]] | None = None,
    ) -> None:
        self._quiz, self._corrected, self._further = quiz, corrections or Corrections(), further or {}
        self._known = {item.id: item for item in quiz.items}
        self._essays = frozenset(item.id for item in quiz.items if isinstance(item, EssayItem))
        self._by_certainty = frozenset(item.id for item in quiz.items if item.confidence == "marked")
        self._credits: dict[tuple[str, Answer], int | Fraction] = {}

    def mark(
        self,
        asked: Sequence[str],
        answers: Mapping[str, Answer],
        *,
        confidence: Mapping[str, int] | None = None,
        by_hand: Mapping[str, Fraction] | None = None,
    ) -> QuizMark:
        """Mark a whole attempt: the items that were `asked`, from the answers that were given.

        `confidence` holds how sure the student said they are, 1-3, item by item; it counts for the items whose
        author wants it marked. `by_hand` holds the credit, 0-1, of each essay that a marker has marked. Critical
        items must be wholly right whatever the total is. Raises KeyError when an item was asked that the quiz
        does not have.
        """
        sure, hand, given, rule = confidence or {}, by_hand or {}, self._corrected.given, self._quiz.pass_rule
        items = [self._known[item_id] for item_id in asked if item_id not in self._corrected.voided]
        by_item = {item.id: self._earned(item, answers.get(item.id, ()), hand) for item in items}
        unmarked = tuple(
            name
            for name in by_item
            if name in self._essays and answers.get(name) and name not in hand and name not in given
        )
        certain = {
            name: certain_credit(Fraction(earned), sure.get(name))
            for name, earned in by_item.items()
            if name in self._by_certainty and answers.get(name) and name not in given and name not in unmarked
        }
        counted = by_item | certain
        total = max(Fraction(0), _percent(counted.values()))
        by_outcome: dict[str, list[int | Fraction]] = {outcome.id: [] for outcome in self._quiz.outcomes}
        for item in items:
            if item.outcome in by_outcome:
                by_outcome[item.outcome].append(counted[item.id])
        outcomes = {name: max(Fraction(0), _percent(earned)) for name, earned in by_outcome.items() if earned}
        missed = tuple(name for name in rule.critical if name in by_item and by_item[name] < 1)
        short = tuple(
            name for name, least in rule.min_by_outcome.items() if outcomes.get(name, Fraction(least)) < least
        )
        is_passed = total >= rule.min_percent and not missed and not short
        return QuizMark(
            percent=float(total),
            is_passed=is_passed,
            level=_level(self._quiz, total, is_passed=is_passed),
            items=tuple(
                ItemMark(
                    item.id,
                    item.outcome,
                    float(by_item[item.id]),
                    float(certain[item.id]) if item.id in certain else None,
                )
                for item in items
            ),
            outcomes=tuple(
                OutcomeMark(name, float(earned), len(by_outcome[name])) for name, earned in outcomes.items()
            ),
            missed_critical=missed,
            short_outcomes=short,
            unmarked=unmarked,
        )

    def _earned(self, item: AnyItem, answer: Answer, by_hand: Mapping[str, Fraction]) -> int | Fraction:
        if item.id in self._corrected.given:
            return 1
        if item.id in self._essays:
            return by_hand.get(item.id, 0) if answer else 0
        known = self._credits.get((item.id, answer))
        if known is None:
            keys = self._further.get(item.id, ())
            found = Fraction(any(exact_credit(key, answer) == 1 for key in keys)) or exact_credit(
                item, answer
            )
            known = self._credits[item.id, answer] = found.numerator if found.denominator == 1 else found
        return known


def mark(
    quiz: Quiz,
    asked: Sequence[str],
    answers: Mapping[str, Answer],
    *,
    confidence: Mapping[str, int] | None = None,
    by_hand: Mapping[str, Fraction] | None = None,
    corrections: Corrections | None = None,
) -> QuizMark:
    """Mark one attempt, as `Marking.mark` says."""
    return Marking(quiz, corrections).mark(asked, answers, confidence=confidence, by_hand=by_hand)


def _level(quiz: Quiz, total: Fraction, *, is_passed: bool) -> Level:
    if not is_passed:
        return Level.FAIL
    success = quiz.pass_rule.success_percent
    return Level.SUCCESS if success is not None and total >= success else Level.ACCEPTABLE


def _percent(earned: Collection[int | Fraction]) -> Fraction:
    """100 times the mean, exactly; most credits are whole numbers, which add up faster than fractions."""
    return Fraction(100 * sum(earned), max(1, len(earned)))
