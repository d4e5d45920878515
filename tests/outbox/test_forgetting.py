"""What an academy erases: the letters and jobs of a person, at this academy alone."""

from sqlalchemy import select

from pme.db import Database
from pme.jobs import service
from pme.jobs.forgetting import forget_jobs
from pme.jobs.models import Job
from pme.outbox.forgetting import forget_letters
from pme.outbox.models import Letter, LetterState
from pme.outbox.service import queue
from tests.support.cast import AWAY, HOME, START
from tests.support.people import academy_id_of, id_of


def test_letters_are_emptied_and_jobs_are_gone_here_and_not_elsewhere(database: Database):
    with database.writing() as session:
        adams = id_of(session, "adams")
        for slug in (HOME, AWAY):
            academy_id = academy_id_of(session, slug)
            values = {"called": "Adams", "academy": slug, "link": "https://x", "until": START}
            queue(
                session,
                academy_id=academy_id,
                person_id=adams,
                to="adams@home.example",
                template="invitation",
                values=values,
                language="en",
                at=START,
                key="one",
            )
            job = service.enqueue(
                session, "test", academy_id=academy_id, person_id=adams, payload={}, at=START
            )
            job.result_file = slug
        session.flush()
        home = academy_id_of(session, HOME)
        assert forget_jobs(session, home, adams) == [HOME]
        assert forget_letters(session, home, adams) == 1
    with database.session() as session:
        gone, kept = session.scalars(select(Letter).order_by(Letter.id))
        assert (gone.address, gone.body, gone.secrets, gone.person_id) == ("", "", {}, None)
        assert gone.state is LetterState.LATE
        assert kept.state is LetterState.WAITING
        assert "invites you" in kept.body
        assert [job.result_file for job in session.scalars(select(Job))] == [AWAY]
