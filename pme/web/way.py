"""The way through a course as its pages show it: its steps, how far one is, where to go on.

What is done comes from a student's records, or from a preview that keeps none.
"""

from dataclasses import dataclass, field
from functools import cached_property

from pme.assessment.models import Task
from pme.assessment.queries import TaskStanding
from pme.content.catalogue import Catalogue, Versioned
from pme.content.shapes import Course, Module, Quiz, Scenario
from pme.progress.completion import (
    Facts,
    ModuleProgress,
    Place,
    StepKind,
    is_done,
    module_progress,
    next_place,
    places,
)
from pme.web.tongues import spoken_in


@dataclass(frozen=True)
class StepLine:
    """One step of a module as it is listed; `language` is that of its title where it is a translation."""

    place: Place
    title: str
    address: str
    minutes: int | None
    is_done: bool
    standing: TaskStanding | None
    language: str = ""


@dataclass(frozen=True)
class Way:
    """A course with the facts and the standings with its tasks, in `language` where it is translated."""

    course: Versioned[Course]
    modules: tuple[Versioned[Module], ...]
    facts: Facts
    standings: dict[tuple[Task, str], TaskStanding]
    catalogue: Catalogue
    language: str | None = field(default=None, kw_only=True)

    @cached_property
    def progress(self) -> tuple[ModuleProgress, ...]:
        """How far the student is in each module."""
        return tuple(module_progress(module.content, self.facts) for module in self.modules)

    @property
    def of(self) -> int:
        """Steps of the whole course."""
        return sum(module.of for module in self.progress)

    @property
    def done(self) -> int:
        """Steps done in the whole course."""
        return sum(module.of if module.is_complete else module.done for module in self.progress)

    @property
    def is_complete(self) -> bool:
        """Whether every module is complete."""
        return all(progress.is_complete for progress in self.progress)

    @property
    def next_step(self) -> StepLine | None:
        """The exact place to go on, or None when all is done. What waits for marks is passed over, where
        anything else is left to do.
        """
        modules = [module.content for module in self.modules]
        place = next_place(modules, self.facts, but=self.waiting) or next_place(modules, self.facts)
        return None if place is None else self.line(place)

    @property
    def waiting(self) -> frozenset[str]:
        """The quizzes that were handed in and wait for marks by hand."""
        return frozenset(slug for (_, slug), standing in self.standings.items() if standing.is_waiting)

    def module(self, slug: str) -> Versioned[Module]:
        """A module of the course, by slug."""
        return next(module for module in self.modules if module.content.slug == slug)

    def steps(self, module: Module) -> tuple[StepLine, ...]:
        """Every step of a module in order."""
        return tuple(self.line(place) for place in places(module))

    def line(self, place: Place) -> StepLine:
        """A step as it is listed."""
        title, minutes, language = self._title(place)
        task = None if place.kind is StepKind.PAGE else Task(place.kind.value)
        return StepLine(
            place=place,
            title=title,
            address=self.address_of(place),
            minutes=minutes,
            is_done=is_done(place, self.facts),
            standing=self.standings.get((task, place.slug)) if task else None,
            language=language,
        )

    def address_of(self, place: Place) -> str:
        """The address of a step."""
        raise NotImplementedError

    def _title(self, place: Place) -> tuple[str, int | None, str]:
        if place.kind is StepKind.PAGE:
            module = self.module(place.module).content
            page, language = module.page(place.slug), spoken_in(module, f"pages.{place.slug}.title")
            return (page.title, max(1, round(page.words / 180)), language) if page else (place.slug, None, "")
        is_quiz = place.kind is StepKind.QUIZ
        task: Versioned[Quiz] | Versioned[Scenario] | None = (
            self.catalogue.quiz(place.slug) if is_quiz else self.catalogue.scenario(place.slug)
        )
        if task is None:
            return place.slug, None, ""
        content = task.content.in_language(self.language)
        return content.title, content.minutes, spoken_in(content, "title")
