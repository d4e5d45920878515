"""What is left of a person's jobs when an academy erases them: nothing."""

from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pme.jobs.models import Job
from pme.jobs.results import folder_in


def forget_jobs(session: Session, academy_id: int, person_id: int) -> list[str]:
    """Delete what a person asked for at an academy; gives the files to be deleted once that is committed.

    A run that is under way loses its lease with its row, and keeps nothing.
    """
    own = (Job.academy_id == academy_id, Job.person_id == person_id)
    files = session.scalars(select(Job.result_file).where(*own, Job.result_file.is_not(None))).all()
    session.execute(delete(Job).where(*own))
    return [file for file in files if file]


def delete_files(instance_dir: Path, files: list[str]) -> None:
    """Delete these files; one that is gone already is no harm, and one that stays is tidied away in a day."""
    for file in files:
        (folder_in(instance_dir) / file).unlink(missing_ok=True)
