"""Whether anybody works on what was asked for in the background."""

from datetime import timedelta

from pme.jobs.models import Job, JobStatus
from pme.jobs.queries import worker_is_missed
from pme.web.session import db_session
from pme.web.signin import now

PATIENCE = timedelta(minutes=1)
"""How long a job waits before somebody is told that nobody works."""


def nobody_works_on(job: Job) -> bool:
    """Whether a job has waited for a while and no worker has been seen."""
    waits_long = job.status is JobStatus.WAITING and now() - job.not_before > PATIENCE
    return waits_long and worker_is_missed(db_session(), at=now())
