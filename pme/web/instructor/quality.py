"""The instructor's door at quality: how the questions and scenarios of a course work, by what students did."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template, request
from flask.typing import ResponseReturnValue

from pme.assessment.models import Task
from pme.assessment.regrades import Scope, quiz_in_force
from pme.assessment.statistics_words import (
    decisions_in,
    words_of_parts,
    words_of_places,
)
from pme.content.catalogue import Versioned, pinned
from pme.content.shapes import Course, Quiz, Scenario
from pme.errors import NotFound
from pme.permissions import attempts_judged
from pme.reports.quality_versions import TakenVersion, taken_versions
from pme.web.addresses import number_in
from pme.web.instructor.quality_file import HEADINGS, item_rows
from pme.web.instructor.views import blueprint
from pme.web.loaders import UNKNOWN, catalogue, load_judged_course
from pme.web.session import db_session
from pme.web.signin import current_visitor
from pme.web.stream import csv_response

if TYPE_CHECKING:  # what imports numpy is for who looks at statistics, and not for every worker
    from pme.assessment.statistics import Analysis
    from pme.reports.quality import ScenarioQuality


@dataclass(frozen=True)
class Listed:
    """A quiz or scenario of the course with the versions that were taken, the latest taken first."""

    task: Task
    slug: str
    title: str
    taken: tuple[TakenVersion, ...]
    is_offered: bool
    """Whether a module of the course still holds it."""

    @property
    def attempts(self) -> int:
        """Marked attempts at all versions."""
        return sum(version.attempts for version in self.taken)


@dataclass(frozen=True)
class Chosen:
    """The version that a page is about, among those that were taken."""

    course: Course
    version_id: int
    taken: tuple[TakenVersion, ...]
    is_offered: bool

    @property
    def left_out(self) -> int:
        """Attempts at this version that are not a student's first."""
        return sum(v.attempts - v.first_attempts for v in self.taken if v.version_id == self.version_id)


@blueprint.get("/<course>/quality")
def quality(course: str) -> ResponseReturnValue:
    """Every quiz and scenario of a course, with how often it was taken."""
    found = load_judged_course(course).content
    return render_template("instructor/quality.html", course=found, tasks=_tasks(found))


@blueprint.get("/<course>/quizzes/<slug>/quality")
def quiz_quality(course: str, slug: str) -> ResponseReturnValue:
    """How one version of a quiz works: scores, reliability, questions, outcomes, groups."""
    chosen = _chosen(load_judged_course(course), Task.QUIZ, slug)
    quiz = _quiz(chosen)
    return render_template(
        "instructor/quiz-quality.html", chosen=chosen, quiz=quiz, found=_quiz_figures(chosen, quiz)
    )


@blueprint.get("/<course>/quizzes/<slug>/quality/questions/<int:number>")
def item_quality(course: str, slug: str, number: int) -> ResponseReturnValue:
    """How one question works: its options, times, confidence, and what to do about its flags."""
    chosen = _chosen(load_judged_course(course), Task.QUIZ, slug)
    quiz = _quiz(chosen)
    if not 1 <= number <= len(quiz.items):
        raise NotFound(UNKNOWN)
    found = _quiz_figures(chosen, quiz)
    return render_template(
        "instructor/item-quality.html",
        chosen=chosen,
        quiz=quiz,
        number=number,
        item=quiz.items[number - 1],
        figures=found.items[number - 1],
        words=words_of_parts(quiz.items[number - 1]),
    )


@blueprint.get("/<course>/quizzes/<slug>/quality.csv")
def quiz_quality_file(course: str, slug: str) -> ResponseReturnValue:
    """The table of questions as a file. It holds no personal data."""
    chosen = _chosen(load_judged_course(course), Task.QUIZ, slug)
    quiz = _quiz(chosen)
    rows = list(item_rows(_quiz_figures(chosen, quiz).items, quiz.outcomes))
    return csv_response(f"questions-{slug}-{chosen.version_id}.csv", list(map(str, HEADINGS)), lambda _: rows)


@blueprint.get("/<course>/scenarios/<slug>/quality")
def scenario_quality(course: str, slug: str) -> ResponseReturnValue:
    """How one version of a scenario works: scores, decisions, the ways that were taken."""
    chosen = _chosen(load_judged_course(course), Task.SCENARIO, slug)
    scenario = pinned(db_session(), chosen.version_id, Scenario).content
    found = _scenario_figures(chosen, scenario)
    return render_template(
        "instructor/scenario-quality.html",
        chosen=chosen,
        scenario=scenario,
        found=found,
        nodes=list(zip(decisions_in(scenario), found.analysis.items, strict=True)),
        places=words_of_places(scenario),
    )


@blueprint.get("/<course>/scenarios/<slug>/quality.csv")
def scenario_quality_file(course: str, slug: str) -> ResponseReturnValue:
    """The table of decisions as a file. It holds no personal data."""
    chosen = _chosen(load_judged_course(course), Task.SCENARIO, slug)
    scenario = pinned(db_session(), chosen.version_id, Scenario).content
    rows = list(item_rows(_scenario_figures(chosen, scenario).analysis.items, scenario.outcomes))
    return csv_response(f"decisions-{slug}-{chosen.version_id}.csv", list(map(str, HEADINGS)), lambda _: rows)


def _quiz(chosen: Chosen) -> Quiz:
    """The quiz with the keys that are in force in this course, corrections included."""
    quiz = pinned(db_session(), chosen.version_id, Quiz).content
    scope = Scope(current_visitor().academy_id, chosen.course.slug, quiz.slug, chosen.version_id)
    return quiz_in_force(db_session(), scope, quiz)


def _quiz_figures(chosen: Chosen, quiz: Quiz) -> "Analysis":
    from pme.reports.quality import quiz_quality  # noqa: PLC0415  (numpy)

    scope = attempts_judged(current_visitor(), chosen.course.slug)
    return quiz_quality(db_session(), scope, quiz, chosen.version_id)


def _scenario_figures(chosen: Chosen, scenario: Scenario) -> "ScenarioQuality":
    from pme.reports.quality import scenario_quality  # noqa: PLC0415  (numpy)

    scope = attempts_judged(current_visitor(), chosen.course.slug)
    return scenario_quality(db_session(), scope, scenario, chosen.version_id)


def _chosen(course: Versioned[Course], task: Task, slug: str) -> Chosen:
    """The version asked for; else the published one if it was taken, else the latest that was.

    Raises NotFound for a task that the course neither has nor had, and for a version that is not its own.
    """
    listed = next((t for t in _tasks(course.content) if (t.task, t.slug) == (task, slug)), None)
    if listed is None:
        raise NotFound(UNKNOWN)
    published = catalogue().quiz(slug) if task is Task.QUIZ else catalogue().scenario(slug)
    taken = [version.version_id for version in listed.taken]
    known = [*taken, *([published.version_id] if published else [])]
    asked = request.args.get("version")
    if asked is not None:
        version_id = number_in(asked)
        if version_id not in known:
            raise NotFound(UNKNOWN)
        return Chosen(course.content, version_id, listed.taken, listed.is_offered)
    is_taken = published is not None and published.version_id in taken
    first = published.version_id if published is not None and is_taken else known[0]
    return Chosen(course.content, first, listed.taken, listed.is_offered)


def _tasks(course: Course) -> list[Listed]:
    """The tasks of a course in its order, then those that it had and that were taken."""
    scope = attempts_judged(current_visitor(), course.slug)
    taken: dict[tuple[Task, str], list[TakenVersion]] = {}
    for version in taken_versions(db_session(), scope):
        taken.setdefault((version.task, version.slug), []).append(version)
    keys: dict[tuple[Task, str], None] = {}
    for slug in course.modules:
        module = catalogue().module(slug)
        if module is not None:
            keys |= {(Task.QUIZ, quiz): None for quiz in module.content.completion.quizzes}
            keys |= {(Task.SCENARIO, scenario): None for scenario in module.content.completion.scenarios}
    return [
        Listed(task, slug, _title(task, slug, versions), tuple(versions), (task, slug) in keys)
        for task, slug in keys | dict.fromkeys(taken)
        for versions in [taken.get((task, slug), [])]
    ]


def _title(task: Task, slug: str, taken: list[TakenVersion]) -> str:
    published = catalogue().quiz(slug) if task is Task.QUIZ else catalogue().scenario(slug)
    if published is not None:
        return published.content.title
    if not taken:
        return slug
    version_id = taken[0].version_id
    if task is Task.QUIZ:
        return pinned(db_session(), version_id, Quiz).content.title
    return pinned(db_session(), version_id, Scenario).content.title
