"""The quizzes and scenarios of a course, as its instructors arrange them."""

from dataclasses import dataclass

from pme.assessment.models import Task
from pme.content.catalogue import Versioned
from pme.content.shapes import Course
from pme.errors import NotFound
from pme.web.loaders import UNKNOWN, catalogue


@dataclass(frozen=True)
class CourseTask:
    """A task of a course. `limit` is how many attempts its author allows, None for any number;
    `minutes` is the time limit, None where no time runs.
    """

    task: Task
    slug: str
    title: str
    limit: int | None
    minutes: int | None = None


def tasks_of(course: Versioned[Course]) -> list[CourseTask]:
    """Every quiz and scenario of a course, in its order."""
    found, published = [], catalogue()
    for module in filter(None, map(published.module, course.content.modules)):
        for quiz in filter(None, map(published.quiz, module.content.completion.quizzes)):
            one = quiz.content
            found.append(CourseTask(Task.QUIZ, one.slug, one.title, one.attempts, one.time_limit_minutes))
        for scenario in filter(None, map(published.scenario, module.content.completion.scenarios)):
            two = scenario.content
            found.append(CourseTask(Task.SCENARIO, two.slug, two.title, two.retake.maximum))
    return found


def task_of(course: Versioned[Course], task: str, slug: str) -> CourseTask:
    """The task of this kind and slug. Raises NotFound where the course has none."""
    for one in tasks_of(course):
        if (one.task.value, one.slug) == (task, slug):
            return one
    raise NotFound(UNKNOWN)
