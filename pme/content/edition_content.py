"""What an edition of a course says, to be compared with another. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pme.content.shapes import Course, Module, Quiz, Scenario


@dataclass(frozen=True)
class EditionContent:
    """A course and, by their slugs, the modules, quizzes and scenarios that complete it."""

    course: Course
    modules: Mapping[str, Module] = field(default_factory=dict)
    quizzes: Mapping[str, Quiz] = field(default_factory=dict)
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
