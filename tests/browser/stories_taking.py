"""The story of files to take along behind the album: not made, waited for, failed, and there."""

from datetime import timedelta

from sqlalchemy import select

from pme.db import Database
from pme.jobs.models import Job, JobStatus
from pme.offprints.forms import OF_COURSE, OF_MODULE
from pme.offprints.models import Offprint
from pme.stores.chosen import store_of
from pme.stores.home import Store
from tests.browser.album import Album
from tests.support.cast import START
from tests.support.client import Visit
from tests.support.student import BASICS, COURSE

PLACES = {"/take/core": COURSE, "/take/core/basics": f"{BASICS}/"}


def taken_along(album: Album, adams: Visit, database: Database) -> None:
    """Adams looks at the files of a course and of a module in each state."""
    store = store_of(adams.http.application.extensions["pme_settings"])
    for place, page in PLACES.items():
        album.take(adams.get(place), "before they are asked for")
        adams.send(place)
        album.take(adams.get(place), "waiting")
        with database.writing() as session:
            files = session.scalars(select(Offprint).order_by(Offprint.id.desc()).limit(1)).one()
            job = session.scalars(select(Job).where(Job.id == files.job_id)).one()
            job.status, job.done, job.total, job.lease = JobStatus.RUNNING, 2, 6, "x"
            job.leased_until = START + timedelta(days=900)
        album.take(adams.get(place), "under way")
        with database.writing() as session:
            job = session.scalars(select(Job).where(Job.id == files.job_id)).one()
            job.status, job.failure, job.lease = (
                JobStatus.FAILED,
                "The printer stopped. Try again in a minute.",
                None,
            )
        album.take(adams.get(place), "when it failed")
        _make(database, store, files.id)
        album.take(adams.get(place), "when they are there")
        album.take(adams.get(page), "with files to take along")


def _make(database: Database, store: Store, number: int) -> None:
    with database.writing() as session:
        files = session.scalars(select(Offprint).where(Offprint.id == number)).one()
        for form in OF_MODULE if files.module else OF_COURSE:
            store.put_once(files.stored_as(form), b"a file")
            files.files = files.files | {form.value: {"size": 151_204, "sha256": "0" * 64}}
        files.made_at, files.problem = START, "The PDF could not be made." if files.module else ""
