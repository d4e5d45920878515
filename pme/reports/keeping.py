"""Figures that take long are worked out by a job: when somebody asks, and by themselves when they are out of date."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt
from pme.content import catalogue
from pme.jobs.registry import Round, Work, handler, periodic
from pme.people.models import Academy
from pme.reports import kept, quality_kept
from pme.reports.datasets.filters import Filters, from_kept
from pme.reports.datasets.query import Ask
from pme.reports.datasets.read import Reading
from pme.reports.datasets.registry import DATASETS
from pme.reports.datasets.taken import basis_of
from pme.reports.kept import Basis, Standing, Subject
from pme.reports.models_kept import KeptFigures

NIGHTLY = timedelta(hours=20)
"""How old figures are before they are worked out anew by themselves, where anything came."""
AT_LEAST = timedelta(days=7)
"""The same, whether anything came or not."""
FORGOTTEN = timedelta(days=7)
"""How long figures are kept that somebody narrowed. Those of editions that are large no more go, too."""


@handler(kept.KIND)
def run(work: Work) -> None:
    """Work figures out from one snapshot, and keep them."""
    subject = Subject(work.academy_id or 0, work.payload["name"], work.payload["asked"])
    keep(work, subject)


def keep(work: Work, subject: Subject) -> None:
    """Work figures out in the course of any job."""
    with work.writing() as session:  # from now on it is told what changes, whatever is read when
        kept.hold(session, subject, at=work.at())
    as_of = work.at()
    with work.database.for_reports().session() as session:
        row = kept.find(session, subject)
        changes = (
            row.changes if row else -1
        )  # a replica may not have it yet: then the figures are taken as changed
        figures, basis = worked_out(session, subject, at=as_of, told=work.progress)
    with work.writing() as session:
        kept.set_down(session, subject, figures, basis, changes=changes, as_of=as_of)


def worked_out(
    session: Session, subject: Subject, *, at: datetime, told: Callable[[int, int], None]
) -> tuple[Any, Basis]:
    """The figures of a subject, and what they rest on."""
    edition = quality_kept.edition_of(subject)
    if edition is not None:
        told(0, 1)
        return quality_kept.worked_out(session, edition)
    dataset, filters = DATASETS[subject.name], from_kept(subject.asked)
    ask = Ask(subject.academy_id, filters, at, catalogue.current(session), told)
    lines = dataset.lines(session, ask) if dataset.lines else []
    return [list(line) for line in lines], basis_of(session, ask, dataset.tasks)


def see_to(work: Work, dataset: str, filters: Filters) -> None:
    """Work out what a report needs and nobody has worked out yet."""
    with work.database.for_reports().session() as session:
        reading = Reading(session, DATASETS[dataset], work.academy_id or 0, filters, at=work.at())
        standing = reading.standing
    if standing is not None and not standing.is_there:
        keep(work, standing.subject)


@periodic("figures of reports", every=timedelta(hours=1))
def ask_for_stale(given: Round) -> None:
    """Ask for every report whose figures are out of date since yesterday, or that were never worked out."""
    at = given.at()
    with given.database.session() as session:
        academies = session.scalars(select(Academy.id).order_by(Academy.id)).all()
    for academy_id in academies:
        database = given.database.seeing(str(academy_id))
        with database.session() as session:
            due = _due(session, academy_id, at=at)
        with database.writing() as session:
            _forget(session, academy_id, at=at)
            for subject in due:
                title = f"Figures of {_title(subject)}"  # not words
                kept.ask(session, subject, title=title, person_id=None, at=at)


def _title(subject: Subject) -> str:
    known = DATASETS.get(subject.name)
    return str(known.shape.title) if known else f"{subject.name}: {subject.asked['slug']}"


def _due(session: Session, academy_id: int, *, at: datetime) -> Sequence[Subject]:
    found = [*_of_reports(session, academy_id, at=at), *quality_kept.large(session, academy_id)]
    return [each.subject for each in found if _is_due(each, at=at)]


def _of_reports(session: Session, academy_id: int, *, at: datetime) -> Sequence[Standing]:
    least = min(each.at_most for each in DATASETS.values() if each.at_most is not None)
    some = select(Attempt.id).where(Attempt.academy_id == academy_id, Attempt.number == 1).limit(least + 1)
    if (session.scalar(select(func.count()).select_from(some.subquery())) or 0) <= least:
        return []
    every = (Reading(session, dataset, academy_id, at=at).standing for dataset in DATASETS.values())
    return [each for each in every if each is not None]


def _is_due(standing: Standing, *, at: datetime) -> bool:
    if standing.is_under_way:
        return False
    age = at - standing.as_of if standing.as_of else AT_LEAST
    return age >= AT_LEAST or (standing.is_stale and age >= NIGHTLY) or standing.is_changed


def _forget(session: Session, academy_id: int, *, at: datetime) -> None:
    of_editions = and_(
        KeptFigures.name.in_(quality_kept.NAMES.values()), KeptFigures.asked_at < at - 2 * AT_LEAST
    )
    narrowed = and_(
        KeptFigures.name.in_(DATASETS),
        KeptFigures.asked_at < at - FORGOTTEN,
        KeptFigures.narrowed != Subject(academy_id, "", {}).narrowed,
    )
    mine = KeptFigures.academy_id == academy_id
    session.execute(delete(KeptFigures).where(mine, or_(of_editions, narrowed)))
