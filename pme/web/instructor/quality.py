"""The instructor's door at quality: how the questions and scenarios of a course work, by what students did."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
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
from pme.reports import kept
from pme.reports.kept import Standing
from pme.reports.quality_kept import Edition, has_taken, shown, standing_of
from pme.reports.quality_versions import TakenVersion, taken_versions
from pme.web.addresses import number_in
from pme.web.forms import ActForm
from pme.web.instructor.quality_asked import Entry, Narrowed, asked_along, excerpt, quiz_entries
from pme.web.instructor.quality_file import HEADINGS, item_rows
from pme.web.instructor.views import blueprint
from pme.web.loaders import UNKNOWN, catalogue, load_judged_course
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.stream import csv_response
from pme.web.working import nobody_works_on
from pme.words.speech import _


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


@dataclass(frozen=True)
class Figures:
    """The figures of a version: an Analysis of a quiz, the ScenarioQuality of a scenario; None where they take long
    and were not worked out yet. `standing` is how they stand where they are kept.
    """

    found: Any
    standing: Standing | None = None

    @property
    def of_when(self) -> str:
        """What the name of a file says of the moment that kept figures are as of."""
        as_of = self.standing.as_of if self.standing else None
        return f"-as-of-{as_of:%Y-%m-%d}" if as_of else ""

    @property
    def standing_shown(self) -> dict[str, Any]:
        """What a page says of it."""
        job = self.standing.job if self.standing else None
        is_missed = job is not None and nobody_works_on(job)
        return {"standing": self.standing, "is_missed": is_missed, "act": ActForm(formdata=None)}


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
    figures = _figures(chosen, quiz)
    entries = quiz_entries(quiz, figures.found.items if figures.found else (), _own(chosen, slug))
    return render_template(
        "instructor/quiz-quality.html",
        chosen=chosen,
        quiz=quiz,
        found=figures.found,
        entries=entries,
        listed=Narrowed.of(entries, request.args, "instructor.quiz_quality", _own(chosen, slug)),
        **figures.standing_shown,
    )


@blueprint.get("/<course>/quizzes/<slug>/quality/questions/<int:number>")
def item_quality(course: str, slug: str, number: int) -> ResponseReturnValue:
    """How one question works: its options, times, confidence, and what to do about its flags."""
    chosen = _chosen(load_judged_course(course), Task.QUIZ, slug)
    quiz = _quiz(chosen)
    if not 1 <= number <= len(quiz.items):
        raise NotFound(UNKNOWN)
    figures = _figures(chosen, quiz)
    if figures.found is None:
        return _to_page(chosen, quiz)
    return render_template(
        "instructor/item-quality.html",
        chosen=chosen,
        quiz=quiz,
        number=number,
        item=quiz.items[number - 1],
        figures=figures.found.items[number - 1],
        standing=figures.standing,
        words=words_of_parts(quiz.items[number - 1]),
        along=asked_along(request.args),
    )


@blueprint.get("/<course>/quizzes/<slug>/quality.csv")
def quiz_quality_file(course: str, slug: str) -> ResponseReturnValue:
    """The table of questions as a file. It holds no personal data."""
    chosen = _chosen(load_judged_course(course), Task.QUIZ, slug)
    quiz = _quiz(chosen)
    figures = _figures(chosen, quiz)
    if figures.found is None:
        return _to_page(chosen, quiz)
    rows = list(item_rows(figures.found.items, quiz.outcomes))
    name = f"questions-{slug}-{chosen.version_id}{figures.of_when}.csv"
    return csv_response(name, list(map(str, HEADINGS)), lambda _: rows)


@blueprint.get("/<course>/scenarios/<slug>/quality")
def scenario_quality(course: str, slug: str) -> ResponseReturnValue:
    """How one version of a scenario works: scores, decisions, the ways that were taken."""
    chosen = _chosen(load_judged_course(course), Task.SCENARIO, slug)
    scenario = pinned(db_session(), chosen.version_id, Scenario).content
    figures = _figures(chosen, scenario)
    found = figures.found
    nodes = list(zip(decisions_in(scenario), found.analysis.items, strict=True)) if found else []
    entries = [
        Entry(number, excerpt(node.prompt), "", each) for number, (node, each) in enumerate(nodes, start=1)
    ]
    return render_template(
        "instructor/scenario-quality.html",
        chosen=chosen,
        scenario=scenario,
        found=found,
        nodes=nodes,
        listed=Narrowed.of(entries, request.args, "instructor.scenario_quality", _own(chosen, slug)),
        places=words_of_places(scenario),
        **figures.standing_shown,
    )


@blueprint.get("/<course>/scenarios/<slug>/quality.csv")
def scenario_quality_file(course: str, slug: str) -> ResponseReturnValue:
    """The table of decisions as a file. It holds no personal data."""
    chosen = _chosen(load_judged_course(course), Task.SCENARIO, slug)
    scenario = pinned(db_session(), chosen.version_id, Scenario).content
    figures = _figures(chosen, scenario)
    if figures.found is None:
        return _to_page(chosen, scenario)
    rows = list(item_rows(figures.found.analysis.items, scenario.outcomes))
    name = f"decisions-{slug}-{chosen.version_id}{figures.of_when}.csv"
    return csv_response(name, list(map(str, HEADINGS)), lambda _: rows)


@blueprint.post("/<course>/quizzes/<slug>/quality/figures")
def quiz_figures(course: str, slug: str) -> ResponseReturnValue:
    """Let the figures of a quiz that very many have taken be worked out anew."""
    chosen = _chosen(load_judged_course(course), Task.QUIZ, slug)
    return _ask(chosen, _quiz(chosen))


@blueprint.post("/<course>/scenarios/<slug>/quality/figures")
def scenario_figures(course: str, slug: str) -> ResponseReturnValue:
    """Let the figures of a scenario that very many have taken be worked out anew."""
    chosen = _chosen(load_judged_course(course), Task.SCENARIO, slug)
    return _ask(chosen, pinned(db_session(), chosen.version_id, Scenario).content)


def _own(chosen: Chosen, slug: str) -> dict[str, Any]:
    """What names a page of quality: with its version where one was asked for."""
    named = {"course": chosen.course.slug, "slug": slug}
    return named | ({"version": chosen.version_id} if "version" in request.args else {})


def _quiz(chosen: Chosen) -> Quiz:
    """The quiz with the keys that are in force in this course, corrections included."""
    quiz = pinned(db_session(), chosen.version_id, Quiz).content
    scope = Scope(current_visitor().academy_id, chosen.course.slug, quiz.slug, chosen.version_id)
    return quiz_in_force(db_session(), scope, quiz)


def _figures(chosen: Chosen, content: Quiz | Scenario) -> Figures:
    """The figures of a version: those of now, or where very many have taken it, those that are kept."""
    session, visitor = db_session(), current_visitor()
    edition = _edition(chosen, content)
    standing = standing_of(session, edition, content)
    if standing is not None and not has_taken(session, edition, visitor.person_id):
        return Figures(shown(standing) if standing.is_there else None, standing)
    from pme.reports import quality as figures  # noqa: PLC0415  (numpy)

    scope = attempts_judged(visitor, chosen.course.slug)
    if isinstance(content, Quiz):
        return Figures(figures.quiz_quality(session, scope, content, chosen.version_id))
    return Figures(figures.scenario_quality(session, scope, content, chosen.version_id))


def _edition(chosen: Chosen, content: Quiz | Scenario) -> Edition:
    task = Task.QUIZ if isinstance(content, Quiz) else Task.SCENARIO
    academy_id = current_visitor().academy_id
    return Edition(academy_id, chosen.course.slug, task, content.slug, chosen.version_id)


def _ask(chosen: Chosen, content: Quiz | Scenario) -> ResponseReturnValue:
    standing = standing_of(db_session(), _edition(chosen, content), content)
    if standing is not None:  # else they are worked out whenever the page is shown
        title, by = _("Figures of {report}", report=content.title), current_visitor().person_id
        with transaction() as session:
            kept.ask(session, standing.subject, title=title, person_id=by, at=now())
    return _to_page(chosen, content)


def _to_page(chosen: Chosen, content: Quiz | Scenario) -> ResponseReturnValue:
    page = "instructor.quiz_quality" if isinstance(content, Quiz) else "instructor.scenario_quality"
    to = url_for(page, course=chosen.course.slug, slug=content.slug, version=chosen.version_id)
    return redirect(to, HTTPStatus.SEE_OTHER)


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
