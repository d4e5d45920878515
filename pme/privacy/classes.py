"""The classes of personal data, and how long an academy keeps each unless it says otherwise. Pure.

Years count from the last thing that the person did at the academy. The bases are those of Article 6 of
Regulation (EU) 2016/679, in words; an academy under other law writes its own.
"""

from dataclasses import dataclass
from enum import StrEnum

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
        "Who somebody is",
        "Name, rank, nation, service, unit, number, e-mail address, memberships and their changes",
        "Public task of training personnel; to name who holds a result while it counts",
        3,
    ),
    Kept.ACCESS: Class(
        "How somebody signs in",
        "Password, second factors, sessions, links by e-mail, who opened their attempts",
        "Legitimate interest: the security of accounts",
        1,
    ),
    Kept.PRIVATE: Class(
        "What is private",
        "Reflections, longer time and breaks, extensions, further attempts, equal work instead of a scenario",
        "Consent, and the duty to accommodate",
        1,
    ),
    Kept.LEARNING: Class(
        "How somebody learned",
        "Pages read, practice, answers in their own words, essays, what markers wrote of them",
        "Public task: teaching and fair marking, with time to appeal",
        2,
    ),
    Kept.LETTERS: Class(
        "Letters and files made for somebody",
        "E-mails sent, files made in the background",
        "Legitimate interest: to show that a letter was sent",
        1,
    ),
    Kept.RESULTS: Class(
        "Results",
        "Attempts at quizzes and scenarios, with what was chosen and what it earned",
        "Public task: proof of training, and the quality of questions; without a name after erasure",
        10,
        outlives=True,
    ),
    Kept.COMPLETIONS: Class(
        "Courses taken and completed",
        "Enrolments, modules and courses completed, and what became of a completion later",
        "Public task: the count of whom the academy trained, which no later act may change",
        MOST_YEARS,
        outlives=True,
        always=True,
    ),
    Kept.CERTIFICATES: Class(
        "Certificates",
        "What was printed, its number and code; after erasure without name and rank",
        "Public task: whoever holds the paper can have it verified",
        10,
        outlives=True,
    ),
    Kept.WORK: Class(
        "Work for the academy",
        "That somebody wrote, taught, marked, approved or decided something, without their name after erasure",
        "Public task: accountability of the academy for its courses and marks",
        MOST_YEARS,
        outlives=True,
        always=True,
    ),
    Kept.RETURNS: Class(
        "Sealed returns",
        "The files that were sealed for headquarters: they name people, unless a return was asked to name nobody",
        "Public task: accountability to headquarters, with the file that its seal belongs to",
        10,
        outlives=True,
        always=True,
        is_sealed=True,
    ),
}
