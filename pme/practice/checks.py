"""What a student sees of a check within a page: the question until it is answered, then what is right and why.

Pure. The order of the parts is worked out from the student and the item, so that it is the same on every
device, and so that a page tells nothing by the order in which its author wrote.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from pme.assessment.answers import Answer, check_answer, is_complete
from pme.assessment.draw import deal_item
from pme.assessment.feedback import ItemReview, review_item
from pme.assessment.paper import ask
from pme.assessment.reply import Form, read_reply, read_sure
from pme.assessment.sheet import Question
from pme.content.shapes import AnyItem, PageCheck
from pme.errors import Invalid
from pme.words.lazily import lazy

DIGEST = 32
WHAT_IS_MISSING = {
    "matching": lazy("Choose a match for every line, then check your answer."),
    "rating": lazy("Rate every one of them, then check your answer."),
    "numeric": lazy("Type a number, then check your answer."),
    "short-text": lazy("Type a word or a few, then check your answer."),
    "multiple": lazy("Choose at least one answer, then check it."),
}
VERY_SURE = 3
CHOOSE_ONE = lazy("Choose one answer, then check it.")

Name = tuple[str, str]
"""The bank and the item of a check."""


@dataclass(frozen=True)
class Given:
    """What is kept of a check; `is_told` once the student has asked for the answer to be checked."""

    digest: str
    answer: Answer
    sure: int | None
    is_told: bool


@dataclass(frozen=True)
class Check:
    """A check as it stands on a page. `number` counts from 1; `review` is there once it was answered."""

    number: int
    digest: str
    question: Question
    review: ItemReview | None

    @property
    def prefix(self) -> str:
        """What stands before the names of its fields, so that several can stand on one page."""
        return f"check-{self.number}-"

    @property
    def is_overrated(self) -> bool:
        """Whether the student was very sure, and not right."""
        return self.review is not None and self.review.sure == VERY_SURE and self.review.credit < 1


def name_of(check: PageCheck) -> Name:
    """The bank and the item of a check."""
    return check.bank, check.item.id


def digest_of(check: PageCheck) -> str:
    """What tells an item from every other, and from itself once it is edited."""
    return hashlib.sha256(check.item.model_dump_json().encode()).hexdigest()[:DIGEST]


def dealt_to(check: PageCheck, enrolment_id: int) -> list[str]:
    """The parts of a check in the order in which this student sees them."""
    return deal_item(check.item, Random(f"{enrolment_id}/{digest_of(check)}"))  # noqa: S311  (an order, no secret)


def checks_shown(
    checks: Sequence[PageCheck],
    given: Mapping[Name, Given],
    *,
    enrolment_id: int,
    words: Sequence[PageCheck] | None = None,
) -> tuple[Check, ...]:
    """Every check of a page as this student sees it. An answer to an item that was edited since is not shown.

    `words` are the same checks in another language.
    """
    return tuple(
        _shown(number, check, told.item, given.get(name_of(check)), dealt_to(check, enrolment_id))
        for number, (check, told) in enumerate(zip(checks, words or checks, strict=True), start=1)
    )


def reply_of(check: PageCheck, form: Form, *, enrolment_id: int, prefix: str) -> tuple[Answer, int | None]:
    """The answer in a form, which may still lack parts, and how sure the student said they were.

    Raises Invalid where it does not belong to the question or cannot be read.
    """
    answer = read_reply(check.item, dealt_to(check, enrolment_id), form, prefix=prefix)
    return check_answer(check.item, answer), read_sure(check.item, form, prefix=prefix)


def require_whole(check: PageCheck, answer: Answer) -> None:
    """Raises Invalid where something of the question is not answered yet."""
    if not is_complete(check.item, answer):
        raise Invalid(WHAT_IS_MISSING.get(check.item.type, CHOOSE_ONE), field="answer")


def _shown(number: int, check: PageCheck, told: AnyItem, given: Given | None, dealt: Sequence[str]) -> Check:
    digest, item = digest_of(check), _uncounted(told)
    if given is None or given.digest != digest:
        return Check(number, digest, ask(item, dealt, ()), None)
    question = ask(item, dealt, given.answer, sure=given.sure)
    review = review_item(item, dealt, given.answer, reveal=True, sure=given.sure) if given.is_told else None
    return Check(number, digest, question, review)


def _uncounted(item: AnyItem) -> AnyItem:
    """A check never counts, so how sure the student is is only asked, whatever a quiz makes of it."""
    return item.model_copy(update={"confidence": "asked"}) if item.confidence == "marked" else item
