"""What a panel is shown of a scenario or quiz: situations, questions and options, and never a key.

Pure. Options come in an order dealt to each panellist and are named by their position in it, since an
author's order and ids can give a key away.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pme.content.shapes import (
    BriefNode,
    DecisionNode,
    EssayItem,
    MatchingItem,
    NumericItem,
    OrderingItem,
    Quiz,
    RatingItem,
    Scenario,
    Setting,
    ShortTextItem,
)


@dataclass(frozen=True)
class Passage:
    """A text on the way to a decision. `others` says that a player meets one of several at this point."""

    story_time: str | None
    texts: tuple[str, ...]
    setting: Setting | None = None

    @property
    def is_one_of(self) -> bool:
        """Whether a player meets only one of the texts, by what was decided before."""
        return len(self.texts) > 1


@dataclass(frozen=True)
class Subject:
    """One thing to judge: a decision, a rating item, or an item of a quiz.

    `prompt_html` is the question; `options` are (id, html) in the author's order, empty for an item that is
    judged as a whole; `shown` are further texts of such an item.
    """

    id: str
    prompt_html: str
    options: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...] = ()
    shown: tuple[str, ...] = ()


def subjects_to_rate(content: Scenario | Quiz) -> tuple[Subject, ...]:
    """Every decision of a scenario, or every rating item of a quiz, with every option."""
    if isinstance(content, Scenario):
        return tuple(_decision(content, n) for n in content.nodes.values() if isinstance(n, DecisionNode))
    return tuple(
        Subject(item.id, item.stem_html, tuple((o.id, o.text_html) for o in item.options))
        for item in content.items
        if isinstance(item, RatingItem)
    )


def subjects_to_judge(quiz: Quiz) -> tuple[Subject, ...]:
    """Every item of a quiz, as candidates see it."""
    return tuple(Subject(item.id, item.stem_html, (), (), _shown(item)) for item in quiz.items)


def dealt(options: Sequence[tuple[str, str]], *, to: str) -> tuple[tuple[str, str], ...]:
    """The options in an order of this panellist's own, the same whenever they come back."""
    return tuple(sorted(options, key=lambda option: _lot(to, option[0])))


def _lot(to: str, name: str) -> str:
    return hashlib.sha256(f"{to}/{name}".encode()).hexdigest()


def _decision(scenario: Scenario, node: DecisionNode) -> Subject:
    passages = [*_before(scenario, node.id, frozenset())]
    if node.variants or node.setting:
        passages.append(_passage(node))
    options = tuple((choice.id, choice.text_html) for choice in node.choices)
    return Subject(node.id, escape(node.prompt), options, tuple(passages))


def _before(scenario: Scenario, target: str, seen: frozenset[str]) -> list[Passage]:
    """The briefs that lead straight to a node, the first to be read first."""
    found: list[Passage] = []
    for node in scenario.nodes.values():
        if isinstance(node, BriefNode) and node.goto == target and node.id not in seen:
            found += _before(scenario, node.id, seen | {target})
            found.append(_passage(node))
    return found


def _passage(node: BriefNode | DecisionNode) -> Passage:
    texts = tuple(variant.text_html for variant in node.variants)
    return Passage(node.story_time, texts or ("",), node.setting)


def _shown(item: object) -> tuple[str, ...]:
    match item:
        case MatchingItem():
            rights = [(pair.right_id, pair.right_html) for pair in item.pairs]
            rights += [(other.right_id, other.right_html) for other in item.distractors]
            lefts = tuple(pair.left_html for pair in item.pairs)
            return lefts + tuple(html for _, html in dealt(rights, to=item.id))
        case OrderingItem():
            steps = [(step.id, step.text_html) for step in item.sequence]
            return tuple(html for _, html in dealt(steps, to=item.id))
        case NumericItem() | ShortTextItem() | EssayItem():
            return ()
        case _:
            options = [(option.id, option.text_html) for option in getattr(item, "options", ())]
            return tuple(html for _, html in dealt(options, to=getattr(item, "id", "")))
