"""What is wrong with content, and where: sentences for the people who write it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum

from pme.words.languages import SOURCE
from pme.words.speech import _, current, speaking


class Severity(StrEnum):
    """Errors stop publishing; warnings are worth a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong, in a sentence; `file` is relative to the content, `line` counts from 1.

    A warning that may be answered names its `rule` and the hash of the text it is about (`block`); once it is
    answered, `answer` holds the reason with who gave it and when.
    """

    file: str
    line: int
    says: str
    severity: Severity = Severity.ERROR
    rule: str = ""
    block: str = ""
    answer: str = ""
    english: str = field(default="", compare=False)

    @property
    def in_english(self) -> str:
        """What it says in English, by whose words its place is found (see `with_english`)."""
        return self.english or self.says

    def __str__(self) -> str:
        if self.answer:
            return f"{self.file}:{self.line}: answered: {self.says} Reason: {self.answer}"  # not words
        return f"{self.file}:{self.line}: {self.severity}: {self.says}"


@dataclass(frozen=True)
class Remark:
    """A problem at a place within one file, such as `nodes.d1.choices.a`, before its line is known."""

    place: str
    says: str
    severity: Severity = Severity.ERROR


@dataclass
class Findings:
    """Collects the problems of one file while it is read, so that none hides another."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def error(self, line: int, says: str) -> None:
        """Note something that stops publishing."""
        self.problems.append(Problem(self.file, line, str(says)))

    def warn(self, line: int, says: str) -> None:
        """Note something worth a look."""
        self.problems.append(Problem(self.file, line, str(says), Severity.WARNING))

    @property
    def broken(self) -> bool:
        """Whether any error was noted."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def with_english(found: Iterable[Problem], again: Callable[[], Iterable[Problem]]) -> list[Problem]:
    """What was found, knowing what it says in English; `again` finds the same once more."""
    told = list(found)
    if current() == SOURCE:
        return told
    with speaking(SOURCE):
        plain = [problem.says for problem in again()]
    return [replace(problem, english=says) for problem, says in zip(told, plain, strict=True)]


def near(word: str, known: Iterable[str]) -> str:
    """“ Did you mean X?” for a word close to a known one, else nothing."""
    matches = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return _(" Did you mean {matches}?", matches=matches[0]) if matches else ""
