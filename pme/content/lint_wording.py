"""Flaws of writing that give an answer away or trip a reader who knows, as far as a machine can see them. Pure.

After Haladyna, Downing and Rodriguez, "A review of multiple-choice item-writing guidelines for classroom
assessment", Applied Measurement in Education 15(3), 2002. Word lists are English.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from pme.content.inline_text import plain_text
from pme.content.shapes import AnyItem, MultipleItem, NumericItem, RatingItem, ShortTextItem, SingleItem
from pme.content.typed import decimal_of, folded
from pme.words.speech import _

_ALL_OF_THE_ABOVE = re.compile(
    r"\b(?:all|none|both|neither|any) of (?:the )?(?:above|these|them)\b|\bboth [a-f] and [a-f]\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:which|what|who|when|where|how)\b[^.?!]*?\b(not|never|except|least|cannot|incorrect|false)\b[^.?!]*\?",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(
    r"<(strong|em)>[^<]*\b(?:not|never|except|least|cannot|incorrect|false)\b[^<]*</\1>", re.IGNORECASE
)
_ABSOLUTE = re.compile(
    r"\b(?:always|never|entirely|completely|absolutely|impossible|under no circumstances|in (?:all|every) cases?)\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\b(a|an)\W*\Z", re.IGNORECASE)
_RANGE = re.compile(
    r"\s*(\d+(?:[.,]\d+)?)\s*(?:-|–|—|to|and)\s*(\d+(?:[.,]\d+)?)\b(.*)", re.IGNORECASE | re.DOTALL
)
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)?")
_QUOTED = re.compile(r"[\"“„«][^\"”»]*[\"”»]")
_NO = re.compile(r"\b(?:not|never|no|nobody|nothing|cannot)\b", re.IGNORECASE)
FEWEST_ABSOLUTE = 2


def flaws(item: AnyItem, *, is_english: bool) -> Iterator[str]:
    """Sentences about one item, each with its reason."""
    stem = plain_text(item.stem_html)
    if isinstance(item, MultipleItem) or (isinstance(item, SingleItem) and item.type == "single"):
        texts = [plain_text(option.text_html) for option in item.options]
        rights = [option.correct for option in item.options]
        yield from _looks(texts)
        if is_english:
            yield from _words(texts, rights)
            yield from _stem(item.stem_html, stem)
        if isinstance(item, MultipleItem):
            yield from _set(rights)
    elif isinstance(item, SingleItem):
        if is_english and len(_NO.findall(stem)) > 1:
            yield _(
                "the statement has two negatives, which confuses even readers who know the answer; "
                "write it without “not”."
            )
    elif isinstance(item, RatingItem):
        yield from _ratings(item)
    elif isinstance(item, NumericItem | ShortTextItem):
        yield from _given_away(item, stem)


def _given_away(item: NumericItem | ShortTextItem, stem: str) -> Iterator[str]:
    if isinstance(item, NumericItem):
        found = any(decimal_of(number) == Decimal(item.answer) for number in _NUMBERS.findall(stem))
        given = item.answer if found else None
    else:
        told = folded(stem, item.folding)
        plain = {text: folded(text, item.folding) for text in item.accepted}
        given = next((text for text, said in plain.items() if said and said in told), None)
    if given:
        yield _("the answer, “{given}”, stands in the question.", given=given)


def _looks(texts: Sequence[str]) -> Iterator[str]:
    shown = [" ".join(text.casefold().split()).rstrip(".") for text in texts]
    if len(set(shown)) < len(shown):
        yield _("two options say the same.")
    ranges = [found for text in texts if (found := _range(text)) is not None]
    for one, other in combinations(ranges, 2):
        if one[0] <= other[1] and other[0] <= one[1] and one[2] == other[2]:
            yield _(
                "two options are ranges that overlap, so a number may belong to both; let one begin after the other."
            )
            return


def _range(text: str) -> tuple[Decimal, Decimal, str] | None:
    match = _RANGE.match(text)
    if match is None:
        return None
    low, high = decimal_of(match[1]), decimal_of(match[2])
    return (
        (low, high, match[3].strip(" .").casefold())
        if low is not None and high is not None and low < high
        else None
    )


def _words(texts: Sequence[str], rights: Sequence[bool]) -> Iterator[str]:
    if any(_ALL_OF_THE_ABOVE.search(text) for text in texts):
        yield _(
            "“all of the above” and similar options can be chosen without knowing every option, and options"
            " are shuffled."
        )
    absolute = [bool(_ABSOLUTE.search(_QUOTED.sub("", text))) for text in texts]
    wrong = [mark for mark, right in zip(absolute, rights, strict=True) if not right]
    if sum(wrong) >= FEWEST_ABSOLUTE and sum(absolute) == sum(wrong):
        yield _(
            "words such as “always” or “never” are in wrong options only; a student who guesses can "
            "rule those out."
        )


def _stem(html: str, stem: str) -> Iterator[str]:
    if _NEGATIVE.search(_QUOTED.sub("", stem)) and not _EMPHASIS.search(html):
        yield _(
            "the question is negative, and a reader may miss that; ask a positive question, or write **not**."
        )
    if _ARTICLE.search(stem):
        yield _(
            "the question ends in “a” or “an”, which hints at the first letter of the answer; end it before"
            " the article."
        )


def _set(rights: Sequence[bool]) -> Iterator[str]:
    if rights and all(rights):
        yield _("every option is right; add at least one that is wrong.")
    elif sum(rights) == 1:
        yield _("only one option is right; make it a single, or say in the question that there may be one.")


def _ratings(item: RatingItem) -> Iterator[str]:
    means = [option.key.mean for option in item.options]
    if means and len(set(means)) == 1:
        yield _("every option has the same key rating; rate at least one of them differently.")
    elif means and (max(means) < 2.5 or min(means) > 2.5):  # noqa: PLR2004  (the midline of 1-4)
        yield _(
            "every option is rated on the same side of the middle; add one that helps, or one that harms."
        )
