"""Corrections of questions that very many have answered: looked at, carried out and undone by a job.

What such a job does is what a request does with few attempts. What somebody looks at lies in the file of its job, a
line for each student; its seal goes with the act, so that nothing is done but what was shown (decision 007).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from pme.assessment.corrections import Correction, CorrectionKind
from pme.assessment.levels import Level
from pme.assessment.models_regrade import Regrade
from pme.assessment.regrades import Scope, find_by_seal, find_regrade, finished_in
from pme.content.catalogue import current, pinned
from pme.content.shapes import Quiz
from pme.errors import NotFound
from pme.jobs.models import Job, JobStatus
from pme.jobs.registry import Work, handler
from pme.jobs.results import name_of
from pme.jobs.service import enqueue
from pme.journeys_regrade import apply_correction, undo_correction
from pme.reports.regrade_dry_run import DryRun, Told, try_correction, try_undoing
from pme.reports.regrade_effects import Effect, Line
from pme.stores.home import Missing, Store
from pme.words.lazily import lazy
from pme.words.speech import _

LOOK, ACT = "correction-look", "correction"
KINDS = (LOOK, ACT)
HERE = 200
"""How many finished attempts are marked anew while somebody waits for the page."""
LISTED_FOR = timedelta(hours=1)
"""How long a job that is over stays on the page of its quiz."""
LISTED = 5
APPLIED, UNDONE = "applied", "undone"
"""What the page of a correction is told that a job has done."""
GONE = lazy("This is no longer kept.")


@dataclass(frozen=True)
class Asked:
    """What is to be looked at or done: a correction with its reason, or undoing the one of an id.

    `sent` are the fields of its form, as they were filled in; `seal` is that of what was looked at.
    """

    scope: Scope
    correction: Correction | None = None
    regrade_id: int | None = None
    reason: str = ""
    sent: tuple[tuple[str, str], ...] = ()
    seal: str = ""

    def kept(self) -> dict[str, Any]:
        """It as it is kept with its job."""
        return asdict(self)


@dataclass(frozen=True)
class Look:
    """What a dry run showed that a job made: how many, and some of the students whose result changes."""

    seen: int
    changed: int
    rising: int
    falling: int
    seal: str
    effects: tuple[Effect, ...] = ()


def asked_in(job: Job) -> Asked:
    """What a job of this room was asked for."""
    return _asked(job.payload)


def are_many(session: Session, scope: Scope) -> bool:
    """Whether so many attempts are marked anew that nobody should wait for it."""
    return finished_in(session, scope) > HERE


def ask(session: Session, kind: str, asked: Asked, *, by: int, at: datetime) -> Job:
    """Ask for a look, or for the act; asking for the same again while it is under way is asking once."""
    payload = json.loads(json.dumps(asked.kept()))
    for job in lately(session, asked.scope, by, at=at):
        if not job.is_over and (job.kind, job.payload) == (kind, payload):
            return job
    return enqueue(
        session,
        kind,
        academy_id=asked.scope.academy_id,
        person_id=by,
        payload=payload,
        at=at,
        key=f"{asked.seal} {at:%Y-%m-%dT%H:%M}" if kind == ACT else None,
        title=_title(kind, asked),
    )


def find(session: Session, job_id: int, scope: Scope) -> Job | None:
    """A job about a version of a quiz, or None."""
    found = session.scalar(_jobs(scope).where(Job.id == job_id))
    return found if found is not None and asked_in(found).scope == scope else None


def lately(session: Session, scope: Scope, person_id: int, *, at: datetime) -> Sequence[Job]:
    """What a person asked for about a version of a quiz, under way or just ended, newest first."""
    is_new: ColumnElement[bool] = or_(Job.ended_at.is_(None), Job.ended_at > at - LISTED_FOR)
    own = _jobs(scope).where(Job.person_id == person_id, is_new, Job.put_away_at.is_(None))
    jobs = session.scalars(own.order_by(Job.id.desc())).all()
    return [job for job in jobs if asked_in(job).scope == scope][:LISTED]


def look_of(job: Job, store: Store, *, page: int, size: int) -> Look | None:
    """What a job shows that has looked, with the students of one page; None once it is deleted, after some days."""
    if job.status is not JobStatus.DONE or job.result_file is None:
        return None
    begin = (page - 1) * size
    try:
        lines = list(islice(_lines(store.open(name_of(job.result_file))), begin, begin + size))
    except Missing:
        return None
    return Look(**job.state["look"], effects=tuple(_effect(json.loads(line)) for line in lines))


@handler(LOOK)
def look(work: Work) -> None:
    """Find out what a correction would do, or undoing one; changes nothing."""
    asked = _asked(work.payload)
    with work.database.session() as session:
        total = finished_in(session, asked.scope)
        work.progress(0, total)
        dry = _try(session, asked, told=lambda seen: work.progress(seen, total))
    work.checkpoint(
        look={
            "seen": dry.seen,
            "changed": dry.changed,
            "rising": dry.rising,
            "falling": dry.falling,
            "seal": dry.seal,
        }
    )
    with work.result("look.jsonl", "application/jsonl") as file:  # not words
        file.writelines(json.dumps(asdict(effect)).encode() + b"\n" for effect in dry.effects)


@handler(ACT)
def act(work: Work) -> None:
    """Carry out what somebody looked at, all in one step. Raises Moved, with nothing changed, where that is another.

    Every attempt is marked before that step, while others write; within it, nothing is unless something came in.
    """
    asked, at, by = _asked(work.payload), work.at(), work.person_id or 0
    if "regrade" in work.state:
        return  # a run that was cut short had done it
    total, prepared = 0, None
    with work.database.session() as session:
        if not _is_done(session, asked):
            total = finished_in(session, asked.scope)
            work.progress(0, 2 * total)
            prepared = _try(session, asked, told=lambda seen: work.progress(seen, 2 * total))

    def told(seen: int) -> None:
        work.meanwhile(min(total + seen, 2 * total), 2 * total)

    with work.writing() as session:
        quiz, catalogue = pinned(session, asked.scope.version_id, Quiz).content, current(session)
        if asked.correction is None:
            regrade = _regrade(session, asked)
            undo_correction(
                session, catalogue, regrade, quiz, seal=asked.seal, by=by, at=at, told=told, prepared=prepared
            )
        else:
            regrade = apply_correction(
                session,
                catalogue,
                asked.scope,
                quiz,
                asked.correction,
                reason=asked.reason,
                seal=asked.seal,
                by=by,
                at=at,
                told=told,
                prepared=prepared,
            )
        work.checkpoint(regrade=regrade.id)


def _try(session: Session, asked: Asked, *, told: Told) -> DryRun:
    quiz, catalogue = pinned(session, asked.scope.version_id, Quiz).content, current(session)
    if asked.correction is not None:
        return try_correction(session, catalogue, asked.scope, quiz, asked.correction, told=told)
    return try_undoing(session, catalogue, _regrade(session, asked), quiz, told=told)


def _is_done(session: Session, asked: Asked) -> bool:
    """Whether somebody has done it already."""
    if asked.correction is None:
        return _regrade(session, asked).undone_at is not None
    return find_by_seal(session, asked.scope.academy_id, asked.seal) is not None


def _regrade(session: Session, asked: Asked) -> Regrade:
    found = find_regrade(session, asked.regrade_id or 0, asked.scope.academy_id)
    if found is None:
        raise NotFound(GONE)
    return found


def _jobs(scope: Scope) -> Any:
    return select(Job).where(Job.academy_id == scope.academy_id, Job.kind.in_(KINDS))


def _asked(kept: Mapping[str, Any]) -> Asked:
    correction = kept["correction"]
    return Asked(
        scope=Scope(**kept["scope"]),
        correction=Correction(correction["item"], CorrectionKind(correction["kind"]), correction["detail"])
        if correction
        else None,
        regrade_id=kept["regrade_id"],
        reason=kept["reason"],
        sent=tuple((name, value) for name, value in kept["sent"]),
        seal=kept["seal"],
    )


def _title(kind: str, asked: Asked) -> str:
    is_undoing = asked.correction is None
    if kind == LOOK:
        return (
            _("What undoing a correction would change") if is_undoing else _("What a correction would change")
        )
    return _("Undoing the correction of a question") if is_undoing else _("Correcting a question")


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of a file that comes piece by piece."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole


def _effect(kept: Mapping[str, Any]) -> Effect:
    lines = tuple(
        replace(
            Line(**line), level_before=Level(line["level_before"]), level_after=Level(line["level_after"])
        )
        for line in kept["lines"]
    )
    return Effect(
        **{**kept, "lines": lines, "completes": tuple(kept["completes"]), "rests": tuple(kept["rests"])}
    )
