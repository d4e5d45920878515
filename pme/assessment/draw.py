"""What an attempt is dealt: the order of items, of options and of choices.

Pure but for the random source that is handed in. Pages speak of positions in this order, so that
nothing an author wrote as an id, which may follow the key, ever reaches a student.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

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


@dataclass(frozen=True)
class Draw:
    """Item ids in order, and for each item (or decision) the ids of its parts in order.

    `options` holds options, right-hand sides (matching), steps (ordering) or choices (scenarios).
    """

    items: Sequence[str]
    options: Mapping[str, Sequence[str]]

    def as_json(self) -> dict[str, Any]:
        """The form kept with the attempt."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Draw":
        """Back from the form kept with the attempt."""
        return cls(kept["items"], kept["options"])


def deal_quiz(quiz: Quiz, random: Random) -> Draw:
    """Deal a quiz: what each line of its blueprint draws, items and options shuffled where the author allows.

    True-false options keep their order; an ordering item never starts in the right order.
    """
    chosen = _drawn(quiz, random)
    items = [item for item in quiz.items if item.id in chosen]
    if quiz.shuffle_items:
        random.shuffle(items)
    return Draw(
        [item.id for item in items],
        {item.id: deal_item(item, random, shuffle=quiz.shuffle_options) for item in items},
    )


def deal_scenario(scenario: Scenario, random: Random) -> Draw:
    """Deal a scenario: the choices of every decision shuffled."""
    decisions = scenario.decisions
    return Draw(
        [node.id for node in decisions],
        {node.id: _shuffled([choice.id for choice in node.choices], random) for node in decisions},
    )


def deal_item(item: AnyItem, random: Random, *, shuffle: bool = True) -> list[str]:
    """The parts of one item in the order in which they are shown; none where something is typed."""
    match item:
        case MatchingItem():
            rights = [pair.right_id for pair in item.pairs] + [d.right_id for d in item.distractors]
            return _shuffled(rights, random)
        case OrderingItem():
            right = [step.id for step in item.sequence]
            dealt = _shuffled(right, random)
            return dealt if dealt != right else right[1:] + right[:1]
        case SingleItem() | MultipleItem() | RatingItem():
            options = [option.id for option in item.options]
            return options if item.type == "true-false" or not shuffle else _shuffled(options, random)
        case NumericItem() | ShortTextItem() | EssayItem():
            return []


def _drawn(quiz: Quiz, random: Random) -> set[str]:
    """What is asked: items that no line draws from, and each line's number of others.

    The line with the fewest items to choose from draws first, so that a wide line (a whole bank) never
    takes what a narrow one (one outcome of it) needs.
    """
    drawn_from = {item for line in quiz.blueprint for item in line.items}
    chosen = {item.id for item in quiz.items} - drawn_from
    for line in sorted(quiz.blueprint, key=lambda line: len(line.items)):
        chosen.update(random.sample([item for item in line.items if item not in chosen], line.count))
    return chosen


def _shuffled(ids: Sequence[str], random: Random) -> list[str]:
    return random.sample(list(ids), len(ids))
