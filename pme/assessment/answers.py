"""What counts as an answer to an item, and in which form it is kept.

Pure. An answer is a tuple of texts: the option (single), the options (multiple), “left=right” pairs
(matching), the steps in the order given (ordering), “option=rating” pairs (rating), or one text as it was
typed (numeric, short-text, essay). An empty tuple is no answer.
"""

from collections.abc import Sequence
from decimal import Decimal

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
from pme.content.typed import LONGEST_NUMBER, is_unit_of, number_and_unit, words_in
from pme.errors import Invalid
from pme.signs import CANNOT_BE_KEPT, fit
from pme.words.lazily import lazy
from pme.words.speech import _, _n

Answer = tuple[str, ...]
JOIN = "="
RATINGS = ("1", "2", "3", "4")
LONGEST_SHORT_TEXT = 200
LONGEST_WORD = 40
"""Signs for each word that an essay may have, so that no text without blanks is endless."""
NOT_OF_THIS_QUESTION = lazy("This answer does not belong to this question. Choose among the answers shown.")


def check_answer(item: AnyItem, answer: Sequence[str]) -> Answer:
    """The answer in its stored form.

    Raises Invalid when it names parts that the item does not have, is no number where one is asked for,
    or is longer than the author allows.
    """
    given, fits = tuple(answer), False
    match item:
        case SingleItem():
            fits = len(given) <= 1 and set(given) <= {option.id for option in item.options}
        case MultipleItem():
            fits = len(set(given)) == len(given) and set(given) <= {option.id for option in item.options}
            given = tuple(sorted(given))
        case MatchingItem():
            rights = {pair.right_id for pair in item.pairs} | {d.right_id for d in item.distractors}
            fits = _pairs_up(given, {pair.id for pair in item.pairs}, rights)
            given = tuple(sorted(given))
        case RatingItem():
            fits = _pairs_up(given, {option.id for option in item.options}, set(RATINGS))
            given = tuple(sorted(given))
        case OrderingItem():
            fits = not given or sorted(given) == sorted(step.id for step in item.sequence)
        case NumericItem() | ShortTextItem() | EssayItem():
            fits = len(given) <= 1
    if not fits:
        raise Invalid(NOT_OF_THIS_QUESTION)
    if given and isinstance(item, NumericItem | ShortTextItem | EssayItem):
        return _typed(item, given[0])
    return given


def is_complete(item: AnyItem, answer: Answer) -> bool:
    """Whether nothing of an item is left unanswered."""
    match item:
        case MatchingItem():
            return len(answer) == len(item.pairs)
        case RatingItem():
            return len(answer) == len(item.options)
        case _:
            return bool(answer)


def number_in(item: NumericItem, text: str) -> Decimal | None:
    """The number that a text says, alone or with one of the item's units; None for anything else."""
    number, unit = number_and_unit(text)
    return number if is_unit_of(item, unit) else None


def _pairs_up(given: Answer, lefts: set[str], rights: set[str]) -> bool:
    parts = [part.rpartition(JOIN) for part in given]
    named = [left for left, _, _ in parts]
    return (
        len(set(named)) == len(named)
        and set(named) <= lefts
        and all(right in rights for _, _, right in parts)
    )


def _typed(item: NumericItem | ShortTextItem | EssayItem, text: str) -> Answer:
    if not text.strip():
        return ()
    if fit(text) != text:
        raise Invalid(CANNOT_BE_KEPT, field="answer")
    says = _why_refused(item, text.strip())
    if says:
        raise Invalid(says, field="answer")
    return (text if isinstance(item, EssayItem) else text.strip(),)


def _why_refused(item: NumericItem | ShortTextItem | EssayItem, text: str) -> str:
    match item:
        case NumericItem():
            return _why_no_number(item, text)
        case ShortTextItem():
            if len(text) > LONGEST_SHORT_TEXT:
                return _(
                    "Keep this answer under {most} characters. A few words are enough.",
                    most=LONGEST_SHORT_TEXT,
                )
            return ""
        case EssayItem():
            return _why_too_long(item, text)


def _why_no_number(item: NumericItem, text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        return _(
            "This is too long for a number. Write it with at most {most} characters.", most=LONGEST_NUMBER
        )
    if number_in(item, text) is not None:
        return ""
    if not item.unit:
        return _("“{text}” cannot be read as a number. Write it in digits, like 12 500 or 2.5.", text=text)
    return _(
        "“{text}” cannot be read as a number. Write it in digits, like 12 500 or 2.5, alone or followed by {unit}.",
        text=text,
        unit=item.unit,
    )


def _why_too_long(item: EssayItem, text: str) -> str:
    words = words_in(text)
    if words > item.most_words:
        return _n(
            "This is {words} words long, and at most {most} are read. Shorten it by {n} word, then save it.",
            "This is {words} words long, and at most {most} are read. Shorten it by {n} words, then save it.",
            words - item.most_words,
            words=words,
            most=item.most_words,
        )
    if len(text) > LONGEST_WORD * item.most_words:
        return _n(
            "This is longer than {n} words can be. Shorten it, then save it.",
            "This is longer than {n} words can be. Shorten it, then save it.",
            item.most_words,
        )
    return ""
