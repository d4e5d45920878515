"""What a student is shown of an item, and how the form comes back as an answer.

Pure. Parts are named by their position in the order that was dealt (from 1), never by the author's
ids, and nothing here reads a key, a credit or a feedback.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pme.assessment.draw import Draw
from pme.assessment.grading import JOIN, Answer, is_complete
from pme.content.shapes import AnyItem, MatchingItem, MultipleItem, OrderingItem, Quiz
from pme.errors import Invalid

MOVES = ("up", "down")
NOT_DEALT = "This answer does not belong to this question. Choose among the answers shown."


@dataclass(frozen=True)
class Part:
    """One option, step or right-hand side: its position as a form value, its text, whether it is chosen."""

    position: str
    text_html: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Row:
    """One left-hand side of a matching item; `chosen` is the position of the right-hand side or ""."""

    field: str
    text_html: str
    chosen: str


@dataclass(frozen=True)
class Question:
    """An item as it is asked. `kind` is single, multiple, matching or ordering."""

    number: int
    of: int
    kind: str
    stem_html: str
    parts: tuple[Part, ...]
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of the check before handing in."""

    number: int
    stem_html: str
    is_complete: bool
    is_begun: bool


def item_at(quiz: Quiz, draw: Draw, number: int) -> AnyItem | None:
    """The item asked as question `number` (from 1), or None."""
    return quiz.item(draw.items[number - 1]) if 1 <= number <= len(draw.items) else None


def question(quiz: Quiz, draw: Draw, number: int, answer: Answer) -> Question:
    """Question `number` as it is shown, with what was answered so far."""
    item = item_at(quiz, draw, number)
    if item is None:
        raise Invalid("This attempt has no such question.")
    dealt = draw.options[item.id]
    kind = "single" if item.type == "true-false" else item.type
    match item:
        case MatchingItem():
            texts = {pair.right_id: pair.right_html for pair in item.pairs}
            texts |= {distractor.right_id: distractor.right_html for distractor in item.distractors}
            chosen = dict(part.partition(JOIN)[::2] for part in answer)
            rows = tuple(
                Row(
                    f"row-{index}",
                    pair.left_html,
                    str(dealt.index(chosen[pair.id]) + 1) if chosen.get(pair.id) in dealt else "",
                )
                for index, pair in enumerate(item.pairs, start=1)
            )
            parts = tuple(Part(str(at), texts[right]) for at, right in enumerate(dealt, start=1))
            return Question(number, len(draw.items), kind, item.stem_html, parts, rows)
        case OrderingItem():
            texts = {step.id: step.text_html for step in item.sequence}
            order = answer or dealt
            parts = tuple(Part(str(dealt.index(step) + 1), texts[step]) for step in order)
        case _:
            texts = {option.id: option.text_html for option in item.options}
            parts = tuple(
                Part(str(at), texts[option], option in answer) for at, option in enumerate(dealt, start=1)
            )
    return Question(number, len(draw.items), kind, item.stem_html, parts)


def read_answer(item: AnyItem, draw: Draw, form: Mapping[str, Sequence[str]]) -> Answer:
    """The answer in a form, as ids. Raises Invalid for a position that was not dealt.

    Fields: `answer` (single, multiple), `row-1`... (matching), `order` in order (ordering), with
    `move` = "up:2" or "down:2" to move the step with that position.
    """
    dealt = draw.options[item.id]
    match item:
        case MatchingItem():
            given = []
            for index, pair in enumerate(item.pairs, start=1):
                chosen = next(iter(form.get(f"row-{index}", ())), "")
                if chosen:
                    given.append(f"{pair.id}{JOIN}{_at(dealt, chosen)}")
            return tuple(given)
        case OrderingItem():
            order = [_at(dealt, position) for position in form.get("order", ())]
            move = next(iter(form.get("move", ())), "")
            return tuple(_moved(order, dealt, move) if len(order) == len(dealt) else order)
        case MultipleItem():
            return tuple(_at(dealt, position) for position in form.get("answer", ()))
        case _:
            given = [_at(dealt, position) for position in form.get("answer", ())]
            if len(given) > 1:
                raise Invalid("This question takes one answer. Choose among the answers shown.")
            return tuple(given)


def summary(quiz: Quiz, draw: Draw, answers: Mapping[str, Answer]) -> tuple[Line, ...]:
    """Every question with whether it is answered, for the check before handing in."""
    return tuple(
        Line(
            number,
            item.stem_html,
            is_complete(item, answers.get(item.id, ())),
            bool(answers.get(item.id, ())),
        )
        for number, item_id in enumerate(draw.items, start=1)
        if (item := quiz.item(item_id)) is not None
    )


def first_open(quiz: Quiz, draw: Draw, answers: Mapping[str, Answer]) -> int | None:
    """The number of the first question that is not fully answered, or None."""
    return next((line.number for line in summary(quiz, draw, answers) if not line.is_complete), None)


def _at(dealt: Sequence[str], position: str) -> str:
    positions = [str(number) for number in range(1, len(dealt) + 1)]
    if position not in positions:
        raise Invalid(NOT_DEALT)
    return dealt[positions.index(position)]


def _moved(order: list[str], dealt: Sequence[str], move: str) -> list[str]:
    direction, _, position = move.partition(":")
    if direction not in MOVES:
        return order
    step = _at(dealt, position)
    if step not in order:
        raise Invalid(NOT_DEALT)
    index = order.index(step)
    other = index - 1 if direction == "up" else index + 1
    if 0 <= other < len(order):
        order[index], order[other] = order[other], order[index]
    return order
