"""Keys and corrections in words: what is right about a question, and what was done about it.

Pure. Gives HTML, as content does: what authors wrote is sanitised already, what instructors typed is escaped here.
"""

from html import escape

from pme.assessment.correction_keys import rights_of, with_accepted, with_key
from pme.assessment.corrections import Correction, CorrectionKind
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
from pme.words.lazily import lazy

ACTS = {
    CorrectionKind.KEY: lazy("The key was corrected."),
    CorrectionKind.ACCEPT: lazy("A further answer is accepted."),
    CorrectionKind.VOID: lazy("The question does not count."),
    CorrectionKind.FULL_CREDIT: lazy("Everybody gets full credit for it."),
}
NAMES = {
    CorrectionKind.KEY: lazy("Correct the key"),
    CorrectionKind.ACCEPT: lazy("Accept another answer"),
    CorrectionKind.VOID: lazy("Do not count the question"),
    CorrectionKind.FULL_CREDIT: lazy("Give everybody full credit"),
}
HINTS = {
    CorrectionKind.KEY: lazy("The key was wrong. Every answer is marked by the new key."),
    CorrectionKind.ACCEPT: lazy("The key stays, and exactly this answer gets full credit, too."),
    CorrectionKind.VOID: lazy(
        "Marks are worked out from the other questions, as if it had never been asked."
    ),
    CorrectionKind.FULL_CREDIT: lazy("Everybody who was asked it gets full credit, whatever they answered."),
}


def key_html(item: AnyItem) -> tuple[str, ...]:
    """What is right about an item, line by line; an essay has no key."""
    match item:
        case SingleItem() | MultipleItem():
            return tuple(option.text_html for option in item.options if option.correct)
        case MatchingItem():
            return tuple(f"{pair.left_html}: {pair.right_html}" for pair in item.pairs)
        case OrderingItem():
            return tuple(f"{n}. {step.text_html}" for n, step in enumerate(item.sequence, start=1))
        case NumericItem():
            sign = " %" if item.tolerance_is_percent else ""
            within = f" (± {item.tolerance}{sign})" if item.tolerance != "0" else ""
            return (escape(f"{item.answer}{within} {item.unit}".strip()),)
        case ShortTextItem():
            return tuple(escape(text) for text in item.accepted)
        case RatingItem():
            return tuple(f"{option.text_html}: {option.key.mean:g}" for option in item.options)
        case EssayItem():
            return ()


def correction_html(item: AnyItem, correction: Correction) -> tuple[str, ...]:
    """The key or answer that a correction speaks of, line by line; nothing for those that speak of none."""
    if correction.kind in (CorrectionKind.VOID, CorrectionKind.FULL_CREDIT):
        return ()
    if isinstance(item, ShortTextItem) and correction.kind is CorrectionKind.ACCEPT:
        return key_html(with_accepted(item.model_copy(update={"accepted": ()}), correction.detail))
    return key_html(with_key(item, correction.detail))


def choices_of(item: AnyItem) -> list[tuple[str, str]]:
    """The parts of an item that a key chooses among, or puts in order: id and HTML."""
    match item:
        case SingleItem() | MultipleItem() | RatingItem():
            return [(option.id, option.text_html) for option in item.options]
        case MatchingItem():
            return list(rights_of(item).items())
        case OrderingItem():
            return [(step.id, step.text_html) for step in item.sequence]
        case _:
            return []
