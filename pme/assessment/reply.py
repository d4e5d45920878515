"""How the form of a question comes back as an answer, and as it was when it is refused.

Pure. Fields, each with the prefix of its form: `answer` (single, multiple, and what is typed), `row-1`...
(matching), `order` in order (ordering) with `move` = "up:2" or "down:2" to move the step with that position,
`rate-1`... (rating), `sure` (confidence).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pme.assessment.answers import JOIN, NOT_OF_THIS_QUESTION, RATINGS, Answer
from pme.assessment.certainty import SURE
from pme.assessment.draw import Draw
from pme.assessment.sheet import Question
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
from pme.errors import Invalid
from pme.signs import fit
from pme.words.speech import _

Form = Mapping[str, Sequence[str]]
MOVES = ("up", "down")


def read_answer(item: AnyItem, draw: Draw, form: Form, *, prefix: str = "") -> Answer:
    """The answer in a form, as ids. Raises Invalid for a position that was not dealt."""
    return read_reply(item, draw.options[item.id], form, prefix=prefix)


def read_reply(item: AnyItem, dealt: Sequence[str], form: Form, *, prefix: str = "") -> Answer:
    """The answer to one item whose parts were dealt in this order. Raises Invalid like `read_answer`."""
    match item:
        case MatchingItem():
            chosen = {pair.id: _one(form, f"{prefix}row-{at}") for at, pair in enumerate(item.pairs, start=1)}
            return tuple(f"{left}{JOIN}{_at(dealt, there)}" for left, there in chosen.items() if there)
        case RatingItem():
            return _rated(dealt, {at: _one(form, f"{prefix}rate-{at}") for at in _positions(dealt)})
        case OrderingItem():
            order = [_at(dealt, position) for position in form.get(f"{prefix}order", ())]  # not words
            move = _one(form, f"{prefix}move")  # not words
            return tuple(_moved(order, dealt, move) if len(order) == len(dealt) else order)
        case SingleItem() | MultipleItem():
            given = tuple(_at(dealt, position) for position in form.get(f"{prefix}answer", ()))  # not words
            if isinstance(item, SingleItem) and len(given) > 1:
                raise Invalid(_("This question takes one answer. Choose among the answers shown."))
            return given
        case NumericItem() | ShortTextItem() | EssayItem():
            text = _one(form, f"{prefix}answer").replace("\r\n", "\n")  # not words
            return (text,) if text.strip() else ()


def read_sure(item: AnyItem, form: Form, *, prefix: str = "") -> int | None:
    """How sure the student says they are, 1-3, or None where they do not say or are not asked.

    Raises Invalid for anything that was not offered.
    """
    said = _one(form, f"{prefix}sure")  # not words
    if item.confidence == "none" or not said:
        return None
    if said not in map(str, SURE):
        raise Invalid(_("Choose how sure you are among the answers shown."), field="sure")
    return int(said)


def as_typed(question: Question, form: Form, *, prefix: str = "") -> Question:
    """A question with what a refused form held in place of what is saved, as far as it can be shown."""
    chosen = set(form.get(f"{prefix}answer", ()))  # not words
    kept = question
    positions = {part.position for part in question.parts}
    if chosen & positions:
        kept = replace(
            kept,
            parts=tuple(replace(part, is_chosen=part.position in chosen) for part in question.parts),
        )
    if question.kind == "rating":
        said = {part.position: _one(form, f"{prefix}rate-{part.position}") for part in question.parts}
        kept = replace(
            kept,
            parts=tuple(
                replace(part, rating=rating) if (rating := said[part.position]) in RATINGS else part
                for part in question.parts
            ),
        )
    rows = tuple(
        replace(row, chosen=there) if (there := _one(form, prefix + row.field)) in positions else row
        for row in question.rows
    )
    text = fit(_one(form, f"{prefix}answer")) if not question.parts and not rows else ""  # not words
    sure = _one(form, f"{prefix}sure")  # not words
    return replace(
        kept,
        rows=rows,
        text=text or question.text,
        read_as="" if text else question.read_as,
        sure=int(sure) if sure in map(str, SURE) else question.sure,
    )


def _one(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _positions(dealt: Sequence[str]) -> list[str]:
    return [str(number) for number in range(1, len(dealt) + 1)]


def _at(dealt: Sequence[str], position: str) -> str:
    positions = _positions(dealt)
    if position not in positions:
        raise Invalid(NOT_OF_THIS_QUESTION)
    return dealt[positions.index(position)]


def _rated(dealt: Sequence[str], ratings: Mapping[str, str]) -> Answer:
    given = {_at(dealt, position): rating for position, rating in ratings.items() if rating}
    if not set(given.values()) <= set(RATINGS):
        raise Invalid(NOT_OF_THIS_QUESTION)
    return tuple(f"{option}{JOIN}{rating}" for option, rating in given.items())


def _moved(order: list[str], dealt: Sequence[str], move: str) -> list[str]:
    direction, _, position = move.partition(":")
    if direction not in MOVES:
        return order
    step = _at(dealt, position)
    if step not in order:
        raise Invalid(NOT_OF_THIS_QUESTION)
    index = order.index(step)
    other = index - 1 if direction == "up" else index + 1
    if 0 <= other < len(order):
        order[index], order[other] = order[other], order[index]
    return order
