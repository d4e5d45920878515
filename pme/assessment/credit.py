"""What an answer to one item earns, 0-1, by the item's scoring rule.

Pure and exact. No answer earns nothing; an essay earns what its marker gives (see `grading.mark`).
"""

from fractions import Fraction
from itertools import pairwise

from pme.assessment.answers import JOIN, Answer, number_in
from pme.content.scoring import rating_credit
from pme.content.shapes import (
    AnyItem,
    EssayItem,
    MatchingItem,
    MultipleItem,
    NumericItem,
    OrderingItem,
    RatingItem,
    ShortTextItem,
    SingleItem,
)
from pme.content.typed import folded, is_near_enough


def exact_credit(item: AnyItem, answer: Answer) -> Fraction:
    """The credit an answer earns, 0-1, by the item's scoring rule; nothing for an essay."""
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
        case OrderingItem():
            after = list(pairwise(step.id for step in item.sequence))
            given = set(pairwise(answer))
            return _share(item.scoring, sum(pair in given for pair in after), len(after))
        case NumericItem():
            number = number_in(item, answer[0])
            return Fraction(int(number is not None and is_near_enough(item, number)))
        case ShortTextItem():
            accepted = {folded(text, item.folding) for text in item.accepted}
            return Fraction(int(folded(answer[0], item.folding) in accepted))
        case RatingItem():
            return _ratings(item, answer)
        case EssayItem():
            return Fraction(0)


def ratings_in(answer: Answer) -> dict[str, int]:
    """The rating that each option was given."""
    parts = (part.rpartition(JOIN) for part in answer)
    return {option: int(rating) for option, _, rating in parts}


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
        case "per-option":
            judged_right = len(chosen & right) + len(wrong - chosen)
            return Fraction(judged_right, len(item.options))


def _ratings(item: RatingItem, answer: Answer) -> Fraction:
    given = ratings_in(answer)
    earned = (rating_credit(option.key, given[option.id]) for option in item.options if option.id in given)
    return sum(earned, Fraction(0)) / len(item.options)


def _share(scoring: str, right: int, of: int) -> Fraction:
    if scoring == "all-or-nothing":
        return Fraction(int(right == of))
    return Fraction(right, max(1, of))
