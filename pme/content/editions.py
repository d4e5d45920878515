"""Editions of courses: a course with everything that completes it, each in one version.

An edition is kept when it is first published, so that what was earned on it can name it for good.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.content.catalogue import Catalogue, Versioned, version
from pme.content.edition_content import EditionContent
from pme.content.library import Content, Kind
from pme.content.models import CourseEdition, EditionPart
from pme.content.shapes import Course, Module, Quiz, Scenario

Find = Callable[[Kind, str], Versioned[Content] | None]
Key = tuple[Kind, str]


def parts_of(course: Versioned[Course], find: Find) -> list[Versioned[Content]]:
    """The course, its modules in order, and the quizzes and scenarios that complete each of them."""
    parts: list[Versioned[Content]] = [course]
    for slug in course.content.modules:
        module = find(Kind.MODULE, slug)
        if module is None or not isinstance(module.content, Module):
            continue
        completion = module.content.completion
        names = [(Kind.QUIZ, name) for name in completion.quizzes]
        names += [(Kind.SCENARIO, name) for name in completion.scenarios]
        parts += [module, *(task for kind, name in names if (task := find(kind, name)) is not None)]
    return list({(part.content.kind, part.content.slug): part for part in parts}.values())


def digest_of(parts: Iterable[Versioned[Content]]) -> str:
    """The name of exactly these versions: SHA-256 of their kinds, slugs and hashes."""
    lines = sorted(f"{part.content.kind}/{part.content.slug} {part.sha256}" for part in parts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def keep_editions(session: Session, found: Mapping[Key, Versioned[Content]], *, at: datetime) -> None:
    """Keep the edition of each course among these versions, unless it is kept already.

    Expects to be the only one who publishes until the transaction ends.
    """
    for (_, slug), course in sorted(found.items()):
        if not isinstance(course.content, Course):
            continue
        parts = parts_of(Versioned(course.version_id, course.sha256, course.content), _among(found))
        digest = digest_of(parts)
        of_course = CourseEdition.course == slug
        if session.scalar(select(CourseEdition.id).where(of_course, CourseEdition.digest == digest)):
            continue
        last = session.scalar(select(func.max(CourseEdition.number)).where(of_course)) or 0
        edition = CourseEdition(
            course=slug, number=last + 1, digest=digest, version_id=course.version_id, published_at=at
        )
        session.add(edition)
        session.flush()
        session.add_all(EditionPart(edition_id=edition.id, version_id=part.version_id) for part in parts)
    session.flush()


def current_edition(session: Session, catalogue: Catalogue, slug: str) -> CourseEdition | None:
    """The edition of a course that is published now, or None where there is no such course."""
    course = catalogue.course(slug)
    if course is None:
        return None
    digest = digest_of(parts_of(course, _in(catalogue)))
    return session.scalar(
        select(CourseEdition).where(CourseEdition.course == slug, CourseEdition.digest == digest)
    )


def editions_of(session: Session, course: str) -> Sequence[CourseEdition]:
    """Every edition of a course, the newest first."""
    return session.scalars(
        select(CourseEdition).where(CourseEdition.course == course).order_by(CourseEdition.number.desc())
    ).all()


def edition_by_id(session: Session, edition_id: int | None) -> CourseEdition | None:
    """The edition of this id, or None."""
    return session.get(CourseEdition, edition_id) if edition_id is not None else None


def content_of(session: Session, edition: CourseEdition) -> EditionContent:
    """What an edition says, published now or long ago."""
    ids = select(EditionPart.version_id).where(EditionPart.edition_id == edition.id)
    contents = [version(session, version_id).content for version_id in session.scalars(ids)]
    (course,) = (content for content in contents if isinstance(content, Course))
    return EditionContent(
        course=course,
        modules={content.slug: content for content in contents if isinstance(content, Module)},
        quizzes={content.slug: content for content in contents if isinstance(content, Quiz)},
        scenarios={content.slug: content for content in contents if isinstance(content, Scenario)},
    )


def _among(found: Mapping[Key, Versioned[Content]]) -> Find:
    return lambda kind, slug: found.get((kind, slug))


def _in(catalogue: Catalogue) -> Find:
    by_kind: Mapping[Kind, Callable[[str], Versioned[Content] | None]] = {
        Kind.MODULE: catalogue.module,
        Kind.QUIZ: catalogue.quiz,
        Kind.SCENARIO: catalogue.scenario,
    }
    return lambda kind, slug: by_kind[kind](slug)
