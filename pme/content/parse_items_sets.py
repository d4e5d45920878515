"""Items that are answered by putting parts together: matching and ordering. Pure."""

import hashlib
from typing import Literal

from pme.content.inline_text import inline_html
from pme.content.parse_fields import Form
from pme.content.parse_item_parts import Head, enough
from pme.content.shapes import Distractor, MatchingItem, OrderingItem, Pair, SequenceStep
from pme.words.speech import _

WHOLE_OR_PART: tuple[Literal["all-or-nothing", "per-option"], ...] = ("all-or-nothing", "per-option")
RIGHT_ID = 12


def right_id(owner: str, item: str, text: str) -> str:
    """An id for a right-hand side that tells nothing about its pair."""
    return hashlib.sha256(f"{owner}/{item}/{text}".encode()).hexdigest()[:RIGHT_ID]


def matching(form: Form, first: Head, owner: str) -> MatchingItem:
    """An item of pairs; `owner` is the slug of its file."""
    item = first["id"]
    pairs = []
    for each in form.forms("pairs", _("{what}, pair", what=form.what)):
        right = each.inline("right")
        pairs.append(
            Pair(
                id=each.identifier("id"),
                left_html=each.inline("left"),
                right_html=right,
                right_id=right_id(owner, item, inline_html(each.original("right"))),
                feedback_html=each.inline("feedback"),
            )
        )
        each.finish()
    others = []
    for text in form.items("distractors"):
        form.book.told(text.line, text.value)
        original = inline_html(text.value if text.original is None else text.original)
        others.append(
            Distractor(right_id=right_id(owner, item, original), right_html=inline_html(text.value))
        )
    rights = [pair.right_html for pair in pairs] + [other.right_html for other in others]
    if len(set(rights)) < len(rights):
        form.error("pairs", _("two right-hand sides are the same; each has to differ from the others."))
    enough(form, "pairs", len(pairs))
    return MatchingItem(
        **first,
        type="matching",
        scoring=form.one_of("scoring", WHOLE_OR_PART),
        pairs=tuple(pairs),
        distractors=tuple(sorted(others, key=lambda other: other.right_id)),
    )


def ordering(form: Form, first: Head) -> OrderingItem:
    """An item of steps, written in the right order."""
    steps = []
    for each in form.forms("sequence", _("{what}, step", what=form.what)):
        steps.append(
            SequenceStep(
                id=each.identifier("id"),
                text_html=each.inline("text"),
                feedback_html=each.inline("feedback"),
            )
        )
        each.finish()
    enough(form, "sequence", len(steps))
    return OrderingItem(
        **first, type="ordering", scoring=form.one_of("scoring", WHOLE_OR_PART), sequence=tuple(steps)
    )
