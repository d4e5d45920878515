"""What a student is told of a marked quiz: item by item, what they answered and what it earned.

Pure. Until the quiz is passed only the feedback on what was chosen is given; once it is passed, the
right answers and all feedback are shown, so that a second attempt is still an attempt. What is judged as
a whole (pairs, steps, ratings) is explained early only where all of it is right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pme.assessment.amounts import as_key
from pme.assessment.answers import JOIN, Answer
from pme.assessment.certainty import certain_credit, points
from pme.assessment.credit import exact_credit, ratings_in
from pme.assessment.draw import Draw
from pme.assessment.paper import ask
from pme.content.scoring import key_rating, rating_credit
from pme.content.shapes import (
    AnyItem,
    Citation,
    EssayItem,
    MatchingItem,
    MultipleItem,
    NumericItem,
    OrderingItem,
    Quiz,
    RatingItem,
    ShortTextItem,
    SingleItem,
)
from pme.words.lazily import lazy
from pme.words.speech import _

NOT_ANSWERED, NOT_MARKED = lazy("not answered"), lazy("not marked yet")
RIGHT, PARTLY_RIGHT, NOT_RIGHT = lazy("right"), lazy("partly right"), lazy("not right")


@dataclass(frozen=True)
class PartReview:
    """One option, pair or step after marking. `is_right` is None while the key is not earned.

    `chosen_html` is the right-hand side or the rating that was chosen; `right_html` is what is right: the
    right-hand side of a pair, the place of a step, the rating of an option. `earned` is 0-1, for ratings.
    """

    text_html: str
    is_chosen: bool
    is_right: bool | None
    chosen_html: str = ""
    right_html: str = ""
    feedback_html: str = ""
    earned: float | None = None


@dataclass(frozen=True)
class ItemReview:
    """An item after marking. `credit` is 0-1.

    `said` is what was typed and `read_as` the number it was read as; `right` are the answers that are right,
    in words; `told_html` is the feedback on the item as a whole. `keyed_by` says whose judgement the key of
    a rating is. `sure` is how sure the student was (1-3), and `points` what that made of the credit, of 3.
    """

    number: int
    kind: str
    outcome: str
    stem_html: str
    credit: float
    is_answered: bool
    is_critical: bool
    parts: tuple[PartReview, ...]
    refs: tuple[Citation, ...]
    said: str = ""
    read_as: str = ""
    right: tuple[str, ...] = ()
    told_html: tuple[str, ...] = ()
    model_html: str = ""
    keyed_by: str = ""
    sure: int | None = None
    points: str = ""
    is_waiting: bool = False

    @property
    def verdict(self) -> str:
        """“right”, “partly right”, “not right”, “not answered” or “not marked yet”."""
        if not self.is_answered:
            return NOT_ANSWERED
        if self.is_waiting:
            return NOT_MARKED
        if self.credit == 1.0:
            return RIGHT
        return PARTLY_RIGHT if self.credit > 0 else NOT_RIGHT


def review(
    quiz: Quiz,
    draw: Draw,
    answers: Mapping[str, Answer],
    *,
    reveal: bool,
    confidence: Mapping[str, int] | None = None,
    kept: Mapping[str, float] | None = None,
) -> tuple[ItemReview, ...]:
    """Every item in the order it was asked; `reveal` shows right answers and all feedback.

    `kept` are the credits kept with a finished attempt; without them answers are marked as they stand,
    and essays wait.
    """
    return tuple(
        review_item(
            item,
            draw.options[item.id],
            answers.get(item.id, ()),
            reveal=reveal,
            number=number,
            is_critical=item.id in quiz.pass_rule.critical,
            sure=(confidence or {}).get(item.id),
            kept=(kept or {}).get(item.id),
        )
        for number, item_id in enumerate(draw.items, start=1)
        if (item := quiz.item(item_id)) is not None
    )


def review_item(
    item: AnyItem,
    dealt: Sequence[str],
    answer: Answer,
    *,
    reveal: bool,
    number: int = 1,
    is_critical: bool = False,
    sure: int | None = None,
    kept: float | None = None,
) -> ItemReview:
    """One item after marking; `kept` is the credit kept with the attempt, if it is."""
    shown = ask(item, dealt, answer)
    earned = exact_credit(item, answer)
    is_waiting = isinstance(item, EssayItem) and kept is None
    credit = float(earned) if kept is None else kept
    is_certain = item.confidence == "marked" and bool(answer) and not is_waiting
    exact = earned if kept is None else Fraction(kept).limit_denominator(10_000)
    return ItemReview(
        number=number,
        kind=item.type,
        outcome=item.outcome,
        stem_html=item.stem_html,
        credit=credit,
        is_answered=bool(answer),
        is_critical=is_critical,
        parts=_parts(item, dealt, answer, reveal=reveal),
        refs=item.refs if reveal else (),
        said=shown.text,
        read_as=shown.read_as,
        right=_right(item) if reveal else (),
        told_html=_told(item, answer, reveal=reveal, is_right=credit == 1.0),
        model_html=item.model_html if isinstance(item, EssayItem) and reveal else "",
        keyed_by=_keyed_by(item) if reveal else "",
        sure=sure,
        points=points(float(certain_credit(exact, sure))) if is_certain else "",
        is_waiting=is_waiting,
    )


def _right(item: AnyItem) -> tuple[str, ...]:
    match item:
        case NumericItem():
            return (as_key(item),)
        case ShortTextItem():
            return item.accepted
        case _:
            return ()


def _told(item: AnyItem, answer: Answer, *, reveal: bool, is_right: bool) -> tuple[str, ...]:
    """The feedback on an item as a whole. Where a correction made an answer right, it is not told that it is
    wrong, nor early what else is right.
    """
    if not isinstance(item, NumericItem | ShortTextItem):
        return ()
    if exact_credit(item, answer) == 1:
        return (item.right_feedback_html,)
    wrong = (item.wrong_feedback_html,) if answer and not is_right else ()
    return (*wrong, item.right_feedback_html) if reveal else wrong


def _keyed_by(item: AnyItem) -> str:
    if not isinstance(item, RatingItem):
        return ""
    panels = [len(option.key.panel) for option in item.options if option.key.by == "panel"]
    return (
        _("a panel of {number}", number=min(panels)) if len(panels) == len(item.options) else _("its author")
    )


def _parts(item: AnyItem, dealt: Sequence[str], answer: Answer, *, reveal: bool) -> tuple[PartReview, ...]:
    shown = reveal or exact_credit(item, answer) == 1  # all of a pair, sequence or rating was chosen
    match item:
        case SingleItem() | MultipleItem():
            return _options(item, dealt, answer, reveal=reveal)
        case MatchingItem():
            return _pairs(item, answer, reveal=shown)
        case OrderingItem():
            return _steps(item, answer or tuple(dealt), reveal=shown)
        case RatingItem():
            return _ratings(item, dealt, answer, reveal=shown)
        case NumericItem() | ShortTextItem() | EssayItem():
            return ()


def _options(
    item: SingleItem | MultipleItem, dealt: Sequence[str], answer: Answer, *, reveal: bool
) -> tuple[PartReview, ...]:
    options = {option.id: option for option in item.options}
    return tuple(
        PartReview(
            text_html=option.text_html,
            is_chosen=option.id in answer,
            is_right=option.correct if reveal else None,
            feedback_html=option.feedback_html if reveal or option.id in answer else "",
        )
        for option in (options[option_id] for option_id in dealt)
    )


def _pairs(item: MatchingItem, answer: Answer, *, reveal: bool) -> tuple[PartReview, ...]:
    rights = {pair.right_id: pair.right_html for pair in item.pairs}
    rights |= {distractor.right_id: distractor.right_html for distractor in item.distractors}
    chosen = dict(part.rpartition(JOIN)[::2] for part in answer)
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


def _ratings(
    item: RatingItem, dealt: Sequence[str], answer: Answer, *, reveal: bool
) -> tuple[PartReview, ...]:
    options, given = {option.id: option for option in item.options}, ratings_in(answer)
    reviews = []
    for option in (options[option_id] for option_id in dealt):
        key, rating = key_rating(option.key), given.get(option.id)
        earned = float(rating_credit(option.key, rating)) if rating else 0.0
        reviews.append(
            PartReview(
                text_html=option.text_html,
                is_chosen=rating is not None,
                is_right=earned == 1 if reveal else None,
                chosen_html=str(rating or ""),
                right_html=str(key) if reveal else "",
                feedback_html=option.feedback_html if reveal else "",
                earned=earned if reveal else None,
            )
        )
    return tuple(reviews)
