"""What is new for a person since their last visit: one statement over the rows that tell of it, built once.

The last visit is the end of the browser session before this one, as far as acts tell; whoever says that they have
seen the news sees only what came after. At the first visit nothing is new.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, AttemptStatus, Window
from pme.assessment.models_regrade import Revision
from pme.certificates.models import Certificate
from pme.content.library import Kind
from pme.content.models import ContentVersion, Publication, PublicationEntry
from pme.db import asked
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus, Extension
from pme.marking.models import Script
from pme.news.models import NewsSeen
from pme.people.models import BrowserSession
from pme.progress.models import CompletionEvent, EventKind, PageRead


class NewsKind(StrEnum):
    """What can be new."""

    SINCE = "since"
    """No news: since when it is counted."""
    EDITION = "edition"
    MARKS = "marks"
    CORRECTED = "corrected"
    DATES = "dates"
    WINDOW = "window"
    EXTENDED = "extended"
    REVOKED = "revoked"
    RESTORED = "restored"
    CERTIFICATE = "certificate"


@dataclass(frozen=True)
class Change:
    """One thing that is new. `name` is the slug of what it is about, or a name or number; `about` a day, a module,
    what the author said, or a kind of task, empty where its dates were taken away; `number` the id that leads there.
    """

    kind: NewsKind
    at: datetime
    course: str
    name: str
    about: str
    number: int


@dataclass(frozen=True)
class News:
    """What is new since a moment, the newest first; `since` is None at the first visit."""

    since: datetime | None = None
    changes: tuple[Change, ...] = ()


_person: ColumnElement[int] = bindparam("person_id")
_academy: ColumnElement[int] = bindparam("academy_id")
_own = (BrowserSession.person_id == _person, BrowserSession.academy_id == _academy)
_began = (
    select(BrowserSession.started_at)
    .where(*_own, BrowserSession.id == bindparam("session_id"))
    .scalar_subquery()
)
_last = (
    select(func.max(case((BrowserSession.renewed_at < _began, BrowserSession.renewed_at), else_=_began)))
    .where(*_own, BrowserSession.started_at < _began)
    .scalar_subquery()
)
_seen = (
    select(NewsSeen.seen_at)
    .where(NewsSeen.academy_id == _academy, NewsSeen.person_id == _person)
    .scalar_subquery()
)
_visit = select(_last.label("last_at"), _seen.label("seen_at")).cte("visit")
_later = case(
    (_visit.c.seen_at > _visit.c.last_at, _visit.c.seen_at),
    else_=func.coalesce(_visit.c.last_at, _visit.c.seen_at),
)
_since = select(_later.label("at")).cte("since")
SINCE = select(_since.c.at).scalar_subquery()

_active = and_(
    Enrolment.person_id == _person,
    Enrolment.academy_id == _academy,
    Enrolment.status == EnrolmentStatus.ACTIVE,
)
_attempted = (
    Attempt.person_id == _person,
    Attempt.academy_id == _academy,
    Attempt.status == AttemptStatus.FINISHED,
)


def _arm(
    kind: ColumnElement[str] | NewsKind, at: Any, course: Any, name: Any, about: Any, number: Any
) -> Any:
    what = literal(kind.value) if isinstance(kind, NewsKind) else kind
    texts = [literal(each) if isinstance(each, str) else each for each in (course, name, about)]
    return select(what.label("kind"), at.label("at"), *texts, number)


def _day(column: Any) -> Any:
    return func.coalesce(cast(column, String), "")


NEWS = union_all(
    _arm(NewsKind.SINCE, Publication.at, "", "", "", literal(0)).where(Publication.id < 0),  # says the types
    _arm(NewsKind.SINCE, _since.c.at, "", "", "", literal(0)),
    _arm(
        NewsKind.EDITION,
        Publication.at,
        Enrolment.course,
        ContentVersion.slug,
        Publication.note,
        Publication.id,
    )
    .join(PublicationEntry, PublicationEntry.publication_id == Publication.id)
    .join(ContentVersion, ContentVersion.id == PublicationEntry.version_id)
    .join(PageRead, PageRead.module == ContentVersion.slug)
    .join(Enrolment, Enrolment.id == PageRead.enrolment_id)
    .where(
        _active,
        Publication.at > SINCE,
        ContentVersion.kind == Kind.MODULE,
        ContentVersion.published_at == Publication.at,
        PageRead.read_at < ContentVersion.published_at,
    )
    .distinct(),
    _arm(NewsKind.MARKS, Attempt.finished_at, Attempt.course, Attempt.slug, Attempt.module, Attempt.id)
    .join(Script, Script.attempt_id == Attempt.id)
    .where(*_attempted, Attempt.finished_at > SINCE)
    .distinct(),
    _arm(NewsKind.CORRECTED, func.max(Revision.at), Attempt.course, Attempt.slug, Attempt.module, Attempt.id)
    .join(Revision, Revision.attempt_id == Attempt.id)
    .where(*_attempted, Revision.at > SINCE, Revision.at > Attempt.finished_at)
    .group_by(Attempt.course, Attempt.slug, Attempt.module, Attempt.id),
    _arm(NewsKind.DATES, Cohort.changed_at, Enrolment.course, Cohort.name, _day(Cohort.due_on), Enrolment.id)
    .join(Enrolment, Enrolment.cohort_id == Cohort.id)
    .where(
        _active,
        Cohort.academy_id == _academy,
        Cohort.changed_at > SINCE,
        Cohort.changed_at > Enrolment.enrolled_at,
        ~exists().where(
            Window.cohort_id == Cohort.id,
            Window.academy_id == _academy,
            Window.changed_at == Cohort.changed_at,  # then it is told which
        ),
    ),
    _arm(
        NewsKind.WINDOW,
        Window.changed_at,
        Enrolment.course,
        Window.slug,
        case(
            (and_(Window.opens_at.is_(None), Window.closes_at.is_(None)), ""), else_=cast(Window.task, String)
        ),
        Window.id,
    )
    .join(Enrolment, Enrolment.cohort_id == Window.cohort_id)
    .where(
        _active,
        Window.academy_id == _academy,
        Window.changed_at > SINCE,
        Window.changed_at > Enrolment.enrolled_at,
    ),
    _arm(NewsKind.EXTENDED, Extension.at, Enrolment.course, "", _day(Extension.due_on), Enrolment.id)
    .join(Enrolment, Enrolment.id == Extension.enrolment_id)
    .where(_active, Extension.academy_id == _academy, Extension.at > SINCE),
    _arm(cast(CompletionEvent.kind, String), CompletionEvent.at, Enrolment.course, "", "", Enrolment.id)
    .join(Enrolment, Enrolment.id == CompletionEvent.enrolment_id)
    .where(
        Enrolment.person_id == _person,
        CompletionEvent.academy_id == _academy,
        CompletionEvent.kind.in_((EventKind.REVOKED, EventKind.RESTORED)),
        CompletionEvent.at > SINCE,
    ),
    _arm(
        NewsKind.CERTIFICATE,
        Certificate.issued_at,
        Certificate.course,
        Certificate.number,
        "",
        Certificate.id,
    ).where(
        Certificate.person_id == _person,
        Certificate.academy_id == _academy,
        Certificate.issued_at > SINCE,
    ),
)


def news_for(session: Session, academy_id: int, person_id: int, *, session_id: int) -> News:
    """What is new for a person at an academy, who is there in this browser session."""
    given = {"academy_id": academy_id, "person_id": person_id, "session_id": session_id}
    rows = asked(session, NEWS, given).all()
    since = next((row[1] for row in rows if row[0] == NewsKind.SINCE), None)
    changes = [Change(NewsKind(row[0]), *row[1:]) for row in rows if row[0] != NewsKind.SINCE]
    return News(
        since, tuple(sorted(changes, key=lambda each: (each.at, each.kind, each.number), reverse=True))
    )
