"""How a quiz is marked: each item that was asked earns a credit, and the pass rule decides.

Pure. An answer is a tuple of ids: the option (single), the options (multiple), "left=right" pairs
(matching), the steps in the order given (ordering). No answer earns nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from pme.assessment.levels import Level
from pme.content.shapes import AnyItem, EssayItem, MatchingItem, MultipleItem, Quiz, SingleItem
from pme.errors import Invalid

Answer = tuple[str, ...]
JOIN = "="


@dataclass(frozen=True)
class ItemMark:
    """The credit of one item, 0-1."""

    item: str
    outcome: str
    credit: float

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
            "outcomes": [asdict(outcome) for outcome in self.outcomes],
            "missed_critical": list(self.missed_critical),
            "short_outcomes": list(self.short_outcomes),
        }


def check_answer(item: AnyItem, answer: Sequence[str]) -> Answer:
    """The answer in its stored form. Raises Invalid when it names parts that the item does not have."""
    given, fits = tuple(answer), False
    match item:
        case SingleItem():
            fits = len(given) <= 1 and set(given) <= {option.id for option in item.options}
        case MultipleItem():
            fits = len(set(given)) == len(given) and set(given) <= {option.id for option in item.options}
            given = tuple(sorted(given))
        case MatchingItem():
            fits = _fits_matching(item, given)
            given = tuple(sorted(given))
        case _:
            fits = not given or sorted(given) == sorted(step.id for step in item.sequence)
    if not fits:
        raise Invalid("This answer does not belong to this question. Choose among the answers shown.")
    return given


def is_complete(item: AnyItem, answer: Answer) -> bool:
    """Whether nothing of an item is left unanswered."""
    return len(answer) == len(item.pairs) if isinstance(item, MatchingItem) else bool(answer)


def credit(item: AnyItem, answer: Answer) -> float:
    """The credit an answer earns, 0-1, by the item's scoring rule."""
    return float(_credit(item, answer))


def mark(
    quiz: Quiz,
    asked: Sequence[str],
    answers: Mapping[str, Answer],
    *,
    by_hand: Mapping[str, Fraction] | None = None,
    corrections: Corrections | None = None,
) -> QuizMark:
    """Mark a whole attempt: the items that were `asked`, from the answers that were given.

    `by_hand` holds the credit, 0-1, of each essay that a marker has marked. Critical items must be wholly
    right whatever the total is. Raises KeyError when an item was asked that the quiz does not have.
    """
    known, hand, corrected = (
        {item.id: item for item in quiz.items},
        by_hand or {},
        corrections or Corrections(),
    )
    items = [known[item_id] for item_id in asked if item_id not in corrected.voided]
    by_item = {item.id: _earned(item, answers.get(item.id, ()), hand, corrected) for item in items}
    total = max(Fraction(0), _percent(list(by_item.values())))
    by_outcome = {
        outcome.id: earned
        for outcome in quiz.outcomes
        if (earned := [by_item[item.id] for item in items if item.outcome == outcome.id])
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
        items=tuple(ItemMark(item.id, item.outcome, float(by_item[item.id])) for item in items),
        outcomes=tuple(OutcomeMark(name, float(outcomes[name]), len(by_outcome[name])) for name in outcomes),
        missed_critical=missed,
        short_outcomes=short,
        unmarked=tuple(
            item.id
            for item in items
            if isinstance(item, EssayItem)
            and answers.get(item.id)
            and item.id not in hand
            and item.id not in corrected.given
        ),
    )


def _earned(
    item: AnyItem, answer: Answer, by_hand: Mapping[str, Fraction], corrections: Corrections
) -> Fraction:
    if item.id in corrections.given:
        return Fraction(1)
    if isinstance(item, EssayItem):
        return by_hand.get(item.id, Fraction(0)) if answer else Fraction(0)
    return _credit(item, answer)


def _level(quiz: Quiz, total: Fraction, *, is_passed: bool) -> Level:
    if not is_passed:
        return Level.FAIL
    success = quiz.pass_rule.success_percent
    return Level.SUCCESS if success is not None and total >= success else Level.ACCEPTABLE


def _percent(earned: Sequence[Fraction]) -> Fraction:
    return 100 * sum(earned, Fraction(0)) / max(1, len(earned))


def _credit(item: AnyItem, answer: Answer) -> Fraction:
    if not answer:
        return Fraction(0)
    match item:
        case SingleItem():
            right = next(option.id for option in item.options if option.correct)
            return Fraction(int(answer == (right,)))
        case MultipleItem():
            return _multiple(item, frozenset(answer))
        case MatchingItem():
            pairs = {f"{pair.id}{JOIN}{pair.right_id}" for pair in item.pairs}
            return _share(item.scoring, len(pairs & set(answer)), len(pairs))
        case _:
            right_order = [step.id for step in item.sequence]
            after = list(pairwise(right_order))
            given = set(pairwise(answer))
            return _share(item.scoring, sum(pair in given for pair in after), len(after))


def _multiple(item: MultipleItem, chosen: frozenset[str]) -> Fraction:
    right = frozenset(option.id for option in item.options if option.correct)
    wrong = frozenset(option.id for option in item.options) - right
    match item.scoring:
        case "all-or-nothing":
            return Fraction(int(chosen == right))
        case "right-minus-wrong":
            earned = Fraction(len(chosen & right), len(right))
            lost = Fraction(len(chosen & wrong), len(wrong)) if wrong else Fraction(0)
            return max(Fraction(0), earned - lost)
        case _:
            judged_right = len(chosen & right) + len(wrong - chosen)
            return Fraction(judged_right, len(item.options))


def _share(scoring: str, right: int, of: int) -> Fraction:
    if scoring == "all-or-nothing":
        return Fraction(int(right == of))
    return Fraction(right, max(1, of))


def _fits_matching(item: MatchingItem, given: Answer) -> bool:
    lefts = {pair.id for pair in item.pairs}
    rights = {pair.right_id for pair in item.pairs} | {d.right_id for d in item.distractors}
    parts = [part.partition(JOIN) for part in given]
    named = [left for left, _, _ in parts]
    return (
        len(set(named)) == len(named)
        and set(named) <= lefts
        and all(right in rights for _, _, right in parts)
    )
