"""What the worker does about personal data, once a day, at every academy."""

from datetime import timedelta

from sqlalchemy import select

from pme.jobs.registry import Round, periodic
from pme.people.models import Academy
from pme.privacy.due import propose
from pme.privacy.letting_go import let_go


@periodic("keep personal data no longer", every=timedelta(days=1))
def keep_no_longer(given: Round) -> None:
    """Propose whom the rules say to forget, and let go of what stayed of those who were."""
    with given.database.session() as session:
        academies = session.scalars(select(Academy.id)).all()
    for academy_id in academies:
        with given.database.writing() as session:
            propose(session, academy_id, at=given.at())
            let_go(session, academy_id, at=given.at())
