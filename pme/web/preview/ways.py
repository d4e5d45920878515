"""The way through a course of a preview: the course and its modules, with what was done in them there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from pme.assessment.models import Task
from pme.assessment.queries import TaskStanding
from pme.authoring.trial import QuizTrial, ScenarioTrial, Trial
from pme.content.catalogue import Versioned
from pme.content.shapes import Course, Module
from pme.errors import NotFound
from pme.progress.completion import Facts, Place, StepKind, module_progress
from pme.web.loaders import UNKNOWN
from pme.web.preview.access import looker
from pme.web.preview.pages import trial
from pme.web.tongues import in_language
from pme.web.way import Way


@dataclass(frozen=True)
class PreviewWay(Way):
    """A course in a preview, with what was done in it there."""

    key: str

    def address_of(self, place: Place) -> str:
        """The address of a step."""
        at: dict[str, Any] = {"key": self.key, "course": self.course.content.slug, "module": place.module}
        match place.kind:
            case StepKind.PAGE:
                return url_for("preview.page", **at, page=place.slug)
            case StepKind.QUIZ:
                return url_for("preview.quiz", **at, slug=place.slug)
            case StepKind.SCENARIO:
                return url_for("preview.scenario", **at, slug=place.slug)


def load_course(slug: str) -> Versioned[Course]:
    """A course of this preview. Raises NotFound when it has none of this name."""
    who = looker()
    found = who.shown.catalogue.course(slug) if who.courses is None or slug in who.courses else None
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def load_module(course: str, slug: str) -> tuple[PreviewWay, Module]:
    """A module of a course, with the way through that course."""
    found = load_course(course)
    module = looker().shown.catalogue.module(slug) if slug in found.content.modules else None
    if module is None:
        raise NotFound(UNKNOWN)
    return way_of(found), module.content


def way_of(course: Versioned[Course]) -> PreviewWay:
    """A course with what was done in it in this preview."""
    done, known = trial(), looker().shown.catalogue
    modules = tuple(module for slug in course.content.modules if (module := known.module(slug)))
    facts = Facts(
        read=done.read,
        quizzes_passed=frozenset(slug for slug, quiz in done.quizzes.items() if quiz.is_passed),
        scenarios_passed=frozenset(
            slug for slug, one in done.scenarios.items() if one.is_passed and one.is_done
        ),
    )
    whole = frozenset(
        each.content.slug for each in modules if module_progress(each.content, facts).is_complete
    )
    language = done.language or looker().language
    return PreviewWay(
        course=in_language(course, language),
        modules=tuple(in_language(each, language) for each in modules),
        language=language,
        facts=facts.with_modules(whole),
        standings=_standings(done),
        catalogue=known,
        key=looker().key,
    )


def _standings(done: Trial) -> dict[tuple[Task, str], TaskStanding]:
    """How each task stands; no number of attempts is ever used up in a preview."""
    begun: list[tuple[Task, Mapping[str, QuizTrial | ScenarioTrial]]] = [
        (Task.QUIZ, done.quizzes),
        (Task.SCENARIO, done.scenarios),
    ]
    return {
        (task, slug): TaskStanding(
            task=task,
            slug=slug,
            attempts=0,
            unfinished_id=None if one.is_done else 1,
            latest_finished_id=None,
            best_percent=None,
            is_passed=one.is_passed,
        )
        for task, ones in begun
        for slug, one in ones.items()
    }
