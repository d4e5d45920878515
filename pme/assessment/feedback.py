"""What a student is told of a marked quiz: item by item, what they answered and what it earned.

Pure. Until the quiz is passed only the feedback on what was chosen is given; once it is passed, the
right answers and all feedback are shown, so that a second attempt is still an attempt.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pme.assessment.draw import Draw
from pme.assessment.grading import JOIN, Answer, credit
from pme.content.shapes import (
    AnyItem,
    Citation,
    MatchingItem,
    MultipleItem,
    OrderingItem,
    Quiz,
    SingleItem,
)


@dataclass(frozen=True)
class PartReview:
    """One option, pair or step after marking. `is_right` is None while the key is not earned.

    `right_html` is the right counterpart: the right-hand side of a pair, the right place of a step.
    """

    text_html: str
    is_chosen: bool
    is_right: bool | None
    chosen_html: str = ""
    right_html: str = ""
    feedback_html: str = ""


@dataclass(frozen=True)
class ItemReview:
    """An item after marking. `credit` is 0-1."""

    number: int
    kind: str
    outcome: str
    stem_html: str
    credit: float
    is_answered: bool
    is_critical: bool
    parts: tuple[PartReview, ...]
    refs: tuple[Citation, ...]

    @property
    def verdict(self) -> str:
        """“right”, “partly right”, “not right” or “not answered”."""
        if not self.is_answered:
            return "not answered"
        if self.credit == 1.0:
            return "right"
        return "partly right" if self.credit > 0 else "not right"


def review(quiz: Quiz, draw: Draw, answers: Mapping[str, Answer], *, reveal: bool) -> tuple[ItemReview, ...]:
    """Every item in the order it was asked; `reveal` shows right answers and all feedback."""
    reviews = []
    for number, item_id in enumerate(draw.items, start=1):
        item = quiz.item(item_id)
        if item is not None:
            answer = answers.get(item.id, ())
            earned = credit(item, answer)
            reviews.append(
                ItemReview(
                    number=number,
                    kind=item.type,
                    outcome=item.outcome,
                    stem_html=item.stem_html,
                    credit=earned,
                    is_answered=bool(answer),
                    is_critical=item.id in quiz.pass_rule.critical,
                    parts=_parts(item, draw, answer, reveal=reveal),
                    refs=item.refs if reveal else (),
                )
            )
    return tuple(reviews)


def _parts(item: AnyItem, draw: Draw, answer: Answer, *, reveal: bool) -> tuple[PartReview, ...]:
    shown = reveal or credit(item, answer) == 1.0  # all of a pair or sequence was chosen
    match item:
        case MatchingItem():
            return _pairs(item, answer, reveal=shown)
        case OrderingItem():
            return _steps(item, answer or tuple(draw.options[item.id]), reveal=shown)
        case _:
            return _options(item, draw, answer, reveal=reveal)


def _options(
    item: SingleItem | MultipleItem, draw: Draw, answer: Answer, *, reveal: bool
) -> tuple[PartReview, ...]:
    options = {option.id: option for option in item.options}
    return tuple(
        PartReview(
            text_html=option.text_html,
            is_chosen=option.id in answer,
            is_right=option.correct if reveal else None,
            feedback_html=option.feedback_html if reveal or option.id in answer else "",
        )
        for option in (options[option_id] for option_id in draw.options[item.id])
    )


def _pairs(item: MatchingItem, answer: Answer, *, reveal: bool) -> tuple[PartReview, ...]:
    rights = {pair.right_id: pair.right_html for pair in item.pairs}
    rights |= {distractor.right_id: distractor.right_html for distractor in item.distractors}
    chosen = dict(part.partition(JOIN)[::2] for part in answer)
    return tuple(
        PartReview(
            text_html=pair.left_html,
            is_chosen=pair.id in chosen,
            is_right=(chosen.get(pair.id) == pair.right_id) if pair.id in chosen or reveal else None,
            chosen_html=rights.get(chosen.get(pair.id, ""), ""),
            right_html=pair.right_html if reveal else "",
            feedback_html=pair.feedback_html if reveal else "",
        )
        for pair in item.pairs
    )


def _steps(item: OrderingItem, order: Answer, *, reveal: bool) -> tuple[PartReview, ...]:
    steps = {step.id: step for step in item.sequence}
    right_order = [step.id for step in item.sequence]
    return tuple(
        PartReview(
            text_html=steps[step].text_html,
            is_chosen=True,
            is_right=(right_order.index(step) == place) if reveal else None,
            right_html=str(right_order.index(step) + 1) if reveal else "",
            feedback_html=steps[step].feedback_html if reveal else "",
        )
        for place, step in enumerate(order)
    )
