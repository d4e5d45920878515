"""Reads about sources: how each came to be as it is, and which certificates rest on it.

A certificate rests on the versions of modules that were completed for it and of quizzes and scenarios finished
for it. What they cited is kept with each version, so old editions answer as they were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, exists, false, func, or_, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, AttemptStatus
from pme.authoring.plan import Count
from pme.certificates.models import Certificate
from pme.content.models import Publication, PublicationFile, SourceFile, VersionSource
from pme.content.parse_sources import SOURCES, Bibliography, Succession, parse_sources
from pme.content.problems import Findings
from pme.content.shapes import Source
from pme.people.models import Person
from pme.progress.models import ModuleCompletion
from pme.scope import everywhere
from pme.words.lazily import lazy

MOST_VERSIONS = 60
"""States of the bibliography that a history looks back on."""
SHOWN = 50
FIELDS = {
    "title": lazy("Title"),
    "body": lazy("Who issued it"),
    "date": lazy("Date"),
    "url": lazy("Web address"),
    "status": lazy("Status"),
    "note": lazy("Note"),
    "by": lazy("Superseded by"),
    "because": lazy("Reason it was superseded"),
}


@dataclass(frozen=True)
class CertificateLine:
    """A certificate as it is listed."""

    number: str
    holder: str
    course: str
    issued_on: date


@dataclass(frozen=True)
class FieldChange:
    """A field of a source that a publication changed, by its name for people; "" for nothing there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class SourceChange:
    """What a publication made of a source. `by` is None where it came from the files of the folder."""

    publication_id: int
    at: datetime
    by: str | None
    what: str
    fields: tuple[FieldChange, ...] = ()


def certificates_on(session: Session, key: str, academy_id: int) -> Count:
    """How many certificates rest on a source, at this academy and in all."""
    versions = _versions_citing(session, key)
    counted = select(Certificate.academy_id, func.count()).where(_rests_on(versions))
    with everywhere(session):  # a number of all academies, and of whom it counts no trace
        rows = session.execute(counted.group_by(Certificate.academy_id)).all()
    counts = {academy: number for academy, number in rows}  # noqa: C416  (rows are not pairs to the type checker)
    return Count(counts.get(academy_id, 0), sum(counts.values()))


def certificate_lines(
    session: Session, key: str, allowed: ColumnElement[bool], *, page: int = 1
) -> list[CertificateLine]:
    """The certificates that rest on a source, of those that the visitor may list, the latest first.

    One more than is shown on a page tells that there is another.
    """
    rows = session.execute(
        select(Certificate.number, Certificate.holder_name, Certificate.course_title, Certificate.issued_on)
        .where(allowed, _rests_on(_versions_citing(session, key)))
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        .offset((page - 1) * SHOWN)
        .limit(SHOWN + 1)
    )
    return [CertificateLine(*row) for row in rows]


def history_of(session: Session, key: str) -> list[SourceChange]:
    """What publications made of a source, the latest first, as far back as states of the bibliography are read."""
    rows = session.execute(
        select(Publication.id, Publication.at, Person.name, PublicationFile.sha256)
        .join(PublicationFile, PublicationFile.publication_id == Publication.id)
        .outerjoin(Person, Person.id == Publication.by_id)
        .where(PublicationFile.path == SOURCES)
        .order_by(Publication.id)
    ).all()
    states = [row for at, row in enumerate(rows) if at == 0 or row.sha256 != rows[at - 1].sha256][
        -MOST_VERSIONS:
    ]
    bytes_of = dict(
        session.execute(
            select(SourceFile.sha256, SourceFile.content).where(
                SourceFile.sha256.in_([row.sha256 for row in states])
            )
        ).all()
    )
    found: list[SourceChange] = []
    before: Mapping[str, str] = {}
    for row in states:
        after = _entry(key, bibliography_of(bytes_of.get(row.sha256, b"")))
        if after != before:
            what = "added" if not before else "taken out" if not after else "changed"
            changes = _changes(before, after) if what == "changed" else ()
            found.append(SourceChange(row.id, row.at, row.name, what, changes))
        before = after
    return found[::-1]


@lru_cache(maxsize=MOST_VERSIONS)
def bibliography_of(content: bytes) -> Bibliography:
    """The bibliography in the bytes of its file, as far as they can be read."""
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return parse_sources(text, Findings(SOURCES)) if text.strip() else Bibliography()


def _versions_citing(session: Session, key: str) -> Sequence[int]:
    # Asked for first: they are few, and often none, which spares a look at every certificate.
    return session.scalars(select(VersionSource.version_id).where(VersionSource.source_key == key)).all()


def _rests_on(versions: Sequence[int]) -> ColumnElement[bool]:
    if not versions:
        return false()
    of_modules = select(ModuleCompletion.id).where(
        ModuleCompletion.enrolment_id == Certificate.enrolment_id,
        ModuleCompletion.version_id.in_(versions),
        ModuleCompletion.completed_at <= Certificate.issued_at,
    )
    of_tasks = select(Attempt.id).where(
        Attempt.enrolment_id == Certificate.enrolment_id,
        Attempt.version_id.in_(versions),
        Attempt.status == AttemptStatus.FINISHED,
        func.coalesce(Attempt.finished_at, Attempt.started_at) <= Certificate.issued_at,
    )
    return or_(exists(of_modules), exists(of_tasks))


def _entry(key: str, bibliography: Bibliography) -> Mapping[str, str]:
    source = bibliography.sources.get(key)
    if source is None:
        return {}
    told = bibliography.successions.get(key, Succession())
    return {**_fields(source), "by": told.by, "because": told.because}


def _fields(source: Source) -> dict[str, str]:
    return {
        name: str(getattr(source, name) or "") for name in ("title", "body", "date", "url", "status", "note")
    }


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(called, before[name], after[name])
        for name, called in FIELDS.items()
        if before[name] != after[name]
    )
