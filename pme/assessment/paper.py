"""What a student is shown of an item.

Pure. Parts are named by their position in the order that was dealt (from 1), never by the author's
ids, and nothing here reads a key, a credit or a feedback.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pme.assessment.amounts import as_read
from pme.assessment.answers import JOIN, Answer, is_complete, number_in
from pme.assessment.draw import Draw
from pme.assessment.reply import Form, as_typed, read_answer, read_sure
from pme.assessment.sheet import Part, Question, Row
from pme.content.shapes import (
    AnyItem,
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
from pme.errors import Invalid
from pme.words.speech import _

__all__ = [
    "Form",
    "Line",
    "Part",
    "Question",
    "Row",
    "as_typed",
    "ask",
    "first_open",
    "item_at",
    "question",
    "read_answer",
    "read_sure",
    "summary",
]


@dataclass(frozen=True)
class Line:
    """One line of the check before handing in; `read_as` is the number that a typed one was read as."""

    number: int
    stem_html: str
    is_complete: bool
    is_begun: bool
    read_as: str = ""


def item_at(quiz: Quiz, draw: Draw, number: int) -> AnyItem | None:
    """The item asked as question `number` (from 1), or None."""
    return quiz.item(draw.items[number - 1]) if 1 <= number <= len(draw.items) else None


def question(quiz: Quiz, draw: Draw, number: int, answer: Answer, *, sure: int | None = None) -> Question:
    """Question `number` as it is shown, with what was answered so far and how sure the student was."""
    item = item_at(quiz, draw, number)
    if item is None:
        raise Invalid(_("This attempt has no such question."))
    return ask(item, draw.options[item.id], answer, number=number, of=len(draw.items), sure=sure)


def ask(
    item: AnyItem,
    dealt: Sequence[str],
    answer: Answer,
    *,
    number: int = 1,
    of: int = 1,
    sure: int | None = None,
) -> Question:
    """One item as it is shown, its parts in the order that was dealt."""
    return Question(
        number=number,
        of=of,
        kind="single" if item.type == "true-false" else item.type,
        stem_html=item.stem_html,
        parts=_parts(item, dealt, answer),
        rows=_rows(item, dealt, answer) if isinstance(item, MatchingItem) else (),
        text=next(iter(answer), "") if isinstance(item, NumericItem | ShortTextItem | EssayItem) else "",
        unit=item.unit if isinstance(item, NumericItem) else "",
        read_as=_read_as(item, answer),
        most_words=item.most_words if isinstance(item, EssayItem) else 0,
        confidence=item.confidence,
        sure=sure,
    )


def summary(quiz: Quiz, draw: Draw, answers: Mapping[str, Answer]) -> tuple[Line, ...]:
    """Every question with whether it is answered, for the check before handing in."""
    return tuple(
        Line(number, item.stem_html, is_complete(item, answer), bool(answer), _read_as(item, answer))
        for number, item_id in enumerate(draw.items, start=1)
        if (item := quiz.item(item_id)) is not None
        for answer in (answers.get(item.id, ()),)
    )


def first_open(quiz: Quiz, draw: Draw, answers: Mapping[str, Answer]) -> int | None:
    """The number of the first question that is not fully answered, or None."""
    return next((line.number for line in summary(quiz, draw, answers) if not line.is_complete), None)


def _parts(item: AnyItem, dealt: Sequence[str], answer: Answer) -> tuple[Part, ...]:
    match item:
        case SingleItem() | MultipleItem():
            texts = {option.id: option.text_html for option in item.options}
            return tuple(
                Part(str(at), texts[option], option in answer) for at, option in enumerate(dealt, start=1)
            )
        case RatingItem():
            texts = {option.id: option.text_html for option in item.options}
            rated = dict(part.rpartition(JOIN)[::2] for part in answer)
            return tuple(
                Part(str(at), texts[option], rating=rated.get(option, ""))
                for at, option in enumerate(dealt, start=1)
            )
        case MatchingItem():
            texts = {pair.right_id: pair.right_html for pair in item.pairs}
            texts |= {distractor.right_id: distractor.right_html for distractor in item.distractors}
            return tuple(Part(str(at), texts[right]) for at, right in enumerate(dealt, start=1))
        case OrderingItem():
            texts = {step.id: step.text_html for step in item.sequence}
            return tuple(Part(str(dealt.index(step) + 1), texts[step]) for step in answer or dealt)
        case NumericItem() | ShortTextItem() | EssayItem():
            return ()


def _rows(item: MatchingItem, dealt: Sequence[str], answer: Answer) -> tuple[Row, ...]:
    chosen = dict(part.rpartition(JOIN)[::2] for part in answer)
    return tuple(
        Row(
            f"row-{index}",
            pair.left_html,
            str(dealt.index(chosen[pair.id]) + 1) if chosen.get(pair.id) in dealt else "",
        )
        for index, pair in enumerate(item.pairs, start=1)
    )


def _read_as(item: AnyItem, answer: Answer) -> str:
    if not isinstance(item, NumericItem) or not answer:
        return ""
    number = number_in(item, answer[0])
    return "" if number is None else as_read(item, number, answer[0])
