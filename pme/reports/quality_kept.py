"""The quality of a version that very many have taken is worked out by a job and kept, with its moment.

Up to `AT_ONCE` answers it is worked out whenever somebody looks. Importing this file imports no numpy; working out
and showing do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, Task
from pme.assessment.regrades import Scope, quiz_in_force
from pme.assessment.statistics_words import decisions_in
from pme.content.blueprint import number_asked
from pme.content.catalogue import contents, pinned
from pme.content.shapes import Quiz, Scenario
from pme.reports.kept import Basis, Standing, Subject, standing
from pme.reports.quality_versions import is_counted

AT_ONCE = 40_000
"""How many answers of first attempts are looked through while somebody waits: some tenths of a second."""
NAMES = {Task.QUIZ: "quiz-quality", Task.SCENARIO: "scenario-quality"}


@dataclass(frozen=True)
class Edition:
    """A version of a quiz or scenario as it was taken in one course of an academy."""

    academy_id: int
    course: str
    task: Task
    slug: str
    version_id: int

    @property
    def subject(self) -> Subject:
        """Under what its figures are kept."""
        asked = {"course": self.course, "slug": self.slug, "version": self.version_id}
        return Subject(self.academy_id, NAMES[self.task], asked)


def edition_of(subject: Subject) -> Edition | None:
    """The edition that figures are kept of; None where they are not of the quality of one."""
    task = next((task for task, name in NAMES.items() if name == subject.name), None)
    if task is None:
        return None
    asked = subject.asked
    return Edition(subject.academy_id, asked["course"], task, asked["slug"], asked["version"])


def standing_of(session: Session, edition: Edition, content: Quiz | Scenario) -> Standing | None:
    """How the kept figures of an edition stand; None where they are worked out here and now."""
    basis = _basis(session, edition)
    if sum(basis.values()) * _answers(content) <= AT_ONCE:
        return None
    return standing(session, edition.subject, basis)


def has_taken(session: Session, edition: Edition, person_id: int) -> bool:
    """Whether somebody has attempts of their own among those of an edition, which are never shown to them."""
    own = select(Attempt.id).where(
        Attempt.academy_id == edition.academy_id,
        Attempt.person_id == person_id,
        Attempt.course == edition.course,
        Attempt.version_id == edition.version_id,
    )
    return session.scalar(own.limit(1)) is not None


def shown(found: Standing) -> Any:
    """Kept figures as they were worked out: an Analysis of a quiz, the ScenarioQuality of a scenario."""
    return import_module("pme.reports.quality_plain").whole_again(found.figures)


def worked_out(session: Session, edition: Edition) -> tuple[Any, Basis]:
    """The figures of an edition as they are kept, and what they rest on."""
    quality, told = import_module("pme.reports.quality"), import_module("pme.reports.quality_plain")
    scope = and_(Attempt.academy_id == edition.academy_id, Attempt.course == edition.course)
    if edition.task is Task.QUIZ:
        quiz = pinned(session, edition.version_id, Quiz).content
        keys = Scope(edition.academy_id, edition.course, edition.slug, edition.version_id)
        found = quality.quiz_quality(session, scope, quiz_in_force(session, keys, quiz), edition.version_id)
    else:
        scenario = pinned(session, edition.version_id, Scenario).content
        found = quality.scenario_quality(session, scope, scenario, edition.version_id)
    return told.plain(found), _basis(session, edition)


def large(session: Session, academy_id: int) -> Sequence[Standing]:
    """How those editions stand whose figures are kept, or ought to be, since so many have taken them."""
    counted = select(Attempt.course, Attempt.task, Attempt.slug, Attempt.version_id, func.count())
    rows = session.execute(
        counted.where(
            Attempt.academy_id == academy_id, Attempt.number == 1, or_(*map(is_counted, NAMES))
        ).group_by(Attempt.course, Attempt.task, Attempt.slug, Attempt.version_id)
    ).all()
    editions = {row[3] for row in rows}
    content = {
        number: each
        for number, each in contents(session, editions).items()
        if isinstance(each, Quiz | Scenario)
    }
    return [
        standing(session, Edition(academy_id, course, task, slug, version_id).subject, {course: number})
        for course, task, slug, version_id, number in rows
        if version_id in content and number * _answers(content[version_id]) > AT_ONCE
    ]


def _answers(content: Quiz | Scenario) -> int:
    """How many answers or decisions an attempt has at most."""
    return number_asked(content) if isinstance(content, Quiz) else len(decisions_in(content))


def _basis(session: Session, edition: Edition) -> Mapping[str, int]:
    number = session.scalar(
        select(func.count()).where(
            Attempt.academy_id == edition.academy_id,
            Attempt.number == 1,
            Attempt.course == edition.course,
            is_counted(edition.task),
            Attempt.slug == edition.slug,
            Attempt.version_id == edition.version_id,
        )
    )
    return {edition.course: number or 0}
