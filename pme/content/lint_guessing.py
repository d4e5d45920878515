"""How likely blind guessing passes a quiz, counted over every way to answer each item. Pure.

A guesser answers every item: one option, any set of options but the empty one, right-hand sides in
any order, steps in any order, each equally likely.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise, permutations
from math import lcm, perm

from pme.content.shapes import AnyItem, MatchingItem, MultipleItem, Quiz, SingleItem

Chances = dict[Fraction, float]
"""The probability of each credit, 0-1."""
MOST_WAYS = 6_000


def guess_probability(quiz: Quiz) -> float:
    """The probability that a guesser passes, critical items included."""
    each_item = [chances_of(item) for item in quiz.items]
    # Counted in whole units, the smallest share of a credit in this quiz, because fractions are slow.
    unit = lcm(*(credit.denominator for chances in each_item for credit in chances))
    totals = {0: 1.0}
    for item, chances in zip(quiz.items, each_item, strict=True):
        is_critical = item.id in quiz.pass_rule.critical
        added: dict[int, float] = defaultdict(float)
        for credit, chance in chances.items():
            if is_critical and credit < 1:
                continue
            units = int(credit * unit)
            for total, likely in totals.items():
                added[total + units] += likely * chance
        totals = added
    needed = quiz.pass_rule.min_percent * len(quiz.items) * unit
    return sum(likely for total, likely in totals.items() if 100 * total >= needed)


def chances_of(item: AnyItem) -> Chances:
    """How likely a guess earns each credit; nothing is likely where there are too many ways."""
    if isinstance(item, SingleItem):
        number = len(item.options)
        return {Fraction(1): 1 / number, Fraction(0): 1 - 1 / number}
    if isinstance(item, MultipleItem):
        return _of_sets(item)
    if isinstance(item, MatchingItem):
        number = len(item.pairs) + len(item.distractors)
        return _of_orders(number, len(item.pairs), item.scoring, _matches(len(item.pairs)))
    return _of_orders(len(item.sequence), len(item.sequence), item.scoring, _neighbours)


def _of_sets(item: MultipleItem) -> Chances:
    rights = [option.correct for option in item.options]
    if 2 ** len(rights) > MOST_WAYS:
        return {Fraction(0): 1.0}
    earned = (
        _credit_of_set(item, [bool(mask >> at & 1) for at in range(len(rights))], rights)
        for mask in range(1, 2 ** len(rights))
    )
    return _shares(earned)


def _credit_of_set(item: MultipleItem, chosen: list[bool], rights: list[bool]) -> Fraction:
    hits = sum(mine and right for mine, right in zip(chosen, rights, strict=True))
    slips = sum(chosen) - hits
    right, wrong = sum(rights), len(rights) - sum(rights)
    if item.scoring == "all-or-nothing":
        return Fraction(chosen == rights)
    if item.scoring == "per-option":
        return Fraction(hits + wrong - slips, len(rights))
    return max(Fraction(0), Fraction(hits, max(1, right)) - Fraction(slips, max(1, wrong)))


def _of_orders(
    number: int, taken: int, scoring: str, credit_of: Callable[[tuple[int, ...]], Fraction]
) -> Chances:
    if perm(number, taken) > MOST_WAYS:
        return {Fraction(0): 1.0}
    earned = (credit_of(order) for order in permutations(range(number), taken))
    return _shares(Fraction(credit == 1) if scoring == "all-or-nothing" else credit for credit in earned)


def _matches(number: int) -> Callable[[tuple[int, ...]], Fraction]:
    return lambda order: Fraction(sum(at == right for at, right in enumerate(order)), max(1, number))


def _neighbours(order: tuple[int, ...]) -> Fraction:
    return Fraction(sum(after == before + 1 for before, after in pairwise(order)), max(1, len(order) - 1))


def _shares(earned: Iterable[Fraction]) -> Chances:
    counted = Counter(earned)
    total = sum(counted.values())
    return {credit: count / total for credit, count in counted.items()}
