"""What the tests of corrections share."""

import pytest
from sqlalchemy import select

from pme.assessment.regrades import Scope
from pme.db import Database
from pme.people.models import Academy
from tests.regrade.every_type import (
    BRAVO,
    WRONG,
    answers,
    enrolment_of,
    publish_quiz,
    quiz,
    sit,
    student,
)


@pytest.fixture
def scope(database: Database) -> Scope:
    """Adams and two others have sat a quiz with a question of every type."""
    with database.writing() as session:
        version = publish_quiz(session, quiz(essay=True))
        sit(session, enrolment_of(session, "adams"), version, answers(single=(BRAVO,), many=(), match=()))
        sit(session, student(session, 1), version, answers(many=(), match=()))
        sit(session, student(session, 2), version, WRONG)
        academy = session.scalars(select(Academy.id).where(Academy.slug == "home")).one()
        return Scope(academy, "core", "check", version.version_id)
