"""What stands on the two pages of a certificate, in whose words and in which direction. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from unicodedata import bidirectional, category, normalize

from pme.certificates.press.languages import words_for
from pme.certificates.press.look import Look
from pme.certificates.press.sheet import CertificateSheet
from pme.certificates.press.words import Words
from pme.press.child import DoesNotFit

MOST_IN_AWARD, MOST_IN_OUTCOMES, MOST_OUTCOMES = 2_500, 5_000, 30
"""Characters of the award and of the outcomes, and outcomes; more would be too small to read."""
MOST_IN_DETAILS, MOST_FRAMEWORKS = 2_000, 4
HALF_OF_HASH, GROUP = 32, 4

_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
"""Characters that turn the direction of what follows; here each phrase has one direction."""


Lines = tuple[tuple[str, str], ...]
"""Labels and what stands beside them."""


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
    opening: Phrase
    footer: Phrase
    rank: Phrase
    holder: Phrase
    statement: Phrase
    course: Phrase
    number: Phrase
    signatories: tuple[tuple[Phrase, Phrase], ...]
    facsimiles: tuple[str, ...]
    crest: str
    layout: str
    facts: tuple[tuple[str, Phrase], ...]
    outcomes: tuple[tuple[Phrase, Phrase], ...]
    has_levels: bool
    left_out: int
    details: tuple[tuple[str, Phrase], ...]
    assessment: Phrase
    sha256: tuple[str, ...]
    verify_url: str
    typed: tuple[str, ...]
    is_demo: bool
    is_specimen: bool
    steps: tuple[str, ...]

    @property
    def is_facsimiled(self) -> bool:
        """Whether a picture of a signature stands on it."""
        return any(self.facsimiles)


def lay_out(sheet: CertificateSheet, *, has_credential: bool = False) -> Page:
    """The pages of a sheet, in the words of its language.

    Raises DoesNotFit when there are more words than any setting could hold.
    """
    words, look = words_for(sheet.language), sheet.dressed

    def say(text: str) -> Phrase:
        return phrase(text, direction=words.direction)

    named = (sheet.holder_name, sheet.course_title, sheet.certificate_title, sheet.academy_name)
    told = (sheet.holder_rank, sheet.academy_nation, sheet.statement, sheet.number)
    own = (look.opening, look.footer)
    if sum(map(len, chain(named, told, own, *sheet.signatories))) > MOST_IN_AWARD:
        raise DoesNotFit
    if len(sheet.assessment) + sum(map(len, chain(*sheet.frameworks))) > MOST_IN_DETAILS:
        raise DoesNotFit
    holder, course, certificate, academy = map(say, named)
    rank, nation, statement, number = map(say, told)
    outcomes = tuple(
        (say(text), say(words.outcome_level_named(level)))
        for (text, level), so_far in zip(
            sheet.outcomes[:MOST_OUTCOMES], accumulate(map(_length, sheet.outcomes)), strict=False
        )
        if so_far <= MOST_IN_OUTCOMES
    )
    return Page(
        words=words,
        title=f"{certificate.text} – {course.text} – {holder.text}",
        description=f"{number.text} – {academy.text}",
        moment=f"{sheet.issued_on.isoformat()}T00:00:00Z",
        academy=academy,
        nation=nation,
        certificate=certificate,
        opening=say(look.opening or words.certifies),
        footer=say(look.footer),
        rank=rank,
        holder=holder,
        statement=statement,
        course=course,
        number=number,
        signatories=tuple((say(name), say(role)) for name, role in sheet.signatories),
        facsimiles=_facsimiles(sheet, words),
        crest=_crest(look, words),
        layout=look.layout,
        facts=_filled(say, _facts(sheet, words)),
        outcomes=outcomes,
        has_levels=any(level.text for _, level in outcomes),
        left_out=len(sheet.outcomes) - len(outcomes),
        details=_filled(say, _details(sheet, words)),
        assessment=say(sheet.assessment or words.assessed),
        sha256=tuple(
            sheet.course_sha256[start : start + HALF_OF_HASH]
            for start in range(0, len(sheet.course_sha256), HALF_OF_HASH)
        ),
        verify_url=sheet.verify_url,
        typed=_typed(sheet.code),
        is_demo=sheet.is_demo,
        is_specimen=sheet.is_specimen,
        steps=_steps(words, has_credential),
    )


def _facsimiles(sheet: CertificateSheet, words: Words) -> tuple[str, ...]:
    """What stands for the picture above each signatory's name, empty where there is none: never above another's."""
    signed = {name for name, _ in sheet.dressed.facsimiles}
    return tuple(words.facsimile.format(name) if name in signed else "" for name, _ in sheet.signatories)


def _crest(look: Look, words: Words) -> str:
    if look.crest is not None:
        return look.crest.says
    return words.crest if look.house_crest else ""


def _facts(sheet: CertificateSheet, words: Words) -> Lines:
    """The record on the first page."""
    return (
        (words.hours, words.workload(sheet.hours)),
        (words.result, sheet.result),
        *_levels(sheet, words),
        (words.issued, words.day(sheet.issued_on)),
        (words.valid_until, words.day(sheet.valid_until) if sheet.valid_until else ""),
        (words.version, sheet.edition or sheet.course_version),
        (words.number, sheet.number),
    )


def _details(sheet: CertificateSheet, words: Words) -> Lines:
    """The course and the result, on the second page."""
    return (
        (words.hours, words.workload(sheet.hours)),
        (words.credits, words.figure(sheet.credits) if sheet.credits is not None else ""),
        *_levels(sheet, words),
        (words.instruction, words.language_named(sheet.language)),
        (words.result, sheet.result),
        (words.issued, words.day(sheet.issued_on)),
        (words.valid_until, words.day(sheet.valid_until) if sheet.valid_until else ""),
        (words.replaces, sheet.replaces),
        (words.version, " · ".join(filter(None, (sheet.edition, sheet.course_version)))),
    )


def _typed(code: str) -> tuple[str, ...]:
    """The code in groups, as people type it from paper."""
    groups = [code[start : start + GROUP] for start in range(0, len(code), GROUP)]
    return tuple(" ".join(groups[start : start + 2]) for start in range(0, len(groups), 2))


def _steps(words: Words, has_credential: bool) -> tuple[str, ...]:
    """How to verify, step by step."""
    steps = words.step_address, words.step_signature
    return (*steps, words.step_credential) if has_credential else steps


def _levels(sheet: CertificateSheet, words: Words) -> Lines:
    return tuple((name, words.level_named(level)) for name, level in sheet.frameworks[:MOST_FRAMEWORKS])


def _filled(say: Callable[[str], Phrase], lines: Lines) -> tuple[tuple[str, Phrase], ...]:
    return tuple((label, say(value)) for label, value in lines if value)


def _length(outcome: tuple[str, str]) -> int:
    return len(outcome[0]) + len(outcome[1])


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
