"""What a certificate stands for, without a person: the course behind it, what it asks and how it is assessed. Pure.

In the manner of the Europass certificate supplement. Everything is read from one edition of the course, so that the
supplement of an old certificate tells what its holder did, and not what the course asks today.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pme.certificates.levels import level_of
from pme.content.edition_content import EditionContent
from pme.content.shapes import Module, Quiz, Scenario

BY_PEOPLE = frozenset({"essay"})
"""Forms of answers that people mark."""


@dataclass(frozen=True, slots=True)
class Task:
    """A quiz or scenario that has to be passed. `asked` counts questions (0 in a scenario); None is unlimited."""

    module: str
    title: str
    is_scenario: bool
    asked: int
    forms: tuple[str, ...]
    pass_percent: int
    critical: int
    attempts: int | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """A module: what it is called, how long it takes, and whether it may be left out."""

    title: str
    minutes: int
    is_optional: bool


@dataclass(frozen=True, slots=True)
class CourseSupplement:
    """The course as a supplement tells it; `outcomes` are (text, level), `pages` how many have to be read."""

    language: str
    title: str
    certificate: str
    summary: str
    roles: str
    hours: float
    outcomes: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    tasks: tuple[Task, ...]
    pages: int

    @property
    def is_marked_by_people(self) -> bool:
        """Whether people mark any of the answers."""
        return any(BY_PEOPLE.intersection(task.forms) for task in self.tasks)

    @property
    def has_critical(self) -> bool:
        """Whether some questions or acts decide, whatever the rest comes to."""
        return any(task.critical for task in self.tasks)


def described(content: EditionContent, *, language: str | None = None) -> CourseSupplement:
    """An edition of a course, in a language that it is translated to, or else in its own."""
    course = content.course.in_language(language)
    levels = {outcome.id: level_of(outcome) for outcome in content.course.outcomes}
    modules = [content.modules[slug] for slug in course.modules if slug in content.modules]
    needed = [module for module in modules if module.slug not in course.optional]
    return CourseSupplement(
        language=course.language,
        title=course.title,
        certificate=course.certificate.title,
        summary=course.summary,
        roles=course.level,
        hours=course.hours,
        outcomes=tuple((outcome.text, levels.get(outcome.id, "")) for outcome in course.outcomes),
        parts=tuple(
            Part(module.in_language(language).title, module.minutes, module.slug in course.optional)
            for module in modules
        ),
        tasks=tuple(task for module in needed for task in _tasks(content, module, language)),
        pages=sum(_pages(module) for module in needed),
    )


def _tasks(content: EditionContent, module: Module, language: str | None) -> Sequence[Task]:
    title = module.in_language(language).title
    quizzes = (content.quizzes[slug] for slug in module.completion.quizzes if slug in content.quizzes)
    scenarios = (content.scenarios[slug] for slug in module.completion.scenarios if slug in content.scenarios)
    return (
        *(_of_quiz(quiz, quiz.in_language(language).title, title) for quiz in quizzes),
        *(_of_scenario(each, each.in_language(language).title, title) for each in scenarios),
    )


def _of_quiz(quiz: Quiz, title: str, module: str) -> Task:
    drawn = {item for line in quiz.blueprint for item in line.items}
    always = sum(item.id not in drawn for item in quiz.items)
    return Task(
        module=module,
        title=title,
        is_scenario=False,
        asked=always + sum(line.count for line in quiz.blueprint),
        forms=tuple(dict.fromkeys(item.type for item in quiz.items)),
        pass_percent=quiz.pass_rule.min_percent,
        critical=len(quiz.pass_rule.critical),
        attempts=quiz.attempts,
        minutes=quiz.time_limit_minutes,
    )


def _of_scenario(scenario: Scenario, title: str, module: str) -> Task:
    return Task(
        module=module,
        title=title,
        is_scenario=True,
        asked=0,
        forms=(),
        pass_percent=scenario.min_percent,
        critical=len(scenario.critical_actions),
        attempts=scenario.retake.maximum,
        minutes=None,
    )


def _pages(module: Module) -> int:
    wanted = module.completion.pages
    if wanted == "none":
        return 0
    return len(module.pages) if wanted == "all" else sum(page.slug in wanted for page in module.pages)
