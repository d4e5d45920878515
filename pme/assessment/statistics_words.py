"""What the parts of content are called on pages of statistics: options and places.

Pure, and without numpy.
"""

from pme.assessment.answers import JOIN, RATINGS
from pme.content.shapes import (
    AnyItem,
    DecisionNode,
    MatchingItem,
    MultipleItem,
    RatingItem,
    Scenario,
    SingleItem,
)
from pme.words.speech import _


def decisions_in(scenario: Scenario) -> tuple[DecisionNode, ...]:
    """Every decision of a scenario, as written."""
    return tuple(node for node in scenario.nodes.values() if isinstance(node, DecisionNode))


def words_of_parts(item: AnyItem) -> dict[str, str]:
    """What each part says, as the HTML that was published."""
    match item:
        case SingleItem() | MultipleItem():
            return {option.id: option.text_html for option in item.options}
        case MatchingItem():
            return {
                f"{pair.id}{JOIN}{pair.right_id}": f"{pair.left_html} → {pair.right_html}"
                for pair in item.pairs
            }
        case RatingItem():
            return {
                f"{option.id}{JOIN}{rating}": f"{option.text_html}: {rating}"
                for option in item.options
                for rating in RATINGS
            }
        case _:
            return {}


def words_of_places(scenario: Scenario) -> dict[str, str]:
    """What each place that a choice can lead to is called: a decision by its number, an ending by its label."""
    named = {
        node.id: _("Decision {number}", number=number)
        for number, node in enumerate(decisions_in(scenario), start=1)
    }
    return named | {ending.id: ending.label for ending in scenario.endings}
