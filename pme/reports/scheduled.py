"""Reports that are made by themselves: what is due becomes a job, and the job a letter or a file in a folder.

A letter holds a link that needs signing in, and nothing of the report. A file goes into the folder of its
academy within the installation's export folder, and nowhere else.
"""

import os
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from pme.audit import record
from pme.errors import Invalid
from pme.jobs.registry import Round, Work, handler, periodic
from pme.jobs.service import enqueue
from pme.jobs.tries import is_over_soon
from pme.outbox.service import queue
from pme.people.models import Academy, Membership, Person, Role, Standing
from pme.people.queries import RUNNING
from pme.reports.datasets.filters import from_kept
from pme.reports.datasets.registry import DATASETS
from pme.reports.export import Export, export_from, make, make_in
from pme.reports.files.form import Head
from pme.reports.models import ReportSchedule, ReportView
from pme.reports.rhythm import Covers, Way, next_run, period_before
from pme.stores.home import Away
from pme.words.lazily import lazy
from pme.words.speech import _

KIND = "report-scheduled"
READING = RUNNING | {Role.AUDITOR}
NO_FOLDER = lazy("This installation has no export folder: set PME_EXPORT_DIR, or let it come by e-mail.")
OUTSIDE = lazy(
    "The folder of this academy leads out of the export folder. Whoever runs the platform has to correct "
    "that."
)
NOT_ANY_MORE = lazy("The person who asked for it may no longer see reports of this academy.")


@periodic("due reports", every=timedelta(minutes=5))
def ask_for_due(given: Round) -> None:
    """Make a job of every report that is due; one that was missed is made once."""
    at = given.at()
    with given.database.session() as session:
        due = session.execute(
            select(ReportSchedule.id, ReportSchedule.academy_id).where(ReportSchedule.next_at <= at)
        ).all()
    for schedule_id, academy_id in due:
        with given.database.writing() as session:
            _ask(session, schedule_id, academy_id, at=at)


def _ask(session: Session, schedule_id: int, academy_id: int, *, at: datetime) -> None:
    found = session.execute(
        select(ReportSchedule, ReportView, Academy)
        .join(ReportView, ReportView.id == ReportSchedule.view_id)
        .join(Academy, Academy.id == ReportSchedule.academy_id)
        .where(
            ReportSchedule.id == schedule_id,
            ReportSchedule.academy_id == academy_id,
            ReportView.academy_id == academy_id,
            ReportSchedule.next_at <= at,
        )
        .with_for_update(of=ReportSchedule)
    ).one_or_none()
    if found is None:
        return
    schedule, view, academy = found
    due, schedule.next_at, schedule.last_at = schedule.next_at, next_run(schedule.rhythm, after=at), at
    may_see = holds_role(
        session, READING, person_id=schedule.person_id, academy_id=schedule.academy_id, at=at
    )
    schedule.problem = "" if may_see else NOT_ANY_MORE
    if schedule.problem:
        return
    enqueue(
        session,
        KIND,
        academy_id=academy.id,
        person_id=schedule.person_id,
        payload={"export": _export(schedule, view, academy, at=at).kept(), "schedule": schedule.id},
        at=at,
        key=f"{schedule.id} {due.isoformat()}",
        title=f"{view.name}, {schedule.rhythm}",
    )
    record(
        session,
        "report exported",
        actor=f"person {schedule.person_id}",
        subject=f"report {view.dataset}",
        at=at,
        academy_id=academy.id,
        detail={"form": schedule.form.value, "schedule": schedule.id, "narrowed by": sorted(view.filters)},
    )


def holds_role(
    session: Session, roles: Collection[Role], *, person_id: int, academy_id: int, at: datetime
) -> bool:
    """Whether a person still holds one of these roles at an academy."""
    held = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.academy_id == academy_id,
        Membership.role.in_(roles),
        Membership.standing == Standing.ACTIVE,
        or_(Membership.valid_until.is_(None), Membership.valid_until >= at.date()),
    )
    return session.scalar(held.limit(1)) is not None


def _export(schedule: ReportSchedule, view: ReportView, academy: Academy, *, at: datetime) -> Export:
    filters = from_kept(view.filters)
    if schedule.covers is Covers.BEFORE:
        first, last = period_before(schedule.rhythm, at=at)
        filters = replace(filters, since=first, until=last)
    period = [day.isoformat() if day else "" for day in (filters.since, filters.until)]
    head = Head(
        academy=academy.name,
        academy_slug=academy.slug,
        made_at=at,
        filters=filters.kept(),
        sort=view.sort,
        narrowed=((_("View"), view.name), *_period(period)),
        marking=schedule.marking,
        name=DATASETS[view.dataset].shape.title,
    )
    return Export(view.dataset, schedule.form, filters, view.sort, head)


@handler(KIND)
def run(work: Work) -> None:
    """Make the report, and let it go its way."""
    export = export_from(work.payload["export"])
    with work.database.session() as session:
        found = select(ReportSchedule).where(
            ReportSchedule.id == work.payload["schedule"], ReportSchedule.academy_id == work.academy_id
        )
        schedule = session.scalar(found)
    if schedule is None:  # it was ended meanwhile
        return
    if schedule.way is Way.FOLDER:
        _into_folder(work, export, schedule)
    else:
        make(work, export)
        _write_letter(work, export)


def _into_folder(work: Work, export: Export, schedule: ReportSchedule) -> None:
    try:
        target = folder_of(work.settings.export_dir, export.head.academy_slug) / (
            f"view-{schedule.view_id}-{export.file_name}"
        )
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("w+b") as file:
                make_in(work, export, file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, Invalid) as error:
        says, failure = unwritten(error)
        _note(work, schedule, says)
        raise failure from error
    if schedule.problem:
        _note(work, schedule, "")


def unwritten(error: OSError | Invalid) -> tuple[str, Exception]:
    """What is said of a file that could not go into the export folder, and how its job fails: it waits, and is not
    lost, where that is over soon.
    """
    if isinstance(error, Invalid):
        return error.says, Invalid(error.says)
    says = _("The export folder cannot be written: {strerror}.", strerror=error.strerror)
    return says, Away(error.strerror or says) if is_over_soon(error) else Invalid(says)


def _note(work: Work, schedule: ReportSchedule, problem: str) -> None:
    with work.database.writing() as session:
        session.execute(
            update(ReportSchedule)
            .where(ReportSchedule.id == schedule.id, ReportSchedule.academy_id == work.academy_id)
            .values(problem=problem)
        )


def folder_of(export_dir: Path | None, academy_slug: str) -> Path:
    """The folder of an academy within the export folder. Raises Invalid where there is none, or it leads outside."""
    if export_dir is None:
        raise Invalid(NO_FOLDER)
    folder = export_dir / academy_slug
    folder.mkdir(parents=True, exist_ok=True)
    if folder.resolve() != export_dir.resolve() / academy_slug:
        raise Invalid(OUTSIDE)
    return folder


def _write_letter(work: Work, export: Export) -> None:
    """Tell that it is ready, by a link that needs signing in."""
    with work.writing() as session:
        person = session.get(Person, work.person_id)
        if person is None:  # pragma: no cover  (a person who asked for a job is never deleted)
            return
        queue(
            session,
            academy_id=work.academy_id,
            person_id=person.id,
            to=person.email,
            template="report",
            values={
                "called": f"{person.rank} {person.name}".strip(),
                "report": export.head.name,
                "academy": export.head.academy,
                "days": work.settings.result_days,
                "link": f"{work.settings.public_url}/academy/jobs/{work.job_id}",
            },
            language=None,
            at=work.at(),
            key=f"report {work.job_id}",
        )


def _period(period: list[str]) -> list[tuple[str, str]]:
    if not any(period):
        return []
    return [(_("Period"), _("{first} to {last}", first=period[0], last=period[1]))]
