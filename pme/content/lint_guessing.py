"""How likely blind guessing passes a quiz, counted over every draw and every way to answer each item. Pure.

A guesser answers every item: one option, any set of options but the empty one, right-hand sides in
any order, steps in any order, a rating for each option, each equally likely. Nobody guesses a number, a
word or an essay. Marks for confidence only take away from a guesser, so they are left out: the result is
the most that guessing can reach.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, permutations
from math import comb, lcm, perm

from pme.content.blueprint import number_asked, own_items
from pme.content.scoring import rating_credit
from pme.content.shapes import (
    AnyItem,
    MatchingItem,
    MultipleItem,
    OrderingItem,
    Quiz,
    RatingItem,
    SingleItem,
)

Chances = dict[Fraction, float]
"""The probability of each credit, 0-1."""
Totals = dict[int, float]
"""The probability of each sum of credits, in units that are the smallest share of a credit in the quiz."""
MOST_WAYS = 6_000
RATINGS = range(1, 5)


def guess_probability(quiz: Quiz) -> float:
    """The probability that a guesser passes: in total, in every critical item, in every outcome with a minimum.

    Where a line draws from several outcomes, how many it asks of each is left to the draw; the minimum of
    such an outcome is not counted, and the result is the most that guessing can reach.
    """
    chances = {item.id: chances_of(item) for item in quiz.items}
    # Counted in whole units, because fractions are slow.
    unit = lcm(*(credit.denominator for each in chances.values() for credit in each))
    gained = {
        item.id: {
            int(credit * unit): chance
            for credit, chance in chances[item.id].items()
            if credit == 1 or item.id not in quiz.pass_rule.critical
        }
        for item in quiz.items
    }
    totals: Totals = {0: 1.0}
    for outcomes, pools in _grouped(quiz).items():
        group: Totals = {0: 1.0}
        for items, count in pools:
            group = _sums(group, _drawn([gained[name] for name in items], count))
        if len(outcomes) == 1:
            asked = sum(count for _, count in pools)
            least = quiz.pass_rule.min_by_outcome.get(next(iter(outcomes)), 0) * asked * unit
            group = {total: likely for total, likely in group.items() if 100 * total >= least}
        totals = _sums(totals, group)
    needed = quiz.pass_rule.min_percent * number_asked(quiz) * unit
    return sum(likely for total, likely in totals.items() if 100 * total >= needed)


def chances_of(item: AnyItem) -> Chances:
    """How likely a guess earns each credit; nothing is likely where there are too many ways."""
    match item:
        case SingleItem():
            number = len(item.options)
            return {Fraction(1): 1 / number, Fraction(0): 1 - 1 / number}
        case MultipleItem():
            return _of_sets(item)
        case MatchingItem():
            number = len(item.pairs) + len(item.distractors)
            return _of_orders(number, len(item.pairs), item.scoring, _matches(len(item.pairs)))
        case OrderingItem():
            return _of_orders(len(item.sequence), len(item.sequence), item.scoring, _neighbours)
        case RatingItem():
            return _of_ratings(item)
        case _:
            return {Fraction(0): 1.0}


Pool = tuple[Sequence[str], int]


def _grouped(quiz: Quiz) -> Mapping[frozenset[str], list[Pool]]:
    """What is drawn, as (items, how many of them), in groups by outcome; a mixed draw joins its outcomes."""
    outcome_of = {item.id: item.outcome for item in quiz.items}
    pools: list[Pool] = [([item.id], 1) for item in own_items(quiz)]
    pools += [(line.items, line.count) for line in quiz.blueprint]
    groups: dict[frozenset[str], list[Pool]] = {}
    for pool in pools:
        outcomes = frozenset(outcome_of[name] for name in pool[0])
        joined = [pool]
        for other in [other for other in groups if other & outcomes]:
            outcomes |= other
            joined += groups.pop(other)
        groups[outcomes] = joined
    return groups


def _drawn(gained: Sequence[Totals], count: int) -> Totals:
    """What drawing `count` of these items earns, every draw equally likely."""
    states: dict[int, Totals] = {0: {0: 1.0}}
    for left, each in zip(range(len(gained), 0, -1), gained, strict=True):
        after: dict[int, Totals] = {}
        for chosen, totals in states.items():
            if chosen + left > count:
                _add(after.setdefault(chosen, {}), totals)
            if chosen < count:
                _add(after.setdefault(chosen + 1, {}), _sums(totals, each))
        states = after
    draws = comb(len(gained), count)
    return {total: likely / draws for total, likely in states.get(count, {}).items()}


def _sums(one: Totals, other: Totals) -> Totals:
    added: Totals = defaultdict(float)
    for total, likely in one.items():
        for units, chance in other.items():
            added[total + units] += likely * chance
    return added


def _add(to: Totals, totals: Totals) -> None:
    for total, likely in totals.items():
        to[total] = to.get(total, 0.0) + likely


def _of_ratings(item: RatingItem) -> Chances:
    totals: Chances = {Fraction(0): 1.0}
    for option in item.options:
        added: Chances = defaultdict(float)
        for credit, likely in totals.items():
            for rating in RATINGS:
                added[credit + rating_credit(option.key, rating)] += likely / len(RATINGS)
        totals = added
    return {credit / max(1, len(item.options)): likely for credit, likely in totals.items()}


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
