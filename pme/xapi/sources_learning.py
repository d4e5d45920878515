"""What is told of learning that counts: pages, modules, courses and what came of their completion, certificates."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.certificates.models import Certificate, CertificateEvent, CertificateEventKind
from pme.content.models import CourseEdition
from pme.enrolment.models import Enrolment
from pme.progress.models import CompletionEvent, CourseCompletion, EventKind, ModuleCompletion, PageRead
from pme.xapi.asking import AT_ONCE, Ask, Contents, Found
from pme.xapi.statements import Outcome, Told
from pme.xapi.vocabulary import Extension, Verb

READ, MODULES, COURSES, CERTIFICATES, WITHDRAWN = (
    "page",
    "module",
    "completion-event",
    "certificate",
    "certificate-event",
)


def read(session: Session, ask: Ask, after: int) -> list[Found]:
    """Pages that were marked as read."""
    found = session.execute(
        select(PageRead, Enrolment.person_id, Enrolment.course)
        .join(Enrolment, Enrolment.id == PageRead.enrolment_id)
        .where(
            Enrolment.academy_id == ask.academy_id,
            PageRead.id > after,
            ask.is_new(READ, PageRead.id, Enrolment.person_id),
        )
        .order_by(PageRead.id)
        .limit(AT_ONCE)
    ).all()
    contents, made = Contents(session), []
    for row, person_id, course in found:
        version = contents(row.version_id)
        page = version.content.page(row.page)
        language = version.content.language
        told = Told(
            name=f"page/{row.id}",
            actor="",
            verb=Verb.PROGRESSED,
            activity=ask.page(course, row.module, row.page, page.title if page else "", language),
            at=row.read_at,
            registration=str(row.enrolment_id),
            outcome=Outcome(completion=True),
            parents=(ask.module(course, row.module),),
            grouping=(ask.course(course),),
            language=language,
            revision=version.sha256,
            extensions=ask.marks,
        )
        made.append(Found(row.id, person_id, (told,)))
    return made


def modules(session: Session, ask: Ask, after: int) -> list[Found]:
    """Modules that were completed."""
    found = session.execute(
        select(ModuleCompletion, Enrolment.person_id, Enrolment.course)
        .join(Enrolment, Enrolment.id == ModuleCompletion.enrolment_id)
        .where(
            Enrolment.academy_id == ask.academy_id,
            ModuleCompletion.id > after,
            ask.is_new(MODULES, ModuleCompletion.id, Enrolment.person_id),
        )
        .order_by(ModuleCompletion.id)
        .limit(AT_ONCE)
    ).all()
    contents, made = Contents(session), []
    for row, person_id, course in found:
        version = contents(row.version_id)
        told = Told(
            name=f"module/{row.id}",
            actor="",
            verb=Verb.COMPLETED,
            activity=ask.module(course, row.module, version.content.title, version.content.language),
            at=row.completed_at,
            registration=str(row.enrolment_id),
            outcome=Outcome(completion=True),
            parents=(ask.course(course),),
            grouping=(ask.course(course),),
            language=version.content.language,
            revision=version.sha256,
            extensions=ask.marks,
        )
        made.append(Found(row.id, person_id, (told,)))
    return made


def courses(session: Session, ask: Ask, after: int) -> list[Found]:
    """Courses that were completed, and what came of it: a changed result, revoked, restored, renewed."""
    found = session.execute(
        select(
            CompletionEvent,
            Enrolment.person_id,
            CourseEdition.digest,
            CourseEdition.version_id,
            CourseCompletion.version_id,
        )
        .join(Enrolment, Enrolment.id == CompletionEvent.enrolment_id)
        .join(CourseCompletion, CourseCompletion.enrolment_id == CompletionEvent.enrolment_id)
        .outerjoin(CourseEdition, CourseEdition.id == CompletionEvent.edition_id)
        .where(
            CompletionEvent.academy_id == ask.academy_id,
            Enrolment.academy_id == ask.academy_id,
            CourseCompletion.academy_id == ask.academy_id,
            CompletionEvent.id > after,
            ask.is_new(COURSES, CompletionEvent.id, Enrolment.person_id),
        )
        .order_by(CompletionEvent.id)
        .limit(AT_ONCE)
    ).all()
    contents, made = Contents(session), []
    for row, person_id, digest, of_edition, of_completion in found:
        version = contents(of_edition or of_completion)
        is_revoked = row.kind is EventKind.REVOKED
        told = Told(
            name=f"completion-event/{row.id}",
            actor="",
            verb=Verb.REVOKED if is_revoked else Verb.COMPLETED,
            activity=ask.course(row.course, version.content.title, version.content.language),
            at=row.at,
            registration=str(row.enrolment_id),
            outcome=Outcome() if is_revoked else Outcome(row.percent, completion=True),
            language=version.content.language,
            revision=version.sha256,
            extensions={
                Extension.EVENT: row.kind.value,
                **({Extension.EDITION: digest} if digest else {}),
                **ask.marks,
            },
        )
        made.append(Found(row.id, person_id, (told,)))
    return made


def certificates(session: Session, ask: Ask, after: int) -> list[Found]:
    """Certificates that were issued."""
    found = session.scalars(
        select(Certificate)
        .where(
            Certificate.academy_id == ask.academy_id,
            Certificate.id > after,
            ask.is_new(CERTIFICATES, Certificate.id, Certificate.person_id),
        )
        .order_by(Certificate.id)
        .limit(AT_ONCE)
    ).all()
    before = _before(session, ask, [each.replaces_id for each in found if each.replaces_id])
    made = []
    for row in found:
        told = Told(
            name=ask.name_of_certificate(row.id),
            actor="",
            verb=Verb.EARNED,
            activity=ask.certificate(row.code, row.number, row.course_title, row.language),
            at=row.issued_at,
            registration=str(row.enrolment_id),
            outcome=Outcome(row.percent),
            parents=(ask.course(row.course),),
            grouping=(ask.course(row.course),),
            language=row.language,
            revision=row.course_sha256,
            extensions={
                Extension.EVENT: row.cause.value,
                **({Extension.EDITION: row.edition_sha256} if row.edition_sha256 else {}),
                **({Extension.REPLACES: before[row.replaces_id]} if row.replaces_id in before else {}),
                **ask.marks,
            },
        )
        made.append(Found(row.id, row.person_id, (told,)))
    return made


def withdrawn(session: Session, ask: Ask, after: int) -> list[Found]:
    """Certificates that were revoked. On what ground is public, why in words is not."""
    found = session.execute(
        select(CertificateEvent, Certificate)
        .join(Certificate, Certificate.id == CertificateEvent.certificate_id)
        .where(
            CertificateEvent.academy_id == ask.academy_id,
            Certificate.academy_id == ask.academy_id,
            CertificateEvent.kind == CertificateEventKind.REVOKED,
            CertificateEvent.id > after,
            ask.is_new(WITHDRAWN, CertificateEvent.id, Certificate.person_id),
        )
        .order_by(CertificateEvent.id)
        .limit(AT_ONCE)
    ).all()
    made = []
    for event, row in found:
        told = Told(
            name=f"{ask.name_of_certificate(row.id)}/revoked",
            actor="",
            verb=Verb.REVOKED,
            activity=ask.certificate(row.code, row.number, row.course_title, row.language),
            at=event.at,
            registration=str(row.enrolment_id),
            parents=(ask.course(row.course),),
            grouping=(ask.course(row.course),),
            language=row.language,
            revision=row.course_sha256,
            extensions={Extension.EVENT: event.ground.value if event.ground else "revoked", **ask.marks},
        )
        made.append(Found(event.id, row.person_id, (told,)))
    return made


def _before(session: Session, ask: Ask, ids: list[int]) -> dict[int | None, str]:
    """The addresses of the certificates that others replace."""
    found = session.scalars(
        select(Certificate).where(Certificate.academy_id == ask.academy_id, Certificate.id.in_(ids))
    )
    return {
        each.id: ask.certificate(each.code, each.number, each.course_title, each.language).id
        for each in found
    }
