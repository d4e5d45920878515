"""Another key for an item: the same item, with what is right about it said anew.

Pure. A key is kept as a dictionary by type: `right` (ids of options), `pairs` (left -> right), `sequence`,
`answer` with `tolerance` and `tolerance_is_percent`, `accepted` (texts), `ratings` (option -> 1-4).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pme.content.shapes import (
    AnyItem,
    Distractor,
    EssayItem,
    Key,
    MatchingItem,
    MultipleItem,
    NumericItem,
    OrderingItem,
    RatingItem,
    ShortTextItem,
    SingleItem,
)
from pme.content.typed import as_written, decimal_of, folded, is_ambiguous
from pme.errors import Invalid
from pme.words.speech import _

LONGEST_TEXT = 200
MOST_TEXTS = 50
RATINGS = (1, 2, 3, 4)


def key_of(item: AnyItem) -> dict[str, Any]:
    """The key that an item has now, in the form that is kept."""
    match item:
        case SingleItem() | MultipleItem():
            return {"right": [option.id for option in item.options if option.correct]}
        case MatchingItem():
            return {"pairs": {pair.id: pair.right_id for pair in item.pairs}}
        case OrderingItem():
            return {"sequence": [step.id for step in item.sequence]}
        case NumericItem():
            return {
                "answer": item.answer,
                "tolerance": item.tolerance,
                "tolerance_is_percent": item.tolerance_is_percent,
            }
        case ShortTextItem():
            return {"accepted": list(item.accepted)}
        case RatingItem():
            return {"ratings": {option.id: min(4, int(option.key.mean + 0.5)) for option in item.options}}
        case EssayItem():
            return {}


def with_key(item: AnyItem, key: Mapping[str, Any]) -> AnyItem:
    """The item with another key. Raises Invalid when the key is not one of this item's."""
    match item:
        case SingleItem():
            return _choose(item, key["right"], exactly_one=True)
        case MultipleItem():
            return _choose(item, key["right"], exactly_one=False)
        case MatchingItem():
            return _match(item, key["pairs"])
        case OrderingItem():
            return _order(item, key["sequence"])
        case NumericItem():
            return _number(item, key)
        case ShortTextItem():
            return item.model_copy(update={"accepted": _texts(item, key["accepted"])})
        case RatingItem():
            return _rate(item, key["ratings"])
        case EssayItem():
            raise Invalid(_("An essay has no key."))


def with_accepted(item: ShortTextItem, key: Mapping[str, Any]) -> ShortTextItem:
    """The item with further accepted texts beside its own."""
    further = tuple(text for text in _texts(item, key["accepted"]) if text not in item.accepted)
    return item.model_copy(update={"accepted": (*item.accepted, *further)})


def rights_of(item: MatchingItem) -> dict[str, str]:
    """Every right-hand side of a matching item: id -> text."""
    return {pair.right_id: pair.right_html for pair in item.pairs} | {
        distractor.right_id: distractor.right_html for distractor in item.distractors
    }


def _choose(item: SingleItem | MultipleItem, right: list[str], *, exactly_one: bool) -> AnyItem:
    chosen = set(right)
    if (
        not chosen
        or not chosen <= {option.id for option in item.options}
        or (exactly_one and len(right) != 1)
    ):
        raise Invalid(
            _("Choose the one right answer.") if exactly_one else _("Choose at least one right answer."),
            field="key",
        )
    options = tuple(o.model_copy(update={"correct": o.id in chosen}) for o in item.options)
    return item.model_copy(update={"options": options})


def _match(item: MatchingItem, pairs: Mapping[str, str]) -> AnyItem:
    rights = rights_of(item)
    if set(pairs) != {pair.id for pair in item.pairs} or not set(pairs.values()) <= set(rights):
        raise Invalid(_("Choose a match for every row."), field="key")
    used = set(pairs.values())
    return item.model_copy(
        update={
            "pairs": tuple(
                pair.model_copy(update={"right_id": pairs[pair.id], "right_html": rights[pairs[pair.id]]})
                for pair in item.pairs
            ),
            "distractors": tuple(
                Distractor(right_id=right, right_html=text)
                for right, text in rights.items()
                if right not in used
            ),
        }
    )


def _order(item: OrderingItem, sequence: list[str]) -> AnyItem:
    steps = {step.id: step for step in item.sequence}
    if sorted(sequence) != sorted(steps):
        raise Invalid(_("Give every step a place of its own."), field="key")
    return item.model_copy(update={"sequence": tuple(steps[step] for step in sequence)})


def _number(item: NumericItem, key: Mapping[str, Any]) -> AnyItem:
    answer = _decimal(key["answer"], "answer")
    tolerance = _decimal(key["tolerance"], "tolerance")
    if Decimal(tolerance) < 0:
        raise Invalid(_("A tolerance is 0 or more."), field="tolerance")
    return item.model_copy(
        update={
            "answer": answer,
            "tolerance": tolerance,
            "tolerance_is_percent": bool(key["tolerance_is_percent"]),
        }
    )


def _decimal(text: str, field: str) -> str:
    number = decimal_of(text)
    if number is None:
        raise Invalid(_("Write a number in digits, such as 12 or 0.5."), field=field)
    if is_ambiguous(text):
        raise Invalid(_("This may be read as a thousand or as one. Write it without that mark."), field=field)
    return as_written(number)


def _texts(item: ShortTextItem, texts: list[str]) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(text.strip() for text in texts if folded(text, item.folding)))
    if not kept:
        raise Invalid(_("Write at least one accepted answer, one a line."), field="key")
    if len(kept) > MOST_TEXTS or any(len(text) > LONGEST_TEXT for text in kept):
        raise Invalid(
            _(
                "Write at most {most} answers of at most {longest} characters.",
                most=MOST_TEXTS,
                longest=LONGEST_TEXT,
            ),
            field="key",
        )
    return kept


def _rate(item: RatingItem, ratings: Mapping[str, int]) -> AnyItem:
    if set(ratings) != {option.id for option in item.options} or not set(ratings.values()) <= set(RATINGS):
        raise Invalid(_("Give every option a rating from 1 to 4."), field="key")
    return item.model_copy(
        update={
            "options": tuple(
                option.model_copy(update={"key": Key(by="author", rating=ratings[option.id])})
                for option in item.options
            )
        }
    )
