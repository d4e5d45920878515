"""The whole of the content as one checked set: what publishing takes and the checker gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from os import PathLike

from pme.content.problems import Problem, Severity
from pme.content.prove import Proof
from pme.content.shapes import Course, Glossary, Module, Quiz, Scenario
from pme.errors import Refused

Content = Course | Module | Quiz | Scenario | Glossary


class Kind(StrEnum):
    """What a version is a version of."""

    COURSE = "course"
    MODULE = "module"
    QUIZ = "quiz"
    SCENARIO = "scenario"
    GLOSSARY = "glossary"


@dataclass(frozen=True)
class Entry:
    """One piece of content with the text of the files it was written in, by path."""

    content: Content
    source: Mapping[str, str]

    @property
    def kind(self) -> Kind:
        """What kind of content it is."""
        return Kind(self.content.kind)

    @property
    def slug(self) -> str:
        """Its address, unique within its kind."""
        return self.content.slug


@dataclass(frozen=True)
class Media:
    """A file that a page shows. One that is kept in pieces has no `content` here, only its `size` in bytes."""

    sha256: str
    name: str
    mime: str
    content: bytes
    size: int = 0

    @property
    def is_in_pieces(self) -> bool:
        """Whether its bytes lie in the attachment store."""
        return not self.content


@dataclass(frozen=True)
class Library:
    """Everything there is to publish; `files` are the bytes it was read from, by path. `bodies` tells where
    the bytes of attachments lie that may not be kept yet, by their hash.
    """

    entries: tuple[Entry, ...]
    media: Mapping[str, Media] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    bodies: Mapping[str, PathLike[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What checking found; `library` is there only when nothing is an error.

    `proofs` are those of the scenarios that could be proved, right or wrong; `words` are how each text begins, by
    its file and hash.
    """

    problems: tuple[Problem, ...]
    library: Library | None
    proofs: tuple[tuple[Scenario, Proof], ...] = ()
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop publishing."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems worth a look that nobody has answered."""
        return tuple(p for p in self.problems if p.severity is Severity.WARNING and not p.answer)

    @property
    def answered(self) -> tuple[Problem, ...]:
        """The warnings that somebody has answered with a reason."""
        return tuple(p for p in self.problems if p.answer)

    @property
    def text(self) -> str:
        """Every problem, one a line, and a last line that counts them."""
        count = f"{_counted(len(self.errors), 'error')}, {_counted(len(self.warnings), 'warning')}"
        count += f", {len(self.answered)} answered." if self.answered else "."
        return "\n".join([*map(str, self.problems), count])

    def require(self) -> Library:
        """The library. Raises Refused with every error when there is one."""
        if self.library is None:
            raise Refused("\n".join(str(problem) for problem in self.errors))
        return self.library


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
