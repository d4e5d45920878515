"""How large the words of a certificate are set, and where they break into two lines. Pure.

The page has one shape, so long words are set smaller. Sizes are in half points. A squeeze below 1
makes them smaller still, after a trial has shown that the words do not fit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pme.certificates.press.page import Page, Phrase

AWARD = 163.0
STATEMENT = 138.0
SIGNATURE = 48.0
HEADING = 154.0
OUTCOME, WITH_LEVEL = 152.0, 121.0
"""Widths in millimetres; an outcome is narrower where its level stands beside it."""
OUTCOMES = 95.0
"""The height that outcomes may take, in millimetres."""
HALF_POINTS = 2 * 72 / 25.4
"""Half points in a millimetre."""
LEADING, BETWEEN = 1.25, 0.95
"""Line height of an outcome, and the space between two, in ems."""
JOINED = 1.2
"""Joined letters look smaller than others at the same size; they are set larger by this."""
SMALLEST, LARGEST = 12, 112
SMALLEST_OUTCOME, LARGEST_OUTCOME = 14, 24
DETAIL = 17

Measure = Callable[[str], float]
"""Gives the width of a text in ems."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A phrase as it is set: its size in half points, and its lines."""

    size: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the words that vary most are set."""

    academy: Setting
    certificate: Setting
    holder: Setting
    statement: Setting
    course: Setting
    signed: int
    role: int
    outcomes: int
    assessment: int
    heading: Setting


def settle(
    page: Page,
    *,
    serif: Measure,
    sans: Measure,
    award: float = 1.0,
    outcomes: float = 1.0,
    details: float = 1.0,
) -> Settings:
    """How to set both pages; `award`, `outcomes` and `details` squeeze their parts."""

    def fit(words: Phrase, most: float, least: float) -> Setting:
        return _fit(words, most * award, least * award, measure=serif)

    longest = max((serif(name.text) for name, _ in page.signatories), default=0.0) or 1.0
    return Settings(
        academy=_fit(page.academy, 34, 24, measure=lambda text: serif(text) * 1.1),
        certificate=fit(page.certificate, 60, 42),
        holder=fit(page.holder, 92, 56),
        statement=_prose(page.statement, 27 * award, 19 * award, measure=serif),
        course=fit(page.course, 42, 32),
        signed=_step(max(16.0, min(20.0, SIGNATURE * HALF_POINTS / longest)) * award),
        role=_step(15 * award, any(role.joined for _, role in page.signatories)),
        outcomes=_step(
            _size_of_list([sans(text.text) for text, _ in page.outcomes], page.has_levels) * outcomes,
            any(text.joined for text, _ in page.outcomes),
        ),
        assessment=_step(DETAIL * details, page.words.joined),
        heading=_fit(page.course, 44, 28, measure=serif, width=HEADING),
    )


def _prose(words: Phrase, most: float, least: float, *, measure: Measure) -> Setting:
    """One line or two even ones; or small and as the words fall, where even those would not do."""
    setting = _fit(words, most, most, measure=measure, width=STATEMENT)
    return setting if setting.size >= least else Setting(_step(least, words.joined), (words.text,))


def _fit(words: Phrase, most: float, least: float, *, measure: Measure, width: float = AWARD) -> Setting:
    """One line as large as it may be, or two lines where one would have to be too small."""
    if words.joined:
        most, least = most * JOINED, least * JOINED
    one = width * HALF_POINTS / (measure(words.text) or 1.0)
    if one >= least:
        return Setting(_step(min(most, one)), (words.text,))
    lines = min(_breaks(words.text), key=lambda pair: max(map(measure, pair)))
    two = width * HALF_POINTS / max(map(measure, lines))
    return Setting(_step(min(least, two)), lines)


def _breaks(text: str) -> list[tuple[str, ...]]:
    """The text in two lines, in each way that a space or hyphen allows; as it is if none does."""
    pairs: list[tuple[str, ...]] = []
    for index, letter in enumerate(text[:-1]):
        if letter == " ":
            pairs.append((text[:index], text[index + 1 :]))
        elif letter in "-–—/":
            pairs.append((text[: index + 1], text[index + 1 :]))
    return pairs or [(text,)]


def _size_of_list(widths: Sequence[float], has_levels: bool) -> float:
    """The first size from 12 points down at which a list of such widths should fill its place."""
    size, column = LARGEST_OUTCOME, WITH_LEVEL if has_levels else OUTCOME
    while size > SMALLEST_OUTCOME:
        lines = sum(1 + int(1.05 * width * size / HALF_POINTS / column) for width in widths)
        if (lines * LEADING + len(widths) * BETWEEN) * size / HALF_POINTS <= OUTCOMES:
            break
        size -= 1
    return size


def _step(half_points: float, joined: bool = False) -> int:
    return max(SMALLEST, min(LARGEST, int(half_points * (JOINED if joined else 1.0))))
