"""The stories of what the platform does by itself behind the album: jobs, letters, reminders."""

from datetime import timedelta

from sqlalchemy import select

from pme.db import Database
from pme.jobs import service
from pme.jobs.models import JobStatus
from pme.outbox.models import Letter, LetterState
from pme.outbox.service import queue
from tests.browser.album import Album
from tests.support.cast import START
from tests.support.client import Visit
from tests.support.people import academy_id_of, id_of
from tests.support.work import run_jobs

FIGURES: dict[JobStatus, dict[str, object]] = {
    JobStatus.WAITING: {},
    JobStatus.RUNNING: {"lease": "x", "leased_until": START, "done": 42, "total": 100, "tries": 1},
    JobStatus.DONE: {
        "ended_at": START,
        "result_name": "completions.csv",
        "result_type": "text/csv",
        "result_file": "none",
        "result_size": 1200,
        "result_sha256": "0" * 64,
        "result_expires_at": START,
    },
    JobStatus.FAILED: {"ended_at": START, "failure": "The view was deleted. Choose another."},
    JobStatus.CANCELLED: {"ended_at": START},
}
TOLD = {
    "printed": 118,
    "unprinted": 2,
    "problems": [
        {"number": "HOME-2026-000007", "says": "The certificate has more words than fit on its pages."}
    ],
}
"""What a job tells that put the certificates of a cohort together."""


def worked(album: Album, irving: Visit, lund: Visit, database: Database) -> None:
    """Irving's jobs stand in every state, letters wait or were given up, and reminders are arranged."""
    album.walk(irving, ("/academy/jobs", "/academy/letters", "/academy/reminders"), "nothing yet")
    jobs, letters = _made(database)
    pages = ("/academy", "/academy/jobs", *(f"/academy/jobs/{number}" for number in jobs))
    album.walk(irving, pages, "in every state", dead_ends=False)
    lists = ("/academy/letters", "/academy/letters?state=failed")
    album.walk(irving, (*lists, *(f"/academy/letters/{number}" for number in letters)), "some")
    album.take(lund.get("/install/work"), "without a worker")
    checked = album.take(lund.get("/install/status"), "without a backup").press("Run the full check")
    album.take(checked, "a full check that waits")
    run_jobs(album.app, raises=False)  # those above have nothing to work on
    album.take(lund.get(checked.path), "a full check that is done")
    album.take(lund.get("/install/status"), "with a full check")
    album.take(irving.get("/academy/reminders").press("Save", quiet_from="25", due_days=""), "no hour")


def _made(database: Database) -> tuple[list[int], list[int]]:
    jobs, letters = [], []
    with database.writing() as session:
        academy_id, irving = academy_id_of(session), id_of(session, "irving")
        about = {"academy_id": academy_id, "person_id": irving, "at": START}
        for status, figures in FIGURES.items():
            job = service.enqueue(session, "report-export", payload={}, **about)  # type: ignore[arg-type]
            job.status = status
            for name, value in figures.items():
                setattr(job, name, value)
            jobs.append(job.id)
        bundle = service.enqueue(session, "cohort-certificates", payload={}, **about)  # type: ignore[arg-type]
        bundle.state, bundle.status = TOLD, JobStatus.DONE
        for name, value in FIGURES[JobStatus.DONE].items():
            setattr(bundle, name, value)
        jobs.append(bundle.id)
        for key, state in (("a", LetterState.WAITING), ("b", LetterState.FAILED)):
            values = {"called": "Captain Adams", "academy": "Home Academy", "link": "/", "until": START}
            queue(
                session,
                academy_id=academy_id,
                person_id=None,
                to="adams@home.example",
                template="invitation",
                values=values,
                language="fr" if key == "b" else "en",
                at=START + timedelta(days=1),
                key=key,
            )
            letter = session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()
            letter.problem = "The mail server does not take this address: 550 unknown"
            letter.state = state
            letters.append(letter.id)
    return jobs, letters
