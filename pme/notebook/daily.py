"""What the worker does about notebooks, once a day: what people deleted is gone for good after a day."""

from sqlalchemy import select

from pme.jobs.registry import Round, periodic
from pme.notebook.service import STAYS, forget_deleted
from pme.people.models import Academy


@periodic("deleted notes", every=STAYS)
def forget(given: Round) -> None:
    """Take away what was deleted a day ago or earlier, at every academy."""
    with given.database.session() as session:
        academies = session.scalars(select(Academy.id)).all()
    for academy_id in academies:
        with given.database.writing() as session:
            forget_deleted(session, academy_id, at=given.at())
