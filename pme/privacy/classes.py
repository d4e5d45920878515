"""The classes of personal data, and how long an academy keeps each unless it says otherwise. Pure.

Years count from the last thing that the person did at the academy. The bases are those of Article 6 of
Regulation (EU) 2016/679, in words; an academy under other law writes its own.
"""

from dataclasses import dataclass
from enum import StrEnum

from pme.words.lazily import lazy

MOST_YEARS = 60


class Kept(StrEnum):
    """A class of personal data."""

    IDENTITY = "identity"
    ACCESS = "access"
    PRIVATE = "private"
    LEARNING = "learning"
    LETTERS = "letters"
    RESULTS = "results"
    COMPLETIONS = "completions"
    CERTIFICATES = "certificates"
    WORK = "work"
    RETURNS = "returns"


@dataclass(frozen=True)
class Class:
    """What a class holds, and the defaults of an academy that has set nothing.

    `outlives` is whether its rows may stay after an erasure, without a name; `always`: they do in any case.
    `is_sealed`: they stay as they are, and their years count from the day on which they were made.
    """

    title: str
    holds: str
    basis: str
    years: int
    outlives: bool = False
    always: bool = False
    is_sealed: bool = False


CLASSES: dict[Kept, Class] = {
    Kept.IDENTITY: Class(
        lazy("Who somebody is"),
        lazy("Name, rank, nation, service, unit, number, e-mail address, memberships and their changes"),
        lazy("Public task of training personnel; to name who holds a result while it counts"),
        3,
    ),
    Kept.ACCESS: Class(
        lazy("How somebody signs in"),
        lazy("Password, second factors, sessions, links by e-mail, who opened their attempts"),
        lazy("Legitimate interest: the security of accounts"),
        1,
    ),
    Kept.PRIVATE: Class(
        lazy("What is private"),
        lazy(
            "Reflections, notes and highlights, longer time and breaks, extensions, further attempts, "
            "equal work instead of a scenario"
        ),
        lazy("Consent, and the duty to accommodate"),
        1,
    ),
    Kept.LEARNING: Class(
        lazy("How somebody learned"),
        lazy("Pages read, practice, answers in their own words, essays, what markers wrote of them"),
        lazy("Public task: teaching and fair marking, with time to appeal"),
        2,
    ),
    Kept.LETTERS: Class(
        lazy("Letters and files made for somebody"),
        lazy("E-mails sent, files made in the background"),
        lazy("Legitimate interest: to show that a letter was sent"),
        1,
    ),
    Kept.RESULTS: Class(
        lazy("Results"),
        lazy("Attempts at quizzes and scenarios, with what was chosen and what it earned"),
        lazy("Public task: proof of training, and the quality of questions; without a name after erasure"),
        10,
        outlives=True,
    ),
    Kept.COMPLETIONS: Class(
        lazy("Courses taken and completed"),
        lazy("Enrolments, modules and courses completed, and what became of a completion later"),
        lazy("Public task: the count of whom the academy trained, which no later act may change"),
        MOST_YEARS,
        outlives=True,
        always=True,
    ),
    Kept.CERTIFICATES: Class(
        lazy("Certificates"),
        lazy("What was printed, its number and code; after erasure without name and rank"),
        lazy("Public task: whoever holds the paper can have it verified"),
        10,
        outlives=True,
    ),
    Kept.WORK: Class(
        lazy("Work for the academy"),
        lazy(
            "That somebody wrote, taught, marked, approved or decided something, without their name after erasure"
        ),
        lazy("Public task: accountability of the academy for its courses and marks"),
        MOST_YEARS,
        outlives=True,
        always=True,
    ),
    Kept.RETURNS: Class(
        lazy("Sealed returns"),
        lazy(
            "The files that were sealed for headquarters: they name people, unless a return was asked to name nobody"
        ),
        lazy("Public task: accountability to headquarters, with the file that its seal belongs to"),
        10,
        outlives=True,
        always=True,
        is_sealed=True,
    ),
}
