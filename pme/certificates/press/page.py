"""What stands on the page of a certificate, in whose words and in which direction. Pure."""

from dataclasses import dataclass, replace
from itertools import accumulate, chain
from unicodedata import bidirectional, category, normalize

from pme.certificates.press.sheet import CertificateSheet
from pme.certificates.press.words import Words, words_for
from pme.press.child import DoesNotFit

MOST_IN_AWARD, MOST_IN_OUTCOMES, MOST_OUTCOMES = 2_500, 4_000, 24
"""Characters of the award and of the outcomes, and outcomes; more would be too small to read."""

_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
"""Characters that turn the direction of what follows; here each phrase has one direction."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words as they are set; `joined` if their letters join, as Arabic letters do.

    `direction` is empty where it is the direction of the page.
    """

    text: str
    direction: str
    joined: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What the template prints."""

    words: Words
    title: str
    description: str
    moment: str
    academy: Phrase
    nation: Phrase
    certificate: Phrase
    rank: Phrase
    holder: Phrase
    statement: Phrase
    course: Phrase
    signatories: tuple[tuple[Phrase, Phrase], ...]
    facts: tuple[tuple[str, Phrase], ...]
    outcomes: tuple[Phrase, ...]
    left_out: int
    verify_url: str


def lay_out(sheet: CertificateSheet) -> Page:
    """The page of a sheet, in the words of its language.

    Raises DoesNotFit when there are more words than any setting could hold.
    """
    words = words_for(sheet.language)

    def say(text: str) -> Phrase:
        return phrase(text, direction=words.direction)

    named = (sheet.holder_name, sheet.course_title, sheet.certificate_title, sheet.academy_name)
    told = (sheet.holder_rank, sheet.academy_nation, sheet.statement, sheet.number)
    if sum(map(len, chain(named, told, *sheet.signatories))) > MOST_IN_AWARD:
        raise DoesNotFit
    holder, course, certificate, academy = map(say, named)
    rank, nation, statement, number = map(say, told)
    outcomes = tuple(
        say(outcome)
        for outcome, so_far in zip(
            sheet.outcomes[:MOST_OUTCOMES], accumulate(map(len, sheet.outcomes)), strict=False
        )
        if so_far <= MOST_IN_OUTCOMES
    )
    facts = (
        (words.hours, say(sheet.hours)),
        (words.result, say(sheet.result)),
        (words.issued, say(words.day(sheet.issued_on))),
        (words.version, say(sheet.course_version)),
        (words.number, number),
    )
    return Page(
        words=words,
        title=f"{certificate.text} – {course.text} – {holder.text}",
        description=f"{number.text} – {academy.text}",
        moment=f"{sheet.issued_on.isoformat()}T00:00:00Z",
        academy=academy,
        nation=nation,
        certificate=certificate,
        rank=rank,
        holder=holder,
        statement=statement,
        course=course,
        signatories=tuple((say(name), say(role)) for name, role in sheet.signatories),
        facts=tuple((label, value) for label, value in facts if value.text),
        outcomes=outcomes,
        left_out=len(sheet.outcomes) - len(outcomes),
        verify_url=sheet.verify_url,
    )


def without_last_outcome(page: Page) -> Page:
    """The page with one outcome fewer, which it says."""
    if not page.outcomes:
        raise DoesNotFit
    return replace(page, outcomes=page.outcomes[:-1], left_out=page.left_out + 1)


def phrase(text: str, *, direction: str) -> Phrase:
    """The text without control characters, in the direction of its first strong letter.

    Figures without a letter ("87 %") run from left to right.
    """
    kept = (
        " " if category(letter) in ("Cc", "Cs") or letter in _STEERING else letter
        for letter in normalize("NFC", text)
    )
    clean = " ".join("".join(kept).split())
    sides = [side for side in map(bidirectional, clean) if side in ("L", "R", "AL")]
    own = "rtl" if sides and sides[0] != "L" else "ltr"
    return Phrase(clean, "" if own == direction else own, "AL" in sides)
