"""What is wrong with content, and where: sentences for the people who write it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum


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

    def __str__(self) -> str:
        if self.answer:
            return f"{self.file}:{self.line}: answered: {self.says} Reason: {self.answer}"
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
        self.problems.append(Problem(self.file, line, says))

    def warn(self, line: int, says: str) -> None:
        """Note something worth a look."""
        self.problems.append(Problem(self.file, line, says, Severity.WARNING))

    @property
    def broken(self) -> bool:
        """Whether any error was noted."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def near(word: str, known: Iterable[str]) -> str:
    """“ Did you mean X?” for a word close to a known one, else nothing."""
    matches = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean {matches[0]}?" if matches else ""
