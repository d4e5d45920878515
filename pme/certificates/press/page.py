"""How a sheet becomes a page: what stands where, in which direction, and how large.

Pure. Sizes are in points. The page has one fixed shape, so long words are set smaller; `squeeze`
says how much smaller than first thought, after a trial has shown that they still do not fit.
"""

from dataclasses import dataclass
from unicodedata import bidirectional, category, normalize

from pme.certificates.press.sheet import CertificateSheet
from pme.certificates.press.words import Words, words_for

MILLIMETRE = 72 / 25.4
AWARD_WIDTH = 166 * MILLIMETRE
OUTCOME_WIDTH = 56 * MILLIMETRE
OUTCOMES_HEIGHT = 75 * MILLIMETRE
SQUEEZES = (1.0, 0.93, 0.86, 0.79, 0.72, 0.65, 0.58)

_NARROW = frozenset("iljtfrI.,:;'’-·()[]! ")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words as they are set: cleaned, with their direction, and whether their letters join."""

    text: str
    direction: str
    joined: bool


@dataclass(frozen=True, slots=True)
class Sizes:
    """Type sizes in points."""

    academy: float
    certificate: float
    holder: float
    statement: float
    course: float
    outcomes: float
    drop: float


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
    facts: tuple[tuple[str, Phrase], ...]
    outcomes: tuple[Phrase, ...]
    signatories: tuple[tuple[Phrase, Phrase], ...]
    verify_url: str


def lay_out(sheet: CertificateSheet) -> Page:
    """The page of a sheet, in the words of its language."""
    words = words_for(sheet.language)
    facts = (
        (words.hours, sheet.hours),
        (words.result, sheet.result),
        (words.issued, words.day(sheet.issued_on)),
        (words.version, sheet.course_version),
        (words.number, sheet.number),
    )
    certificate, course, holder, academy = (
        phrase(text, words)
        for text in (
            sheet.certificate_title,
            sheet.course_title,
            sheet.holder_name,
            sheet.academy_name,
        )
    )
    return Page(
        words=words,
        title=f"{certificate.text} – {course.text} – {holder.text}",
        description=f"{phrase(sheet.number, words).text} · {academy.text}",
        moment=f"{sheet.issued_on.isoformat()}T00:00:00Z",
        academy=academy,
        nation=phrase(sheet.academy_nation, words),
        certificate=certificate,
        rank=phrase(sheet.holder_rank, words),
        holder=holder,
        statement=phrase(sheet.statement, words),
        course=course,
        facts=tuple((label, phrase(value, words)) for label, value in facts if value.strip()),
        outcomes=tuple(phrase(outcome, words) for outcome in sheet.outcomes),
        signatories=tuple((phrase(name, words), phrase(role, words)) for name, role in sheet.signatories),
        verify_url=sheet.verify_url,
    )


def sizes(page: Page, *, award: float = 1.0, record: float = 1.0) -> Sizes:
    """Type sizes by the length of the words; `award` and `record` squeeze the two halves."""
    return Sizes(
        academy=_fit(page.academy, 11.5, least=8, lines=1, spacing=0.16),
        certificate=_fit(page.certificate, 30 * award, least=15 * award, lines=1),
        holder=_fit(page.holder, 46 * award, least=26 * award, lines=1),
        statement=_fit(page.statement, 13.5 * award, least=10.5 * award, lines=2),
        course=_fit(page.course, 21 * award, least=14 * award, lines=1),
        outcomes=_size_of_outcomes(page.outcomes) * record,
        drop=7.0,
    )


def phrase(text: str, words: Words) -> Phrase:
    """The text cleaned of control characters, with the direction of its first strong letter."""
    kept = (
        " " if category(letter) in ("Cc", "Cs") or letter in _STEERING else letter
        for letter in normalize("NFC", text)
    )
    clean = " ".join("".join(kept).split())
    strong = next((side for side in map(bidirectional, clean) if side in ("L", "R", "AL")), None)
    direction = {"L": "ltr", "R": "rtl", "AL": "rtl", None: words.direction}[strong]
    return Phrase(clean, direction, any(bidirectional(letter) == "AL" for letter in clean))


_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
"""Characters that turn the direction of what follows; each phrase has one direction instead."""


def _fit(words: Phrase, most: float, *, least: float, lines: int, spacing: float = 0.0) -> float:
    """The largest size up to `most` at which the words fill so many lines, but never below `least`."""
    room = AWARD_WIDTH * (lines if lines == 1 else lines - 0.25)
    width = _width(words.text) + spacing * len(words.text)
    if spacing:
        width *= 1.28
    size = max(least, min(most, room / max(width, 1.0)))
    return round(size * 2) / 2


def _size_of_outcomes(outcomes: tuple[Phrase, ...]) -> float:
    """The first size, from 9.5 down, at which the outcomes seem to fill no more than their place."""
    size = 9.5
    while size > 6.5:
        lines = sum(1 + int(_width(each.text) * size / OUTCOME_WIDTH) for each in outcomes)
        if lines * size * 1.28 + len(outcomes) * MILLIMETRE <= OUTCOMES_HEIGHT:
            break
        size -= 0.25
    return size


def _width(text: str) -> float:
    """Roughly how wide the text is, in ems."""
    return sum(0.28 if letter in _NARROW else 0.68 if letter.isupper() else 0.52 for letter in text)
