"""The rule of completion: what is done, what is next, and when a course is complete.

Pure. A module is complete when its pages are read and its quizzes and scenarios are passed (a
scenario counts once its debrief is written); a course when all of its modules are, but for optional ones.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from pme.content.shapes import Course, Module, Page


class StepKind(StrEnum):
    """What a step of a module asks for."""

    PAGE = "page"
    QUIZ = "quiz"
    SCENARIO = "scenario"


@dataclass(frozen=True)
class Place:
    """A step of a course: a page, quiz or scenario of a module."""

    kind: StepKind
    module: str
    slug: str


@dataclass(frozen=True)
class Facts:
    """What a student has done in one course. `read` holds (module, page) pairs.

    `modules` holds the slugs of modules completed in any version: completion is never taken back.
    """

    read: frozenset[tuple[str, str]] = frozenset()
    quizzes_passed: frozenset[str] = frozenset()
    scenarios_passed: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()

    def with_modules(self, modules: frozenset[str]) -> "Facts":
        """The same facts with more modules completed."""
        return replace(self, modules=self.modules | modules)


@dataclass(frozen=True)
class ModuleProgress:
    """How far a student is in a module."""

    module: Module
    done: int
    of: int
    is_complete: bool

    @property
    def percent(self) -> int:
        """Steps done, in whole percent (0-100), rounded down."""
        return 100 if self.is_complete else 100 * self.done // max(1, self.of)


def places(module: Module) -> tuple[Place, ...]:
    """Every step of a module in the order it is taken."""
    wanted = module.completion.pages
    pages = [page for page in module.pages if wanted == "all" or (wanted != "none" and page.slug in wanted)]
    return (
        *(Place(StepKind.PAGE, module.slug, page.slug) for page in pages),
        *(Place(StepKind.QUIZ, module.slug, slug) for slug in module.completion.quizzes),
        *(Place(StepKind.SCENARIO, module.slug, slug) for slug in module.completion.scenarios),
    )


def is_done(place: Place, facts: Facts) -> bool:
    """Whether a step is done."""
    match place.kind:
        case StepKind.PAGE:
            return (place.module, place.slug) in facts.read
        case StepKind.QUIZ:
            return place.slug in facts.quizzes_passed
        case _:
            return place.slug in facts.scenarios_passed


def module_progress(module: Module, facts: Facts) -> ModuleProgress:
    """How far a student is in a module; once complete, always complete."""
    steps = places(module)
    done = sum(is_done(place, facts) for place in steps)
    return ModuleProgress(module, done, len(steps), module.slug in facts.modules or done == len(steps))


def next_place(modules: Sequence[Module], facts: Facts, *, but: frozenset[str] = frozenset()) -> Place | None:
    """The first step not yet done, in the order of the course; None when all is done.

    `but` names quizzes to pass over.
    """
    for module in modules:
        if module.slug in facts.modules:
            continue
        for place in places(module):
            if not is_done(place, facts) and not (place.kind is StepKind.QUIZ and place.slug in but):
                return place
    return None


def is_course_complete(
    modules: Sequence[Module], facts: Facts, *, optional: frozenset[str] = frozenset()
) -> bool:
    """Whether every module of a course is complete, but for the optional ones."""
    needed = [module for module in modules if module.slug not in optional]
    return bool(needed) and all(module_progress(module, facts).is_complete for module in needed)


def tasks_of(modules: Iterable[Module]) -> frozenset[tuple[StepKind, str]]:
    """The steps of modules, by kind and slug."""
    return frozenset((place.kind, place.slug) for module in modules for place in places(module))


def course_percent(modules: Iterable[Module], best: Mapping[tuple[StepKind, str], float]) -> float:
    """The result of a course, 0-100: the mean of the best marks of its quizzes and scenarios.

    `best` maps (kind, slug) to the best mark of a finished attempt. A task without one does not count: it
    came into a module after the student had completed it. A course without marks gives 100.
    """
    return percent_of(tasks_of(modules), best)


def percent_of(tasks: Set[tuple[StepKind, str]], best: Mapping[tuple[StepKind, str], float]) -> float:
    """The same by the steps of its modules, for whoever asks about many students."""
    marks = [mark for task, mark in best.items() if task in tasks]
    return sum(marks) / len(marks) if marks else 100.0


def missing_prerequisites(module: Module, course: Course, facts: Facts) -> tuple[str, ...]:
    """The modules of this course that come before a module and are not complete yet."""
    return tuple(
        slug for slug in module.prerequisites if slug in course.modules and slug not in facts.modules
    )


def after_page(module: Module, page: Page) -> Page | None:
    """The page that follows, or None at the end of the module."""
    index = next(i for i, other in enumerate(module.pages) if other.slug == page.slug)
    return module.pages[index + 1] if index + 1 < len(module.pages) else None
