"""What statistics need to know of content: the items of a quiz, the decisions of a scenario, a walk through it.

Pure.
"""

from collections.abc import Sequence

from pme.assessment.answers import JOIN, RATINGS
from pme.assessment.certainty import FULL, IF_WRONG
from pme.assessment.statistics_data import Item, Part
from pme.assessment.statistics_paths import Walk
from pme.assessment.statistics_words import decisions_in
from pme.content.play import follow
from pme.content.scoring import key_rating, scenario_result
from pme.content.shapes import (
    AnyItem,
    Ending,
    MatchingItem,
    MultipleItem,
    NumericItem,
    Quiz,
    RatingItem,
    Scenario,
    ShortTextItem,
    SingleItem,
)


def items_of(quiz: Quiz) -> tuple[Item, ...]:
    """Every item of a quiz, with what can be chosen in it."""
    critical = frozenset(quiz.pass_rule.critical)
    pools = {item: str(number) for number, line in enumerate(quiz.blueprint, start=1) for item in line.items}
    return tuple(
        Item(
            item.id,
            item.outcome,
            _parts(item),
            is_critical=item.id in critical,
            has_distractors=isinstance(item, SingleItem | MultipleItem),
            is_typed=isinstance(item, NumericItem | ShortTextItem),
            lowest=min(IF_WRONG.values()) / FULL if item.confidence == "marked" else 0.0,
            pool=pools.get(item.id, ""),
        )
        for item in quiz.items
    )


def items_of_scenario(scenario: Scenario) -> tuple[Item, ...]:
    """Every decision as an item: its choices are the parts, those of the highest rating the key, and its
    first outcome the stratum. A decision where a choice breaks a critical action is critical.
    """
    return tuple(
        Item(
            node.id,
            node.outcomes[0] if node.outcomes else "",
            tuple(
                Part(choice.id, is_key=choice.key.mean == max(other.key.mean for other in node.choices))
                for choice in node.choices
            ),
            is_critical=any(choice.critical or choice.satisfies for choice in node.choices),
            has_distractors=True,
        )
        for node in decisions_in(scenario)
    )


def mastery_lines(quiz: Quiz) -> dict[str, float]:
    """The percentage that counts as mastery of each outcome: the author's own for it, else that of the quiz."""
    rule = quiz.pass_rule
    return {
        outcome.id: float(rule.min_by_outcome.get(outcome.id, rule.min_percent)) for outcome in quiz.outcomes
    }


def mastery_lines_of_scenario(scenario: Scenario) -> dict[str, float]:
    """The same for the outcomes that come first in a decision."""
    named = {item.stratum for item in items_of_scenario(scenario)}
    return {outcome.id: float(scenario.min_percent) for outcome in scenario.outcomes if outcome.id in named}


def walk_of(scenario: Scenario, path: Sequence[tuple[str, str]]) -> Walk:
    """A complete path as a walk: where each choice led, how it ended, which critical actions failed.

    Raises Conflict when the path does not fit the scenario.
    """
    played = follow(scenario, path)
    score = scenario_result(scenario, played.steps)
    end = played.ending.id if isinstance(played.ending, Ending) else ""
    reached = [*(step.node.id for step in played.steps[1:]), end]
    return Walk(
        steps=tuple(
            (step.node.id, step.choice.id, to) for step, to in zip(played.steps, reached, strict=True)
        ),
        ending=end,
        failed=frozenset((*score.broken, *score.missed)),
    )


def _parts(item: AnyItem) -> tuple[Part, ...]:
    match item:
        case SingleItem() | MultipleItem():
            return tuple(Part(option.id, is_key=option.correct) for option in item.options)
        case MatchingItem():
            return tuple(Part(f"{pair.id}{JOIN}{pair.right_id}", is_key=True) for pair in item.pairs)
        case RatingItem():
            return tuple(
                Part(f"{option.id}{JOIN}{rating}", is_key=key_rating(option.key) == int(rating))
                for option in item.options
                for rating in RATINGS
            )
        case _:
            return ()
